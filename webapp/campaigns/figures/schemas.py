"""What the door of a campaign's figures gives."""

from __future__ import annotations

from webapp.campaigns.plans.comparing import Compared
from webapp.campaigns.plans.totals import Totals
from webapp.models.constants import PlanStatus
from webapp.web.fields import Answer, OutInstant


class StepFigures(Answer):
    """`queued` to `filtered` count texts; `filtered` are those of `failed` that carriers refused for what they say.
    `waiting`: leads whose next step it is, `held` those of them whom something holds up; `skipped`: leads past it
    without a text; `replied`, `opted_out`: leads who did so after its text."""

    step_key: str
    waiting: int
    held: int
    queued: int
    sent: int
    delivered: int
    failed: int
    filtered: int
    skipped: int
    replied: int
    opted_out: int


class SumOut(Answer):
    """So many texts, their segments, and US dollars."""

    texts: int
    segments: int
    cost: float


class PlannedDay(Answer):
    """A day in the account's zone: what was to go on it, and what went."""

    day: str
    planned: SumOut
    came: SumOut


class PlannedStep(Answer):
    """A step of the launch: texts planned in all, those of them until now, texts sent; and why leads have none of it.
    `foreseen` of those were left out of the plan already."""

    step_key: str
    planned: int
    by_now: int
    sent: int
    foreseen: int
    why: dict[str, int]


class PlanOut(Answer):
    """What the launch foresaw, beside what came of the leads that were in it then; `joined` were put in later.

    Counted in the background: `done` of `leads` while `status` is `counting`. `edited`: the steps have changed since.
    """

    status: PlanStatus
    at: OutInstant
    timezone: str
    leads: int
    done: int
    planned: SumOut
    came: SumOut
    excluded: dict[str, int]
    skipped: dict[str, int]
    joined: int
    edited: bool
    days: list[PlannedDay]
    steps: list[PlannedStep]


def plan_out(found: Compared) -> PlanOut:
    """The plan of a launch as the API shows it."""
    plan = found.plan or Totals()
    return PlanOut(
        status=found.status,
        at=found.at,
        timezone=found.zone,
        leads=found.leads,
        done=found.done,
        planned=SumOut.model_validate(found.planned),
        came=SumOut.model_validate(found.came),
        excluded=dict(plan.excluded),
        skipped=dict(plan.skipped),
        joined=found.joined,
        edited=found.edited,
        days=[PlannedDay.model_validate(day) for day in found.days],
        steps=[PlannedStep.model_validate(step) for step in found.steps],
    )


class StatsOut(Answer):
    """Leads by where they stand, and each step's figures. `replied` and `opted_out` count leads by what they have done,
    wherever they stand now; `left_out` those for whom it was stopped otherwise; `late` those whose step waits for a
    person to say whether it still goes."""

    enrolled: int
    active: int
    completed: int
    stopped: int
    paused: int
    failed: int
    stopped_by_reason: dict[str, int]
    replied: int
    opted_out: int
    left_out: int
    late: int
    steps: list[StepFigures]
    plan: PlanOut | None = None
