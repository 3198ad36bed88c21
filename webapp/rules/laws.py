"""The hours that laws set, as dated and sourced data: one entry a jurisdiction, the strictest plausible reading."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast

from webapp.rules.ban_days import WEEKDAYS, BanDay, Calendar
from webapp.rules.places import NAMES
from webapp.rules.schedule import Week, Window

ACCOUNT: Final = "account"
FEDERAL: Final = "federal"
CANADA: Final = "canada"
_NOT_LISTED: Final = "2026-11-22"

Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Law:
    """When texts may go in one jurisdiction; `id` is a state's or province's code, "federal" or "canada".

    `version` is the date of the reading, and what decisions cite. `enforced` is the default, `lifts` what the law
    itself exempts (ignored by default), `cap_24h` how many solicitations a person may get in any 24 hours.
    """

    id: str
    name: str
    version: str
    week: Week
    calendar: Calendar | None
    enforced: bool
    confidence: Confidence | None
    basis: str
    source: str
    lifts: str | None = None
    note: str | None = None
    cap_24h: int | None = None
    cap_scope: str | None = None


def law_of(jurisdiction: str) -> Law:
    """The law of a state, "federal" or "canada"; one that is not enforced, with federal hours, where none is listed.

    Raises KeyError for what is no jurisdiction.
    """
    listed = LAWS.get(jurisdiction)
    if listed:
        return listed
    return Law(
        id=jurisdiction,
        name=NAMES[jurisdiction].name,
        version=_NOT_LISTED,
        week=LAWS[FEDERAL].week,
        calendar=None,
        enforced=False,
        confidence=None,
        basis="No hours of its own were found: the federal hours hold.",
        source="",
    )


def is_jurisdiction(name: str) -> bool:
    """Whether `law_of` knows it."""
    return name in LAWS or name in NAMES


def _load() -> dict[str, Law]:
    table = json.loads((Path(__file__).parent / "data" / "state_rules.json").read_text("utf-8"))
    return {entry["id"]: _law(entry) for entry in table["laws"]}


def _law(entry: dict[str, Any]) -> Law:
    plain = {key: value for key, value in entry.items() if key not in ("week", "holidays")}
    holidays = entry.get("holidays")
    calendar = holidays and Calendar(tuple(map(BanDay.of, holidays["days"])), holidays["federal"])
    return Law(**plain, week=_week(entry["week"]), calendar=calendar)


def _week(spans: dict[str, list[str] | None]) -> Week:
    """A week from entries such as {"mon-fri": ["09:00", "18:00"], "sat-sun": null}."""
    days: dict[int, Window | None] = {}
    for span, hours in spans.items():
        first, _, last = span.partition("-")
        for day in range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1):
            days[day] = Window.between(*hours) if hours else None
    return cast("Week", tuple(days[day] for day in range(7)))


LAWS: Final = _load()
