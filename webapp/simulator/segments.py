"""How many segments a text is billed as: GSM-7 in 160/153 septets, else UCS-2 in 70/67 units; no cluster is split."""

import regex

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_ONE_BITS, _MANY_BITS = 1120, 1072


def count_segments(body: str) -> int:
    """At least 1: an empty text is one segment."""
    widths = _gsm_widths(body) or [8 * len(cluster.encode("utf-16-le")) for cluster in regex.findall(r"\X", body)]
    if sum(widths) <= _ONE_BITS:
        return 1
    segments, used = 1, 0
    for width in widths:
        if used + width > _MANY_BITS:
            segments, used = segments + 1, 0
        used += width
    return segments


def _gsm_widths(body: str) -> list[int] | None:
    """Bits of every character, or None when one is outside GSM-7."""
    widths = [7 if char in _BASIC else 14 if char in _EXTENDED else 0 for char in body]
    return widths if all(widths) else None
