"""The gate's three places on the real path: consent, quiet hours, chosen times, and a clock that jumps."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.support import twilio
from tests.support.world import World
from webapp import clock, database
from webapp.messaging import claims
from webapp.models.constants import Origin


def reason(world: World, text: int) -> tuple[object, ...]:
    row = world.conn.execute("SELECT status, reason FROM sms_messages WHERE id = %s", [text]).fetchone()
    assert row is not None
    return tuple(row)


def test_a_first_text_needs_consent_which_then_stays_on_file(world: World) -> None:
    conversation = world.conversation(world.phone())
    refused = world.say(conversation, "Hello?", consent=None)
    assert reason(world, refused.message_id) == ("refused", "no_consent")
    assert world.say(conversation, "Hello?").status == "queued"
    assert world.say(conversation, "Hello again", consent=None).status == "queued"


def test_an_answer_within_72_hours_needs_none_but_a_program_does(world: World) -> None:
    phone = world.phone()
    twilio.receive(twilio.message_added(phone, "Hello", twilio.sid("CH")))
    conversation = world.conversation(phone)
    automatic = world.say(conversation, "Hi", consent=None, automatic=True, origin=Origin.CAMPAIGN)
    assert reason(world, automatic.message_id) == ("refused", "no_consent")
    world.move_clock(hours=71)
    assert world.say(conversation, "Hi", consent=None).status == "queued"
    world.move_clock(hours=2)
    assert world.say(conversation, "Hi", consent=None).status == "refused"


def test_at_night_a_text_is_held_until_the_morning_and_then_goes_by_itself(world: World) -> None:
    phone = world.phone()
    world.move_clock(hours=11)  # 23:00 in Texas
    text = world.say(world.conversation(phone), "Good morning").message_id
    assert reason(world, text) == ("held", "quiet_hours")
    world.move_clock(hours=9)
    world.work()
    assert world.on_handset(phone) == [], "08:00, and Texas opens at nine"
    world.move_clock(hours=1, seconds=1)
    world.until(lambda: world.on_handset(phone) == ["Good morning"])


def test_somebody_who_wrote_minutes_ago_is_awake(world: World) -> None:
    phone = world.phone()
    world.move_clock(hours=11)
    twilio.receive(twilio.message_added(phone, "Still up?", twilio.sid("CH")))
    conversation = world.conversation(phone)
    assert world.say(conversation, "Yes", consent=None).status == "queued"
    world.move_clock(minutes=16)
    assert world.say(conversation, "And so").status == "held"


def test_a_text_queued_before_the_night_is_held_when_its_turn_comes_at_night(world: World) -> None:
    phone = world.phone()
    text = world.say(world.conversation(phone), "Hello?").message_id
    world.move_clock(hours=11)
    world.work()
    assert reason(world, text) == ("held", "quiet_hours")
    assert world.on_handset(phone) == []
    world.move_clock(hours=10)
    world.until(lambda: world.on_handset(phone) == ["Hello?"])


def test_a_held_text_is_judged_again_when_its_time_has_come(world: World) -> None:
    """Its number stopped being one meanwhile."""
    text = world.say(world.conversation(world.phone()), "Later", send_at=clock.now() + timedelta(hours=1)).message_id
    world.conn.execute("UPDATE contact_numbers SET invalid_at = now(), invalid_reason = 'gone'")
    world.move_clock(hours=1, seconds=1)
    world.work()
    assert reason(world, text) == ("refused", "invalid_number")


def test_a_chosen_time_is_kept(world: World) -> None:
    phone = world.phone()
    at = clock.now() + timedelta(hours=2)
    queued = world.say(world.conversation(phone), "As agreed", send_at=at)
    assert reason(world, queued.message_id) == ("held", "scheduled")
    world.move_clock(minutes=119)
    world.work()
    assert world.on_handset(phone) == []
    world.move_clock(minutes=1, seconds=1)
    world.until(lambda: world.on_handset(phone) == ["As agreed"])


def test_a_time_chosen_at_night_is_kept_and_then_waits_for_the_morning(world: World) -> None:
    phone = world.phone()
    at = clock.now() + timedelta(hours=11)
    text = world.say(world.conversation(phone), "At night", send_at=at).message_id
    world.move_clock(hours=11, seconds=1)
    world.work()
    assert reason(world, text) == ("held", "scheduled")
    assert world.on_handset(phone) == []
    world.move_clock(hours=10)
    world.until(lambda: world.on_handset(phone) == ["At night"])


def test_held_texts_of_a_thread_go_in_the_order_they_were_asked_for(world: World) -> None:
    phone = world.phone()
    conversation = world.conversation(phone)
    world.move_clock(hours=11)
    asked = ["First", "Second", "Third"]
    for body in asked:
        world.say(conversation, body)
    world.move_clock(hours=10)
    world.until(lambda: len(world.on_handset(phone)) == 3)
    assert world.on_handset(phone) == asked


def test_the_clock_jumping_a_day_mid_send_neither_loses_nor_repeats(world: World) -> None:
    """Claims, retries and settle times are machine time: they do not notice."""
    phones = [world.phone() for _ in range(6)]
    conversations = [world.conversation(phone) for phone in phones]
    asked = [f"Number {number}" for number in range(4)]
    for body in asked:
        for conversation in conversations:
            world.say(conversation, body)
    world.simulator.set_faults(send={"error_500_after_accept": 0.3, "error_500": 0.2})
    for days in (1, -1, -1, 1):
        world.sender.drain(seconds=1)
        world.move_clock(days=days)
        world.reconcile()

    def all_arrived() -> bool:
        world.reconcile()
        return all(len(world.on_handset(phone)) >= 4 for phone in phones)

    world.until(all_arrived)
    world.work()
    assert [world.on_handset(phone) for phone in phones] == [asked] * 6


def test_what_is_claimed_when_the_clock_jumps_goes_on(world: World) -> None:
    phone = world.phone()
    text = world.say(world.conversation(phone), "Hello?").message_id
    with database.transaction() as conn:
        claims.claim(conn, slots=1, now=clock.now())
    world.move_clock(days=1)
    world.reconcile()
    assert world.status(text) == "claimed", "a day of business time is no minute of a worker's"


def test_every_hold_and_release_is_in_the_ledger(world: World) -> None:
    world.move_clock(hours=11)
    text = world.say(world.conversation(world.phone()), "Good morning").message_id
    world.move_clock(hours=10)
    world.until(lambda: world.status(text) == "delivered")
    ledger = world.conn.execute(
        "SELECT stage, outcome, rule, at FROM decisions WHERE message_id = %s ORDER BY id", [text]
    ).fetchall()
    assert [row[:3] for row in ledger] == [("queue", "hold", "quiet hours"), ("claim", "allow", "all rules")]
    assert ledger[1][3] - ledger[0][3] > timedelta(hours=9)
    assert ledger[0][3] > datetime.fromisoformat("2026-12-10T04:00:00Z")
