"""What the forms of the pages do: parse, turn, and go back to the page. They work without JavaScript too."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from webapp.simulator import faultform, steering
from webapp.simulator.faults import Faults, InvalidField
from webapp.simulator.inbound import LONGEST, Incoming, last_sender_to, receive
from webapp.simulator.media import NewMedia, sample_photo
from webapp.simulator.pages import PHOTO, handset_page, list_page, phone_url
from webapp.simulator.simulator import Simulator
from webapp.simulator.steering import SWITCHES, check_phone

Answer = Response | tuple[str, int]


def act_routes(sim: Simulator) -> Blueprint:
    """POST routes of the pages; each answers 303, or the page again with what is wrong."""
    routes = Blueprint("acts", __name__)
    routes.register_error_handler(
        InvalidField, lambda error: (list_page(sim, errors={error.field: error.message}), 400)
    )
    _phone_acts(sim, routes)
    _carrier_acts(sim, routes)
    return routes


def _phone_acts(sim: Simulator, routes: Blueprint) -> None:
    @routes.post("/phones/<phone>/reply")
    def reply(phone: str) -> Answer:
        """`chip` is a button that was tapped; without one, `body` was typed."""
        check_phone(sim, phone)
        chip, typed = request.form.get("chip"), request.form.get("body", "").replace("\r\n", "\n")
        media = [NewMedia("image/png", sample_photo(), "photo.png")] if chip == PHOTO else []
        body = "" if media else chip or typed
        error = _unsendable(sim, phone, body) if not media else ""
        if error:
            return handset_page(sim, phone, draft=typed, error=error), 400
        receive(sim, Incoming(phone=phone, to=last_sender_to(sim, phone), body=body, media=media))
        return redirect(phone_url(phone), 303)

    @routes.post("/phones/<phone>/switches")
    def switch(phone: str) -> Answer:
        """All switches at once; those that are not named are off."""
        steering.set_switches(sim, check_phone(sim, phone), {name: name in request.form for name in SWITCHES})
        steering.set_persona(sim, phone, request.form.get("persona", ""))
        return redirect(phone_url(phone), 303)


def _carrier_acts(sim: Simulator, routes: Blueprint) -> None:
    @routes.post("/clock")
    def move_clock() -> Answer:
        """`seconds` to go on by; "" goes back to real time."""
        seconds = request.form.get("seconds", "")
        if not seconds:
            steering.set_clock(sim, {"offset_seconds": 0})
        elif not seconds.isascii() or not seconds.isdigit():
            raise InvalidField("seconds", "must be a number of seconds")
        else:
            steering.set_clock(sim, {"advance_seconds": int(seconds)})
        return redirect(_back(), 303)

    @routes.post("/personas")
    def let_people_answer() -> Answer:
        steering.set_settings(sim, {"personas": "personas" in request.form})
        return redirect("/", 303)

    @routes.post("/faults")
    def break_it() -> Answer:
        sim.faults = Faults() if "mend" in request.form else faultform.parse_form(request.form)
        return redirect("/#faults", 303)


def _unsendable(sim: Simulator, phone: str, body: str) -> str:
    if sim.phone(phone).off:
        return "The phone is off. Switch it on to reply."
    if not body.strip():
        return "Type a reply first."
    return f"A text has at most {LONGEST:,} characters." if len(body) > LONGEST else ""


def _back() -> str:
    """The page the form was on: a path of our own, nothing else."""
    path = request.form.get("back", "/")
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
