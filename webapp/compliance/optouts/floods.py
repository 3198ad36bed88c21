"""A flood of opt-outs from the carrier: a broken provider once opted out thousands. Beyond a measure, a person looks.

What a person texts, keyword or their own words, is never held back by this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from webapp.accounts import audit
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.compliance.optouts import doubts, suppressions
from webapp.compliance.optouts.doubts import Doubt
from webapp.compliance.optouts.suppressions import Cause
from webapp.database import Connection
from webapp.models.constants import SuppressionSource

#: So many opt-outs to a hundred texts are no flood, however many they are.
ORDINARY_RATE: Final = 0.10
_WINDOW: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Flood:
    """What waits for a person: ``waiting`` numbers since ``since``. ``reported`` by the carrier in the hour before the
    newest of them, these included, when ``sent`` texts went."""

    waiting: int
    since: datetime
    reported: int
    sent: int


def take(conn: Connection, contact_number_id: int, cause: Cause, *, now: datetime) -> None:
    """Suppresses what the carrier reports; in a flood, asks a person about it."""
    if is_flood(conn, cause.at):
        doubt = Doubt(SuppressionSource.CARRIER, cause.matched, cause.at, cause.message_id)
        doubts.raise_doubt(conn, contact_number_id, doubt)
    else:
        suppressions.suppress(conn, contact_number_id, cause, now=now)


def is_flood(conn: Connection, at: datetime) -> bool:
    """Whether the carrier has reported more than can be true within the hour up to ``at`` (business time)."""
    most = account_settings.load(conn).suppression_flood
    reported = _reported(conn, at)
    return reported >= most and reported > ORDINARY_RATE * _sent(conn, at)


def present(conn: Connection) -> Flood | None:
    """The flood that waits for a person, if there is one."""
    row = conn.execute(
        """
        SELECT count(*), min(doubt_at), max(doubt_at) FROM contact_numbers
        WHERE doubt_at IS NOT NULL AND doubt_source = 'carrier'
        """
    ).fetchone()
    if row is None or not row[0]:
        return None
    return Flood(row[0], row[1], _reported(conn, row[2]), _sent(conn, row[2]))


def settle(conn: Connection, actor: Actor, *, real: bool, now: datetime) -> int:
    """A person's answer for all that wait: they are ``real`` opt-outs, or the carrier was wrong. Returns how many."""
    waiting = doubts.of_carrier(conn)
    if real:
        settled = doubts.confirm(conn, waiting, actor_id=actor.id, now=now)
    else:
        settled = doubts.dismiss(conn, waiting, actor_id=actor.id, now=now)
    audit.record(conn, actor.id, "flood.confirmed" if real else "flood.dismissed", "carrier", numbers=settled)
    return settled


# Both answered by partial indexes on what happened in this hour. A number counts once, however often it is reported.
_REPORTED = """
SELECT (SELECT count(*) FROM contact_numbers
        WHERE suppressed_at IS NOT NULL AND suppressed_at > %(from)s AND suppression_source = 'carrier')
     + (SELECT count(*) FROM contact_numbers
        WHERE doubt_at IS NOT NULL AND doubt_at > %(from)s AND doubt_source = 'carrier')
"""

# By the clock's hours: of the one before, as much as the last sixty minutes have of it.
_SENT = """
SELECT coalesce(sum(texts * CASE WHEN hour = %(hour)s THEN 1 ELSE %(share)s END), 0)::float FROM sender_usage
WHERE hour IN (%(hour)s, %(hour)s - interval '1 hour')
"""


def _reported(conn: Connection, at: datetime) -> int:
    row = conn.execute(_REPORTED, {"from": at - _WINDOW}).fetchone()
    assert row is not None
    return int(row[0])


def _sent(conn: Connection, at: datetime) -> int:
    hour = at.replace(minute=0, second=0, microsecond=0)
    share = 1 - (at - hour) / _WINDOW
    row = conn.execute(_SENT, {"hour": hour, "share": share}).fetchone()
    assert row is not None
    return round(float(row[0]))
