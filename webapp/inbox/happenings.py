"""What happened to a conversation beside texts: somebody opted out, it was assigned, an answer was in doubt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp.database import Connection
from webapp.models.constants import Event


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to the conversation beside texts."""

    id: int
    at: datetime
    type: str
    by: str | None
    to: str | None
    source: str | None
    matched: str | None


def of(conn: Connection, conversation_id: int, *, since: datetime | None) -> list[Happening]:
    """The oldest first, from ``since`` on (business time) or from the beginning."""
    with conn.cursor(row_factory=class_row(Happening)) as cursor:
        return cursor.execute(_HAPPENINGS, {"id": conversation_id, "types": _SHOWN, "since": since}).fetchall()


_SHOWN = [
    Event.OPTED_OUT,
    Event.OPTED_IN,
    Event.DOUBT,
    Event.DOUBT_DISMISSED,
    Event.ASSIGNED,
    Event.DUPLICATE_SEEN,
]

_HAPPENINGS = """
SELECT e.id, e.at, e.type, by.name AS by, recipient.name AS to, e.data ->> 'source' AS source,
       e.data ->> 'matched' AS matched
FROM sms_events e
LEFT JOIN users by ON by.id = e.user_id
LEFT JOIN users recipient ON recipient.id = (e.data ->> 'to')::bigint
WHERE e.conversation_id = %(id)s AND e.type = ANY(%(types)s)
  AND (%(since)s::timestamptz IS NULL OR e.at >= %(since)s)
ORDER BY e.id
"""
