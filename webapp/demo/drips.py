"""The demo's five campaigns as they are written down: what each says, to which list, and since when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from webapp.campaigns.building import starters
from webapp.campaigns.rules import Rules
from webapp.campaigns.steps import Step
from webapp.demo import team
from webapp.models.constants import CampaignKind, LeadStatus
from webapp.rules.zones import zone_info

_HI = 'Hi {{ first_name | default("there") }}, '
_I_AM = _HI + 'it\'s {{ my_name | default("the team") }} at {{ business_name }}. '
_DAY = 24 * 60
_LAUNCHED_AT = time(10, 5)

#: Whoever the clean draft is for; the tag is what its list asks for.
OLD_INQUIRY = "old inquiry"


@dataclass(frozen=True, slots=True)
class ListPlan:
    """A saved list of the manager's, shared with everybody."""

    name: str
    conditions: tuple[dict[str, Any], ...]

    @property
    def filter(self) -> dict[str, Any]:
        """As ``leads.filters.parse`` takes it."""
        return {"conditions": list(self.conditions)}


def silent_list(campaign_id: int) -> ListPlan:
    """Whoever got all texts of a campaign and never answered: for a campaign that a newcomer makes."""
    return ListPlan("Silent buyers", ({"field": "campaign", "op": "completed", "value": str(campaign_id)},))


@dataclass(frozen=True, slots=True)
class Drip:
    """A campaign of the manager's. ``days_ago``: on which day it was launched; None for a draft.

    ``pace_per_hour``: so many leads began in an hour.
    """

    name: str
    audience: ListPlan
    steps: tuple[Step, ...]
    days_ago: int | None = None
    kind: CampaignKind = CampaignKind.DRIP
    rules: Rules = field(default_factory=Rules)
    pace_per_hour: int | None = None
    takes_joiners: bool = False

    @property
    def signed_by(self) -> str:
        """Who stands in for a colleague where a lead has none: whose campaign it is."""
        return team.MANAGER.name

    def launched_at(self, now: datetime) -> datetime:
        """A morning in the agency's zone."""
        assert self.days_ago is not None, "a draft was not launched"
        zone = zone_info(team.TIMEZONE)
        day = now.astimezone(zone).date() - timedelta(days=self.days_ago)
        return datetime.combine(day, _LAUNCHED_AT, zone)


def _steps(name: str, *texts: tuple[int, str | None, bool, str]) -> tuple[Step, ...]:
    """Delay in days, time of day, weekdays only, and words of each."""
    return tuple(
        Step(f"{name}-{number}", days * _DAY, body, at_local=at, weekdays_only=weekdays)
        for number, (days, at, weekdays, body) in enumerate(texts, 1)
    )


def _of_starter(key: str) -> tuple[tuple[Step, ...], Rules]:
    starter = starters.find(key)
    assert starter is not None, f"there is no starter {key}"
    texts = enumerate(starter.texts, 1)
    return tuple(
        Step(f"{key}-{number}", text.after, text.body, at_local=text.at, weekdays_only=text.weekdays_only)
        for number, text in texts
    ), starter.rules


def _list(name: str, *conditions: tuple[str, str, object]) -> ListPlan:
    return ListPlan(name, tuple({"field": about, "op": op, "value": value} for about, op, value in conditions))


FINISHED = Drip(
    "Buyers, five weeks",
    _list("Buyers", ("tags", "has_any", ["buyer"])),
    _steps(
        "buyers",
        (0, "10:35", True, _I_AM + "You asked about homes in {{ custom.city | default('the area') }}. Still looking?"),
        (4, "11:05", True, "Just making sure my text reached you. What would you like to know first?"),
        (4, "15:05", True, "Some new ones came up this week. Should I send you pictures?"),
        (4, "10:35", True, "Rates moved a little. I can tell you what that means for a home in your range."),
        (4, "16:05", True, "There is an open house this weekend, no need to sign up. Shall I send you the address?"),
        (4, "11:05", True, "The market slowed down, and sellers are talking. Worth another look?"),
        (4, "15:05", True, "Are you still looking, or should I put your search on hold? Either is fine."),
        (4, "10:35", True, "I'll leave it here. Write whenever you like, and I'll take it up again."),
    ),
    days_ago=56,
    rules=Rules(exit_tags=("client",)),
)

#: What carriers read as a loan or cash offer, and filter.
FILTERED = Drip(
    "Home value offer",
    _list("Sellers", ("tags", "has_any", ["seller"])),
    _steps(
        "offer",
        (0, None, False, _I_AM + "FREE cash offer for your home, no obligation! Act now, it ends this week!!!"),
        (2, "11:05", True, "Did you see my offer? I can still hold it for you until Friday."),
    ),
    days_ago=1,
    pace_per_hour=60,
)

_ENQUIRY_STEPS, _ENQUIRY_RULES = _of_starter("new-enquiry")
RUNNING = Drip(
    "New enquiries",
    _list(
        "New enquiries, 7 days",
        ("created_at", "within", 7),
        ("source", "is", ["web form", "web_form", "portal"]),
    ),
    _ENQUIRY_STEPS,
    days_ago=3,
    rules=_ENQUIRY_RULES,
    takes_joiners=True,
)

#: The checklist blocks it: carriers block a link shortener that anybody can use.
BROKEN = Drip(
    "Open house on Juniper Street",
    _list("Open house visitors", ("tags", "has_any", ["open house"])),
    _steps(
        "juniper",
        (0, None, False, _I_AM + "Thanks for visiting Juniper Street! What did you think of it?"),
        (1, "11:05", False, "The floor plan is here: bit.ly/juniper-18. Would you like to see it again?"),
    ),
    rules=Rules(one_campaign_at_a_time="both"),
)

CLEAN = Drip(
    "Old inquiries, checking in",
    _list("Old inquiries", ("tags", "has_any", [OLD_INQUIRY])),
    _steps(
        "old",
        (0, None, False, _I_AM + "We spoke a while ago. Are you still thinking of moving?"),
        (3, "11:05", True, "Things have changed since we spoke. Shall I send you what is new?"),
        (7, "15:05", True, "Is this still of interest? If not, just tell me, and I'll close it."),
    ),
    rules=Rules(exit_tags=("client",), exit_statuses=(LeadStatus.CLIENT, LeadStatus.LOST)),
)

#: In the order in which they were made.
ALL = (FINISHED, FILTERED, RUNNING, BROKEN, CLEAN)
