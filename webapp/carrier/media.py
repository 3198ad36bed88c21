"""Fetching an inbound picture or file from Twilio's Media Content Service, which the SDK does not know."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urljoin

from webapp.carrier.errors import MediaTooLargeError, MediaTypeError, UnknownOutcomeError
from webapp.carrier.transport import Answer, Transport
from webapp.carrier.types import CarrierSettings, MediaContent

#: Twilio's own bound for all files of one inbound text.
MAX_BYTES = 5_000_000
#: Kinds that phones send and that no browser runs as a program: no HTML, SVG or XML.
_KINDS = {
    "image": {"jpeg", "png", "gif", "webp", "heic", "heif", "bmp"},
    "audio": {"amr", "mpeg", "mp3", "mp4", "aac", "ogg", "wav", "x-wav", "3gpp", "3gpp2"},
    "video": {"mp4", "mpeg", "3gpp", "3gpp2", "quicktime", "webm"},
    "application": {"pdf"},
    "text": {"plain", "vcard", "x-vcard", "calendar"},
}
_MAX_REDIRECTS = 3


def fetch_media(transport: Transport, settings: CarrierSettings, media_sid: str) -> MediaContent:
    """The file ``media_sid`` of our conversation service.

    Raises MediaTooLargeError above MAX_BYTES, MediaTypeError for a kind that is not kept, GoneError when Twilio has it
    no longer.
    """
    auth = (settings.account_sid, settings.auth_token)
    address = f"https://mcs.us1.twilio.com/v1/Services/{settings.conversations_service_sid}/Media/{media_sid}"
    described = json.loads(transport.request("GET", address, auth=auth).text)
    kind = _allowed_kind(described)
    link = (described.get("links") or {}).get("content_direct_temporary")
    content = _download(transport, link) if link else _content(transport, address, auth)
    return MediaContent(content, kind, described.get("filename") or None)


def _allowed_kind(described: dict[str, Any]) -> str:
    kind = str(described.get("content_type") or "").partition(";")[0].strip().lower()
    family, _, member = kind.partition("/")
    if member not in _KINDS.get(family, ()):
        raise MediaTypeError(f"A file of kind {kind or 'unknown'} is not kept")
    if int(described.get("size") or 0) > MAX_BYTES:
        raise MediaTooLargeError(f"More than {MAX_BYTES} bytes")
    return kind


def _content(transport: Transport, address: str, auth: tuple[str, str]) -> bytes:
    """Through the API: either the bytes, or a redirect to where they lie, which must not get our credentials."""
    answer = transport.download(f"{address}/Content", limit=MAX_BYTES, auth=auth)
    target = _target(answer, transport.resolve(f"{address}/Content"))
    return _download(transport, target) if target else answer.content


def _download(transport: Transport, url: str) -> bytes:
    for _ in range(_MAX_REDIRECTS):
        answer = transport.download(url, limit=MAX_BYTES)
        target = _target(answer, url)
        if target is None:
            return answer.content
        url = target
    raise UnknownOutcomeError("The file's link leads from one place to the next")


def _target(answer: Answer, url: str) -> str | None:
    location = answer.headers.get("Location") if 300 <= answer.status_code < 400 else None
    return urljoin(url, location) if location else None
