"""What people and tests may turn: switches, personas, the clock, settings. Behind both the control API and the pages.

Each raises InvalidField for what cannot be, before anything is changed.
"""

import math
from typing import Any

from webapp.simulator import outbound
from webapp.simulator.conversing import E164
from webapp.simulator.faults import InvalidField
from webapp.simulator.formats import iso_millis, parse_instant
from webapp.simulator.personas import PERSONAS
from webapp.simulator.simulator import Simulator

SWITCHES = ("off", "filtered", "slow", "replies_get_lost")
OUR_NUMBER = "is a number of the account, not a person's phone"


def check_phone(sim: Simulator, phone: str) -> str:
    """The number of a person's phone."""
    if not E164.fullmatch(phone):
        raise InvalidField("phone", "must be in E.164 form, like +15125550142")
    if phone in sim.config.numbers:
        raise InvalidField("phone", OUR_NUMBER)
    return phone


def switches_json(sim: Simulator, phone: str) -> dict[str, bool]:
    known = sim.phone(phone)
    return {name: getattr(known, name) for name in SWITCHES}


def set_switches(sim: Simulator, number: str, body: dict[str, Any]) -> None:
    """Turn those that are named. A phone that is switched on gets what waited for it."""
    for name, value in body.items():
        if name not in SWITCHES:
            raise InvalidField(name, "is not known")
        if not isinstance(value, bool):
            raise InvalidField(name, "must be true or false")
    with sim.store.lock:
        phone = sim.phone(number)
        was_off = phone.off
        for name, value in body.items():
            setattr(phone, name, value)
        sim.store.save(phone)
        if was_off and not phone.off:
            outbound.deliver_waiting(sim, number)


def set_persona(sim: Simulator, number: str, persona: object) -> None:
    """One of `personas.PERSONAS`, or "" for what the setting `personas` says of all phones."""
    if persona != "" and persona not in PERSONAS:
        raise InvalidField("persona", f'must be "" or one of {", ".join(PERSONAS)}')
    with sim.store.lock:
        phone = sim.phone(number)
        phone.persona = str(persona)
        sim.store.save(phone)


def clock_json(sim: Simulator) -> dict[str, Any]:
    return {"now": iso_millis(sim.clock.now()), "offset_seconds": sim.clock.offset}


def set_clock(sim: Simulator, body: dict[str, Any]) -> None:
    """To an instant, by so many seconds, or to so many seconds from real time."""
    if len(body) != 1:
        raise InvalidField("body", "must hold exactly one of now, advance_seconds, offset_seconds")
    name, value = next(iter(body.items()))
    if name not in ("now", "advance_seconds", "offset_seconds"):
        raise InvalidField(name, "is not known")
    try:
        if name == "now":
            sim.clock.move_to(_instant(value))
        elif name == "advance_seconds":
            sim.clock.advance(_number(name, value))
        else:
            sim.clock.advance(_number(name, value) - sim.clock.offset)
    except (ValueError, OverflowError) as error:
        raise InvalidField(name, str(error)) from None


def set_settings(sim: Simulator, body: dict[str, Any]) -> None:
    """Change those that are named; see `simulator.Settings`."""
    known = vars(sim.settings)
    for name, value in body.items():
        if name not in known:
            raise InvalidField(name, "is not known")
        if isinstance(known[name], bool):
            if not isinstance(value, bool):
                raise InvalidField(name, "must be true or false")
        elif _number(name, value) < 0 or (name == "texts_per_second" and value <= 0):
            raise InvalidField(name, "must be greater than 0")
    for name, value in body.items():
        setattr(sim.settings, name, value)


def _instant(value: object) -> float:
    """RFC 3339 only: a business day must not depend on anybody's zone."""
    if not isinstance(value, str) or not (value.endswith(("Z", "z")) or value[-6:-5] in ("+", "-")):
        raise InvalidField("now", "must be an RFC 3339 instant, like 2026-11-23T16:04:00Z")
    return parse_instant(value)


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidField(name, "must be a number")
    return float(value)
