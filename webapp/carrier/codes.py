"""Twilio's error codes in words that a sales rep understands, and what each means for the text and its number."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, NotRequired, TypedDict

from webapp.carrier.errors import Scope

Kind = Literal["permanent", "passing", "later", "config", "opt_out", "bad_number", "reconcile"]
Effect = Literal["none", "suppress", "bad_number", "retry_later", "alert"]

#: What Twilio limits the product to. The doctor says it; so should the launch of whatever only broadcasts.
CONVERSATIONS_ARE_FOR_PEOPLE = (
    "Twilio limits Conversations to exchanges with a person: a broadcast that nobody is to answer belongs elsewhere"
)

_EFFECT_OF_KIND: dict[Kind, Effect] = {
    "opt_out": "suppress",
    "bad_number": "bad_number",
    "passing": "retry_later",
    "later": "retry_later",
    "config": "alert",
    "permanent": "none",
    "reconcile": "none",
}


@dataclass(frozen=True, slots=True)
class CodeWords:
    """What a code means. ``retry`` holds the minutes to wait before each further try of a text that was not delivered;
    empty means that it is not tried again. ``what_to_do`` says so too."""

    code: int
    title: str
    what_to_do: str
    kind: Kind
    retry: tuple[int, ...]
    scope: Scope
    effect: Effect
    toll_free_effect: Effect


class _Entry(TypedDict):
    """A code in the data file: only what differs from its kind's defaults."""

    title: str
    what_to_do: str
    kind: Kind
    retry_minutes: NotRequired[list[int]]
    scope: NotRequired[Scope]
    effect: NotRequired[Effect]
    toll_free_effect: NotRequired[Effect]


class _File(TypedDict):
    as_of: str
    codes: dict[str, _Entry]


def is_known(code: int) -> bool:
    """True if this version has words of its own for ``code``."""
    return code in _all()


def explain(code: int) -> CodeWords:
    """Words for ``code``; one that is not known is shown as itself."""
    return _all().get(code) or CodeWords(
        code=code,
        title=f"Twilio error {code}",
        what_to_do=f"Twilio did not deliver this text. It explains the code at https://www.twilio.com/docs/api/errors/{code}",
        kind="permanent",
        retry=(),
        scope="message",
        effect="none",
        toll_free_effect="none",
    )


def receipt_effect(code: int | None, toll_free: bool) -> Effect:
    """What a failed receipt with ``code`` asks for; ``toll_free`` is about the sender.

    ``suppress`` the number, note it as a ``bad_number``, ``retry_later`` after ``explain(code).retry`` minutes,
    ``alert`` an admin, or ``none``.
    """
    if code is None:
        return "none"
    words = explain(code)
    return words.toll_free_effect if toll_free else words.effect


@cache
def _all() -> dict[int, CodeWords]:
    file: _File = json.loads(files("webapp.carrier").joinpath("data", "error_codes.json").read_text("utf-8"))
    return {int(code): _words(int(code), entry) for code, entry in file["codes"].items()}


def _words(code: int, entry: _Entry) -> CodeWords:
    retry = tuple(entry.get("retry_minutes", ()))
    effect = entry.get("effect", _EFFECT_OF_KIND[entry["kind"]])
    return CodeWords(
        code=code,
        title=entry["title"],
        what_to_do=" ".join(filter(None, [entry["what_to_do"], _retry_sentence(retry)])),
        kind=entry["kind"],
        retry=retry,
        scope=entry.get("scope", "message"),
        effect=effect,
        toll_free_effect=entry.get("toll_free_effect", effect),
    )


def _retry_sentence(retry: tuple[int, ...]) -> str:
    """``(30, 240)`` → "Worth a retry after 30 minutes." A person decides, as it may have arrived."""
    return f"Worth a retry after {_duration(retry[0])}." if retry else ""


def _duration(minutes: int) -> str:
    count, unit = (minutes // 60, "hour") if minutes % 60 == 0 else (minutes, "minute")
    return f"{count} {unit}{'' if count == 1 else 's'}"
