"""Whatever is killed while texts flow, each reaches its handset once, and nothing that was said is in the logs."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count

import psycopg
import pytest
import redis

from tests.processes.running import ADMIN, Leadline, until

PEOPLE = [f"+1512555{number:04d}" for number in range(110, 116)]
#: What a dead worker had claimed returns after a while; an attempt of its is settled first.
PATIENCE_SECONDS = 110.0


@dataclass
class Traffic:
    """Texts to a few people, in order for each, and what was asked so far."""

    leadline: Leadline
    asked: dict[str, list[str]] = field(default_factory=lambda: {phone: [] for phone in PEOPLE})
    _numbers: Iterator[int] = field(default_factory=count)

    def send(self, each: int, what: str) -> None:
        """``each`` texts to everybody, to all people at once."""

        def to_one(phone: str) -> None:
            for _ in range(each):
                body = f"Number {next(self._numbers)}, {what}"
                self.leadline.api.text(phone, body)
                self.asked[phone].append(body)

        with ThreadPoolExecutor(len(PEOPLE)) as people:
            list(people.map(to_one, PEOPLE))

    def is_under_way(self) -> bool:
        """Whether something was asked for that has not arrived."""
        return sum(map(len, self.asked.values())) > sum(map(len, self.arrived().values()))

    def has_arrived(self) -> bool:
        return all(len(self.leadline.handsets.received(phone)) >= len(self.asked[phone]) for phone in PEOPLE)

    def arrived(self) -> dict[str, list[str]]:
        return {phone: self.leadline.handsets.received(phone) for phone in PEOPLE}


@pytest.fixture(scope="module")
def traffic(leadline: Leadline) -> Traffic:
    return Traffic(leadline)


@pytest.fixture
def queue(leadline: Leadline) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(leadline.services["REDIS_URL"]) as client:
        yield client


@pytest.mark.timeout(240)
def test_each_child_may_be_killed_while_texts_flow(leadline: Leadline, traffic: Traffic):
    leadline.handsets.answers_after(150)
    for title in ("worker send", "clock", "web", "worker flow", "worker bulk", "simulator", "worker send"):
        with ThreadPoolExecutor(1) as flow:
            flowing = flow.submit(traffic.send, 3, f"before and after the end of {title}")
            until(traffic.is_under_way, "texts flow")
            leadline.kill_child(f"leadline: {title}")
            flowing.result()
        until(lambda: f"leadline: {title}" in leadline.titles(), f"{title} is back")  # noqa: B023 (waited for here)
    until(traffic.has_arrived, "all has arrived", PATIENCE_SECONDS)
    assert traffic.arrived() == traffic.asked
    leadline.handsets.answers_after(0)


def test_redis_may_be_emptied_while_texts_flow(traffic: Traffic, queue: redis.Redis):
    with ThreadPoolExecutor(1) as flow:
        flowing = flow.submit(traffic.send, 5, "around an emptied Redis")
        while not flowing.done():
            queue.flushall()
    until(lambda: queue.zcard("rq:scheduler:scheduled_jobs"), "the schedule is back", 10)
    until(traffic.has_arrived, "all has arrived")
    assert traffic.arrived() == traffic.asked


def test_redis_may_be_killed_while_texts_flow(leadline: Leadline, traffic: Traffic):
    with ThreadPoolExecutor(1) as flow:
        flowing = flow.submit(traffic.send, 5, "around a killed Redis")
        _kill_server(leadline, "valkey-server")
        flowing.result()
    until(traffic.has_arrived, "all has arrived")
    assert traffic.arrived() == traffic.asked


@pytest.mark.timeout(240)
def test_postgres_may_be_killed_while_texts_flow(leadline: Leadline, traffic: Traffic):
    with ThreadPoolExecutor(1) as flow:
        flowing = flow.submit(traffic.send, 5, "around a killed Postgres")
        _kill_server(leadline, "postgres")
        flowing.result()
    until(leadline.api.is_ready, "it is ready again")
    until(traffic.has_arrived, "all has arrived", PATIENCE_SECONDS)
    assert traffic.arrived() == traffic.asked


def test_an_error_is_told_by_an_id_that_the_log_knows(leadline: Leadline):
    with psycopg.connect(leadline.services["DATABASE_URL"], autocommit=True) as conn:
        conn.execute("ALTER TABLE sms_messages ADD CONSTRAINT trouble CHECK (body <> 'The safe opens with 4711')")
    answer = leadline.api.post(
        "/api/sms/messages",
        {"to": PEOPLE[0], "body": "The safe opens with 4711", "consent": {"source": "web form", "attested": True}},
    )
    assert answer.status == 500
    until(lambda: answer.json()["error_id"] in leadline.log.read_text(), "the log knows the id", 5)
    assert b"4711" not in answer.data


def test_the_logs_hold_no_text_no_number_and_no_secret(leadline: Leadline, traffic: Traffic):
    traffic.send(2, "while a worker dies")
    leadline.kill_child("leadline: worker send")
    leadline.handsets.says(PEOPLE[0], "My gate code is 0815")
    until(lambda: b"0815" in leadline.api.get("/api/sms/conversations").data, "it was applied")
    until(lambda: "process died" in leadline.log.read_text(), "the death is noted")
    logs = [leadline.log, *leadline.data_dir.rglob("log"), *leadline.data_dir.rglob("log.previous")]
    written = "\n".join(log.read_text(errors="replace") for log in logs)
    for words in ("4711", "0815", "Number 1,", *ADMIN.values(), *PEOPLE, *(phone[2:] for phone in PEOPLE)):
        if words != ADMIN["LEADLINE_ADMIN_EMAIL"]:
            assert words not in written
    for address in ("DATABASE_URL", "REDIS_URL"):
        password = leadline.services[address].split("@")[0].rpartition(":")[2]
        assert password not in written


def _kill_server(leadline: Leadline, name: str) -> None:
    """kill -9 of a server that the parent started."""
    next(process for process in leadline.processes() if process.name() == name).kill()
