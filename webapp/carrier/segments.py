"""How a text body is cut into SMS segments, which is what Twilio bills.

Source: 3GPP TS 23.038 (GSM 7-bit alphabet) and TS 23.040 (concatenation header); the packing is that of Twilio's own
calculator (npm `sms-segments-calculator` 1.3.0). It is an estimate: the bill follows the message's `NumSegments`.
"""

import json
import re
import unicodedata
from pathlib import Path
from typing import Literal, NamedTuple

import regex

Encoding = Literal["GSM-7", "UCS-2"]

#: Characters that Twilio Conversations takes in one text.
LONGEST_BODY = 1600

# Septets that fit a lone text and each part of a longer one (six octets go to the concatenation header); likewise in
# 16-bit units for UCS-2.
GSM_SINGLE, GSM_PART = 160, 153
UCS2_SINGLE, UCS2_PART = 70, 67

GSM_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = "\f^{}\\[~]|€"
ESCAPE = "\x1b"

_all_basic = re.compile(f"[{re.escape(GSM_BASIC)}]*").fullmatch
_all_gsm = re.compile(f"[{re.escape(GSM_BASIC + GSM_EXTENDED)}]*").fullmatch
# CR LF counts as two. Flags are spelled out because \X looks back over every flag before the one it is at.
_flag = r"\p{Regional_Indicator}{2}[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*"
_clusters = regex.compile(rf"\r|{_flag}|\X").findall
# Latin letters and typographic marks: each its own cluster of one unit, which spares the search for clusters.
_all_single = re.compile("[ -~\n\u00a1-\u02ff\u2010-\u2027€]*").fullmatch
_escaped = {ord(character): ESCAPE + character for character in GSM_EXTENDED}


class SegmentCount(NamedTuple):
    """What a body costs in segments.

    `characters` counts septets in GSM-7 (a character of the extension table is two) and what a reader sees as
    characters in UCS-2. `units` is the whole body in septets or 16-bit units and `units_left` what still fits before
    the next segment begins. `non_gsm` are the distinct characters that force UCS-2, in order of first appearance.
    """

    encoding: Encoding
    segments: int
    characters: int
    units: int
    units_left: int
    non_gsm: list[str]


def count(body: str, smart_encoding: bool = False) -> SegmentCount:
    """Count the segments of `body`, of any length, in linear time; an empty body is one segment.

    `smart_encoding` first applies Twilio's replacements, as a Messaging Service with that flag does.
    """
    if smart_encoding:
        body = body.translate(_replacements)
    if len(body) <= GSM_SINGLE and _all_basic(body):
        return SegmentCount("GSM-7", 1, len(body), len(body), GSM_SINGLE - len(body), [])
    if _all_gsm(body):
        return _count_gsm(body)
    return _count_ucs2(body)


def plain(body: str) -> str:
    """``body`` in characters of GSM-7 as far as there are some that say the same, by Twilio's Smart Encoding.

    Other than there a space of any width is one space, and an accent that stands apart joins its letter or stays.
    """
    return unicodedata.normalize("NFC", body).translate(_plain)


def _count_gsm(body: str) -> SegmentCount:
    septets = body.translate(_escaped)
    total = len(septets)
    if total <= GSM_SINGLE:
        return SegmentCount("GSM-7", 1, total, total, GSM_SINGLE - total, [])
    segments, start = 1, 0
    while total - start > GSM_PART:
        start += GSM_PART
        if septets[start - 1] == ESCAPE:  # the escape and its character travel together
            start -= 1
        segments += 1
    return SegmentCount("GSM-7", segments, total, total, GSM_PART - (total - start), [])


def _count_ucs2(body: str) -> SegmentCount:
    single = _all_single(body)
    clusters = list(body) if single else _clusters(body)
    sizes = [1] * len(body) if single else [_units(cluster) for cluster in clusters]
    total = sum(sizes)
    if total <= UCS2_SINGLE:
        segments, left = 1, UCS2_SINGLE - total
    else:
        segments, left = _pack(sizes)
    return SegmentCount("UCS-2", segments, len(clusters), total, left, _not_gsm(clusters))


def _units(cluster: str) -> int:
    """16-bit units of a cluster; a character beyond the basic plane is a surrogate pair."""
    return len(cluster) if cluster.isascii() else len(cluster) + sum(character > "\uffff" for character in cluster)


def _pack(sizes: list[int]) -> tuple[int, int]:
    """Fill segments greedily without cutting a cluster; gives how many and the units left in the last."""
    if max(sizes) > UCS2_PART:  # a pile of combining marks larger than a segment can only be cut
        sizes = [part for size in sizes for part in ([size] if size <= UCS2_PART else [1] * size)]
    segments, left = 1, UCS2_PART
    for size in sizes:
        if size > left:
            segments, left = segments + 1, UCS2_PART
        left -= size
    return segments, left


def _not_gsm(clusters: list[str]) -> list[str]:
    return [cluster for cluster in dict.fromkeys(clusters) if len(cluster) > 1 or not _all_gsm(cluster)]


def _load_replacements() -> dict[int, str]:
    table = json.loads((Path(__file__).parent / "data" / "smart_encoding.json").read_text("utf-8"))
    return {int(point, 16): replacement for point, replacement in table["replacements"].items()}


_replacements = _load_replacements()
_plain = {
    point: " " if replacement.isspace() else replacement
    for point, replacement in _replacements.items()
    if not unicodedata.combining(chr(point))
}
