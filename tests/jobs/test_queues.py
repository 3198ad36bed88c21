"""Doorbells: they coalesce, they may be lost, and somebody hears each of them."""

from __future__ import annotations

import re
from pathlib import Path

import redis
from flask import Flask

from tests.jobs import work
from webapp.config import PROCESSES
from webapp.jobs import queues
from webapp.jobs.queues import QueueName
from webapp.jobs.worker import make_worker

BELL = "tests.jobs.work.answer_the_bell"


def waiting(bell: redis.Redis) -> int:
    return int(bell.llen(f"rq:queue:{QueueName.FLOW}"))


def test_many_rings_are_one_job(bell: redis.Redis):
    assert [queues.ring(QueueName.FLOW, BELL) for _ in range(5)] == [True, False, False, False, False]
    assert waiting(bell) == 1


def test_once_it_was_heard_the_bell_rings_anew(app: Flask, bell: redis.Redis):
    queues.ring(QueueName.FLOW, BELL)
    make_worker(app, QueueName.FLOW).work(burst=True)
    assert work.done == ["answered"]
    assert queues.ring(QueueName.FLOW, BELL)
    assert waiting(bell) == 1


def test_a_hint_that_a_killed_worker_took_along_is_rung_again_within_seconds(bell: redis.Redis):
    queues.ring(QueueName.FLOW, BELL)
    bell.lpop(f"rq:queue:{QueueName.FLOW}")
    remaining = bell.pttl(f"leadline:hint:{BELL}")
    assert 0 < remaining <= 10_000
    bell.pexpire(f"leadline:hint:{BELL}", 1)  # those seconds pass
    while bell.exists(f"leadline:hint:{BELL}"):
        pass
    assert queues.ring(QueueName.FLOW, BELL)
    assert waiting(bell) == 1


def test_in_an_emptied_redis_the_next_ring_is_heard(bell: redis.Redis):
    queues.ring(QueueName.FLOW, BELL)
    bell.flushall()
    assert queues.ring(QueueName.FLOW, BELL)
    assert waiting(bell) == 1


def test_without_redis_nobody_rings_and_nobody_is_disturbed(app: Flask):
    queues.configure("redis://127.0.0.1:1/0")
    assert not queues.ring(QueueName.FLOW, BELL)
    assert not queues.enqueue(QueueName.BULK, "tests.jobs.work.note_app")


def test_each_queue_has_a_worker_on_a_machine_that_runs_all_and_in_the_procfile():
    assert set(QueueName) <= set(PROCESSES)
    lines = (Path(__file__).parents[2] / "Procfile").read_text()
    worker = re.search(r"^worker: env LEADLINE_PROCESSES=(\S+) ", lines, re.MULTILINE)
    assert worker is not None
    assert set(worker[1].split(",")) == set(QueueName)
