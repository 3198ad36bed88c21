"""Twilio's webhook events: which parameters each carries, and to which of the three scopes it goes.

Absent optional parameters are left out, every value is a string, dates have milliseconds.
"""

import json
from collections.abc import Iterator, Mapping

from webapp.simulator.formats import iso_millis
from webapp.simulator.records import Account, Conversation, Media, Message, Participant, Receipt, Service
from webapp.simulator.store import Store
from webapp.simulator.webhooks import Dispatcher, Webhook

_THINGS = ("Message", "Conversation", "Participant")
_VERBS = ("Add", "Added", "Update", "Updated", "Remove", "Removed")
SERVICE_FILTERS = (
    *(f"on{thing}{verb}" for thing in _THINGS for verb in _VERBS),
    "onConversationStateUpdated",
    "onDeliveryUpdated",
)
ACCOUNT_FILTERS = (*SERVICE_FILTERS, "onUserAdded", "onUserUpdate", "onUserUpdated")


class Events:
    """Announces what happened. `source` is who did it: "SMS" for a phone, "API" for REST, "SYSTEM" for timers."""

    def __init__(self, account_sid: str, store: Store, dispatcher: Dispatcher) -> None:
        self._account_sid = account_sid
        self._store = store
        self._dispatcher = dispatcher

    def conversation(
        self, event: str, conversation: Conversation, source: str, extra: Mapping[str, str | None]
    ) -> None:
        """onConversationAdded, onConversationUpdated, onConversationRemoved."""
        params = {
            "DateCreated": iso_millis(conversation.created),
            "DateUpdated": iso_millis(conversation.updated),
            "FriendlyName": conversation.friendly_name,
            "UniqueName": conversation.unique_name,
            "Attributes": conversation.attributes,
            "State": conversation.state,
        }
        self._emit(event, conversation, source, {**params, **extra})

    def state(self, conversation: Conversation, before: str, reason: str, source: str) -> None:
        """onConversationStateUpdated; `reason` is API, TIMER or EVENT."""
        params = {
            "StateUpdated": iso_millis(conversation.updated),
            "StateFrom": before,
            "StateTo": conversation.state,
            "Reason": reason,
        }
        self._emit("onConversationStateUpdated", conversation, source, params)

    def participant(self, event: str, conversation: Conversation, participant: Participant, source: str) -> None:
        """onParticipantAdded, onParticipantUpdated, onParticipantRemoved."""
        read = participant.last_read_index if event == "onParticipantUpdated" else None
        params = {
            "ParticipantSid": participant.sid,
            "Identity": participant.identity,
            "RoleSid": participant.role_sid,
            "Attributes": participant.attributes,
            "DateCreated": iso_millis(participant.created),
            "DateUpdated": None if event == "onParticipantAdded" else iso_millis(participant.updated),
            "DateRemoved": iso_millis(participant.updated) if event == "onParticipantRemoved" else None,
            "LastReadMessageIndex": None if read is None else str(read),
            "MessagingBinding.Address": participant.address,
            "MessagingBinding.ProxyAddress": participant.proxy,
            "MessagingBinding.Type": "SMS" if participant.address else "CHAT",
        }
        self._emit(event, conversation, source, params)

    def message(self, event: str, conversation: Conversation, message: Message, source: str) -> None:
        """onMessageAdded, onMessageUpdated, onMessageRemoved."""
        params = {
            "MessageSid": message.sid,
            "Index": str(message.index),
            "DateCreated": iso_millis(message.created),
            "DateUpdated": None if event == "onMessageAdded" else iso_millis(message.updated),
            "DateRemoved": iso_millis(message.updated) if event == "onMessageRemoved" else None,
            "Body": message.body,
            "Author": message.author,
            "ParticipantSid": message.participant_sid,
            "Attributes": message.attributes,
            "Media": self._media(message.media_sids),
        }
        self._emit(event, conversation, source, params)

    def delivery(self, conversation: Conversation, receipt: Receipt) -> None:
        """onDeliveryUpdated: one for every change of a receipt's status."""
        params = {
            "MessageSid": receipt.message_sid,
            "DeliveryReceiptSid": receipt.sid,
            "ChannelMessageSid": receipt.channel_sid,
            "ParticipantSid": receipt.participant_sid,
            "Status": receipt.status,
            "ErrorCode": str(receipt.error_code) if receipt.error_code else None,
            "DateCreated": iso_millis(receipt.created),
            "DateUpdated": iso_millis(receipt.updated),
        }
        self._emit("onDeliveryUpdated", conversation, "SMS", params)

    def _emit(self, event: str, conversation: Conversation, source: str, params: Mapping[str, str | None]) -> None:
        common = {
            "EventType": event,
            "AccountSid": self._account_sid,
            "ChatServiceSid": conversation.service_sid,
            "MessagingServiceSid": conversation.messaging_service_sid,
            "ConversationSid": conversation.sid,
            "Source": source,
            "RetryCount": "0",
        }
        present = {name: value for name, value in params.items() if value is not None}
        for url, method in self._targets(event, conversation):
            self._dispatcher.send(Webhook(url, method, conversation.sid, common | present))

    def _targets(self, event: str, conversation: Conversation) -> Iterator[tuple[str, str]]:
        """(URL, method) of the account's, the service's and the conversation's own webhooks that ask for the event."""
        for scope in (
            self._store.get(Account, self._account_sid),
            self._store.get(Service, conversation.service_sid),
        ):
            if scope and scope.post_webhook_url and event in scope.filters:
                yield scope.post_webhook_url, scope.method
        thread = self._store.threads.by_sid.get(conversation.sid)
        for webhook in thread.webhooks.values() if thread else ():
            if webhook.target == "webhook" and webhook.url and event in webhook.filters:
                yield webhook.url, webhook.method

    def _media(self, sids: list[str]) -> str | None:
        if not sids:
            return None
        return json.dumps(
            [
                {"Sid": media.sid, "ContentType": media.content_type, "Filename": media.filename, "Size": media.size}
                for media in self._store.present(Media, sids)
            ]
        )
