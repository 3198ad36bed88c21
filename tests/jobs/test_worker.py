"""The RQ worker, on a real Redis."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from io import StringIO

import pytest
import redis
import structlog
from flask import Flask
from rq.exceptions import StopRequested
from setproctitle import getproctitle

from tests.jobs import work
from webapp import logs
from webapp.jobs import queues
from webapp.jobs.queues import QueueName
from webapp.jobs.worker import make_worker


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """All log lines of this test, as they leave the process."""
    stream = StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.configure()
    yield stream
    structlog.reset_defaults()
    logging.basicConfig(handlers=[logging.NullHandler()], force=True)


def test_a_job_runs_in_the_apps_context(app: Flask, bell: redis.Redis):
    queues.enqueue(QueueName.FLOW, "tests.jobs.work.note_app")
    make_worker(app, QueueName.FLOW).work(burst=True)
    assert work.done == [app.name]


def test_a_failure_is_logged_by_its_class_and_its_words_are_kept_nowhere(
    app: Flask, bell: redis.Redis, logged: StringIO
):
    queues.enqueue(QueueName.FLOW, "tests.jobs.work.fail")
    make_worker(app, QueueName.FLOW).work(burst=True, logging_level="WARNING")
    said = logged.getvalue()
    line = next(json.loads(line) for line in said.splitlines() if "job failed" in line)
    assert line["job"] == "tests.jobs.work.fail"
    assert line["exception"].startswith("builtins.ValueError at ")
    for words in (work.SECRET, "Elm Street", "5125550123"):
        assert words not in said
        assert not _in_redis(bell, words)


def test_a_failed_job_does_not_stop_the_worker(app: Flask, bell: redis.Redis):
    for name in ("fail", "note_app"):
        queues.enqueue(QueueName.FLOW, f"tests.jobs.work.{name}")
    make_worker(app, QueueName.FLOW).work(burst=True)
    assert work.done == [app.name]


def test_each_worker_has_a_name_of_its_own_and_cleans_up_in_time(app: Flask, bell: redis.Redis):
    first, second = make_worker(app, QueueName.SEND), make_worker(app, QueueName.SEND)
    assert first.name != second.name
    # RQ looks between two waits only, and each lasts the ttl less 15 seconds.
    assert first.maintenance_interval <= first.worker_ttl <= 60


def test_the_process_keeps_its_title(app: Flask, bell: redis.Redis):
    before = getproctitle()
    queues.enqueue(QueueName.FLOW, "tests.jobs.work.note_app")
    make_worker(app, QueueName.FLOW).work(burst=True)
    assert getproctitle() == before


def test_an_idle_worker_that_is_told_to_stop_does(app: Flask, bell: redis.Redis, monkeypatch: pytest.MonkeyPatch):
    from webapp.jobs import stopping

    monkeypatch.setattr(stopping, "_order", stopping._Order())
    with pytest.raises(StopRequested):
        make_worker(app, QueueName.FLOW).request_stop(15, None)
    assert stopping.asked()


def _in_redis(bell: redis.Redis, words: str) -> bool:
    return any(words.encode() in (bell.dump(key) or b"") for key in bell.scan_iter())
