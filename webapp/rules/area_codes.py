"""The North American area codes as data: whose they are and which time zones are in use there."""

import json
from pathlib import Path
from typing import Final, NamedTuple


class Area(NamedTuple):
    """One area code: country (US, CA or a US territory), states or provinces, and every time zone in use there."""

    country: str
    regions: tuple[str, ...]
    zones: tuple[str, ...]


class AreaCodes(NamedTuple):
    """`without_place` maps codes that say nothing of a place to their kind, such as `toll_free`."""

    version: str
    areas: dict[str, Area]
    without_place: dict[str, str]
    state_zones: dict[str, tuple[str, ...]]


def _load() -> AreaCodes:
    table = json.loads((Path(__file__).parent / "data" / "area_codes.json").read_text("utf-8"))
    return AreaCodes(
        version=table["version"],
        areas={
            code: Area(row["country"], tuple(row["regions"]), tuple(row["zones"]))
            for row in table["areas"]
            for code in row["codes"].split()
        },
        without_place={code: kind for kind, codes in table["without_place"].items() for code in codes.split()},
        state_zones={state: tuple(zones) for state, zones in table["state_zones"].items()},
    )


AREA_CODES: Final = _load()
