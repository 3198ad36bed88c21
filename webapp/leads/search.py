"""What a person types to find a lead, as a Postgres text query.

The column ``leads.search`` holds the words of names, e-mail address and tags, and the phone's digits four times: all
of them, without the country, the local seven and the last four; so each is found by its beginning.
"""

from __future__ import annotations

import re
import unicodedata

from webapp.leads.fields import REGION
from webapp.rules.phones import parse

_MAX_CHARACTERS, _MAX_TERMS = 200, 8
_FEWEST_DIGITS, _WHOLE_NUMBER_DIGITS = 3, 10
_PHONE = re.compile(r"[\d\s().+/\u2010-\u2015-]+")
_WORD = re.compile(r"[^\W_]+")


def text_query(typed: str) -> str | None:
    """The ``tsquery`` for what was typed, to be lowered and cast in SQL; None when nothing searchable was typed.

    Every term must match the beginning of a word. A phone may be typed in any format.
    """
    typed = unicodedata.normalize("NFKC", typed[:_MAX_CHARACTERS]).replace("\x00", " ").strip()
    if digits := _phone_digits(typed):
        return _starts_with(digits)
    terms = [_term(term) for term in typed.split()[:_MAX_TERMS]]
    return " & ".join(term for term in terms if term) or None


def _phone_digits(typed: str) -> str | None:
    """The digits to look for when a phone, or part of one, was typed; country and dialling prefixes made canonical."""
    digits = re.sub(r"\D", "", typed)
    if not _PHONE.fullmatch(typed) or len(digits) < _FEWEST_DIGITS:
        return None
    whole = parse(typed, REGION).e164 if len(digits) >= _WHOLE_NUMBER_DIGITS else None
    return whole.removeprefix("+") if whole else digits


def _term(term: str) -> str | None:
    """A term as it stands (an e-mail address), or as the words that Postgres makes of it (O'Brien: o, brien)."""
    words = _WORD.findall(term)
    if not words:
        return None
    in_words = " & ".join(_starts_with(word) for word in words)
    return in_words if words == [term] else f"({_starts_with(term)} | ({in_words}))"


def _starts_with(lexeme: str) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}':*"
