"""Enrolling, launching, moving to a new version: milliseconds a lead, beside SQL that writes the same rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias

import psutil
import psycopg

from bench import campaigns, enrolling_sql, inside, seeding, stack
from bench.stack import Servers
from bench.tables import Report, median, spread
from webapp import database
from webapp.accounts import settings as account_settings
from webapp.accounts import users
from webapp.accounts.actors import Actor
from webapp.campaigns import store
from webapp.campaigns.drafts import moving_over, publishing
from webapp.campaigns.joining import enrolling_many
from webapp.campaigns.joining.enrolling import Entry
from webapp.campaigns.steering import running
from webapp.jobs import bulk, bulk_runner
from webapp.leads import bulk_work, filters

SECTION = "enrolling"
_LOOP = 1000
_TEXTS = [
    f'Hi {{{{ first_name | default("there") }}}}, number {number} of the houses can be seen on Saturday.'
    for number in range(5)
]
#: Does it for everybody, and commits. Returns for how many leads.
_Way: TypeAlias = Callable[[Actor, int, datetime], int]


def run(servers: Servers, report: Report, *, quick: bool, rounds: int) -> None:
    """Enrolls, launches, moves. Beside each way its floor, in the same run."""
    with inside.leadline(servers.postgres.url, servers.valkey.url) as now:
        for size in (2_000,) if quick else (10_000, 100_000):
            _enroll(servers, report, size, rounds, now)
            _launch(servers, report, size, rounds, now)
            _move(servers, report, size, rounds, now)


def _enroll(servers: Servers, report: Report, size: int, rounds: int, now: datetime) -> None:
    ways: dict[str, _Way] = {"SQL floor": _floor, "by the API": _at_once, "bulk operation": _in_bulk}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in (*ways, "one by one")}
    for number in range(rounds):
        for name, act in ways.items() if number % 2 == 0 else reversed(ways.items()):
            found[name].append(_measured(act, *_seed(servers, size, now), now))
        found["one by one"].append(_measured(_one_by_one, *_seed(servers, min(size, _LOOP), now), now))
    _tell(report, f"{size:,} leads enrolled, each with its thread and first moment", found)


def _launch(servers: Servers, report: Report, size: int, rounds: int, now: datetime) -> None:
    ways: dict[str, _Way] = {"SQL floor": _started_by_sql, "launched": _launched}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for number in range(rounds):
        for name, act in ways.items() if number % 2 == 0 else reversed(ways.items()):
            actor, campaign_id = _seed(servers, size, now)
            _floor(actor, campaign_id, now)
            with database.transaction() as conn:
                conn.execute(enrolling_sql.BACK_TO_DRAFT)
            _settle(servers)
            found[name].append(_measured(act, actor, campaign_id, now))
    _tell(report, f"{size:,} leads of a draft begin at its launch", found)


def _move(servers: Servers, report: Report, size: int, rounds: int, now: datetime) -> None:
    waited: list[float] = []
    ways: dict[str, _Way] = {"SQL floor": _moved_by_sql, "published, all moved": partial(_publish, waited)}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for number in range(rounds):
        for name, act in ways.items() if number % 2 == 0 else reversed(ways.items()):
            actor, campaign_id = _seed(servers, size, now)
            _floor(actor, campaign_id, now)
            _draft(servers, actor, campaign_id, now)
            found[name].append(_measured(act, actor, campaign_id, now))
    _tell(report, f"{size:,} leads who wait for step 2 moved to a new version", found)
    report.note(SECTION, f"Whoever publishes waits {spread([1000 * each for each in waited], 0)} ms for the answer.")


def _tell(report: Report, title: str, found: dict[str, list[tuple[float, float]]]) -> None:
    """``found``: of each way seconds and CPU milliseconds, per thousand leads."""
    floor_wall, floor_work = (median([each[n] for each in found["SQL floor"]]) for n in (0, 1))
    rows = []
    for name, each in found.items():
        wall, work = [one[0] for one in each], [one[1] for one in each]
        rows.append(
            (name, spread(wall), f"{median(wall) / floor_wall:.2f}", spread(work), f"{median(work) / floor_work:.2f}")
        )
    report.table(SECTION, title, ("", "ms a lead", "wall / floor", "CPU ms each", "CPU / floor"), rows)


def _seed(servers: Servers, size: int, now: datetime) -> tuple[Actor, int]:
    """Leads whom nobody has written to, and a campaign that runs: who enrolls, and the campaign's id."""
    database.close()  # a worker that did something else before; its plans are not those of the last round
    servers.empty()
    account_settings.forget()
    with servers.connect() as conn:
        seeding.sender(conn, "+15125550100", 1000)
        seeding.leads(conn, size, now=now - timedelta(days=2), threads=False)
        row = conn.execute(enrolling_sql.MANAGER).fetchone()
        assert row is not None
        made = campaigns.create(conn, _TEXTS, now, at_local=["10:05"] * len(_TEXTS), launched_by=row[0])
        conn.execute("VACUUM ANALYZE")
        conn.execute("CHECKPOINT")
        return users.get(conn, row[0]).actor, made.campaign_id


def _draft(servers: Servers, actor: Actor, campaign_id: int, now: datetime) -> None:
    """Everybody has had a text, and the steps that follow are to come a day later."""
    with database.transaction() as conn:
        conn.execute(enrolling_sql.ON_THE_WAY, {"now": now})
        campaign = store.find(conn, actor, campaign_id)
        assert campaign is not None
        live = store.shown_version(conn, campaign)
        store.set_draft(conn, campaign, now, new_steps=[*live.steps[1:], live.steps[0]])
    _settle(servers)


def _settle(servers: Servers) -> None:
    database.close()
    with servers.connect() as conn:
        conn.execute("VACUUM ANALYZE")
        conn.execute("CHECKPOINT")


def _measured(act: _Way, actor: Actor, campaign_id: int, now: datetime) -> tuple[float, float]:
    """Milliseconds, and those of CPU of this process and of the one of Postgres that serves it, each a lead."""
    with database.autocommit() as conn:
        served_by = psutil.Process(conn.info.backend_pid)
    own, theirs, started = time.process_time(), stack.cpu_seconds(served_by), time.perf_counter()
    count = act(actor, campaign_id, now)
    seconds = time.perf_counter() - started
    spent = time.process_time() - own + stack.cpu_seconds(served_by) - theirs
    return 1000 * seconds / count, 1000 * spent / count


def _floor(_actor: Actor, campaign_id: int, now: datetime) -> int:
    given = {"now": now, "campaign": campaign_id, "most": None}
    with database.transaction() as conn:
        conn.execute(enrolling_sql.THREADS, given)
        return conn.execute(enrolling_sql.ENTER, given).rowcount


def _at_once(actor: Actor, campaign_id: int, now: datetime) -> int:
    """Everybody in one transaction."""
    with database.transaction() as conn:
        campaign = store.find(conn, actor, campaign_id, lock=True)
        assert campaign is not None
        query = filters.leads_sql(filters.EVERYBODY, actor, now)
        lead_ids = [row[0] for row in conn.execute(query.sql, query.params)]
        outcomes = running.enroll(conn, campaign, lead_ids, actor, now)
    assert outcomes[Entry.ENROLLED] == len(lead_ids), outcomes
    return len(lead_ids)


def _in_bulk(actor: Actor, campaign_id: int, now: datetime) -> int:
    """As the worker for long work does it, with progress that is kept after each batch."""
    params = {"campaign_id": campaign_id, "name": "Bench"}
    with database.transaction() as conn:
        query = filters.leads_sql(filters.EVERYBODY, actor, now)
        operation_id = bulk_work.begin(conn, actor, enrolling_many.ACTION, params, query)
    bulk_runner.run(operation_id, bulk_work.plan, seconds=600)
    return _count(campaign_id)


def _one_by_one(actor: Actor, campaign_id: int, now: datetime) -> int:
    """The loop of a tutorial, each lead in a transaction of its own."""
    with database.autocommit() as conn:
        lead_ids = [row[0] for row in conn.execute("SELECT id FROM leads ORDER BY id")]
    for lead_id in lead_ids:
        with database.transaction() as conn:
            campaign = store.find(conn, actor, campaign_id, lock=True)
            assert campaign is not None
            running.enroll(conn, campaign, [lead_id], actor, now)
    return len(lead_ids)


def _started_by_sql(_actor: Actor, campaign_id: int, now: datetime) -> int:
    with database.transaction() as conn:
        return conn.execute(enrolling_sql.START, {"now": now, "campaign": campaign_id}).rowcount


def _launched(actor: Actor, campaign_id: int, now: datetime) -> int:
    with database.transaction() as conn:
        campaign = store.find(conn, actor, campaign_id, lock=True)
        assert campaign is not None
        return running.launch(conn, campaign, actor, canary=False, now=now)


def _moved_by_sql(_actor: Actor, campaign_id: int, _now: datetime) -> int:
    with database.transaction() as conn:
        return conn.execute(enrolling_sql.MOVE, [campaign_id]).rowcount


def _publish(waited: list[float], actor: Actor, campaign_id: int, now: datetime) -> int:
    """What the person waits for, in seconds into ``waited``; then what the worker for long work does."""
    started = time.perf_counter()
    moving = publishing.publish(campaign_id, actor, now, move=True).moving
    waited.append(time.perf_counter() - started)
    assert moving is not None
    if not moving.over:
        bulk_runner.run(moving.operation_id, moving_over.plan, seconds=600)
    with database.autocommit() as conn:
        operation = bulk.find(conn, moving.operation_id)
    assert operation is not None and operation.over
    return operation.done


def _count(campaign_id: int) -> int:
    query = "SELECT count(*) FROM sms_campaign_enrollments WHERE campaign_id = %s"
    with database.autocommit() as conn:
        row: psycopg.rows.TupleRow | None = conn.execute(query, [campaign_id]).fetchone()
    assert row is not None
    return int(row[0])
