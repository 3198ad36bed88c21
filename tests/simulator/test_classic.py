"""The 2010 API and media, over the SDK and by hand."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import urllib3
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.rest.conversations.v1.service.conversation import ConversationContext

from tests.simulator.conftest import PHONE
from tests.simulator.waiting import until
from webapp.simulator.harness import SimulatorServer
from webapp.simulator.media import sample_photo

MONDAY = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


def test_the_message_log_holds_both_directions_newest_first(
    sim: SimulatorServer, twilio: Client, thread: ConversationContext
) -> None:
    sent = thread.messages.create(body="Hi Ana")
    until(lambda: sim.texts_on(PHONE))
    sim.person_texts(PHONE, "Hi", media=[{"sample": "photo"}])
    answer, first = twilio.messages.list()
    assert (answer.direction, answer.status, answer.num_media, answer.from_) == ("inbound", "received", "1", PHONE)
    assert (first.direction, first.num_segments, first.to) == ("outbound-api", "1", PHONE)
    (receipt,) = thread.messages(sent.sid).delivery_receipts.list(page_size=50)
    assert receipt.channel_message_sid == first.sid
    fetched = until(lambda: twilio.messages(first.sid).fetch(), lambda text: text.status == "delivered")
    assert (fetched.price, fetched.price_unit, fetched.error_code) == ("-0.00830", "USD", None)
    assert [text.sid for text in twilio.messages.list(to=sim.numbers[0])] == [answer.sid]
    assert [text.sid for text in twilio.messages.list(from_=sim.numbers[0])] == [first.sid]
    assert twilio.messages.list(from_=PHONE, to=PHONE) == []


def test_the_message_log_is_read_by_date_even_when_the_clock_went_back(sim: SimulatorServer, twilio: Client) -> None:
    for minutes in (0, 10, 5, 20):
        sim.control("PUT", "/sim/clock", {"now": (MONDAY + timedelta(minutes=minutes)).isoformat()})
        sim.person_texts(PHONE, f"minute {minutes}")

    def bodies(**window: object) -> list[str]:
        return [str(text.body) for text in twilio.messages.list(to=sim.numbers[0], **window)]

    assert bodies() == ["minute 20", "minute 10", "minute 5", "minute 0"]
    since = MONDAY + timedelta(minutes=4)
    assert bodies(date_sent_after=since) == ["minute 20", "minute 10", "minute 5"]
    assert bodies(date_sent_after=since, date_sent_before=MONDAY + timedelta(minutes=12)) == ["minute 10", "minute 5"]
    assert len(bodies(date_sent=MONDAY.date())) == 4
    assert bodies(date_sent=(MONDAY - timedelta(days=1)).date()) == []
    url = f"https://api.twilio.com/2010-04-01/Accounts/{sim.account_sid}/Messages.json?DateSent%3C=2026-11-23"
    assert len(json.loads(twilio.request("GET", url).text)["messages"]) == 4


def test_the_message_log_is_paged_by_its_uris(sim: SimulatorServer, twilio: Client) -> None:
    for number in range(5):
        sim.person_texts(PHONE, f"text {number}")
    assert [text.body for text in twilio.messages.list(page_size=2)] == [f"text {number}" for number in (4, 3, 2, 1, 0)]
    second = twilio.messages.page(page_size=2).next_page()
    assert second is not None
    first = second.previous_page()
    assert first is not None
    assert [text.body for text in first] == ["text 4", "text 3"]


def test_the_pages_hold_every_text_once_even_when_the_clock_went_back(sim: SimulatorServer, twilio: Client) -> None:
    for minutes in (0, 30, 10, 20, 40, 5):
        sim.control("PUT", "/sim/clock", {"now": (MONDAY + timedelta(minutes=minutes)).isoformat()})
        sim.person_texts(PHONE, f"minute {minutes}")
    listed = twilio.messages.list(to=sim.numbers[0], page_size=2)
    assert [text.body for text in listed] == [f"minute {minutes}" for minutes in (40, 30, 20, 10, 5, 0)]


def test_a_text_is_deleted_from_the_log_but_not_from_the_handset(
    sim: SimulatorServer, twilio: Client, thread: ConversationContext
) -> None:
    sim.set_settings(carrier_latency_ms=600)
    sent = thread.messages.create(body="Hi Ana")
    (receipt,) = thread.messages(sent.sid).delivery_receipts.list(page_size=50)
    with pytest.raises(TwilioRestException) as error:
        twilio.messages(receipt.channel_message_sid).delete()
    assert (error.value.status, error.value.code) == (409, 20009)
    until(lambda: twilio.messages(receipt.channel_message_sid).fetch().status, lambda status: status == "delivered")
    assert twilio.messages(receipt.channel_message_sid).delete()
    assert twilio.messages.list() == []
    with pytest.raises(TwilioRestException):
        twilio.messages(receipt.channel_message_sid).fetch()
    assert [text["body"] for text in sim.texts_on(PHONE)] == ["Hi Ana"]
    assert [message.body for message in thread.messages.list()] == ["Hi Ana"]


def test_deleted_media_is_gone_everywhere_without_breaking_what_held_it(
    sim: SimulatorServer, twilio: Client, thread: ConversationContext
) -> None:
    told = sim.person_texts(PHONE, "look", media=[{"sample": "photo"}])
    (media,) = twilio.messages(told["sid"]).media.list()
    assert twilio.messages(told["sid"]).media(media.sid).delete()
    assert twilio.messages(told["sid"]).media.list() == []
    assert thread.messages(told["message_sid"]).fetch().media == []
    answer = urllib3.request("GET", f"{sim.url}/sim/media/{media.sid}")
    assert answer.status == 404


def test_a_failed_text_shows_its_code_and_costs_nothing(
    sim: SimulatorServer, twilio: Client, thread: ConversationContext
) -> None:
    sim.set_faults(receipts={"30034": 1})
    thread.messages.create(body="Hi Ana")
    (text,) = until(twilio.messages.list, lambda texts: texts[0].status == "failed")
    assert (text.error_code, text.price) == (30034, None)


@pytest.mark.parametrize(
    ("body", "segments"),
    [
        ("a" * 160, "1"),
        ("a" * 161, "2"),
        ("€" * 80, "1"),
        ("€" * 81, "2"),
        ("ç" * 70, "1"),
        ("ç" * 71, "2"),
        ("😀" * 35, "1"),
        ("😀" * 67, "3"),
    ],
)
def test_segments_are_counted_as_they_are_billed(
    sim: SimulatorServer, twilio: Client, body: str, segments: str
) -> None:
    sim.person_texts(PHONE, body)
    assert twilio.messages.list()[0].num_segments == segments


def test_a_date_that_is_none_is_refused(twilio: Client, sim: SimulatorServer) -> None:
    url = f"https://api.twilio.com/2010-04-01/Accounts/{sim.account_sid}/Messages.json?DateSent=today"
    assert twilio.request("GET", url).status_code == 400


def test_the_account_and_its_numbers_can_be_read(twilio: Client, sim: SimulatorServer) -> None:
    assert twilio.api.v2010.account.fetch().status == "active"
    assert [number.phone_number for number in twilio.incoming_phone_numbers.list()] == list(sim.numbers)
    found = twilio.incoming_phone_numbers.list(phone_number=sim.numbers[1])
    assert [number.phone_number for number in found] == [sim.numbers[1]]
    assert twilio.incoming_phone_numbers(found[0].sid).fetch().phone_number == sim.numbers[1]
    with pytest.raises(TwilioRestException) as error:
        twilio.api.v2010.accounts("AC" + "f" * 32).fetch()
    assert (error.value.status, error.value.code) == (404, 20404)


def test_media_of_a_logged_text_can_be_listed_and_fetched(twilio: Client, sim: SimulatorServer) -> None:
    told = sim.person_texts(PHONE, "look", media=[{"sample": "photo"}])
    (media,) = twilio.messages(told["sid"]).media.list()
    assert (media.content_type, media.parent_sid) == ("image/png", told["sid"])
    assert twilio.messages(told["sid"]).media(media.sid).fetch().sid == media.sid
    url = f"{sim.url}/api/2010-04-01/Accounts/{sim.account_sid}/Messages/{told['sid']}/Media/{media.sid}"
    assert get(url, sim).data == sample_photo()
    with pytest.raises(TwilioRestException):
        twilio.messages(told["sid"]).media("ME" + "a" * 32).fetch()


def test_a_picture_is_uploaded_sent_alone_and_read_back(sim: SimulatorServer, thread: ConversationContext) -> None:
    base = f"{sim.url}/mcs/v1/Services/{sim.conversations_service_sid}/Media"
    upload = urllib3.request(
        "POST",
        f"{base}?Filename=house.png",
        body=sample_photo(),
        headers=credentials(sim) | {"Content-Type": "image/png"},
    )
    media = upload.json()
    assert (upload.status, media["size"], media["filename"]) == (201, len(sample_photo()), "house.png")
    sent = thread.messages.create(body="the text is dropped beside a picture", media_sid=media["sid"])
    assert sent.media == [
        {"sid": media["sid"], "size": media["size"], "content_type": "image/png", "filename": "house.png"}
    ]
    (text,) = until(lambda: sim.texts_on(PHONE))
    assert (text["body"], text["media"][0]["content_type"]) == ("", "image/png")
    assert urllib3.request("GET", sim.url + text["media"][0]["url"]).data == sample_photo()
    with pytest.raises(TwilioRestException) as error:
        thread.messages.create(media_sid=media["sid"])
    assert error.value.code == 50508


def test_media_content_needs_credentials_and_leads_to_a_temporary_link(sim: SimulatorServer) -> None:
    base = f"{sim.url}/mcs/v1/Services/{sim.conversations_service_sid}/Media"
    media = urllib3.request(
        "POST", base, body=b"hello", headers=credentials(sim) | {"Content-Type": "text/plain"}
    ).json()
    content = f"{base}/{media['sid']}/Content"
    assert urllib3.request("GET", content).status == 401
    redirect = urllib3.request("GET", content, headers=credentials(sim), redirect=False)
    assert redirect.status == 302
    assert urllib3.request("GET", redirect.headers["Location"]).data == b"hello"
    assert get(content, sim).data == b"hello"
    described = get(f"{base}/{media['sid']}", sim).json()
    link = described["links"]["content_direct_temporary"]
    assert urllib3.request("GET", link).data == b"hello"
    assert urllib3.request("GET", link.replace("Expires=", "Expires=9")).status == 404
    assert urllib3.request("DELETE", f"{base}/{media['sid']}", headers=credentials(sim)).status == 204
    assert get(f"{base}/{media['sid']}", sim).status == 404


def test_an_upload_of_nothing_too_much_or_nowhere_is_refused(sim: SimulatorServer) -> None:
    base = f"{sim.url}/mcs/v1/Services/{sim.conversations_service_sid}/Media"
    for url, body, status in (
        (base, b"", 400),
        (base, b"x" * (5 * 1024 * 1024 + 1), 400),
        (base.replace(sim.conversations_service_sid, "IS" + "f" * 32), b"x", 404),
    ):
        assert urllib3.request("POST", url, body=body, headers=credentials(sim)).status == status


def test_every_product_asks_for_credentials_and_names_its_error(sim: SimulatorServer) -> None:
    for path in (
        "/conversations/v1/Services",
        "/messaging/v1/Services",
        "/api/2010-04-01/Accounts/AC.json",
        "/mcs/v1/",
    ):
        for headers in ({}, urllib3.make_headers(basic_auth=f"{sim.account_sid}:wrong")):
            answer = urllib3.request("GET", sim.url + path, headers=headers)
            assert answer.status == 401
            assert answer.json() == {
                "code": 20003,
                "message": "Authenticate",
                "more_info": "https://www.twilio.com/docs/errors/20003",
                "status": 401,
            }


def test_unknown_paths_and_methods_are_told_apart(sim: SimulatorServer) -> None:
    assert get(f"{sim.url}/conversations/v1/Nothing", sim).json()["code"] == 20404
    put = urllib3.request("PUT", f"{sim.url}/conversations/v1/Services", headers=credentials(sim))
    assert (put.status, put.json()["code"]) == (405, 20004)


def credentials(sim: SimulatorServer) -> dict[str, str]:
    return urllib3.make_headers(basic_auth=f"{sim.account_sid}:{sim.auth_token}")


def get(url: str, sim: SimulatorServer) -> urllib3.BaseHTTPResponse:
    return urllib3.request("GET", url, headers=credentials(sim))
