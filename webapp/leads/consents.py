"""How a person agreed to texts, as the doors of leads take it: in which words, on which day, and who vouches."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from webapp.leads.signals import Consent

#: How a person can have agreed: what is stored, and what is read. Files and programs may name other ways.
CONSENT_SOURCES: dict[str, str] = {
    "web_form": "Filled in our web form",
    "in_person": "Told me in person",
    "phone_call": "Told me on the phone",
    "paper_form": "Signed a paper form",
    "email": "Asked by e-mail",
}

SOURCE_LENGTH = 200

NOT_YET = "This day has not come yet. Give the day on which they agreed."
NO_SOURCE = "Say how they agreed; or leave day and source empty, to import without consent."
NOT_A_DAY = "This is not a day. Choose the one on which they agreed."
NO_DAY = "Give the day on which they agreed. Consent without its day does not count."
NOT_ATTESTED = "Confirm that they agreed. Without that, leave the source out: they can still be imported."


def consent_words(source: str | None) -> str:
    """How somebody agreed, in words."""
    return CONSENT_SOURCES.get(source or "", source or "")


def on_day(source: str, day: date | None, zone: str, now: datetime) -> Consent | None:
    """An attested consent of a day in ``zone``, today where none is given; None without a source.

    Raises ValueError for a day that has not come. ``now`` is business time.
    """
    if not source:
        return None
    at = now if day is None else min(datetime.combine(day, time(), ZoneInfo(zone)), now)
    if day is not None and day > now.astimezone(ZoneInfo(zone)).date():
        raise ValueError(NOT_YET)
    return Consent(source, at, attested=True, day=day)
