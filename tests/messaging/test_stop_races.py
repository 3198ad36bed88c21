"""A STOP at every point between queue and request: once it has committed, nothing begins."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime

import pytest

from tests.support import twilio
from tests.support.races import at_once, warm_up
from tests.support.world import CONSENT, World, make_sender
from webapp import clock, database
from webapp.database import Connection
from webapp.messaging import attempts, claims, intake, outbox
from webapp.messaging.claims import Claimed
from webapp.messaging.outbox import NewText
from webapp.models.constants import Origin


def claim_all() -> list[Claimed]:
    with database.transaction() as conn:
        return claims.claim(conn, slots=50, now=clock.now())


def stop(world: World, phone: str) -> None:
    """A STOP through Twilio's door; returns once it is answered, so once it has committed."""
    thread = world.conn.execute(
        "SELECT c.twilio_sid FROM sms_conversations c JOIN contact_numbers n ON n.id = c.contact_number_id"
        " WHERE n.e164 = %s",
        [phone],
    ).fetchone()
    sid = (thread and thread[0]) or twilio.sid("CH")
    assert twilio.post(world, twilio.message_added(phone, "STOP", sid)) == 204


def test_a_queued_text_is_canceled_with_the_stop_itself(world: World) -> None:
    phone = world.phone()
    text = world.say(world.conversation(phone), "Hello?").message_id
    stop(world, phone)
    assert world.status(text) == "canceled"
    assert decisions(world, text) == ["queue allow", "stop refuse"]
    world.work()
    assert world.on_handset(phone) == []


def test_a_held_text_is_canceled(world: World) -> None:
    phone = world.phone()
    world.move_clock(hours=11)  # 23:00 in Texas
    text = world.say(world.conversation(phone), "Good night")
    assert text.status == "held"
    stop(world, phone)
    assert world.status(text.message_id) == "canceled"
    world.move_clock(hours=12)
    world.work()
    assert world.on_handset(phone) == []


def test_a_claimed_text_does_not_begin(world: World) -> None:
    phone = world.phone()
    text = world.say(world.conversation(phone), "Hello?").message_id
    (claimed,) = claim_all()
    stop(world, phone)
    assert attempts.attempt(world.carrier, claimed) == attempts.Withdrawn(claimed)
    assert world.status(text) == "canceled"
    assert world.on_handset(phone) == []


def test_a_claimed_text_whose_thread_is_open_does_not_begin_either(world: World) -> None:
    """Right before the request: the last look is the conditional update itself."""
    phone = world.phone()
    world.say(world.conversation(phone), "Hello?")
    (claimed,) = claim_all()
    sid = attempts.open_thread(world.carrier, claimed)
    stop(world, phone)
    assert attempts.begin(claimed, sid) is None


def test_begin_reads_the_suppression_itself_and_waits_for_one_that_is_being_stored(world: World) -> None:
    """Though nothing has been done to the text: the number's row decides, and its lock orders the two."""
    world.say(world.conversation(world.phone()), "Hello?")
    (claimed,) = claim_all()
    warm_up(2)
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as conn:
            conn.execute("UPDATE contact_numbers SET suppressed_at = now(), suppression_source = 'keyword'")
            begun = pool.submit(attempts.begin, claimed, "CH1")
            assert not wait([begun], timeout=0.3).done, "it must not look past a STOP that has not committed"
        assert begun.result() is None
    assert world.status(claimed.id) == "claimed"


def test_what_a_suppressed_number_still_has_queued_is_refused_when_it_is_claimed(world: World) -> None:
    """However it came about that the text is still queued."""
    phone = world.phone()
    text = world.say(world.conversation(phone), "Hello?").message_id
    world.conn.execute("UPDATE contact_numbers SET suppressed_at = now(), suppression_source = 'manual'")
    assert claim_all() == []
    assert world.status(text) == "refused"
    assert decisions(world, text) == ["queue allow", "claim refuse"]


def test_stop_and_begin_at_the_same_moment(world: World) -> None:
    """Either the attempt began before the STOP committed, or the STOP canceled it: both, or neither, never happens."""
    phones = [world.phone() for _ in range(20)]
    texts = {phone: world.say(world.conversation(phone), "Hello?").message_id for phone in phones}
    claimed = {text.address: text for text in claim_all()}
    warm_up(24)
    began = at_once(
        [lambda text=claimed[phone]: attempts.begin(text, "CH1") for phone in phones]
        + [lambda phone=phone: stored_stop(phone) for phone in phones]
    )[: len(phones)]
    for phone, number in zip(phones, began, strict=True):
        canceled = world.status(texts[phone]) == "canceled"
        assert canceled == (number is None), "one of the two came first"
        assert ("stop refuse" in decisions(world, texts[phone])) == canceled
        assert attempts.begin(claimed[phone], "CH1") is None


def test_stop_and_queue_at_the_same_moment(world: World) -> None:
    """A text that was allowed before the STOP committed is canceled by it; one after it is refused."""
    phones = [world.phone() for _ in range(20)]
    conversations = [world.conversation(phone) for phone in phones]
    warm_up(24)
    at_once(
        [lambda conversation=conversation: world.say(conversation, "Hello?") for conversation in conversations]
        + [lambda phone=phone: stored_stop(phone) for phone in phones]
    )
    rows = world.conn.execute("SELECT status, reason FROM sms_messages WHERE direction = 'outbound'").fetchall()
    assert len(rows) == 20
    assert set(rows) <= {("canceled", "opted_out"), ("refused", "opted_out")}


@pytest.mark.parametrize("latency", [0, 40])
def test_under_full_sail_nothing_begins_after_a_stop_has_committed(world: World, latency: int) -> None:
    """Workers send as fast as they can while people stop. The carrier's journal has nothing of what was canceled."""
    world.simulator.set_faults(latency_ms=latency)
    phones = [world.phone() for _ in range(10)]
    asked = [f"Number {number}" for number in range(6)]
    for conversation in [world.conversation(phone) for phone in phones]:
        for body in asked:
            world.say(conversation, body)
    workers = [make_sender(world.settings) for _ in range(2)]
    results = at_once([lambda phone=phone: stored_stop(phone) for phone in phones[:5]] + [w.drain for w in workers])
    world.until(lambda: count(world, "status IN ('queued', 'claimed', 'sending', 'sent')") == 0)
    for phone, committed_at in zip(phones[:5], results, strict=False):
        of_phone = f"contact_number_id = (SELECT id FROM contact_numbers WHERE e164 = '{phone}')"
        assert count(world, f"{of_phone} AND attempted_at > '{committed_at}'") == 0
        assert len(world.on_handset(phone)) == count(world, f"{of_phone} AND status = 'delivered'")
    for phone in phones[5:]:
        assert world.on_handset(phone) == asked
    assert markers_sent(world) & markers(world, "status IN ('canceled', 'refused')") == set()


def test_a_thousand_texts_and_a_stop_from_every_second_person(world: World) -> None:
    """In keywords and in people's own words, while workers send: what had begun arrives, nothing begins afterwards."""
    world.simulator.set_faults(latency_ms=20)
    phones = [world.phone() for _ in range(250)]
    with database.transaction() as conn:
        queue_texts(conn, [world.conversation(phone) for phone in phones], each=4)
    stopping = phones[::2]
    words = ("STOP", "stop texting me please", "Stop. Thank you", "take me off your list")
    warm_up(12)
    workers = [make_sender(world.settings) for _ in range(3)]
    with ThreadPoolExecutor(len(workers) + 8) as pool:
        sending = [pool.submit(worker.drain, 60) for worker in workers]
        stops = [pool.submit(stored_stop, phone, words[i % 4]) for i, phone in enumerate(stopping)]
        committed = dict(zip(stopping, [stop.result() for stop in stops], strict=True))
        wait(sending)
    world.until(lambda: count(world, "status IN ('queued', 'claimed', 'sending', 'sent')") == 0)
    begun = dict(
        world.conn.execute(
            "SELECT n.e164, max(m.attempted_at) FROM sms_messages m JOIN contact_numbers n ON n.id = m.contact_number_id"
            " WHERE m.attempt > 0 AND m.origin = 'api' GROUP BY n.e164"
        ).fetchall()
    )
    assert [phone for phone, at in committed.items() if phone in begun and begun[phone] > at] == []
    assert markers_sent(world) & markers(world, "status IN ('canceled', 'refused')") == set()
    assert count(world, "status = 'canceled' AND reason = 'opted_out'") > 0, "some STOPs came in time to cancel"
    for phone in phones[1::2]:
        assert len(world.on_handset(phone)) == 4


def queue_texts(conn: Connection, conversations: list[int], *, each: int) -> None:
    """Texts of a program, asked for in turn: each conversation's first, then each one's second."""
    for number in range(each):
        for conversation in conversations:
            text = NewText(conversation, f"Number {number}", origin=Origin.API, consent=CONSENT)
            outbox.queue(conn, text, now=clock.now())


def stored_stop(phone: str, words: str = "STOP") -> datetime | None:
    """Stores a STOP as the door does; a moment, by the database's clock, at which it had committed."""
    with database.transaction() as conn:
        intake.take(conn, twilio.message_added(phone, words, twilio.sid("CH")), now=clock.now())
    with database.autocommit() as conn:
        row = conn.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    committed_at: datetime = row[0]
    return committed_at


def markers(world: World, condition: str) -> set[str]:
    rows = world.conn.execute(f"SELECT marker::text FROM sms_messages WHERE {condition}").fetchall()
    return {row[0] for row in rows}


def markers_sent(world: World) -> set[str]:
    """What the requests that reached the carrier were marked with."""
    attributes = [entry["attributes"] for entry in world.simulator.requests()]
    return {json.loads(text)["leadline"]["key"] for text in attributes if text}


def decisions(world: World, message_id: int) -> list[str]:
    rows = world.conn.execute(
        "SELECT stage || ' ' || outcome FROM decisions WHERE message_id = %s ORDER BY id", [message_id]
    ).fetchall()
    return [row[0] for row in rows]


def count(world: World, condition: str) -> int:
    row = world.conn.execute(
        f"SELECT count(*) FROM sms_messages WHERE direction = 'outbound' AND {condition}"
    ).fetchone()
    assert row is not None
    return int(row[0])
