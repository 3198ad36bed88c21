"""Our numbers as a program meets them: listed with how each stands, and resumed where a circuit breaker stopped one."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.api.support import Program, add_conversation, add_lead
from tests.support.people import Cast
from tests.support.world import add_sender
from webapp import clock, database
from webapp.compliance import senders_api, stopped_senders
from webapp.messaging import outbox
from webapp.messaging.outbox import NewText
from webapp.models.constants import Origin

BECAUSE = "2 of its last 8 texts were filtered by carriers; 10% is the limit."


@pytest.fixture
def stopped(sender: str, conn: psycopg.Connection[Any]) -> int:
    """The default number, stopped since noon in Texas."""
    row = conn.execute("SELECT id FROM phone_numbers WHERE e164 = %s", [sender]).fetchone()
    assert row is not None
    with database.transaction() as mine:
        assert stopped_senders.stop(mine, row[0], BECAUSE, 0, clock.now())
    return int(row[0])


def audited(conn: psycopg.Connection[Any], sender_id: int) -> list[tuple[str, int | None]]:
    rows = conn.execute(
        "SELECT action, actor_id FROM audit_log WHERE target = %s ORDER BY id", [f"phone_number:{sender_id}"]
    )
    return rows.fetchall()


def test_each_is_listed_with_how_it_stands(rep: Program, conn: psycopg.Connection, stopped: int) -> None:
    add_sender(conn, "+15125550101")
    answer = rep.get("/api/sms/senders").json or {}
    first, second = answer["items"]
    assert set(first) == set(senders_api.SenderOut.model_fields)
    assert (first["id"], first["phone"], first["is_default"]) == (str(stopped), "+15125550100", True)
    assert (first["active"], first["paused_because"], first["paused_at"]) == (True, BECAUSE, "2026-12-09T18:00:00Z")
    assert (second["is_default"], second["paused_because"], second["paused_at"]) == (False, None, None)
    assert answer["next_cursor"] is None


def test_the_list_has_pages(rep: Program, conn: psycopg.Connection) -> None:
    for number in (1, 2):
        add_sender(conn, f"+1512555010{number}")
    seen, cursor = [], ""
    while cursor is not None:
        page = rep.get("/api/sms/senders", limit="2", **({"cursor": cursor} if cursor else {})).json or {}
        seen += [sender["phone"] for sender in page["items"]]
        cursor = page["next_cursor"]
    assert seen == ["+15125550100", "+15125550101", "+15125550102"]


def test_a_manager_resumes_one_and_what_waited_goes(
    manager: Program, cast: Cast, conn: psycopg.Connection, stopped: int
) -> None:
    thread = add_conversation(add_lead(cast.rep))
    conn.execute("UPDATE contact_numbers SET consent_at = now() - interval '1 day'")
    with database.transaction() as mine:
        waits = outbox.queue(mine, NewText(thread, "Hello", origin=Origin.API, automatic=True), now=clock.now())
    assert waits.status == "held"
    answer = manager.post(f"/api/sms/senders/{stopped}/resume")
    assert answer.status_code == 200, answer.text
    assert (answer.json or {})["paused_because"] is None and (answer.json or {})["paused_at"] is None
    assert conn.execute("SELECT status FROM sms_messages WHERE id = %s", [waits.message_id]).fetchone() == ("queued",)
    assert audited(conn, stopped) == [("sender.stopped", None), ("sender.resumed", cast.manager.id)]


def test_resuming_twice_is_resuming_once(manager: Program, conn: psycopg.Connection, stopped: int) -> None:
    answers = [manager.post(f"/api/sms/senders/{stopped}/resume") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json == answers[1].json
    assert len(audited(conn, stopped)) == 2


def test_a_rep_resumes_none_and_nobody_one_that_is_not_there(
    rep: Program, manager: Program, conn: psycopg.Connection, stopped: int
) -> None:
    assert rep.post(f"/api/sms/senders/{stopped}/resume").status_code == 403
    assert len(audited(conn, stopped)) == 1
    assert manager.post("/api/sms/senders/999999/resume").status_code == 404
