"""People who answer by themselves, a few seconds after a text arrives: for demos in which nobody holds the phone.

A persona is a short script; as many texts as the person has written, so many of its lines are spent. At its end the
person falls silent, so that two automata never talk in a circle. Who a number is, and how long it takes, is drawn from
the number alone: the same phones answer the same way in every run.
"""

import hashlib

from webapp.simulator.inbound import Incoming, receive
from webapp.simulator.records import Text
from webapp.simulator.simulator import Simulator

SCRIPTS = {
    "friendly": (
        "Hi! Yes, I'm still interested.",
        "That works for me. Thanks!",
        "Great, see you then 😊",
    ),
    "curious": (
        "Who is this?",
        "Ok. What is the asking price?",
        "Could I see it this weekend?",
    ),
    "opts_out": ("STOP",),
    "silent": (),
}
PERSONAS = tuple(SCRIPTS)
LABELS = {"friendly": "Friendly", "curious": "Curious", "opts_out": "Opts out", "silent": "Silent"}

# Of 100 numbers with nobody chosen for them. Most people do not answer.
_SHARES = (("friendly", 11), ("curious", 8), ("opts_out", 1), ("silent", 80))
SOONEST_SECONDS, LATEST_SECONDS = 3.0, 9.0


def watch(sim: Simulator) -> None:
    """From now on, texts that arrive are answered by whoever their phone's persona is."""
    sim.arrivals.append(lambda text: _consider(sim, text))


def drawn(phone: str) -> str:
    """The persona of a number that nobody has chosen one for."""
    place = _digest(phone)[0] * 100 // 256
    for persona, share in _SHARES:
        if place < share:
            return persona
        place -= share
    raise AssertionError("the shares add up to 100")


def persona_of(sim: Simulator, phone: str) -> str:
    """Who answers on this phone now: "silent" where nobody does."""
    return sim.phone(phone).persona or (drawn(phone) if sim.settings.personas else "silent")


def wait_seconds(phone: str) -> float:
    """How long this person takes to answer."""
    return SOONEST_SECONDS + (LATEST_SECONDS - SOONEST_SECONDS) * _digest(phone)[1] / 255


def _consider(sim: Simulator, text: Text) -> None:
    # Twilio's own confirmation of a keyword is not answered.
    if text.direction == "outbound-api" and persona_of(sim, text.recipient) != "silent":
        wait = wait_seconds(text.recipient) * sim.settings.persona_pace
        sim.timetable.after(wait, lambda: _answer(sim, text))


def _answer(sim: Simulator, text: Text) -> None:
    """Say the next line, unless something came after this text: of several at once only the last is answered."""
    with sim.store.lock:
        phone = sim.phone(text.recipient)
        screen = sim.store.texts.screen(phone.sid)
        if phone.off or not screen or screen[-1].sid != text.sid:
            return
        said = sum(earlier.direction == "inbound" for earlier in screen)
        script = SCRIPTS[persona_of(sim, phone.sid)]
        if said < len(script):
            receive(sim, Incoming(phone=phone.sid, to=text.sender, body=script[said]))


def _digest(phone: str) -> bytes:
    return hashlib.sha256(phone.encode()).digest()
