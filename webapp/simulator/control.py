"""The control API under /sim: what tests, demos and the phone page steer the carrier with. Times are business time."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from webapp.simulator import steering
from webapp.simulator.faults import InvalidField, parse_faults
from webapp.simulator.formats import iso_micros
from webapp.simulator.inbound import LONGEST, Incoming, last_sender_to, receive
from webapp.simulator.media import parse_media, path_of
from webapp.simulator.records import Media, Text
from webapp.simulator.simulator import Simulator
from webapp.simulator.steering import check_phone, clock_json, switches_json


def control_routes(sim: Simulator) -> Blueprint:
    """All routes of /sim. Bad input is a 400 `{"error", "field"}`."""
    routes = Blueprint("control", __name__, url_prefix="/sim")
    routes.register_error_handler(InvalidField, _bad_field)
    _phone_routes(sim, routes)
    _media_routes(sim, routes)
    _clock_routes(sim, routes)
    _carrier_routes(sim, routes)
    return routes


def texts_on(sim: Simulator, phone: str) -> list[dict[str, Any]]:
    """Every text that reached the handset, in order."""
    with sim.store.lock:
        return [text_json(sim, text) for text in sim.store.texts.screen(phone) if text.direction != "inbound"]


def text_json(sim: Simulator, text: Text) -> dict[str, Any]:
    """`automatic`: Twilio's own answer to a keyword."""
    return {
        "sid": text.sid,
        "body": text.body,
        "from": text.sender,
        "to": text.recipient,
        "media": [_media_json(media) for media in sim.store.present(Media, text.media_sids)],
        "received_at": iso_micros(text.received_at or text.created),
        "automatic": text.direction == "outbound-reply",
    }


def _phone_routes(sim: Simulator, routes: Blueprint) -> None:
    @routes.get("/phones/<phone>/messages")
    def read_texts(phone: str) -> Response:
        return jsonify(items=texts_on(sim, check_phone(sim, phone)))

    @routes.post("/phones/<phone>/messages")
    def send_text(phone: str) -> tuple[Response, int]:
        text, message = receive(sim, _incoming(sim, check_phone(sim, phone), _body()))
        body = text_json(sim, text)
        body["message_sid"] = message.sid if message else None
        body["conversation_sid"] = message.conversation_sid if message else None
        return jsonify(body), 201

    @routes.get("/phones/<phone>/switches")
    def read_switches(phone: str) -> Response:
        return jsonify(switches_json(sim, check_phone(sim, phone)))

    @routes.put("/phones/<phone>/switches")
    def set_switches(phone: str) -> Response:
        steering.set_switches(sim, check_phone(sim, phone), _body())
        return jsonify(switches_json(sim, phone))

    @routes.get("/phones/<phone>/persona")
    def read_persona(phone: str) -> Response:
        return jsonify(persona=sim.phone(check_phone(sim, phone)).persona)

    @routes.put("/phones/<phone>/persona")
    def set_persona(phone: str) -> Response:
        steering.set_persona(sim, check_phone(sim, phone), _body().get("persona"))
        return jsonify(persona=sim.phone(phone).persona)


def _media_routes(sim: Simulator, routes: Blueprint) -> None:
    @routes.get("/media/<sid>")
    def read_media(sid: str) -> Response:
        media = sim.store.get(Media, sid)
        if media is None:
            abort(404)
        # What somebody uploaded is shown, never run: no scripts, whatever its type says.
        headers = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}
        return Response(path_of(sim, media).read_bytes(), mimetype=media.content_type, headers=headers)


def _clock_routes(sim: Simulator, routes: Blueprint) -> None:
    @routes.get("/clock")
    def read_clock() -> Response:
        return jsonify(clock_json(sim))

    @routes.put("/clock")
    def set_clock() -> Response:
        steering.set_clock(sim, _body())
        return jsonify(clock_json(sim))


def _carrier_routes(sim: Simulator, routes: Blueprint) -> None:
    @routes.get("/faults")
    def read_faults() -> Response:
        return jsonify(sim.faults.to_json())

    @routes.put("/faults")
    def set_faults() -> Response:
        sim.faults = parse_faults(_body())
        return jsonify(sim.faults.to_json())

    @routes.get("/settings")
    def read_settings() -> Response:
        return jsonify(vars(sim.settings))

    @routes.put("/settings")
    def set_settings() -> Response:
        steering.set_settings(sim, _body())
        return jsonify(vars(sim.settings))

    @routes.get("/requests")
    def read_requests() -> Response:
        limit = request.args.get("limit", "1000")
        if not limit.isdigit():
            raise InvalidField("limit", "must be a number")
        entries = list(sim.requests)
        return jsonify(items=entries[max(0, len(entries) - int(limit)) :])

    @routes.post("/reset")
    def reset() -> tuple[str, int]:
        sim.reset()
        return "", 204


def _incoming(sim: Simulator, phone: str, body: dict[str, Any]) -> Incoming:
    text, to, media = body.pop("body", ""), body.pop("to", None), parse_media(body.pop("media", []))
    _refuse_unknown(body)
    if not isinstance(text, str) or len(text) > LONGEST:
        raise InvalidField("body", f"must be a string of at most {LONGEST} characters")
    if not text.strip() and not media:
        raise InvalidField("body", "must not be empty without media")
    if to is None:
        to = last_sender_to(sim, phone)
    if to not in sim.config.numbers:
        raise InvalidField("to", f"must be one of {', '.join(sim.config.numbers)}")
    return Incoming(phone=phone, to=to, body=text, media=media)


def _media_json(media: Media) -> dict[str, Any]:
    url = f"/sim/media/{media.sid}"
    return {"sid": media.sid, "content_type": media.content_type, "size": media.size, "url": url}


def _body() -> dict[str, Any]:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise InvalidField("body", "must be a JSON object")
    return body


def _refuse_unknown(rest: dict[str, Any]) -> None:
    for name in rest:
        raise InvalidField(name, "is not known")


def _bad_field(error: InvalidField) -> tuple[Response, int]:
    return jsonify(error=f"{error.field} {error.message}", field=error.field), 400
