"""What an account's own answers to STOP, START and HELP must carry, and what the first must not.

Sources: 47 CFR 64.1200(a)(12) (a confirmation says that it was done, without marketing), CTIA Messaging Principles 2023
(opt-in: name, frequency, rates, HELP, STOP; HELP: name and contact), Twilio's rules for the three messages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, Literal

Kind = Literal["stop", "start", "help"]

RATES: Final = "Msg & data rates may apply"
#: A confirmation of more parts costs more than it tells.
MOST_SEGMENTS: Final = 2

_rates = re.compile(r"\b(?:msg|message)s?\.? ?(?:&|and) ?data rates may apply", re.IGNORECASE)
_stop_word = re.compile(r"\bSTOP\b", re.IGNORECASE)
_help_word = re.compile(r"\bHELP\b", re.IGNORECASE)
# An e-mail address is a contact; a web address invites.
_link = re.compile(
    r"https?://|\bwww\.|(?<![@\w.-])[\w-]+(?:\.[\w-]+)*\.(?:[a-z]{2,}/|(?:com|net|org|io|co|us|ca|me|ly|info)\b)",
    re.IGNORECASE,
)
_marketing = re.compile(
    r"\b(?:sale|discount|offers?|deals?|coupon|promo(?:tion)?|buy|save|listings?|open house|limited time|check out)\b"
    r"|\d+ ?%|[$€]\d",
    re.IGNORECASE,
)


# That no more texts come, in the languages that are read: English, Spanish, French.
_done = re.compile(
    r"\b(?:no|any|any other)\s+(?:more|further|longer)\b|\bunsubscribed\b|\b(?:un|de-?)enrolled\b|\bopted[ -]out\b"
    r"|\b(?:won['’]?t|will\s+not|will\s+no\s+longer|not)\s+(?:(?:get|receive|hear|be)\b|(?:text|message|contact)\s+you\b)"
    r"|\b(?:removed|taken\s+(?:you\s+)?off|canceled|cancelled)\b"
    r"|\b(?:texts|messages|alerts)\s+(?:have|has|are|were)\s+(?:been\s+)?(?:now\s+)?(?:stopped|ended|off)\b"
    r"|\b(?:stopped|ended)\s+(?:all\s+)?(?:our\s+|these\s+|your\s+)?(?:texts|texting|messages)\b"
    r"|\bno\s+(?:recibir|le\s+enviaremos)|\bcancelad[oa]\b|\bbaja\b|\bd[ée]sabonn|\bne\s+recevrez\b",
    re.IGNORECASE,
)


def complaint(kind: Kind, text: str, business: str, contact: str) -> str | None:
    """What is wrong with an account's own words for this answer, naming the fix; None when they will do."""
    return next(_complaints(kind, text, business, contact), None)


def _complaints(kind: Kind, text: str, business: str, contact: str) -> Iterator[str]:
    if not business:
        yield "Fill in the business name first: this answer has to name it."
    elif business.casefold() not in text.casefold():
        yield f"Name the business in it: {business}."
    yield from _CHECKS[kind](text, business, contact)


def _of_stop(text: str, business: str, contact: str) -> Iterator[str]:
    for own in filter(None, (business, contact)):
        text = re.sub(re.escape(own), "", text, flags=re.IGNORECASE)
    if _link.search(text):
        yield "Leave links out: whoever said STOP gets nothing that invites them to anything."
    word = _marketing.search(text)
    if word:
        yield f"Leave “{word[0].strip()}” out: this answer may not advertise anything."
    if not _done.search(text):
        yield "Say that it is done, like “You won't get more texts”."


def _of_start(text: str, _business: str, _contact: str) -> Iterator[str]:
    yield from _must_tell(text)
    if not _help_word.search(text):
        yield "Say that HELP brings help, like “Reply HELP for help”."


def _of_help(text: str, _business: str, contact: str) -> Iterator[str]:
    if not contact:
        yield "Fill in how to reach you first: this answer has to say it."
    elif contact.casefold() not in text.casefold():
        yield f"Say in it how to reach you: {contact}."
    yield from _must_tell(text)


def _must_tell(text: str) -> Iterator[str]:
    if not _rates.search(text):
        yield f"Say “{RATES}”."
    if not _stop_word.search(text):
        yield "Say that STOP ends the texts, like “Reply STOP to opt out”."


_CHECKS: Final[dict[Kind, Callable[[str, str, str], Iterator[str]]]] = {
    "stop": _of_stop,
    "start": _of_start,
    "help": _of_help,
}
