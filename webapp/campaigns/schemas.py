"""A campaign as the API takes and gives it. Its rules and steps are in ``rule_schemas`` and ``step_schemas``."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field

from webapp.campaigns.rule_schemas import RulesIn, RulesOut
from webapp.campaigns.steps import Version
from webapp.campaigns.store import Campaign
from webapp.models.constants import CampaignKind, CampaignStatus
from webapp.web.fields import Answer, Body, InId, OutId, OutInstant, Text
from webapp.web.paging import Page, PageQuery


def _named(name: str) -> str:
    if not name.strip():
        raise ValueError("Give it a name.")
    return name.strip()


_Name: TypeAlias = Annotated[Text, Field(min_length=1, max_length=100), AfterValidator(_named)]


class CampaignIn(Body):
    """A new campaign: a draft without steps."""

    name: _Name
    kind: Literal["drip", "broadcast"] = "drip"
    stop_on_reply: bool = True
    rules: RulesIn = RulesIn()


class CampaignPatch(Body):
    """What is given is changed. New rules go into the draft, and hold once it is published. With `takes_joiners`
    whoever joins the list `saved_list_id` from now on is enrolled by itself."""

    name: _Name = ""
    stop_on_reply: bool = True
    rules: RulesIn = RulesIn()
    saved_list_id: InId | None = None
    takes_joiners: bool = False
    pace_per_hour: int | None = Field(default=None, ge=1, le=100_000)


class CampaignOut(Answer):
    """A campaign. `version` counts its published wordings; `has_draft`: there are changes not yet published."""

    id: OutId
    name: str
    kind: CampaignKind
    status: CampaignStatus
    stop_on_reply: bool
    rules: RulesOut
    saved_list_id: OutId | None
    takes_joiners: bool
    pace_per_hour: int | None
    version: int
    has_draft: bool
    created_at: OutInstant
    launched_at: OutInstant | None


class CampaignQuery(PageQuery):
    """`status` shows only those; without it all but archived ones."""

    status: Literal["draft", "running", "paused", "finished", "archived"] | None = None


class Campaigns(Page[CampaignOut]):
    """A page of campaigns, newest first."""


def out_of(campaign: Campaign, version: Version) -> CampaignOut:
    """The campaign as the API shows it, with the rules of ``version``."""
    rules = version.rules
    return CampaignOut(
        id=campaign.id,
        name=campaign.name,
        kind=campaign.kind,
        status=campaign.status,
        stop_on_reply=rules.stop_on_reply,
        rules=RulesOut.model_validate(rules),
        saved_list_id=campaign.saved_list_id,
        takes_joiners=campaign.takes_joiners,
        pace_per_hour=campaign.pace_per_hour,
        version=version.number,
        has_draft=campaign.draft_id is not None,
        created_at=campaign.created_at,
        launched_at=campaign.launched_at,
    )
