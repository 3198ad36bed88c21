"""A plan as it is collected: its totals, who is left out, and one page of texts, lead by lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol, Self

from webapp.campaigns.plans.foreseeing import Came, Foreseen, LeftOut
from webapp.campaigns.plans.totals import Totals
from webapp.carrier import prices

#: Of each reason so many leads are named.
NAMED = 30


@dataclass(frozen=True, slots=True)
class Planned:
    """One text of the plan."""

    enrollment_id: int
    lead_id: int
    foreseen: Foreseen
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Named:
    """A lead that is left out, or misses a step, and why."""

    lead_id: int
    sentence: str


@dataclass
class Preview(Totals):
    """The totals of the whole plan, and one page of it, lead by lead.

    ``named``: the first leads of each reason of ``excluded`` and ``skipped``. ``more_after``: the enrollment after
    which the next page begins. ``apart``: so many leads that a pace and the caps on volume were left aside.
    """

    named: dict[str, list[Named]] = field(default_factory=dict)
    plan: list[Planned] = field(default_factory=list)
    more_after: int | None = None
    apart: bool = False

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {
            **super().stored(),
            "named": {reason: [[one.lead_id, one.sentence] for one in named] for reason, named in self.named.items()},
            "plan": [_stored(text) for text in self.plan],
            "more_after": self.more_after,
            "apart": self.apart,
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """What ``stored`` gave."""
        found = super().of(stored)
        found.named = {reason: [Named(*one) for one in named] for reason, named in stored["named"].items()}
        found.plan = [_planned(*text) for text in stored["plan"]]
        found.more_after, found.apart = stored["more_after"], stored["apart"]
        return found


def _stored(text: Planned) -> list[object]:
    one = text.foreseen
    said = (one.step_key, one.send_at.isoformat(), one.hold_reason, one.body, one.segments)
    return [text.enrollment_id, text.lead_id, *said]


def _planned(
    enrollment_id: int, lead_id: int, step_key: str, at: str, hold_reason: str | None, body: str, segments: int
) -> Planned:
    foreseen = Foreseen(step_key, datetime.fromisoformat(at), hold_reason, body, segments)
    return Planned(enrollment_id, lead_id, foreseen, prices.estimate(segments))


class Who(Protocol):
    """Whose way it is."""

    @property
    def id(self) -> int:
        """Of the enrollment."""

    @property
    def lead_id(self) -> int: ...


@dataclass(slots=True)
class Collecting:
    """What comes of each lead, into the totals; and with its words, as far as the page goes."""

    found: Preview
    after: int
    limit: int

    def close(self, who: Who, came: Sequence[Came]) -> None:
        """A lead's way is known to its end."""
        self.add(who, came)
        self.show(who, came)

    def add(self, who: Who, came: Sequence[Came]) -> None:
        """Into the totals."""
        found, months, missed = self.found, set(), []
        for one in came:
            if isinstance(one, LeftOut):
                missed.append(one)
            else:
                found.add(one.send_at, one.step_key, one.segments, one.hold_reason)
                months.add((one.send_at.year, one.send_at.month))
        found.close([f"{year}-{month:02}" for year, month in months], [one.reason for one in missed])
        for one in missed:
            name(found, one.reason, Named(who.lead_id, one.sentence))

    def show_all(self, leads: Sequence[tuple[Who, Sequence[Came]]], *, more_after: int | None) -> None:
        """All leads of a page, and after which enrollment there are others."""
        for who, came in sorted(leads, key=lambda one: one[0].id):
            self.show(who, came)
        self.found.more_after = self.found.more_after or more_after

    def show(self, who: Who, came: Sequence[Came]) -> None:
        """Into the page, while it is not full. In the order of enrollments."""
        texts, plan = [one for one in came if isinstance(one, Foreseen)], self.found.plan
        if who.id <= self.after or not texts or self.found.more_after is not None:
            return
        if not self.limit:
            return
        if len(plan) < self.limit:
            plan.extend(Planned(who.id, who.lead_id, one, prices.estimate(one.segments)) for one in texts)
        else:
            self.found.more_after = plan[-1].enrollment_id


def name(found: Preview, reason: str, one: Named) -> None:
    """At most one entry a lead."""
    named = found.named.setdefault(reason, [])
    if len(named) < NAMED and one.lead_id not in {other.lead_id for other in named[-1:]}:
        named.append(one)
