from __future__ import annotations

import pytest

from tests.api.support import Program


@pytest.mark.parametrize(
    ("body", "smart", "expected"),
    [
        ("Hello", False, {"encoding": "GSM-7", "segments": 1, "characters": 5, "non_gsm": []}),
        ("a" * 161, False, {"encoding": "GSM-7", "segments": 2, "characters": 161, "non_gsm": []}),
        ("“Hi”", False, {"encoding": "UCS-2", "segments": 1, "characters": 4, "non_gsm": ["“", "”"]}),
        ("“Hi”", True, {"encoding": "GSM-7", "segments": 1, "characters": 4, "non_gsm": []}),
        ("", False, {"encoding": "GSM-7", "segments": 1, "characters": 0, "non_gsm": []}),
    ],
)
def test_segments_are_counted(rep: Program, body: str, smart: bool, expected: dict[str, object]):
    answer = rep.post("/api/sms/segments", body=body, smart_encoding=smart)

    assert (answer.status_code, answer.json) == (200, expected)


def test_a_text_of_any_length_is_counted(rep: Program):
    answer = rep.post("/api/sms/segments", body="é" * 153_000)

    assert answer.json is not None
    assert answer.json["segments"] == 1000


@pytest.mark.parametrize(
    ("given", "region", "e164", "warning"),
    [
        ("(212) 736-5000", "US", "+12127365000", None),
        ("(212) 555-0123", "US", "+12125550123", "fiction"),
        ("020 7946 0958", "gb", "+442079460958", "international rates"),
        ("hello", "US", None, "Enter a phone number"),
    ],
)
def test_phones_are_parsed_and_a_warning_says_what_to_know_or_to_mend(
    rep: Program, given: str, region: str, e164: str | None, warning: str | None
):
    answer = rep.post("/api/phones/parse", input=given, region=region)

    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["e164"] == e164
    assert (answer.json["warning"] is None) if warning is None else (warning in answer.json["warning"])


def test_an_unknown_region_is_no_fault(rep: Program):
    assert rep.post("/api/phones/parse", input="2125550123", region="ZZ").status_code == 200


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ("Stop.", "subscribed", {"intent": "stop", "tier": "keyword", "action": "suppress", "matched": "stop"}),
        ("YES", "opted_out", {"intent": "start", "tier": "keyword", "action": "none", "matched": "yes"}),
        ("YES", "subscribed", {"intent": "none", "tier": "none", "action": "none", "matched": None}),
        ("help", "subscribed", {"intent": "help", "tier": "keyword", "action": "none", "matched": "help"}),
    ],
)
def test_texts_are_classified(rep: Program, text: str, context: str, expected: dict[str, object]):
    answer = rep.post("/api/compliance/classify", text=text, context=context)

    assert (answer.status_code, answer.json) == (200, expected)


def test_a_text_is_from_a_subscriber_unless_said_otherwise(rep: Program):
    answer = rep.post("/api/compliance/classify", text="yes")

    assert answer.json is not None
    assert answer.json["intent"] == "none"


def test_the_hour_is_right_at_noon(rep: Program):
    answer = rep.post("/api/compliance/check", phone="(512) 555-0123")

    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json == answer.json | {"allowed": True, "next_allowed_at": None, "zones": ["America/Chicago"]}
    assert answer.json["reasons"] == []
    assert answer.json["dispatch_until"] == "2026-12-10T02:55:00Z", "five minutes before 21:00 in Texas"
    assert answer.json["rules"]


def test_the_hour_is_wrong_at_night_and_says_until_when(rep: Program):
    answer = rep.post(
        "/api/compliance/check", phone="+15125550123", state=None, timezone=None, at="2026-12-10T03:00:00Z"
    )

    assert answer.json is not None
    assert answer.json == answer.json | {"allowed": False, "next_allowed_at": "2026-12-10T15:00:00Z"}
    assert "Dallas" in answer.json["reasons"][0]


def test_every_place_where_the_person_may_be_counts(rep: Program):
    answer = rep.post("/api/compliance/check", phone="+15125550123", state="CA", at="2026-12-09T15:00:00Z")

    assert answer.json is not None
    assert answer.json["zones"] == ["America/Chicago", "America/Los_Angeles"]
    assert answer.json["allowed"] is False


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"phone": "12"}, "phone"),
        ({"phone": "+15125550123", "state": "XX"}, "state"),
        ({"phone": "+15125550123", "state": "Texas"}, "state"),
        ({"phone": "+15125550123", "timezone": "EST"}, "timezone"),
        ({"phone": "+15125550123", "at": "9999-12-31T23:59:59Z"}, "at"),
    ],
)
def test_what_cannot_be_checked_is_named(rep: Program, body: dict[str, str], field: str):
    answer = rep.post("/api/compliance/check", **body)

    assert answer.status_code == 422
    assert answer.json is not None
    assert [error["field"] for error in answer.json["errors"]] == [field]
