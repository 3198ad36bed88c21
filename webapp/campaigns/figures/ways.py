"""One lead's way through a campaign, step by step: what was said, and every decision on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp.campaigns.figures.definitions import FILTERED_CODES
from webapp.campaigns.steps import Version
from webapp.database import Connection
from webapp.rules.phones import display

#: Nobody reads further back; a way that is held every hour for a year would have that many.
_MOST = 200


@dataclass(frozen=True, slots=True)
class Said:
    """A text of a step. ``visit`` grows when a person moved the lead back. Business time."""

    step_key: str
    visit: int
    body: str
    status: str
    error_code: int | None
    created_at: datetime
    sent_at: datetime | None

    @property
    def filtered(self) -> bool:
        """Whether carriers refused it for what it says."""
        return self.status in ("failed", "undelivered", "refused") and self.error_code in FILTERED_CODES


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision of the ledger: about which step, when (business time), and by which rule."""

    step_key: str | None
    at: datetime
    outcome: str
    sentence: str
    rule: str
    rule_version: str


@dataclass(frozen=True, slots=True)
class Way:
    """The texts and the decisions, both oldest first; ``sender`` is our number that writes."""

    texts: Sequence[Said]
    entries: Sequence[Entry]
    enrolled_by: str | None
    sender: str

    def texts_of(self, step_key: str) -> list[Said]:
        return [text for text in self.texts if text.step_key == step_key]

    def entries_of(self, step_key: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.step_key == step_key]

    def others(self, version: Version) -> list[Entry]:
        """Decisions about no step that the version has."""
        keys = {step.key for step in version.steps}
        return [entry for entry in self.entries if entry.step_key not in keys]


def load(conn: Connection, enrollment_id: int) -> Way:
    """The way of an enrollment, which the caller has found for the actor."""
    with conn.cursor(row_factory=class_row(Said)) as cursor:
        texts = cursor.execute(_TEXTS, [enrollment_id]).fetchall()
    with conn.cursor(row_factory=class_row(Entry)) as cursor:
        entries = cursor.execute(_ENTRIES, [enrollment_id, _MOST]).fetchall()
    row = conn.execute(_ENROLLED, [enrollment_id]).fetchone()
    assert row is not None
    return Way(texts, entries[::-1], row[0], display(row[1]))


_TEXTS = """
SELECT step_key, visit, body, status, error_code, created_at, sent_at FROM sms_messages
WHERE enrollment_id = %s AND status <> 'canceled' ORDER BY id
"""

_ENTRIES = """
SELECT step_key, at, outcome, sentence, rule, rule_version FROM decisions
WHERE enrollment_id = %s ORDER BY id DESC LIMIT %s
"""

_ENROLLED = """
SELECT u.name, p.e164 FROM sms_campaign_enrollments e
JOIN sms_conversations c ON c.id = e.conversation_id JOIN phone_numbers p ON p.id = c.phone_number_id
LEFT JOIN users u ON u.id = e.enrolled_by WHERE e.id = %s
"""
