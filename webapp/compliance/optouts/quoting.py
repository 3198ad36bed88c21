"""What somebody wrote, quoted as they typed it: the ledger keeps the few words that decided, and never a whole text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from webapp.rules.plaintext import bare, plain

LONGEST: Final = 200
_WORD = re.compile(r"\S+")
#: The plain form may have a word more or less than what was typed: "stop-texting", "s t o p".
_WORDS_AROUND: Final = 3


def as_typed(body: str, matched: str) -> str:
    """The words of ``body`` whose plain form is ``matched``, in at most LONGEST characters.

    ``matched`` itself where no run of words reads so.
    """
    if matched in body:
        return matched[:LONGEST]
    wanted = bare(matched)
    found = (span for span in _spans(body, len(wanted.split())) if bare(plain(span)) == wanted)
    return " ".join(next(found, matched).split())[:LONGEST]


def _spans(body: str, words: int) -> Iterator[str]:
    """Runs of about so many words, the first of the text first and short ones before long ones."""
    found = list(_WORD.finditer(body))
    for first in range(len(found)):
        for last in range(first + max(0, words - 1 - _WORDS_AROUND), min(first + words + _WORDS_AROUND, len(found))):
            yield body[found[first].start() : found[last].end()]
