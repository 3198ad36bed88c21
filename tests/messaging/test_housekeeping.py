"""Once a day: room for the events of the months to come, and an end to raw webhooks past their time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest

from webapp import database
from webapp.messaging import housekeeping

NOVEMBER = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)


@pytest.fixture(autouse=True)
def without_partitions(conn: psycopg.Connection) -> Iterator[None]:
    """The tables are as the migrations made them, whatever another test's start has furnished, and stay so."""
    drop_partitions(conn)
    yield
    drop_partitions(conn)


def drop_partitions(conn: psycopg.Connection) -> None:
    for (name,) in conn.execute("SELECT relname FROM pg_class WHERE relname ~ '^sms_events_[0-9]'").fetchall():
        if name.count("_") == 3:
            conn.execute(f"DROP TABLE IF EXISTS {name}")


def make(now: datetime) -> list[str]:
    with database.transaction() as conn:
        return housekeeping.make_partitions(conn, now)


def note(conn: psycopg.Connection, at: str) -> str:
    """An event of this moment; the partition that it lands in."""
    row = conn.execute(
        "INSERT INTO sms_events (at, type) VALUES (%s, 'sent') RETURNING tableoid::regclass::text", [at]
    ).fetchone()
    assert row is not None
    return str(row[0])


def test_this_month_and_two_more_have_their_own_partition(conn: psycopg.Connection) -> None:
    assert make(NOVEMBER) == ["sms_events_2026_11", "sms_events_2026_12", "sms_events_2027_01"]
    assert make(NOVEMBER) == []
    assert note(conn, "2026-12-31T23:59:59Z") == "sms_events_2026_12"
    assert note(conn, "2027-01-01T00:00:00Z") == "sms_events_2027_01"
    assert note(conn, "2027-02-01T00:00:00Z") == "sms_events_default"


def test_a_month_that_has_begun_in_the_default_partition_stays_there(conn: psycopg.Connection) -> None:
    assert note(conn, "2026-12-05T00:00:00Z") == "sms_events_default"
    assert make(NOVEMBER) == ["sms_events_2026_11", "sms_events_2027_01"]


def test_applied_webhooks_go_after_thirty_days_and_others_never(conn: psycopg.Connection) -> None:
    conn.execute(
        """
        INSERT INTO webhook_receipts (dedupe_key, event_type, at, received_at, applied_at) VALUES
            ('old', 'x', now(), now() - interval '31 days', now()), ('new', 'x', now(), now(), now()),
            ('old and waiting', 'x', now(), now() - interval '31 days', NULL)
        """
    )
    with database.transaction() as tx:
        assert housekeeping.forget_raw_webhooks(tx) == 1
    kept = conn.execute("SELECT dedupe_key FROM webhook_receipts ORDER BY id").fetchall()
    assert kept == [("new",), ("old and waiting",)]
