"""Why reviewers reject a registration, field by field; the sentences name the fix.

Sources: Twilio's campaign and toll-free errors (30449, 30513, 30543, 30857, 30913, 30924, 30932), CTIA Messaging
Principles 2023.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from webapp.compliance.public.disclosures import NO_SHARING
from webapp.compliance.public.programme import Programme
from webapp.compliance.registration.fields import split
from webapp.leads.places import STATES
from webapp.rules import footers

Answers: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence that names the fix. ``blocks``: a review would fail on it; else it is advice."""

    sentence: str
    blocks: bool = True


EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")

_LINK = re.compile(r"https?://\S+|\b(?:[a-z0-9-]+\.)+[a-z]{2,}/\S*", re.IGNORECASE)
_PHONE = re.compile(r"\(?\b\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}\b")
_RATES = re.compile(r"data rates", re.IGNORECASE)
_FREQUENCY = re.compile(r"frequency|(?:msgs?|messages?|texts?)\s*(?:/|a|per|each)\s*(?:day|week|month)", re.IGNORECASE)
_ENDED = re.compile(
    r"no (?:more|further)|unsubscribed|opted out|won'?t (?:get|receive)|not (?:get|receive)", re.IGNORECASE
)
_SHORTENERS = re.compile(
    r"\b(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|ow\.ly|is\.gd|buff\.ly|rebrand\.ly|cutt\.ly|rb\.gy|shorturl\.at|tiny\.cc|"
    r"lnkd\.in|t\.ly|bl\.ink)/",
    re.IGNORECASE,
)
_FREE_MAIL = re.compile(r"@(?:gmail|yahoo|hotmail|outlook|icloud|aol|live|msn|proton|protonmail)\.", re.IGNORECASE)
_SAMPLES = tuple(f"sample_{number}" for number in range(1, 6))
_PLAIN_WORDS = frozenset({"the", "and", "inc", "llc", "ltd", "corp", "group", "company", "co"})


def _brand(answers: Answers, programme: Programme) -> str:
    return programme.settings.business_name or answers.get("dba", "") or answers.get("legal_name", "")


def _names_brand(value: str, answers: Answers, programme: Programme) -> bool:
    said = value.casefold()
    names = (_brand(answers, programme), answers.get("dba", ""), answers.get("legal_name", ""))
    return any(name.casefold() in said for name in names if name)


def is_short_link(value: str) -> bool:
    """Whether it holds a link of a public shortener."""
    return _SHORTENERS.search(value) is not None


def _must_name(value: str, answers: Answers, programme: Programme) -> Iterator[Finding]:
    if not _names_brand(value, answers, programme):
        yield Finding(f"Name the business: {_brand(answers, programme) or 'as your texts do'}.")


def _legal_name(value: str, _answers: Answers, programme: Programme) -> Iterator[Finding]:
    texted = programme.settings.business_name
    if texted and not _words(texted) & _words(value):
        yield Finding(f"Your texts name “{texted}”. Reviewers must see how the two belong together.", blocks=False)


def _business_type(value: str, answers: Answers, _programme: Programme) -> Iterator[Finding]:
    if value != "SOLE_PROPRIETOR" and not answers.get("ein"):
        yield Finding("All but sole proprietors need the EIN as well.")
    if value == "Sole Proprietorship":
        yield Finding("Without an EIN, register as a sole proprietor in Twilio's Console: one number.", blocks=False)


def _website(value: str, answers: Answers, programme: Programme) -> Iterator[Finding]:
    host = (urlsplit(value).hostname or "").replace("-", "")
    if not any(word in host for word in _words(_brand(answers, programme))):
        yield Finding("The address does not hold the brand's name: the page must show it plainly.", blocks=False)


def _words(name: str) -> set[str]:
    return {word for word in re.findall(r"\w+", name.casefold()) if len(word) > 2} - _PLAIN_WORDS


def _state(value: str, _answers: Answers, _programme: Programme) -> Iterator[Finding]:
    if value.upper() not in STATES:
        yield Finding("This is no state or province. Write it like TX.")


def _own_domain(value: str, _answers: Answers, _programme: Programme) -> Iterator[Finding]:
    if _FREE_MAIL.search(value):
        yield Finding("A free mail address often fails; use one at the business's own domain.", blocks=False)


def _message_flow(value: str, _answers: Answers, programme: Programme) -> Iterator[Finding]:
    said = value.casefold()
    if "https://" not in said:
        yield Finding("Name the page on which people opt in, with its https:// address.")
    elif programme.takes_opt_ins and programme.opt_in_url not in value:
        yield Finding(f"It does not name your opt-in page, {programme.opt_in_url}.", blocks=False)
    for word, missing in (
        (_FREQUENCY.search(value), "Say how often texts come."),
        (_RATES.search(value), "Say “Msg & data rates may apply”."),
        ("stop" in said, "Say that STOP opts out."),
        ("help" in said, "Say that HELP gets help."),
        ("privacy" in said, "Link the privacy policy."),
        ("terms" in said, "Link the terms."),
    ):
        if not word:
            yield Finding(missing)
    if is_short_link(value):
        yield Finding("Public short links are rejected. Give the whole address.")


def _sample(value: str, answers: Answers, programme: Programme) -> Iterator[Finding]:
    if not _names_brand(value, answers, programme):
        yield Finding(f"It does not name the business ({_brand(answers, programme) or 'not filled in'}).")
    if is_short_link(value):
        yield Finding("Public short links are rejected. Use your own domain.")
    if "http://" in value:
        yield Finding("Links begin with https://.")


def _first_sample(value: str, answers: Answers, programme: Programme) -> Iterator[Finding]:
    yield from _sample(value, answers, programme)
    if not any(footers.tells_how_to_stop(answers.get(key, "")) for key in (*_SAMPLES, "production_sample")):
        yield Finding("None of the samples says “Reply STOP to opt out”. One must.")


def _links(value: str, answers: Answers, _programme: Programme) -> Iterator[Finding]:
    yield from _as_samples_say(_LINK, "link", value, answers)


def _phones(value: str, answers: Answers, _programme: Programme) -> Iterator[Finding]:
    yield from _as_samples_say(_PHONE, "phone number", value, answers)


def _as_samples_say(pattern: re.Pattern[str], what: str, value: str, answers: Answers) -> Iterator[Finding]:
    held = any(pattern.search(answers.get(key, "")) for key in _SAMPLES)
    if held and value == "no":
        yield Finding(f"A sample has a {what}: answer yes, or take it out.")
    if not held and value == "yes":
        yield Finding(f"Then one of the samples should show a {what}.", blocks=False)


def _opt_in_message(value: str, answers: Answers, programme: Programme) -> Iterator[Finding]:
    yield from _must_name(value, answers, programme)
    for found, missing in (
        (_FREQUENCY.search(value), "Say how often texts come."),
        (_RATES.search(value), "Say “Msg & data rates may apply”."),
        ("STOP" in value, "Say how to stop: “Reply STOP to opt out”."),
        ("HELP" in value, "Say “HELP for help”."),
    ):
        if not found:
            yield Finding(missing)


def _opt_out_message(value: str, answers: Answers, programme: Programme) -> Iterator[Finding]:
    yield from _must_name(value, answers, programme)
    if not _ENDED.search(value):
        yield Finding("Say that no more texts come.")


def _help_message(value: str, answers: Answers, programme: Programme) -> Iterator[Finding]:
    yield from _must_name(value, answers, programme)
    if not (_PHONE.search(value) or EMAIL.search(value) or _LINK.search(value) or "www." in value):
        yield Finding("Give a phone number, e-mail or web address.")


def _has_stop(value: str, _answers: Answers, _programme: Programme) -> Iterator[Finding]:
    if "STOP" not in {word.upper() for word in split(value)}:
        yield Finding("STOP must be one of them.")


def _has_help(value: str, _answers: Answers, _programme: Programme) -> Iterator[Finding]:
    if "HELP" not in {word.upper() for word in split(value)}:
        yield Finding("HELP must be one of them.")


def _privacy(value: str, _answers: Answers, programme: Programme) -> Iterator[Finding]:
    if value != programme.privacy_url:
        yield Finding(f"Check that this page says: “{NO_SHARING}”", blocks=False)
    elif not programme.is_public:
        yield Finding(f"The page is not public yet. Missing: {', '.join(programme.missing)}.")


def _terms(value: str, _answers: Answers, programme: Programme) -> Iterator[Finding]:
    if value == programme.terms_url and not programme.is_public:
        yield Finding(f"The page is not public yet. Missing: {', '.join(programme.missing)}.")


Review: TypeAlias = Callable[[str, Answers, Programme], Iterator[Finding]]

#: By the field's key.
REVIEWS: Final[dict[str, Review]] = {
    "legal_name": _legal_name,
    "business_type": _business_type,
    "website": _website,
    "region": _state,
    "rep_email": _own_domain,
    "contact_email": _own_domain,
    "description": _must_name,
    "summary": _must_name,
    "message_flow": _message_flow,
    "sample_1": _first_sample,
    "production_sample": _first_sample,
    **dict.fromkeys(_SAMPLES[1:], _sample),
    "embedded_links": _links,
    "embedded_phone": _phones,
    "opt_in_message": _opt_in_message,
    "opt_out_message": _opt_out_message,
    "opt_out_keywords": _has_stop,
    "help_message": _help_message,
    "help_keywords": _has_help,
    "privacy_url": _privacy,
    "terms_url": _terms,
}
