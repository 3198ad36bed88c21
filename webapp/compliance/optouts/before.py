"""How numbers stood before somebody opted them out: kept in the ledger's row, so that a slip can be taken back."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg.types.json import Jsonb

from webapp.database import Connection


def standing(conn: Connection, contact_number_ids: Sequence[int]) -> dict[int, dict[str, object]]:
    """What a suppression will overwrite, by number; the numbers are locked from here on."""
    return {row[0]: row[1] for row in conn.execute(_STANDING, [list(contact_number_ids)])}


def restore(conn: Connection, contact_number_id: int, before: dict[str, object]) -> None:
    """Consent, and a doubt, stand again as they did, and nothing is suppressed."""
    conn.execute(_RESTORE, {"number": contact_number_id, "before": Jsonb(before)})


_STANDING = """
SELECT id, jsonb_build_object(
    'suppressed', suppressed_at IS NOT NULL, 'consent_at', consent_at, 'consent_source', consent_source,
    'consent_channel', consent_channel, 'consent_until', consent_until, 'pending_at', pending_at,
    'doubt_at', doubt_at, 'doubt_source', doubt_source, 'doubt_matched', doubt_matched,
    'doubt_message_id', doubt_message_id)
FROM contact_numbers WHERE id = ANY(%s) ORDER BY id FOR UPDATE
"""

_RESTORE = """
UPDATE contact_numbers n
SET suppressed_at = NULL, suppression_source = NULL, suppression_reason = NULL,
    consent_at = b.consent_at, consent_source = b.consent_source, consent_channel = b.consent_channel,
    consent_until = b.consent_until, pending_at = b.pending_at, doubt_at = b.doubt_at, doubt_source = b.doubt_source,
    doubt_matched = b.doubt_matched, doubt_message_id = b.doubt_message_id
FROM jsonb_to_record(%(before)s) AS b (
    consent_at timestamptz, consent_source text, consent_channel text, consent_until timestamptz,
    pending_at timestamptz, doubt_at timestamptz, doubt_source text, doubt_matched text, doubt_message_id bigint)
WHERE n.id = %(number)s
"""
