"""kill -9 of a worker, and an emptied Redis: what was under way is taken up by the next one, neither lost nor repeated."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager

import redis

from tests.support.processes import running
from tests.support.world import World
from webapp.jobs import queues
from webapp.jobs.queues import QueueName
from webapp.jobs.worker import make_worker
from webapp.messaging import hints, jobs


def send_worker(world: World) -> AbstractContextManager[subprocess.Popen[bytes]]:
    return running("tests.messaging.send_worker", world.settings, LEADLINE_CARRIER_TIMEOUT="30")


def while_it_runs(world: World, worker: subprocess.Popen[bytes], condition: Callable[[], bool]) -> None:
    """Until something is so, by the worker's doing."""

    def is_so() -> bool:
        assert worker.poll() is None, "the worker ended by itself"
        return condition()

    world.until(is_so, working=False)


def kill(worker: subprocess.Popen[bytes]) -> None:
    worker.kill()
    worker.wait()


def long_ago(world: World) -> None:
    """The worker's last sign of life, as if the time after which it counts as dead had passed."""
    world.conn.execute(
        "UPDATE sms_messages SET attempted_at = attempted_at - interval '1 minute',"
        " claimed_at = claimed_at - interval '2 minutes'"
    )


def settled(world: World) -> Callable[[], bool]:
    def is_so() -> bool:
        world.reconcile()
        row = world.conn.execute(
            "SELECT count(*) FROM sms_messages WHERE status NOT IN ('delivered', 'received')"
        ).fetchone()
        return row == (0,)

    return is_so


def test_killed_between_twilios_acceptance_and_our_commit(world: World) -> None:
    phone = world.phone()
    conversation = world.conversation(phone)
    text = world.say(conversation, "First").message_id
    world.say(conversation, "Second")
    world.simulator.set_faults(send={"timeout_after_accept": 1.0})
    with send_worker(world) as worker:
        while_it_runs(world, worker, lambda: world.on_handset(phone) == ["First"])
        assert world.status(text) == "sending"
        kill(worker)
    world.simulator.set_faults()
    world.work()
    assert world.on_handset(phone) == ["First"], "nobody has looked yet: the second waits"
    long_ago(world)
    world.until(settled(world))
    assert world.on_handset(phone) == ["First", "Second"]


def test_killed_before_twilios_acceptance(world: World) -> None:
    phone = world.phone()
    text = world.say(world.conversation(phone), "Hello?").message_id
    world.simulator.set_faults(send={"timeout_before_accept": 1.0})
    with send_worker(world) as worker:
        while_it_runs(world, worker, lambda: world.status(text) == "sending")
        kill(worker)
    world.simulator.set_faults()
    long_ago(world)
    world.until(settled(world))
    assert world.on_handset(phone) == ["Hello?"]


def test_killed_at_any_moment_of_a_busy_run(world: World) -> None:
    """Two workers in turn are killed in full sail; the third finishes."""
    phones = [world.phone() for _ in range(12)]
    conversations = [world.conversation(phone) for phone in phones]
    asked = [f"Number {number}" for number in range(4)]
    for body in asked:
        for conversation in conversations:
            world.say(conversation, body)
    world.simulator.set_faults(latency_ms=60)
    for arrived in (4, 20):
        with send_worker(world) as worker:
            while_it_runs(world, worker, lambda enough=arrived: arrivals(world, phones) >= enough)
            kill(worker)
        long_ago(world)
        world.reconcile()
    world.simulator.set_faults()

    def all_settled() -> bool:
        long_ago(world)
        return settled(world)()

    world.until(all_settled)
    assert [world.on_handset(phone) for phone in phones] == [asked] * len(phones)


def arrivals(world: World, phones: list[str]) -> int:
    return sum(len(world.on_handset(phone)) for phone in phones)


def test_redis_emptied_with_texts_queued(world: World) -> None:
    """The bell is gone with the job; the periodic look at the outbox rings it again."""
    phone = world.phone()
    text = world.say(world.conversation(phone), "Hello?").message_id
    hints.ring_send()
    redis.Redis.from_url(world.settings.redis_url).flushall()
    run_jobs(world, QueueName.SEND)
    assert world.status(text) == "queued"
    with world.app.app_context():
        jobs.look_after_outbox()
    run_jobs(world, QueueName.SEND)
    world.until(lambda: world.on_handset(phone) == ["Hello?"], working=False)


def test_redis_emptied_with_webhooks_stored(world: World) -> None:
    phone = world.phone()
    world.simulator.person_texts(phone, "Hello", to=world.simulator.numbers[0])
    world.until(lambda: stored_texts(world) == 1, working=False)
    redis.Redis.from_url(world.settings.redis_url).flushall()
    run_jobs(world, QueueName.FLOW)
    assert world.inbound(phone) == []
    with world.app.app_context():
        jobs.apply_receipts()  # as the clock does every few seconds
    assert world.inbound(phone) == ["Hello"]


def test_redis_away_keeps_nobody_from_sending_or_receiving(world: World) -> None:
    queues.configure("redis://127.0.0.1:9/0")
    try:
        phone = world.phone()
        world.simulator.person_texts(phone, "Hello", to=world.simulator.numbers[0])
        world.until(lambda: stored_texts(world) == 1, working=False)
        world.say(world.conversation(phone), "Hi there")
        world.until(lambda: world.on_handset(phone) == ["Hi there"])
        assert world.inbound(phone) == ["Hello"]
    finally:
        queues.configure(world.settings.redis_url)


def stored_texts(world: World) -> int:
    row = world.conn.execute("SELECT count(*) FROM webhook_receipts WHERE event_type = 'onMessageAdded'").fetchone()
    assert row is not None
    return int(row[0])


def run_jobs(world: World, queue: QueueName) -> None:
    """What a worker of this queue does until its queue is empty."""
    make_worker(world.app, queue).work(burst=True, logging_level="WARNING")
