"""A decision about one text, and the ledger that keeps every one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

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


_NO_INPUTS: Mapping[str, Any] = MappingProxyType({})


class Decision(NamedTuple):
    """Allow, hold until ``until`` (business time), or refuse; by which rule, in one sentence for a person.

    ``shared`` stands in for ``inputs`` where many have the same: their JSON, made once.
    """

    outcome: Outcome
    rule: str
    rule_version: str
    sentence: str
    reason: Reason | None = None
    until: datetime | None = None
    inputs: Mapping[str, Any] = _NO_INPUTS
    shared: str = ""

    @property
    def inputs_json(self) -> str:
        """All inputs, as the ledger keeps them."""
        return self.shared or json.dumps(dict(self.inputs))


class LedgerRow(NamedTuple):
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


_INSERT = """
INSERT INTO decisions
    (message_id, contact_number_id, stage, at, outcome, reason, rule, rule_version, sentence, inputs, enrollment_id,
     step_key)
SELECT * FROM unnest(%b::bigint[], %b::bigint[], %b::text[], %b::timestamptz[], %b::text[], %b::text[],
                     %b::text[], %b::text[], %b::text[], %b::jsonb[], %b::bigint[], %b::text[])
"""
_COPY = """
COPY decisions
    (message_id, contact_number_id, stage, at, outcome, reason, rule, rule_version, sentence, inputs, enrollment_id,
     step_key)
FROM STDIN (FORMAT BINARY)
"""
_TYPES = (
    "int8", "int8", "text", "timestamptz", "text", "text", "text", "text", "text", "bytea", "int8", "text",
)  # fmt: skip
_BINARY_JSON = b"\x01"  # the version that Postgres's binary form of jsonb begins with


def record(conn: Connection, rows: Iterable[LedgerRow]) -> None:
    """Adds a few rows to the ledger, in one statement."""
    values = [_values(row, row.decision.inputs_json) for row in rows]
    if values:
        conn.execute(_INSERT, [list(column) for column in zip(*values, strict=True)])


def record_many(conn: Connection, rows: Iterable[LedgerRow]) -> None:
    """Likewise a whole batch, by COPY: less work for both sides, two round trips, and not within a pipeline."""
    with conn.cursor().copy(_COPY) as copy:
        copy.set_types(_TYPES)
        for row in rows:
            copy.write_row(_values(row, _BINARY_JSON + row.decision.inputs_json.encode()))


def _values(row: LedgerRow, inputs: str | bytes) -> tuple[Any, ...]:
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
        inputs,
        row.enrollment_id,
        row.step_key,
    )
