"""STOP, START and HELP: one answer each, from the carrier or from us, never from both; and the later word counts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.support import twilio
from tests.support.world import World
from webapp import clock


def hears(world: World, phone: str, body: str) -> tuple[list[str], list[str]]:
    """The person texts; the answers by the carrier and by us that reach the handset."""
    before = len(world.simulator.texts_on(phone))
    world.simulator.person_texts(phone, body)
    said = len(world.inbound(phone)) + 1
    world.until(lambda: len(world.inbound(phone)) == said)
    world.until(lambda: nothing_under_way(world))
    new = world.simulator.texts_on(phone)[before:]
    return [t["body"] for t in new if t["automatic"]], [t["body"] for t in new if not t["automatic"]]


def nothing_under_way(world: World) -> bool:
    row = world.conn.execute(
        "SELECT count(*) FROM sms_messages WHERE status IN ('queued', 'claimed', 'sending', 'sent')"
    ).fetchone()
    return row == (0,)


def known(world: World) -> str:
    """A phone that has had a text from us."""
    phone = world.phone()
    text = world.say(world.conversation(phone), "Hello?").message_id
    world.until(lambda: world.status(text) == "delivered")
    return phone


def test_where_the_carrier_answers_we_do_not(world: World) -> None:
    phone = known(world)
    for word in ("STOP", "START", "HELP"):
        by_carrier, by_us = hears(world, phone, word)
        assert (len(by_carrier), by_us) == (1, []), word


@pytest.mark.parametrize("words", ["Stop.", "stop all", "Unsub", "STOP2END"])
def test_where_the_carrier_does_not_know_the_wording_we_confirm(world: World, words: str) -> None:
    by_carrier, by_us = hears(world, known(world), words)
    assert (by_carrier, len(by_us)) == ([], 1)
    assert "unsubscribed" in by_us[0]


def test_where_we_answer_the_carrier_does_not(world: World) -> None:
    world.simulator.set_settings(opt_out_handling=False)
    world.configure(keyword_replies="leadline", business_name="Lone Star Homes", business_contact="512-555-0100")
    phone = known(world)
    for word, part in (("STOP", "unsubscribed"), ("START", "subscribed again"), ("HELP", "help at 512-555-0100")):
        by_carrier, by_us = hears(world, phone, word)
        assert (by_carrier, len(by_us)) == ([], 1), word
        assert by_us[0].startswith("Lone Star Homes")
        assert part in by_us[0]


def test_help_is_answered_even_to_somebody_who_stopped(world: World) -> None:
    world.simulator.set_settings(opt_out_handling=False)
    world.configure(keyword_replies="leadline")
    phone = known(world)
    hears(world, phone, "STOP")
    assert len(hears(world, phone, "HELP")[1]) == 1
    assert world.say(world.conversation(phone), "But").status == "refused"


def test_a_stop_said_again_and_again_is_confirmed_once(world: World) -> None:
    world.simulator.set_settings(opt_out_handling=False)
    world.configure(keyword_replies="leadline")
    phone = known(world)
    answers = [len(hears(world, phone, word)[1]) for word in ("STOP", "stop", "Unsubscribe", "START", "STOP")]
    assert answers == [1, 0, 0, 1, 1]


@pytest.mark.parametrize("setting", ["carrier", "leadline"])
@pytest.mark.parametrize(("words", "ours"), [("STOP", 0), ("start", 0), ("HELP", 0), ("Unsubscribe", 1)])
def test_on_a_toll_free_number_the_network_answers_its_words_whatever_the_setting(
    world: World, setting: str, words: str, ours: int
) -> None:
    """The network's list is shorter than Twilio's; the rest is ours."""
    world.configure(keyword_replies=setting)
    world.conn.execute("UPDATE phone_numbers SET toll_free = true")
    twilio.receive(twilio.message_added(world.phone(), words, twilio.sid("CH")))
    assert confirmations(world) == ours


def test_help_is_answered_with_everything_it_must_carry_also_to_who_has_opted_out(world: World) -> None:
    world.simulator.set_settings(opt_out_handling=False)
    world.configure(
        keyword_replies="leadline",
        business_name="Lone Star Homes",
        business_contact="512-555-0100",
        message_frequency="Up to 4 msgs/month",
    )
    phone = known(world)
    told = "Lone Star Homes texts: help at 512-555-0100. Up to 4 msgs/month. Msg & data rates may apply."
    assert hears(world, phone, "help")[1] == [f"{told} Reply STOP to opt out."]
    hears(world, phone, "STOP")
    assert hears(world, phone, "HELP!")[1] == [f"{told} Reply STOP to opt out."]


def test_the_accounts_own_words_are_what_goes(world: World) -> None:
    world.simulator.set_settings(opt_out_handling=False)
    world.configure(
        keyword_replies="leadline", stop_reply="Homes: bye.", start_reply="Homes: hi.", help_reply="Homes: help."
    )
    phone = known(world)
    answers = [hears(world, phone, word)[1] for word in ("HELP", "STOP", "START")]
    assert answers == [["Homes: help."], ["Homes: bye."], ["Homes: hi."]]


@pytest.mark.parametrize("words", ["Stop texting me", "please take me off your list"])
def test_a_stop_in_their_own_words_is_confirmed_once_whoever_answers_keywords(world: World, words: str) -> None:
    phone = known(world)
    assert [len(hears(world, phone, said)[1]) for said in (words, words)] == [1, 0]
    assert world.say(world.conversation(phone), "But").status == "refused"


def test_a_wrong_number_gets_no_answer_at_all(world: World) -> None:
    phone = known(world)
    assert hears(world, phone, "You have the wrong number") == ([], [])
    assert world.say(world.conversation(phone), "But").status == "refused"


def test_a_confirmation_goes_at_night_and_counts_as_nobodys_reply(world: World) -> None:
    world.simulator.set_settings(opt_out_handling=False)
    world.configure(keyword_replies="leadline")
    phone = known(world)
    world.move_clock(hours=11)  # 23:00 in Texas
    assert len(hears(world, phone, "STOP")[1]) == 1


def test_a_confirmation_that_comes_too_late_is_not_sent(world: World) -> None:
    """The sweep found the STOP an hour later: it stops, but five minutes are over."""
    world.configure(keyword_replies="leadline")
    phone = known(world)
    world.simulator.set_faults(webhooks={"lose": 1.0})
    world.simulator.set_settings(opt_out_handling=False)
    world.simulator.person_texts(phone, "STOP")
    world.move_clock(hours=1)
    world.sweep()
    world.work()
    assert world.on_handset(phone) == ["Hello?"]
    row = world.conn.execute("SELECT status FROM sms_messages WHERE origin = 'confirmation'").fetchone()
    assert row == ("refused",)
    assert world.say(world.conversation(phone), "But").status == "refused"


T0 = datetime.fromisoformat("2026-12-09T18:00:00Z")


@pytest.mark.parametrize(
    ("arrivals", "stopped"),
    [
        ("STOP@0 START@1", False),
        ("START@1 STOP@0", False),
        ("STOP@0 START@1 STOP@2", True),
        ("STOP@0 STOP@2 START@1", True),
        ("STOP@2 START@1 STOP@0", True),
        ("START@1 STOP@2 STOP@0", True),
        ("START@1 STOP@0 STOP@2", True),
        ("STOP@0 START@3 STOP@2 START@1", False),
        ("START@3 STOP@2 START@1 STOP@0", False),
    ],
)
def test_the_persons_last_word_counts_in_whatever_order_the_webhooks_come(
    world: World, arrivals: str, stopped: bool
) -> None:
    phone, thread = world.phone(), twilio.sid("CH")
    world.conversation(phone)
    for word, _, minute in (arrival.partition("@") for arrival in arrivals.split()):
        said = twilio.stamp(T0 + timedelta(minutes=int(minute)))
        twilio.receive(twilio.message_added(phone, word, thread, DateCreated=said))
    row = world.conn.execute("SELECT suppressed_at IS NOT NULL FROM contact_numbers").fetchone()
    assert row == (stopped,)


def test_yes_is_an_ordinary_answer_unless_somebody_was_stopped(world: World) -> None:
    phone, thread = world.phone(), twilio.sid("CH")
    twilio.receive(twilio.message_added(phone, "Yes", thread))
    assert intents(world) == ["none"]
    twilio.receive(twilio.message_added(phone, "Stop", thread))
    world.move_clock(minutes=1)
    twilio.receive(twilio.message_added(phone, "Yes", thread))
    assert intents(world) == ["none", "stop", "start"]
    assert world.conn.execute("SELECT suppressed_at FROM contact_numbers").fetchone() == (None,)


def test_a_stop_leaves_its_evidence(world: World) -> None:
    phone = known(world)
    hears(world, phone, "Stop")
    ledger = world.conn.execute("SELECT event, source, note FROM consent_events ORDER BY id").fetchall()
    assert ledger == [("opt_in", "web form", None), ("opt_out", "keyword", "Stop")]
    lines = world.conn.execute("SELECT data ->> 'matched' FROM sms_events WHERE type = 'opted_out'").fetchall()
    assert lines == [("Stop",)]
    assert world.conn.execute("SELECT waiting_since FROM sms_conversations").fetchone() == (None,)


def confirmations(world: World) -> int:
    row = world.conn.execute("SELECT count(*) FROM sms_messages WHERE origin = 'confirmation'").fetchone()
    assert row is not None
    return int(row[0])


def intents(world: World) -> list[str]:
    assert clock.now() >= T0
    return [row[0] for row in world.conn.execute("SELECT intent FROM webhook_receipts ORDER BY id").fetchall()]
