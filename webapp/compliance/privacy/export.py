"""All that is kept about a person, as a ZIP for them: one JSON file, and the files that came with their texts."""

from __future__ import annotations

import json
import mimetypes
import zipfile
from collections.abc import Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from psycopg.rows import dict_row

from webapp.compliance.evidence import gathering
from webapp.database import Connection

_IN_MEMORY: Final = 8 * 1024 * 1024
_OLDEST_IN_ZIP: Final = (1980, 1, 1, 0, 0, 0)
_README: Final = """This is all that we keep about you.

data.json   your profile, every text with its time, how you agreed to texts or stopped them, and what else is stored
files/      pictures and files that you sent, named by their id in data.json
"""


def write(conn: Connection, contact_number_id: int, *, by: str, at: datetime) -> tuple[IO[bytes], int] | None:
    """The ZIP, from its beginning, and how many texts are in it; None when there is no such contact number.

    The same data at the same time give the same bytes.
    """
    document = gathering.gather(conn, contact_number_id, by=by, at=at)
    if document is None:
        return None
    document["profile"] = _rows(conn, _PROFILE, contact_number_id)
    document["conversations"] = _rows(conn, _CONVERSATIONS, contact_number_id)
    document["events"] = _rows(conn, _EVENTS, contact_number_id)
    document["webhooks"] = _rows(conn, _WEBHOOKS, contact_number_id)
    document["requests"] = _rows(conn, _REQUESTS, contact_number_id)
    # Spooled: what is large goes to a temporary file, and ends with this answer.
    file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (whoever answers with it closes it)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry("README.txt"), _README)
        archive.writestr(
            _entry("data.json"), json.dumps(document, default=gathering.plain, ensure_ascii=False, indent=1)
        )
        for name, content in _files(conn, contact_number_id):
            archive.writestr(_entry(name), content)
    file.seek(0)
    return file, len(document["texts"])


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _OLDEST_IN_ZIP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _files(conn: Connection, contact_number_id: int) -> Iterator[tuple[str, bytes]]:
    """One at a time: each can have 5 MB."""
    for row in _rows(conn, _FILES, contact_number_id):
        content = conn.execute("SELECT content FROM media WHERE id = %s", [row["id"]]).fetchone()
        if content is not None and content[0] is not None:
            yield f"files/{row['id']}{mimetypes.guess_extension(row['content_type']) or ''}", content[0]


def _rows(conn: Connection, query: str, contact_number_id: int) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, {"number": contact_number_id}).fetchall()


_PROFILE = """
SELECT l.first_name, l.last_name, l.phone, l.email, l.state, l.postal_code, l.timezone, l.status, l.tags, l.custom,
       l.score, l.source, u.name AS assigned_to, l.created_at, l.updated_at
FROM leads l LEFT JOIN users u ON u.id = l.owner_id
WHERE l.contact_number_id = %(number)s
"""

_CONVERSATIONS = """
SELECT c.id, p.e164 AS our_number, c.state, u.name AS assigned_to, c.created_at, c.last_message_at, c.twilio_sid,
       (SELECT jsonb_agg(d.body ORDER BY d.user_id) FROM drafts d WHERE d.conversation_id = c.id) AS drafts
FROM sms_conversations c JOIN phone_numbers p ON p.id = c.phone_number_id LEFT JOIN users u ON u.id = c.assigned_to
WHERE c.contact_number_id = %(number)s ORDER BY c.id
"""

_EVENTS = """
SELECT e.at, e.type, e.message_id, u.name AS by, e.data
FROM sms_conversations c JOIN sms_events e ON e.conversation_id = c.id LEFT JOIN users u ON u.id = e.user_id
WHERE c.contact_number_id = %(number)s ORDER BY e.id
"""

_WEBHOOKS = """
SELECT r.event_type, r.received_at, r.form FROM webhook_receipts r JOIN contact_numbers n ON n.id = %(number)s
WHERE position(n.e164 in r.form::text) > 0 ORDER BY r.id
"""

_REQUESTS = """
SELECT kind, received_at, due_at, received_by, done_at FROM privacy_requests
WHERE contact_number_id = %(number)s ORDER BY id
"""

_FILES = """
SELECT f.id, f.content_type
FROM sms_conversations c JOIN sms_messages m ON m.conversation_id = c.id JOIN media f ON f.message_id = m.id
WHERE c.contact_number_id = %(number)s AND f.content IS NOT NULL ORDER BY f.id
"""
