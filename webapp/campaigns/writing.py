"""A decided batch, written back: texts, their events, the ledger, the threads, and each row's next moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg
import structlog

from webapp.campaigns import tick_sql
from webapp.campaigns.deciding import Decided
from webapp.carrier import prices
from webapp.compliance import decisions
from webapp.compliance.decisions import LedgerRow, Stage
from webapp.database import Connection
from webapp.models.constants import EnrollmentStatus

log = structlog.get_logger(__name__)


def write(conn: Connection, decided: Sequence[Decided], now: datetime) -> None:
    """Writes a whole batch. A row that Postgres refuses is set aside with its error, and the others are written."""
    if not decided:
        return
    try:
        with conn.transaction():
            _write_all(conn, decided, now)
    except psycopg.DataError:
        for one in decided:
            _write_alone(conn, one, now)


def _write_alone(conn: Connection, one: Decided, now: datetime) -> None:
    try:
        with conn.transaction():
            _write_all(conn, [one], now)
    except psycopg.DataError as error:
        log.warning("enrollment could not be written", enrollment_id=one.row.id, error=type(error).__name__)
        failed = Decided(
            one.row,
            "failed",
            EnrollmentStatus.FAILED,
            one.row.position,
            error=type(error).__name__,
            sentence="Set aside: this text could not be stored.",
        )
        _write_all(conn, [failed], now)


def _write_all(conn: Connection, decided: Sequence[Decided], now: datetime) -> None:
    sending = [one for one in decided if one.send is not None]
    ids = _message_ids(conn, len(sending))
    with conn.pipeline():
        if sending:
            conn.execute(tick_sql.TEXTS, _texts(sending, ids) | {"now": now})
        decisions.record(conn, _ledger(decided, dict(zip((one.row.id for one in sending), ids, strict=True)), now))
        conn.execute(tick_sql.ADVANCE, _rows(decided, now))


def _message_ids(conn: Connection, count: int) -> list[int]:
    return [row[0] for row in conn.execute(tick_sql.IDS, [count])] if count else []


def _texts(sending: Sequence[Decided], ids: list[int]) -> dict[str, Any]:
    sent = [one.send for one in sending if one.send is not None]
    return {
        "id": ids,
        "conversation_id": [one.row.conversation_id for one in sending],
        "contact_number_id": [one.row.contact_number_id for one in sending],
        "phone_number_id": [one.row.phone_number_id for one in sending],
        "body": [text.body for text in sent],
        "footer": [text.tells_how_to_stop for text in sent],
        "encoding": [text.counted.encoding for text in sent],
        "segments": [text.counted.segments for text in sent],
        "cost": [prices.estimate(text.counted.segments) for text in sent],
        "campaign_id": [one.row.campaign_id for one in sending],
        "enrollment_id": [one.row.id for one in sending],
        "step_key": [one.step_key for one in sending],
        "visit": [one.row.visit for one in sending],
    }


def _ledger(decided: Sequence[Decided], message_ids: dict[int, int], now: datetime) -> list[LedgerRow]:
    return [
        LedgerRow(
            message_ids.get(one.row.id),
            one.row.contact_number_id,
            Stage.QUEUE,
            now,
            one.decision,
            enrollment_id=one.row.id,
            step_key=one.step_key,
        )
        for one in decided
        if one.decision is not None
    ]


def _rows(decided: Sequence[Decided], now: datetime) -> dict[str, Any]:
    return {
        "now": now,
        "id": [one.row.id for one in decided],
        "status": [one.status for one in decided],
        "position": [one.position for one in decided],
        "next_run_at": [one.next_run_at for one in decided],
        "reason": [one.reason for one in decided],
        "sentence": [one.sentence for one in decided],
        "error": [one.error for one in decided],
        "texted_at": [now if one.send else None for one in decided],
    }
