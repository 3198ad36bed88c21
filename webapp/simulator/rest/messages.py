"""The Message resource of a conversation and its delivery receipts."""

from webapp.simulator import conversing, outbound
from webapp.simulator.conversing import NewMessage
from webapp.simulator.errors import TwilioError, invalid, not_simulated
from webapp.simulator.formats import iso_seconds
from webapp.simulator.records import Conversation, Media, Message, Receipt
from webapp.simulator.rest.call import Body, Call, Reply, Route, created, no_content, ok
from webapp.simulator.rest.paging import listing
from webapp.simulator.threads import Thread

LONGEST_ATTRIBUTES = 4 * 1024
LONGEST_BODY = 1600


def create(call: Call) -> Reply:
    """Store the message and send it on its way; what becomes of it arrives in receipts."""
    thread = call.thread
    conversing.check_open(thread.conversation)
    new = NewMessage(
        author=call.text("Author", 256) or "system",
        body=_body(call),
        media_sids=_media(call, thread.conversation),
        attributes=call.attributes(LONGEST_ATTRIBUTES),
        created=call.instant("DateCreated"),
        updated=call.instant("DateUpdated"),
    )
    if new.body is None and not new.media_sids:
        raise invalid("Body", "a message needs a body or media")
    message = conversing.add_message(call.sim, thread, new, call.origin)
    outbound.transmit(call.sim, thread, message)
    return created(message_json(call, thread, message))


def list_all(call: Call) -> Reply:
    order = call.query.get("Order", ["asc"])[-1]
    if order not in ("asc", "desc"):
        raise invalid("Order", "must be asc or desc")
    thread = call.thread
    rows = list(thread.messages.values())
    if order == "desc":
        rows.reverse()
    return ok(listing(call, "messages", rows, lambda row: row.index, lambda row: message_json(call, thread, row)))


def fetch(call: Call) -> Reply:
    return ok(message_json(call, call.thread, _find(call)))


def update(call: Call) -> Reply:
    """Changes the record; a text that has left is not recalled."""
    thread, message = call.thread, _find(call)
    message.author = call.text("Author", 256) or message.author
    message.body = _body(call) if call.has("Body") else message.body
    if call.has("Attributes"):
        message.attributes = call.attributes(LONGEST_ATTRIBUTES)
    message.created = call.instant("DateCreated") or message.created
    message.updated = call.instant("DateUpdated") or call.sim.clock.now()
    message.edited = True
    call.sim.store.save(message)
    if call.origin.events:
        call.origin.events.message("onMessageUpdated", thread.conversation, message, "API")
    return ok(message_json(call, thread, message))


def delete(call: Call) -> Reply:
    message = _find(call)
    message.updated = call.sim.clock.now()
    call.sim.store.remove(message)
    if call.origin.events:
        call.origin.events.message("onMessageRemoved", call.thread.conversation, message, "API")
    return no_content()


def list_receipts(call: Call) -> Reply:
    rows = list(call.thread.receipts.get(_find(call).sid, {}).values())
    page = listing(call, "delivery_receipts", rows, lambda row: row.seq, lambda row: receipt_json(call, row), most=50)
    return ok(page)


def fetch_receipt(call: Call) -> Reply:
    receipt = call.thread.receipts.get(_find(call).sid, {}).get(call.params["receipt"])
    if receipt is None:
        raise call.not_found()
    return ok(receipt_json(call, receipt))


def message_json(call: Call, thread: Thread, message: Message) -> Body:
    url = f"{call.conversation_url(message.conversation_sid)}/Messages/{message.sid}"
    return {
        "sid": message.sid,
        "account_sid": call.account.sid,
        "chat_service_sid": thread.conversation.service_sid,
        "conversation_sid": message.conversation_sid,
        "index": message.index,
        "author": message.author,
        "body": message.body,
        "media": _media_json(call, message),
        "attributes": message.attributes,
        "participant_sid": message.participant_sid,
        "date_created": iso_seconds(message.created),
        "date_updated": iso_seconds(message.updated) if message.edited else None,
        "delivery": delivery_json(list(thread.receipts.get(message.sid, {}).values())),
        "content_sid": None,
        "url": url,
        "links": {"delivery_receipts": f"{url}/Receipts", "channel_metadata": f"{url}/ChannelMetadata"},
    }


def delivery_json(receipts: list[Receipt]) -> Body | None:
    """How many receipts have come how far: "all", "some" or "none"."""
    if not receipts:
        return None
    reached = {"sent": {"sent", "delivered", "undelivered"}}
    summary: Body = {"total": len(receipts)}
    for status in ("sent", "delivered", "read", "failed", "undelivered"):
        count = sum(receipt.status in reached.get(status, {status}) for receipt in receipts)
        summary[status] = "none" if not count else "all" if count == len(receipts) else "some"
    return summary


def receipt_json(call: Call, receipt: Receipt) -> Body:
    url = f"{call.conversation_url(receipt.conversation_sid)}/Messages/{receipt.message_sid}/Receipts/{receipt.sid}"
    return {
        "sid": receipt.sid,
        "account_sid": call.account.sid,
        "chat_service_sid": call.service.sid,
        "conversation_sid": receipt.conversation_sid,
        "message_sid": receipt.message_sid,
        "channel_message_sid": receipt.channel_sid,
        "participant_sid": receipt.participant_sid,
        "status": receipt.status,
        "error_code": receipt.error_code,
        "date_created": iso_seconds(receipt.created),
        "date_updated": iso_seconds(receipt.updated),
        "url": url,
    }


def _media_json(call: Call, message: Message) -> list[Body] | None:
    if not message.media_sids:
        return None
    return [
        {"sid": media.sid, "size": media.size, "content_type": media.content_type, "filename": media.filename}
        for media in call.sim.store.present(Media, message.media_sids)
    ]


def _body(call: Call) -> str | None:
    if call.text("ContentSid"):
        raise not_simulated("ContentSid")
    body = call.text("Body")
    if body is not None and len(body) > LONGEST_BODY:
        raise TwilioError(400, 21617, f"The concatenated message body exceeds the {LONGEST_BODY} character limit")
    return body


def _media(call: Call, conversation: Conversation) -> list[str]:
    """The one uploaded file of a message: of the conversation's own service, and not yet used."""
    sid = call.text("MediaSid")
    if sid is None:
        return []
    media = call.sim.store.get(Media, sid)
    if media is None or media.service_sid != conversation.service_sid:
        raise TwilioError(404, 50507, f"Media {sid} was not found")
    if media.message_sid is not None:
        raise TwilioError(400, 50508, f"Media {sid} is already used by another message")
    return [sid]


def _find(call: Call) -> Message:
    message = call.thread.messages.get(call.params["message"])
    if message is None:
        raise call.not_found()
    return message


_INSIDE = "{scope}/Conversations/{conversation}/Messages"
ROUTES = (
    Route("POST", _INSIDE, create, sends=True),
    Route("GET", _INSIDE, list_all),
    Route("GET", _INSIDE + "/{message}", fetch),
    Route("POST", _INSIDE + "/{message}", update),
    Route("DELETE", _INSIDE + "/{message}", delete),
    Route("GET", _INSIDE + "/{message}/Receipts", list_receipts),
    Route("GET", _INSIDE + "/{message}/Receipts/{receipt}", fetch_receipt),
)
