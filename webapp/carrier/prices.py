"""What a text will cost, for the composer and previews. The bill is Twilio's own `price` of the sent message."""

import json
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple


class Prices(NamedTuple):
    """US dollars, Twilio's price and the carrier's fee together."""

    sms_per_segment: Decimal
    mms_per_message: Decimal
    as_of: str


def estimate(segments: int, media: bool = False) -> Decimal:
    """Estimate one outgoing US text in US dollars, carrier fee included.

    Rates as of October 2026 (`data/us_prices.json`, with source): 0.0083 a segment and, the carrier being unknown,
    0.0045 in fees. A text with media is one MMS whatever its length: 0.022 and 0.0100.
    """
    return PRICES.mms_per_message if media else segments * PRICES.sms_per_segment


def _load() -> Prices:
    table = json.loads((Path(__file__).parent / "data" / "us_prices.json").read_text("utf-8"))
    return Prices(
        sms_per_segment=Decimal(table["sms_per_segment"]) + Decimal(table["carrier_fee_sms_per_segment"]),
        mms_per_message=Decimal(table["mms_per_message"]) + Decimal(table["carrier_fee_mms_per_message"]),
        as_of=table["as_of"],
    )


PRICES = _load()
