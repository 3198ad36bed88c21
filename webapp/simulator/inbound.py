"""A person texts one of our numbers: logged, put into its conversation (or a new one), keywords answered by Twilio."""

from dataclasses import dataclass, field

from webapp.simulator import conversing, optouts, outbound
from webapp.simulator.conversing import NewConversation, NewMessage, NewParticipant, Origin
from webapp.simulator.media import NewMedia, store_media
from webapp.simulator.records import (
    Account,
    AddressConfiguration,
    Conversation,
    Message,
    OptOut,
    ScopedWebhook,
    Text,
    new_sid,
)
from webapp.simulator.segments import count_segments
from webapp.simulator.simulator import Simulator
from webapp.simulator.threads import Thread

# Characters of a text that a person sends; Twilio takes up to 32 KB.
LONGEST = 32 * 1024


@dataclass(frozen=True)
class Incoming:
    """What the person typed. `media` are the pictures, in order."""

    phone: str
    to: str
    body: str
    media: list[NewMedia] = field(default_factory=list)


def receive(sim: Simulator, incoming: Incoming) -> tuple[Text, Message | None]:
    """Take a person's text; the message is None when no conversation takes it (auto-creation is off)."""
    with sim.store.lock:
        lost = sim.phone(incoming.phone).replies_get_lost
        origin = Origin("SMS", None if lost else sim.events)
        thread = _thread_for(sim, incoming, origin)
        service_sid = thread.conversation.service_sid if thread else sim.config.conversations_service_sid
        media = [store_media(sim, service_sid, item).sid for item in incoming.media]
        text = _log(sim, incoming, media, thread)
        message = None
        if thread:
            if thread.conversation.state == "inactive":
                conversing.set_state(sim, thread.conversation, "active", "EVENT", origin)
            new = NewMessage(author=incoming.phone, body=incoming.body or None, media_sids=media)
            message = conversing.add_message(sim, thread, new, origin)
        _handle_keyword(sim, incoming)
        return text, message


def last_sender_to(sim: Simulator, phone: str) -> str:
    """The number of ours that the person would answer: the one of the last text on the screen."""
    screen = sim.store.texts.screen(phone)
    if not screen:
        return sim.config.numbers[0]
    last = screen[-1]
    return last.recipient if last.direction == "inbound" else last.sender


def _thread_for(sim: Simulator, incoming: Incoming, origin: Origin) -> Thread | None:
    held = sim.store.threads.pairs.get((incoming.phone, incoming.to))
    if held:
        return held
    for address in sim.store.all(AddressConfiguration).values():
        if address.address == incoming.to and address.enabled:
            return _create_thread(sim, incoming, address, origin)
    return None


def _create_thread(sim: Simulator, incoming: Incoming, address: AddressConfiguration, origin: Origin) -> Thread:
    """Twilio's auto-creation: conversation, participant, then the message, announced in that order."""
    account = sim.store.all(Account)[sim.config.account_sid]
    new = NewConversation(
        service_sid=address.service_sid or account.default_service_sid,
        messaging_service_sid=outbound.messaging_service_of(sim, incoming.to) or account.default_messaging_service_sid,
        inactive_after=account.default_inactive_timer,
        closed_after=account.default_closed_timer,
        binding={"MessagingBinding.Address": incoming.phone, "MessagingBinding.ProxyAddress": incoming.to},
    )
    thread = conversing.open_conversation(sim, new, origin)
    if address.creation_type == "webhook":
        _attach_webhook(sim, thread.conversation, address)
    conversing.add_participant(sim, thread, NewParticipant(address=incoming.phone, proxy=incoming.to), origin)
    return thread


def _attach_webhook(sim: Simulator, conversation: Conversation, address: AddressConfiguration) -> None:
    sim.store.save(
        ScopedWebhook(
            sid=new_sid("WH"),
            created=conversation.created,
            updated=conversation.created,
            conversation_sid=conversation.sid,
            target="webhook",
            url=address.webhook_url,
            method=address.webhook_method,
            filters=list(address.webhook_filters),
        )
    )


def _log(sim: Simulator, incoming: Incoming, media: list[str], thread: Thread | None) -> Text:
    at = sim.clock.now()
    text = Text(
        sid=new_sid("MM" if media else "SM"),
        created=at,
        updated=at,
        direction="inbound",
        sender=incoming.phone,
        recipient=incoming.to,
        body=incoming.body,
        media_sids=media,
        messaging_service_sid=outbound.messaging_service_of(sim, incoming.to),
        status="received",
        segments=count_segments(incoming.body),
        arrival=sim.store.texts.next_arrival(),
        received_at=at,
        conversation_sid=thread.conversation.sid if thread else None,
    )
    sim.store.save(text)
    return text


def _handle_keyword(sim: Simulator, incoming: Incoming) -> None:
    keyword = optouts.keyword_in(incoming.body)
    if keyword is None or not sim.settings.opt_out_handling:
        return
    key = outbound.opt_out_key(sim, incoming.phone, incoming.to)
    held = sim.store.get(OptOut, key)
    if keyword is optouts.Keyword.STOP and held is None:
        at = sim.clock.now()
        sim.store.save(OptOut(sid=key, created=at, updated=at, phone=incoming.phone))
    elif keyword is optouts.Keyword.STOP or (keyword is optouts.Keyword.START and held is None):
        # Already out, or never out: "yes" is an ordinary answer then.
        return
    elif keyword is optouts.Keyword.START and held is not None:
        sim.store.remove(held)
    outbound.reply(sim, incoming.to, incoming.phone, optouts.REPLIES[keyword])
