"""What the carrier room hands to the rooms above it: plain values, all times aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CarrierSettings:
    """What a client needs. ``timeout`` is the seconds one call may take; ``pool_size`` the calls at once.

    ``api_base_url`` replaces every Twilio host (design section 4); ``None`` means Twilio itself.
    """

    account_sid: str
    auth_token: str
    conversations_service_sid: str
    messaging_service_sid: str
    api_base_url: str | None = None
    timeout: float = 10.0
    pool_size: int = 64

    def __repr__(self) -> str:
        """Without the token: settings end up in tracebacks and logs."""
        return f"CarrierSettings(account_sid={self.account_sid!r}, api_base_url={self.api_base_url!r})"


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation at the carrier, with the participant that stands for the contact's phone."""

    conversation_sid: str
    participant_sid: str | None


@dataclass(frozen=True, slots=True)
class PairThread:
    """A conversation at the carrier that holds a pair of numbers, or held it until it was closed."""

    conversation_sid: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """The two numbers of a thread, E.164: the contact's ``address`` and our ``sender``."""

    address: str
    sender: str


@dataclass(frozen=True, slots=True)
class Marker:
    """What our texts carry in ``Attributes``, so that a send can be recognised when it is read back."""

    key: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """The carrier took a text. ``index`` and ``created_at`` are ``None`` where the answer lacked them."""

    sid: str
    index: int | None
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class MediaItem:
    """A picture or file of a text; ``size`` in bytes, 0 where unknown."""

    sid: str
    content_type: str
    filename: str | None
    size: int


@dataclass(frozen=True, slots=True)
class MediaContent:
    """A fetched picture or file."""

    content: bytes
    content_type: str
    filename: str | None


@dataclass(frozen=True, slots=True)
class CarrierMessage:
    """A text as it stands in the carrier's copy of a thread.

    ``index`` orders texts within a thread; it may skip numbers, so a gap proves nothing.
    """

    sid: str
    index: int
    author: str
    body: str
    marker: Marker | None
    created_at: datetime
    media: tuple[MediaItem, ...]
    from_contact: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """How far a text got. ``status`` is ``""`` while it is still inside Twilio; ``channel_sid`` is the SM or MM."""

    sid: str
    message_sid: str
    channel_sid: str | None
    status: str
    error_code: int | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClassicMessage:
    """A row of Twilio's classic message log, which lists every text whatever thread it belongs to."""

    sid: str
    direction: str
    from_: str
    to: str
    body: str
    sent_at: datetime | None
    num_media: int
    num_segments: int
    status: str
    error_code: int | None


@dataclass(frozen=True, slots=True)
class ConversationInfo:
    """A conversation of our service; ``state`` is initializing, inactive, active or closed."""

    sid: str
    unique_name: str | None
    created_at: datetime
    state: str
    messaging_service_sid: str | None


@dataclass(frozen=True, slots=True)
class SetupCheck:
    """One line of ``leadline doctor``: what was looked at, what was found, and what to mend when not ``ok``."""

    name: str
    ok: bool
    found: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class SetupReport:
    """All checks; ``validity_seconds`` is how long Twilio may hold a text back before it drops it."""

    checks: tuple[SetupCheck, ...]
    validity_seconds: int | None

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)


@dataclass(frozen=True, slots=True)
class CampaignState:
    """An A2P campaign in the carrier's words: ``status`` IN_PROGRESS, VERIFIED, FAILED, …; ``brand_status`` PENDING,
    APPROVED, FAILED, …, empty where it cannot be read; ``campaign_id`` is The Campaign Registry's."""

    sid: str
    use_case: str
    status: str
    campaign_id: str
    errors: tuple[str, ...]
    brand_sid: str
    brand_status: str


@dataclass(frozen=True, slots=True)
class RegistrationState:
    """The campaigns of our messaging service, and the numbers that it sends from (E.164)."""

    campaigns: tuple[CampaignState, ...]
    numbers: tuple[str, ...]
