"""A text as one person would read it, from the renderer that sends, with what it costs and what is missing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from webapp.carrier import segments
from webapp.carrier.prices import estimate
from webapp.carrier.segments import SegmentCount
from webapp.texts.render import BadTemplate, MergeFields, UnresolvedField, render

# Stand where a value is missing. Filters change at most the capitals of what is between them.
_OPENS, _CLOSES = "\ue000", "\ue001"
_GAP = re.compile(f"{_OPENS}(.*?){_CLOSES}", re.DOTALL)
_MERGE_FIELD = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_CUSTOM = "custom."
#: As static/js/counter.js calls them, which also knows what to write instead.
KNOWN = {
    "‘": "curly quote",
    "’": "curly apostrophe",
    "“": "curly quote",
    "”": "curly quote",
    "–": "long dash",
    "—": "long dash",
    "…": "one-character ellipsis",
    "•": "bullet",
    "\t": "tab",
    "\u00a0": "no-break space",
    "\u202f": "no-break space",
    "\u200b": "invisible space",
    "`": "backtick",
    "«": "angle quote",
    "»": "angle quote",
    "´": "accent",
    "½": "half sign",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text, or a gap: the name of the merge field that has no value."""

    text: str
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Costly:
    """A character that forces UCS-2, what it is called, and what to write instead, in words, if anything is alike."""

    character: str
    name: str
    instead: str


@dataclass(frozen=True, slots=True)
class Preview:
    """``unresolved`` fields keep the text from being sent; ``error`` is why it cannot be rendered at all.

    ``counted`` and ``cost`` (US dollars) are those of the text as it stands here, gaps by their names.
    """

    pieces: tuple[Piece, ...]
    counted: SegmentCount
    cost: Decimal
    unresolved: tuple[str, ...] = ()
    error: str = ""

    @property
    def text(self) -> str:
        """What is read, with the names of missing fields in their places."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def draft(self) -> str:
        """The text to write on, in which each gap is a merge field, so that it cannot be sent as it is."""
        return "".join(f"{{{{ {piece.gap} }}}}" if piece.gap else piece.text for piece in self.pieces)

    @property
    def costly(self) -> list[Costly]:
        """The characters that force UCS-2, each once."""
        return [Costly(character, character_name(character), _instead(character)) for character in self.counted.non_gsm]


def preview(body: str, fields: MergeFields) -> Preview:
    """``body`` as the person with these fields would read it."""
    try:
        shown, unresolved = _shown(body, fields)
    except BadTemplate as error:
        return _counted((Piece(body),), error=str(error))
    return _counted(_pieces(shown, unresolved), unresolved)


def outline(body: str) -> str:
    """``body`` for one line of a list: as somebody of whom nothing is known would read it, fields by their names."""
    read = preview(body, MergeFields())
    return "".join(f"[{piece.text}]" if piece.gap else piece.text for piece in read.pieces)


def unfilled(text: str) -> str:
    """The first merge field that stands in a text written by hand, which nothing would fill in; empty if none does."""
    found = _MERGE_FIELD.search(text)
    return found.group() if found else ""


def in_plain_characters(body: str) -> str:
    """``body`` without what costs more than it says, curly quotes, dashes and the like; merge fields stay."""
    pieces = re.split(f"({_MERGE_FIELD.pattern})", body, flags=re.DOTALL)
    return "".join(piece if number % 2 else segments.plain(piece) for number, piece in enumerate(pieces))


def field_words(name: str) -> str:
    """A field as people call it: ``first name``, ``city``."""
    return name.removeprefix(_CUSTOM).replace("_", " ")


def character_name(character: str) -> str:
    """What a character is called, so that one that cannot be seen, or looks like another, is known by its name."""
    return KNOWN.get(character) or unicodedata.name(character[0], f"U+{ord(character[0]):04X}").lower()


def _instead(character: str) -> str:
    other = segments.plain(character)
    if segments.count(other).encoding == "UCS-2":
        return ""
    return {" ": "write a space", "": "leave it out"}.get(other, f"write {other}")


def _shown(body: str, fields: MergeFields) -> tuple[str, tuple[str, ...]]:
    """The text, and the fields without value, each of which got a gap to stand in its place. Raises BadTemplate."""
    missing: list[str] = []
    while True:
        try:
            return render(body, fields), tuple(missing)
        except UnresolvedField as unresolved:
            missing.append(unresolved.name)
            fields = _with_gap(fields, unresolved.name)


def _with_gap(fields: MergeFields, name: str) -> MergeFields:
    gap = f"{_OPENS}{name}{_CLOSES}"
    if name.startswith(_CUSTOM):
        return replace(fields, custom={**fields.custom, name.removeprefix(_CUSTOM): gap})
    plain: dict[str, Any] = {name: gap}
    return replace(fields, **plain)


def _pieces(shown: str, unresolved: tuple[str, ...]) -> tuple[Piece, ...]:
    """Between two gaps lies text: splitting by a pattern with one group gives text and name by turns."""
    names = {name.lower(): name for name in unresolved}
    parts = _GAP.split(shown)
    pieces = [
        Piece(field_words(names[part.lower()]), names[part.lower()]) if number % 2 else Piece(part)
        for number, part in enumerate(parts)
        if part
    ]
    return tuple(pieces)


def _counted(pieces: tuple[Piece, ...], unresolved: tuple[str, ...] = (), error: str = "") -> Preview:
    counted = segments.count("".join(piece.text for piece in pieces))
    return Preview(pieces, counted, estimate(counted.segments), unresolved, error)
