"""Erasing a person's data: what is about them goes, and what protects them stays.

What stays (compliance facts, section 6) is the number's row without the number: that it must not be texted, a keyed
hash by which it is recognised when it comes in again, and the ledgers of consent and decisions. When texts went, and
how, stays too; their words do not. What the carrier holds is deleted afterwards, by ``erasure_at_carrier``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from webapp.accounts.actors import Actor
from webapp.compliance.optouts import suppressions
from webapp.compliance.optouts.suppressions import Cause
from webapp.database import Connection
from webapp.leads import fingerprints, leads
from webapp.models.constants import SuppressionSource

REASON = "asked for their data to be deleted"


class AlreadyErasedError(Exception):
    """There is nothing left of this number to erase."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What went, and what is left to delete at the carrier: threads (CH…), and log entries (SM…) of texts in none."""

    lead: bool
    texts: int
    files: int
    threads: list[str]
    logged: list[str]


def erase(conn: Connection, contact_number_id: int, actor: Actor, now: datetime) -> Erased:
    """Erases everything about the number's person, for good, and suppresses the number.

    The number is locked first, as by every STOP: nothing to it begins after this commits. What is on the wire at this
    moment keeps its words until it has settled (``blank_texts``). Raises AlreadyErasedError.
    """
    e164 = _lock(conn, contact_number_id)
    cause = Cause(SuppressionSource.ERASURE, REASON, now, actor_id=actor.id)
    suppressions.suppress(conn, contact_number_id, cause, now=now)
    _cancel_confirmations(conn, contact_number_id, now)
    lead_deleted = _delete_lead(conn, contact_number_id, actor, now)
    threads, logged = _at_the_carrier(conn, contact_number_id)
    _empty_webhooks(conn, contact_number_id, e164, threads)
    _forget_uploads(conn, e164)
    erased = Erased(
        lead=lead_deleted,
        texts=blank_texts(conn, contact_number_id, now),
        files=_empty_files(conn, contact_number_id),
        threads=threads,
        logged=logged,
    )
    _empty_conversations(conn, contact_number_id)
    conn.execute(_FORGET_NUMBER, {"id": contact_number_id, "hmac": fingerprints.of(e164), "now": now})
    return erased


def blank_texts(conn: Connection, contact_number_id: int, erased_at: datetime) -> int:
    """Takes the words from all texts up to ``erased_at`` but those on the wire. Returns how many had some."""
    return conn.execute(_BLANK_TEXTS, {"number": contact_number_id, "at": erased_at}).rowcount


def on_the_wire(conn: Connection, contact_number_id: int) -> bool:
    """Whether a text to this number is on its way, or its outcome not known yet."""
    row = conn.execute(_ON_THE_WIRE, [contact_number_id]).fetchone()
    return row is not None


def _lock(conn: Connection, contact_number_id: int) -> str:
    row = conn.execute("SELECT e164 FROM contact_numbers WHERE id = %s FOR UPDATE", [contact_number_id]).fetchone()
    if row is None or fingerprints.is_erased(row[0]):
        raise AlreadyErasedError
    return str(row[0])


def _delete_lead(conn: Connection, contact_number_id: int, actor: Actor, now: datetime) -> bool:
    """As if its page's own button had been pressed: whoever listens takes back what waits for it."""
    row = conn.execute("SELECT id FROM leads WHERE contact_number_id = %s", [contact_number_id]).fetchone()
    return row is not None and leads.delete(conn, row[0], actor, now)


def _cancel_confirmations(conn: Connection, contact_number_id: int, now: datetime) -> None:
    """A stop leaves the one permitted answer; an erasure has none."""
    conn.execute(_CANCEL, {"number": contact_number_id, "now": now})


def _at_the_carrier(conn: Connection, contact_number_id: int) -> tuple[list[str], list[str]]:
    threads = conn.execute(_THREADS, {"number": contact_number_id}).fetchall()
    logged = conn.execute(_LOGGED, {"number": contact_number_id}).fetchall()
    return [row[0] for row in threads], [row[0] for row in logged]


def _empty_webhooks(conn: Connection, contact_number_id: int, e164: str, threads: list[str]) -> None:
    """The forms go. The rows stay, so that a repeated delivery, or a sweep, is still known to be old news."""
    conn.execute(_EMPTY_WEBHOOKS, {"number": contact_number_id, "e164": e164, "threads": threads})


def _forget_uploads(conn: Connection, e164: str) -> None:
    """Imported files that are kept for their rejected rows, and what was said of those, if the number is in them."""
    number = re.compile(rb"\D{0,3}".join(rb"%c" % digit for digit in e164.removeprefix("+1").lstrip("+").encode()))
    conn.execute("DELETE FROM bulk_row_errors WHERE position(%s in message) > 0", [e164.removeprefix("+")])
    ended = conn.execute("SELECT id FROM bulk_operations WHERE upload IS NOT NULL AND finished_at IS NOT NULL")
    for (operation_id,) in ended.fetchall():
        row = conn.execute("SELECT upload FROM bulk_operations WHERE id = %s", [operation_id]).fetchone()
        if row is not None and row[0] is not None and number.search(row[0].replace(b"\x00", b"")):
            conn.execute("UPDATE bulk_operations SET upload = NULL WHERE id = %s", [operation_id])
            conn.execute("DELETE FROM bulk_row_errors WHERE operation_id = %s", [operation_id])


def _empty_files(conn: Connection, contact_number_id: int) -> int:
    return conn.execute(_EMPTY_FILES, [contact_number_id]).rowcount


def _empty_conversations(conn: Connection, contact_number_id: int) -> None:
    conn.execute(_DELETE_DRAFTS, [contact_number_id])
    conn.execute(_EMPTY_CONVERSATIONS, [contact_number_id])


_CANCEL = """
UPDATE sms_messages SET status = 'canceled', reason = 'opted_out', ended_at = %(now)s, claimed_by = NULL
WHERE contact_number_id = %(number)s AND status IN ('held', 'queued', 'claimed')
"""

# A number's texts are found by its threads, which have an index. A key can hold anything that a program chose.
_BLANK_TEXTS = """
UPDATE sms_messages m
SET body = '', body_removed_at = %(at)s, body_removed_why = 'erasure',
    client_key = CASE WHEN client_key LIKE 'retry of %%' THEN client_key END,
    check_at = CASE WHEN status = 'sent' THEN NULL ELSE check_at END
FROM sms_conversations c
WHERE c.contact_number_id = %(number)s AND m.conversation_id = c.id AND m.created_at <= %(at)s
  AND m.body_removed_why IS DISTINCT FROM 'erasure' AND m.status NOT IN ('sending', 'unconfirmed')
"""

_ON_THE_WIRE = """
SELECT 1 FROM sms_messages WHERE contact_number_id = %s AND status IN ('sending', 'unconfirmed') LIMIT 1
"""

_THREADS = """
SELECT twilio_sid FROM sms_conversations WHERE contact_number_id = %(number)s AND twilio_sid IS NOT NULL
UNION
SELECT m.thread_sid FROM sms_conversations c JOIN sms_messages m ON m.conversation_id = c.id
WHERE c.contact_number_id = %(number)s AND m.thread_sid IS NOT NULL
ORDER BY 1
"""

_LOGGED = """
SELECT m.twilio_sid FROM sms_conversations c JOIN sms_messages m ON m.conversation_id = c.id
WHERE c.contact_number_id = %(number)s AND m.twilio_sid ~ '^(SM|MM)' ORDER BY 1
"""

# Whatever waits to be applied is of the person who wants nothing kept, and has had its effect if it was a STOP.
_EMPTY_WEBHOOKS = """
UPDATE webhook_receipts r
SET form = '{}', applied_at = coalesce(applied_at, clock_timestamp()), outcome = 'erased'
WHERE form <> '{}'
  AND (position(%(e164)s in form::text) > 0 OR form ->> 'ConversationSid' = ANY(%(threads)s)
       OR message_sid IN (SELECT m.twilio_sid FROM sms_conversations c JOIN sms_messages m ON m.conversation_id = c.id
                          WHERE c.contact_number_id = %(number)s))
"""

# The carrier's id stays, so that the file is not fetched again; one that was never fetched never is.
_EMPTY_FILES = """
UPDATE media f SET content = NULL, filename = NULL, size = 0, error = NULL, fetched_at = coalesce(f.fetched_at, now())
FROM sms_conversations c JOIN sms_messages m ON m.conversation_id = c.id
WHERE c.contact_number_id = %s AND f.message_id = m.id AND (f.content IS NOT NULL OR f.fetched_at IS NULL)
"""

_DELETE_DRAFTS = """
DELETE FROM drafts USING sms_conversations c WHERE c.contact_number_id = %s AND conversation_id = c.id
"""

_EMPTY_CONVERSATIONS = """
UPDATE sms_conversations
SET last_body = '', unread = 0, waiting_since = NULL, snoozed_until = NULL, state = 'done', suspect = false,
    version = nextval('change_seq')
WHERE contact_number_id = %s
"""

_FORGET_NUMBER = """
UPDATE contact_numbers
SET e164 = 'erased:' || id, hmac = %(hmac)s, erased_at = %(now)s, last_inbound_at = NULL
WHERE id = %(id)s
"""
