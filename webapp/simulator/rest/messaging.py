"""Messaging Services: what a conversation sends through."""

from webapp.simulator.errors import invalid, not_simulated
from webapp.simulator.formats import iso_seconds
from webapp.simulator.records import MessagingService, new_sid
from webapp.simulator.rest.call import Body, Call, Reply, Route, created, no_content, ok
from webapp.simulator.rest.paging import listing

LONGEST_VALIDITY = 36000
SCANS = ("inherit", "enable", "disable")


def create(call: Call) -> Reply:
    at = call.sim.clock.now()
    name = call.need("FriendlyName", 64)
    service = MessagingService(sid=new_sid("MG"), created=at, updated=at, friendly_name=name)
    _configure(call, service)
    return created(service_json(call, service))


def list_all(call: Call) -> Reply:
    rows = list(call.sim.store.all(MessagingService).values())
    return ok(listing(call, "services", rows, lambda row: row.seq, lambda row: service_json(call, row), most=1000))


def fetch(call: Call) -> Reply:
    return ok(service_json(call, find_service(call)))


def update(call: Call) -> Reply:
    service = find_service(call)
    service.updated = call.sim.clock.now()
    _configure(call, service)
    return ok(service_json(call, service))


def delete(call: Call) -> Reply:
    service = find_service(call)
    if service.sid == call.account.default_messaging_service_sid:
        raise invalid("Sid", "the default Messaging Service cannot be deleted")
    call.sim.store.remove(service)
    return no_content()


def service_json(call: Call, service: MessagingService) -> Body:
    url = f"{call.base}/messaging/v1/Services/{service.sid}"
    return {
        "sid": service.sid,
        "account_sid": call.account.sid,
        "friendly_name": service.friendly_name,
        "date_created": iso_seconds(service.created),
        "date_updated": iso_seconds(service.updated),
        "inbound_request_url": None,
        "inbound_method": service.inbound_method,
        "fallback_url": service.fallback_url,
        "fallback_method": service.fallback_method,
        "status_callback": service.status_callback,
        "sticky_sender": service.sticky_sender,
        "mms_converter": service.mms_converter,
        "smart_encoding": service.smart_encoding,
        "scan_message_content": service.scan_message_content,
        "fallback_to_long_code": service.fallback_to_long_code,
        "area_code_geomatch": service.area_code_geomatch,
        "synchronous_validation": service.synchronous_validation,
        "validity_period": service.validity_period,
        "usecase": service.usecase,
        "us_app_to_person_registered": True,
        "use_inbound_webhook_on_number": service.use_inbound_webhook_on_number,
        "url": url,
        "links": {
            "phone_numbers": f"{url}/PhoneNumbers",
            "short_codes": f"{url}/ShortCodes",
            "alpha_senders": f"{url}/AlphaSenders",
            "messages": f"{url}/Messages",
            "us_app_to_person": f"{url}/Compliance/Usa2p",
            "us_app_to_person_usecases": f"{url}/Compliance/Usa2p/Usecases",
            "channel_senders": f"{url}/ChannelSenders",
            "destination_alpha_senders": f"{url}/DestinationAlphaSenders",
        },
    }


def _configure(call: Call, service: MessagingService) -> None:
    if call.text("InboundRequestUrl"):
        # The classic webhook would bring every inbound text a second time; the app takes them from Conversations.
        raise not_simulated("InboundRequestUrl")
    service.friendly_name = call.text("FriendlyName", 64) or service.friendly_name
    service.inbound_method = call.one_of("InboundMethod", ("GET", "POST"), service.inbound_method)
    service.fallback_method = call.one_of("FallbackMethod", ("GET", "POST"), service.fallback_method)
    service.scan_message_content = call.one_of("ScanMessageContent", SCANS, service.scan_message_content)
    service.validity_period = call.integer("ValidityPeriod", service.validity_period, 1, LONGEST_VALIDITY)
    service.usecase = call.text("Usecase") or service.usecase
    if call.has("FallbackUrl"):
        service.fallback_url = call.text("FallbackUrl")
    if call.has("StatusCallback"):
        service.status_callback = call.text("StatusCallback")
    _configure_flags(call, service)
    call.sim.store.save(service)


def _configure_flags(call: Call, service: MessagingService) -> None:
    service.sticky_sender = call.flag("StickySender", service.sticky_sender)
    service.mms_converter = call.flag("MmsConverter", service.mms_converter)
    service.smart_encoding = call.flag("SmartEncoding", service.smart_encoding)
    service.fallback_to_long_code = call.flag("FallbackToLongCode", service.fallback_to_long_code)
    service.area_code_geomatch = call.flag("AreaCodeGeomatch", service.area_code_geomatch)
    service.synchronous_validation = call.flag("SynchronousValidation", service.synchronous_validation)
    service.use_inbound_webhook_on_number = call.flag(
        "UseInboundWebhookOnNumber", service.use_inbound_webhook_on_number
    )


def find_service(call: Call) -> MessagingService:
    """The Messaging Service in the path. Raises TwilioError 20404."""
    service = call.sim.store.get(MessagingService, call.params["service"])
    if service is None:
        raise call.not_found()
    return service


_ALL = "/messaging/v1/Services"
ROUTES = (
    Route("POST", _ALL, create),
    Route("GET", _ALL, list_all),
    Route("GET", _ALL + "/{service}", fetch),
    Route("POST", _ALL + "/{service}", update),
    Route("DELETE", _ALL + "/{service}", delete),
)
