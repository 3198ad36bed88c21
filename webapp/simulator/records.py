"""What the simulator remembers. Every record is flat and JSON-ready: the journal writes its `__dict__` as it stands.

`seq` is the order of creation over all records; lists are paged by it. Instants are business time.
"""

import uuid
from dataclasses import dataclass, field

# An out-of-range default seq: `Store.save` gives the next one.
UNNUMBERED = -1


def new_sid(prefix: str) -> str:
    """A Twilio SID: two letters and 32 hex digits."""
    return prefix + uuid.uuid4().hex


@dataclass(kw_only=True)
class Record:
    sid: str
    created: float
    updated: float
    seq: int = UNNUMBERED


@dataclass(kw_only=True)
class Service(Record):
    friendly_name: str
    creator_role_sid: str = field(default_factory=lambda: new_sid("RL"))
    member_role_sid: str = field(default_factory=lambda: new_sid("RL"))
    user_role_sid: str = field(default_factory=lambda: new_sid("RL"))
    reachability_enabled: bool = False
    post_webhook_url: str | None = None
    filters: list[str] = field(default_factory=list)
    method: str = "POST"


@dataclass(kw_only=True)
class Account(Record):
    """Account-wide configuration; there is one, under the account's SID."""

    default_service_sid: str
    default_messaging_service_sid: str
    default_inactive_timer: str | None = None
    default_closed_timer: str | None = None
    post_webhook_url: str | None = None
    filters: list[str] = field(default_factory=list)
    method: str = "POST"
    target: str = "webhook"


@dataclass(kw_only=True)
class MessagingService(Record):
    friendly_name: str
    numbers: list[str] = field(default_factory=list)
    inbound_method: str = "POST"
    fallback_url: str | None = None
    fallback_method: str = "POST"
    status_callback: str | None = None
    sticky_sender: bool = True
    mms_converter: bool = True
    smart_encoding: bool = True
    scan_message_content: str = "inherit"
    fallback_to_long_code: bool = True
    area_code_geomatch: bool = True
    synchronous_validation: bool = False
    validity_period: int = 36000
    usecase: str = "undeclared"
    use_inbound_webhook_on_number: bool = False


@dataclass(kw_only=True)
class AddressConfiguration(Record):
    type: str
    address: str
    friendly_name: str | None = None
    address_country: str | None = None
    enabled: bool = False
    creation_type: str = "default"
    service_sid: str | None = None
    webhook_url: str | None = None
    webhook_method: str = "post"
    webhook_filters: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Conversation(Record):
    service_sid: str
    messaging_service_sid: str
    friendly_name: str | None = None
    unique_name: str | None = None
    attributes: str = "{}"
    state: str = "active"
    inactive_after: str | None = None
    closed_after: str | None = None
    created_by: str = "system"
    next_index: int = 0
    message_count: int = 0
    last_activity: float = 0.0


@dataclass(kw_only=True)
class Participant(Record):
    conversation_sid: str
    identity: str | None = None
    address: str | None = None
    proxy: str | None = None
    attributes: str = "{}"
    role_sid: str
    last_read_index: int | None = None
    last_read_at: str | None = None


@dataclass(kw_only=True)
class Message(Record):
    conversation_sid: str
    index: int
    author: str
    body: str | None = None
    media_sids: list[str] = field(default_factory=list)
    attributes: str = "{}"
    participant_sid: str | None = None
    edited: bool = False


@dataclass(kw_only=True)
class Receipt(Record):
    """`status` is None while the text is still inside Twilio."""

    conversation_sid: str
    message_sid: str
    participant_sid: str
    channel_sid: str
    status: str | None = None
    error_code: int = 0


@dataclass(kw_only=True)
class ScopedWebhook(Record):
    conversation_sid: str
    target: str
    url: str | None = None
    method: str = "get"
    filters: list[str] = field(default_factory=list)
    triggers: list[str] = field(default_factory=list)
    flow_sid: str | None = None
    replay_after: int | None = None


@dataclass(kw_only=True)
class Media(Record):
    service_sid: str
    content_type: str
    size: int
    filename: str | None = None
    author: str | None = None
    conversation_sid: str | None = None
    message_sid: str | None = None


@dataclass(kw_only=True)
class Text(Record):
    """One SMS or MMS as the carrier sees it (`SM..`, `MM..`): the classic Message resource and what a handset holds.

    `fate` is settled when the carrier takes the text: "delivered" or the code it will fail with.
    `arrival` orders the texts on their handset; None: not there (yet).
    `conversation_sid` and `receipt_sid` are None for Twilio's own replies.
    `deleted` takes it out of Twilio's log, not off the handset.
    """

    direction: str
    sender: str
    recipient: str
    body: str
    media_sids: list[str] = field(default_factory=list)
    messaging_service_sid: str | None = None
    status: str
    segments: int
    fate: str = "delivered"
    waits_for_phone: bool = False
    arrival: int | None = None
    received_at: float | None = None
    conversation_sid: str | None = None
    receipt_sid: str | None = None
    deleted: bool = False


@dataclass(kw_only=True)
class OptOut(Record):
    """`sid` is the pair (phone, scope) that `optouts.key` writes."""

    phone: str


@dataclass(kw_only=True)
class Phone(Record):
    """A handset; `sid` is its E.164 number. The switches are those of its page; `persona`: "" where none is chosen."""

    off: bool = False
    filtered: bool = False
    slow: bool = False
    replies_get_lost: bool = False
    persona: str = ""


KINDS: dict[str, type[Record]] = {
    kind.__name__: kind
    for kind in (
        Service, Account, MessagingService, AddressConfiguration, Conversation, Participant, Message, Receipt,
        ScopedWebhook, Media, Text, OptOut, Phone,
    )
}  # fmt: skip
