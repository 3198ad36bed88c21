from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tests.api.support import Program, add_conversation, add_lead, add_text, hear
from tests.support.people import Cast
from webapp.messaging.schemas import ConversationOut

PHONES = [f"+1512555{number:04d}" for number in range(10)]


def _items(program: Program, path: str, **query: object) -> list[dict[str, object]]:
    answer = program.get(path, **query)
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    return list(answer.json["items"])


def _conversations(program: Program, **query: object) -> list[object]:
    return [item["id"] for item in _items(program, "/api/sms/conversations", **query)]


@pytest.fixture
def threads(cast: Cast, sender: str, conn: psycopg.Connection, at: Callable[[str], None]) -> dict[str, str]:
    """Rita's that waits, Rita's that is done, nobody's, Otto's; in this order in time."""
    made = {}
    for minute, (name, owner) in enumerate(
        {"waiting": cast.rep, "done": cast.rep, "nobodys": None, "ottos": cast.other_rep}.items()
    ):
        at(f"2026-12-09T18:0{minute}:00Z")
        conversation_id = add_conversation(add_lead(owner, PHONES[minute], first_name=name.title()))
        hear(conn, conversation_id, f"I am {name}")
        made[name] = str(conversation_id)
    conn.execute("UPDATE sms_conversations SET state = 'done', waiting_since = NULL WHERE id = %s", [made["done"]])
    return made


def test_a_conversation_shows_who_and_what(rep: Program, cast: Cast, threads: dict[str, str], sender: str):
    (item,) = _items(rep, "/api/sms/conversations", owner="mine", state="waiting")

    assert set(item) == set(ConversationOut.model_fields)
    assert item == item | {
        "id": threads["waiting"],
        "phone": PHONES[0],
        "sender": sender,
        "assigned_to": str(cast.rep.id),
        "state": "waiting",
        "unread": 1,
        "last_message_at": "2026-12-09T18:00:00Z",
        "last_body": "I am waiting",
        "last_direction": "inbound",
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["nobodys", "done", "waiting"]),
        ({"owner": "mine"}, ["done", "waiting"]),
        ({"owner": "unassigned"}, ["nobodys"]),
        ({"state": "waiting"}, ["nobodys", "waiting"]),
        ({"state": "open"}, ["nobodys", "waiting"]),
        ({"state": "done"}, ["done"]),
        ({"state": "snoozed"}, []),
        ({"q": "waiting"}, ["waiting"]),
        ({"q": "(512) 555-0002"}, ["nobodys"]),
        ({"q": "0003"}, []),
        ({"q": "done", "state": "open"}, []),
        ({"q": "!?"}, []),
    ],
)
def test_a_rep_sees_their_own_and_nobodys(
    rep: Program, threads: dict[str, str], query: dict[str, str], expected: list[str]
):
    assert _conversations(rep, **query) == [threads[name] for name in expected]


def test_a_manager_sees_everything(manager: Program, threads: dict[str, str]):
    assert _conversations(manager) == [threads[name] for name in ("ottos", "nobodys", "done", "waiting")]
    assert _conversations(manager, owner="mine") == []
    assert _conversations(manager, q="Ottos") == [threads["ottos"]]


def test_a_conversation_in_which_nothing_was_said_is_not_listed(manager: Program, cast: Cast):
    add_conversation(add_lead(cast.rep))

    assert _conversations(manager) == []


@pytest.mark.parametrize("query", [{}, {"q": "5125550"}])
def test_pages_of_conversations_miss_and_repeat_nothing(
    manager: Program, threads: dict[str, str], query: dict[str, str]
):
    seen: list[object] = []
    cursor: dict[str, str] = {}
    while True:
        page = manager.get("/api/sms/conversations", limit=1, **query, **cursor).json
        assert page is not None
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    assert seen == [threads[name] for name in ("ottos", "nobodys", "done", "waiting")]


def test_messages_come_oldest_first(rep: Program, cast: Cast, conn: psycopg.Connection):
    lead_id = add_lead(cast.rep)
    conversation_id = add_conversation(lead_id)
    hear(conn, conversation_id, "One")
    add_text(conversation_id, "Two", cast.rep)
    hear(conn, conversation_id, "Three")

    by_conversation = _items(rep, "/api/sms/messages", conversation_id=conversation_id)
    by_lead = _items(rep, "/api/sms/messages", lead_id=lead_id)

    assert [item["body"] for item in by_conversation] == ["One", "Two", "Three"]
    assert by_lead == by_conversation
    assert [item["direction"] for item in by_lead] == ["inbound", "outbound", "inbound"]
    assert [item["status"] for item in by_lead] == ["received", "queued", "received"]


def test_messages_after_one_are_the_later_ones(rep: Program, cast: Cast, conn: psycopg.Connection):
    conversation_id = add_conversation(add_lead(cast.rep))
    first, second, third = (hear(conn, conversation_id, body) for body in ("One", "Two", "Three"))

    later = _items(rep, "/api/sms/messages", conversation_id=conversation_id, after=first)
    none = _items(rep, "/api/sms/messages", conversation_id=conversation_id, after=third)

    assert [item["id"] for item in later] == [str(second), str(third)]
    assert none == []


def test_pages_of_messages_miss_and_repeat_nothing(rep: Program, cast: Cast, conn: psycopg.Connection):
    conversation_id = add_conversation(add_lead(cast.rep))
    sent = [str(hear(conn, conversation_id, f"Text {number}")) for number in range(5)]

    first = rep.get("/api/sms/messages", conversation_id=conversation_id, limit=3).json
    assert first is not None
    rest = rep.get("/api/sms/messages", conversation_id=conversation_id, limit=3, cursor=first["next_cursor"]).json
    assert rest is not None

    assert [item["id"] for item in first["items"] + rest["items"]] == sent
    assert rest["next_cursor"] is None


def test_a_message_lists_its_media(rep: Program, cast: Cast, conn: psycopg.Connection):
    conversation_id = add_conversation(add_lead(cast.rep))
    message_id = hear(conn, conversation_id, "Look")
    conn.execute(
        "INSERT INTO media (message_id, carrier_sid, content_type, filename, size) VALUES (%s, 'ME1', 'image/png', "
        "'house.png', 12)",
        [message_id],
    )

    message = rep.get(f"/api/sms/messages/{message_id}").json

    assert message is not None
    assert message["media"] == [{"id": "1", "content_type": "image/png", "filename": "house.png", "size": 12}]


def test_a_lead_without_messages_has_an_empty_list(rep: Program, cast: Cast):
    assert _items(rep, "/api/sms/messages", lead_id=add_lead(cast.rep)) == []


def test_a_colleagues_thread_is_not_there(rep: Program, threads: dict[str, str], conn: psycopg.Connection):
    row = conn.execute("SELECT lead_id FROM sms_conversations WHERE id = %s", [threads["ottos"]]).fetchone()
    assert row is not None

    assert rep.get("/api/sms/messages", conversation_id=threads["ottos"]).status_code == 404
    assert rep.get("/api/sms/messages", lead_id=row[0]).status_code == 404


@pytest.mark.parametrize("query", [{}, {"conversation_id": "1", "lead_id": "1"}])
def test_messages_are_asked_for_by_conversation_or_lead(rep: Program, query: dict[str, str]):
    assert rep.get("/api/sms/messages", **query).status_code == 422
