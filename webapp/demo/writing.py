"""Writes the demo with one COPY a table; every constraint of the database holds for it as for anything else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from psycopg import sql

from webapp.compliance import decisions, gate
from webapp.compliance.decisions import LedgerRow, Stage
from webapp.database import Connection
from webapp.demo import history, rows
from webapp.demo.history import Placed
from webapp.demo.journeys import Way
from webapp.demo.rows import Launched, Places, Row
from webapp.demo.story import Story
from webapp.demo.threads import ThreadPlan, Turn

#: Whoever wrote so recently is answered, not solicited.
_CONVERSING = timedelta(hours=24)


def write(
    conn: Connection,
    story: Story,
    user_ids: dict[str, int],
    phone_number_id: int,
    around: gate.Circumstances,
    launched: dict[str, Launched],
) -> None:
    """Leads, consents and conversations with all that belongs to them, and the ways through campaigns.

    ``user_ids``: by e-mail address. ``launched``: the campaigns that the ways lead through, by name.
    """
    places = _places(conn, story, user_ids, phone_number_id, launched)
    for thread in story.threads:
        heard = [turn.at for turn in thread.turns if turn.inbound]
        thread.lead.last_inbound_at = heard[-1] if heard else None
    _copy(conn, "contact_numbers", rows.CONTACT, (rows.contact_row(lead, places, around) for lead in story.leads))
    _copy(conn, "leads", rows.LEAD, (rows.lead_row(lead, places, around) for lead in story.leads))
    _copy(
        conn, "consent_events", rows.CONSENT, (row for lead in story.leads for row in rows.consent_rows(lead, places))
    )
    texts = _place(conn, story.threads, places)
    _write_conversations(conn, story, texts, places)
    _write_texts(conn, story, texts, places, around)


def _places(
    conn: Connection, story: Story, user_ids: dict[str, int], phone_number_id: int, launched: dict[str, Launched]
) -> Places:
    phones = [lead.phone for lead in story.leads]
    talking = [*(thread.lead.phone for thread in story.threads), *(way.lead.phone for way in _without_texts(story))]
    ways = [(way.drip.name, way.lead.phone) for way in story.ways]
    return Places(
        user_ids,
        phone_number_id,
        launched,
        lead_ids=dict(zip(phones, _ids(conn, "leads", len(phones)), strict=True)),
        contact_ids=dict(zip(phones, _ids(conn, "contact_numbers", len(phones)), strict=True)),
        conversation_ids=dict(zip(talking, _ids(conn, "sms_conversations", len(talking)), strict=True)),
        enrollment_ids=dict(zip(ways, _ids(conn, "sms_campaign_enrollments", len(ways)), strict=True)),
    )


def _without_texts(story: Story) -> list[Way]:
    return [way for way in story.ways if not way.turns]


def _write_conversations(conn: Connection, story: Story, texts: dict[str, list[Placed]], places: Places) -> None:
    talks = (rows.conversation_row(thread, texts[thread.lead.phone], places) for thread in story.threads)
    _copy(conn, "sms_conversations", rows.CONVERSATION, talks)
    _copy(conn, "sms_conversations", rows.THREAD, (rows.thread_row(way, places) for way in _without_texts(story)))
    ways = (rows.enrollment_row(way, places) for way in story.ways)
    _copy(conn, "sms_campaign_enrollments", rows.ENROLLMENT, ways)


def _write_texts(
    conn: Connection, story: Story, texts: dict[str, list[Placed]], places: Places, around: gate.Circumstances
) -> None:
    placed = sorted((text for one in texts.values() for text in one), key=lambda text: text.id)
    messages = (history.message_row(text, places.phone_number_id) for text in placed)
    _copy(conn, "sms_messages", history.MESSAGE_COLUMNS, messages)
    conn.execute(_NAME_THE_TEXTS_IN_DOUBT)
    conn.execute(_NAME_WHAT_WAS_ANSWERED)
    happened = [row for text in placed for row in history.event_rows(text)]
    happened += [row for thread in story.threads for row in _events_of(thread, places)]
    _copy(conn, "sms_events", history.EVENT_COLUMNS, sorted(happened, key=lambda row: row[0]))
    ledger = [row for one in story.threads for row in history.decisions(one, texts[one.lead.phone], around)]
    ledger += [row for way in story.ways for row in _held(way, places)]
    decisions.record(conn, sorted(ledger, key=lambda row: (row.at, row.message_id or 0)))


def _events_of(thread: ThreadPlan, places: Places) -> Iterator[Row]:
    conversation_id = places.conversation_ids[thread.lead.phone]
    if thread.stopped_by:
        yield history.opt_out_event(thread, conversation_id, rows.stopper(thread.lead, places))
    if thread.lead.doubt_matched:
        yield history.doubt_event(thread, conversation_id)


def _held(way: Way, places: Places) -> Iterator[LedgerRow]:
    """What had to wait before it became a text, or still does."""
    number, enrollment = places.contact_ids[way.lead.phone], places.enrollment(way)
    for held in way.held:
        yield LedgerRow(None, number, Stage.QUEUE, held.at, held.decision, enrollment, held.step_key)


_NAME_THE_TEXTS_IN_DOUBT = """
UPDATE contact_numbers n SET doubt_message_id = c.last_message_id
FROM sms_conversations c WHERE c.contact_number_id = n.id AND n.doubt_at IS NOT NULL
"""


# As campaigns.answers writes it down when it happens.
_NAME_WHAT_WAS_ANSWERED = """
UPDATE sms_campaign_enrollments e
SET replied_at = CASE WHEN e.reason = 'replied' THEN e.ended_at END,
    replied_step = CASE WHEN e.reason = 'replied' THEN last.step_key END,
    opted_out_at = CASE WHEN e.reason = 'opted_out' THEN e.ended_at END,
    opted_out_step = CASE WHEN e.reason = 'opted_out' THEN last.step_key END
FROM (SELECT DISTINCT ON (enrollment_id) enrollment_id, step_key FROM sms_messages
      WHERE enrollment_id IS NOT NULL AND sent_at IS NOT NULL ORDER BY enrollment_id, sent_at DESC) last
WHERE last.enrollment_id = e.id AND e.status = 'stopped' AND e.reason IN ('replied', 'opted_out')
"""


def _place(conn: Connection, threads: Sequence[ThreadPlan], places: Places) -> dict[str, list[Placed]]:
    """All texts by the lead's phone, oldest first; the order in which they were written is that of their ids."""
    turns = sorted(((turn, thread) for thread in threads for turn in thread.turns), key=lambda item: item[0].at)
    placed: dict[str, list[Placed]] = {thread.lead.phone: [] for thread in threads}
    for message_id, (turn, thread) in zip(_ids(conn, "sms_messages", len(turns)), turns, strict=True):
        before = placed[thread.lead.phone]
        before.append(_placed(message_id, turn, thread, before, places))
    return placed


def _placed(message_id: int, turn: Turn, thread: ThreadPlan, before: Sequence[Placed], places: Places) -> Placed:
    phone, said = thread.lead.phone, turn.said
    return Placed(
        message_id,
        places.conversation_ids[phone],
        places.contact_ids[phone],
        None if turn.inbound or said else places.user(thread.owner),
        turn,
        before[-1].id if turn.retries_previous else None,
        solicitation=not turn.inbound and (said is not None or not _heard_lately(turn.at, before)),
        campaign_id=places.launched[said.drip].campaign_id if said else None,
        enrollment_id=places.enrollment_ids[said.drip, phone] if said else None,
    )


def _heard_lately(at: datetime, before: Sequence[Placed]) -> bool:
    return any(text.turn.inbound and at - text.turn.at <= _CONVERSING for text in before)


def _ids(conn: Connection, table: str, count: int) -> list[int]:
    """New ids, in order."""
    query = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    return [row[0] for row in conn.execute(query, [table, count])]


def _copy(conn: Connection, table: str, columns: Sequence[str], given: Iterable[Row]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with conn.cursor() as cursor, cursor.copy(statement) as copy:
        for row in given:
            copy.write_row(row)
