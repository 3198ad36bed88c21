"""Pictures and files that came with texts: fetched from the carrier after the text itself is stored and shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import structlog
from psycopg.rows import class_row

from webapp import database
from webapp.carrier.errors import CarrierError, PermanentError
from webapp.carrier.types import MediaContent
from webapp.messaging import threads

log = structlog.get_logger(__name__)

_BATCH = 10
#: Machine seconds between two tries; after the last one, a day in all, the file is given up.
_RETRY_AFTER_SECONDS = (30, 120, 600, 3600, 14400, 68400)


class FetchesMedia(Protocol):
    """What fetching needs of a carrier."""

    def fetch_media(self, media_sid: str) -> MediaContent: ...


@dataclass(frozen=True, slots=True)
class _Wanted:
    id: int
    carrier_sid: str
    attempts: int
    conversation_id: int


def fetch_due(carrier: FetchesMedia) -> int:
    """Fetches what is not here yet. Returns how many were tried."""
    wanted = _wanted()
    for item in wanted:
        _fetch(carrier, item)
    return len(wanted)


def _wanted() -> list[_Wanted]:
    """Counts the try and sets the time of the next beforehand: a file that kills its worker is not fetched for ever."""
    with database.transaction() as conn, conn.cursor(row_factory=class_row(_Wanted)) as cursor:
        return cursor.execute(
            """
            UPDATE media SET attempts = media.attempts + 1, not_before = clock_timestamp()
                + (%s::float[])[least(media.attempts + 1, %s)] * interval '1 second'
            FROM sms_messages m
            WHERE m.id = media.message_id AND media.id IN (
                SELECT id FROM media
                WHERE fetched_at IS NULL AND error IS NULL AND not_before <= clock_timestamp()
                ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING media.id, media.carrier_sid, media.attempts, m.conversation_id
            """,
            [list(_RETRY_AFTER_SECONDS), len(_RETRY_AFTER_SECONDS), _BATCH],
        ).fetchall()


def _fetch(carrier: FetchesMedia, item: _Wanted) -> None:
    try:
        found = carrier.fetch_media(item.carrier_sid)
    except PermanentError as error:
        _give_up(item, str(error))
    except CarrierError as error:
        log.warning("media could not be fetched", media_id=item.id, error=type(error).__name__)
        if item.attempts > len(_RETRY_AFTER_SECONDS):
            _give_up(item, "The carrier did not hand it over.")
    else:
        _store(item, found)


def _store(item: _Wanted, found: MediaContent) -> None:
    with database.transaction() as conn:
        conn.execute(
            """
            UPDATE media SET content = %s, content_type = %s, size = %s, filename = coalesce(filename, %s),
                fetched_at = now()
            WHERE id = %s
            """,
            [found.content, found.content_type, len(found.content), found.filename, item.id],
        )
        threads.show_change(conn, [item.conversation_id])


def _give_up(item: _Wanted, why: str) -> None:
    with database.transaction() as conn:
        conn.execute("UPDATE media SET error = %s WHERE id = %s", [why, item.id])
        threads.show_change(conn, [item.conversation_id])
