"""A flood of opt-outs from the carrier stops and asks; what people say themselves is never held back."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from tests.compliance.support import NOON, add_number, hear, one, rows
from tests.support.people import Cast
from tests.support.world import add_sender
from webapp import database
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.compliance import usage
from webapp.compliance.optouts import floods
from webapp.compliance.optouts.floods import Flood
from webapp.compliance.optouts.suppressions import Cause
from webapp.models.constants import Role, SuppressionSource

MOST = 10


@pytest.fixture(autouse=True)
def account(conn: psycopg.Connection, cast: Cast) -> Actor:
    """Ten an hour are no flood; somebody manages."""
    conn.execute("INSERT INTO settings (key, value) VALUES ('suppression_flood', '10')")
    account_settings.forget()
    manager = cast.manager
    return Actor(manager.id, manager.name, manager.email, Role.MANAGER, "America/Chicago")


def texts_went(conn: psycopg.Connection, count: int, minutes_ago: int = 0) -> None:
    sender = one(conn, "SELECT coalesce(max(id), 0) FROM phone_numbers") or add_sender(conn, "+15125550100")
    with database.transaction() as own:
        usage.record(own, [(sender, 1)] * count, NOON - timedelta(minutes=minutes_ago))


def reported(first: int, count: int, minutes: float = 0) -> list[int]:
    """So many numbers, as the carrier reports them."""
    numbers = [add_number(last) for last in range(first, first + count)]
    for number in numbers:
        cause = Cause(SuppressionSource.CARRIER, "21610", NOON + timedelta(minutes=minutes))
        with database.transaction() as conn:
            floods.take(conn, number, cause, now=NOON + timedelta(minutes=minutes))
    return numbers


def suppressed(conn: psycopg.Connection) -> int:
    return int(one(conn, "SELECT count(*) FROM contact_numbers WHERE suppressed_at IS NOT NULL"))


def waiting(conn: psycopg.Connection) -> int:
    return int(one(conn, "SELECT count(*) FROM contact_numbers WHERE doubt_at IS NOT NULL"))


def test_up_to_the_measure_everybody_is_opted_out(conn: psycopg.Connection) -> None:
    texts_went(conn, 20)
    reported(0, MOST)
    assert (suppressed(conn), waiting(conn)) == (MOST, 0)


def test_beyond_it_they_wait_for_a_person(conn: psycopg.Connection) -> None:
    texts_went(conn, 20)
    reported(0, MOST + 5)
    assert (suppressed(conn), waiting(conn)) == (MOST, 5)
    assert rows(conn, "SELECT DISTINCT doubt_source FROM contact_numbers WHERE doubt_at IS NOT NULL") == ["carrier"]
    assert floods.present(conn) == Flood(waiting=5, since=NOON, reported=MOST + 5, sent=20)


def test_many_among_very_many_texts_are_no_flood(conn: psycopg.Connection) -> None:
    texts_went(conn, 1000)
    reported(0, MOST + 5)
    assert (suppressed(conn), waiting(conn)) == (MOST + 5, 0)


def test_only_the_last_hour_counts(conn: psycopg.Connection) -> None:
    texts_went(conn, 20)
    reported(0, MOST)
    reported(MOST, 3, minutes=61)
    assert (suppressed(conn), waiting(conn)) == (MOST + 3, 0)


def test_of_the_texts_an_hour_before_only_their_share_counts(conn: psycopg.Connection) -> None:
    """It is a whole hour; half past, half of those in the hour before are within sixty minutes."""
    texts_went(conn, 150, minutes_ago=30)
    assert not floods.is_flood(conn, NOON)
    reported(0, MOST, minutes=30)
    assert floods.is_flood(conn, NOON + timedelta(minutes=30))


def test_a_flood_that_goes_on_stays_one(conn: psycopg.Connection) -> None:
    """Those that wait count as well: it does not let ten through every hour."""
    reported(0, MOST + 20)
    reported(MOST + 20, 15, minutes=59)
    reported(MOST + 35, 5, minutes=61)
    assert (suppressed(conn), waiting(conn)) == (MOST, 40)


def test_what_people_text_themselves_is_never_held_back_and_does_not_count(conn: psycopg.Connection) -> None:
    for last in range(MOST + 5):
        hear(add_number(last), "STOP")
    assert not floods.is_flood(conn, NOON)
    reported(100, MOST + 5)
    assert waiting(conn) == 5
    hear(add_number(200), "STOP")
    waits = one(conn, "SELECT id FROM contact_numbers WHERE doubt_at IS NOT NULL ORDER BY id LIMIT 1")
    hear(waits, "STOP", NOON + timedelta(minutes=1))
    assert (suppressed(conn), waiting(conn)) == (2 * MOST + 7, 4)


def test_they_are_real_opts_all_out(conn: psycopg.Connection, account: Actor) -> None:
    reported(0, MOST + 5)
    with database.transaction() as own:
        assert floods.settle(own, account, real=True, now=NOON + timedelta(hours=2)) == 5
    assert (suppressed(conn), waiting(conn), floods.present(conn)) == (MOST + 5, 0, None)
    assert one(conn, "SELECT count(*) FROM consent_events WHERE source = 'carrier' AND actor_id = %s", account.id) == 5
    assert one(conn, "SELECT action, details FROM audit_log") == ("flood.confirmed", {"numbers": 5})


def test_the_carrier_was_wrong_dismisses_all(conn: psycopg.Connection, account: Actor) -> None:
    reported(0, MOST + 5)
    with database.transaction() as own:
        assert floods.settle(own, account, real=False, now=NOON + timedelta(hours=2)) == 5
    assert (suppressed(conn), waiting(conn), floods.present(conn)) == (MOST, 0, None)
    assert rows(conn, "SELECT action FROM audit_log ORDER BY id") == [*["opt_out.dismissed"] * 5, "flood.dismissed"]


def test_a_persons_own_doubt_is_no_part_of_it(conn: psycopg.Connection, account: Actor) -> None:
    number = add_number(500)
    conn.execute("UPDATE contact_numbers SET doubt_at = now(), doubt_source = 'natural' WHERE id = %s", [number])
    reported(0, MOST + 1)
    with database.transaction() as own:
        assert floods.settle(own, account, real=True, now=NOON) == 1
    assert waiting(conn) == 1
