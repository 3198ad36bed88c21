"""The carrier as the rooms above see it: open a thread, send, read back, look up, fetch a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from webapp.carrier import forgetting, markers, reading
from webapp.carrier.media import fetch_media
from webapp.carrier.registration import registration_state
from webapp.carrier.sdk import connect
from webapp.carrier.setup import configure_webhooks, set_validity, setup_report
from webapp.carrier.threads import open_thread, threads_of
from webapp.carrier.transport import Transport
from webapp.carrier.types import (
    Accepted,
    CarrierMessage,
    CarrierSettings,
    ClassicMessage,
    ConversationInfo,
    Marker,
    MediaContent,
    Pair,
    PairThread,
    Receipt,
    RegistrationState,
    SetupReport,
    Thread,
)

_RECEIPTS_PAGE = 50  # Twilio's most for receipts; conversations and classic messages allow 100 and 1000
_CONVERSATIONS_PAGE = 100
_CLASSIC_PAGE = 200


class TwilioCarrier:
    """Twilio Conversations (classic) and its log, for one account and one conversation service.

    Thread-safe; make one per process, after any fork. Every method raises the errors of errors.py and nothing else.
    """

    def __init__(self, settings: CarrierSettings) -> None:
        self.settings = settings
        self._transport = Transport(
            base_url=settings.api_base_url, timeout=settings.timeout, pool_size=settings.pool_size
        )
        self._twilio = connect(settings, self._transport)
        self._service = self._twilio.conversations.v1.services(settings.conversations_service_sid)

    def open_thread(self, *, unique_name: str, address: str, sender: str, friendly_name: str = "") -> Thread:
        """The open thread of the pair, found or made. Safe at any time, any number of times at once.

        See threads.open_thread.
        """
        return open_thread(
            self._service,
            messaging_service_sid=self.settings.messaging_service_sid,
            unique_name=unique_name,
            pair=Pair(address, sender),
            friendly_name=friendly_name,
        )

    def threads_of(self, address: str, sender: str) -> list[PairThread]:
        """Every thread that holds the pair, or held it until it was closed."""
        return threads_of(self._service, Pair(address, sender))

    def send(self, *, conversation_sid: str, body: str, marker: Marker, author: str) -> Accepted:
        """Sends one text with one request, never repeated here. Returns when Twilio took it.

        GoneError: the thread is not there or closed; any other error as its class says.
        """
        with reading.understood():
            record = self._service.conversations(conversation_sid).messages.create(
                author=author, body=body, attributes=markers.encode(marker)
            )
            return reading.accepted(record)

    def read_back(self, conversation_sid: str, *, page_size: int = 50) -> Iterator[CarrierMessage]:
        """The thread's texts, newest first; a page is asked for when it is needed."""
        with reading.understood():
            messages = self._service.conversations(conversation_sid).messages
            for record in messages.stream(order="desc", page_size=page_size):
                yield reading.message(record)

    def receipts(self, conversation_sid: str, message_sid: str) -> list[Receipt]:
        """How far one text of ours got: one receipt for the contact's phone, none while still inside Twilio."""
        with reading.understood():
            message = self._service.conversations(conversation_sid).messages(message_sid)
            return [reading.receipt(record) for record in message.delivery_receipts.stream(page_size=_RECEIPTS_PAGE)]

    def received_since(self, number: str, since: datetime) -> Iterator[ClassicMessage]:
        """Every text that came in to ``number`` (E.164) since then, from Twilio's classic log."""
        with reading.understood():
            log = self._twilio.messages.stream(
                to=number, date_sent_after=since.astimezone(UTC), page_size=_CLASSIC_PAGE
            )
            for record in log:
                message = reading.classic(record)
                if message.direction == "inbound" and (message.sent_at is None or message.sent_at >= since):
                    yield message

    def conversations_since(self, since: datetime) -> Iterator[ConversationInfo]:
        """The service's conversations made since then, whoever made them. Twilio's own filter counts whole days."""
        day = since.astimezone(UTC).strftime("%Y-%m-%dT00:00:00Z")
        with reading.understood():
            page = self._service.conversations.page(start_date=day, page_size=_CONVERSATIONS_PAGE)
            while page is not None:
                found = [reading.conversation(record) for record in page]
                yield from (info for info in found if info.created_at >= since)
                page = None if _runs_past(found, since) else page.next_page()

    def fetch_participants(self, conversation_sid: str) -> Pair | None:
        """The pair of numbers in a thread; ``None`` for a group or a thread without a phone."""
        with reading.understood():
            participants = self._service.conversations(conversation_sid).participants.stream(page_size=50)
            pairs = [found for record in participants if (found := reading.pair(record.messaging_binding))]
        return pairs[0] if len(pairs) == 1 else None

    def fetch_media(self, media_sid: str) -> MediaContent:
        """A picture or file of at most 5 MB of a kind that is safe to keep. See media.fetch_media."""
        with reading.understood():
            return fetch_media(self._transport, self.settings, media_sid)

    def forget_thread(self, conversation_sid: str, *, before: datetime) -> None:
        """Deletes a thread with all in it, and its pair's log entries up to ``before``. See forgetting."""
        forgetting.forget_thread(self._twilio, self._service, conversation_sid, before)

    def forget_logged(self, message_sid: str) -> None:
        """Deletes one entry of the classic log."""
        forgetting.forget_logged(self._twilio, message_sid)

    def setup_report(self, webhook_url: str, senders: tuple[str, ...]) -> SetupReport:
        """What ``leadline doctor`` shows: whether Twilio is set up so that texts and webhooks arrive."""
        return setup_report(self._twilio, self.settings, webhook_url, senders)

    def registration_state(self) -> RegistrationState:
        """Where the carriers' review of our campaign stands."""
        return registration_state(self._twilio, self.settings)

    def set_validity(self, seconds: int) -> bool:
        """How long Twilio may keep a text in its queue; False when it was set so already."""
        return set_validity(self._twilio, self.settings, seconds)

    def configure_webhooks(self, webhook_url: str, senders: tuple[str, ...]) -> None:
        """Points the service's webhooks at us and lets strangers' texts to ``senders`` open threads in it."""
        configure_webhooks(self._twilio, self.settings, webhook_url, senders)


def _runs_past(found: list[ConversationInfo], since: datetime) -> bool:
    """True if a page that really runs newest first ends before ``since``: the pages after it are older still."""
    return bool(found) and found[0].created_at > found[-1].created_at and found[-1].created_at < since
