"""A text on its way to a handset: it waits for its sender's turn, is sent, arrives, is receipted."""

import time

from webapp.simulator import optouts
from webapp.simulator.records import Message, MessagingService, OptOut, Participant, Phone, Receipt, Text, new_sid
from webapp.simulator.segments import count_segments
from webapp.simulator.simulator import Simulator
from webapp.simulator.threads import Thread

OPTED_OUT, PHONE_OFF, FILTERED = "21610", "30003", "30007"
# These are known before the text leaves Twilio: failed at once. Every other code comes back from the carrier.
FAILS_INSIDE_TWILIO = frozenset({OPTED_OUT, "21611", "30001", "30002", "30032", "30034", "30035", "30036", "30610"})


def transmit(sim: Simulator, thread: Thread, message: Message) -> None:
    """Send a stored message to every person in its conversation but its author. The caller holds the lock."""
    for participant in list(thread.participants.values()):
        if participant.address and participant.address != message.author:
            _accept(sim, _text_for(sim, thread, message, participant))


def reply(sim: Simulator, sender: str, recipient: str, body: str) -> None:
    """Twilio's own answer to a keyword: on the handset and in the message log, in no conversation, never blocked."""
    at = sim.clock.now()
    _accept(
        sim,
        Text(
            sid=new_sid("SM"),
            created=at,
            updated=at,
            direction="outbound-reply",
            sender=sender,
            recipient=recipient,
            body=body,
            messaging_service_sid=messaging_service_of(sim, sender),
            status="queued",
            segments=count_segments(body),
        ),
    )


def resume(sim: Simulator) -> None:
    """Carry on, after a restart, with every text that had not come to its end."""
    with sim.store.lock:
        for text in list(sim.store.all(Text).values()):
            if text.status == "queued":
                _accept(sim, text)
            elif text.status == "sent":
                sim.timetable.after(0, lambda sid=text.sid: _arrive(sim, sid))  # type: ignore[misc]


def deliver_waiting(sim: Simulator, phone: str) -> None:
    """The phone is on again: what waited for it arrives, without another receipt. The caller holds the lock."""
    for text in list(sim.store.all(Text).values()):
        if text.waits_for_phone and text.recipient == phone:
            text.waits_for_phone = False
            _put_on_screen(sim, text)


def messaging_service_of(sim: Simulator, number: str) -> str | None:
    """The Messaging Service whose sender pool holds the number."""
    for service in sim.store.all(MessagingService).values():
        if number in service.numbers:
            return service.sid
    return None


def opt_out_key(sim: Simulator, phone: str, sender: str) -> str:
    """Under which a STOP from this phone to this sender is kept."""
    return optouts.key(phone, messaging_service_of(sim, sender) or sender)


def _text_for(sim: Simulator, thread: Thread, message: Message, participant: Participant) -> Text:
    at = sim.clock.now()
    sender, recipient = participant.proxy or "", participant.address or ""
    # A picture goes alone: Twilio drops the text of a message that holds both for an SMS participant.
    body = "" if message.media_sids else message.body or ""
    text = Text(
        sid=new_sid("MM" if message.media_sids else "SM"),
        created=at,
        updated=at,
        direction="outbound-api",
        sender=sender,
        recipient=recipient,
        body=body,
        media_sids=list(message.media_sids),
        messaging_service_sid=thread.conversation.messaging_service_sid,
        status="queued",
        segments=count_segments(body),
        fate=_fate(sim, sender, recipient),
        conversation_sid=thread.conversation.sid,
    )
    receipt = Receipt(
        sid=new_sid("DY"),
        created=at,
        updated=at,
        conversation_sid=thread.conversation.sid,
        message_sid=message.sid,
        participant_sid=participant.sid,
        channel_sid=text.sid,
    )
    text.receipt_sid = receipt.sid
    sim.store.save(receipt)
    return text


def _fate(sim: Simulator, sender: str, recipient: str) -> str:
    if sim.settings.opt_out_handling and sim.store.get(OptOut, opt_out_key(sim, recipient, sender)):
        return OPTED_OUT
    if sim.phone(recipient).filtered:
        return FILTERED
    return sim.faults.receipt_code() or "delivered"


def _accept(sim: Simulator, text: Text) -> None:
    sim.store.save(text)
    latency = _latency(sim)
    sim.timetable.after(_wait_for_turn(sim, text.sender) + latency / 2, lambda: _leave(sim, text.sid))


def _wait_for_turn(sim: Simulator, sender: str) -> float:
    """Seconds until the sender's queue lets this text go."""
    now = time.monotonic()
    departure = max(now, sim.next_departure.get(sender, now))
    sim.next_departure[sender] = departure + 1 / sim.settings.texts_per_second
    return departure - now


def _leave(sim: Simulator, sid: str) -> None:
    with sim.store.lock:
        text = sim.store.get(Text, sid)
        if text is None:
            return
        if text.fate in FAILS_INSIDE_TWILIO:
            _set_status(sim, text, "failed", text.fate)
            return
        _set_status(sim, text, "sent")
        slow = sim.settings.slow_phone_ms / 1000 if sim.phone(text.recipient).slow else 0.0
        sim.timetable.after(_latency(sim) / 2 + slow, lambda: _arrive(sim, sid))


def _arrive(sim: Simulator, sid: str) -> None:
    with sim.store.lock:
        text = sim.store.get(Text, sid)
        if text is None:
            return
        if text.fate == "delivered" and text.arrival is None:
            _reach(sim, text)
        sim.timetable.after(_latency(sim) / 2, lambda: _settle(sim, sid))


def _reach(sim: Simulator, text: Text) -> None:
    phone = sim.store.get(Phone, text.recipient)
    if phone and phone.off:
        text.fate, text.waits_for_phone = PHONE_OFF, True
        sim.store.save(text)
    else:
        _put_on_screen(sim, text)


def _settle(sim: Simulator, sid: str) -> None:
    with sim.store.lock:
        text = sim.store.get(Text, sid)
        if text is None:
            return
        if text.fate == "delivered":
            _set_status(sim, text, "delivered")
        else:
            _set_status(sim, text, "undelivered", text.fate)


def _put_on_screen(sim: Simulator, text: Text) -> None:
    text.arrival = sim.store.texts.next_arrival()
    text.received_at = sim.clock.now()
    sim.store.save(text)
    for hear in sim.arrivals:
        hear(text)


def _set_status(sim: Simulator, text: Text, status: str, code: str | None = None) -> None:
    """Note the status on the text and, where it belongs to a conversation that still stands, on its receipt."""
    text.status = status
    text.updated = sim.clock.now()
    sim.store.save(text)
    receipt = sim.store.get(Receipt, text.receipt_sid) if text.receipt_sid else None
    if receipt is None:
        return
    receipt.status, receipt.updated = status, text.updated
    receipt.error_code = int(code) if code else 0
    sim.store.save(receipt)
    sim.events.delivery(sim.store.threads.by_sid[receipt.conversation_sid].conversation, receipt)


def _latency(sim: Simulator) -> float:
    return sim.settings.carrier_latency_ms / 1000
