"""What changed between two wordings, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

# A merge field is one word, whatever is in it; punctuation stands alone, but for apostrophes.
_WORDS = re.compile(r"\{\{.*?\}\}|\s+|[\w'’]+|.", re.DOTALL)


class Change(NamedTuple):
    """A run of words that stayed, went, or came."""

    kind: Literal["same", "gone", "new"]
    text: str


def word_diff(old: str, new: str) -> list[Change]:
    """The way from ``old`` to ``new``: what is not ``new`` reads as the old text, what is not ``gone`` as the new."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    changes: list[Change] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            changes.append(Change("same", "".join(before[i1:i2])))
            continue
        if i2 > i1:
            changes.append(Change("gone", "".join(before[i1:i2])))
        if j2 > j1:
            changes.append(Change("new", "".join(after[j1:j2])))
    return changes
