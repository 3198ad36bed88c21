"""Indexes over conversations: what each holds, by which names and number pairs it is found."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from webapp.simulator.records import Conversation, Message, Participant, Receipt, Record, ScopedWebhook

Pair = tuple[str, str]


@dataclass
class Thread:
    """One conversation with everything in it."""

    conversation: Conversation
    participants: dict[str, Participant] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    receipts: dict[str, dict[str, Receipt]] = field(default_factory=dict)
    webhooks: dict[str, ScopedWebhook] = field(default_factory=dict)
    name: str | None = None


class Threads:
    """`pairs`: each (address, proxy) that an open conversation holds, one at most; `timed`: those with timers."""

    def __init__(self) -> None:
        self.by_sid: dict[str, Thread] = {}
        self.by_name: dict[tuple[str, str], Thread] = {}
        self.by_service: dict[str, dict[str, Thread]] = {}
        self.pairs: dict[Pair, Thread] = {}
        self.by_party: dict[str, dict[str, Participant]] = {}
        self.timed: dict[str, Thread] = {}

    def find(self, service_sid: str, sid_or_name: str) -> Thread | None:
        """The conversation of this service under its SID or its UniqueName."""
        thread = self.by_sid.get(sid_or_name)
        if thread is None:
            return self.by_name.get((service_sid, sid_or_name))
        return thread if thread.conversation.service_sid == service_sid else None

    def with_party(self, party: str) -> list[Participant]:
        """Participants with this address or identity, oldest first."""
        return sorted(self.by_party.get(party, {}).values(), key=lambda participant: participant.seq)

    def put(self, record: Record) -> None:
        """Index a record that is new or has changed; other kinds are ignored."""
        match record:
            case Conversation():
                self._put_conversation(record)
            case Participant():
                self._put_participant(record)
            case Message():
                self.by_sid[record.conversation_sid].messages[record.sid] = record
            case Receipt():
                receipts = self.by_sid[record.conversation_sid].receipts
                receipts.setdefault(record.message_sid, {})[record.sid] = record
            case ScopedWebhook():
                self.by_sid[record.conversation_sid].webhooks[record.sid] = record

    def contents(self, record: Record) -> Iterator[Record]:
        """What goes when this record goes."""
        match record:
            case Conversation():
                thread = self.by_sid[record.sid]
                yield from [*thread.messages.values(), *thread.participants.values(), *thread.webhooks.values()]
            case Message():
                yield from list(self.by_sid[record.conversation_sid].receipts.get(record.sid, {}).values())

    def remove(self, record: Record) -> None:
        match record:
            case Conversation():
                self._remove_conversation(record)
            case Participant():
                thread = self.by_sid[record.conversation_sid]
                del thread.participants[record.sid]
                self._release(thread, record)
                self.by_party[_party(record)].pop(record.sid)
            case Message():
                thread = self.by_sid[record.conversation_sid]
                del thread.messages[record.sid]
                thread.receipts.pop(record.sid, None)
            case Receipt():
                del self.by_sid[record.conversation_sid].receipts[record.message_sid][record.sid]
            case ScopedWebhook():
                del self.by_sid[record.conversation_sid].webhooks[record.sid]

    def _put_conversation(self, conversation: Conversation) -> None:
        thread = self.by_sid.setdefault(conversation.sid, Thread(conversation))
        self.by_service.setdefault(conversation.service_sid, {})[conversation.sid] = thread
        self._rename(thread)
        if conversation.state != "closed" and (conversation.inactive_after or conversation.closed_after):
            self.timed[conversation.sid] = thread
        else:
            self.timed.pop(conversation.sid, None)
        if conversation.state == "closed":
            for participant in thread.participants.values():
                self._release(thread, participant)

    def _rename(self, thread: Thread) -> None:
        service, name = thread.conversation.service_sid, thread.conversation.unique_name
        if thread.name is not None and thread.name != name:
            del self.by_name[service, thread.name]
        if name is not None:
            self.by_name[service, name] = thread
        thread.name = name

    def _put_participant(self, participant: Participant) -> None:
        thread = self.by_sid[participant.conversation_sid]
        thread.participants[participant.sid] = participant
        self.by_party.setdefault(_party(participant), {})[participant.sid] = participant
        if participant.address and participant.proxy and thread.conversation.state != "closed":
            self.pairs[participant.address, participant.proxy] = thread

    def _remove_conversation(self, conversation: Conversation) -> None:
        del self.by_sid[conversation.sid]
        self.timed.pop(conversation.sid, None)
        del self.by_service[conversation.service_sid][conversation.sid]
        if conversation.unique_name is not None:
            del self.by_name[conversation.service_sid, conversation.unique_name]

    def _release(self, thread: Thread, participant: Participant) -> None:
        pair = (participant.address or "", participant.proxy or "")
        if self.pairs.get(pair) is thread:
            del self.pairs[pair]


def _party(participant: Participant) -> str:
    return participant.address or participant.identity or ""
