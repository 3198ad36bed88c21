"""The sender pool of a Messaging Service: which of the account's numbers it sends from."""

from webapp.simulator.errors import TwilioError
from webapp.simulator.formats import iso_seconds
from webapp.simulator.numbers import number_of, number_sid
from webapp.simulator.outbound import messaging_service_of
from webapp.simulator.records import MessagingService
from webapp.simulator.rest.call import Body, Call, Reply, Route, created, no_content, ok
from webapp.simulator.rest.messaging import find_service
from webapp.simulator.rest.paging import listing


def create(call: Call) -> Reply:
    """Add a number that is in no pool yet."""
    service, number = find_service(call), number_of(call.sim, call.need("PhoneNumberSid"))
    if number is None:
        raise TwilioError(404, 20404, "The phone number was not found")
    holder = messaging_service_of(call.sim, number)
    if holder == service.sid:
        raise TwilioError(409, 21710, "Phone Number or Short Code is already in the Messaging Service.")
    if holder is not None:
        raise TwilioError(409, 21712, "Phone Number or Short Code is associated with another Messaging Service.")
    service.numbers.append(number)
    _touch(call, service)
    return created(number_json(call, service, number))


def list_all(call: Call) -> Reply:
    service = find_service(call)
    rows = list(enumerate(service.numbers))
    key = "phone_numbers"
    return ok(listing(call, key, rows, lambda row: row[0], lambda row: number_json(call, service, row[1]), most=1000))


def fetch(call: Call) -> Reply:
    service = find_service(call)
    return ok(number_json(call, service, _find(call, service)))


def delete(call: Call) -> Reply:
    service = find_service(call)
    service.numbers.remove(_find(call, service))
    _touch(call, service)
    return no_content()


def number_json(call: Call, service: MessagingService, number: str) -> Body:
    sid = number_sid(number)
    return {
        "sid": sid,
        "account_sid": call.account.sid,
        "service_sid": service.sid,
        "date_created": iso_seconds(service.created),
        "date_updated": iso_seconds(service.updated),
        "phone_number": number,
        "country_code": "US",
        "capabilities": ["SMS", "MMS"],
        "url": f"{call.base}/messaging/v1/Services/{service.sid}/PhoneNumbers/{sid}",
    }


def _find(call: Call, service: MessagingService) -> str:
    number = number_of(call.sim, call.params["number"])
    if number is None or number not in service.numbers:
        raise call.not_found()
    return number


def _touch(call: Call, service: MessagingService) -> None:
    service.updated = call.sim.clock.now()
    call.sim.store.save(service)


_ALL = "/messaging/v1/Services/{service}/PhoneNumbers"
ROUTES = (
    Route("POST", _ALL, create),
    Route("GET", _ALL, list_all),
    Route("GET", _ALL + "/{number}", fetch),
    Route("DELETE", _ALL + "/{number}", delete),
)
