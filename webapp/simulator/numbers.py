"""The account's own numbers and their SIDs."""

import hashlib

from webapp.simulator.simulator import Simulator


def number_sid(number: str) -> str:
    """`PN..`: made from the number, so that it stays the same over restarts."""
    return "PN" + hashlib.sha256(number.encode()).hexdigest()[:32]


def number_of(sim: Simulator, sid: str) -> str | None:
    """The account's number with this SID."""
    return next((number for number in sim.config.numbers if number_sid(number) == sid), None)
