"""Twilio's door: only Twilio comes in, whatever it says is stored, and 2xx means that it is."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import Connection
from werkzeug.test import TestResponse

from tests.conftest import APP_URL, Servers, settings_for
from tests.support import twilio
from webapp import database
from webapp.app import create_app
from webapp.config import Settings
from webapp.messaging import applying
from webapp.simulator.signature import sign

TOKEN, SECOND = "first token", "second token"
PHONE, CH = "+15125550142", "CH" + "1" * 32
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def app(emptied: Servers) -> Iterator[Flask]:
    """The app with a carrier's tokens; nobody is called."""
    app = create_app(app_settings(emptied), connections=8)
    yield app
    database.close()


def app_settings(servers: Servers) -> Settings:
    return settings_for(
        servers,
        twilio_account_sid="AC" + "1" * 32,
        twilio_auth_token=TOKEN,
        twilio_webhook_auth_token=SECOND,
        twilio_conversations_service_sid="IS" + "1" * 32,
        twilio_messaging_service_sid="MG" + "1" * 32,
        twilio_sms_number="+17375550100",
        twilio_api_base_url="http://127.0.0.1:9",
    )


def text(**changes: str) -> dict[str, str]:
    return twilio.message_added(PHONE, "Hello", CH, **changes)


def post(client: FlaskClient, form: dict[str, str], *, signature: str | None = None, **more: object) -> TestResponse:
    path = str(more.pop("path", twilio.PATH))
    headers = {"X-Twilio-Signature": signature or sign(TOKEN, APP_URL + path, form), **more.pop("headers", {})}  # type: ignore[dict-item]
    return client.post(path, data=urlencode(form), headers=headers, content_type=str(more.pop("content_type", FORM)))


def stored(conn: Connection) -> int:
    row = conn.execute("SELECT count(*) FROM webhook_receipts").fetchone()
    assert row is not None
    return int(row[0])


def test_a_signed_form_is_stored_and_answered_without_a_word(client: FlaskClient, conn: Connection) -> None:
    answer = post(client, text())
    assert (answer.status_code, answer.data, stored(conn)) == (204, b"", 1)


@pytest.mark.parametrize(
    "signature",
    ["", "nonsense", "é", pytest.param(sign("another token", APP_URL + twilio.PATH, text()), id="another token's")],
)
def test_a_wrong_signature_stores_nothing(client: FlaskClient, conn: Connection, signature: str) -> None:
    answer = client.post(
        twilio.PATH, data=urlencode(text()), content_type=FORM, headers={"X-Twilio-Signature": signature}
    )
    assert (answer.status_code, stored(conn)) == (403, 0)


def test_no_signature_at_all(client: FlaskClient, conn: Connection) -> None:
    assert client.post(twilio.PATH, data=text()).status_code == 403
    assert stored(conn) == 0


def test_one_changed_letter_breaks_the_signature(client: FlaskClient, conn: Connection) -> None:
    form = text()
    signature = sign(TOKEN, APP_URL + twilio.PATH, form)
    assert post(client, form | {"Body": "Hallo"}, signature=signature).status_code == 403
    assert post(client, form | {"Added": ""}, signature=signature).status_code == 403
    assert stored(conn) == 0


def test_the_second_token_is_accepted_while_tokens_are_rotated(client: FlaskClient) -> None:
    form = text()
    assert post(client, form, signature=sign(SECOND, APP_URL + twilio.PATH, form)).status_code == 204


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=x", "text/plain"])
def test_what_is_no_form_is_turned_away_however_it_is_signed(
    client: FlaskClient, conn: Connection, content_type: str
) -> None:
    """The signature of a form without fields covers the address alone: a JSON body would come in unchecked."""
    bare = sign(TOKEN, APP_URL + twilio.PATH, {})
    answer = client.post(
        twilio.PATH, data='{"EventType": "x"}', content_type=content_type, headers={"X-Twilio-Signature": bare}
    )
    assert (answer.status_code, stored(conn)) == (415, 0)


def test_a_promise_of_a_body_hash_is_not_taken_on_trust(client: FlaskClient, conn: Connection) -> None:
    path = f"{twilio.PATH}?bodySHA256={'0' * 64}"
    assert post(client, {}, path=path).status_code == 403
    assert stored(conn) == 0


def test_a_repeated_parameter_is_signed_once_for_each_of_its_values(client: FlaskClient, conn: Connection) -> None:
    form = text()
    signed_text = {**form, "Tag": "a" + "Tag" + "b"}  # name, value, name, value: in order, each once
    body = urlencode([*form.items(), ("Tag", "b"), ("Tag", "a"), ("Tag", "b")])
    headers = {"X-Twilio-Signature": sign(TOKEN, APP_URL + twilio.PATH, signed_text)}
    assert client.post(twilio.PATH, data=body, content_type=FORM, headers=headers).status_code == 204
    assert stored(conn) == 1


@pytest.mark.parametrize("signed_as", [APP_URL, APP_URL + ":80"])
@pytest.mark.parametrize("host", ["leadline.test", "leadline.test:80", "10.0.0.7:5000", "evil.test"])
def test_the_address_is_the_configured_one_whatever_the_proxy_says(
    client: FlaskClient, signed_as: str, host: str
) -> None:
    form = text()
    headers = {"Host": host, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.test"}
    answer = post(client, form, signature=sign(TOKEN, signed_as + twilio.PATH, form), headers=headers)
    assert answer.status_code == 204


def test_a_query_is_signed_as_it_was_sent(client: FlaskClient) -> None:
    assert post(client, text(), path=f"{twilio.PATH}?tenant=a%2Fb&empty=").status_code == 204


def test_a_shared_key_with_sha256(client: FlaskClient) -> None:
    form = text()
    signed_text = APP_URL + twilio.PATH + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.digest(TOKEN.encode(), signed_text.encode(), "sha256")).decode()
    settings = {"X-Twilio-Webhooks-Signature-Settings": "key=1,algorithm=HMAC_SHA256"}
    assert post(client, form, signature=signature, headers=settings).status_code == 204
    assert post(client, form, signature=signature).status_code == 403


def test_get_is_not_taken(client: FlaskClient) -> None:
    assert client.get(twilio.PATH).status_code == 405


def test_the_longest_text_comes_in_and_what_is_longer_than_any_does_not(client: FlaskClient, conn: Connection) -> None:
    longest = "\N{HOUSE BUILDING}" * (32 * 1024 // 4)
    assert post(client, text(Body=longest)).status_code == 204
    assert post(client, text(Body="x" * 300_000)).status_code == 413
    assert stored(conn) == 1


def test_events_of_no_known_kind_are_stored_and_ignored(client: FlaskClient, conn: Connection) -> None:
    for form in (
        {"EventType": "onSomethingNew", "What": "ever"},
        {"NoEventType": "1"},
        {"EventType": "onMessageAdded"},
    ):
        assert post(client, form).status_code == 204
        assert post(client, form | {}).status_code == 204
    assert applying.apply_due() == 3
    outcomes = conn.execute("SELECT DISTINCT outcome, applied_at IS NOT NULL FROM webhook_receipts").fetchall()
    assert outcomes == [("ignored", True)]


def test_a_webhook_that_breaks_stops_none_of_the_others(client: FlaskClient, conn: Connection) -> None:
    conn.execute("INSERT INTO phone_numbers (e164, is_default, simulated) VALUES ('+17375550100', true, true)")
    post(client, text())
    post(client, twilio.message_added("+15125550143", "Second", CH[:-1] + "2"))
    conn.execute("UPDATE webhook_receipts SET form = jsonb_set(form, '{MessageSid}', '5') WHERE id = 1")
    applying.apply_due()
    assert conn.execute("SELECT outcome FROM webhook_receipts ORDER BY id").fetchall() == [("broken",), ("applied",)]


def test_a_persons_text_is_never_given_up(client: FlaskClient, conn: Connection) -> None:
    """However often it could not be applied; a receipt for what nobody knows is, after a day."""
    conn.execute("INSERT INTO phone_numbers (e164, simulated) VALUES ('+17375550100', true), ('+17375550101', true)")
    post(client, text())
    post(client, twilio.delivery_updated(twilio.sid("IM"), "delivered"))
    conn.execute("UPDATE webhook_receipts SET attempts = 1000")
    applying.apply_due()
    open_ones = conn.execute("SELECT event_type FROM webhook_receipts WHERE applied_at IS NULL").fetchall()
    assert open_ones == [("onMessageAdded",)]
