"""What Twilio tells us, in all the shapes in which it has been seen."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from webapp.carrier import markers
from webapp.carrier.events import ConversationAdded, DeliveryUpdated, MessageAdded, OtherEvent
from webapp.carrier.types import Marker, MediaItem, Pair
from webapp.carrier.webhooks import dedupe_key, from_contact, parse

LEAD, OURS = "+12125550123", "+15125550100"
INBOUND = {
    "EventType": "onMessageAdded",
    "Source": "SMS",
    "RetryCount": "0",
    "AccountSid": "AC1",
    "ConversationSid": "CH1",
    "MessageSid": "IM1",
    "ParticipantSid": "MB1",
    "Index": "4",
    "Author": LEAD,
    "Body": "Yes",
    "Attributes": "{}",
    "DateCreated": "2026-11-20T14:35:28.423Z",
}
DELIVERY = {
    "EventType": "onDeliveryUpdated",
    "ConversationSid": "CH1",
    "MessageSid": "IM2",
    "DeliveryReceiptSid": "DY1",
    "ChannelMessageSid": "SM1",
    "Status": "undelivered",
    "ErrorCode": "30003",
    "DateUpdated": "2026-11-20T14:35:29.001Z",
}


def added(**changes: str) -> MessageAdded:
    event = parse(without(INBOUND) | changes)
    assert isinstance(event, MessageAdded)
    return event


def without(form: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in form.items() if name not in names}


def test_an_inbound_text_is_read() -> None:
    event = added()
    assert (event.conversation_sid, event.message_sid, event.index) == ("CH1", "IM1", 4)
    assert (event.author, event.body, event.source) == (LEAD, "Yes", "SMS")
    assert event.created_at == datetime(2026, 11, 20, 14, 35, 28, 423000, UTC)
    assert from_contact(event)


def test_our_number_is_read_where_the_form_names_it() -> None:
    assert added().sender is None
    assert added(**{"MessagingBinding.ProxyAddress": OURS}).sender == OURS


def test_whole_seconds_are_read_too() -> None:
    assert added(DateCreated="2026-11-20T14:35:28Z").created_at == datetime(2026, 11, 20, 14, 35, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    "media",
    [
        [{"Sid": "ME1", "ContentType": "image/jpeg", "Filename": "house.jpg", "Size": 1234}],
        [{"sid": "ME1", "content_type": "image/jpeg", "filename": "house.jpg", "size": 1234}],
        [{"SID": "ME1", "contentType": "image/jpeg", "fileName": "house.jpg", "size": "1234"}],
    ],
)
def test_media_is_read_in_any_spelling(media: object) -> None:
    event = added(Media=json.dumps(media))
    assert event.media == (MediaItem("ME1", "image/jpeg", "house.jpg", 1234),)


@pytest.mark.parametrize("media", ["", "nonsense", "{}", "[1]", "[{}]", "null", '[{"Sid": "ME1", "Size": "big"}]'])
def test_media_that_makes_no_sense_does_not_lose_the_text(media: str) -> None:
    assert added(Media=media).media == ()
    assert added(Media=media).body == "Yes"


def test_a_picture_without_words_is_a_text_with_an_empty_body() -> None:
    event = parse(without(INBOUND, "Body"))
    assert isinstance(event, MessageAdded)
    assert event.body == ""


def test_our_own_text_is_told_by_its_marker_whatever_its_author() -> None:
    event = added(Attributes=markers.encode(Marker("key", 2)))
    assert event.marker == Marker("key", 2)
    assert not from_contact(event)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"Source": "SMS"}, True),
        ({"Source": "sms"}, True),
        ({"Source": "SMS", "Author": "60123"}, True),
        ({"Source": "API"}, False),
        ({"Source": "SDK", "Author": "agent"}, False),
        ({"Source": ""}, True),
        ({"Source": "", "Author": OURS}, False),
        ({"Source": "", "Author": "system"}, False),
        ({"Source": "", "Author": ""}, False),
    ],
)
def test_who_wrote_is_told_by_the_source_and_without_one_by_the_author(changes: dict[str, str], expected: bool) -> None:
    assert from_contact(added(**changes), ours={OURS, "Leadline"}) is expected


def test_a_receipt_is_read() -> None:
    event = parse(DELIVERY)
    assert isinstance(event, DeliveryUpdated)
    assert (event.message_sid, event.receipt_sid, event.channel_sid) == ("IM2", "DY1", "SM1")
    assert (event.status, event.error_code) == ("undelivered", 30003)
    assert event.updated_at == datetime(2026, 11, 20, 14, 35, 29, 1000, UTC)


def test_a_receipt_may_call_its_status_delivery_status() -> None:
    event = parse(without(DELIVERY, "Status") | {"DeliveryStatus": "Delivered", "ErrorCode": "0"})
    assert isinstance(event, DeliveryUpdated)
    assert (event.status, event.error_code) == ("delivered", None)


def test_a_status_that_nobody_knows_is_kept_as_itself() -> None:
    event = parse(DELIVERY | {"Status": "teleported"})
    assert isinstance(event, DeliveryUpdated)
    assert event.status == "teleported"


def test_a_thread_that_twilio_opened_names_its_pair() -> None:
    event = parse(
        {
            "EventType": "onConversationAdded",
            "ConversationSid": "CH9",
            "MessagingServiceSid": "MG1",
            "MessagingBinding.Address": LEAD,
            "MessagingBinding.ProxyAddress": OURS,
            "DateCreated": "2026-11-20T14:35:28.423Z",
        }
    )
    assert isinstance(event, ConversationAdded)
    assert (event.conversation_sid, event.pair, event.unique_name) == ("CH9", Pair(LEAD, OURS), None)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"EventType": "onSomethingNew", "Thing": "1"},
        without(INBOUND, "MessageSid"),
        without(INBOUND, "ConversationSid"),
        without(DELIVERY, "MessageSid"),
        {"EventType": "onConversationAdded"},
    ],
)
def test_what_cannot_be_applied_is_kept_whole(form: dict[str, str]) -> None:
    event = parse(form)
    assert isinstance(event, OtherEvent)
    assert event.raw == form


def test_parameters_that_nobody_knows_are_kept() -> None:
    assert added(BrandNew="42").raw["BrandNew"] == "42"


def test_a_form_of_lists_and_a_flask_form_say_the_same() -> None:
    lists = {name: [value] for name, value in INBOUND.items()}
    assert parse(lists) == parse(MultiDict(INBOUND)) == parse(INBOUND)


def test_two_deliveries_of_one_event_have_one_key() -> None:
    for form in (INBOUND, DELIVERY, {"EventType": "onConversationStateUpdated", "ConversationSid": "CH1"}):
        assert dedupe_key(parse(form)) == dedupe_key(parse(form | {"RetryCount": "1"}))


def test_different_events_have_different_keys() -> None:
    stated = {
        "EventType": "onConversationStateUpdated",
        "ConversationSid": "CH1",
        "StateUpdated": "2026-11-20T10:00:00.1Z",
    }
    forms = [
        INBOUND,
        INBOUND | {"MessageSid": "IM7"},
        INBOUND | {"EventType": "onMessageRemoved"},
        INBOUND | {"EventType": "onMessageUpdated", "DateUpdated": "2026-11-20T14:00:00.1Z"},
        INBOUND | {"EventType": "onMessageUpdated", "DateUpdated": "2026-11-20T14:00:00.2Z"},
        DELIVERY,
        DELIVERY | {"Status": "sent"},
        DELIVERY | {"DeliveryReceiptSid": "DY2"},
        stated,
        stated | {"StateUpdated": "2026-11-20T10:00:00.2Z"},
        {"EventType": "onConversationAdded", "ConversationSid": "CH1"},
    ]
    assert len({dedupe_key(parse(form)) for form in forms}) == len(forms)


def test_a_receipt_without_its_own_sid_is_told_apart_by_its_text() -> None:
    bare = without(DELIVERY, "DeliveryReceiptSid")
    assert dedupe_key(parse(bare)) != dedupe_key(parse(bare | {"MessageSid": "IM3"}))


names = st.sampled_from([*INBOUND, *DELIVERY, "Media", "UniqueName"]) | st.text(max_size=8)
values = st.sampled_from([*INBOUND.values(), "onDeliveryUpdated", "onConversationAdded"]) | st.text(max_size=12)


@given(form=st.dictionaries(names, values))
def test_nothing_that_may_come_in_raises(form: dict[str, str]) -> None:
    event = parse(form)
    assert event.raw == form
    assert dedupe_key(event).startswith(event.event_type + ":")
    if isinstance(event, MessageAdded):
        from_contact(event)


def test_a_sid_that_no_index_could_hold_is_none_and_every_key_is_short() -> None:
    endless = "X" * 5000
    for form in (
        INBOUND | {"MessageSid": endless},
        INBOUND | {"ConversationSid": endless},
        INBOUND | {"EventType": endless},
        DELIVERY | {"MessageSid": endless},
        DELIVERY | {"DeliveryReceiptSid": endless},
        DELIVERY | {"Status": endless},
    ):
        event = parse(form)
        assert len(dedupe_key(event)) < 250
        assert len(getattr(event, "message_sid", "")) <= 64
