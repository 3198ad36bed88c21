"""What an account changes of the hours that laws set, and its own hours: a value that the settings keep as JSON."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property, lru_cache
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator

from webapp.rules.laws import ACCOUNT, is_jurisdiction
from webapp.rules.schedule import Window

Hours = tuple[str, str] | None
"""When texts may go on a weekday, as in ("08:00", "21:00"); None is a day without texts."""
WeekHours = tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]
"""From Monday to Sunday."""


class ClosedDay(BaseModel):
    """A date ("2026-12-24") without texts, and what it is called."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    day: str
    name: str = Field(min_length=1, max_length=60)

    @field_validator("day")
    @classmethod
    def _is_date(cls, value: str) -> str:
        return date.fromisoformat(value).isoformat()


class Change(BaseModel):
    """What an account changes of one law; None leaves it as the law has it.

    `holidays` keeps or drops the days of the law; where the law has none, True means the federal holidays. `killed`
    stops every text there until it is lifted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    enforced: bool | None = None
    week: WeekHours | None = None
    holidays: bool | None = None
    closed_days: tuple[ClosedDay, ...] = Field(default=(), max_length=200)
    killed: bool = False
    killed_because: str = Field(default="", max_length=200)

    @field_validator("week")
    @classmethod
    def _hours_are_windows(cls, week: WeekHours | None) -> WeekHours | None:
        for hours in week or ():
            if hours:
                Window.between(*hours)
        return week


NO_CHANGE = Change()


class HoursPolicy(BaseModel):
    """An account's hours: a change for each law that it does not take as it is, and its own hours as "account".

    Frozen and cheap to compare, so that what is computed for one can be kept. Raises ValueError (as pydantic's
    ValidationError) for an unknown jurisdiction and for hours that are no hours.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    changes: Mapping[str, Change] = Field(default_factory=dict)

    @field_validator("changes")
    @classmethod
    def _of_known_laws(cls, changes: Mapping[str, Change]) -> Mapping[str, Change]:
        unknown = [name for name in changes if name != ACCOUNT and not is_jurisdiction(name)]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is no state, province or federal rule")
        return {name: change for name, change in sorted(changes.items()) if change != NO_CHANGE}

    @cached_property
    def _key(self) -> str:
        return self.model_dump_json()

    @cached_property
    def _hash(self) -> int:
        return hash(self._key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, HoursPolicy) and self._key == other._key)

    def change_of(self, jurisdiction: str) -> Change:
        """What is changed of a law, or of the account's own hours."""
        return self.changes.get(jurisdiction, NO_CHANGE)

    def changed(self, jurisdiction: str, change: Change) -> Self:
        """The same policy with one change instead of what was there."""
        return type(self)(changes={**self.changes, jurisdiction: change})

    def with_account_hours(self, opens: str, closes: str) -> "HoursPolicy":
        """The policy with these hours every day as the account's own, unless it has hours by weekday."""
        return _with_account_hours(self, opens, closes)

    @cached_property
    def kills(self) -> tuple[str, ...]:
        """Every jurisdiction whose texts are stopped; "account" means all of them."""
        return tuple(name for name, change in self.changes.items() if change.killed)


@lru_cache(maxsize=64)
def _with_account_hours(policy: HoursPolicy, opens: str, closes: str) -> HoursPolicy:
    own = policy.change_of(ACCOUNT)
    if own.week is not None:
        return policy
    return policy.changed(ACCOUNT, own.model_copy(update={"week": ((opens, closes),) * 7}))
