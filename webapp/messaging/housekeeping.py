"""Once a day: partitions of ``sms_events`` for the months to come, and an end to raw webhooks past their time."""

from __future__ import annotations

from datetime import date, datetime

from psycopg import sql

from webapp import clock, database
from webapp.accounts import settings as account_settings
from webapp.database import Connection

_MONTHS_AHEAD = 2
_FORGOTTEN_AT_ONCE = 5000
_ROUNDS = 20


def run() -> None:
    """Both, in short transactions."""
    with database.transaction() as conn:
        make_partitions(conn, clock.now())
    for _ in range(_ROUNDS):
        with database.transaction() as conn:
            if forget_raw_webhooks(conn) < _FORGOTTEN_AT_ONCE:
                break


def make_partitions(conn: Connection, now: datetime) -> list[str]:
    """Makes the partitions of the next months, so that none of their rows lands in the default one. Returns new names.

    This month's is made only while the default partition holds nothing of it, as on a new installation.
    """
    made = []
    for ahead in range(_MONTHS_AHEAD + 1):
        start, end = _month(now.date(), ahead), _month(now.date(), ahead + 1)
        name = f"sms_events_{start:%Y_%m}"
        if _exists(conn, name) or _default_has(conn, start, end):
            continue
        conn.execute(
            sql.SQL("CREATE TABLE {} PARTITION OF sms_events FOR VALUES FROM ({}) TO ({})").format(
                sql.Identifier(name), sql.Literal(f"{start} 00:00:00+00"), sql.Literal(f"{end} 00:00:00+00")
            )
        )
        made.append(name)
    return made


def forget_raw_webhooks(conn: Connection) -> int:
    """Deletes applied webhooks older than the settings say, a few thousand at a time. Returns how many.

    They hold bodies; a month is enough to find out what went wrong (compliance facts, section 6). Machine time.
    """
    days = account_settings.load(conn).keep_webhooks_days
    return conn.execute(
        """
        DELETE FROM webhook_receipts WHERE id IN (
            SELECT id FROM webhook_receipts
            WHERE applied_at IS NOT NULL AND received_at < now() - %s * interval '1 day' LIMIT %s)
        """,
        [days, _FORGOTTEN_AT_ONCE],
    ).rowcount


def _month(day: date, ahead: int) -> date:
    years, month = divmod(day.month - 1 + ahead, 12)
    return date(day.year + years, month + 1, 1)


def _exists(conn: Connection, name: str) -> bool:
    row = conn.execute("SELECT to_regclass(%s) IS NOT NULL", [name]).fetchone()
    return row is not None and bool(row[0])


def _default_has(conn: Connection, start: date, end: date) -> bool:
    row = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM sms_events_default WHERE at >= %s AND at < %s)", [start, end]
    ).fetchone()
    return row is not None and bool(row[0])
