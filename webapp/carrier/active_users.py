"""What Twilio bills for active users of Conversations, beside each text.

Whoever sends or receives is active once in a month, by address. The first 200 of an account are free; list prices of
October 2026 (Twilio's Conversations pricing page; the tiers are read as marginal, each for its own part).
"""

from __future__ import annotations

from decimal import Decimal

#: Up to so many users in a month, US dollars each.
_TIERS = (
    (200, Decimal(0)),
    (5_000, Decimal("0.05")),
    (10_000, Decimal("0.0475")),
    (None, Decimal("0.045")),
)


def cost(before: int, more: int) -> Decimal:
    """US dollars for ``more`` active users in a month that has ``before`` of them already."""
    total, reached, last = Decimal(0), before, before + more
    for upper, price in _TIERS:
        upto = last if upper is None else min(last, upper)
        if upto > reached:
            total += (upto - reached) * price
            reached = upto
    return total
