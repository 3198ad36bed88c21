"""The whole road of an opt-in: the form, the text that asks, the YES, and only then other automatic texts."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.compliance.public.support import OPEN, Stranger, configure
from tests.support.people import cast_of
from tests.support.sessions import signed_in
from tests.support.world import World
from webapp.models.constants import Origin


@pytest.fixture
def stranger(world: World) -> Stranger:
    """Somebody on the page of an account that has opened it. It is noon in Texas."""
    configure(world.conn, OPEN)
    return Stranger(world.app)


def asked(world: World, phone: str) -> str:
    """Works until the question has reached the phone; its words."""
    world.until(lambda: len(world.on_handset(phone)) == 1)
    return world.on_handset(phone)[0]


def says(world: World, phone: str, body: str) -> None:
    """The person texts us, and it is in its thread."""
    before = len(world.inbound(phone))
    world.simulator.person_texts(phone, body)
    world.until(lambda: len(world.inbound(phone)) > before)


def follow_up(world: World, phone: str) -> str:
    """What becomes of an ordinary automatic text to the phone."""
    text = world.say(
        world.conversation(phone),
        "Lone Star Homes: a new listing. Reply STOP to opt out.",
        origin=Origin.API,
        automatic=True,
        consent=None,
    )
    return text.status


def consented(world: World, phone: str) -> tuple[bool, bool]:
    """Whether the phone's consent holds, and whether it waits for a YES."""
    row = world.conn.execute(
        "SELECT consent_at IS NOT NULL, pending_at IS NOT NULL FROM contact_numbers WHERE e164 = %s", [phone]
    ).fetchone()
    assert row is not None
    return bool(row[0]), bool(row[1])


@pytest.mark.parametrize("words", ["YES", "Yes!", "si", "START"])
def test_a_yes_makes_the_consent_hold_and_the_ledger_has_question_and_answer(
    world: World, stranger: Stranger, words: str
) -> None:
    phone = world.phone()
    stranger.signs_up(phone)
    question = asked(world, phone)

    assert "Reply YES" in question
    assert "STOP" in question
    assert follow_up(world, phone) == "refused"

    says(world, phone, words)

    assert consented(world, phone) == (True, False)
    row = world.conn.execute(
        """
        SELECT c.channel, c.details, d.version, m.id, m.twilio_sid
        FROM consent_events c JOIN disclosures d ON d.id = c.disclosure_id
        JOIN sms_messages m ON m.origin = 'opt_in' WHERE c.event = 'reconfirm'
        """
    ).fetchone()
    assert row is not None
    channel, details, version, message_id, twilio_sid = row
    answer = world.conn.execute("SELECT twilio_sid FROM sms_messages WHERE direction = 'inbound'").fetchone()
    first = world.conn.execute("SELECT id FROM consent_events WHERE event = 'opt_in'").fetchone()
    assert (channel, version) == ("web", 1)
    assert first is not None
    assert answer is not None
    assert details == {
        "opt_in_id": first[0],
        "asked_message_id": message_id,
        "asked_sid": twilio_sid,
        "answer_sid": answer[0],
    }
    world.move_clock(minutes=15)
    assert follow_up(world, phone) == "queued"


def test_another_answer_is_no_yes_and_a_stop_ends_it(world: World, stranger: Stranger) -> None:
    phone = world.phone()
    stranger.signs_up(phone)
    asked(world, phone)

    says(world, phone, "Who is this?")
    assert consented(world, phone) == (False, True)

    says(world, phone, "STOP")
    assert consented(world, phone) == (False, False)
    assert follow_up(world, phone) == "refused"


def test_a_yes_after_a_week_is_an_ordinary_answer(world: World, stranger: Stranger) -> None:
    phone = world.phone()
    stranger.signs_up(phone)
    asked(world, phone)
    world.move_clock(days=8)

    says(world, phone, "yes")

    assert consented(world, phone) == (False, True)
    row = world.conn.execute("SELECT count(*) FROM consent_events WHERE event = 'reconfirm'").fetchone()
    assert row == (0,)


def test_the_question_waits_for_the_hours_where_the_person_is(world: World, stranger: Stranger) -> None:
    world.move_clock(hours=11)  # eleven at night in Texas
    phone = world.phone()

    stranger.signs_up(phone)

    row = world.conn.execute("SELECT status, reason, send_after FROM sms_messages").fetchone()
    assert row is not None
    assert row[:2] == ("held", "quiet_hours")
    assert row[2] == datetime.fromisoformat("2026-12-10T15:00:00Z")  # nine in the morning there
    assert world.on_handset(phone) == []


def test_a_number_that_said_stop_is_not_asked_and_its_start_opens_it(world: World, stranger: Stranger) -> None:
    phone = world.phone()
    says(world, phone, "STOP")

    stranger.signs_up(phone)
    world.work()
    assert world.on_handset(phone) == []
    assert consented(world, phone) == (False, False)

    says(world, phone, "START")
    assert consented(world, phone)[0]


def test_a_first_yes_is_told_subscribed_and_a_start_after_a_stop_subscribed_again(
    world: World, stranger: Stranger
) -> None:
    world.simulator.set_settings(opt_out_handling=False)
    world.configure(keyword_replies="leadline")
    phone = world.phone()
    stranger.signs_up(phone)
    asked(world, phone)

    for count, words in enumerate(("YES", "STOP", "START"), start=2):
        says(world, phone, words)
        world.until(lambda wanted=count: len(world.on_handset(phone)) == wanted)

    _question, first, _stopped, second = world.on_handset(phone)
    assert first.startswith("Lone Star Homes: you're subscribed. Up to 4 msgs/month.")
    assert second.startswith("Lone Star Homes: you're subscribed again. Up to 4 msgs/month.")


def test_the_thread_says_that_the_question_is_one(world: World, stranger: Stranger) -> None:
    phone = world.phone()
    stranger.signs_up(phone)
    asked(world, phone)

    page = signed_in(world.app, cast_of(world.conn).manager).get(f"/inbox/{world.conversation(phone)}").text

    assert "Opt-in question" in page
