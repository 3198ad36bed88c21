"""How sentences name a state and the time there: "Texas", and "Dallas" for its Central time."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple


class Named(NamedTuple):
    """A state or province as it stands after "in", and one well-known place there for each of its time zones."""

    name: str
    cities: dict[str, str]


def _load() -> dict[str, Named]:
    table = json.loads((Path(__file__).parent / "data" / "places.json").read_text("utf-8"))
    return {code: Named(entry["name"], entry["cities"]) for code, entry in table["states"].items()}


NAMES: Final = _load()


def city(zone: str, states: Iterable[str] = ()) -> str:
    """A place whose clock shows the time of `zone` (IANA): in one of `states` where one has that zone."""
    for state in states:
        if state in NAMES and zone in NAMES[state].cities:
            return NAMES[state].cities[zone]
    return zone.rpartition("/")[2].replace("_", " ")
