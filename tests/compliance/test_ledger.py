"""The ledger: what was decided, kept with all that it was decided by, one by one or a batch at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.compliance.test_gate import LEAD, NOON, judge
from webapp.compliance import decisions
from webapp.compliance.decisions import Decision, LedgerRow, Outcome, Stage
from webapp.models.constants import Reason

HELD = Decision(
    Outcome.HOLD, "gap", "1", "Held: “soon”.", Reason.LANE, NOON + timedelta(minutes=9), {"gap_minutes": 10, "ü": None}
)
BARE = Decision(Outcome.REFUSE, "length", "1", "Skipped: it says nothing.", Reason.UNRESOLVED_FIELD)


def test_an_allowed_text_says_by_which_hours_and_by_whose_consent() -> None:
    kept = json.loads(judge().inputs_json)
    assert kept["states"] == ["TX"]
    assert kept["hours"]
    assert kept["consent_at"] == "2026-12-06T18:00:00+00:00"
    assert kept["solicitations_24h"] == 0


def test_who_is_in_the_same_place_shares_no_more_than_that() -> None:
    earlier = judge(replace(LEAD, consent_at=NOON - timedelta(days=9)))
    assert json.loads(earlier.inputs_json)["consent_at"] == "2026-11-30T18:00:00+00:00"
    assert json.loads(judge().inputs_json)["consent_at"] == "2026-12-06T18:00:00+00:00"


@pytest.mark.parametrize("decision", [HELD, BARE, judge()], ids=["held", "refused", "allowed"])
def test_a_batch_is_kept_as_one_by_one(conn: psycopg.Connection, decision: Decision) -> None:
    rows = [
        LedgerRow(7, 1, Stage.QUEUE, NOON, decision),
        LedgerRow(None, 2, Stage.CLAIM, datetime(2026, 1, 1, tzinfo=UTC), decision, 3, "welcome"),
    ]
    decisions.record(conn, rows)
    decisions.record_many(conn, rows)
    one, two, *batch = _kept(conn)
    assert [one, two] == batch
    assert two[:3] == (None, 2, "claim")
    assert two[-3:] == (json.loads(decision.inputs_json), 3, "welcome")


def test_nothing_to_keep_is_no_error(conn: psycopg.Connection) -> None:
    decisions.record(conn, [])
    decisions.record_many(conn, [])
    assert _kept(conn) == []


def _kept(conn: psycopg.Connection) -> list[tuple[Any, ...]]:
    return conn.execute(
        "SELECT message_id, contact_number_id, stage, at, outcome, reason, rule, rule_version, sentence, inputs, "
        "enrollment_id, step_key FROM decisions ORDER BY id"
    ).fetchall()
