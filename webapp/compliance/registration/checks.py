"""What is wrong with an answer of a registration: its limits, its kind, and why reviewers would reject it.

Live under the field and again when it is saved: the same functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from webapp.compliance.public.programme import Programme
from webapp.compliance.registration.fields import Field, split
from webapp.compliance.registration.reviews import EMAIL, REVIEWS, Answers, Finding, is_short_link
from webapp.rules import phones

__all__ = ["Answers", "Finding", "check"]


def check(field: Field, answers: Answers, programme: Programme) -> list[Finding]:
    """What is wrong with a field's answer; nothing for an optional one that is empty."""
    value = answers.get(field.key, "").strip()
    if not value:
        return [Finding("Not filled in.")] if field.required else []
    found = [*_limits(field, value), *_KINDS.get(field.kind, _nothing)(value)]
    review = REVIEWS.get(field.key)
    return found if review is None else [*found, *review(value, answers, programme)]


def _nothing(_value: str) -> Iterator[Finding]:
    yield from ()


def _limits(field: Field, value: str) -> Iterator[Finding]:
    length = len(value)
    if length < field.least:
        yield Finding(f"Too short: {length} of at least {field.least} characters.")
    if field.most and length > field.most:
        yield Finding(f"Too long by {length - field.most}: at most {field.most} characters.")
    if field.choices and any(part not in dict(field.choices) for part in _chosen(field, value)):
        yield Finding("Choose one of the list.")


def _chosen(field: Field, value: str) -> list[str]:
    return split(value) if field.kind == "several" else [value]


_EIN = re.compile(r"\d{2}-?\d{7}")
_LOCAL = ("localhost", ".local", ".test", ".internal", ".localhost")


def _url(value: str) -> Iterator[Finding]:
    parts = urlsplit(value)
    host = parts.hostname or ""
    if parts.scheme != "https" or "." not in host:
        yield Finding("Enter a public address that begins with https://.")
    elif host.endswith(_LOCAL) or re.fullmatch(r"[\d.]+", host):
        yield Finding("Reviewers must be able to open it: this address works only in your own network.")
    elif is_short_link(value):
        yield Finding("Give the whole address, not a public short link.")


def _urls(value: str) -> Iterator[Finding]:
    for part in split(value):
        yield from _url(part)


def _email(value: str) -> Iterator[Finding]:
    if not EMAIL.fullmatch(value):
        yield Finding("Enter an e-mail address, like name@example.com.")


def _phone(value: str) -> Iterator[Finding]:
    parsed = phones.parse(value)
    if parsed.e164 is None:
        yield Finding(parsed.warning or "Enter a phone number.")


def _ein(value: str) -> Iterator[Finding]:
    if not _EIN.fullmatch(value):
        yield Finding("An EIN has nine digits, like 12-3456789.")


def _keywords(value: str) -> Iterator[Finding]:
    if any(not word.isalnum() for word in split(value)):
        yield Finding("Keywords have letters and digits only; separate them with commas.")


_KINDS: dict[str, Callable[[str], Iterator[Finding]]] = {
    "url": _url,
    "urls": _urls,
    "email": _email,
    "phone": _phone,
    "ein": _ein,
    "keywords": _keywords,
}
