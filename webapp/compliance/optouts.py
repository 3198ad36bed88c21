"""What a contact's own words do at once: STOP suppresses, START lifts. Runs in the webhook's transaction."""

from __future__ import annotations

from datetime import datetime

from webapp.compliance import suppressions
from webapp.compliance.suppressions import Cause
from webapp.database import Connection
from webapp.models.constants import SuppressionSource
from webapp.rules import keywords
from webapp.rules.keywords import Classification


def apply(conn: Connection, contact_number_id: int, body: str, *, at: datetime, now: datetime) -> Classification:
    """Classifies the text in the number's own context and acts on it. ``at``: when the contact wrote it."""
    meaning = classify(conn, contact_number_id, body)
    if meaning.intent == "stop" and meaning.action == "suppress":
        source = SuppressionSource.KEYWORD if meaning.tier == "keyword" else SuppressionSource.NATURAL
        suppressions.suppress(conn, contact_number_id, _cause(source, meaning, at), now=now)
    elif meaning.intent == "start":
        suppressions.lift(conn, contact_number_id, _cause(SuppressionSource.KEYWORD, meaning, at))
    return meaning


def classify(conn: Connection, contact_number_id: int, body: str) -> Classification:
    """What the text means to us: YES is a START only from somebody who was stopped."""
    row = conn.execute("SELECT suppressed_at FROM contact_numbers WHERE id = %s", [contact_number_id]).fetchone()
    stopped = row is not None and row[0] is not None
    return keywords.classify(body, "opted_out" if stopped else "subscribed")


def _cause(source: SuppressionSource, meaning: Classification, at: datetime) -> Cause:
    return Cause(source, meaning.matched or "", at)
