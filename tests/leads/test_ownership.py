"""*Assigned to*: one notion, kept in step on leads and conversations, and told to whoever loses one."""

from __future__ import annotations

import psycopg

from tests.leads.support import add_conversation, add_lead, one
from tests.support.people import Cast, Person
from webapp.leads.ownership import assign_lead, can_own


def test_assigning_a_lead_assigns_all_of_its_conversations(conn: psycopg.Connection, cast: Cast) -> None:
    lead_id = add_lead(conn, owner=cast.rep)
    add_conversation(conn, lead_id=lead_id, assigned_to=cast.rep)
    add_conversation(conn, lead_id=lead_id, assigned_to=cast.rep, sender="+15125550101")
    assert assign_lead(conn, lead_id, cast.other_rep.id)
    assert one(conn, "SELECT owner_id FROM leads") == cast.other_rep.id
    assert conn.execute("SELECT DISTINCT assigned_to FROM sms_conversations").fetchall() == [(cast.other_rep.id,)]


def test_who_loses_a_conversation_is_told_and_nobody_else(conn: psycopg.Connection, cast: Cast) -> None:
    lead_id = add_lead(conn, owner=cast.rep)
    add_conversation(conn, lead_id=lead_id, assigned_to=cast.rep)
    assign_lead(conn, lead_id, cast.other_rep.id)
    assert told(conn) == {cast.rep.id}


def test_what_was_nobodys_leaves_the_inbox_of_every_other_rep(conn: psycopg.Connection, cast: Cast) -> None:
    lead_id = add_lead(conn)
    add_conversation(conn, lead_id=lead_id)
    assign_lead(conn, lead_id, cast.rep.id)
    assert told(conn) == {cast.other_rep.id}


def test_assigning_to_nobody_is_allowed(conn: psycopg.Connection, cast: Cast) -> None:
    lead_id = add_lead(conn, owner=cast.rep)
    add_conversation(conn, lead_id=lead_id, assigned_to=cast.rep)
    assert assign_lead(conn, lead_id, None)
    assert one(conn, "SELECT assigned_to FROM sms_conversations") is None


def test_assigning_to_the_same_person_changes_nothing(conn: psycopg.Connection, cast: Cast) -> None:
    lead_id = add_lead(conn, owner=cast.rep)
    add_conversation(conn, lead_id=lead_id, assigned_to=cast.rep)
    before = one(conn, "SELECT version FROM sms_conversations")
    assert not assign_lead(conn, lead_id, cast.rep.id)
    assert one(conn, "SELECT version FROM sms_conversations") == before
    assert told(conn) == set()


def test_only_active_people_can_own(conn: psycopg.Connection, cast: Cast) -> None:
    conn.execute("UPDATE users SET active = false WHERE id = %s", (cast.other_rep.id,))
    people: list[Person] = [cast.admin, cast.manager, cast.rep, cast.other_rep]
    assert [can_own(conn, person.id) for person in people] == [True, True, True, False]
    assert not can_own(conn, 999)


def told(conn: psycopg.Connection) -> set[int]:
    return {row[0] for row in conn.execute("SELECT id FROM users WHERE inbox_version > 0")}
