"""What a ZIP code or a Canadian postal code tells of the place: its states, and every time zone in use there."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple


class PostalPlace(NamedTuple):
    """The states or provinces of a postal area, and its zones (IANA)."""

    states: tuple[str, ...]
    zones: tuple[str, ...]


_ZIP = re.compile(r"(\d{5})(-?\d{4})?", re.ASCII)
_CANADIAN = re.compile(r"[ABCEGHJ-NPRSTVXY]\d[A-Z](\d[A-Z]\d)?", re.ASCII)


def _load() -> dict[str, PostalPlace]:
    table = json.loads((Path(__file__).parent / "data" / "postal_codes.json").read_text("utf-8"))
    return {
        code: PostalPlace(tuple(row["states"]), tuple(row["zones"]))
        for row in table["places"]
        for codes in row["codes"].split()
        for code in _each(codes)
    }


def _each(codes: str) -> Iterator[str]:
    """The codes from the first to the last of "320-323", or the one code that it is."""
    first, _, last = codes.partition("-")
    if not last:
        return iter((first,))
    return (str(code).zfill(len(first)) for code in range(int(first), int(last) + 1))


PLACES: Final = _load()
"""By a ZIP code's first three digits (five where one stands apart), or a Canadian postal code's first letter."""


@lru_cache(maxsize=65_536)
def postal_area(code: str | None) -> str:
    """The key of `PLACES` for a postal code as people write it; "" where it tells no place.

    Military mail tells none: whoever has it may be anywhere.
    """
    compact = "".join((code or "").split()).upper()
    if found := _ZIP.fullmatch(compact):
        whole = found.group(1)
        return next((key for key in (whole, whole[:3]) if key in PLACES), "")
    return compact[0] if _CANADIAN.fullmatch(compact) else ""
