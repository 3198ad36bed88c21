"""Why: what the ledger says about texts, and what the gate would say now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from psycopg.rows import class_row

from webapp.accounts.actors import Actor, visible
from webapp.compliance.consent import ledger as consent_ledger
from webapp.compliance.consent.ledger import Entry as ConsentEntry
from webapp.compliance.decisions import Decision
from webapp.database import Connection
from webapp.inbox import composer
from webapp.inbox.threads import Head


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision on one text. ``at`` is business time."""

    message_id: int
    body: str
    at: datetime
    stage: str
    outcome: str
    sentence: str
    rule: str
    rule_version: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A text's beginning, and its decisions in order."""

    body: str
    entries: list[Entry]


def explain(conn: Connection, actor: Actor, first_id: int, last_id: int) -> list[Explained]:
    """The decisions on the texts ``first_id`` to ``last_id`` of the conversation of ``last_id``, if it may be seen."""
    params = actor.params() | {"first": first_id, "last": last_id}
    with conn.cursor(row_factory=class_row(Entry)) as cursor:
        entries = cursor.execute(_EXPLAIN, params).fetchall()
    return [Explained(body, list(of_text)) for (_, body), of_text in groupby(entries, lambda e: (e.message_id, e.body))]


def forecast(conn: Connection, head: Head, now: datetime) -> tuple[Decision, list[ConsentEntry]]:
    """What the gate would say to a text written now, and how consent came and went."""
    return composer.forecast(conn, head, now).decision, consent_ledger.entries(conn, head.contact_number_id)


# A long thread cannot be asked for whole: a group of bubbles is a few texts.
_EXPLAIN = f"""
SELECT m.id AS message_id, left(m.body, 80) AS body, d.at, d.stage, d.outcome, d.sentence, d.rule, d.rule_version
FROM sms_messages last
JOIN sms_conversations c ON c.id = last.conversation_id
JOIN sms_messages m ON m.conversation_id = c.id AND m.id BETWEEN %(first)s AND %(last)s AND m.direction = 'outbound'
JOIN decisions d ON d.message_id = m.id
WHERE last.id = %(last)s AND {visible("c.assigned_to")}
ORDER BY m.id, d.id LIMIT 200
"""  # noqa: S608 (every part is written here)
