"""The counter under the box counts as the server does, which is what Twilio bills."""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.support.world import World
from webapp.carrier import segments

VECTORS = Path(__file__).parents[1] / "carrier" / "data" / "segments.jsonl"
PLAIN = list(segments.GSM_BASIC + segments.GSM_EXTENDED)
FAMILY = "👨‍👩‍👧‍👦"
EMOJI = ["😀", "👍🏽", "🇺🇸", "🇺🇸🇨🇦🇲", "❤️", FAMILY, "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣"]
MARKS = ["e\u0301", "ñ\u0303", "ж", "漢", "नि", "क्ष", "한", "ﷺ", "“", "—", "…", "`", "\t", "\r\n", "\r"]
UNSEEN = ["\u200d", "\u200b", "\u00a0", "\u2028"]
#: Without the code points that Unicode has not given out: browser and server may know different editions of it.
LETTERS = [chr(point) for point in range(0x20, 0xD000) if unicodedata.category(chr(point)) != "Cn"]


def test_it_counts_every_text_as_the_server_does(page: Page, world: World) -> None:
    page.goto("/inbox")
    texts = _texts()
    counted = page.evaluate("texts => texts.map(text => leadline.segments.count(text))", texts)
    pairs = [(text, here, _server(text)) for text, here in zip(texts, counted, strict=True)]
    assert len(pairs) > 1500
    assert [pair for pair in pairs if pair[1] != pair[2]][:3] == []


def _texts() -> list[str]:
    """Texts of every kind and length, the same ones each time."""
    rng = random.Random(7)
    vectors = [json.loads(line)["body"] for line in VECTORS.read_text("utf-8").splitlines()]
    borders = [part * times for part in ("a", "€", "ç", "😀", FAMILY) for times in range(0, 320, 7)]
    return [
        *vectors,
        *borders,
        *_mixed(rng, PLAIN, longest=600),
        *_mixed(rng, PLAIN * 10 + EMOJI, longest=300),
        *_mixed(rng, PLAIN + EMOJI + MARKS + UNSEEN, longest=120),
        *_mixed(rng, LETTERS, longest=80),
        "a" * 152 + "€" + "a" * 152,
        "e" + "\u0301" * 100,
    ]


def _mixed(rng: random.Random, parts: Sequence[str], *, longest: int) -> list[str]:
    return ["".join(rng.choices(parts, k=rng.randrange(longest))) for _ in range(400)]


def _server(text: str) -> dict[str, Any]:
    counted = segments.count(text)
    return {
        "encoding": counted.encoding,
        "segments": counted.segments,
        "characters": counted.characters,
        "units": counted.units,
        "unitsLeft": counted.units_left,
        "nonGsm": counted.non_gsm,
    }
