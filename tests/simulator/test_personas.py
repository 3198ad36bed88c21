"""People who answer by themselves: who, what, how often, and when not."""

from collections import Counter
from collections.abc import Callable

import pytest
from twilio.rest.conversations.v1.service.conversation import ConversationContext

from tests.simulator.conftest import PHONE
from tests.simulator.waiting import until
from webapp.simulator import personas
from webapp.simulator.harness import SimulatorServer


@pytest.fixture
def hurried(sim: SimulatorServer) -> SimulatorServer:
    """Everybody answers at once."""
    sim.set_settings(persona_pace=0)
    return sim


def said_in(thread: ConversationContext) -> list[str]:
    return [str(message.body) for message in thread.messages.list() if message.author != "system"]


def send(sim: SimulatorServer, thread: ConversationContext, body: str, phone: str = PHONE) -> None:
    """Send a text and wait until it is on the handset."""
    before = len(sim.texts_on(phone))
    thread.messages.create(body=body)
    until(lambda: sim.texts_on(phone), lambda texts: len(texts) > before)


@pytest.mark.parametrize("persona", ["friendly", "curious"])
def test_a_persona_says_its_lines_one_a_text_and_then_falls_silent(
    hurried: SimulatorServer, thread: ConversationContext, persona: str
) -> None:
    hurried.set_persona(PHONE, persona)
    lines = personas.SCRIPTS[persona]
    for count in range(1, len(lines) + 1):
        send(hurried, thread, f"text {count}")
        until(lambda: said_in(thread), lambda said, count=count: len(said) == count)
    send(hurried, thread, "are you still there?")
    hurried.person_texts(PHONE, "by hand")
    assert said_in(thread) == [*lines, "by hand"]


def test_one_that_opts_out_is_blocked_like_anybody(hurried: SimulatorServer, thread: ConversationContext) -> None:
    hurried.set_persona(PHONE, "opts_out")
    send(hurried, thread, "Hi Ana")
    texts = until(lambda: hurried.texts_on(PHONE), lambda found: len(found) == 2)
    assert texts[1]["automatic"]
    assert said_in(thread) == ["STOP"]


def test_of_several_texts_at_once_only_the_last_is_answered(sim: SimulatorServer, thread: ConversationContext) -> None:
    # All three arrive long before the first answer is due, whatever the machine does.
    sim.set_settings(persona_pace=3 / personas.wait_seconds(PHONE))
    sim.set_persona(PHONE, "friendly")
    for number in range(3):
        thread.messages.create(body=f"text {number}")
    until(lambda: said_in(thread))
    assert said_in(thread) == [personas.SCRIPTS["friendly"][0]]


def test_by_default_nobody_answers_and_one_switch_lets_all_do(
    hurried: SimulatorServer, open_thread: Callable[..., ConversationContext]
) -> None:
    numbers = [f"+1512555{number:04d}" for number in range(100, 200)]
    curious = next(number for number in numbers if personas.drawn(number) == "curious")
    silent = next(number for number in numbers if personas.drawn(number) == "silent")
    threads = {number: open_thread(number) for number in (curious, silent)}
    for number, thread in threads.items():
        send(hurried, thread, "before", number)
    hurried.set_settings(personas=True)
    for number, thread in threads.items():
        send(hurried, thread, "after", number)
    until(lambda: said_in(threads[curious]))
    assert [message.body for message in threads[curious].messages.list()] == ["before", "after", "Who is this?"]
    assert said_in(threads[silent]) == []


def test_most_people_are_silent_and_the_same_ones_every_time() -> None:
    numbers = [f"+1512{number:07d}" for number in range(2000)]
    drawn = Counter(personas.drawn(number) for number in numbers)
    assert set(drawn) == set(personas.PERSONAS)
    assert drawn["silent"] > 1400
    assert drawn["opts_out"] < 60
    waits = [personas.wait_seconds(number) for number in numbers]
    assert personas.SOONEST_SECONDS <= min(waits) < max(waits) <= personas.LATEST_SECONDS


def test_a_phone_that_was_switched_off_meanwhile_does_not_answer(
    sim: SimulatorServer, open_thread: Callable[..., ConversationContext]
) -> None:
    other = "+15125550177"
    # The other one's answer is due a second after this one's: when it has come, this one's will not come any more.
    for phone, seconds in ((PHONE, 1), (other, 2)):
        thread = open_thread(phone)
        sim.set_persona(phone, "friendly")
        sim.set_settings(persona_pace=seconds / personas.wait_seconds(phone))
        send(sim, thread, "Hello", phone)
        sim.set_switches(phone, off=phone == PHONE)
    until(lambda: said_in(thread))
    assert sim.control("GET", f"/phones/{PHONE}/feed")["lists"]["screen"].count("wrote:") == 1
