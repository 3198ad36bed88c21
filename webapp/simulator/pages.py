"""The handsets as web pages: what the demo shows beside the inbox. Each page has a feed, read every second."""

from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response

from webapp.simulator import faultform, personas, screen, wording
from webapp.simulator.faults import InvalidField
from webapp.simulator.inbound import last_sender_to
from webapp.simulator.simulator import Simulator
from webapp.simulator.steering import OUR_NUMBER, check_phone, switches_json

PHOTO = "A photo"
CHIPS = ("Yes", "Who is this?", PHOTO, "STOP", "START", "please stop texting me", "wrong number")
SWITCHES = (
    ("off", "Phone off", "texts wait (30003)"),
    ("filtered", "Filtered", "no text comes (30007)"),
    ("slow", "Slow", "texts come 8 s late"),
    ("replies_get_lost", "My reply gets lost", "no webhook is sent"),
)
ADVANCES = ((600, "+10 min"), (3600, "+1 h"), (86_400, "+1 day"))


def page_routes(sim: Simulator) -> Blueprint:
    """GET pages and their feeds. What their forms do is in `acts`."""
    routes = Blueprint("pages", __name__)

    @routes.get("/")
    def phones() -> str:
        return list_page(sim)

    @routes.get("/feed")
    def phones_feed() -> Response:
        return _unless_known(_list_feed(sim))

    @routes.get("/phones")
    def pick_up() -> Response | str | tuple[str, int]:
        return _picked_up(sim, request.args.get("number", "").strip())

    @routes.get("/phones/<phone>")
    def phone_page(phone: str) -> str | tuple[str, int]:
        try:
            return handset_page(sim, check_phone(sim, phone))
        except InvalidField as error:
            return list_page(sim, typed=phone, errors={error.field: _which_number(error)}), 404

    @routes.get("/phones/<phone>/feed")
    def phone_feed(phone: str) -> Response:
        return _unless_known(_phone_feed(sim, phone))

    return routes


def _picked_up(sim: Simulator, typed: str) -> Response | str | tuple[str, int]:
    if not typed:
        return list_page(sim)
    try:
        return redirect(phone_url(check_phone(sim, wording.as_e164(typed))))
    except InvalidField as error:
        return list_page(sim, typed=typed, errors={error.field: _which_number(error)}), 400


def list_page(sim: Simulator, typed: str = "", errors: dict[str, str] | None = None) -> str:
    """All phones, the clock, and the faults; with what was typed and what is wrong with it, by field."""
    shown, more = screen.previews(sim)
    return render_template(
        "phones.html",
        phones=shown,
        more=more,
        groups=faultform.groups_of(sim.faults),
        broken=faultform.in_words(sim.faults),
        answers=sim.settings.personas,
        typed=typed,
        errors=errors or {},
        leadline=sim.config.leadline_url,
        **_clock(sim),
    )


def handset_page(sim: Simulator, phone: str, draft: str = "", error: str = "") -> str:
    """One phone; with a reply that could not be sent and why."""
    return render_template(
        "phone.html",
        phone=phone,
        shown=wording.readable(phone),
        url=phone_url(phone),
        screen=screen.read_screen(sim, phone),
        other=wording.readable(last_sender_to(sim, phone)),
        chips=CHIPS,
        switches=[(name, label, hint, switches_json(sim, phone)[name]) for name, label, hint in SWITCHES],
        persona=sim.phone(phone).persona,
        personas=[("", _nobodys_choice(sim, phone)), *personas.LABELS.items()],
        broken=faultform.in_words(sim.faults),
        draft=draft,
        error=error,
        leadline=_leadline_link(sim, phone),
        **_clock(sim),
    )


def phone_url(phone: str) -> str:
    return f"/phones/{quote(phone, safe='')}"


def _list_feed(sim: Simulator) -> dict[str, Any]:
    shown, more = screen.previews(sim)
    return {
        "lists": {"phones": render_template("_phones.html", phones=shown, more=more)},
        "texts": _clock_texts(sim),
        "fields": {"personas": sim.settings.personas, **faultform.values_of(sim.faults)},
        "flags": _flags(sim),
    }


def _phone_feed(sim: Simulator, phone: str) -> dict[str, Any]:
    switches = switches_json(sim, check_phone(sim, phone))
    return {
        "lists": {"screen": render_template("_screen.html", screen=screen.read_screen(sim, phone))},
        "texts": {
            "other": wording.readable(last_sender_to(sim, phone)),
            "nobodys-choice": _nobodys_choice(sim, phone),
            **_clock_texts(sim),
        },
        "fields": {**switches, "persona": sim.phone(phone).persona},
        "flags": {"off": switches["off"], **_flags(sim)},
    }


def _flags(sim: Simulator) -> dict[str, bool]:
    return {"moved": bool(sim.clock.offset), "broken": bool(faultform.in_words(sim.faults))}


def _clock(sim: Simulator) -> dict[str, Any]:
    return {"advances": ADVANCES, "moved": bool(sim.clock.offset), **_clock_texts(sim)}


def _clock_texts(sim: Simulator) -> dict[str, str]:
    now, zone = sim.clock.now(), sim.config.zone
    trouble = "; ".join(faultform.in_words(sim.faults))
    return {"clock": wording.moment(now, zone), "time": wording.clock_time(now, zone), "trouble": trouble}


def _which_number(error: InvalidField) -> str:
    if error.message == OUR_NUMBER:
        return "That is one of Leadline's own numbers. Pick up a lead's."
    return "That is not a whole phone number. Type it like (512) 555-0142."


def _unless_known(content: dict[str, Any]) -> Response:
    """The content with its ETag, or 304: an unchanged poll costs the browser nothing."""
    response = jsonify(content)
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request)


def _nobodys_choice(sim: Simulator, phone: str) -> str:
    """What it means that nobody has chosen a persona for this phone."""
    if sim.settings.personas:
        return f"As all phones: {personas.LABELS[personas.drawn(phone)].lower()}"
    return "You, by hand"


def _leadline_link(sim: Simulator, phone: str) -> str | None:
    base = sim.config.leadline_url
    return f"{base}/inbox?{urlencode({'phone': phone})}" if base else None
