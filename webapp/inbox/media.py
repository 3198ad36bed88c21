"""Pictures and files that came with texts: stored content, for those who may see the conversation."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg.rows import class_row

from webapp.accounts.actors import Actor, visible
from webapp.database import Connection

#: Shown in the page. Everything else is handed out as a download: an SVG or HTML file could carry a script.
INLINE_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


@dataclass(frozen=True, slots=True)
class Content:
    """A stored file; ``filename`` as its sender called it, so never to be trusted."""

    content: bytes
    content_type: str
    filename: str | None

    @property
    def inline(self) -> bool:
        return self.content_type in INLINE_TYPES


def find(conn: Connection, actor: Actor, media_id: int) -> Content | None:
    """The file, if it is stored and this actor may see the conversation that it came in."""
    with conn.cursor(row_factory=class_row(Content)) as cursor:
        return cursor.execute(_FIND, actor.params() | {"id": media_id}).fetchone()


_FIND = f"""
SELECT f.content, f.content_type, f.filename
FROM media f
JOIN sms_messages m ON m.id = f.message_id
JOIN sms_conversations c ON c.id = m.conversation_id
WHERE f.id = %(id)s AND f.content IS NOT NULL AND {visible("c.assigned_to")}
"""  # noqa: S608 (every part is written here)
