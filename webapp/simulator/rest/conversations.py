"""The Conversation resource, and ConversationWithParticipants."""

import json

from webapp.simulator import conversing
from webapp.simulator.conversing import NewConversation, NewParticipant
from webapp.simulator.errors import TwilioError, invalid
from webapp.simulator.formats import iso_millis, iso_seconds
from webapp.simulator.records import Conversation
from webapp.simulator.rest.call import (
    Body,
    Call,
    Reply,
    Route,
    created,
    no_content,
    ok,
    parse_date,
    parse_duration,
)
from webapp.simulator.rest.paging import by_date, listing
from webapp.simulator.timers import closed_at, inactive_at

STATES = ("active", "inactive", "closed")
LONGEST_ATTRIBUTES = 16 * 1024
MOST_PARTICIPANTS = 10
DAY_SECONDS = 86_400


def create(call: Call) -> Reply:
    _count_action(call)
    thread = conversing.open_conversation(call.sim, _new(call), call.origin)
    return created(conversation_json(call, thread.conversation))


def create_with_participants(call: Call) -> Reply:
    """All or nothing: every participant is checked before anything is made."""
    _count_action(call)
    participants = [_participant(text) for text in call.form.get("Participant", [])]
    if len(participants) > MOST_PARTICIPANTS:
        raise invalid("Participant", f"more than {MOST_PARTICIPANTS}")
    pairs = [(new.address, new.proxy) for new in participants if new.address]
    if len(set(pairs)) != len(pairs):
        raise TwilioError(409, 50433, "Participant already exists")
    for new in participants:
        conversing.check_participant(call.sim, new)
    thread = conversing.open_conversation(call.sim, _new(call), call.origin)
    for new in participants:
        conversing.add_participant(call.sim, thread, new, call.origin)
    return created(conversation_json(call, thread.conversation))


def list_all(call: Call) -> Reply:
    """Oldest first; newest first by their dates where StartDate or EndDate is given, as at Twilio."""
    state = call.query.get("State", [""])[-1]
    if state and state not in STATES:
        raise invalid("State", f"must be one of {', '.join(STATES)}")
    since, until = _date_window(call)
    rows = [
        thread.conversation
        for thread in call.sim.store.threads.by_service.get(call.service.sid, {}).values()
        if (not state or thread.conversation.state == state)
        and (since is None or thread.conversation.created >= since)
        and (until is None or thread.conversation.created < until)
    ]
    position = _by_creation
    if since is not None or until is not None:
        position = _by_date
        rows.sort(key=position, reverse=True)
    return ok(listing(call, "conversations", rows, position, lambda row: conversation_json(call, row)))


def fetch(call: Call) -> Reply:
    return ok(conversation_json(call, call.thread.conversation))


def update(call: Call) -> Reply:
    conversation = call.thread.conversation
    conversing.check_open(conversation)
    _change(call, conversation)
    if call.origin.events:
        call.origin.events.conversation("onConversationUpdated", conversation, "API", {})
    conversing.set_state(call.sim, conversation, _state(call, conversation.state), "API", call.origin)
    return ok(conversation_json(call, conversation))


def delete(call: Call) -> Reply:
    _count_action(call)
    conversation = call.thread.conversation
    if call.origin.events:
        removed = {"DateRemoved": iso_millis(call.sim.clock.now())}
        call.origin.events.conversation("onConversationRemoved", conversation, "API", removed)
    call.sim.store.remove(conversation)
    return no_content()


def conversation_json(call: Call, conversation: Conversation) -> Body:
    url = call.conversation_url(conversation.sid)
    return {
        "sid": conversation.sid,
        "account_sid": call.account.sid,
        "chat_service_sid": conversation.service_sid,
        "messaging_service_sid": conversation.messaging_service_sid,
        "friendly_name": conversation.friendly_name,
        "unique_name": conversation.unique_name,
        "attributes": conversation.attributes,
        "state": conversation.state,
        "date_created": iso_seconds(conversation.created),
        "date_updated": iso_seconds(conversation.updated),
        "timers": timers_json(conversation),
        "bindings": {},
        "url": url,
        "links": {
            "participants": f"{url}/Participants",
            "messages": f"{url}/Messages",
            "webhooks": f"{url}/Webhooks",
            "export": f"{url}/Export",
        },
    }


def timers_json(conversation: Conversation) -> Body:
    """When the conversation will become inactive or closed if nothing happens in it."""
    inactive, closed = inactive_at(conversation), closed_at(conversation)
    timers = {} if inactive is None else {"date_inactive": iso_seconds(inactive)}
    return timers if closed is None else {**timers, "date_closed": iso_seconds(closed)}


def _count_action(call: Call) -> None:
    call.sim.actions.take(call.service.sid, call.sim.settings.actions_per_second)


def _new(call: Call) -> NewConversation:
    if (call.text("Timers.Inactive") or call.text("Timers.Closed")) and call.text("State") is None:
        raise TwilioError(400, 50382, "Conversation state must be set when timers are present")
    return NewConversation(
        service_sid=call.service.sid,
        messaging_service_sid=call.text("MessagingServiceSid") or call.account.default_messaging_service_sid,
        friendly_name=call.text("FriendlyName", 256),
        unique_name=call.text("UniqueName"),
        attributes=call.attributes(LONGEST_ATTRIBUTES),
        state=_state(call, "active"),
        inactive_after=_timer(call, "Timers.Inactive", 60, call.account.default_inactive_timer),
        closed_after=_timer(call, "Timers.Closed", 600, call.account.default_closed_timer),
        created=call.instant("DateCreated"),
        updated=call.instant("DateUpdated"),
    )


def _change(call: Call, conversation: Conversation) -> None:
    """Everything of an update but the state."""
    name = call.text("UniqueName")
    if call.has("UniqueName") and name != conversation.unique_name:
        conversing.check_unique_name(call.sim, conversation.service_sid, name)
    sender = call.text("MessagingServiceSid") or conversation.messaging_service_sid
    conversing.check_messaging_service(call.sim, sender)
    changes = {
        "unique_name": name if call.has("UniqueName") else conversation.unique_name,
        "friendly_name": call.text("FriendlyName", 256) if call.has("FriendlyName") else conversation.friendly_name,
        "attributes": call.attributes(LONGEST_ATTRIBUTES) if call.has("Attributes") else conversation.attributes,
        "messaging_service_sid": sender,
        "inactive_after": _timer(call, "Timers.Inactive", 60, conversation.inactive_after),
        "closed_after": _timer(call, "Timers.Closed", 600, conversation.closed_after),
        "created": call.instant("DateCreated") or conversation.created,
        "updated": call.instant("DateUpdated") or call.sim.clock.now(),
    }
    _state(call, conversation.state)
    for field, value in changes.items():
        setattr(conversation, field, value)
    call.sim.store.save(conversation)


def _date_window(call: Call) -> tuple[float | None, float | None]:
    """since <= created < until. Both ends belong to the window: a bare EndDate is all of that day."""
    end = call.query.get("EndDate", [None])[-1]
    until = parse_date("EndDate", end)
    if until is not None and end is not None:
        until += 1 if "T" in end else DAY_SECONDS
    return parse_date("StartDate", call.query.get("StartDate", [None])[-1]), until


def _by_creation(conversation: Conversation) -> int:
    return conversation.seq


def _by_date(conversation: Conversation) -> int:
    return by_date(conversation.created, conversation.seq)


def _state(call: Call, default: str) -> str:
    state = call.text("State") or default
    if state not in STATES:
        raise TwilioError(400, 50378, f"Conversation state must be one of {', '.join(STATES)}")
    return state


def _timer(call: Call, name: str, least_seconds: int, default: str | None) -> str | None:
    return parse_duration(name, call.text(name), least_seconds) if call.has(name) else default


def _participant(text: str) -> NewParticipant:
    """One `Participant`: {identity?, attributes?, role_sid?, messaging_binding: {address, proxy_address}?} as JSON."""
    try:
        content = json.loads(text)
        binding = content.get("messaging_binding") or {}
    except (ValueError, AttributeError):
        raise invalid("Participant", "must be a JSON object") from None
    return NewParticipant(
        address=binding.get("address"),
        proxy=binding.get("proxy_address"),
        identity=content.get("identity"),
        attributes=content.get("attributes") or "{}",
        role_sid=content.get("role_sid"),
    )


ROUTES = (
    Route("POST", "{scope}/Conversations", create),
    Route("GET", "{scope}/Conversations", list_all),
    Route("POST", "{scope}/ConversationWithParticipants", create_with_participants),
    Route("GET", "{scope}/Conversations/{conversation}", fetch),
    Route("POST", "{scope}/Conversations/{conversation}", update),
    Route("DELETE", "{scope}/Conversations/{conversation}", delete),
)
