"""Conversation timers: in business time, an idle conversation becomes inactive, and later closed."""

import threading
import time

from webapp.simulator.conversing import Origin, set_state
from webapp.simulator.formats import duration_seconds
from webapp.simulator.records import Conversation
from webapp.simulator.simulator import Simulator

LOOK_EVERY_SECONDS = 0.5


def start_timers(sim: Simulator) -> None:
    threading.Thread(target=_run, args=(sim,), name="timers", daemon=True).start()


def inactive_at(conversation: Conversation) -> float | None:
    """When it becomes inactive if nothing happens in it, or None."""
    if conversation.inactive_after is None or conversation.state != "active":
        return None
    return conversation.last_activity + duration_seconds(conversation.inactive_after)


def closed_at(conversation: Conversation) -> float | None:
    """When it closes if nothing happens in it, or None."""
    if conversation.closed_after is None or conversation.state == "closed":
        return None
    return conversation.last_activity + duration_seconds(conversation.closed_after)


def _run(sim: Simulator) -> None:
    while True:
        time.sleep(LOOK_EVERY_SECONDS)
        with sim.store.lock:
            for thread in list(sim.store.threads.timed.values()):
                _expire(sim, thread.conversation)


def _expire(sim: Simulator, conversation: Conversation) -> None:
    now, origin = sim.clock.now(), Origin("SYSTEM", sim.events)
    closes, sleeps = closed_at(conversation), inactive_at(conversation)
    if closes is not None and closes <= now:
        set_state(sim, conversation, "closed", "TIMER", origin)
    elif sleeps is not None and sleeps <= now:
        last_activity = conversation.last_activity
        set_state(sim, conversation, "inactive", "TIMER", origin)
        # Falling asleep is no activity: the closing timer runs on.
        conversation.last_activity = last_activity
        sim.store.save(conversation)
