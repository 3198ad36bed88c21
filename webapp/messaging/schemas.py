"""What the messages API takes and gives."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from webapp.carrier.segments import LONGEST_BODY
from webapp.leads.schemas import ConsentIn
from webapp.models.constants import Direction, Origin, Status
from webapp.web.fields import Answer, Body, InId, InInstant, OutId, OutInstant, Text
from webapp.web.paging import Page, PageQuery

ConversationWord = Literal["waiting", "open", "snoozed", "done"]


class ConversationQuery(PageQuery):
    """`state=open` includes those that wait; `q` finds names, tags, e-mail addresses and phones in any format."""

    owner: Literal["mine", "unassigned", "all"] = "all"
    state: Literal["waiting", "open", "snoozed", "done", "all"] = "all"
    q: Text = Field(default="", max_length=200)


class ConversationOut(Answer):
    """The thread of one person with one of our senders. It waits while the person spoke last and nobody has replied."""

    id: OutId
    lead_id: OutId | None
    phone: str
    sender: str
    assigned_to: OutId | None
    state: ConversationWord
    unread: int
    last_message_at: OutInstant
    last_body: str
    last_direction: Direction


class Conversations(Page[ConversationOut]):
    """Conversations in which something was said, newest first."""


class MessageQuery(PageQuery):
    """Name either a conversation or a lead. `after` is the id of a message: only later ones come."""

    conversation_id: InId | None = None
    lead_id: InId | None = None
    after: InId | None = None


class MediaOut(Answer):
    """A picture or file that came with a text; `size` in bytes, 0 until it was fetched."""

    id: OutId
    content_type: str
    filename: str | None
    size: int


class MessageOut(Answer):
    """A text. `cost` is our estimate in US dollars; `hold_until` is set while it is held."""

    id: OutId
    conversation_id: OutId
    lead_id: OutId | None
    direction: Direction
    body: str
    media: list[MediaOut]
    status: Status
    reason: str | None
    hold_until: OutInstant | None
    origin: Origin
    segments: int
    cost: float | None
    error_code: int | None
    twilio_sid: str | None
    client_key: str | None
    campaign_id: OutId | None
    step_key: str | None
    created_at: OutInstant
    sent_at: OutInstant | None
    delivered_at: OutInstant | None


class Messages(Page[MessageOut]):
    """Messages, oldest first."""


class MessageIn(Body):
    """A text to send, either to a lead or to a number.

    Give either `body` or `template_id`. Both may hold merge fields, like `{{ first_name | default("there") }}`. The
    same `client_key` again gives the same message and sends nothing. `automatic` texts need consent and keep to quiet
    hours like a campaign's.
    """

    lead_id: InId | None = None
    to: Text | None = Field(default=None, max_length=100)
    body: Text | None = Field(default=None, min_length=1, max_length=LONGEST_BODY)
    template_id: InId | None = None
    client_key: Text | None = Field(default=None, min_length=1, max_length=200)
    send_at: InInstant | None = None
    automatic: bool = False
    consent: ConsentIn | None = None


class DecisionOut(Answer):
    """One entry of the ledger: what was decided about a text, when, by which rule, in a sentence for a person.

    `inputs` is what the rule looked at. `dispatch_until`: sending ends here, so that a text which the carrier keeps for
    a while still arrives inside the hours.
    """

    at: OutInstant
    stage: str
    outcome: Literal["allow", "hold", "refuse"]
    reason: str | None
    rule: str
    rule_version: str
    sentence: str
    inputs: dict[str, Any]
    dispatch_until: OutInstant | None


class Explanation(Answer):
    """Every decision about a text, in order."""

    decisions: list[DecisionOut]
