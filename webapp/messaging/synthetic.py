"""The webhook that did not come, as it would have been: so that what the sweep finds takes the webhook's own way."""

from __future__ import annotations

import json

from webapp.carrier.types import CarrierMessage


def message_added(conversation_sid: str, message: CarrierMessage) -> dict[str, str]:
    """The form of the ``onMessageAdded`` of a contact's text, as read from the thread."""
    form = {
        "EventType": "onMessageAdded",
        "Source": "SMS",
        "ConversationSid": conversation_sid,
        "MessageSid": message.sid,
        "Index": str(message.index),
        "Author": message.author,
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
