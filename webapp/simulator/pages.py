"""The handsets as web pages: what the demo shows beside the inbox."""

from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.simulator.control import check_phone, clock_json, switches_json, text_json
from webapp.simulator.faults import InvalidField
from webapp.simulator.records import Text
from webapp.simulator.simulator import Simulator

CHIPS = ("Yes", "Who is this?", "STOP", "please stop texting me", "wrong number", "START")


def page_routes(sim: Simulator) -> Blueprint:
    routes = Blueprint("pages", __name__)

    @routes.get("/")
    def phones() -> str:
        return render_template("phones.html", phones=_phones(sim), clock=clock_json(sim))

    @routes.get("/feed")
    def phones_feed() -> AnyResponse:
        return _unless_known({"phones": _phones(sim), "offset_seconds": sim.clock.offset})

    @routes.get("/phones")
    def pick_up() -> AnyResponse | tuple[str, int]:
        number = "".join(char for char in request.args.get("number", "") if char in "+0123456789")
        try:
            return redirect(f"/phones/{quote(check_phone(sim, number), safe='')}")
        except InvalidField as error:
            page = render_template("phones.html", phones=_phones(sim), clock=clock_json(sim), error=error.message)
            return page, 400

    @routes.get("/phones/<phone>")
    def phone_page(phone: str) -> str | tuple[str, int]:
        try:
            check_phone(sim, phone)
        except InvalidField as error:
            page = render_template("phones.html", phones=_phones(sim), clock=clock_json(sim), error=error.message)
            return page, 404
        return render_template(
            "phone.html",
            phone=phone,
            shown=readable(phone),
            chips=CHIPS,
            switches=switches_json(sim, phone),
            leadline=_leadline_link(sim, phone),
        )

    @routes.get("/phones/<phone>/feed")
    def phone_feed(phone: str) -> AnyResponse:
        return _unless_known(_screen(sim, phone))

    return routes


def readable(phone: str) -> str:
    """+15125550142 as (512) 555-0142; other countries stay as they are."""
    if phone.startswith("+1") and len(phone) == 12:
        return f"({phone[2:5]}) {phone[5:8]}-{phone[8:]}"
    return phone


def _unless_known(content: dict[str, Any]) -> AnyResponse:
    """The content with its ETag, or 304: an unchanged poll costs the browser nothing."""
    response = jsonify(content)
    response.add_etag()
    return response.make_conditional(request)


def _phones(sim: Simulator) -> list[dict[str, Any]]:
    """Every handset with a text on it, the newest first."""
    with sim.store.lock:
        last = [(phone, sim.store.texts.screen(phone)[-1]) for phone in sim.store.texts.phones()]
    last.sort(key=lambda entry: -(entry[1].arrival or 0))
    return [
        {
            "phone": phone,
            "shown": readable(phone),
            "url": f"/phones/{quote(phone, safe='')}",
            "last": _preview(text),
            "at": text.received_at,
        }
        for phone, text in last
    ]


def _preview(text: Text) -> str:
    who = "You: " if text.direction == "inbound" else ""
    return who + (text.body or "Picture")


def _screen(sim: Simulator, phone: str) -> dict[str, Any]:
    with sim.store.lock:
        texts = [
            text_json(sim, text) | {"mine": text.direction == "inbound", "at": text.received_at}
            for text in sim.store.texts.screen(phone)
        ]
    return {"texts": texts, "switches": switches_json(sim, phone), "offset_seconds": sim.clock.offset}


def _leadline_link(sim: Simulator, phone: str) -> str | None:
    base = sim.config.leadline_url
    return f"{base}/inbox?{urlencode({'phone': phone})}" if base else None
