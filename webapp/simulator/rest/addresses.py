"""Address configuration: whether a text to one of our numbers, outside any conversation, makes one."""

from webapp.simulator.errors import TwilioError, invalid, not_simulated
from webapp.simulator.events import SERVICE_FILTERS
from webapp.simulator.formats import iso_seconds
from webapp.simulator.records import AddressConfiguration, Service, new_sid
from webapp.simulator.rest.call import Body, Call, Reply, Route, created, no_content, ok
from webapp.simulator.rest.paging import listing

POST_EVENTS = tuple(name for name in SERVICE_FILTERS if name.endswith("ed"))


def create(call: Call) -> Reply:
    kind = call.need("Type")
    if kind != "sms":
        raise not_simulated(f"Type {kind}")
    number = call.need("Address")
    if number not in call.sim.config.numbers:
        raise invalid("Address", "not a number of this account")
    if any(other.address == number for other in call.sim.store.all(AddressConfiguration).values()):
        raise TwilioError(409, 50482, "The address is already configured")
    at = call.sim.clock.now()
    address = AddressConfiguration(sid=new_sid("IG"), created=at, updated=at, type=kind, address=number)
    _configure(call, address)
    return created(address_json(call, address))


def list_all(call: Call) -> Reply:
    kind = call.query.get("Type", ["sms"])[-1]
    rows = [row for row in call.sim.store.all(AddressConfiguration).values() if row.type == kind]
    key = "address_configurations"
    return ok(listing(call, key, rows, lambda row: row.seq, lambda row: address_json(call, row), most=50))


def fetch(call: Call) -> Reply:
    return ok(address_json(call, _find(call)))


def update(call: Call) -> Reply:
    address = _find(call)
    address.updated = call.sim.clock.now()
    _configure(call, address)
    return ok(address_json(call, address))


def delete(call: Call) -> Reply:
    call.sim.store.remove(_find(call))
    return no_content()


def address_json(call: Call, address: AddressConfiguration) -> Body:
    creation: Body = {
        "enabled": address.enabled,
        "type": address.creation_type,
        "conversation_service_sid": address.service_sid,
    }
    if address.creation_type == "webhook":
        creation["webhook_url"] = address.webhook_url
        creation["webhook_method"] = address.webhook_method.upper()
        creation["webhook_filters"] = address.webhook_filters
    return {
        "sid": address.sid,
        "account_sid": call.account.sid,
        "type": address.type,
        "address": address.address,
        "friendly_name": address.friendly_name,
        "address_country": address.address_country,
        "auto_creation": creation,
        "date_created": iso_seconds(address.created),
        "date_updated": iso_seconds(address.updated),
        "url": f"{call.base}/conversations/v1/Configuration/Addresses/{address.sid}",
    }


def _configure(call: Call, address: AddressConfiguration) -> None:
    kind = call.one_of("AutoCreation.Type", ("webhook", "studio", "default"), address.creation_type)
    if kind == "studio":
        raise not_simulated("AutoCreation.Type studio")
    service_sid = call.text("AutoCreation.ConversationServiceSid") or address.service_sid
    if service_sid and call.sim.store.get(Service, service_sid) is None:
        raise invalid("AutoCreation.ConversationServiceSid", "no such service")
    webhook_url = call.text("AutoCreation.WebhookUrl") or address.webhook_url
    if kind == "webhook" and not webhook_url:
        raise invalid("AutoCreation.WebhookUrl", "needed with type webhook")
    address.webhook_method = call.one_of("AutoCreation.WebhookMethod", ("get", "post"), address.webhook_method)
    if call.has("AutoCreation.WebhookFilters"):
        address.webhook_filters = call.events("AutoCreation.WebhookFilters", POST_EVENTS)
    address.enabled = call.flag("AutoCreation.Enabled", address.enabled)
    address.creation_type, address.service_sid, address.webhook_url = kind, service_sid, webhook_url
    address.friendly_name = call.text("FriendlyName", 256) or address.friendly_name
    address.address_country = call.text("AddressCountry") or address.address_country
    call.sim.store.save(address)


def _find(call: Call) -> AddressConfiguration:
    """By SID or by the number itself."""
    wanted = call.params["address"]
    for address in call.sim.store.all(AddressConfiguration).values():
        if wanted in (address.sid, address.address):
            return address
    raise call.not_found()


_ALL = "/conversations/v1/Configuration/Addresses"
ROUTES = (
    Route("POST", _ALL, create),
    Route("GET", _ALL, list_all),
    Route("GET", _ALL + "/{address}", fetch),
    Route("POST", _ALL + "/{address}", update),
    Route("DELETE", _ALL + "/{address}", delete),
)
