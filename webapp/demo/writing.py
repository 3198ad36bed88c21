"""Writes the demo with one COPY a table; every constraint of the database holds for it as for anything else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb

from webapp.compliance import decisions, gate
from webapp.compliance.consent.giving import channel_of
from webapp.database import Connection
from webapp.demo import history
from webapp.demo.history import Placed
from webapp.demo.people import LeadPlan
from webapp.demo.story import Story
from webapp.demo.team import Member
from webapp.demo.threads import ThreadPlan, Turn
from webapp.models.constants import ConsentChannel, ConsentEvent, SuppressionSource

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Places:
    """What the rows refer to: people by their addresses, our number, and each lead's ids by its phone."""

    user_ids: dict[str, int]
    phone_number_id: int
    lead_ids: dict[str, int]
    contact_ids: dict[str, int]

    def user(self, member: Member | None) -> int | None:
        return self.user_ids[member.email] if member else None


def write(
    conn: Connection, story: Story, user_ids: dict[str, int], phone_number_id: int, around: gate.Circumstances
) -> None:
    """Leads, consents and conversations with all that belongs to them. ``user_ids``: by e-mail address."""
    phones = [lead.phone for lead in story.leads]
    places = Places(
        user_ids,
        phone_number_id,
        lead_ids=dict(zip(phones, _ids(conn, "leads", len(phones)), strict=True)),
        contact_ids=dict(zip(phones, _ids(conn, "contact_numbers", len(phones)), strict=True)),
    )
    for thread in story.threads:
        heard = [turn.at for turn in thread.turns if turn.inbound]
        thread.lead.last_inbound_at = heard[-1] if heard else None
    _copy(conn, "contact_numbers", _CONTACT, (_contact_row(lead, places, around) for lead in story.leads))
    _copy(conn, "leads", _LEAD, (_lead_row(lead, places, around) for lead in story.leads))
    _copy(conn, "consent_events", _CONSENT, (row for lead in story.leads for row in _consent_rows(lead, places)))
    _write_threads(conn, story.threads, places, around)


def _write_threads(conn: Connection, threads: Sequence[ThreadPlan], places: Places, around: gate.Circumstances) -> None:
    conversation_ids = _ids(conn, "sms_conversations", len(threads))
    placed = _place(conn, threads, conversation_ids, places)
    of_thread = dict(zip(conversation_ids, threads, strict=True))
    texts: dict[int, list[Placed]] = {conversation_id: [] for conversation_id in conversation_ids}
    for text in placed:
        texts[text.conversation_id].append(text)
    _copy(
        conn,
        "sms_conversations",
        _CONVERSATION,
        (_conversation_row(id_, thread, texts[id_], places) for id_, thread in of_thread.items()),
    )
    rows = (history.message_row(text, places.phone_number_id) for text in placed)
    _copy(conn, "sms_messages", history.MESSAGE_COLUMNS, rows)
    conn.execute(_NAME_THE_TEXTS_IN_DOUBT)
    happened = [row for text in placed for row in history.event_rows(text)]
    happened += [
        history.opt_out_event(thread, id_, _stopper(thread.lead, places))
        for id_, thread in of_thread.items()
        if thread.stopped_by
    ]
    happened += [history.doubt_event(thread, id_) for id_, thread in of_thread.items() if thread.lead.doubt_matched]
    _copy(conn, "sms_events", history.EVENT_COLUMNS, sorted(happened, key=lambda row: row[0]))
    ledger = (row for id_, thread in of_thread.items() for row in history.decisions(thread, texts[id_], around))
    decisions.record(conn, sorted(ledger, key=lambda row: (row.at, row.message_id)))


_NAME_THE_TEXTS_IN_DOUBT = """
UPDATE contact_numbers n SET doubt_message_id = c.last_message_id
FROM sms_conversations c WHERE c.contact_number_id = n.id AND n.doubt_at IS NOT NULL
"""


def _place(
    conn: Connection, threads: Sequence[ThreadPlan], conversation_ids: Sequence[int], places: Places
) -> list[Placed]:
    """All texts in the order in which they were written, which is the order of their ids."""
    turns = [
        (turn, id_, thread) for id_, thread in zip(conversation_ids, threads, strict=True) for turn in thread.turns
    ]
    turns.sort(key=lambda item: item[0].at)
    placed: list[Placed] = []
    newest: dict[int, int] = {}
    for message_id, (turn, conversation_id, thread) in zip(_ids(conn, "sms_messages", len(turns)), turns, strict=True):
        placed.append(
            Placed(
                message_id,
                conversation_id,
                places.contact_ids[thread.lead.phone],
                None if turn.inbound else places.user(thread.owner),
                turn,
                newest[conversation_id] if turn.retries_previous else None,
            )
        )
        newest[conversation_id] = message_id
    return placed


_CONTACT = (
    *("id", "e164", "suppressed_at", "suppression_source", "suppression_reason", "consent_at", "consent_source"),
    *("consent_channel", "doubt_at", "doubt_source", "doubt_matched", "last_inbound_at", "simulated", "created_at"),
)


def _contact_row(lead: LeadPlan, places: Places, around: gate.Circumstances) -> Row:
    consents = lead.consent_source is not None and lead.suppressed_at is None
    return (
        *(places.contact_ids[lead.phone], lead.phone),
        *(lead.suppressed_at, lead.suppression_source, lead.suppression_reason),
        *((lead.consent_at, lead.consent_source) if consents else (None, None)),
        channel_of(lead.consent_source) if consents and lead.consent_source else None,
        *((lead.last_inbound_at, SuppressionSource.NATURAL, lead.doubt_matched) if lead.doubt_matched else _NO_DOUBT),
        *(lead.last_inbound_at, around.simulated, lead.created_at),
    )


_LEAD = (
    *("id", "contact_number_id", "phone", "first_name", "last_name", "email", "state", "postal_code", "tags", "custom"),
    *("owner_id", "score", "source", "simulated", "created_at", "updated_at"),
)


def _lead_row(lead: LeadPlan, places: Places, around: gate.Circumstances) -> Row:
    named = bool(lead.first_name)
    postal_code = lead.area.postal_codes[places.lead_ids[lead.phone] % len(lead.area.postal_codes)]
    return (
        *(places.lead_ids[lead.phone], places.contact_ids[lead.phone], lead.phone, lead.first_name, lead.last_name),
        *((lead.email, lead.area.state, postal_code) if named else (None, None, None)),
        *(lead.tags, Jsonb(lead.custom if named else {}), places.user(lead.owner), lead.score, lead.source),
        *(around.simulated, lead.created_at, lead.created_at),
    )


_NO_DOUBT = (None, None, None)
_CONSENT = ("contact_number_id", "event", "source", "channel", "occurred_at", "attested", "actor_id", "note")


def _consent_rows(lead: LeadPlan, places: Places) -> Iterator[Row]:
    contact_id = places.contact_ids[lead.phone]
    if lead.consent_source:
        channel = channel_of(lead.consent_source)
        yield (contact_id, ConsentEvent.OPT_IN, lead.consent_source, channel, lead.created_at, True, None, None)
    if lead.suppressed_at:
        who, source, why = _stopper(lead, places), lead.suppression_source or "", lead.suppression_reason
        told = ConsentChannel.VERBAL if source == SuppressionSource.MANUAL else channel_of(source)
        yield (contact_id, ConsentEvent.OPT_OUT, source, told, lead.suppressed_at, True, who, why)


def _stopper(lead: LeadPlan, places: Places) -> int | None:
    """Who entered an opt-out that was not texted."""
    return places.user(lead.owner) if lead.suppression_source == SuppressionSource.MANUAL else None


_CONVERSATION = (
    *("id", "contact_number_id", "phone_number_id", "lead_id", "assigned_to", "state", "waiting_since"),
    *("snoozed_until", "unread", "last_message_at", "last_message_id", "last_body", "last_direction"),
    *("last_inbound_at", "created_at"),
)


def _conversation_row(conversation_id: int, thread: ThreadPlan, texts: Sequence[Placed], places: Places) -> Row:
    lead, last = thread.lead, texts[-1]
    unanswered = _said_last(thread.turns)
    waits = thread.waits and bool(unanswered)
    return (
        *(conversation_id, places.contact_ids[lead.phone], places.phone_number_id, places.lead_ids[lead.phone]),
        *(places.user(thread.owner), thread.state, unanswered[0].at if waits else None, thread.snoozed_until),
        *(len(unanswered) if waits else 0, last.turn.at, last.id, last.turn.body[:200]),
        *("inbound" if last.turn.inbound else "outbound", lead.last_inbound_at, thread.created_at),
    )


def _said_last(turns: Sequence[Turn]) -> list[Turn]:
    """The lead's texts since our last one."""
    start = len(turns)
    while start and turns[start - 1].inbound:
        start -= 1
    return list(turns[start:])


def _ids(conn: Connection, table: str, count: int) -> list[int]:
    """New ids, in order."""
    query = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    return [row[0] for row in conn.execute(query, [table, count])]


def _copy(conn: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with conn.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
