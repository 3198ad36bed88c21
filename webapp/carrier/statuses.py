"""The order of receipt statuses: they only move forward, and failure sticks (Twilio, Delivery Receipt resource)."""

from __future__ import annotations

_RANKS = {"sent": 1, "delivered": 2, "undelivered": 2, "failed": 2, "read": 3}
FAILURES = frozenset({"undelivered", "failed"})


def is_known(status: str) -> bool:
    """False for a word that this version does not know: show it as itself, and say so in the log."""
    return status in _RANKS


def rank(status: str | None) -> int:
    """How far along a receipt is: nothing yet or unknown 0, sent 1, an end 2, read 3."""
    return _RANKS.get(status or "", 0)


def moves_forward(current: str | None, new: str | None) -> bool:
    """True if ``new`` may replace ``current``: events arrive in any order and twice."""
    return current not in FAILURES and rank(new) > rank(current)
