"""Campaigns to begin with. Each is lawful as it is.

Every first text says who writes, and the engine adds how to stop; there is no link, no promise and no pressure, and
at least half a day lies between two texts. Times of day lie within every state's sending hours.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from webapp.campaigns.rules import Rules, Window
from webapp.campaigns.steps import Step, new_key
from webapp.models.constants import CampaignKind, LeadStatus

_HALF_DAY = 12 * 60
_DAY = 2 * _HALF_DAY
_WEEK = 7 * _DAY
_HI = 'Hi {{ first_name | default("there") }}, '
# Nobody signs for a lead whom nobody has: a field without a value would keep the text back.
_I_AM = _HI + 'it\'s {{ my_name | default("the team") }} at {{ business_name }}. '
#: Nobody is to be asked any more whether they are interested.
_SETTLED = (LeadStatus.CLIENT, LeadStatus.LOST)


@dataclass(frozen=True, slots=True)
class Text:
    """A step of a starter: its body, how long after the one before (minutes), and a time of day where the lead is."""

    body: str
    after: int = 0
    at: str | None = None
    weekdays_only: bool = False


@dataclass(frozen=True, slots=True)
class Starter:
    """``key`` names it in addresses; ``about`` says in one sentence whom it is for."""

    key: str
    name: str
    about: str
    texts: tuple[Text, ...]
    kind: CampaignKind = CampaignKind.DRIP
    rules: Rules = field(default_factory=Rules)

    def steps(self) -> list[Step]:
        """Its steps, each with a key of its own."""
        return [
            Step(new_key(), text.after, text.body, at_local=text.at, weekdays_only=text.weekdays_only)
            for text in self.texts
        ]


STARTERS = (
    Starter(
        "new-enquiry",
        "New enquiry",
        "Answers somebody who has just asked, and stays in touch for a week.",
        (
            Text(_I_AM + "Thanks for reaching out! When is a good time to talk?"),
            Text("Still happy to help. Would you rather talk today, or by text?", _HALF_DAY, "10:05"),
            Text("What matters most to you: the area, the price or the timing? I can look for it.", 2 * _DAY, "15:05"),
            Text("I'll leave it here for now. Write whenever you like, and I'll take it up again.", 4 * _DAY, "11:05"),
        ),
        rules=Rules(reentry_days=90, exit_tags=("client",), exit_statuses=_SETTLED),
    ),
    Starter(
        "open-house",
        "Open house",
        "Thanks visitors the same day, and asks two days later.",
        (
            Text(_I_AM + "Thanks for stopping by our open house! What did you think of it?", 60),
            Text("Would you like to see it again, or something like it? I know of a few more.", 3 * _HALF_DAY, "11:05"),
            Text("Any questions left about the home you saw? I'm glad to find out.", 4 * _DAY, "15:05"),
        ),
        rules=Rules(reentry_days=30, window=Window(opens="10:00", closes="19:00")),
    ),
    Starter(
        "old-leads",
        "Old leads",
        "Asks people you have not spoken with for long, in no hurry.",
        (
            Text(
                _I_AM + "We spoke a while ago. Are you still thinking of moving?",
                at="10:35",
                weekdays_only=True,
            ),
            Text("Things have changed since we spoke. Shall I send you what is new?", _WEEK, "11:05", True),
            Text("Is this still of interest? If not, just tell me, and I'll close it.", 2 * _WEEK, "15:05", True),
        ),
        rules=Rules(exit_tags=("client",), exit_statuses=_SETTLED, touch_gap_hours=72),
    ),
    Starter(
        "new-listing",
        "New listing",
        "Tells people once of a home that may suit them.",
        (
            Text(
                _I_AM + "A home has come up that may suit you. Shall I send you the details?",
                at="10:35",
                weekdays_only=True,
            ),
        ),
        kind=CampaignKind.BROADCAST,
        rules=Rules(one_campaign_at_a_time="both"),
    ),
    Starter(
        "appointment-reminder",
        "Appointment reminder",
        "Confirms an appointment when somebody is put in, and asks the next morning whether it stands.",
        (
            Text(_I_AM + "Your appointment is noted. Text me here if anything changes."),
            Text("Looking forward to seeing you. Does the time still work for you?", _HALF_DAY, "09:35"),
        ),
        rules=Rules(reentry_days=0, one_campaign_at_a_time="both"),
    ),
)


def find(key: str) -> Starter | None:
    """The starter with this key, if any."""
    return next((starter for starter in STARTERS if starter.key == key), None)
