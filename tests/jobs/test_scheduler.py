"""The clock, against every fault that was measured in rq-scheduler."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import psycopg
import pytest
import redis
from flask import Flask

from tests.conftest import Servers
from webapp import database
from webapp.jobs import tasks
from webapp.jobs.leases import lease
from webapp.jobs.periodic import PERIODIC, Periodic
from webapp.jobs.queues import QueueName
from webapp.jobs.scheduler import SafeScheduler, job_id

KEY = SafeScheduler.scheduled_jobs_key
OUTBOX = next(periodic for periodic in PERIODIC if periodic.name == "outbox")

RETENTION = next(periodic for periodic in PERIODIC if periodic.name == "retention")


@pytest.fixture
def clock(bell: redis.Redis) -> SafeScheduler:
    return SafeScheduler(connection=bell, interval=1)


def waiting(bell: redis.Redis) -> list[str]:
    """What waits in all queues."""
    return sorted(job.decode() for name in QueueName for job in bell.lrange(f"rq:queue:{name}", 0, -1))


def empty_queues(bell: redis.Redis) -> None:
    bell.delete(*(f"rq:queue:{name}" for name in QueueName))


def make_due(bell: redis.Redis, periodic: Periodic) -> float:
    due_at = time.time() - 0.5
    bell.zadd(KEY, {job_id(periodic): due_at})
    return due_at


@pytest.mark.parametrize("periodic", PERIODIC, ids=lambda periodic: periodic.name)
def test_each_periodic_job_exists(periodic: Periodic):
    module, _, name = periodic.function.rpartition(".")
    assert callable(getattr(import_module(module), name))


def test_the_first_tick_queues_everything(clock: SafeScheduler, bell: redis.Redis):
    clock.enqueue_jobs()
    assert waiting(bell) == sorted(job_id(periodic) for periodic in PERIODIC)


def test_a_job_comes_again_after_its_interval_and_not_before(clock: SafeScheduler, bell: redis.Redis):
    clock.enqueue_jobs()
    empty_queues(bell)
    clock.enqueue_jobs()
    assert waiting(bell) == []
    due_at = make_due(bell, OUTBOX)
    clock.enqueue_jobs()
    assert waiting(bell) == [job_id(OUTBOX)]
    assert bell.zscore(KEY, job_id(OUTBOX)) == pytest.approx(due_at + OUTBOX.seconds)


def test_a_clock_that_slept_does_not_catch_up_one_by_one(clock: SafeScheduler, bell: redis.Redis):
    clock.enqueue_jobs()
    bell.zadd(KEY, {job_id(OUTBOX): time.time() - 1000})
    clock.enqueue_jobs()
    assert bell.zscore(KEY, job_id(OUTBOX)) > time.time()


def test_a_job_that_waits_is_not_queued_again(clock: SafeScheduler, bell: redis.Redis):
    clock.enqueue_jobs()
    for _ in range(4):
        make_due(bell, OUTBOX)
        clock.enqueue_jobs()
    assert waiting(bell).count(job_id(OUTBOX)) == 1


def test_an_emptied_redis_is_filled_by_the_next_tick(clock: SafeScheduler, bell: redis.Redis):
    clock.enqueue_jobs()
    bell.flushall()
    clock.enqueue_jobs()
    assert bell.zcard(KEY) == len(PERIODIC)
    assert len(waiting(bell)) == len(PERIODIC)


def test_a_due_time_lost_by_a_crash_comes_back(clock: SafeScheduler, bell: redis.Redis):
    clock.enqueue_jobs()
    bell.zrem(KEY, job_id(OUTBOX))
    empty_queues(bell)
    clock.enqueue_jobs()
    assert waiting(bell) == [job_id(OUTBOX)]


def test_an_entry_of_an_older_version_is_dropped_and_stops_none_of_the_others(clock: SafeScheduler, bell: redis.Redis):
    bell.zadd(KEY, {"gone": 1})
    bell.hset("rq:job:gone", "data", b"no pickle")
    clock.enqueue_jobs()
    assert bell.zscore(KEY, "gone") is None
    assert len(waiting(bell)) == len(PERIODIC)


def test_a_spoilt_record_of_a_known_job_is_replaced(clock: SafeScheduler, bell: redis.Redis):
    bell.hset(f"rq:job:{job_id(OUTBOX)}", mapping={"data": b"no pickle", "created_at": "yesterday"})
    clock.enqueue_jobs()
    assert job_id(OUTBOX) in waiting(bell)
    assert bell.hget(f"rq:job:{job_id(OUTBOX)}", "origin") == OUTBOX.queue.encode()


def test_nightly_work_whose_worker_died_does_not_wait_for_the_next_night(clock: SafeScheduler, bell: redis.Redis):
    clock.enqueue_jobs()
    empty_queues(bell)
    dead = lease("retention", seconds=0)
    dead.__enter__()  # and never comes back
    tasks.resume_abandoned()
    tasks.resume_abandoned()
    assert waiting(bell) == [job_id(RETENTION)]
    assert bell.zscore(KEY, job_id(RETENTION)) > time.time(), "the next night comes as it would have"


def test_of_clocks_that_see_the_same_due_moment_one_queues_the_job(servers: Servers, bell: redis.Redis):
    clocks = [SafeScheduler(connection=redis.Redis.from_url(servers.redis_url), interval=1) for _ in range(8)]
    for _ in range(20):
        assert _takers(clocks, make_due(bell, OUTBOX)) == 1


def _takers(clocks: list[SafeScheduler], due_at: float) -> int:
    """How many of them take the due moment, when all try at once."""
    together, now = threading.Barrier(len(clocks)), time.time()

    def take(clock: SafeScheduler) -> bool:
        together.wait()
        return clock.claim(OUTBOX, due_at, now)

    with ThreadPoolExecutor(len(clocks)) as threads:
        return sum(threads.map(take, clocks))


def test_a_clock_that_was_killed_holds_up_no_other(clock: SafeScheduler, bell: redis.Redis):
    bell.set(SafeScheduler.scheduler_lock_key, "held by a dead one", ex=60)
    clock.run(burst=True)
    assert len(waiting(bell)) == len(PERIODIC)


def test_the_clock_notes_that_it_is_alive(clock: SafeScheduler, conn: psycopg.Connection):
    clock.enqueue_jobs()
    assert conn.execute("SELECT count(*) FROM heartbeats WHERE name = 'clock'").fetchone() == (1,)


def test_without_postgres_the_clock_ticks_on(app: Flask, clock: SafeScheduler, bell: redis.Redis):
    database.configure("postgresql://nobody@127.0.0.1:1/none", 1)
    clock.enqueue_jobs()
    assert len(waiting(bell)) == len(PERIODIC)
