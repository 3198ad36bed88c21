"""Caps and gaps on the real path: what one person gets in a day, what a number gives in an hour, and many workers."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.support import twilio
from tests.support.races import at_once, warm_up
from tests.support.world import World, add_sender, make_sender
from webapp import clock, database
from webapp.compliance import holds
from webapp.messaging import claims, threads
from webapp.messaging.claims import Claimed
from webapp.models.constants import Origin, Reason


def claim(slots: int = 50) -> list[Claimed]:
    with database.transaction() as conn:
        return claims.claim(conn, slots=slots, now=clock.now())


def standing(world: World, message_id: int) -> tuple[str, str | None, datetime | None]:
    row = world.conn.execute(
        "SELECT status, reason, send_after FROM sms_messages WHERE id = %s", [message_id]
    ).fetchone()
    assert row is not None
    return row


def test_the_fourth_text_of_a_day_waits_and_then_goes_by_itself(world: World) -> None:
    world.configure(cap_per_lead=3)
    phone = world.phone()
    conversation = world.conversation(phone)
    for number in range(3):
        world.say(conversation, f"Number {number}")
    world.until(lambda: len(world.on_handset(phone)) == 3)
    fourth = world.say(conversation, "Number 3")
    assert standing(world, fourth.message_id)[:2] == ("held", "cap")
    assert fourth.decision is not None
    assert "3 are the most" in fourth.decision.sentence
    world.move_clock(hours=23)
    world.work()
    assert len(world.on_handset(phone)) == 3
    world.move_clock(hours=1, minutes=1)
    world.until(lambda: world.on_handset(phone)[3:] == ["Number 3"])


def test_texts_that_were_queued_together_are_counted_when_their_turn_comes(world: World) -> None:
    world.configure(cap_per_lead=3)
    phone = world.phone()
    conversation = world.conversation(phone)
    asked = [world.say(conversation, f"Number {number}").message_id for number in range(5)]
    world.until(lambda: len(world.on_handset(phone)) == 3)
    assert [standing(world, text)[1] for text in asked[3:]] == ["cap", "cap"]


def test_a_conversation_is_not_cut_off_by_the_cap(world: World) -> None:
    world.configure(cap_per_lead=3)
    phone = world.phone()
    conversation = world.conversation(phone)
    twilio.receive(twilio.message_added(phone, "Tell me more", twilio.sid("CH")))
    for number in range(6):
        world.say(conversation, f"Number {number}")
    world.until(lambda: len(world.on_handset(phone)) == 6)


def test_answers_in_a_conversation_do_not_use_up_the_day(world: World) -> None:
    world.configure(cap_per_lead=3)
    phone = world.phone()
    conversation = world.conversation(phone)
    twilio.receive(twilio.message_added(phone, "Tell me more", twilio.sid("CH")))
    for number in range(4):
        world.say(conversation, f"Number {number}")
    world.until(lambda: len(world.on_handset(phone)) == 4)
    automatic = world.say(conversation, "A reminder", automatic=True, origin=Origin.CAMPAIGN)
    assert automatic.status == "queued"


def test_two_workers_and_two_senders_together_never_exceed_one_persons_cap(world: World) -> None:
    """The same person is in two threads, one with each of our numbers, which different workers claim at once."""
    world.configure(cap_per_lead=3)
    other = add_sender(world.conn, "+15125559001")
    phones = [world.phone() for _ in range(10)]
    for phone in phones:
        first = world.conversation(phone)
        second = second_thread(phone, other)
        for number in range(3):
            world.say(first, f"First thread {number}")
            world.say(second, f"Second thread {number}")
    warm_up(12)
    while any(at_once([lambda: finish(claim(7))] * 6)):
        pass
    gone = world.conn.execute(
        "SELECT contact_number_id, count(*) FROM sms_messages WHERE status = 'sent' GROUP BY contact_number_id"
    ).fetchall()
    assert sorted(count for _, count in gone) == [3] * len(phones)


def test_automatic_texts_to_one_person_keep_their_distance(world: World) -> None:
    world.configure(lane_gap_minutes=30)
    phone = world.phone()
    conversation = world.conversation(phone)
    first = world.say(conversation, "From one campaign", automatic=True, origin=Origin.CAMPAIGN)
    second = world.say(conversation, "From another", automatic=True, origin=Origin.CAMPAIGN)
    assert second.status == "held", "one is on its way already"
    world.until(lambda: world.status(first.message_id) == "delivered")
    status, reason, until = standing(world, second.message_id)
    assert (status, reason, until) == ("held", "lane", until)
    assert world.say(conversation, "By hand").status == "queued"
    world.move_clock(minutes=31)
    world.until(lambda: world.status(second.message_id) == "delivered")


def test_a_number_gives_no_more_to_the_carrier_than_its_hour_allows(world: World) -> None:
    world.configure(cap_sender_hour=5)
    asked = [world.say(world.conversation(world.phone()), f"Text {number}").message_id for number in range(8)]
    workers = [make_sender(world.settings) for _ in range(3)]
    at_once([lambda worker=worker: worker.drain(seconds=5) for worker in workers])
    held = [standing(world, text) for text in asked if world.status(text) == "held"]
    assert len(held) == 3
    assert {row[1:] for row in held} == {("cap", datetime.fromisoformat("2026-12-09T19:00:00+00:00"))}
    world.move_clock(hours=1)
    world.until(lambda: all(world.status(text) == "delivered" for text in asked))


def test_the_accounts_cap_holds_over_all_numbers_and_workers(world: World) -> None:
    world.configure(cap_account_hour=10)
    other = add_sender(world.conn, "+15125559002")
    for number in range(12):
        world.say(world.conversation(world.phone()), f"First {number}")
        world.say(second_thread(world.phone(), other), f"Second {number}")
    warm_up(10)
    claimed = [text for batch in at_once([lambda: claim(3)] * 8) for text in batch]
    while batch := claim(3):
        claimed += batch
    assert len(claimed) == 10


def test_the_brands_cap_counts_segments(world: World) -> None:
    world.configure(cap_brand_segments=5)
    long = world.say(world.conversation(world.phone()), "x" * 500)  # 4 segments
    rest = [world.say(world.conversation(world.phone()), f"Text {number}") for number in range(2)]
    assert [text.id for text in claim()] == [long.message_id, rest[0].message_id]
    status, reason, until = standing(world, rest[1].message_id)
    assert (status, reason) == ("held", "cap")
    assert until == datetime.fromisoformat("2026-12-10T15:00:00+00:00"), "midnight Pacific, then 09:00 in Texas"


def test_what_is_paused_waits_without_a_date_and_goes_when_it_is_resumed(world: World) -> None:
    world.configure(automation_paused=True)
    phone = world.phone()
    conversation = world.conversation(phone)
    automatic = world.say(conversation, "A campaign's", automatic=True, origin=Origin.CAMPAIGN)
    assert standing(world, automatic.message_id) == ("held", "paused", None)
    world.say(conversation, "By hand")
    world.move_clock(days=3)
    world.until(lambda: world.on_handset(phone) == ["By hand"])
    world.configure(automation_paused=False)
    with database.transaction() as conn:
        assert holds.release(conn, Reason.PAUSED) == 1
    world.until(lambda: world.status(automatic.message_id) == "delivered")


def test_a_pause_also_holds_what_was_queued_before_it(world: World) -> None:
    text = world.say(world.conversation(world.phone()), "Hi", automatic=True, origin=Origin.CAMPAIGN).message_id
    world.configure(automation_paused=True)
    assert claim() == []
    assert standing(world, text) == ("held", "paused", None)


def second_thread(phone: str, phone_number_id: int) -> int:
    """Another thread with the same person, from another of our numbers."""
    with database.transaction() as conn:
        now = clock.now()
        row = conn.execute(
            "INSERT INTO contact_numbers (e164, simulated, created_at) VALUES (%s, true, %s)"
            " ON CONFLICT (e164) DO UPDATE SET e164 = excluded.e164 RETURNING id",
            [phone, now],
        ).fetchone()
        assert row is not None
        return threads.ensure_conversation(
            conn, contact_number_id=row[0], lead_id=None, assigned_to=None, now=now, phone_number_id=phone_number_id
        )


def finish(claimed: list[Claimed]) -> int:
    """As if the carrier had taken them. Returns how many."""
    with database.transaction() as conn:
        conn.execute(
            "UPDATE sms_messages SET status = 'sent', sent_at = %s WHERE id = ANY(%s)",
            [clock.now() - timedelta(seconds=1), [text.id for text in claimed]],
        )
    return len(claimed)
