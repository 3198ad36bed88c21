"""The tick: enrollments a second, beside SQL that writes the same rows without a rule, and the loop of a tutorial."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias

import psycopg

from bench import seeding, stack
from bench.stack import Servers
from bench.tables import Report, median, spread
from webapp import clock, database
from webapp.accounts import settings as account_settings
from webapp.app import create_app
from webapp.campaigns import tick
from webapp.config import load_settings

SECTION = "tick"
_Way: TypeAlias = Callable[[psycopg.Connection, datetime], int]
_BATCH = 1000
_LOOP = 1000

_CAMPAIGN = """
WITH campaign AS (
    INSERT INTO sms_campaigns (name, kind, status, created_at, updated_at)
    VALUES ('Bench', 'drip', 'running', %(now)s, %(now)s) RETURNING id
), version AS (
    INSERT INTO sms_campaign_versions (campaign_id, number, published_at, created_at)
    SELECT id, 1, %(now)s, %(now)s FROM campaign RETURNING id, campaign_id
), steps AS (
    INSERT INTO sms_campaign_steps (version_id, position, step_key, delay_minutes, variants)
    SELECT v.id, i, 'step' || i, i * 1440, jsonb_build_array(jsonb_build_object('key', 'a', 'body',
           'Hi {{ first_name | default("there") }}, {{ my_name | default("we") }} at {{ business_name }} here: number '
           || i || ' of the houses that you asked about can be seen on Saturday.'))
    FROM version v, generate_series(0, 4) i
), live AS (
    UPDATE sms_campaigns SET live_version_id = version.id FROM version WHERE sms_campaigns.id = version.campaign_id
)
INSERT INTO sms_campaign_enrollments
    (campaign_id, version_id, lead_id, contact_number_id, conversation_id, next_run_at, created_at)
SELECT v.campaign_id, v.id, c.lead_id, c.contact_number_id, c.id, %(now)s - c.id %% 600 * interval '1 second', %(now)s
FROM version v, sms_conversations c
"""

# The same rows, without a rule: what a text says and whether it may go is not asked.
_FLOOR = """
WITH due AS (
    SELECT e.id, e.conversation_id, e.contact_number_id, e.campaign_id, e.position, e.visit, c.phone_number_id,
           nextval('sms_messages_id_seq') AS message_id, l.first_name
    FROM sms_campaign_enrollments e JOIN sms_conversations c ON c.id = e.conversation_id
    JOIN leads l ON l.id = e.lead_id
    WHERE e.status = 'active' AND NOT e.parked AND e.next_run_at <= %(now)s
    ORDER BY e.next_run_at, e.id LIMIT %(batch)s FOR NO KEY UPDATE OF e, c SKIP LOCKED
), stored AS (
    INSERT INTO sms_messages
        (id, conversation_id, contact_number_id, phone_number_id, direction, body, status, origin, automatic,
         solicitation, footer, encoding, segments, cost, created_at, campaign_id, enrollment_id, step_key, visit)
    SELECT message_id, conversation_id, contact_number_id, phone_number_id, 'outbound',
           'Hi ' || first_name || ', we at Bluebonnet here: number 0 of the houses that you asked about can be seen on '
           'Saturday. Reply STOP to opt out.',
           'queued', 'campaign', true, true, true, 'GSM-7', 1, 0.0128, %(now)s, campaign_id, id, 'step' || position,
           visit
    FROM due RETURNING id, conversation_id, body
), told AS (
    INSERT INTO sms_events (at, type, conversation_id, message_id)
    SELECT %(now)s, 'queued', conversation_id, id FROM stored
), ledger AS (
    INSERT INTO decisions (message_id, contact_number_id, stage, at, outcome, rule, rule_version, sentence, inputs,
                           enrollment_id, step_key)
    SELECT message_id, contact_number_id, 'queue', %(now)s, 'allow', 'all rules', '2026-11-25',
           'Allowed: consent on file, and inside the hours where the lead is.',
           '{"at": "2026-12-09T18:00:00+00:00", "zones": ["America/Chicago"], "source": "state", "states": ["TX"],
             "hours": ["account@08:00-21:00", "federal@2026-11-22", "TX@2026-11-22"],
             "consent_at": "2026-09-10T18:00:00+00:00",
             "dispatch_until": "2026-12-10T02:55:00+00:00", "solicitations_24h": 0}', id, 'step' || position
    FROM due
), advanced AS (
    UPDATE sms_campaign_enrollments e
    SET position = due.position + 1, next_run_at = %(now)s + interval '1 day', last_text_at = %(now)s,
        changed_at = now()
    FROM due WHERE e.id = due.id
), shown AS (
    UPDATE sms_conversations c
    SET last_message_at = %(now)s, last_message_id = s.id, last_body = left(s.body, 200), last_direction = 'outbound',
        version = nextval('change_seq')
    FROM stored s WHERE c.id = s.conversation_id
)
SELECT count(*) FROM due
"""


def run(servers: Servers, report: Report, *, quick: bool, rounds: int) -> None:
    sizes = (2_000, 10_000) if quick else (10_000, 100_000)
    create_app(
        load_settings(
            database_url=servers.postgres.url,
            redis_url=servers.valkey.url,
            secret_key="a secret for the bench, 32 characters",
            app_url="http://127.0.0.1:1",
            twilio_api_base_url="http://127.0.0.1:1",
        )
    )
    now = stack.noon()
    clock.start_at(now)
    gc.collect()
    gc.freeze()  # as ``leadline serve`` does before it forks its workers
    try:
        for size in sizes:
            _compare(servers, report, size, rounds, now)
        _idle(servers, report, now)
    finally:
        clock.use_real_time()
        database.close()


def _compare(servers: Servers, report: Report, size: int, rounds: int, now: datetime) -> None:
    ways: dict[str, _Way] = {"SQL floor": _floor, "the tick": _tick}
    rates: dict[str, list[float]] = {name: [] for name in (*ways, "row by row")}
    cpu: dict[str, list[float]] = {name: [] for name in rates}
    for number in range(rounds):
        for name, act in ways.items() if number % 2 == 0 else reversed(ways.items()):
            _seed(servers, size, now)
            rate, spent = _measured(servers, act, now)
            rates[name].append(rate)
            cpu[name].append(spent)
        _seed(servers, _LOOP, now)
        rate, spent = _measured(servers, _row_by_row, now)
        rates["row by row"].append(rate)
        cpu["row by row"].append(spent)
    wall = {name: median(found) for name, found in rates.items()}
    work = {name: median(found) for name, found in cpu.items()}
    report.table(
        SECTION,
        f"{size:,} enrollments due, each with its text, event, ledger row, thread and next moment",
        ("", "a second", "wall / floor", "CPU ms each", "CPU / floor"),
        [
            (
                name,
                spread(rates[name], 0),
                f"{wall['SQL floor'] / wall[name]:.2f}",
                spread(cpu[name], 3),
                f"{work[name] / work['SQL floor']:.2f}",
            )
            for name in rates
        ],
    )


def _seed(servers: Servers, size: int, now: datetime) -> None:
    servers.empty()
    account_settings.forget()
    with servers.connect() as conn:
        seeding.sender(conn, "+15125550100", 1000)
        seeding.leads(conn, size, now=now - timedelta(days=2))
        conn.execute("INSERT INTO settings (key, value) VALUES ('business_name', '\"Bluebonnet\"')")
        conn.execute(_CAMPAIGN, {"now": now})
        conn.execute("VACUUM ANALYZE")
        conn.execute("CHECKPOINT")


def _measured(servers: Servers, act: _Way, now: datetime) -> tuple[float, float]:
    """Enrollments a second, and milliseconds of CPU each, of Postgres and of this process.

    The connection stays open until the end: the work of one that is closed is no longer counted.
    """
    with psycopg.connect(servers.postgres.url) as conn:
        own, theirs, started = time.process_time(), servers.cpu_seconds(), time.perf_counter()
        count = 0
        while done := act(conn, now):
            conn.commit()
            count += done
        seconds = time.perf_counter() - started
        spent = time.process_time() - own + servers.cpu_seconds() - theirs
    return count / seconds, 1000 * spent / count


def _floor(conn: psycopg.Connection, now: datetime) -> int:
    return _rows(conn, now, _BATCH)


def _tick(conn: psycopg.Connection, now: datetime) -> int:
    ran = tick.run_batch(conn, now)
    assert ran.queued == ran.claimed, ran
    return ran.claimed


def _row_by_row(conn: psycopg.Connection, now: datetime) -> int:
    """The loop of a tutorial: one enrollment and one commit at a time, without a rule."""
    return _rows(conn, now, 1)


def _rows(conn: psycopg.Connection, now: datetime, batch: int) -> int:
    row = conn.execute(_FLOOR, {"now": now, "batch": batch}).fetchone()
    return int(row[0]) if row else 0


def _idle(servers: Servers, report: Report, now: datetime) -> None:
    with servers.connect() as conn:
        plan = conn.execute(
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT 1 FROM sms_campaign_enrollments "
            "WHERE status = 'active' AND NOT parked AND next_run_at <= %s LIMIT 1",
            [now - timedelta(days=365)],
        ).fetchone()
    assert plan is not None
    top = plan[0][0]["Plan"]
    report.note(SECTION, f"An idle tick touches {top['Shared Hit Blocks'] + top['Shared Read Blocks']} buffers.")
