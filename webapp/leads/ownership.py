"""*Assigned to*: ``leads.owner_id`` is the truth, and the conversations of the lead's number repeat it."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.accounts.actors import Actor
from webapp.database import Connection

NOBODY = "There is no such person, or they no longer work here."
_NOT_YOURS_TO_GIVE = "Only a manager makes leads for others. Leave this out, or give your own id."


def complaint(conn: Connection, actor: Actor, owner_id: int | None) -> str | None:
    """Why this actor may not make leads for that user; None when they may. Managers do for anybody who is active."""
    if owner_id is None or owner_id == actor.id:
        return None
    if not actor.sees_all:
        return _NOT_YOURS_TO_GIVE
    return None if can_own(conn, owner_id) else NOBODY


def can_own(conn: Connection, user_id: int) -> bool:
    """True when leads may be assigned to this user: they exist and are active."""
    row = conn.execute("SELECT 1 FROM users WHERE id = %s AND active", (user_id,)).fetchone()
    return row is not None


def assign_lead(conn: Connection, lead_id: int, user_id: int | None) -> bool:
    """Assigns a lead, with its conversations, to a user or to nobody. False when that was so already."""
    values = {"lead_id": lead_id, "user_id": user_id}
    changed = conn.execute(_ASSIGN, values).rowcount == 1
    if changed:
        align_conversations(conn, [lead_id])
    return changed


def align_conversations(conn: Connection, lead_ids: Sequence[int]) -> int:
    """Gives leads the conversations of their contact numbers, old ones included, assigned as the lead is.

    Returns how many conversations changed. An inbox that a conversation leaves has no row left to show it, so its
    owner's ``inbox_version`` says so; what was assigned to nobody leaves the inbox of every other rep.
    """
    return conn.execute(_ALIGN, {"lead_ids": list(lead_ids)}).rowcount


def detach_conversations(conn: Connection, lead_id: int) -> int:
    """Leaves the lead's conversations to their number alone; they keep history and assignment. Returns how many."""
    return conn.execute(_DETACH, {"lead_id": lead_id}).rowcount


def assignee_of_number(conn: Connection, contact_number_id: int) -> int | None:
    """Who has the newest conversation with this number, whether or not there is a lead."""
    row = conn.execute(_ASSIGNEE, {"contact_number_id": contact_number_id}).fetchone()
    return None if row is None else int(row[0])


_ASSIGN = """
UPDATE leads SET owner_id = %(user_id)s
WHERE id = %(lead_id)s AND owner_id IS DISTINCT FROM %(user_id)s::bigint
"""

_ALIGN = """
WITH moving AS (
    SELECT c.id, c.assigned_to AS previous, l.id AS lead_id, l.owner_id
    FROM leads AS l JOIN sms_conversations AS c USING (contact_number_id)
    WHERE l.id = ANY(%(lead_ids)s)
      AND (c.lead_id IS DISTINCT FROM l.id OR c.assigned_to IS DISTINCT FROM l.owner_id)
    ORDER BY c.id
    FOR UPDATE OF c
), told AS (
    UPDATE users AS u SET inbox_version = inbox_version + 1
    WHERE EXISTS (
        SELECT FROM moving AS m
        WHERE m.previous IS DISTINCT FROM m.owner_id
          AND (m.previous = u.id OR (m.previous IS NULL AND u.role = 'rep' AND u.id <> m.owner_id)))
)
UPDATE sms_conversations AS c
SET lead_id = moving.lead_id, assigned_to = moving.owner_id, version = nextval('change_seq')
FROM moving WHERE c.id = moving.id
"""

_DETACH = """
UPDATE sms_conversations SET lead_id = NULL, version = nextval('change_seq') WHERE lead_id = %(lead_id)s
"""

_ASSIGNEE = """
SELECT assigned_to FROM sms_conversations
WHERE contact_number_id = %(contact_number_id)s AND assigned_to IS NOT NULL
ORDER BY last_message_at DESC NULLS LAST, id DESC LIMIT 1
"""
