"""What a row of a file says of consent and opt-outs, in the words that people and other programs use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from webapp.leads.dates import day_alone, read_instant
from webapp.models.constants import ConsentKind

UNKNOWN_KIND = "Write express, implied purchase or implied inquiry; or no, if there is no consent."

_NOTHING = frozenset(
    ("no", "n", "false", "f", "0", "off", "none", "never", "null", "na", "nil", "unset", "notset"),
)
_NOT_OPTED_OUT = _NOTHING | frozenset(
    ("active", "allowed", "enabled", "inactive", "disabled", "subscribed", "permitted", "optedin", "optin", "ok"),
)
_NO_CONSENT = _NOTHING | frozenset(
    ("optedout", "optout", "unsubscribed", "declined", "refused", "withdrawn", "revoked"),
)
#: A program that keeps one mark a channel lists those that are blocked.
_OTHER_CHANNELS = frozenset(
    (
        *("email", "emails", "mail", "call", "calls", "voice", "voicemail", "facebook", "fb", "messenger", "instagram"),
        *("ig", "whatsapp", "gmb", "google", "business", "live", "chat", "livechat", "and"),
    )
)
_SHORTEST_DAY = len("1/2/26")
_KINDS = {
    "express": ConsentKind.EXPRESS,
    "expressed": ConsentKind.EXPRESS,
    "expresswritten": ConsentKind.EXPRESS,
    "written": ConsentKind.EXPRESS,
    "explicit": ConsentKind.EXPRESS,
    "yes": ConsentKind.EXPRESS,
    "y": ConsentKind.EXPRESS,
    "true": ConsentKind.EXPRESS,
    "1": ConsentKind.EXPRESS,
    "optin": ConsentKind.EXPRESS,
    "optedin": ConsentKind.EXPRESS,
    "subscribed": ConsentKind.EXPRESS,
    "impliedpurchase": ConsentKind.IMPLIED_PURCHASE,
    "purchase": ConsentKind.IMPLIED_PURCHASE,
    "customer": ConsentKind.IMPLIED_PURCHASE,
    "impliedinquiry": ConsentKind.IMPLIED_INQUIRY,
    "impliedenquiry": ConsentKind.IMPLIED_INQUIRY,
    "inquiry": ConsentKind.IMPLIED_INQUIRY,
    "enquiry": ConsentKind.IMPLIED_INQUIRY,
    "implied": ConsentKind.IMPLIED_INQUIRY,
}


@dataclass(frozen=True, slots=True)
class OptOut:
    """An opt-out that a file tells of. ``at`` is None where it does not say when; ``day``: where it says only that."""

    at: datetime | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class RowConsent:
    """What one row says of consent: what it leaves out, the importer says for all. ``refused``: it says there is none.

    ``kind`` is None where the row does not say; ``day``: where it names that and no time.
    """

    source: str = ""
    at: datetime | None = None
    kind: ConsentKind | None = None
    refused: bool = False
    day: date | None = None


def says_opted_out(cell: str) -> bool:
    """Whether a cell under "Opted out" or the like marks its person. Whatever does not plainly say no, does."""
    words = _words(cell)
    plain = "".join(words)
    return bool(plain.strip("0")) and plain not in _NOT_OPTED_OUT and not _OTHER_CHANNELS.issuperset(words)


def refuses_consent(cell: str) -> bool:
    """Whether a cell under "Consent" or the like plainly says that there is none."""
    return "".join(_words(cell)) in _NO_CONSENT


def read_kind(cell: str) -> ConsentKind | None:
    """The kind of consent in a cell; None in an empty one. Raises ValueError with the fix."""
    plain = "".join(_words(cell)).removesuffix("consent")
    if plain and plain not in _KINDS:
        raise ValueError(UNKNOWN_KIND)
    return _KINDS.get(plain)


def opt_out_in(marks: Sequence[str], day: str, zone: str) -> OptOut | None:
    """The opt-out that a row's cells tell of: any mark, or a day where nothing else is said; a day may be the mark.

    One of which the day cannot be read still counts.
    """
    saying = [mark for mark in marks if says_opted_out(mark)]
    if not saying and (any(_words(mark) for mark in marks) or not _is_day(day)):
        return None
    for cell in (day, *saying):
        if len(cell.strip()) >= _SHORTEST_DAY and _is_day(cell):
            try:
                return OptOut(read_instant(cell, zone), day_alone(cell, zone))
            except ValueError:
                continue
    return OptOut()


def _is_day(cell: str) -> bool:
    """Some digit, but not the 0000-00-00 of a database that knows none."""
    return any(character in "123456789" for character in cell)


def _words(cell: str) -> list[str]:
    return re.findall(r"[^\W_]+", cell.casefold())
