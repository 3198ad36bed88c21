"""How a number stands, as its page, the list and its evidence tell it: by the row that decides, and by every list."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from tests.compliance.support import NOON, PHONE, add_number, agree, hear, one
from tests.inbox.support import Desk, said, words
from webapp import database
from webapp.compliance.consent.giving import ConsentGiven, record_opt_in
from webapp.compliance.public.opt_in import CONFIRM_WITHIN

pytestmark = pytest.mark.usefixtures("noon")

LIST = "/compliance/opt-outs"


def _listed(conn: psycopg.Connection, kind: str, *, active: bool = True) -> None:
    conn.execute(
        "INSERT INTO dnc_lists (kind, name, as_of, active) VALUES (%s, 'Area code 512', '2026-12-01', %s)",
        [kind, active],
    )
    conn.execute("INSERT INTO dnc_entries (list_id, e164) SELECT id, %s FROM dnc_lists", [PHONE])


def test_a_persons_own_stop_is_entered_by_nobody_whoever_wrote_something_later(
    max_: Desk, conn: psycopg.Connection
) -> None:
    number = add_number()
    hear(number, "STOP")
    max_.post(f"{LIST}/{number}/stop", method="phone", note="")
    assert one(conn, "SELECT count(*) FROM consent_events WHERE actor_id IS NOT NULL") == 1
    assert "Max Manager" not in words(max_.get(LIST), "numbers")


def test_what_was_entered_and_taken_back_leaves_no_name(max_: Desk) -> None:
    number = add_number()
    max_.post(f"{LIST}/{number}/stop", method="phone", note="")
    max_.post(f"{LIST}/{number}/undo")
    shown = words(max_.get(LIST, show="none"), "numbers")
    assert "Nothing on file" in shown
    assert "Max Manager" not in shown


def test_who_confirmed_somebody_elses_words_did_not_enter_them(max_: Desk) -> None:
    number = add_number()
    hear(number, "Please stop sending me listings that are over budget")
    max_.post(f"{LIST}/{number}/confirm")
    assert "confirmed by Max Manager" in said(max_.get(f"{LIST}/{number}"))


def test_of_what_is_known_by_its_day_no_time_is_told(max_: Desk) -> None:
    number = add_number()
    hear(number, "STOP", NOON - timedelta(days=9))
    evidence = {"source": "in_person", "day": "2026-12-02", "note": "At the open house", "attested": "y"}
    assert max_.post(f"{LIST}/{number}/opt-in", **evidence).status_code == 303
    page = said(max_.get(f"{LIST}/{number}"))
    assert "Agreed on Wed, Dec 2: Told me in person" in page
    assert "11:59" not in page
    assert "Wed, Dec 2" in words(max_.get(LIST, show="consent"), "numbers")
    assert "11:59" not in words(max_.get(LIST, show="consent"), "numbers")


@pytest.mark.parametrize("page", [LIST, "/compliance/evidence"])
def test_whoever_signed_up_and_has_not_confirmed_is_waited_for(max_: Desk, conn: psycopg.Connection, page: str) -> None:
    number = add_number()
    with database.transaction() as own:
        given = ConsentGiven("web_form", NOON, attested=True, details={"waits_for_confirmation": True})
        record_opt_in(own, number, given, actor_id=None, now=NOON)
    conn.execute("UPDATE contact_numbers SET consent_at = NULL, consent_source = NULL, pending_at = %s", [NOON])
    shown = said(max_.get(f"{page}/{number}"))
    assert "Waits for their YES" in shown
    assert "No consent" not in shown
    conn.execute("UPDATE contact_numbers SET pending_at = %s", [NOON - CONFIRM_WITHIN - timedelta(seconds=1)])
    assert "No consent" in said(max_.get(f"{page}/{number}"))


def test_a_signing_up_that_is_not_confirmed_is_no_agreement(max_: Desk, conn: psycopg.Connection) -> None:
    number = add_number()
    with database.transaction() as own:
        given = ConsentGiven("web_form", NOON, attested=True, details={"waits_for_confirmation": True})
        record_opt_in(own, number, given, actor_id=None, now=NOON)
    assert "Signed up, and was asked to confirm: Filled in our web form" in said(max_.get(f"{LIST}/{number}"))


@pytest.mark.parametrize("page", [LIST, "/compliance/evidence"])
def test_a_list_of_people_who_sue_outweighs_what_is_on_file(max_: Desk, conn: psycopg.Connection, page: str) -> None:
    number = add_number()
    agree(number)
    _listed(conn, "litigator")
    shown = said(max_.get(f"{page}/{number}"))
    assert "Never texted: known to sue" in shown
    assert "On the list Area code 512 (known litigators): never texted, whatever is on file." in shown
    assert "Never texted: known to sue" in words(max_.get(LIST, q="0123"), "numbers")


@pytest.mark.parametrize("page", [LIST, "/compliance/evidence"])
def test_other_lists_are_told_beside_it_while_they_are_in_use(max_: Desk, conn: psycopg.Connection, page: str) -> None:
    number = add_number()
    agree(number)
    _listed(conn, "national")
    assert "On the list Area code 512 (national registry): texted only with consent" in said(
        max_.get(f"{page}/{number}")
    )
    conn.execute("UPDATE dnc_lists SET active = false")
    assert "Area code 512" not in said(max_.get(f"{page}/{number}"))


def test_the_evidence_is_reached_from_the_opt_outs(max_: Desk) -> None:
    page = max_.get(f"/compliance/evidence/{add_number()}").text
    assert '<a href="/compliance/opt-outs" aria-current="page">' in page
