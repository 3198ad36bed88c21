"""States and time zones as people name them: what pickers offer, and what cells of a file may say."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

#: USPS and Canada Post codes, in the order of a picker.
STATES: dict[str, str] = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas",
    "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan",
    "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina",
    "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania",
    "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas",
    "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin",
    "WY": "Wyoming", "AS": "American Samoa", "GU": "Guam", "MP": "Northern Mariana Islands", "PR": "Puerto Rico",
    "VI": "U.S. Virgin Islands", "AB": "Alberta", "BC": "British Columbia", "MB": "Manitoba",
    "NB": "New Brunswick", "NL": "Newfoundland and Labrador", "NS": "Nova Scotia", "NT": "Northwest Territories",
    "NU": "Nunavut", "ON": "Ontario", "PE": "Prince Edward Island", "QC": "Quebec", "SK": "Saskatchewan",
    "YT": "Yukon",
}  # fmt: skip

#: The zones that a picker offers, by what people call them. Others stay valid through the API and in files.
ZONES: dict[str, str] = {
    "America/New_York": "Eastern (New York)",
    "America/Detroit": "Eastern (Detroit)",
    "America/Indiana/Indianapolis": "Eastern (Indianapolis)",
    "America/Chicago": "Central (Chicago, Dallas)",
    "America/Denver": "Mountain (Denver)",
    "America/Boise": "Mountain (Boise)",
    "America/Phoenix": "Arizona (Phoenix, no summer time)",
    "America/Los_Angeles": "Pacific (Los Angeles)",
    "America/Anchorage": "Alaska (Anchorage)",
    "America/Adak": "Aleutian Islands (Adak)",
    "Pacific/Honolulu": "Hawaii (Honolulu)",
    "America/Puerto_Rico": "Atlantic (Puerto Rico)",
    "Pacific/Guam": "Guam",
    "America/Halifax": "Atlantic (Halifax)",
    "America/St_Johns": "Newfoundland (St. John's)",
    "America/Toronto": "Eastern (Toronto)",
    "America/Winnipeg": "Central (Winnipeg)",
    "America/Regina": "Saskatchewan (Regina)",
    "America/Edmonton": "Mountain (Edmonton)",
    "America/Vancouver": "Pacific (Vancouver)",
}

_CODES_BY_NAME = {name.casefold(): code for code, name in STATES.items()} | {
    "washington dc": "DC",
    "washington d.c.": "DC",
    "d.c.": "DC",
    "newfoundland": "NL",
    "québec": "QC",
    "virgin islands": "VI",
}
_ZONES_BY_NICKNAME = {
    "eastern": "America/New_York",
    "et": "America/New_York",
    "est": "America/New_York",
    "edt": "America/New_York",
    "central": "America/Chicago",
    "ct": "America/Chicago",
    "cst": "America/Chicago",
    "cdt": "America/Chicago",
    "mountain": "America/Denver",
    "mt": "America/Denver",
    "mst": "America/Denver",
    "mdt": "America/Denver",
    "arizona": "America/Phoenix",
    "pacific": "America/Los_Angeles",
    "pt": "America/Los_Angeles",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
    "hst": "Pacific/Honolulu",
}


def state_code(text: str) -> str | None:
    """The two-letter code of a state or province given by code or name, in any case; None when there is no such."""
    code = text.upper()
    return code if code in STATES else _CODES_BY_NAME.get(text.casefold())


def zone_key(text: str) -> str | None:
    """The IANA key of a zone given by key ("America/Chicago") or everyday name ("Central", "CST"); None if unknown."""
    everyday = text.casefold().removesuffix(" time").removesuffix(" standard").removesuffix(" daylight")
    return _ZONES_BY_NICKNAME.get(everyday) or _keys_by_lower_case().get(text.casefold())


def state_name(code: str) -> str:
    """What people call the state with this code."""
    return STATES.get(code, code)


def zone_name(key: str) -> str:
    """What people call the zone with this key: "Central (Chicago, Dallas)", or the city of a rarer one."""
    return ZONES.get(key) or key.rsplit("/", 1)[-1].replace("_", " ")


@lru_cache(maxsize=1)
def _keys_by_lower_case() -> dict[str, str]:
    """Only keys of places: "EST" and "Etc/GMT+5" know no summer time, and nobody lives in them."""
    places = (key for key in available_timezones() if "/" in key and not key.startswith("Etc/"))
    return {key.casefold(): key for key in places} | {"utc": "UTC"}
