"""Names that people give to things: of a campaign, a list, a template."""

from __future__ import annotations

import re

#: Marks that turn the direction of the words that follow, beyond the name that they stand in.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def one_line(typed: str) -> str:
    """A name as it is kept: on one line, without what cannot be stored, or would turn what stands beside it."""
    return " ".join(_TURNING.sub("", typed.replace("\x00", "")).split())
