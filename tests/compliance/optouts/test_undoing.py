"""A click that decides a doubt can be taken back for a moment, and the doubt is then as old as it was."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from tests.compliance.support import NOON, add_number, hear, one, queue, rows, status, thread_of
from tests.inbox.support import Desk, said
from tests.support.people import Cast
from webapp.compliance.consent import ledger

pytestmark = pytest.mark.usefixtures("noon")

LIST = "/compliance/opt-outs"
UNSURE = "Please stop sending me listings that are over budget"
DOUBT = "SELECT doubt_at, doubt_source, doubt_matched FROM contact_numbers WHERE id = %s"
AGO = NOON - timedelta(days=3)


@pytest.fixture
def number() -> int:
    """Somebody who may have opted out three days ago."""
    number = add_number()
    hear(number, UNSURE, AGO)
    return number


@pytest.mark.parametrize("click", ["confirm", "dismiss"])
def test_the_list_offers_undo_and_the_doubt_has_its_old_date_again(
    max_: Desk, conn: psycopg.Connection, number: int, click: str
) -> None:
    assert max_.post(f"{LIST}/{number}/{click}").location == f"{LIST}?show=confirm#numbers"
    assert one(conn, DOUBT, number) == (None, None, None)
    assert f'action="{LIST}/{number}/undo"' in max_.get(LIST).text
    assert max_.post(f"{LIST}/{number}/undo").status_code == 303
    assert "Taken back: it waits for" in said(max_.get(f"{LIST}/{number}"))
    assert one(conn, DOUBT, number) == (AGO, "natural", "stop sending")
    assert one(conn, "SELECT suppressed_at FROM contact_numbers") is None
    assert ledger.verify(conn) is None


@pytest.mark.parametrize("click", ["confirm", "dismiss"])
def test_the_inbox_offers_it_to_a_rep(rita: Desk, cast: Cast, conn: psycopg.Connection, click: str) -> None:
    _, number, conversation = thread_of(cast.rep, conn)
    text = queue(conversation)
    hear(number, UNSURE, AGO)
    answer = rita.act(f"/inbox/{conversation}/doubt/{click}")
    assert f"/inbox/{conversation}/opt-out/undo" in answer.headers["HX-Trigger"]
    assert status(conn, text) == ("canceled" if click == "confirm" else "queued")
    rita.act(f"/inbox/{conversation}/opt-out/undo")
    assert one(conn, DOUBT, number)[0] == AGO
    assert status(conn, text) == "queued"
    told = "took the opt-out back" if click == "confirm" else "took that back: it may be an opt-out"
    assert f"Rita Rep {told}" in said(rita.get(f"/inbox/{conversation}"))


@pytest.mark.parametrize("since", ["a STOP", "a START", "a minute", "somebody else's"])
def test_it_is_too_late_after(max_: Desk, ada: Desk, conn: psycopg.Connection, number: int, since: str) -> None:
    (ada if since == "somebody else's" else max_).post(f"{LIST}/{number}/dismiss")
    if since.startswith("a S"):
        hear(number, since.removeprefix("a "), NOON)
    if since == "a minute":
        conn.execute("UPDATE audit_log SET at = at - interval '61 seconds'")
    max_.post(f"{LIST}/{number}/undo")
    assert one(conn, DOUBT, number)[0] is None
    assert "Too late to take it back." in said(max_.get(LIST))


def test_nothing_is_taken_back_twice(max_: Desk, conn: psycopg.Connection, number: int) -> None:
    max_.post(f"{LIST}/{number}/dismiss")
    for _ in range(2):
        max_.post(f"{LIST}/{number}/undo")
    assert one(conn, DOUBT, number)[0] == AGO
    max_.post(f"{LIST}/{number}/confirm")
    for _ in range(2):
        max_.post(f"{LIST}/{number}/undo")
    assert one(conn, DOUBT, number)[0] == AGO
    assert rows(conn, "SELECT event FROM consent_events ORDER BY id") == ["opt_out", "reconfirm"]
