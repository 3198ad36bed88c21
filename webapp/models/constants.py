"""Every stored word, once, and the named groups that code asks about."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    REP = "rep"
    MANAGER = "manager"
    ADMIN = "admin"


class LeadStatus(StrEnum):
    """How far the team is with a lead. People set it; texts do not."""

    NEW = "new"
    CONTACTED = "contacted"
    INTERESTED = "interested"
    APPOINTMENT = "appointment"
    CLIENT = "client"
    LOST = "lost"


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Status(StrEnum):
    """A message's states (design section 3). ``received`` is every inbound text's only one."""

    RECEIVED = "received"
    HELD = "held"
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    UNCONFIRMED = "unconfirmed"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    REFUSED = "refused"
    CANCELED = "canceled"


#: A STOP, or a person, can still take these back: nothing of them is on the wire.
CANCELABLE = frozenset({Status.HELD, Status.QUEUED, Status.CLAIMED})
#: Later texts of the same conversation wait behind these.
IN_FLIGHT = frozenset({Status.QUEUED, Status.CLAIMED, Status.SENDING, Status.UNCONFIRMED})
#: The carrier has them.
ACCEPTED = frozenset({Status.SENT, Status.DELIVERED, Status.UNDELIVERED, Status.FAILED})
FINAL = frozenset({Status.DELIVERED, Status.UNDELIVERED, Status.FAILED, Status.REFUSED, Status.CANCELED})


class Origin(StrEnum):
    """Who wrote a text."""

    CONTACT = "contact"
    MANUAL = "manual"
    API = "api"
    CAMPAIGN = "campaign"
    CONFIRMATION = "confirmation"
    """The one permitted answer to STOP, START or HELP: exempt from suppression and hours."""
    OPT_IN = "opt_in"
    """Asks somebody who filled in the opt-in page to confirm: the one text that may go before consent holds."""


class ConversationState(StrEnum):
    OPEN = "open"
    SNOOZED = "snoozed"
    DONE = "done"


class Reason(StrEnum):
    """Why a text was held or refused: the API's ``reason``. Add to it; never change one."""

    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"
    QUIET_HOURS = "quiet_hours"
    CAP = "cap"
    LANE = "lane"
    INVALID_NUMBER = "invalid_number"
    NOT_MOBILE = "not_mobile"
    DNC = "dnc"
    REHEARSAL = "rehearsal"
    PAUSED = "paused"
    UNRESOLVED_FIELD = "unresolved_field"
    HEALTH = "health"
    BUDGET = "budget"
    REGISTRATION = "registration"
    SCHEDULED = "scheduled"
    SIMULATED = "simulated"
    """A lead made under the simulator, refused by the live carrier."""
    PROBABLE_OPT_OUT = "probable_opt_out"
    """The lead may have asked us to stop; a person decides."""
    PACE = "pace"
    """The campaign begins with so many leads an hour, and this one's turn has not come."""
    TOUCHED = "touched"
    """A colleague has just written to the lead by hand."""
    BREAKER = "breaker"
    """Too many of this wording's, or this sender's, newest texts were filtered, failed or answered by STOP."""
    LATE = "late"
    """Its moment is so long ago that a person must say whether it is still right."""
    IN_ANOTHER_CAMPAIGN = "in_another_campaign"
    """The lead is on its way through another campaign, and begins this one after it."""


class ConsentEvent(StrEnum):
    OPT_IN = "opt_in"
    OPT_OUT = "opt_out"
    RECONFIRM = "reconfirm"


class ConsentChannel(StrEnum):
    """By which way a person agreed, or took it back."""

    WEB = "web"
    KEYWORD = "keyword"
    VERBAL = "verbal"
    PAPER = "paper"
    EMAIL = "email"
    IMPORT = "import"
    API = "api"
    CARRIER = "carrier"
    OTHER = "other"


class ConsentKind(StrEnum):
    """In which way a consent was given. Canada's law infers one from dealings with a person, and lets it lapse."""

    EXPRESS = "express"
    IMPLIED_PURCHASE = "implied_purchase"
    """Bought something: good for two years (CASL 10(10)(a))."""
    IMPLIED_INQUIRY = "implied_inquiry"
    """Asked about something: good for six months (CASL 10(10)(e))."""


class SuppressionSource(StrEnum):
    KEYWORD = "keyword"
    NATURAL = "natural"
    WRONG_NUMBER = "wrong_number"
    """Whoever has the number is not the lead."""
    CARRIER = "carrier"
    MANUAL = "manual"
    IMPORT = "import"
    ERASURE = "erasure"
    """The person had their data deleted."""


class DncKind(StrEnum):
    NATIONAL = "national"
    STATE = "state"
    LITIGATOR = "litigator"
    """People who sue; consent on file does not lift this one."""


class RegistrationKind(StrEnum):
    TEN_DLC = "10dlc"
    TOLL_FREE = "toll_free"


class PrivacyKind(StrEnum):
    ERASURE = "erasure"
    EXPORT = "export"


class RemovedWhy(StrEnum):
    """Why a text's words are gone."""

    AGE = "age"
    ERASURE = "erasure"


class BulkStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELED = "canceled"


class CampaignKind(StrEnum):
    DRIP = "drip"
    BROADCAST = "broadcast"


class CampaignStatus(StrEnum):
    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    ARCHIVED = "archived"


class EnrollmentStatus(StrEnum):
    ACTIVE = "active"
    COMPLETED = "completed"
    STOPPED = "stopped"
    PAUSED = "paused"
    FAILED = "failed"


class PlanKind(StrEnum):
    """Why a dry run is kept."""

    LAUNCH = "launch"
    """What a campaign foresaw when it was launched, to be compared with what came."""
    DRY_RUN = "dry_run"
    """Somebody looks at it."""


class PlanStatus(StrEnum):
    COUNTING = "counting"
    DONE = "done"
    FAILED = "failed"


class EndReason(StrEnum):
    """Why an enrollment was stopped."""

    REPLIED = "replied"
    OPTED_OUT = "opted_out"
    BAD_NUMBER = "bad_number"
    REFUSED = "refused"
    """The gate refuses for good: no consent, or a do-not-call list."""
    REMOVED = "removed"
    GOAL = "goal"


class Event(StrEnum):
    """Kinds of ``sms_events`` rows."""

    RECEIVED = "received"
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    DOUBT = "doubt"
    """The lead may have opted out: a person decides."""
    DOUBT_DISMISSED = "doubt_dismissed"
    HELP = "help"
    ASSIGNED = "assigned"
    REPAIRED = "repaired"
    DUPLICATE_SEEN = "duplicate_seen"
