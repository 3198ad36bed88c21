"""The WSGI door of the REST API: authentication, latency, faults, and Twilio's errors around one handler."""

import base64
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from webapp.simulator.errors import TwilioError, not_found
from webapp.simulator.faults import SendFaults, strikes
from webapp.simulator.formats import iso_micros
from webapp.simulator.hanging import hang_up
from webapp.simulator.rest import (
    addresses,
    classic,
    compliance,
    conversations,
    media,
    messages,
    messaging,
    participants,
    scoped_webhooks,
    sender_pool,
    services,
)
from webapp.simulator.rest.call import Call, Reply, Route, encode, parse_form
from webapp.simulator.rest.routing import Router
from webapp.simulator.simulator import Simulator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

RESOURCES = (
    services, conversations, participants, messages, scoped_webhooks, addresses, messaging, sender_pool, classic, media,
    compliance,
)  # fmt: skip
PREFIXES = ("/conversations/", "/messaging/", "/api/2010-04-01/", "/mcs/")
LARGEST_BODY = 6 * 1024 * 1024
REASONS = {
    200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 302: "Found", 400: "Bad Request",
    401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict",
    413: "Content Too Large", 429: "Too Many Requests", 500: "Internal Server Error",
}  # fmt: skip

_SERVER_ERROR = TwilioError(500, 20500, "An internal server error has occurred")
_TOO_MANY = TwilioError(429, 20429, "Too many requests")


class TwilioApi:
    """Bare WSGI, no framework: what a benchmark measures beside it should be the sender, not its stand-in."""

    def __init__(self, sim: Simulator) -> None:
        self._sim = sim
        self._router = Router(route for resource in RESOURCES for route in resource.ROUTES)
        credentials = f"{sim.config.account_sid}:{sim.config.auth_token}"
        self._authorization = "Basic " + base64.b64encode(credentials.encode()).decode()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        entry = self._note(environ)
        try:
            reply = self._answer(environ, entry)
        except TwilioError as error:
            reply = Reply(error.status, encode(error.body()))
        entry["status"] = reply.status
        headers = [("Content-Length", str(len(reply.body))), *reply.headers]
        if reply.body:
            headers.append(("Content-Type", reply.content_type))
        start_response(f"{reply.status} {REASONS[reply.status]}", headers)
        return [reply.body]

    def _note(self, environ: "WSGIEnvironment") -> dict[str, Any]:
        """Log the moment this request begins, in real time: the proof that nothing was sent after a STOP."""
        entry = {
            "method": environ["REQUEST_METHOD"],
            "path": _path(environ),
            "begun_at": iso_micros(time.time()),
            "begun_monotonic": time.monotonic(),
            "conversation": None,
            "attributes": None,
            "status": None,
        }
        self._sim.requests.append(entry)
        return entry

    def _answer(self, environ: "WSGIEnvironment", entry: dict[str, Any]) -> Reply:
        path = _path(environ)
        if not path.startswith(media.TEMPORARY) and environ.get("HTTP_AUTHORIZATION") != self._authorization:
            raise TwilioError(401, 20003, "Authenticate")
        route, params = self._route(environ["REQUEST_METHOD"], path)
        call = _call(self._sim, environ, params)
        entry["conversation"] = params.get("conversation")
        entry["attributes"] = call.form.get("Attributes", [None])[-1]
        # The request is taken up halfway through its latency, so that events can overtake its answer.
        latency = self._sim.faults.latency_seconds()
        time.sleep(latency / 2)
        reply = self._take(route, call, environ)
        time.sleep(latency / 2)
        return reply

    def _take(self, route: Route, call: Call, environ: "WSGIEnvironment") -> Reply:
        faults = self._sim.faults.send if route.sends else SendFaults()
        if strikes(faults.error_429):
            raise _TOO_MANY
        if strikes(faults.error_500):
            raise _SERVER_ERROR
        if strikes(faults.timeout_before_accept):
            hang_up(self._sim, environ)
        with self._sim.store.lock:
            reply = route.handler(call)
        if strikes(faults.error_500_after_accept):
            raise _SERVER_ERROR
        if strikes(faults.timeout_after_accept):
            hang_up(self._sim, environ)
        return reply

    def _route(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        routes, params = self._router.match(path)
        if not routes:
            raise not_found(path)
        if method not in routes:
            raise TwilioError(405, 20004, "Method not allowed")
        return routes[method], params


def _path(environ: "WSGIEnvironment") -> str:
    """WSGI hands the decoded path over as latin-1, whatever it is."""
    path: str = environ["PATH_INFO"]
    return path.encode("latin-1").decode("utf-8", "replace")


def _call(sim: Simulator, environ: "WSGIEnvironment", params: dict[str, str]) -> Call:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > LARGEST_BODY:
        raise TwilioError(413, 20413, "The request is too large")
    raw = environ["wsgi.input"].read(length) if length else b""
    content_type = environ.get("CONTENT_TYPE", "")
    is_form = content_type.startswith("application/x-www-form-urlencoded")
    return Call(
        sim=sim,
        method=environ["REQUEST_METHOD"],
        path=_path(environ),
        params=params,
        query=parse_form(environ.get("QUERY_STRING", "")),
        form=parse_form(raw) if is_form else {},
        raw=raw,
        content_type=content_type,
        base=f"http://{environ.get('HTTP_HOST') or environ['SERVER_NAME']}",
        webhook_enabled=environ.get("HTTP_X_TWILIO_WEBHOOK_ENABLED", "").lower() == "true",
    )
