"""The simulator's WSGI app: Twilio's API as bare WSGI, the control API and the phone pages on Flask."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, jsonify, request

from webapp.simulator import outbound, personas
from webapp.simulator.acts import act_routes
from webapp.simulator.config import SimulatorConfig
from webapp.simulator.control import control_routes
from webapp.simulator.pages import page_routes
from webapp.simulator.rest.api import PREFIXES, TwilioApi
from webapp.simulator.simulator import Simulator
from webapp.simulator.timers import start_timers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"


def create_simulator(config: SimulatorConfig) -> "WSGIApplication":
    """Start one simulated account on `config.state_dir` (made where missing) and return its WSGI app."""
    sim = Simulator(config)
    personas.watch(sim)
    outbound.resume(sim)
    start_timers(sim)
    twilio, site = TwilioApi(sim), _site(sim)

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        door = twilio if environ["PATH_INFO"].startswith(PREFIXES) else site
        return door(environ, start_response)

    return app


def _site(sim: Simulator) -> Flask:
    site = Flask("webapp.simulator", static_folder="static", template_folder="templates")
    site.before_request(_refuse_other_sites)
    for routes in (control_routes(sim), page_routes(sim), act_routes(sim)):
        site.register_blueprint(routes)

    @site.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @site.after_request
    def secure(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", f"{CSP}; base-uri 'none'; frame-ancestors 'none'")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        return response

    return site


def _refuse_other_sites() -> tuple[Response, int] | None:
    """A page of another origin, open in the same browser, must not steer the carrier."""
    if request.method != "GET" and request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return jsonify(error="requests from other sites are refused"), 403
    return None
