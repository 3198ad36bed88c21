"""A4 pages for an evidence file: paragraphs in a font that knows most scripts, with a running foot.

Lines are broken here: the library's own way measures each line anew for every character, and takes ten times as long.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fpdf import FPDF

_FONTS: Final = Path(__file__).parents[3] / "static" / "vendor"
_FAMILY: Final = "DejaVu"
SMALL, PLAIN, HEAD, TITLE = 7.5, 9, 12, 16
#: Height of a line as a share of its size in points, in millimetres.
_LEADING: Final = 0.5
#: Characters are measured once, at this size in points.
_MEASURED_AT: Final = 100.0
_FOOT_SIZE, _FOOT_AT, _MARGIN_BELOW = 6, -12, 16


class Paper:
    """Writes one document from its top to its end."""

    def __init__(self, made_at: str, sha256: str) -> None:
        from fpdf.fonts import TTFFont

        self._pdf = _footed(f"Evidence file, made {made_at}, SHA-256 {sha256}")
        self._pdf.set_creation_date(datetime.fromisoformat(made_at))
        self._pdf.set_title("Evidence file")
        self._pdf.set_auto_page_break(auto=True, margin=_MARGIN_BELOW)
        self._pdf.add_font(_FAMILY, "", str(_FONTS / "dejavu-sans.ttf"))
        self._pdf.add_font(_FAMILY, "B", str(_FONTS / "dejavu-sans-bold.ttf"))
        font = self._pdf.fonts[_FAMILY.lower()]
        assert isinstance(font, TTFFont)
        self._drawable = frozenset(font.cmap)
        self._widths: dict[tuple[str, bool], float] = {}
        self._pdf.add_page()

    def write(self, text: str, size: float = PLAIN, *, bold: bool = False, before: float = 0) -> None:
        """A paragraph; ``before``: millimetres above it."""
        if before:
            self._pdf.ln(before)
        shown = readable(text, self._drawable)
        lines = list(self._broken(shown, self._pdf.epw * _MEASURED_AT / size, bold))
        self._pdf.set_font(_FAMILY, "B" if bold else "", size)
        for line in lines:
            self._pdf.cell(0, size * _LEADING, line, new_x="LMARGIN", new_y="NEXT")

    def heading(self, text: str) -> None:
        self.write(text, HEAD, bold=True, before=5)

    def facts(self, pairs: Iterable[tuple[str, object]]) -> None:
        """Names with what they stand for; what is not known is left out."""
        for name, value in pairs:
            if value not in (None, "", [], {}):
                self.write(f"{name}: {said(value)}")

    def bytes(self) -> bytes:
        return bytes(self._pdf.output())

    def _broken(self, text: str, width: float, bold: bool) -> Iterator[str]:
        """Lines of at most ``width`` (of the size that characters are measured at), broken at spaces if possible."""
        space = self._width(" ", bold)
        for paragraph in text.split("\n"):
            line, used = "", 0.0
            for word in self._pieces(paragraph.split(" "), width, bold):
                wide = self._width(word, bold)
                if line and used + space + wide > width:
                    yield line
                    line, used = word, wide
                else:
                    line, used = f"{line} {word}" if line else word, used + (space if line else 0.0) + wide
            yield line

    def _pieces(self, words: Iterable[str], width: float, bold: bool) -> Iterator[str]:
        """Words, those cut that no line could hold."""
        for word in words:
            rest = word
            while self._width(rest, bold) > width:
                fits = self._how_many_fit(rest, width, bold)
                yield rest[:fits]
                rest = rest[fits:]
            yield rest

    def _how_many_fit(self, word: str, width: float, bold: bool) -> int:
        used = 0.0
        for place, character in enumerate(word):
            used += self._width(character, bold)
            if used > width:
                return max(place, 1)
        return len(word)

    def _width(self, text: str, bold: bool) -> float:
        known = self._widths
        for character in text:
            if (character, bold) not in known:
                self._pdf.set_font(_FAMILY, "B" if bold else "", _MEASURED_AT)
                known[character, bold] = self._pdf.get_string_width(character)
        return sum(known[character, bold] for character in text)


def _footed(foot: str) -> FPDF:
    """An empty document whose pages end with ``foot`` and their number."""
    from fpdf import FPDF

    class Footed(FPDF):
        def footer(self) -> None:
            self.set_y(_FOOT_AT)
            self.set_font(_FAMILY, size=_FOOT_SIZE)
            self.cell(0, 4, f"{foot}  ·  page {self.page_no()}")

    return Footed(format="A4")


def readable(text: str, drawable: frozenset[int]) -> str:
    """The text as the font can show it: a character that it lacks is told by its code, ``[U+1F600]``, and with the
    plain letter that it stands for where there is one, ``[U+FF33 S]``. The JSON has the text as it was."""
    return "".join(
        character if ord(character) in drawable or character == "\n" else _named(character)
        for character in text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    )


def said(value: object) -> str:
    """A value for people."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict | list) else str(value)


def _named(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    letter = f" {plain}" if plain != character and plain.isascii() and plain.isprintable() and plain.strip() else ""
    return f"[U+{ord(character):04X}{letter}]"
