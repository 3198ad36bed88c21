"""What may happen to conversations, whoever asks: REST or a phone. The caller holds the store's lock."""

import re
from dataclasses import dataclass, field

from webapp.simulator.errors import TwilioError, invalid
from webapp.simulator.events import Events
from webapp.simulator.records import Conversation, Media, Message, MessagingService, Participant, Service, new_sid
from webapp.simulator.simulator import Simulator
from webapp.simulator.threads import Thread

SID = re.compile(r"CH[0-9a-fA-F]{32}")
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
# Twilio says that indexes may skip numbers; here every seventh message does, so that nobody counts on it.
SKIP_EVERY = 7
MOST_PARTICIPANTS, MOST_PHONES = 1000, 50


@dataclass(frozen=True)
class Origin:
    """Who acts: "API" or "SMS" or "SYSTEM"; `events` is None where no webhook may fire."""

    source: str
    events: Events | None


@dataclass
class NewConversation:
    service_sid: str
    messaging_service_sid: str
    friendly_name: str | None = None
    unique_name: str | None = None
    attributes: str = "{}"
    state: str = "active"
    inactive_after: str | None = None
    closed_after: str | None = None
    created_by: str = "system"
    created: float | None = None
    updated: float | None = None
    binding: dict[str, str | None] = field(default_factory=dict)


def open_conversation(sim: Simulator, new: NewConversation, origin: Origin) -> Thread:
    """Create a conversation. Raises TwilioError 50353, 50390, 50384, 50341."""
    check_unique_name(sim, new.service_sid, new.unique_name)
    if new.state == "closed":
        raise TwilioError(400, 50384, "A conversation cannot be created in state closed")
    check_messaging_service(sim, new.messaging_service_sid)
    now = sim.clock.now()
    conversation = Conversation(
        sid=new_sid("CH"),
        created=now if new.created is None else new.created,
        updated=now if new.updated is None else new.updated,
        service_sid=new.service_sid,
        messaging_service_sid=new.messaging_service_sid,
        friendly_name=new.friendly_name,
        unique_name=new.unique_name,
        attributes=new.attributes,
        state=new.state,
        inactive_after=new.inactive_after,
        closed_after=new.closed_after,
        created_by=new.created_by,
        last_activity=now,
    )
    sim.store.save(conversation)
    if origin.events:
        origin.events.conversation("onConversationAdded", conversation, origin.source, new.binding)
    return sim.store.threads.by_sid[conversation.sid]


def check_unique_name(sim: Simulator, service_sid: str, name: str | None) -> None:
    if name is None:
        return
    if SID.fullmatch(name):
        raise TwilioError(400, 50390, "A UniqueName must not look like a conversation SID")
    if (service_sid, name) in sim.store.threads.by_name:
        raise TwilioError(409, 50353, "Conversation with provided unique name already exists")


def check_messaging_service(sim: Simulator, sid: str) -> None:
    if sim.store.get(MessagingService, sid) is None:
        raise TwilioError(400, 50341, f"Messaging Service {sid} is not valid")


def set_state(sim: Simulator, conversation: Conversation, state: str, reason: str, origin: Origin) -> None:
    """Move a conversation that is not closed; closing it frees its number pairs."""
    before = conversation.state
    if state == before:
        return
    conversation.state = state
    conversation.updated = conversation.last_activity = sim.clock.now()
    sim.store.save(conversation)
    if origin.events:
        origin.events.state(conversation, before, reason, origin.source)


def check_open(conversation: Conversation) -> None:
    if conversation.state == "closed":
        raise TwilioError(400, 50377, "A closed conversation is final and cannot be changed")


def check_binding(sim: Simulator, address: str | None, proxy: str | None) -> None:
    """Whether a person's number and our sender may be put on one participant. Raises TwilioError 504xx."""
    if not address:
        raise TwilioError(400, 50411, "The messaging binding address must not be empty")
    if not proxy:
        raise TwilioError(400, 50412, "The messaging binding proxy address must not be empty")
    if address == proxy:
        raise TwilioError(400, 50409, "The address and the proxy address must differ")
    if not E164.fullmatch(address) or address in sim.config.numbers:
        raise TwilioError(400, 50407, "Invalid messaging binding address")
    if proxy not in sim.config.numbers:
        raise TwilioError(400, 50408, "Invalid messaging binding proxy address")
    holder = sim.store.threads.pairs.get((address, proxy))
    if holder is not None:
        raise TwilioError(
            409,
            50416,
            "A binding for this participant and proxy address already exists in Conversation "
            f"{holder.conversation.sid}",
        )


@dataclass
class NewParticipant:
    address: str | None = None
    proxy: str | None = None
    identity: str | None = None
    attributes: str = "{}"
    role_sid: str | None = None
    created: float | None = None
    updated: float | None = None


def add_participant(sim: Simulator, thread: Thread, new: NewParticipant, origin: Origin) -> Participant:
    """Put a person (by number pair) or a chat identity into a conversation. Raises TwilioError 504xx, 50377."""
    check_open(thread.conversation)
    check_participant(sim, new)
    _check_room(thread, new)
    now = sim.clock.now()
    participant = Participant(
        sid=new_sid("MB"),
        created=now if new.created is None else new.created,
        updated=now if new.updated is None else new.updated,
        conversation_sid=thread.conversation.sid,
        identity=new.identity,
        address=new.address,
        proxy=new.proxy,
        attributes=new.attributes,
        role_sid=new.role_sid or service_of(sim, thread).member_role_sid,
    )
    sim.store.save(participant)
    if origin.events:
        origin.events.participant("onParticipantAdded", thread.conversation, participant, origin.source)
    return participant


def _check_room(thread: Thread, new: NewParticipant) -> None:
    others = thread.participants.values()
    if new.identity and any(other.identity == new.identity for other in others):
        raise TwilioError(409, 50433, "Participant already exists")
    if len(others) >= MOST_PARTICIPANTS:
        raise TwilioError(403, 50417, f"A conversation has at most {MOST_PARTICIPANTS} participants")
    if new.address and sum(other.address is not None for other in others) >= MOST_PHONES:
        raise TwilioError(403, 50418, f"A conversation has at most {MOST_PHONES} participants outside chat")


def check_participant(sim: Simulator, new: NewParticipant) -> None:
    if new.identity is None:
        check_binding(sim, new.address, new.proxy)
    elif new.address:
        raise invalid("Identity", "a participant has an identity or a messaging binding, not both")


@dataclass
class NewMessage:
    author: str
    body: str | None = None
    media_sids: list[str] = field(default_factory=list)
    attributes: str = "{}"
    created: float | None = None
    updated: float | None = None


def add_message(sim: Simulator, thread: Thread, new: NewMessage, origin: Origin) -> Message:
    """Store a message under the next index; the caller sends it to the handsets."""
    conversation = thread.conversation
    now = sim.clock.now()
    message = Message(
        sid=new_sid("IM"),
        created=now if new.created is None else new.created,
        updated=now if new.updated is None else new.updated,
        conversation_sid=conversation.sid,
        index=_take_index(conversation),
        author=new.author,
        body=new.body,
        media_sids=new.media_sids,
        attributes=new.attributes,
        participant_sid=_author_sid(thread, new.author),
    )
    conversation.last_activity = now
    sim.store.save(conversation)
    sim.store.save(message)
    _attach(sim, message)
    if origin.events:
        origin.events.message("onMessageAdded", conversation, message, origin.source)
    return message


def service_of(sim: Simulator, thread: Thread) -> Service:
    return sim.store.all(Service)[thread.conversation.service_sid]


def _take_index(conversation: Conversation) -> int:
    index = conversation.next_index
    conversation.message_count += 1
    conversation.next_index = index + (2 if conversation.message_count % SKIP_EVERY == 0 else 1)
    return index


def _author_sid(thread: Thread, author: str) -> str | None:
    """The participant whose address or identity the author is."""
    for participant in thread.participants.values():
        if author in (participant.address, participant.identity):
            return participant.sid
    return None


def _attach(sim: Simulator, message: Message) -> None:
    for sid in message.media_sids:
        media = sim.store.all(Media)[sid]
        media.message_sid, media.conversation_sid, media.author = message.sid, message.conversation_sid, message.author
        sim.store.save(media)
