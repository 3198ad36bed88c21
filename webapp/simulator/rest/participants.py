"""The Participant resource, and the look-up of conversations by a participant."""

from webapp.simulator import conversing
from webapp.simulator.conversing import NewParticipant
from webapp.simulator.errors import TwilioError
from webapp.simulator.formats import iso_seconds
from webapp.simulator.records import Participant
from webapp.simulator.rest.call import Body, Call, Reply, Route, created, no_content, ok
from webapp.simulator.rest.conversations import timers_json
from webapp.simulator.rest.paging import listing

LONGEST_ATTRIBUTES = 4 * 1024


def create(call: Call) -> Reply:
    if call.text("MessagingBinding.ProjectedAddress"):
        raise TwilioError(400, 50452, "Group MMS is not enabled for this account")
    new = NewParticipant(
        address=call.text("MessagingBinding.Address"),
        proxy=call.text("MessagingBinding.ProxyAddress"),
        identity=call.text("Identity", 256),
        attributes=call.attributes(LONGEST_ATTRIBUTES),
        role_sid=call.text("RoleSid"),
        created=call.instant("DateCreated"),
        updated=call.instant("DateUpdated"),
    )
    return created(participant_json(call, conversing.add_participant(call.sim, call.thread, new, call.origin)))


def list_all(call: Call) -> Reply:
    rows = list(call.thread.participants.values())
    return ok(listing(call, "participants", rows, lambda row: row.seq, lambda row: participant_json(call, row)))


def fetch(call: Call) -> Reply:
    return ok(participant_json(call, _find(call)))


def update(call: Call) -> Reply:
    """The binding itself cannot be changed; re-posting its proxy address is an error at Twilio too."""
    participant = _find(call)
    if call.has("MessagingBinding.ProxyAddress"):
        raise TwilioError(400, 50441, "The proxy address cannot be added")
    if call.has("Attributes"):
        participant.attributes = call.attributes(LONGEST_ATTRIBUTES)
    participant.role_sid = call.text("RoleSid") or participant.role_sid
    participant.created = call.instant("DateCreated") or participant.created
    participant.updated = call.instant("DateUpdated") or call.sim.clock.now()
    if call.has("LastReadMessageIndex"):
        participant.last_read_index = call.integer("LastReadMessageIndex", 0, 0, 2**31 - 1)
    participant.last_read_at = call.text("LastReadTimestamp") or participant.last_read_at
    call.sim.store.save(participant)
    if call.origin.events:
        call.origin.events.participant("onParticipantUpdated", call.thread.conversation, participant, "API")
    return ok(participant_json(call, participant))


def delete(call: Call) -> Reply:
    participant = _find(call)
    participant.updated = call.sim.clock.now()
    call.sim.store.remove(participant)
    if call.origin.events:
        call.origin.events.participant("onParticipantRemoved", call.thread.conversation, participant, "API")
    return no_content()


def list_conversations(call: Call) -> Reply:
    """By exactly one of Address and Identity."""
    address, identity = (call.query.get(name, [""])[-1] for name in ("Address", "Identity"))
    if bool(address) == bool(identity):
        raise TwilioError(400, 50451, "Exactly one of Address and Identity must be given")
    service_sid, threads = call.service.sid, call.sim.store.threads
    rows = [
        participant
        for participant in threads.with_party(address or identity)
        if threads.by_sid[participant.conversation_sid].conversation.service_sid == service_sid
    ]
    page = listing(call, "conversations", rows, lambda row: row.seq, lambda row: lookup_json(call, row), most=50)
    return ok(page)


def participant_json(call: Call, participant: Participant) -> Body:
    conversation = call.sim.store.threads.by_sid[participant.conversation_sid].conversation
    return {
        "sid": participant.sid,
        "account_sid": call.account.sid,
        "chat_service_sid": conversation.service_sid,
        "conversation_sid": conversation.sid,
        "identity": participant.identity,
        "attributes": participant.attributes,
        "messaging_binding": binding_json(participant),
        "role_sid": participant.role_sid,
        "date_created": iso_seconds(participant.created),
        "date_updated": iso_seconds(participant.updated),
        "last_read_message_index": participant.last_read_index,
        "last_read_timestamp": participant.last_read_at,
        "url": f"{call.conversation_url(conversation.sid)}/Participants/{participant.sid}",
    }


def binding_json(participant: Participant) -> Body | None:
    if participant.address is None:
        return None
    return {"type": "sms", "address": participant.address, "proxy_address": participant.proxy}


def lookup_json(call: Call, participant: Participant) -> Body:
    conversation = call.sim.store.threads.by_sid[participant.conversation_sid].conversation
    url = call.conversation_url(conversation.sid)
    return {
        "account_sid": call.account.sid,
        "chat_service_sid": conversation.service_sid,
        "participant_sid": participant.sid,
        "participant_user_sid": None,
        "participant_identity": participant.identity,
        "participant_messaging_binding": binding_json(participant),
        "conversation_sid": conversation.sid,
        "conversation_unique_name": conversation.unique_name,
        "conversation_friendly_name": conversation.friendly_name,
        "conversation_attributes": conversation.attributes,
        "conversation_date_created": iso_seconds(conversation.created),
        "conversation_date_updated": iso_seconds(conversation.updated),
        "conversation_created_by": conversation.created_by,
        "conversation_state": conversation.state,
        "conversation_timers": timers_json(conversation),
        "links": {"participant": f"{url}/Participants/{participant.sid}", "conversation": url},
    }


def _find(call: Call) -> Participant:
    """The participant in the path: by SID, address or identity."""
    wanted = call.params["participant"]
    for participant in call.thread.participants.values():
        if wanted in (participant.sid, participant.address, participant.identity):
            return participant
    raise call.not_found()


_INSIDE = "{scope}/Conversations/{conversation}/Participants"
ROUTES = (
    Route("POST", _INSIDE, create),
    Route("GET", _INSIDE, list_all),
    Route("GET", _INSIDE + "/{participant}", fetch),
    Route("POST", _INSIDE + "/{participant}", update),
    Route("DELETE", _INSIDE + "/{participant}", delete),
    Route("GET", "{scope}/ParticipantConversations", list_conversations),
)
