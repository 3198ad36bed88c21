"""The pages' forms as they are without JavaScript, and what the pages refuse."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
import urllib3
from twilio.rest.conversations.v1.service.conversation import ConversationContext

from tests.simulator.conftest import PHONE
from tests.simulator.waiting import until
from webapp.simulator.harness import SimulatorServer
from webapp.simulator.media import sample_photo

Post = Callable[..., urllib3.BaseHTTPResponse]
HOME = f"/phones/%2B{PHONE.removeprefix('+')}"


@pytest.fixture
def post(sim: SimulatorServer) -> Post:
    """Sends a form as a browser does, without following where it leads."""

    def send(path: str, **fields: str) -> urllib3.BaseHTTPResponse:
        named = {name.replace("__", "."): value for name, value in fields.items()}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return urllib3.request("POST", sim.url + path, body=urlencode(named), headers=form, redirect=False)

    return send


def page(sim: SimulatorServer, path: str) -> str:
    answer = urllib3.request("GET", sim.url + path)
    assert answer.status == 200
    return answer.data.decode()


def said_in(thread: ConversationContext) -> list[str | None]:
    return [message.body for message in thread.messages.list()]


def test_nothing_is_wrong_before_anything_is_typed(sim: SimulatorServer) -> None:
    assert "not a whole phone number" not in page(sim, "/phones")
    assert "not a whole phone number" in urllib3.request("GET", f"{sim.url}/phones?number=12").data.decode()


def test_a_reply_is_typed_or_tapped(sim: SimulatorServer, thread: ConversationContext, post: Post) -> None:
    assert post(f"{HOME}/reply", body="two\r\nlines").headers["Location"] == HOME
    post(f"{HOME}/reply", body="a draft that stays one", chip="Who is this?")
    post(f"{HOME}/reply", body="", chip="A photo")
    assert said_in(thread) == ["two\nlines", "Who is this?", None]
    (picture,) = re.findall(r'<img[^>]* src="([^"]+)"', page(sim, HOME))
    assert urllib3.request("GET", sim.url + picture).data == sample_photo()


@pytest.mark.parametrize(("body", "words"), [(" ", "Type a reply first."), ("x" * 32_769, "at most 32,768 characters")])
def test_a_reply_that_cannot_be_sent_comes_back_with_its_text(
    sim: SimulatorServer, thread: ConversationContext, post: Post, body: str, words: str
) -> None:
    answer = post(f"{HOME}/reply", body=body)
    assert answer.status == 400
    assert words in answer.data.decode()
    assert f">{body}</textarea>" in answer.data.decode()
    assert said_in(thread) == []


def test_a_phone_that_is_off_cannot_reply(sim: SimulatorServer, thread: ConversationContext, post: Post) -> None:
    assert post(f"{HOME}/switches", off="on").headers["Location"] == HOME
    assert "Switch it on" in post(f"{HOME}/reply", chip="Yes").data.decode()
    post(f"{HOME}/switches", persona="curious")
    assert not sim.control("GET", f"/sim/phones/{PHONE}/switches")["off"]
    assert sim.control("GET", f"/sim/phones/{PHONE}/persona") == {"persona": "curious"}
    assert post(f"{HOME}/switches", persona="grumpy").status == 400


def test_texts_are_shown_as_they_are_and_never_run(sim: SimulatorServer, thread: ConversationContext) -> None:
    sent = '<script>alert(1)</script> https://example.com/?a=1&b="2"'
    thread.messages.create(body=sent)
    until(lambda: sim.texts_on(PHONE))
    shown = page(sim, HOME)
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; https://example.com/?a=1&amp;b=" in shown


def test_texts_stand_in_groups_under_their_days_and_senders(
    sim: SimulatorServer, open_thread: Callable[..., ConversationContext]
) -> None:
    for at, sender, body in (
        ("2026-12-08T16:04:00Z", 0, "one"),
        ("2026-12-08T16:05:00Z", 0, "two"),
        ("2026-12-08T16:30:00Z", 0, "three"),
        # Still Tuesday in Texas.
        ("2026-12-09T05:59:00Z", 1, "four"),
        ("2026-12-09T06:01:00Z", 1, "five"),
    ):
        sim.control("PUT", "/sim/clock", {"now": at})
        sim.person_texts(PHONE, body, to=sim.numbers[sender])
    lines = re.findall(r'class="(day|sender|bubble|time)"[^>]*>([^<]+)<', page(sim, HOME))
    assert lines == [
        ("day", "Tuesday, Dec 8"), ("sender", "(737) 555-0100"), ("bubble", "one"), ("bubble", "two"),
        ("time", "10:05 AM"), ("bubble", "three"), ("time", "10:30 AM"), ("sender", "(602) 555-0101"),
        ("bubble", "four"), ("time", "11:59 PM"), ("day", "Wednesday, Dec 9"), ("bubble", "five"), ("time", "12:01 AM"),
    ]  # fmt: skip


def test_the_clock_is_moved_from_any_page(sim: SimulatorServer, post: Post) -> None:
    assert post("/clock", seconds="3600", back=HOME).headers["Location"] == HOME
    post("/clock", seconds="600", back="/")
    assert sim.control("GET", "/sim/clock")["offset_seconds"] == 4200
    post("/clock", seconds="")
    assert sim.control("GET", "/sim/clock")["offset_seconds"] == 0
    for elsewhere in ("https://example.com/", "//example.com/", "/\\example.com"):
        assert post("/clock", seconds="0", back=elsewhere).headers["Location"] == "/"
    assert post("/clock", seconds="soon").status == 400


@pytest.mark.parametrize("typed", ["(512) 555-0142", "512.555.0142", "+1 512 555 0142", "15125550142"])
def test_any_phone_can_be_picked_up(sim: SimulatorServer, typed: str) -> None:
    answer = urllib3.request("GET", f"{sim.url}/phones", fields={"number": typed}, redirect=False)
    assert answer.headers["Location"] == HOME


@pytest.mark.parametrize(
    ("typed", "words"), [("555-0142", "Type it like (512) 555-0142."), ("+17375550100", "Leadline&#39;s own numbers")]
)
def test_what_is_no_persons_phone_is_explained(sim: SimulatorServer, typed: str, words: str) -> None:
    answer = urllib3.request("GET", f"{sim.url}/phones", fields={"number": typed})
    assert answer.status == 400
    assert words in answer.data.decode()
    assert urllib3.request("GET", f"{sim.url}/phones/{typed}").status == 404


def test_phones_are_listed_newest_first_with_their_last_text(sim: SimulatorServer) -> None:
    sim.control("PUT", "/sim/clock", {"now": "2026-12-08T16:04:00Z"})
    sim.person_texts(PHONE, "yesterday")
    sim.control("PUT", "/sim/clock", {"now": "2026-12-09T16:04:00Z"})
    sim.person_texts("+15125550143", "", media=[{"sample": "photo"}])
    rows = re.findall(
        r'<strong>(\(.*?)</strong> <span class="muted">(.*?)</span></span>\s*<span[^>]*>(.*?)<', page(sim, "/")
    )
    assert rows == [("(512) 555-0143", "10:04 AM", "You: Picture"), ("(512) 555-0142", "Dec 8", "You: yesterday")]


def test_faults_are_chosen_and_mended(sim: SimulatorServer, post: Post) -> None:
    answer = post(
        "/faults", send__timeout_after_accept="1", webhooks__delay_ms="2000", latency_ms="100-1500", code=" 30008 "
    )
    assert answer.headers["Location"] == "/#faults"
    faults = sim.control("GET", "/sim/faults")
    assert faults["send"]["timeout_after_accept"] == 1
    assert (faults["webhooks"]["delay_ms"], faults["latency_ms"]) == (2000, [100, 1500])
    assert faults["receipts"] == {"30008": 1}
    told = page(sim, "/")
    assert "Accepts, then times out: always; Delayed: 2 s; Code 30008: always; Answers take: 0.1 to 1.5 s" in told
    post("/faults", mend="yes", send__timeout_after_accept="1")
    assert sim.control("GET", "/sim/faults")["send"]["timeout_after_accept"] == 0
    assert "The carrier misbehaves. <" in page(sim, "/")


def test_what_the_control_api_set_is_kept_by_the_form(sim: SimulatorServer, post: Post) -> None:
    sim.set_faults(send={"error_500": 0.25}, webhooks={"delay_ms": 123}, latency_ms=[5, 9], receipts={"30410": 0.5})
    shown = page(sim, "/")
    chosen = dict(re.findall(r'<select name="([^"]+)">.*?value="([^"]+)" selected', shown, re.DOTALL))
    post("/faults", **{name.replace(".", "__"): value for name, value in chosen.items()})
    faults = sim.control("GET", "/sim/faults")
    assert (faults["send"]["error_500"], faults["webhooks"]["delay_ms"], faults["latency_ms"]) == (0.25, 123, [5, 9])
    assert faults["receipts"]["30410"] == 0.5


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"receipts__30003": "1", "receipts__30007": "1"}, "receipts: the rates together must not exceed 1."),
        ({"code": "12"}, "receipts.12: must be a five-digit error code."),
        ({"send__error_500": "often"}, "send.error_500: must be a number."),
    ],
)
def test_faults_that_cannot_be_are_explained(
    sim: SimulatorServer, post: Post, fields: dict[str, str], words: str
) -> None:
    answer = post("/faults", **fields)
    assert answer.status == 400
    assert words in answer.data.decode()
    assert sim.control("GET", "/sim/faults")["send"]["error_500"] == 0


def test_an_unchanged_feed_costs_nothing(sim: SimulatorServer) -> None:
    sim.person_texts(PHONE, "hello")
    # A minute that is about to end would change what the clock says.
    sim.control("PUT", "/sim/clock", {"now": "2026-12-09T16:04:01Z"})
    for path in ("/feed", f"{HOME}/feed"):
        first = urllib3.request("GET", sim.url + path)
        etag = first.headers["ETag"]
        assert urllib3.request("GET", sim.url + path, headers={"If-None-Match": etag}).status == 304
    sim.person_texts(PHONE, "again")
    assert urllib3.request("GET", sim.url + path, headers={"If-None-Match": etag}).status == 200


def test_every_page_forbids_scripts_and_frames_of_others(sim: SimulatorServer, post: Post) -> None:
    for path in ("/", HOME, "/feed", "/static/simulator.js"):
        headers = urllib3.request("GET", sim.url + path).headers
        assert "script-src 'self'; style-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
    for path in ("/", HOME):
        assert not re.search(r"<style|style=|<script(?! defer src=)| on[a-z]+=", page(sim, path))
    cross = urllib3.request("POST", f"{sim.url}{HOME}/reply", headers={"Sec-Fetch-Site": "cross-site"})
    assert cross.status == 403
