"""One conversation as it stands in the database: its head, its texts, and what came with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.rows import class_row, scalar_row

from webapp.accounts.actors import Actor, visible
from webapp.database import Connection
from webapp.leads import fingerprints
from webapp.models.constants import RemovedWhy

#: Texts of a first look, and how many more each "Show older" brings.
PAGE = 50
#: A page never grows beyond this; who reads further back wants the lead's export.
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Head:
    """A conversation, the number it is with, and the lead if there still is one. Times are business time."""

    id: int
    version: int
    state: str
    waiting_since: datetime | None
    unread: int
    assigned_to: int | None
    assignee: str | None
    contact_number_id: int
    phone: str
    sender: str
    suppressed_at: datetime | None
    suppression_source: str | None
    suppression_reason: str | None
    consent_at: datetime | None
    consent_source: str | None
    consent_until: datetime | None
    doubt_at: datetime | None
    doubt_source: str | None
    doubt_matched: str | None
    lead_id: int | None
    first_name: str
    last_name: str
    email: str | None
    region: str | None
    timezone: str | None
    status: str | None
    tags: list[str]
    lead_source: str | None
    lead_since: datetime | None

    @property
    def erased(self) -> bool:
        """Whether the person had their data deleted, so that there is no number."""
        return fingerprints.is_erased(self.phone)


@dataclass(frozen=True, slots=True)
class Text:
    """A message; ``sentence`` is the ledger's newest word on one that was held, refused or canceled; ``retried`` that a
    newer text took a failed one's place; ``step`` the number of a campaign's step, as its lead follows it now."""

    id: int
    direction: str
    body: str
    status: str
    reason: str | None
    origin: str
    automatic: bool
    author_id: int | None
    author: str | None
    error_code: int | None
    send_after: datetime | None
    created_at: datetime
    sentence: str | None
    retried: bool
    body_removed_at: datetime | None
    body_removed_why: str | None
    step: int | None

    @property
    def removed(self) -> str:
        """What stands in place of words that are gone; empty for words that are here."""
        if self.body_removed_at is None:
            return ""
        if self.body_removed_why == RemovedWhy.ERASURE:
            return "Removed: the person had their data deleted"
        return f"Removed after {_in_months(self.body_removed_at - self.created_at)}"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or file of a text; ``ready`` once it is stored here, ``lost`` if it could not be fetched."""

    id: int
    message_id: int
    content_type: str
    filename: str | None
    size: int
    ready: bool
    lost: bool
    removed: bool


def _in_months(age: timedelta) -> str:
    months = round(age.days / 30.4)
    return f"{months} months" if months > 1 else f"{age.days} days"


def find(conn: Connection, actor: Actor, conversation_id: int) -> Head | None:
    """The conversation, if this actor may see it."""
    with conn.cursor(row_factory=class_row(Head)) as cursor:
        return cursor.execute(_HEAD, actor.params() | {"id": conversation_id}).fetchone()


def find_of_lead(conn: Connection, actor: Actor, lead_id: int) -> int | None:
    """The newest conversation of a lead, if this actor may see it."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        found: int | None = cursor.execute(_OF_LEAD, actor.params() | {"lead_id": lead_id}).fetchone()
    return found


def find_of_number(conn: Connection, actor: Actor, e164: str) -> int | None:
    """The newest conversation with a phone number, if this actor may see it."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        found: int | None = cursor.execute(_OF_NUMBER, actor.params() | {"e164": e164}).fetchone()
    return found


def of_message(conn: Connection, actor: Actor, message_id: int) -> int | None:
    """The conversation of a text, if this actor may see it."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        found: int | None = cursor.execute(_OF_MESSAGE, actor.params() | {"id": message_id}).fetchone()
    return found


def texts(conn: Connection, conversation_id: int, *, since: int = 0, limit: int = PAGE) -> list[Text]:
    """The newest texts, oldest first: at most ``limit``, none with an id below ``since``."""
    with conn.cursor(row_factory=class_row(Text)) as cursor:
        newest_first = cursor.execute(_TEXTS, {"id": conversation_id, "since": since, "limit": limit}).fetchall()
    return newest_first[::-1]


def page_before(conn: Connection, conversation_id: int, before: int) -> int | None:
    """Where the page that ends before text ``before`` begins; None when nothing is older."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        found: int | None = cursor.execute(
            _PAGE_BEFORE, {"id": conversation_id, "before": before, "page": PAGE}
        ).fetchone()
    return found


def attachments(conn: Connection, message_ids: Sequence[int]) -> dict[int, list[Attachment]]:
    """What came with these texts, by text; never the content itself."""
    found: dict[int, list[Attachment]] = {}
    if message_ids:
        with conn.cursor(row_factory=class_row(Attachment)) as cursor:
            for attachment in cursor.execute(_ATTACHMENTS, [list(message_ids)]):
                found.setdefault(attachment.message_id, []).append(attachment)
    return found


_HEAD = f"""
SELECT c.id, c.version, c.state, c.waiting_since, c.unread, c.assigned_to, u.name AS assignee,
       n.id AS contact_number_id, n.e164 AS phone, p.e164 AS sender,
       n.suppressed_at, n.suppression_source, n.suppression_reason, n.consent_at, n.consent_source, n.consent_until,
       n.doubt_at, n.doubt_source, n.doubt_matched,
       l.id AS lead_id, COALESCE(l.first_name, '') AS first_name, COALESCE(l.last_name, '') AS last_name,
       l.email, l.state AS region, l.timezone, l.status, COALESCE(l.tags, '{{}}') AS tags,
       l.source AS lead_source, l.created_at AS lead_since
FROM sms_conversations c
JOIN contact_numbers n ON n.id = c.contact_number_id
JOIN phone_numbers p ON p.id = c.phone_number_id
LEFT JOIN leads l ON l.id = c.lead_id
LEFT JOIN users u ON u.id = c.assigned_to
WHERE c.id = %(id)s AND {visible("c.assigned_to")}
"""  # noqa: S608 (every part is written here)

_OF_LEAD = f"""
SELECT id FROM sms_conversations WHERE lead_id = %(lead_id)s AND {visible("assigned_to")}
ORDER BY last_message_at DESC NULLS LAST, id DESC LIMIT 1
"""  # noqa: S608

_OF_NUMBER = f"""
SELECT c.id FROM contact_numbers n JOIN sms_conversations c ON c.contact_number_id = n.id
WHERE n.e164 = %(e164)s AND {visible("c.assigned_to")}
ORDER BY c.last_message_at DESC NULLS LAST, c.id DESC LIMIT 1
"""  # noqa: S608

_OF_MESSAGE = f"""
SELECT c.id FROM sms_messages m JOIN sms_conversations c ON c.id = m.conversation_id
WHERE m.id = %(id)s AND {visible("c.assigned_to")}
"""  # noqa: S608

_TEXTS = """
SELECT m.id, m.direction, m.body, m.status, m.reason, m.origin, m.automatic, m.author_id, u.name AS author,
       m.error_code, m.send_after, m.created_at, d.sentence, m.body_removed_at, m.body_removed_why,
       s.position + 1 AS step,
       m.status IN ('failed', 'undelivered')
           AND EXISTS (SELECT 1 FROM sms_messages r WHERE r.client_key = 'retry of ' || m.id) AS retried
FROM sms_messages m
LEFT JOIN users u ON u.id = m.author_id
LEFT JOIN sms_campaign_enrollments e ON e.id = m.enrollment_id
LEFT JOIN sms_campaign_steps s ON s.version_id = e.version_id AND s.step_key = m.step_key
LEFT JOIN LATERAL (
    SELECT sentence FROM decisions
    WHERE message_id = m.id AND m.status IN ('held', 'refused', 'canceled') ORDER BY id DESC LIMIT 1
) d ON true
WHERE m.conversation_id = %(id)s AND m.id >= %(since)s
ORDER BY m.id DESC LIMIT %(limit)s
"""

_PAGE_BEFORE = """
SELECT min(id) FROM (
    SELECT id FROM sms_messages WHERE conversation_id = %(id)s AND id < %(before)s ORDER BY id DESC LIMIT %(page)s
) page
"""

_ATTACHMENTS = """
SELECT id, message_id, content_type, filename, size, fetched_at IS NOT NULL AS ready, error IS NOT NULL AS lost,
       fetched_at IS NOT NULL AND content IS NULL AS removed
FROM media WHERE message_id = ANY(%s) ORDER BY id
"""
