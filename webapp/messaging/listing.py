"""Conversations and messages as the API lists them: scoped to the actor, one keyset page at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from psycopg.rows import class_row

from webapp.accounts.actors import Actor, visible
from webapp.database import Connection
from webapp.leads.search import text_query
from webapp.messaging.schemas import ConversationOut, ConversationQuery, DecisionOut, MessageOut, MessageQuery

_STATES = ("open", "snoozed", "done")


class Position(NamedTuple):
    """Where a page of conversations ended."""

    last_message_at: datetime
    id: int


def conversations(
    conn: Connection, actor: Actor, wanted: ConversationQuery, after: Position | None
) -> list[ConversationOut]:
    """One row more than ``wanted.limit``, newest first, of what the actor may see; all states when searched."""
    words = text_query(wanted.q)
    if wanted.q and words is None:
        return []
    query = _found_sql(actor, wanted, after) if words else _listed_sql(actor, wanted, after)
    values = {**actor.params(), "limit": wanted.limit + 1, "words": words}
    values |= after._asdict() if after else {}
    with conn.cursor(row_factory=class_row(ConversationOut)) as cursor:
        # A search is planned anew each time: a plan for any words at all may walk the whole table.
        return cursor.execute(query, values, prepare=False if words else None).fetchall()


def messages(conn: Connection, actor: Actor, wanted: MessageQuery, after_id: int) -> list[MessageOut]:
    """One row more than ``wanted.limit``, oldest first, of one conversation or all of a lead's."""
    query = f"{_MESSAGES} AND {_threads_of(wanted)} AND m.id > %(after_id)s ORDER BY m.id LIMIT %(limit)s"
    values = {**actor.params(), **wanted.model_dump(), "after_id": after_id, "limit": wanted.limit + 1}
    with conn.cursor(row_factory=class_row(MessageOut)) as cursor:
        return cursor.execute(query, values).fetchall()


def may_see_thread(conn: Connection, actor: Actor, wanted: MessageQuery) -> bool:
    """Whether the conversation or lead that was named exists for this actor."""
    table, column = ("leads", "owner_id") if wanted.conversation_id is None else ("sms_conversations", "assigned_to")
    query = f"SELECT 1 FROM {table} WHERE id = %(id)s AND {visible(column)}"  # noqa: S608 (our own words)
    values = {**actor.params(), "id": wanted.conversation_id or wanted.lead_id}
    return conn.execute(query, values).fetchone() is not None


def message(conn: Connection, actor: Actor, message_id: int) -> MessageOut | None:
    """The message, if the actor may see its conversation."""
    with conn.cursor(row_factory=class_row(MessageOut)) as cursor:
        return cursor.execute(f"{_MESSAGES} AND m.id = %(id)s", {**actor.params(), "id": message_id}).fetchone()


def message_id_of_key(conn: Connection, client_key: str) -> int | None:
    """The message that was asked for with this ``client_key``, whoever asked."""
    row = conn.execute("SELECT id FROM sms_messages WHERE client_key = %s", [client_key]).fetchone()
    return None if row is None else int(row[0])


def decisions(conn: Connection, message_id: int) -> list[DecisionOut]:
    """The ledger of one message, in order. The caller has made sure that it may be seen."""
    with conn.cursor(row_factory=class_row(DecisionOut)) as cursor:
        return cursor.execute(_DECISIONS, [message_id]).fetchall()


def _listed_sql(actor: Actor, wanted: ConversationQuery, after: Position | None) -> str:
    """Each assignment and state has an index of its own in this order: cut each, unite, sort the few once more."""
    beyond = _beyond(after)
    parts = [
        f"(SELECT * FROM sms_conversations AS c WHERE {owner} AND {state} AND {beyond} {order} LIMIT %(limit)s)"  # noqa: S608
        for owner in _owners(actor, wanted, first_page=after is None)
        for state in _states(wanted)
        for order in [_NEWEST if owner == "true" else _NEWEST_OF_ONE]
    ]
    return f"{_CONVERSATIONS} FROM ({' UNION ALL '.join(parts)}) AS c {_NUMBERS} {_NEWEST} LIMIT %(limit)s"


def _found_sql(actor: Actor, wanted: ConversationQuery, after: Position | None) -> str:
    return f"""
    {_CONVERSATIONS} FROM leads AS l JOIN sms_conversations AS c ON c.lead_id = l.id {_NUMBERS}
    WHERE l.search @@ lower(%(words)s)::tsquery AND ({" OR ".join(_owners(actor, wanted, first_page=False))})
      AND ({" OR ".join(_states(wanted))}) AND {_beyond(after)} {_NEWEST} LIMIT %(limit)s
    """


def _beyond(after: Position | None) -> str:
    """What comes later in the list; nothing was said yet in a conversation without an instant."""
    return "(c.last_message_at, c.id) < (%(last_message_at)s, %(id)s)" if after else "c.last_message_at IS NOT NULL"


def _owners(actor: Actor, wanted: ConversationQuery, *, first_page: bool) -> list[str]:
    """On the first page a range of one value: behind ``=`` the planner may walk everybody's index instead of one's own
    (see ``inbox.selection.MINE``)."""
    mine = "c.assigned_to BETWEEN %(actor_id)s AND %(actor_id)s" if first_page else "c.assigned_to = %(actor_id)s"
    nobodys = "c.assigned_to IS NULL"
    everyone = ["true"] if actor.sees_all else [mine, nobodys]
    return {"mine": [mine], "unassigned": [nobodys], "all": everyone}[wanted.owner]


def _states(wanted: ConversationQuery) -> list[str]:
    if wanted.state == "waiting":
        return ["c.waiting_since IS NOT NULL"]
    return [f"c.state = '{state}'" for state in _STATES if wanted.state in {state, "all"}]


def _threads_of(wanted: MessageQuery) -> str:
    return "c.lead_id = %(lead_id)s" if wanted.conversation_id is None else "c.id = %(conversation_id)s"


_NEWEST = "ORDER BY c.last_message_at DESC, c.id DESC"
_NEWEST_OF_ONE = "ORDER BY c.assigned_to, c.last_message_at DESC, c.id DESC"

_CONVERSATIONS = """
SELECT c.id, c.lead_id, n.e164 AS phone, p.e164 AS sender, c.assigned_to, c.unread, c.last_message_at, c.last_body,
       c.last_direction, CASE WHEN c.waiting_since IS NULL THEN c.state ELSE 'waiting' END AS state
"""
_NUMBERS = """
JOIN contact_numbers AS n ON n.id = c.contact_number_id
JOIN phone_numbers AS p ON p.id = c.phone_number_id
"""
_MESSAGES: Any = f"""
SELECT m.id, m.conversation_id, c.lead_id, m.direction, m.body, m.status, m.reason, m.origin, m.segments, m.cost,
       m.error_code, m.twilio_sid, m.client_key, m.campaign_id, m.step_key, m.created_at, m.sent_at,
       m.delivered_at, CASE WHEN m.status = 'held' THEN m.send_after END AS hold_until,
       COALESCE((SELECT jsonb_agg(jsonb_build_object('id', f.id, 'content_type', f.content_type,
                                                     'filename', f.filename, 'size', f.size) ORDER BY f.id)
                 FROM media AS f WHERE f.message_id = m.id), '[]') AS media
FROM sms_messages AS m JOIN sms_conversations AS c ON c.id = m.conversation_id
WHERE {visible("c.assigned_to")}
"""  # noqa: S608 (our own words)
_DECISIONS = """
SELECT at, stage, outcome, reason, rule, rule_version, sentence, inputs,
       (inputs ->> 'dispatch_until')::timestamptz AS dispatch_until
FROM decisions WHERE message_id = %s ORDER BY id
"""
