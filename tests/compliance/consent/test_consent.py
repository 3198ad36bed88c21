"""The consent ledger: what is written, what holds, and that nobody can change it unseen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg.errors import RestrictViolation

from tests.compliance.support import NOON, add_number, hear, one, rows
from tests.support.people import Cast
from tests.support.races import at_once, warm_up
from webapp import database
from webapp.compliance.consent import giving, ledger, seals
from webapp.compliance.consent.giving import ConsentGiven, channel_of, lapses_at
from webapp.compliance.consent.ledger import Broken
from webapp.compliance.consent.seals import BrokenSeal
from webapp.models.constants import ConsentChannel, ConsentKind

pytestmark = pytest.mark.usefixtures("app")

STANDING = "SELECT consent_at, consent_source, consent_channel, consent_until FROM contact_numbers WHERE id = %s"


def give(number: int, given: ConsentGiven, now: datetime = NOON) -> bool:
    with database.transaction() as conn:
        return giving.record_opt_in(conn, number, given, actor_id=None, now=now)


def seal(conn: psycopg.Connection) -> None:
    with database.transaction() as own:
        seals.seal(own, one(conn, "SELECT max(id) FROM consent_events"))


def tamper(conn: psycopg.Connection, sql: str, *params: object) -> None:
    """As a superuser who switches the trigger off."""
    with conn.transaction():
        conn.execute("ALTER TABLE consent_events DISABLE TRIGGER consent_events_append_only")
        conn.execute(sql, params)
        conn.execute("ALTER TABLE consent_events ENABLE TRIGGER consent_events_append_only")


def chain_again(conn: psycopg.Connection, number: int) -> None:
    """What a forger does who knows how the hashes are made."""
    previous: bytes | None = None
    for row_id in rows(conn, "SELECT id FROM consent_events WHERE contact_number_id = %s ORDER BY id", number):
        tamper(conn, "UPDATE consent_events SET prev_hash = %s WHERE id = %s", previous, row_id)
        tamper(conn, "UPDATE consent_events e SET row_hash = consent_row_hash(e) WHERE id = %s", row_id)
        previous = one(conn, "SELECT row_hash FROM consent_events WHERE id = %s", row_id)


# --- What is written --------------------------------------------------------------------------------------------------


def test_a_consent_is_written_with_all_its_evidence(conn: psycopg.Connection, cast: Cast) -> None:
    number = add_number()
    disclosure = one(
        conn, "INSERT INTO disclosures (kind, text, sha256) VALUES ('opt_in', 'I agree', sha256('I')) RETURNING id"
    )
    given = ConsentGiven(
        "web_form",
        NOON,
        attested=True,
        note="Spring form",
        scope="marketing",
        disclosure_id=disclosure,
        details={"page_url": "https://agency.test/join", "ip": "192.0.2.7", "user_agent": "A browser"},
    )
    with database.transaction() as own:
        giving.record_opt_in(own, number, given, actor_id=cast.rep.id, now=NOON)

    written = one(
        conn,
        "SELECT event, scope, channel, source, occurred_at, expires_at, disclosure_id, actor_id, note, details->>'ip'"
        " FROM consent_events",
    )
    assert written == (
        *("opt_in", "marketing", "web", "web_form", NOON, None, disclosure, cast.rep.id, "Spring form", "192.0.2.7"),
    )
    assert one(conn, STANDING, number) == (NOON, "web_form", "web", None)


@pytest.mark.parametrize(
    ("source", "channel"),
    [
        ("web_form", ConsentChannel.WEB),
        ("in_person", ConsentChannel.VERBAL),
        ("phone_call", ConsentChannel.VERBAL),
        ("paper_form", ConsentChannel.PAPER),
        ("Paper form", ConsentChannel.PAPER),
        ("email", ConsentChannel.EMAIL),
        ("keyword", ConsentChannel.KEYWORD),
        ("carrier", ConsentChannel.CARRIER),
        ("sign-in sheet", ConsentChannel.OTHER),
    ],
)
def test_the_channel_is_read_from_the_source(source: str, channel: ConsentChannel) -> None:
    assert channel_of(source) is channel


def test_a_channel_that_is_given_is_taken(conn: psycopg.Connection) -> None:
    give(add_number(), ConsentGiven("web_form", attested=True, channel=ConsentChannel.API))
    assert one(conn, "SELECT channel FROM consent_events") == "api"


def test_without_somebody_who_vouches_nothing_is_written(conn: psycopg.Connection) -> None:
    assert not give(add_number(), ConsentGiven("web_form"))
    assert one(conn, "SELECT count(*) FROM consent_events") == 0


@pytest.mark.parametrize(
    ("kind", "at", "until"),
    [
        (ConsentKind.IMPLIED_PURCHASE, "2026-12-09", "2028-12-09"),
        (ConsentKind.IMPLIED_INQUIRY, "2026-12-09", "2027-06-09"),
        (ConsentKind.IMPLIED_INQUIRY, "2026-08-31", "2027-02-28"),
        (ConsentKind.IMPLIED_PURCHASE, "2024-02-29", "2026-02-28"),
    ],
)
def test_an_implied_consent_lapses(kind: ConsentKind, at: str, until: str) -> None:
    began = datetime.fromisoformat(at).replace(tzinfo=UTC)
    lapses = lapses_at(ConsentGiven("import", kind=kind), began)
    assert lapses == datetime.fromisoformat(until).replace(tzinfo=UTC)


def test_an_implied_consent_never_takes_the_place_of_an_expressed_one(conn: psycopg.Connection) -> None:
    number = add_number()
    give(number, ConsentGiven("in_person", NOON - timedelta(days=90), attested=True))
    give(number, ConsentGiven("crm", NOON, attested=True, kind=ConsentKind.IMPLIED_PURCHASE))
    assert one(conn, STANDING, number)[1:] == ("in_person", "verbal", None)


def test_an_expressed_consent_takes_the_place_of_an_implied_one_even_if_it_is_older(conn: psycopg.Connection) -> None:
    number = add_number()
    give(number, ConsentGiven("crm", NOON, attested=True, kind=ConsentKind.IMPLIED_INQUIRY))
    assert one(conn, STANDING, number)[3] is not None
    give(number, ConsentGiven("paper_form", NOON - timedelta(days=90), attested=True))
    assert one(conn, STANDING, number)[1:] == ("paper_form", "paper", None)


def test_of_two_implied_consents_the_one_that_lasts_longer_holds(conn: psycopg.Connection) -> None:
    number = add_number()
    give(number, ConsentGiven("crm", NOON - timedelta(days=30), attested=True, kind=ConsentKind.IMPLIED_PURCHASE))
    until = one(conn, STANDING, number)[3]
    give(number, ConsentGiven("crm", NOON, attested=True, kind=ConsentKind.IMPLIED_INQUIRY))
    assert one(conn, STANDING, number)[3] == until


def test_a_stop_takes_every_consent_and_says_by_which_rule(conn: psycopg.Connection) -> None:
    number = add_number()
    give(number, ConsentGiven("web_form", attested=True, kind=ConsentKind.IMPLIED_INQUIRY))
    hear(number, "STOP", sid="IM1")
    assert one(conn, STANDING, number) == (None, None, None, None)
    stop = one(
        conn, "SELECT channel, details->>'rule', details->>'message_sid' FROM consent_events WHERE event = 'opt_out'"
    )
    assert stop == ("keyword", "keyword.stop", "IM1")
    assert one(conn, "SELECT details->>'engine' FROM consent_events WHERE event = 'opt_out'")


def test_a_start_is_the_consent_of_somebody_who_had_given_none(conn: psycopg.Connection) -> None:
    number = add_number()
    hear(number, "START")
    assert one(conn, STANDING, number) == (NOON, "keyword", "keyword", None)


def test_a_start_leaves_what_was_agreed_before(conn: psycopg.Connection) -> None:
    number = add_number()
    give(number, ConsentGiven("web_form", NOON - timedelta(days=1), attested=True))
    hear(number, "START")
    assert one(conn, STANDING, number)[1] == "web_form"


def test_a_consent_does_not_lift_a_suppression(conn: psycopg.Connection) -> None:
    number = add_number()
    hear(number, "STOP")
    give(number, ConsentGiven("in_person", NOON + timedelta(hours=1), attested=True))
    assert one(conn, "SELECT suppressed_at IS NOT NULL AND consent_at IS NULL FROM contact_numbers")


# --- That nobody can change it unseen ---------------------------------------------------------------------------------


@pytest.fixture
def told(conn: psycopg.Connection) -> int:
    """A number with three rows, among others."""
    number, other = add_number(1), add_number(2)
    give(number, ConsentGiven("web_form", attested=True))
    give(other, ConsentGiven("in_person", attested=True))
    hear(number, "STOP")
    hear(number, "START", NOON + timedelta(minutes=1))
    return number


def test_what_was_only_added_to_holds(conn: psycopg.Connection, told: int) -> None:
    seal(conn)
    hear(told, "STOP", NOON + timedelta(minutes=2))
    seal(conn)
    assert ledger.verify(conn) is None
    assert ledger.verify(conn, told) is None
    assert seals.verify(conn) is None
    assert rows(conn, "SELECT rows FROM consent_seals ORDER BY id") == [4, 1]


@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["consent_events", "consent_seals"])
def test_the_database_refuses_to_change_it(conn: psycopg.Connection, told: int, table: str, sql: str) -> None:
    seal(conn)
    with pytest.raises(RestrictViolation, match="append-only"):
        conn.execute(sql.format(table))


@pytest.mark.parametrize(
    "change",
    [
        "event = 'opt_in'",
        "note = 'never'",
        "occurred_at = occurred_at - interval '1 second'",
        "source = 'manual'",
        "actor_id = NULL, attested = false",
        'details = details || \'{"ip": "192.0.2.1"}\'',
        "expires_at = now()",
        "scope = 'marketing'",
    ],
)
def test_a_changed_row_is_named(conn: psycopg.Connection, told: int, change: str) -> None:
    changed = one(conn, "SELECT id FROM consent_events WHERE contact_number_id = %s AND event = 'opt_out'", told)
    tamper(conn, f"UPDATE consent_events SET {change} WHERE id = %s", changed)
    assert ledger.verify(conn) == ledger.verify(conn, told) == Broken(changed, told, "changed")


def test_a_row_taken_from_the_middle_is_missed_by_the_one_after_it(conn: psycopg.Connection, told: int) -> None:
    ids = rows(conn, "SELECT id FROM consent_events WHERE contact_number_id = %s ORDER BY id", told)
    tamper(conn, "DELETE FROM consent_events WHERE id = %s", ids[1])
    assert ledger.verify(conn) == Broken(ids[2], told, "unlinked")


def test_another_numbers_chain_is_not_blamed(conn: psycopg.Connection, told: int) -> None:
    tamper(conn, "UPDATE consent_events SET note = 'x' WHERE contact_number_id = %s", told)
    other = one(conn, "SELECT max(id) FROM contact_numbers")
    assert ledger.verify(conn, other) is None


def test_a_chain_written_anew_and_one_cut_off_show_in_the_seal(conn: psycopg.Connection, told: int) -> None:
    seal(conn)
    broken = BrokenSeal(1, one(conn, "SELECT max(id) FROM consent_events"))
    tamper(conn, "UPDATE consent_events SET note = 'forged' WHERE contact_number_id = %s AND event = 'opt_out'", told)
    chain_again(conn, told)
    assert ledger.verify(conn) is None, "the forger has made the chain whole"
    assert seals.verify(conn) == broken


def test_a_number_whose_rows_are_gone_shows_in_the_seal(conn: psycopg.Connection, told: int) -> None:
    seal(conn)
    tamper(conn, "DELETE FROM consent_events WHERE contact_number_id = %s", told)
    assert ledger.verify(conn) is None
    assert seals.verify(conn) is not None


def test_a_seal_covers_the_one_before_it(conn: psycopg.Connection, told: int) -> None:
    seal(conn)
    hear(told, "STOP", NOON + timedelta(minutes=2))
    seal(conn)
    with conn.transaction():
        conn.execute("ALTER TABLE consent_seals DISABLE TRIGGER consent_seals_append_only")
        conn.execute("UPDATE consent_seals SET hash = sha256('another') WHERE id = 1")
        conn.execute("ALTER TABLE consent_seals ENABLE TRIGGER consent_seals_append_only")
    broken = seals.verify(conn)
    assert broken is not None
    assert broken.seal_id == 1


def test_the_ledger_is_sealed_once_a_day(conn: psycopg.Connection, told: int) -> None:
    assert seals.seal_if_due() is not None
    hear(told, "STOP", NOON + timedelta(minutes=2))
    assert seals.seal_if_due() is None
    conn.execute("INSERT INTO consent_seals (at, up_to_id, rows, hash) VALUES (now() - interval '21 hours', 4, 4, 'x')")
    assert seals.seal_if_due() is not None
    assert seals.seal_if_due() is None


def test_what_does_not_hold_is_audited(conn: psycopg.Connection, told: int) -> None:
    seal(conn)
    with database.transaction() as own:
        assert seals.look_over(own)
    tamper(conn, "UPDATE consent_events SET note = 'x' WHERE contact_number_id = %s", told)
    chain_again(conn, told)
    tamper(conn, "UPDATE consent_events SET note = 'y' WHERE id = (SELECT min(id) FROM consent_events)")
    with database.transaction() as own:
        assert not seals.look_over(own)
    audited = rows(conn, "SELECT action, split_part(target, ':', 1) FROM audit_log ORDER BY id")
    assert audited == [("ledger.broken", "consent row"), ("ledger.broken", "seal")]


def test_an_empty_ledger_needs_no_seal(conn: psycopg.Connection) -> None:
    assert seals.seal_if_due() is None
    assert seals.verify(conn) is None


def test_a_row_that_is_being_written_is_not_sealed_over(
    conn: psycopg.Connection, told: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its id is lower than those of rows that come while it waits: a seal over them would miss it for ever."""
    monkeypatch.setattr(seals, "_BETWEEN_TRIES_SECONDS", 0.001)
    with database.transaction() as writing:
        giving.record_opt_in(writing, told, ConsentGiven("web_form", attested=True), actor_id=None, now=NOON)
        give(add_number(3), ConsentGiven("in_person", attested=True))
        assert seals.seal_if_due() is None
    assert seals.seal_if_due() is not None
    assert seals.verify(conn) is None


def test_writers_at_the_same_moment_never_fork_a_chain(conn: psycopg.Connection) -> None:
    number = add_number()
    warm_up(12)
    acts: list[Callable[[], object]] = [
        lambda minute=minute: give(number, ConsentGiven("web_form", NOON + timedelta(minutes=minute), attested=True))
        for minute in range(6)
    ]
    acts += [lambda word=word: hear(number, word) for word in ("STOP", "START", "STOP", "START", "STOP", "START")]
    for _ in range(3):
        at_once(acts)
    assert one(conn, "SELECT count(*) FROM consent_events") == 36
    assert one(conn, "SELECT count(DISTINCT prev_hash) FROM consent_events") == 35, "each follows another one"
    assert ledger.verify(conn) is None


def test_two_batches_of_the_same_numbers_do_not_wait_for_each_other(conn: psycopg.Connection) -> None:
    numbers = [add_number(last) for last in range(30)]
    given = ConsentGiven("import", attested=True)

    def batch(order: list[int]) -> bool:
        with database.transaction() as own:
            return giving.record_opt_ins(own, order, given, actor_id=None, now=NOON)

    warm_up(4)
    assert all(at_once([lambda: batch(numbers), lambda: batch(numbers[::-1])] * 2))
    assert one(conn, "SELECT count(*) FROM consent_events") == 120
    assert ledger.verify(conn) is None
