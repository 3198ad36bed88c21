"""The signature rules: Twilio's published vectors, and what an attacker or a proxy might change."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import EnvironHeaders, Headers, MultiDict
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from webapp.carrier.webhooks import is_form, verify

TOKEN = "12345"
HOST = "https://mycompany.com"
PATH = "/myapp.php?foo=1&bar=2"
CALL = {
    "CallSid": ["CA1234567890ABCDE"],
    "Digits": ["1234"],
    "From": ["+14158675309"],
    "To": ["+18005551212"],
    "Caller": ["+14158675309"],
}
CALL_SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
WEBHOOK = {
    "AccountSid": "AC" + "1" * 32,
    "EventType": "onMessageAdded",
    "Source": "SMS",
    "RetryCount": "0",
    "ConversationSid": "CH" + "2" * 32,
    "MessageSid": "IM" + "3" * 32,
    "ChatServiceSid": "IS" + "4" * 32,
    "MessagingServiceSid": "MG" + "5" * 32,
    "ParticipantSid": "MB" + "6" * 32,
    "Index": "8",
    "Author": "+12125550123",
    "Body": "Is the house still for sale? I could come on Sunday at 3, or Monday.",
    "Attributes": "{}",
    "DateCreated": "2026-11-20T14:35:28.423Z",
}


def sign(url: str, form: dict[str, str] | dict[str, list[str]], token: str, algorithm: str = "HMAC_SHA1") -> str:
    """What Twilio sends, by its own SDK."""
    return str(RequestValidator(token).compute_signature(url, MultiDict(form), algorithm))


def headers(signature: str, settings: str | None = None) -> dict[str, str]:
    extra = {"X-Twilio-Webhooks-Signature-Settings": settings} if settings else {}
    return {"X-Twilio-Signature": signature} | extra


@pytest.mark.parametrize(
    ("host", "signature"),
    [
        ("https://mycompany.com", CALL_SIGNATURE),
        ("https://mycompany.com:443", "kvajT1Ptam85bY51eRf/AJRuM3w="),
        ("http://mycompany.com:80", "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        ("http://mycompany.com:1234", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    ],
)
def test_twilios_published_signatures_are_accepted(host: str, signature: str) -> None:
    assert verify(host, PATH, CALL, headers(signature), [TOKEN])


@pytest.mark.parametrize(
    ("host", "signature"),
    [
        ("https://mycompany.com", "kvajT1Ptam85bY51eRf/AJRuM3w="),
        ("https://mycompany.com:443", CALL_SIGNATURE),
        ("http://mycompany.com", "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    ],
)
def test_the_default_port_may_be_named_on_one_side_only(host: str, signature: str) -> None:
    assert verify(host, PATH, CALL, headers(signature), [TOKEN])


def test_repeated_names_count_once_per_value_in_order() -> None:
    form = MultiDict(
        [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")]
    )
    given_headers = headers("IK+Dwps556ElfBT0I3Rgjkr1wJU=")
    assert verify(HOST, PATH, form, given_headers, [TOKEN])
    assert verify(HOST, PATH, form.to_dict(flat=False), given_headers, [TOKEN])


def test_the_newer_hash_is_accepted_when_its_header_names_it() -> None:
    signature = "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s="
    assert verify(HOST, PATH, CALL, headers(signature, "key=webhooks_1,algorithm=HMAC_SHA256"), [TOKEN])
    assert not verify(HOST, PATH, CALL, headers(signature), [TOKEN])
    assert not verify(HOST, PATH, CALL, headers(CALL_SIGNATURE, "key=webhooks_1,algorithm=HMAC_SHA256"), [TOKEN])
    assert not verify(HOST, PATH, CALL, headers(signature, "key=webhooks_1,algorithm=HMAC_MD5"), [TOKEN])
    assert verify(HOST, PATH, CALL, headers(CALL_SIGNATURE, "key=webhooks_1"), [TOKEN])


def test_a_promised_hash_of_the_body_is_refused_because_nobody_checks_it() -> None:
    path = PATH + "&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
    assert not verify(HOST, path, {}, headers("a9nBmqA0ju/hNViExpshrM61xv4="), [TOKEN])


def test_either_of_two_tokens_is_accepted_and_an_empty_one_never() -> None:
    assert verify(HOST, PATH, CALL, headers(CALL_SIGNATURE), ["another", TOKEN])
    assert verify(HOST, PATH, CALL, headers(CALL_SIGNATURE), [TOKEN, "another"])
    assert not verify(HOST, PATH, CALL, headers(CALL_SIGNATURE), ["another"])
    assert not verify(HOST, PATH, CALL, headers(CALL_SIGNATURE), [])
    assert not verify(HOST, PATH, CALL, headers(sign(HOST + PATH, CALL, "")), [""])


@pytest.mark.parametrize("signature", ["", " ", "é", "\udcff", CALL_SIGNATURE.rstrip("="), CALL_SIGNATURE.lower()])
def test_a_signature_that_is_none_is_refused(signature: str) -> None:
    assert not verify(HOST, PATH, CALL, headers(signature), [TOKEN])


def test_a_missing_signature_is_refused() -> None:
    assert not verify(HOST, PATH, CALL, {}, [TOKEN])


def test_the_hosts_letters_count_as_they_are_configured() -> None:
    signature = sign("https://MyCompany.com" + PATH, CALL, TOKEN)
    assert verify("https://MyCompany.com", PATH, CALL, headers(signature), [TOKEN])
    assert not verify("https://mycompany.com", PATH, CALL, headers(signature), [TOKEN])


def test_an_address_with_a_path_of_its_own_and_a_trailing_slash_is_joined_once() -> None:
    signature = sign("https://mycompany.com/texts/hook", CALL, TOKEN)
    assert verify("https://mycompany.com/texts/", "/hook", CALL, headers(signature), [TOKEN])


def test_an_address_in_brackets_gets_its_port() -> None:
    signature = sign("https://[::1]:443/hook", CALL, TOKEN)
    assert verify("https://[::1]", "/hook", CALL, headers(signature), [TOKEN])


def test_the_query_counts_undecoded() -> None:
    signature = sign(HOST + "/hook?name=a%20b", CALL, TOKEN)
    assert verify(HOST, "/hook?name=a%20b", CALL, headers(signature), [TOKEN])
    assert not verify(HOST, "/hook?name=a b", CALL, headers(signature), [TOKEN])


def test_empty_values_count() -> None:
    signature = sign(HOST + PATH, {"Body": "", "Sid": "1"}, TOKEN)
    assert verify(HOST, PATH, {"Body": "", "Sid": "1"}, headers(signature), [TOKEN])
    assert not verify(HOST, PATH, {"Sid": "1"}, headers(signature), [TOKEN])


def test_a_request_as_flask_sees_it_is_verified_whatever_host_it_claims() -> None:
    signature = sign("https://leadline.example/api/hook", WEBHOOK, TOKEN)
    builder = EnvironBuilder(
        method="POST",
        path="/api/hook",
        base_url="http://internal:8000",
        data=WEBHOOK,
        headers=Headers(headers(signature)),
    )
    request = Request(builder.get_environ())
    assert isinstance(request.headers, EnvironHeaders)
    assert verify("https://leadline.example", "/api/hook", request.form, request.headers, [TOKEN])
    assert not verify("http://internal:8000", "/api/hook", request.form, request.headers, [TOKEN])


@pytest.mark.parametrize(
    ("content_type", "accepted"),
    [
        ("application/x-www-form-urlencoded", True),
        ("application/x-www-form-urlencoded; charset=utf-8", True),
        ("Application/X-WWW-Form-URLencoded", True),
        ("application/json", False),
        ("multipart/form-data; boundary=x", False),
        ("text/plain", False),
        ("", False),
        (None, False),
    ],
)
def test_only_a_form_may_come_in(content_type: str | None, accepted: bool) -> None:
    assert is_form(content_type) is accepted


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
forms = st.dictionaries(texts.filter(bool), st.lists(texts, min_size=1, max_size=3), max_size=6)


@given(form=forms, algorithm=st.sampled_from(["HMAC_SHA1", "HMAC_SHA256"]))
def test_what_the_sdk_signs_is_accepted(form: dict[str, list[str]], algorithm: str) -> None:
    signature = sign(HOST + PATH, form, TOKEN, algorithm)
    assert verify(HOST, PATH, form, headers(signature, f"key=k,algorithm={algorithm}"), [TOKEN])


@given(data=st.data(), form=forms)
def test_a_change_of_one_byte_anywhere_is_refused(data: st.DataObject, form: dict[str, list[str]]) -> None:
    signature = sign(HOST + PATH, form, TOKEN)
    parts = {"signature": signature, "path": PATH, "body": urlencode(form, doseq=True), "token": TOKEN}
    name = data.draw(st.sampled_from([name for name, part in parts.items() if part]))
    changed = bytearray(parts[name].encode())
    place = data.draw(st.integers(0, len(changed) - 1))
    changed[place] = data.draw(st.integers(0x21, 0x7E).filter(lambda byte: byte != changed[place]))
    parts[name] = changed.decode()
    meant = parse_qs(parts["body"], keep_blank_values=True)
    same = _signed_text(meant) == _signed_text(form) and name == "body"
    accepted = verify(HOST, parts["path"], meant, headers(parts["signature"]), [parts["token"]])
    assert accepted is same


def _signed_text(form: dict[str, list[str]]) -> str:
    """A byte may change without changing what is said: ``%2b`` and ``%2B``, or a hexadecimal digit's case."""
    return "".join(name + value for name in sorted(form) for value in sorted(set(form[name])))
