"""Times of day in forms: what people type, read the same way in a step's form and in the rules'."""

from __future__ import annotations

import re

from wtforms import StringField

from webapp.campaigns.building.open_hours import OpenHours, complaint
from webapp.campaigns.rules import Window

_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


def read_time(field: StringField) -> str:
    """A time of day like 09:30; browsers send that, people may type 9:30. Empty for none, and where it is wrong."""
    given = (field.data or "").strip()
    if not given:
        return ""
    padded = given.zfill(len("00:00"))
    if not _TIME.fullmatch(padded):
        field.errors = ["Write a time of day like 09:30."]
        return ""
    return padded


def read_window(opens_field: StringField, closes_field: StringField, open_hours: OpenHours = ()) -> Window | None:
    """The part of the day between two times; None for none, and, with the error beside its field, for a wrong one.

    One in which nothing may go is wrong too, where ``open_hours`` are the account's.
    """
    opens, closes = read_time(opens_field), read_time(closes_field)
    if opens_field.errors or closes_field.errors or not (opens or closes):
        return None
    if not (opens and closes):
        (closes_field if opens else opens_field).errors = ["Give both times, or neither."]
        return None
    if opens >= closes:
        closes_field.errors = ["It must close later than it opens, on the same day."]
        return None
    window = Window(opens=opens, closes=closes)
    if never := complaint(window, open_hours):
        opens_field.errors = [never]
        return None
    return window
