"""What conditions compare with: the values that a person or program gives, read strictly and bound as parameters."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from webapp.accounts.actors import Actor
from webapp.leads import statuses
from webapp.leads.places import state_code, zone_key
from webapp.web.fields import ID_REGEX

Value: TypeAlias = str | bool | int | float | list[str] | None

_MOST_WORDS, _LONGEST = 50, 200
_MOST_DAYS = 3650
_EXACT = 2**53
_FIRST_YEAR, _LAST_YEAR = 1970, 2199


@dataclass
class Values:
    """Collects a query's values under names of their own: ``values(5, "int")`` is ``%(f0)s::int``."""

    prefix: str = "f"
    params: dict[str, object] = field(default_factory=dict)

    def __call__(self, value: object, sql_type: str) -> str:
        """The place of a value in SQL, cast to ``sql_type``, which is written in code."""
        name = f"{self.prefix}{len(self.params)}"
        self.params[name] = value
        return f"%({name})s::{sql_type}"


@dataclass(kw_only=True)
class Bound(Values):
    """The values of a filter. ``actor`` is who asks, ``now`` business time."""

    actor: Actor
    now: datetime

    def days_ago(self, days: int) -> str:
        """The instant so many days before now, in SQL."""
        return self(self.now - timedelta(days=days), "timestamptz")

    def midnight(self, day: str) -> str:
        """When a day begins where the actor is, in SQL."""
        return self(datetime.combine(date.fromisoformat(day), time(), ZoneInfo(self.actor.timezone)), "timestamptz")


class Takes(NamedTuple):
    """What an operator needs: ``kind`` says how a page asks for it, ``read`` gives it in its one shape or raises
    ValueError with the fix."""

    kind: str
    read: Callable[[object], Value]


@dataclass(frozen=True, slots=True)
class Op:
    """Something that can be asked of a field: in words, what it needs, and its SQL for a value that ``takes`` read."""

    words: str
    takes: Takes
    sql: Callable[[Bound, Any], str]


def _nothing(value: object) -> None:
    if value is not None:
        raise ValueError("leave the value out.")


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("give some text.")
    return value.strip()


def _words(value: object) -> list[str]:
    given = [value] if isinstance(value, str) else value
    words = [word.strip() for word in given if isinstance(word, str)] if isinstance(given, list) else []
    words = [word for word in dict.fromkeys(words) if word]
    if not words:
        raise ValueError("give at least one value.")
    if len(words) > _MOST_WORDS or any(len(word) > _LONGEST for word in words):
        raise ValueError(f"give {_MOST_WORDS} values or fewer, each of at most {_LONGEST} characters.")
    return words


def _id(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(ID_REGEX, value):
        raise ValueError("give an id, as text.")
    return value


def _owners(value: object) -> list[str]:
    owners = _words(value)
    if not all(owner in {"me", "nobody"} or re.fullmatch(ID_REGEX, owner) for owner in owners):
        raise ValueError("give ids of people, me, or nobody.")
    return owners


def _area_codes(value: object) -> list[str]:
    codes = _words(value)
    if not all(re.fullmatch("[2-9][0-9]{2}", code) for code in codes):
        raise ValueError("give area codes of three digits, like 512.")
    return codes


def _states(value: object) -> list[str]:
    codes = [state_code(word) for word in _words(value)]
    if None in codes:
        raise ValueError("give US states or Canadian provinces, like TX or Texas.")
    return [code for code in dict.fromkeys(codes) if code]


def _zones(value: object) -> list[str]:
    keys = [zone_key(word) for word in _words(value)]
    if None in keys:
        raise ValueError("give time zones, like America/Chicago or Central.")
    return [key for key in dict.fromkeys(keys) if key]


def _statuses(value: object) -> list[str]:
    found = [statuses.find(word) for word in _words(value)]
    if None in found:
        raise ValueError(f"there is no such status. {statuses.USE_ONE}")
    return [str(status) for status in dict.fromkeys(found) if status]


def _number(value: object) -> int | float:
    number = float(value) if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", value) else value
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise ValueError("give a number.")  # noqa: TRY004 (a refusal, as all others here)
    if not math.isfinite(number) or abs(number) > _EXACT:
        raise ValueError("this number is too large.")
    return int(number) if float(number).is_integer() else number


def _whole(most: int, what: str) -> Callable[[object], int]:
    def read(value: object) -> int:
        number = int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value) else value
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= most:
            raise ValueError(f"give a whole number of {what}, from 1 to {most:,}.")
        return number

    return read


def _day(value: object) -> str:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        day = None
    if day is None or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError("give a day, like 2026-12-01.")
    return day.isoformat()


def _scalar(value: object) -> str:
    """What a field of one's own holds, as text: a number and its digits are the same."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(_number(value)) if isinstance(value, int | float) else _text(value)


NOTHING = Takes("nothing", _nothing)
TEXT = Takes("text", _text)
WORDS = Takes("words", _words)
SCALAR = Takes("text", _scalar)
NUMBER = Takes("number", _number)
COUNT = Takes("count", _whole(1_000_000, "texts"))
DAYS = Takes("days", _whole(_MOST_DAYS, "days"))
DAY = Takes("day", _day)
ID = Takes("id", _id)
OWNERS = Takes("owners", _owners)
STATES = Takes("words", _states)
ZONES = Takes("words", _zones)
AREA_CODES = Takes("words", _area_codes)
STATUSES = Takes("choices", _statuses)
