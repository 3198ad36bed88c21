"""What the dry run's door takes and gives."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from webapp.campaigns.preview import Planned, Preview
from webapp.web.fields import Answer, Body, OutId, OutInstant
from webapp.web.paging import Cursor, Page, encode_cursor


class PreviewIn(Body):
    """Which page of the plan."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 50
    cursor: Cursor | None = None


class PlannedOut(Answer):
    """One text of the plan. `hold_reason`: what it will have waited for."""

    lead_id: OutId
    step_key: str
    send_at: OutInstant
    hold_reason: str | None
    body: str
    segments: int
    cost: float


class TotalsOut(Answer):
    """Of the whole plan. `days` counts texts by UTC date."""

    leads: int
    texted: int
    texts: int
    segments: int
    cost: float
    first_at: OutInstant | None
    last_at: OutInstant | None
    days: dict[str, int]


class Plan(Page[PlannedOut]):
    """A page of the plan, lead by lead."""


class PreviewOut(Answer):
    """`excluded`: leads that get nothing, by reason. `skipped`: single steps left out, by reason."""

    totals: TotalsOut
    excluded: dict[str, int]
    skipped: dict[str, int]
    plan: Plan


def preview_out(found: Preview) -> PreviewOut:
    """The dry run as the API shows it."""
    return PreviewOut(
        totals=TotalsOut.model_validate(found),
        excluded=dict(found.excluded),
        skipped=dict(found.skipped),
        plan=Plan(
            items=[_planned(text) for text in found.plan],
            next_cursor=None if found.more_after is None else encode_cursor(found.more_after),
        ),
    )


def _planned(text: Planned) -> PlannedOut:
    return PlannedOut(
        lead_id=text.lead_id,
        step_key=text.foreseen.step_key,
        send_at=text.foreseen.send_at,
        hold_reason=text.foreseen.hold_reason,
        body=text.foreseen.body,
        segments=text.foreseen.segments,
        cost=float(text.cost),
    )
