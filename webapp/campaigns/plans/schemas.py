"""What the dry run's door takes and gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from webapp.campaigns.joining.elsewhere import Choice
from webapp.campaigns.plans.planned import Planned, Preview
from webapp.campaigns.plans.preview import Reading
from webapp.campaigns.plans.pricing import Price
from webapp.campaigns.steering.launches import Overlap
from webapp.web.fields import Answer, OptionalBody, OutId, OutInstant
from webapp.web.paging import Cursor, Page, encode_cursor


class PreviewIn(OptionalBody):
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


class PriceOut(Answer):
    """US dollars: the texts with carrier fees, and so many active users of Twilio Conversations that the plan adds."""

    texts: float
    users: int
    users_cost: float
    total: float


class OverlapOut(Answer):
    """So many of the leads are on their way through another campaign, too. `becomes`: what that means for them here:
    they are left out (`skip`), begin once that has ended (`wait`), are taken out there (`move`), or are in `both`."""

    campaign_id: OutId
    name: str
    becomes: Choice
    leads: int


class Plan(Page[PlannedOut]):
    """A page of the plan, lead by lead."""


class PreviewOut(Answer):
    """`excluded`: leads that get nothing, by reason; also those who were to be enrolled and could not be. `skipped`:
    single steps left out, `holds`: texts that wait first, each by reason."""

    totals: TotalsOut
    excluded: dict[str, int]
    skipped: dict[str, int]
    holds: dict[str, int]
    price: PriceOut
    overlaps: list[OverlapOut]
    plan: Plan


def preview_out(found: Preview, following: Reading | None, price: Price, others: Sequence[Overlap]) -> PreviewOut:
    """The dry run as the API shows it. ``following``: where its next page begins."""
    return PreviewOut(
        totals=TotalsOut.model_validate(found),
        excluded=dict(found.excluded),
        skipped=dict(found.skipped),
        holds=dict(found.holds),
        price=PriceOut.model_validate(price),
        overlaps=[OverlapOut.model_validate(other) for other in others],
        plan=Plan(
            items=[_planned(text) for text in found.plan],
            next_cursor=None if following is None else encode_cursor(following.after, following.plan_id),
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
