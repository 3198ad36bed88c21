"""The campaigns that several benches measure are campaigns as the rooms know them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from flask import Flask

from bench import campaigns, seeding
from webapp.accounts.actors import Actor
from webapp.campaigns import store
from webapp.models.constants import Role

NOW = datetime(2026, 12, 9, 18, tzinfo=UTC)
MAX = Actor(1, "Max", "max@bench.example", Role.MANAGER, "UTC")


def seeded(conn: psycopg.Connection[Any], leads: int) -> None:
    seeding.sender(conn, "+15125550100", 1000)
    seeding.leads(conn, leads, now=NOW)


def test_one_runs_with_a_step_a_day_and_everybody_is_before_the_first(app: Flask, conn: psycopg.Connection) -> None:
    seeded(conn, 7)
    made = campaigns.create(conn, campaigns.FIVE, NOW, at_local=["10:05", None, None, None, None])
    campaigns.enter_everybody(conn, made, NOW, due=NOW, within_seconds=3)
    found = store.find(conn, MAX, made.campaign_id)
    assert found is not None
    assert (found.status, found.live_version_id, found.draft_id) == ("running", made.version_id, None)
    steps = store.shown_version(conn, found).steps
    assert [(step.key, step.delay_minutes, step.at_local) for step in steps] == [
        (f"step{number}", 1440 * number, None if number else "10:05") for number in range(5)
    ]
    assert [step.body for step in steps] == list(campaigns.FIVE)
    rows = conn.execute("SELECT status, position, parked, next_run_at FROM sms_campaign_enrollments").fetchall()
    assert len(rows) == 7
    assert {row[:3] for row in rows} == {("active", 0, False)}
    assert {NOW - row[3] for row in rows} == {timedelta(seconds=each) for each in range(3)}


def test_a_draft_has_everybody_parked_until_its_launch(app: Flask, conn: psycopg.Connection) -> None:
    seeded(conn, 2)
    made = campaigns.create(conn, campaigns.FIVE[:1], NOW, draft=True, pace=2000)
    campaigns.enter_everybody(conn, made, NOW, due=NOW, parked=True)
    found = store.find(conn, MAX, made.campaign_id)
    assert found is not None
    assert (found.status, found.draft_id, found.live_version_id) == ("draft", made.version_id, None)
    assert (found.pace_per_hour, found.launched_at) == (2000, None)
    assert conn.execute("SELECT count(*) FROM sms_campaign_enrollments WHERE parked").fetchone() == (2,)
