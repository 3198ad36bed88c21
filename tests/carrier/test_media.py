"""Fetching a picture that came with a text."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Callable
from typing import Any

import pytest

from tests.carrier.wire import Wire, reply
from webapp.carrier.client import TwilioCarrier
from webapp.carrier.errors import GoneError, MediaTooLargeError, MediaTypeError, UnknownOutcomeError
from webapp.carrier.media import MAX_BYTES
from webapp.carrier.types import CarrierSettings, MediaContent
from webapp.simulator.harness import SimulatorServer

LEAD = "+12125550123"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
DESCRIBED = {"sid": "ME1", "size": 5, "content_type": "image/png", "filename": "house.png", "links": {}}


def test_a_picture_that_a_lead_sent_is_fetched(carrier: TwilioCarrier, simulator: SimulatorServer) -> None:
    picture = {"content_type": "image/png", "filename": "house.png", "base64": base64.b64encode(PIXEL).decode()}
    simulator.person_texts(LEAD, "Look", to=simulator.numbers[0], media=[picture])
    (thread,) = carrier.threads_of(LEAD, simulator.numbers[0])
    (message,) = carrier.read_back(thread.conversation_sid)
    (item,) = message.media
    content = carrier.fetch_media(item.sid)
    assert (item.content_type, item.size) == ("image/png", len(PIXEL))
    assert (content.content, content.content_type, content.filename) == (PIXEL, "image/png", "house.png")


def test_a_picture_that_is_gone_says_so(carrier: TwilioCarrier) -> None:
    with pytest.raises(GoneError):
        carrier.fetch_media("ME" + "0" * 32)


class Shelf:
    """A media service: ``described`` for the file's description, ``files`` by path."""

    def __init__(self, described: dict[str, Any], **files: Callable[..., None]) -> None:
        self.described = described
        self.files = files

    def __call__(self, connection: socket.socket, request: bytes) -> None:
        last = request.decode().split(" ")[1].rsplit("/", 1)[-1]
        answer = self.files.get(last) or reply(200, self.described)
        answer(connection, request)


def fetch(wire: Wire) -> MediaContent:
    return TwilioCarrier(CarrierSettings("AC1", "t", "IS1", "MG1", api_base_url=wire.url, timeout=5)).fetch_media("ME1")


def test_the_temporary_link_is_followed_without_our_credentials() -> None:
    with Wire(reply(200, b"bytes")) as store:
        described = DESCRIBED | {"links": {"content_direct_temporary": f"{store.url}/signed"}}
        with Wire(Shelf(described)) as wire:
            assert fetch(wire).content == b"bytes"
        assert b"authorization" not in store.requests[0].lower()
        assert b"authorization" in wire.requests[0].lower()


def test_without_a_temporary_link_the_content_is_asked_for_with_credentials() -> None:
    with Wire(Shelf(DESCRIBED, Content=reply(200, b"bytes"))) as wire:
        assert fetch(wire).content == b"bytes"
        assert b"authorization" in wire.requests[1].lower()


def test_a_redirect_of_the_content_is_followed_without_our_credentials() -> None:
    with (
        Wire(reply(200, b"bytes")) as store,
        Wire(Shelf(DESCRIBED, Content=reply(307, b"", Location=f"{store.url}/elsewhere"))) as wire,
    ):
        assert fetch(wire).content == b"bytes"
        assert b"authorization" not in store.requests[0].lower()


def test_a_link_that_leads_nowhere_in_the_end_is_given_up() -> None:
    with Wire(
        Shelf(DESCRIBED, Content=reply(302, b"", Location="loop"), loop=reply(302, b"", Location="loop"))
    ) as wire:
        with pytest.raises(UnknownOutcomeError):
            fetch(wire)
        assert len(wire.requests) < 10


def test_a_file_that_says_it_is_too_large_is_not_even_asked_for() -> None:
    with Wire(Shelf(DESCRIBED | {"size": MAX_BYTES + 1})) as wire:
        with pytest.raises(MediaTooLargeError):
            fetch(wire)
        assert len(wire.requests) == 1


def test_a_file_that_is_larger_than_it_says_is_left_half_read() -> None:
    with Wire(Shelf(DESCRIBED, Content=reply(200, b"x" * (MAX_BYTES + 1)))) as wire, pytest.raises(MediaTooLargeError):
        fetch(wire)


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/x-msdownload", "", "image", None])
def test_a_kind_of_file_that_a_browser_might_run_is_not_kept(kind: str | None) -> None:
    with Wire(Shelf(DESCRIBED | {"content_type": kind})) as wire:
        with pytest.raises(MediaTypeError):
            fetch(wire)
        assert len(wire.requests) == 1


@pytest.mark.parametrize(
    "kind", ["image/jpeg", "IMAGE/JPEG", "image/jpeg; charset=binary", "video/3gpp", "text/x-vcard"]
)
def test_what_phones_send_is_kept(kind: str) -> None:
    with Wire(Shelf(DESCRIBED | {"content_type": kind}, Content=reply(200, b"bytes"))) as wire:
        assert fetch(wire).content_type == kind.partition(";")[0].lower()


def test_a_description_that_is_no_json_means_that_it_could_not_be_read() -> None:
    with Wire(reply(200, json.dumps([1]).encode())) as wire, pytest.raises(UnknownOutcomeError):
        fetch(wire)
