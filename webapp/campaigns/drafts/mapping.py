"""Where a lead stands in another version of its campaign. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def next_place(old: Sequence[str], position: int, new: Sequence[str], had: Collection[str]) -> int | None:
    """The place in ``new`` of the step that comes next; None where nothing is left.

    All are step keys in order; ``position`` is where the lead stands in ``old``, ``had`` what was sent to it. The step
    that it waits for, if that is still there; else the first one it has not had behind the step that it passed last.
    Where nothing follows there, what it had still before it and what stands further up now.
    """
    waits_for = old[position] if position < len(old) else None
    start = new.index(waits_for) if waits_for in new else _behind(old[:position], new)
    ahead = [place for place in range(start, len(new)) if new[place] not in had]
    if ahead:
        return ahead[0]
    expected = set(old[position:]) - set(had)
    return next((place for place, key in enumerate(new) if key in expected), None)


def _behind(passed: Sequence[str], new: Sequence[str]) -> int:
    """The place behind the last step passed that is still there; the first where there is none."""
    return next((new.index(key) + 1 for key in reversed(passed) if key in new), 0)
