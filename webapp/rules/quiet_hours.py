"""When a text may go: inside every rule's window, in every zone its reader may be in.

Windows are half-open, [open, close), in local wall time: at the closing minute itself no text goes any more.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from webapp.rules import hours_wording
from webapp.rules.hours_wording import Reason
from webapp.rules.open_spans import HORIZON_DAYS, Run, run_at
from webapp.rules.policy import HoursPolicy
from webapp.rules.policy_rules import schedule_for
from webapp.rules.postal_codes import postal_area
from webapp.rules.schedule import Schedule
from webapp.rules.zones import Candidates, area_of, candidates_in


class HoursVerdict(NamedTuple):
    """Whether a text may go at `at`; if so until when, if not from when, in UTC.

    Both times are None where the other applies; `next_allowed_at` too when everything there is stopped or a year
    brings no opening, and `open_until` when a week brings no closing.
    """

    allowed: bool
    next_allowed_at: datetime | None
    open_until: datetime | None
    at: datetime
    plan: "Plan"

    @property
    def place(self) -> Candidates:
        """Where the person may be."""
        return self.plan.place

    @property
    def schedule(self) -> Schedule:
        """The rules that were asked."""
        return self.plan.schedule

    @property
    def rules(self) -> list[str]:
        """The rules that were asked, each with its version, as in "FL@2026-11-22"."""
        return list(self.plan.rules)

    @property
    def killed(self) -> bool:
        """Whether texts there are stopped until a person lifts it."""
        return bool(self.plan.schedule.killed)

    @property
    def reasons(self) -> list[Reason]:
        """Every rule and zone that keeps the text back; empty when it may go."""
        return [] if self.allowed else hours_wording.reasons(self.at, self.place, self.schedule)

    def dispatch_until(self, guard: timedelta) -> datetime | None:
        """When handing texts to the carrier must end, so that one that waits there for `guard` still leaves in time."""
        return self.open_until - guard if self.open_until else None

    def held_sentence(self, until: datetime | None = None) -> str:
        """Until when and why, as in "Held until 12:00 Sunday in Dallas: in Texas Sunday opens at noon."

        `until`: where that is another time than the next opening.
        """
        return self.plan.held_sentence(self.at, until or self.next_allowed_at)

    def open_sentence(self) -> str:
        """Until when it may go and why, as in "May go until 20:00 Wednesday in Miami: in Florida texts may go …"."""
        return hours_wording.going(self.at, self.open_until, self.place, self.schedule)


def judge(
    phone: str, state: str | None, postal_code: str | None, timezone: str | None, policy: HoursPolicy, at: datetime
) -> HoursVerdict:
    """Whether a text to `phone` (E.164) may go at `at` (aware), by every law that may reach its holder and by `policy`.

    What is known of the place is as for `zones.candidates`. Raises ValueError for a time without a zone. Takes about a
    microsecond for a place it has seen, so that a campaign can be judged as a whole.
    """
    return judge_in(area_of(phone), state, postal_area(postal_code), timezone, policy, at)


def judge_in(
    area: str, state: str | None, postal: str, timezone: str | None, policy: HoursPolicy, at: datetime
) -> HoursVerdict:
    """`judge` by `zones.area_of` the number and `postal_codes.postal_area` of the postal code: they tell all of it that
    matters, so that what is found for one number can be kept for its neighbours."""
    return _plan(area, state, postal, timezone, policy).verdict(at)


def check(at: datetime, place: Candidates, schedule: Schedule) -> HoursVerdict:
    """Whether a text may go at `at` (aware) to someone who may be in any zone of `place` (at least one).

    Raises ValueError for a time without a zone and for no zones: nothing is allowed by forgetting either.
    """
    return Plan(place, schedule).verdict(at)


def next_dispatch(verdict: HoursVerdict, guard: timedelta) -> datetime | None:
    """The first instant from `verdict.at` on at which a text may be handed to a carrier that may keep it for `guard`.

    None where a year brings none: all is stopped, or no opening is longer than `guard`.
    """
    return verdict.plan.next_dispatch(verdict.at, guard)


class Plan:
    """Where a person may be and the rules there.

    Remembers its last answers: a batch asks at one instant, and between two changes the answer is the same.
    """

    __slots__ = ("_dispatch", "_held", "_run", "place", "rules", "schedule")

    def __init__(self, place: Candidates, schedule: Schedule) -> None:
        if not place.zones:
            raise ValueError("Quiet hours need at least one zone.")
        self.place, self.schedule = place, schedule
        self.rules = tuple(f"{rule.id}@{rule.version}" for rule in schedule.rules)
        self._run: tuple[Run, datetime | None] | None = None
        self._dispatch: tuple[tuple[datetime, timedelta], datetime | None] | None = None
        self._held: tuple[tuple[datetime, datetime | None], str] | None = None

    def verdict(self, at: datetime) -> HoursVerdict:
        """The verdict at `at`. Raises ValueError for a time without a zone."""
        if at.tzinfo is None:
            raise ValueError("Quiet hours need an aware time.")
        second = at.timestamp()
        known = self._run
        if known is None or not known[0].since <= second < known[0].until:
            known = self._run = self._look(second)
        (is_open, _, _, _), change = known
        return HoursVerdict(is_open, None if is_open else change, change if is_open else None, at, self)

    def next_dispatch(self, at: datetime, guard: timedelta) -> datetime | None:
        """As the function of that name."""
        known = self._dispatch
        if known is None or known[0] != (at, guard):
            known = self._dispatch = (at, guard), self._find_dispatch(at, guard)
        return known[1]

    def held_sentence(self, at: datetime, until: datetime | None) -> str:
        """As `HoursVerdict.held_sentence`."""
        known = self._held
        if known is None or known[0] != (at, until):
            known = self._held = (at, until), hours_wording.held(at, until, self.place, self.schedule)
        return known[1]

    def _look(self, second: float) -> tuple[Run, datetime | None]:
        if self.schedule.killed:
            return Run(False, 0, 2**63, None), None
        run = run_at(second, self.place.zones, self.schedule)
        return run, None if run.change is None else datetime.fromtimestamp(run.change, UTC)

    def _find_dispatch(self, at: datetime, guard: timedelta) -> datetime | None:
        """Goes from change to change until an opening is long enough."""
        horizon = at + timedelta(days=HORIZON_DAYS)
        while at < horizon:
            run, change = self._look(at.timestamp())
            if run.open and (change is None or at < change - guard):
                return at
            if change is None:
                return None
            at = change
        return None


@lru_cache(maxsize=65_536)
def _plan(area: str, state: str | None, postal: str, timezone: str | None, policy: HoursPolicy) -> Plan:
    place = candidates_in(area, state, timezone, postal)
    return Plan(place, schedule_for(policy, place.states, place.countries))
