"""The simulator's WSGI app: Twilio's API as bare WSGI, the control API and the phone pages on Flask."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, jsonify

from webapp.simulator import outbound
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
    outbound.resume(sim)
    start_timers(sim)
    twilio, site = TwilioApi(sim), _site(sim)

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        door = twilio if environ["PATH_INFO"].startswith(PREFIXES) else site
        return door(environ, start_response)

    return app


def _site(sim: Simulator) -> Flask:
    site = Flask("webapp.simulator", static_folder="static", template_folder="templates")
    site.register_blueprint(control_routes(sim))
    site.register_blueprint(page_routes(sim))

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
