"""What the calls that launch, pause, resume and tick take and give."""

from __future__ import annotations

from pydantic import Field

from webapp.campaigns.schemas import CampaignOut
from webapp.web.fields import Answer, OptionalBody


class LaunchIn(OptionalBody):
    """`confirm`: how many leads it goes to, which a large launch must name. `canary`: the first 25, then a person."""

    confirm: int | None = Field(default=None, ge=0, le=2**31 - 1)
    canary: bool = False


class LaunchOut(Answer):
    campaign: CampaignOut
    started: int


class PauseOut(Answer):
    """`taken_back`: leads whose queued text does not go. `on_the_wire`: texts that the carrier has been given."""

    campaign: CampaignOut
    taken_back: int
    on_the_wire: int


class RanOut(Answer):
    claimed: int
    queued: int
    held: int
    skipped: int
    finished: int
