"""Where a call really goes."""

from __future__ import annotations

import pytest

from webapp.carrier.addresses import Addresses, ForeignAddressError

BASE = "http://127.0.0.1:4010"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://conversations.twilio.com/v1/Services/IS1", f"{BASE}/conversations/v1/Services/IS1"),
        ("https://messaging.twilio.com/v1/Services/MG1", f"{BASE}/messaging/v1/Services/MG1"),
        (
            "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json",
            f"{BASE}/api/2010-04-01/Accounts/AC1/Messages.json",
        ),
        ("https://mcs.us1.twilio.com/v1/Services/IS1/Media/ME1", f"{BASE}/mcs/v1/Services/IS1/Media/ME1"),
        ("https://conversations.dublin.ie1.twilio.com/v1/x?Page=1", f"{BASE}/conversations/v1/x?Page=1"),
        (f"{BASE}/conversations/v1/x?PageToken=a%2Bb", f"{BASE}/conversations/v1/x?PageToken=a%2Bb"),
        ("https://api.twilio.com/api/2010-04-01/Accounts/AC1/x?Page=2", f"{BASE}/api/2010-04-01/Accounts/AC1/x?Page=2"),
        ("http://localhost:4010/conversations/v1/x?Page=1", f"{BASE}/conversations/v1/x?Page=1"),
        ("http://localhost:4010/some/prefix/messaging/v1/x", f"{BASE}/messaging/v1/x"),
        (
            "http://fake/v1/Services/IS1/Conversations?Page=1",
            f"{BASE}/conversations/v1/Services/IS1/Conversations?Page=1",
        ),
        ("http://fake/2010-04-01/Accounts/AC1/x", f"{BASE}/api/2010-04-01/Accounts/AC1/x"),
    ],
)
def test_with_a_stand_in_every_address_leads_to_it(url: str, expected: str) -> None:
    assert Addresses(BASE + "/").resolve(url) == expected


def test_a_stand_in_may_live_under_a_path() -> None:
    addresses = Addresses("https://fake.example/twilio")
    assert addresses.resolve("https://mcs.us1.twilio.com/v1/x") == "https://fake.example/twilio/mcs/v1/x"
    assert addresses.resolve("https://fake.example/twilio/mcs/v1/x") == "https://fake.example/twilio/mcs/v1/x"


def test_without_a_stand_in_twilios_addresses_stay() -> None:
    url = "https://conversations.twilio.com/v1/Services/IS1?PageToken=x"
    assert Addresses(None).resolve(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://conversations.twilio.com/v1/x",
        "https://conversations.twilio.com.evil.example/v1/x",
        "https://twilio.com/v1/x",
        "https://evil.example/conversations.twilio.com/v1/x",
        "https://conversations.twilio.com@evil.example/v1/x",
        "https://conversations.twilio.com:8443/v1/x",
        "http://169.254.169.254/latest/meta-data",
        "",
    ],
)
def test_an_address_that_is_not_twilios_is_refused(url: str) -> None:
    with pytest.raises(ForeignAddressError):
        Addresses(None).resolve(url)


def test_a_stand_in_is_not_left_either() -> None:
    with pytest.raises(ForeignAddressError):
        Addresses(BASE).resolve("http://169.254.169.254/latest/meta-data")
