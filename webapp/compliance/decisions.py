"""A decision about one text, and the ledger that keeps every one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from psycopg.types.json import Jsonb

from webapp.database import Connection
from webapp.models.constants import Reason


class Outcome(StrEnum):
    ALLOW = "allow"
    HOLD = "hold"
    REFUSE = "refuse"


class Stage(StrEnum):
    """The gate's three places, and what may happen to a text in between."""

    QUEUE = "queue"
    CLAIM = "claim"
    SEND = "send"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Decision:
    """Allow, hold until ``until`` (business time), or refuse; by which rule, in one sentence for a person."""

    outcome: Outcome
    rule: str
    rule_version: str
    sentence: str
    reason: Reason | None = None
    until: datetime | None = None
    inputs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One entry: which text, at which stage, when (business time), and what was decided.

    A campaign's step that is held or skipped has no text yet: its enrollment and step say whose it is.
    """

    message_id: int | None
    contact_number_id: int
    stage: Stage
    at: datetime
    decision: Decision
    enrollment_id: int | None = None
    step_key: str | None = None


def record(conn: Connection, rows: Iterable[LedgerRow]) -> None:
    """Adds the rows to the ledger, in one statement."""
    listed = list(rows)
    if not listed:
        return
    conn.execute(
        """
        INSERT INTO decisions
            (message_id, contact_number_id, stage, at, outcome, reason, rule, rule_version, sentence, inputs,
             enrollment_id, step_key)
        SELECT * FROM unnest(%b::bigint[], %b::bigint[], %b::text[], %b::timestamptz[], %b::text[], %b::text[],
                             %b::text[], %b::text[], %b::text[], %b::jsonb[], %b::bigint[], %b::text[])
        """,
        [list(column) for column in zip(*map(_values, listed), strict=True)],
    )


def _values(row: LedgerRow) -> tuple[Any, ...]:
    decision = row.decision
    return (
        row.message_id,
        row.contact_number_id,
        row.stage,
        row.at,
        decision.outcome,
        decision.reason,
        decision.rule,
        decision.rule_version,
        decision.sentence,
        Jsonb(decision.inputs),
        row.enrollment_id,
        row.step_key,
    )
