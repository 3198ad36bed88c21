"""A decided batch, written back: texts, their events, the ledger, the threads, and each row's next moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import psycopg
import structlog

from webapp.campaigns import tick_sql
from webapp.campaigns.deciding import HAD_IT, Claimed, Decided
from webapp.campaigns.engine import Send
from webapp.carrier import prices
from webapp.compliance import decisions
from webapp.compliance.decisions import LedgerRow, Stage
from webapp.database import Connection, int_array
from webapp.models.constants import EnrollmentStatus

#: What Postgres may have against one row's text: what is in it, or that it is there already.
_REFUSED = (psycopg.DataError, psycopg.errors.UniqueViolation)

#: A text's id, and the row that it is of.
_Text: TypeAlias = tuple[int, Decided]

log = structlog.get_logger(__name__)


def write(conn: Connection, deciding: Iterable[Decided], count: int, now: datetime) -> list[Decided]:
    """Writes a whole batch of ``count`` rows, and returns it: each is decided on while Postgres stores those before it.

    A row that Postgres refuses is searched for by halves and set aside with its error; the others are written.
    """
    decided: list[Decided] = []
    coming = iter(deciding)
    try:
        with conn.transaction():
            _write_all(conn, coming, decided, count, now)
    except _REFUSED:
        decided.extend(coming)
        _write_parts(conn, decided, now)
    return decided


def _write_parts(conn: Connection, decided: list[Decided], now: datetime) -> None:
    middle = len(decided) // 2
    for part in (decided[:middle], decided[middle:]) if middle else (decided,):
        try:
            with conn.transaction():
                _write_all(conn, part, [], len(part), now)
        except _REFUSED as error:
            if len(part) > 1:
                _write_parts(conn, part, now)
            else:
                _write_all(conn, [_without_its_text(part[0], error)], [], 1, now)


def _without_its_text(one: Decided, error: psycopg.Error) -> Decided:
    """The row whose text cannot be stored, or is there already."""
    if isinstance(error, psycopg.errors.UniqueViolation):
        return one._replace(outcome="skipped", send=None, decision=HAD_IT, sentence=HAD_IT.sentence)
    log.warning("enrollment could not be written", enrollment_id=one.row.id, error=type(error).__name__)
    return Decided(
        one.row,
        "failed",
        EnrollmentStatus.FAILED,
        one.row.position,
        error=type(error).__name__,
        sentence="Set aside: this text could not be stored.",
    )


def _write_all(
    conn: Connection, deciding: Iterable[Decided], decided: list[Decided], count: int, now: datetime
) -> None:
    """``decided`` gets each as it comes out of ``deciding``."""
    if not count:
        return
    texts = _store(conn, deciding, decided, _message_ids(conn, count), now)
    decisions.record_many(conn, _ledger(decided, texts, now))
    if texts:
        conn.execute(tick_sql.TEXTED, _texted(texts, now))
    without = [one for one in decided if one.send is None]
    if without:
        conn.execute(tick_sql.ADVANCE, _advanced(without, now))


def _message_ids(conn: Connection, count: int) -> list[int]:
    """One for each row: those of rows that get no text are left out."""
    row = conn.cursor(binary=True).execute(tick_sql.IDS, [count]).fetchone()
    assert row is not None
    ids: list[int] = row[0]
    return ids


def _store(
    conn: Connection, deciding: Iterable[Decided], decided: list[Decided], ids: list[int], now: datetime
) -> list[_Text]:
    texts = []
    with conn.cursor().copy(tick_sql.TEXTS) as copy:
        copy.set_types(tick_sql.TEXT_TYPES)
        for message_id, one in zip(ids, deciding, strict=True):
            decided.append(one)
            if one.send is not None:
                texts.append((message_id, one))
                copy.write_row(_text(message_id, one.row, one.send, one.step_key, now))
    return texts


def _text(message_id: int, row: Claimed, sent: Send, step_key: str | None, now: datetime) -> tuple[Any, ...]:
    counted = sent.counted
    return (
        message_id, row.conversation_id, row.contact_number_id, row.phone_number_id, "outbound", sent.body, "queued",
        "campaign", True, True, sent.tells_how_to_stop, counted.encoding, counted.segments,
        prices.estimate(counted.segments), now, row.campaign_id, row.id, step_key, row.visit,
    )  # fmt: skip


def _ledger(decided: Sequence[Decided], texts: Sequence[_Text], now: datetime) -> Iterator[LedgerRow]:
    message_ids = {one.row.id: message_id for message_id, one in texts}
    for one in decided:
        if one.decision is not None:
            row = one.row
            yield LedgerRow(
                message_ids.get(row.id), row.contact_number_id, Stage.QUEUE, now, one.decision, row.id, one.step_key
            )


def _texted(texts: Sequence[_Text], now: datetime) -> dict[str, Any]:
    return {
        "now": now,
        "id": int_array(message_id for message_id, _ in texts),
        "conversation_id": int_array(one.row.conversation_id for _, one in texts),
        "body": [one.send.body for _, one in texts if one.send],
        "enrollment_id": int_array(one.row.id for _, one in texts),
        "position": int_array(one.position for _, one in texts),
        "next_run_at": [one.next_run_at for _, one in texts],
    }


def _advanced(without: Sequence[Decided], now: datetime) -> dict[str, Any]:
    return {
        "now": now,
        "id": [one.row.id for one in without],
        "status": [one.status for one in without],
        "position": [one.position for one in without],
        "next_run_at": [one.next_run_at for one in without],
        "reason": [one.reason for one in without],
        "sentence": [one.sentence for one in without],
        "error": [one.error for one in without],
    }
