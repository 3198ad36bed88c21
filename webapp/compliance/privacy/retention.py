"""How long things are kept: words of texts, pictures and files go after their time; everything else of them stays.

Consent rows and decisions are not touched: they are kept for at least five years after the last text (16 CFR 310.5),
and suppressions for ever. Raw webhooks are ``messaging.housekeeping``'s.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from webapp import database
from webapp.accounts import settings as account_settings
from webapp.database import Connection
from webapp.jobs import stopping

#: Ids that one transaction looks at; texts of one age lie side by side, so most of them are due.
_IDS_AT_ONCE: Final = 2000
_FILES_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Removed:
    """What one run took away. ``finished``: nothing that was due is left."""

    bodies: int
    files: int
    finished: bool


def run(now: datetime, *, seconds: float) -> Removed:
    """Takes away what is older than the settings say, in short transactions, for about ``seconds``.

    ``now`` is business time, as the texts' own instants are.
    """
    with database.transaction() as conn:
        settings = account_settings.read(conn)
    ends_at = time.monotonic() + seconds
    bodies, words_done = _work(_blank_bodies(now, now - timedelta(days=settings.keep_bodies_days)), ends_at)
    files, files_done = _work(_empty_files(now - timedelta(days=settings.keep_media_days)), ends_at)
    return Removed(bodies, files, finished=words_done and files_done)


def _work(batches: Iterator[int], ends_at: float) -> tuple[int, bool]:
    removed = 0
    for batch in batches:
        removed += batch
        if time.monotonic() >= ends_at or stopping.asked():
            return removed, False
    return removed, True


def _blank_bodies(now: datetime, before: datetime) -> Iterator[int]:
    """One batch of ids after the other, between the first and the last id that is due."""
    with database.transaction() as conn:
        first, last = bounds(conn, before)
    for start in range(first, last + 1, _IDS_AT_ONCE):
        with database.transaction() as conn:
            blanked = _blank_batch(conn, start, min(start + _IDS_AT_ONCE, last + 1), before, now)
        yield blanked  # after the commit: whoever has heard enough asks for no more


@dataclass(frozen=True, slots=True)
class Loss:
    """What goes for good when things are kept for a shorter time: texts whose words, and files whose content, go."""

    bodies: int
    files: int


def loss(conn: Connection, now: datetime, *, bodies_days: int, files_days: int) -> Loss:
    """What of the things that are still there is older than so many days at business time ``now``."""
    values = {"before": now - timedelta(days=bodies_days), "files_before": now - timedelta(days=files_days)}
    row = conn.execute(_LOSS, values).fetchone()
    assert row is not None
    return Loss(*row)


def bounds(conn: Connection, before: datetime) -> tuple[int, int]:
    """The first and the last id of texts that have words and are older than ``before``; an empty range for none."""
    row = conn.execute(_BOUNDS, {"before": before}).fetchone()
    return (1, 0) if row is None or row[0] is None else (int(row[0]), int(row[1]))


def _blank_batch(conn: Connection, start: int, end: int, before: datetime, now: datetime) -> int:
    values = {"start": start, "end": end, "before": before, "now": now}
    conn.execute(_EMPTY_LAST_WORDS, values)
    return conn.execute(_BLANK, values).rowcount


def _empty_files(before: datetime) -> Iterator[int]:
    removed = _FILES_AT_ONCE
    while removed == _FILES_AT_ONCE:
        with database.transaction() as conn:
            removed = conn.execute(_EMPTY_FILES, {"before": before, "limit": _FILES_AT_ONCE}).rowcount
        if removed:  # a run that is out of time has more to do only if it found something
            yield removed


# What could still be sent keeps its words, however old. ``sent``: the carrier has it, and may never say more.
_DUE = """
created_at < %(before)s AND body_removed_at IS NULL
AND status NOT IN ('held', 'queued', 'claimed', 'sending', 'unconfirmed')
"""

# By the BRIN index on created_at, which reads the pages of old texts alone. The sum keeps the planner from walking the
# primary key instead, from the newest text back to the first that is due.
_BOUNDS = f"SELECT min(id + 0), max(id + 0) FROM sms_messages WHERE {_DUE}"  # noqa: S608 (our own words)

_LOSS = f"""
SELECT (SELECT count(*) FROM sms_messages WHERE {_DUE} AND body <> ''),
       (SELECT count(*) FROM media f JOIN sms_messages m ON m.id = f.message_id
        WHERE f.content IS NOT NULL AND m.created_at < %(files_before)s)
"""  # noqa: S608

_BLANK = f"""
UPDATE sms_messages SET body = '', body_removed_at = %(now)s, body_removed_why = 'age'
WHERE id >= %(start)s AND id < %(end)s AND {_DUE}
"""  # noqa: S608

# The threads whose list shows the last words of a text in this batch, in one order for everybody.
_EMPTY_LAST_WORDS = f"""
WITH shown AS (
    SELECT c.id FROM sms_messages m JOIN sms_conversations c ON c.id = m.conversation_id AND c.last_message_id = m.id
    WHERE m.id >= %(start)s AND m.id < %(end)s AND {_DUE.replace("created_at", "m.created_at")} AND c.last_body <> ''
    ORDER BY c.id FOR NO KEY UPDATE OF c
)
UPDATE sms_conversations c SET last_body = '', version = nextval('change_seq') FROM shown WHERE c.id = shown.id
"""  # noqa: S608

_EMPTY_FILES = """
UPDATE media SET content = NULL, filename = NULL WHERE id IN (
    SELECT f.id FROM media f JOIN sms_messages m ON m.id = f.message_id
    WHERE f.content IS NOT NULL AND m.created_at < %(before)s ORDER BY f.id LIMIT %(limit)s)
"""
