"""The webhook that did not come, as it would have been: so that what the sweep finds takes the webhook's own way."""

from __future__ import annotations

import json

from webapp.carrier.types import CarrierMessage, ClassicMessage

#: Twilio names our own number in the events of conversations and participants; here it comes with the text.
SENDER = "MessagingBinding.ProxyAddress"


def message_added(conversation_sid: str, sender: str, message: CarrierMessage) -> dict[str, str]:
    """The form of the ``onMessageAdded`` of a contact's text to ``sender``, as read from the thread."""
    form = {
        "EventType": "onMessageAdded",
        "Source": "SMS",
        "ConversationSid": conversation_sid,
        "MessageSid": message.sid,
        "Index": str(message.index),
        "Author": message.author,
        SENDER: sender,
        "Body": message.body,
        "Attributes": "{}",
        "DateCreated": message.created_at.isoformat().replace("+00:00", "Z"),
    }
    if message.media:
        form["Media"] = json.dumps(
            [
                {"Sid": item.sid, "ContentType": item.content_type, "Filename": item.filename, "Size": item.size}
                for item in message.media
            ]
        )
    return form


def logged(entry: ClassicMessage) -> dict[str, str]:
    """The same for a text that the carrier's log has and no thread: known by its entry there, without its pictures."""
    form = {
        "EventType": "onMessageAdded",
        "Source": "SMS",
        "ConversationSid": "none",
        "MessageSid": entry.sid,
        "Author": entry.from_,
        SENDER: entry.to,
        "Body": entry.body,
        "Attributes": "{}",
    }
    if entry.sent_at is not None:
        form["DateCreated"] = entry.sent_at.isoformat().replace("+00:00", "Z")
    return form
