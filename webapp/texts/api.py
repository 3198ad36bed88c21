"""JSON doors of the tools around a text: what it costs, and to whom it would go."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from webapp.accounts.permissions import Permission, requires
from webapp.carrier import segments
from webapp.rules import phones
from webapp.web.fields import Answer, Body
from webapp.web.openapi import api_blueprint

api = api_blueprint("texts", "Texts")


class TextToCount(Body):
    """`smart_encoding` first applies Twilio's replacements, as a Messaging Service with that flag does."""

    body: str
    smart_encoding: bool = False


class SegmentCount(Answer):
    """`characters` counts septets in GSM-7 (a character of the extension table is two), readers' characters in UCS-2.

    `non_gsm` are the characters that force UCS-2, each once.
    """

    encoding: Literal["GSM-7", "UCS-2"]
    segments: int = Field(ge=1)
    characters: int = Field(ge=0)
    non_gsm: list[str]


class PhoneToParse(Body):
    """`region` (ISO 3166) is meant where the number has no country code."""

    input: str = Field(max_length=1000)
    region: str = Field(default="US", pattern="^[A-Za-z]{2}$")


class ParsedPhone(Answer):
    """`e164` is null when the input is no phone number; `warning` then names the fix, else what to know of it."""

    e164: str | None
    warning: str | None


@api.post("/sms/segments", responses={200: SegmentCount})
@requires(Permission.SIGNED_IN)
def count_segments(body: TextToCount) -> SegmentCount:
    """Counts the SMS segments of a text of any length."""
    counted = segments.count(body.body, body.smart_encoding)
    return SegmentCount.model_validate(counted)


@api.post("/phones/parse", responses={200: ParsedPhone})
@requires(Permission.SIGNED_IN)
def parse_phone(body: PhoneToParse) -> ParsedPhone:
    """Reads a phone number as people type and export them."""
    return ParsedPhone.model_validate(phones.parse(body.input, body.region))
