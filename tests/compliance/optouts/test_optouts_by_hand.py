"""Opt-outs that a person enters, takes back, confirms or dismisses; and whether a lead may be texted now."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from flask import Flask

from tests.compliance.support import NOON, add_number, agree, hear, one, queue, rows, status, thread_of
from tests.inbox.support import Desk, said, words
from tests.inbox.support import hear as notice
from tests.support.people import Cast
from webapp.compliance.consent import ledger

pytestmark = pytest.mark.usefixtures("noon")

STANDING = "SELECT suppressed_at IS NOT NULL, suppression_source, consent_source FROM contact_numbers WHERE id = %s"


# --- Told in another way ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "channel", "words_"),
    [
        ("phone", "verbal", "by phone"),
        ("email", "email", "by e-mail"),
        ("in_person", "verbal", "in person"),
        ("letter", "paper", "by letter"),
    ],
)
def test_a_rep_enters_what_a_lead_of_theirs_said(
    rita: Desk, cast: Cast, conn: psycopg.Connection, method: str, channel: str, words_: str
) -> None:
    _, number, conversation = thread_of(cast.rep, conn)
    text = queue(conversation)
    answer = rita.act(f"/inbox/{conversation}/opt-out", method=method, note="  to\n me ")
    assert status(conn, text) == "canceled"
    assert one(conn, STANDING, number) == (True, "manual", None)
    written = one(
        conn, "SELECT channel, actor_id, note, details ->> 'method' FROM consent_events WHERE event = 'opt_out'"
    )
    assert written == (channel, cast.rep.id, f"{words_}: to me", method)
    assert f"Opted out ({words_}: to me, entered by Rita Rep)" in said(answer)


def test_a_moment_later_it_can_be_taken_back_with_all_that_it_did(
    rita: Desk, cast: Cast, conn: psycopg.Connection
) -> None:
    _, _, conversation = thread_of(cast.rep, conn)
    text = queue(conversation)
    scheduled = queue(conversation, "Later", send_at=NOON.replace(day=11))
    consent = one(conn, "SELECT consent_at, consent_source, consent_channel FROM contact_numbers")
    rita.act(f"/inbox/{conversation}/opt-out", method="phone")
    undone = rita.post(f"/inbox/{conversation}/opt-out/undo")
    assert undone.status_code == 303
    assert (status(conn, text), status(conn, scheduled)) == ("queued", "held")
    assert one(conn, "SELECT suppressed_at FROM contact_numbers") is None
    assert one(conn, "SELECT consent_at, consent_source, consent_channel FROM contact_numbers") == consent
    assert rows(conn, "SELECT event FROM consent_events ORDER BY id")[-2:] == ["opt_out", "reconfirm"]
    assert ledger.verify(conn) is None
    assert "Rita Rep took the opt-out back" in said(rita.get(f"/inbox/{conversation}"))


@pytest.mark.parametrize("since", ["a STOP", "a minute", "somebody else's"])
def test_it_cannot_be_taken_back_once(rita: Desk, max_: Desk, cast: Cast, conn: psycopg.Connection, since: str) -> None:
    _, number, conversation = thread_of(cast.rep, conn)
    (max_ if since == "somebody else's" else rita).act(f"/inbox/{conversation}/opt-out", method="phone")
    if since == "a STOP":
        hear(number, "STOP")
    if since == "a minute":
        with conn.transaction():
            conn.execute("ALTER TABLE consent_events DISABLE TRIGGER consent_events_append_only")
            conn.execute("UPDATE consent_events SET recorded_at = recorded_at - interval '61 seconds'")
            conn.execute("ALTER TABLE consent_events ENABLE TRIGGER consent_events_append_only")
    rita.act(f"/inbox/{conversation}/opt-out/undo")
    assert one(conn, "SELECT suppressed_at IS NOT NULL FROM contact_numbers")


def test_taking_back_never_opens_what_was_closed_before(max_: Desk, conn: psycopg.Connection) -> None:
    number = add_number()
    hear(number, "STOP")
    max_.post(f"/compliance/opt-outs/{number}/stop", method="phone", note="")
    max_.post(f"/compliance/opt-outs/{number}/undo")
    assert one(conn, STANDING, number)[:2] == (True, "keyword")


def test_the_same_from_the_leads_own_page(rita: Desk, cast: Cast, conn: psycopg.Connection) -> None:
    lead, number, _ = thread_of(cast.rep, conn)
    assert "They told us to stop" in rita.get(f"/leads/{lead}").text
    assert rita.post(f"/leads/{lead}/opt-out", method="letter", note="").location == f"/leads/{lead}"
    assert one(conn, STANDING, number)[:2] == (True, "manual")
    page = rita.get(f"/leads/{lead}")
    assert "Opted out by letter." in said(page)
    rita.post(f"/leads/{lead}/opt-out/undo")
    assert not one(conn, STANDING, number)[0]


def test_a_way_that_is_none_opts_nobody_out(rita: Desk, cast: Cast, conn: psycopg.Connection) -> None:
    lead, number, conversation = thread_of(cast.rep, conn)
    assert rita.act(f"/inbox/{conversation}/opt-out", method="pigeon").status_code == 422
    rita.post(f"/leads/{lead}/opt-out", method="pigeon", note="")
    assert not one(conn, STANDING, number)[0]


def test_what_is_another_reps_cannot_be_touched(app: Flask, cast: Cast, conn: psycopg.Connection) -> None:
    lead, _, conversation = thread_of(cast.rep, conn)
    otto = Desk(app, cast.other_rep)
    conn.execute("UPDATE contact_numbers SET doubt_at = now(), doubt_source = 'natural', doubt_matched = 'x'")
    for path in (
        *(f"/inbox/{conversation}/opt-out", f"/inbox/{conversation}/opt-out/undo", f"/leads/{lead}/opt-out"),
        *(
            f"/leads/{lead}/opt-out/undo",
            f"/inbox/{conversation}/doubt/confirm",
            f"/inbox/{conversation}/doubt/dismiss",
        ),
    ):
        assert otto.post(path, method="phone").status_code == 404
    assert otto.get(f"/inbox/leads/{lead}/standing").status_code == 404
    assert one(conn, "SELECT suppressed_at IS NULL AND doubt_at IS NOT NULL FROM contact_numbers")


# --- In the thread ----------------------------------------------------------------------------------------------------


@pytest.fixture
def doubtful(cast: Cast, conn: psycopg.Connection) -> int:
    """Rita's conversation with somebody whose text may be an opt-out."""
    _, _, conversation = thread_of(cast.rep, conn)
    conn.execute(
        "UPDATE contact_numbers SET doubt_at = %s, doubt_source = 'natural', doubt_matched = 'leave me be'", [NOON]
    )
    return conversation


def test_a_doubt_is_put_before_whoever_reads_the_thread(rita: Desk, doubtful: int) -> None:
    shown = words(rita.get(f"/inbox/{doubtful}"), "doubt")
    for part in ("This may be an opt-out", "“leave me be”", "Automatic texts wait", "10 business days left"):
        assert part in shown


def test_the_list_shows_where_somebody_must_decide(rita: Desk, doubtful: int, conn: psycopg.Connection) -> None:
    notice(conn, doubtful, "please leave me be")
    assert "Opt-out?" in words(rita.get("/inbox"), f"row-{doubtful}")


def test_one_click_opts_out(rita: Desk, doubtful: int, conn: psycopg.Connection, cast: Cast) -> None:
    answer = rita.act(f"/inbox/{doubtful}/doubt/confirm")
    assert words(answer, "closed").startswith("Ann opted out on")
    assert one(conn, "SELECT suppression_source FROM contact_numbers") == "natural"
    assert one(conn, "SELECT actor_id FROM consent_events WHERE event = 'opt_out'") == cast.rep.id


def test_one_click_dismisses(rita: Desk, doubtful: int, conn: psycopg.Connection) -> None:
    answer = rita.act(f"/inbox/{doubtful}/doubt/dismiss")
    assert "Not an opt-out, says Rita Rep" in said(answer)
    assert one(conn, "SELECT doubt_at FROM contact_numbers") is None
    assert "May be an opt-out" not in rita.get(f"/inbox/{doubtful}").text


@pytest.mark.parametrize(
    ("body", "rule", "source", "line"),
    [
        ("please stop texting me", "natural.stop_contact", "natural", "Opted out (“stop texting”)"),
        (
            *("You have the wrong number", "natural.wrong_number", "wrong_number"),
            "Opted out: the number belongs to somebody else",
        ),
    ],
)
def test_a_sure_stop_in_their_own_words_takes_the_same_road(
    rita: Desk, cast: Cast, conn: psycopg.Connection, body: str, rule: str, source: str, line: str
) -> None:
    _, number, conversation = thread_of(cast.rep, conn)
    text = queue(conversation)
    conn.execute("UPDATE sms_conversations SET waiting_since = now(), unread = 1")
    hear(number, body, sid="IM7")
    assert (status(conn, text), one(conn, STANDING, number)[1]) == ("canceled", source)
    assert one(conn, "SELECT waiting_since FROM sms_conversations") is None
    assert one(
        conn, "SELECT details ->> 'rule', details ->> 'message_sid' FROM consent_events WHERE event = 'opt_out'"
    ) == (*(rule, "IM7"),)
    assert line in said(rita.get(f"/inbox/{conversation}"))


# --- May we text this person now? -------------------------------------------------------------------------------------


def test_the_answer_for_a_lead_in_one_sentence(
    rita: Desk, cast: Cast, conn: psycopg.Connection, at: Callable[[str], None]
) -> None:
    lead, number, _ = thread_of(cast.rep, conn)
    line = f"/inbox/leads/{lead}/standing/line"
    assert line in rita.get(f"/leads/{lead}").text
    assert "By hand once you say how they agreed; no automatic texts without consent." in said(rita.fetch(line))
    agree(number)
    assert "Yes, by hand and automatically." in said(rita.fetch(line))
    conn.execute("UPDATE contact_numbers SET doubt_at = now(), doubt_source = 'natural', doubt_matched = 'x'")
    assert "By hand yes; automatic texts wait." in said(rita.fetch(line))
    hear(number, "STOP")
    assert "No: the lead texted “STOP” on 9 Dec 2026." in said(rita.fetch(line))
    page = said(rita.get(f"/inbox/leads/{lead}/standing"))
    for part in ("By hand. Refused", "Automatic. Refused", "Rule: opt-out", "Agreed: Filled in our web form"):
        assert part in page


def test_at_night_the_answer_says_when(
    rita: Desk, cast: Cast, conn: psycopg.Connection, at: Callable[[str], None]
) -> None:
    lead, number, _ = thread_of(cast.rep, conn)
    agree(number)
    at("2026-12-10T04:00:00Z")
    assert "Not before Thu 9:00 AM in Texas." in said(rita.fetch(f"/inbox/leads/{lead}/standing/line"))
