"""What a contact's own words do at once: STOP suppresses, START lifts, a probable stop is put before a person.

Runs in the webhook's transaction.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from webapp.accounts import settings as account_settings
from webapp.compliance.optouts import doubts, own_words, suppressions
from webapp.compliance.optouts.doubts import Doubt
from webapp.compliance.optouts.quoting import as_typed
from webapp.compliance.optouts.suppressions import Cause
from webapp.compliance.public import opt_in
from webapp.database import Connection
from webapp.models.constants import SuppressionSource
from webapp.rules.intents import ENGINE_VERSION
from webapp.rules.keywords import Classification, Context

_WRONG_NUMBER = "natural.wrong_number"


class Meaning(StrEnum):
    """What a contact's text came to: kept with its webhook, for what follows once it is in its thread."""

    STOP = "stop"
    WRONG_NUMBER = "wrong_number"
    """A stop, and not confirmed: whoever has the number never agreed to a text, not even to that one, and an invitation
    to come back would be for somebody else."""
    DOUBT = "doubt"
    """Perhaps a stop: a person reads it."""
    START = "start"
    HELP = "help"
    NONE = "none"

    @property
    def needs_nobody(self) -> bool:
        """Whether the text is done with: nobody waits for an answer."""
        return self not in (Meaning.DOUBT, Meaning.NONE)


def apply(
    conn: Connection, contact_number_id: int, body: str, *, sid: str | None = None, at: datetime, now: datetime
) -> Meaning:
    """Classifies the text in the number's own context and acts on it. ``at``: when the contact wrote it.

    ``sid`` is the carrier's for the text, and goes to the ledger with the rule that matched and the words that decided,
    as they were typed.
    """
    found = classify(conn, contact_number_id, body, now)
    meaning, words = meaning_of(found), as_typed(body, found.matched or "")
    details = {"rule": found.rule, "engine": ENGINE_VERSION, "message_sid": sid}
    if meaning in (Meaning.STOP, Meaning.WRONG_NUMBER):
        cause = Cause(_source(found), words, at, details=details)
        suppressions.suppress(conn, contact_number_id, cause, now=now)
    elif meaning is Meaning.DOUBT:
        doubts.raise_doubt(conn, contact_number_id, Doubt(SuppressionSource.NATURAL, words, at))
    elif meaning is Meaning.START and not opt_in.confirm(conn, contact_number_id, message_sid=sid, at=at, now=now):
        suppressions.lift(conn, contact_number_id, Cause(SuppressionSource.KEYWORD, words, at, details=details))
    return meaning


def classify(conn: Connection, contact_number_id: int, body: str, now: datetime) -> Classification:
    """What the text means to us: YES is a START only from somebody who was stopped, or asked to confirm an opt-in."""
    row = conn.execute(
        "SELECT suppressed_at, pending_at FROM contact_numbers WHERE id = %s", [contact_number_id]
    ).fetchone()
    suppressed_at, pending_at = row or (None, None)
    context: Context = "subscribed"
    if suppressed_at is not None:
        context = "opted_out"
    elif opt_in.is_pending(pending_at, now):
        context = "pending"
    return own_words.classify(body, context, account_settings.load(conn))


def meaning_of(found: Classification) -> Meaning:
    """What follows from a classification."""
    if found.intent != "stop":
        return Meaning(found.intent)
    if found.action != "suppress":
        return Meaning.DOUBT
    return Meaning.WRONG_NUMBER if found.rule == _WRONG_NUMBER else Meaning.STOP


def _source(found: Classification) -> SuppressionSource:
    if found.rule == _WRONG_NUMBER:
        return SuppressionSource.WRONG_NUMBER
    return SuppressionSource.KEYWORD if found.tier == "keyword" else SuppressionSource.NATURAL
