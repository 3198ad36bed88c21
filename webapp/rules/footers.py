"""Who writes, and how to make it stop: what an automatic text must say, and only as often as it must.

Sources: CTIA Messaging Principles 2023 and Twilio's messaging policy (the first text names the business and carries
STOP and HELP), compliance facts 3 (again after 30 days or 5 automatic texts), CASL (who writes and how to unsubscribe,
in every commercial text to Canada).
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, Literal, NamedTuple

VERSION: Final = "2026-11-25"

#: A person is told again how to stop after this long, or when so many automatic texts would pass without it.
AGAIN_AFTER: Final = timedelta(days=30)
AGAIN_AFTER_TEXTS: Final = 5

Footer = Literal["first", "again", "every"]

_stop = re.compile(
    r"\b(?:reply|text|send|type|txt|répondez|envoyez|responda|envíe)\W{1,3}(?:stop|arr[eê]t)\b", re.IGNORECASE
)
_help = re.compile(r"\bHELP\b|\bAIDE\b|\bAYUDA\b")


class Signature(NamedTuple):
    """Who writes: the person (may be empty), the business, and for Canada a way to reach it."""

    person: str
    business: str
    contact: str = ""


class EarlierText(NamedTuple):
    """An automatic text that the person got: when, and whether it told how to stop."""

    at: datetime
    told: bool


def due(earlier: Sequence[EarlierText], region: str, now: datetime) -> Footer | None:
    """What this automatic text must carry; None where nothing is due.

    ``earlier``: the automatic texts before it, newest first, as many as `AGAIN_AFTER_TEXTS`. ``region``: CA, or
    anything else.
    """
    if not earlier or now - earlier[0].at > AGAIN_AFTER:
        return "first"
    if region == "CA":
        return "every"
    recent = [text for text in earlier[: AGAIN_AFTER_TEXTS - 1] if now - text.at <= AGAIN_AFTER]
    return None if any(text.told for text in recent) else "again"


def tells_how_to_stop(body: str) -> bool:
    """Whether a text says by itself how to opt out: "Reply STOP …"."""
    return _tells(body, body.casefold())


def _tells(body: str, folded: str) -> bool:
    if "stop" not in folded and "arr" not in folded:  # nearly every text: thirty times as fast as the search
        return False
    return _stop.search(body) is not None


def added(body: str, footer: Footer | None, signature: Signature, *, french: bool = False) -> str:
    """What is to be added to ``body`` so that it says what it must; empty where it does already."""
    if footer is None:
        return ""
    folded = body.casefold()
    with_contact = footer == "every" or french
    names = "" if footer == "again" else _missing_names(folded, signature, with_contact=with_contact)
    line = _line(body, folded, footer, french=french)
    return (f"\n- {names}" if names else "") + (f"\n{line}" if line else "")


def _missing_names(said: str, signature: Signature, *, with_contact: bool) -> str:
    person, business, contact = signature
    missing = [] if _says(said, person) else [person]
    if business and business.casefold() not in said:
        missing.append(business)
    if with_contact and contact and contact.casefold() not in said:
        missing.append(contact)
    return ", ".join(missing)


def _says(said: str, person: str) -> bool:
    """A first name is enough: "Hi, Dana here". Nobody is always named."""
    names = _first_name_in(person)
    return names is None or names(said) is not None


@lru_cache(maxsize=1024)
def _first_name_in(person: str) -> Callable[[str], re.Match[str] | None] | None:
    first = person.casefold().partition(" ")[0]
    return re.compile(rf"\b{re.escape(first)}\b").search if first else None


def _line(body: str, folded: str, footer: Footer, *, french: bool) -> str:
    stop, get_help = not _tells(body, folded), footer == "first" and not _offers_help(body)
    word = "STOP/ARRET" if french else "STOP"
    if stop and get_help:
        return f"Reply {word} to opt out, HELP for help."
    if stop:
        return f"Reply {word} to opt out."
    return "Reply HELP for help." if get_help else ""


def _offers_help(body: str) -> bool:
    return ("HELP" in body or "AIDE" in body or "AYUDA" in body) and _help.search(body) is not None
