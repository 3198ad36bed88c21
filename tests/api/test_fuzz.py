"""The document is true: a fuzzer driven by it finds no 5xx and no answer that it does not describe.

``FUZZ_EXAMPLES`` and ``FUZZ_SEED`` in the environment ask for more, or for others.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from tests.api.hostile import REQUESTS, ask
from tests.api.support import Program, add_conversation, add_lead, add_text, hear, program_of
from tests.api.test_campaigns import campaign_of, leads_of, put
from tests.api.web import WebProcess
from tests.conftest import APP_URL, Servers, settings_for
from tests.support.people import Cast
from webapp import database
from webapp.accounts import tokens

EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "60")
SEED = os.environ.get("FUZZ_SEED", "1")
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
#: That a number exists, or that a cursor was ours, is more than a schema can say.
BEYOND_A_SCHEMA = "positive_data_acceptance"
#: Just under what a token may ask for: an answer of 429 would hide what lies behind it.
PACE = "95/s"

WEBHOOK = "/api/twilio/conversations/webhook"
SIGNING_TOKEN = "5" * 32


@pytest.fixture
def web(
    emptied: Servers, client: FlaskClient, conn: psycopg.Connection, cast: Cast, sender: str
) -> Iterator[WebProcess]:
    """``leadline serve`` on a port, with a little of everything in the database."""
    conversation_id = add_conversation(add_lead(cast.rep, first_name="Ann"))
    hear(conn, conversation_id, "Is it still for sale?")
    add_text(conversation_id, "It is.", cast.rep)
    add_lead(None, "+12125550177", last_name="Nobody’s")
    add_campaigns(program_of(client, conn, cast.manager))
    with WebProcess(emptied) as web:
        yield web


def add_campaigns(manager: Program) -> None:
    """A draft; one that runs, with changes that wait for their publishing; a list and a template."""
    leads = leads_of(manager, 3)
    for runs in (True, False):
        campaign = f"/api/sms/campaigns/{campaign_of(manager, 'One', 'Two', rules={'one_campaign_at_a_time': 'both'})}"
        assert manager.post(f"{campaign}/enroll", lead_ids=leads).status_code == 200
        if runs:
            assert manager.post(f"{campaign}/launch").status_code == 200
            assert put(manager, f"{campaign}/steps", [{"body": "Three"}]).status_code == 200
    assert manager.post("/api/leads/lists", name="Everybody", filter={}).status_code == 201
    assert manager.post("/api/templates", name="Hello", body="Hi {{ first_name }}").status_code == 201


@pytest.fixture
def token(conn: psycopg.Connection, cast: Cast) -> str:
    return tokens.create(conn, user_id=cast.manager.id, name="fuzzer", actor_id=None)


@pytest.mark.timeout(600)
def test_a_fuzzer_finds_no_fault_and_nothing_undescribed(web: WebProcess, token: str):
    command = [SCHEMATHESIS, "run", f"{web.url}/api/openapi.json", "--header", f"Authorization: Bearer {token}"]
    command += ["--checks", "all", "--exclude-checks", BEYOND_A_SCHEMA, "--max-examples", EXAMPLES, "--seed", SEED]
    command += ["--rate-limit", PACE, "--no-color", "--generation-database", "none"]

    run = subprocess.run(command, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout


def test_no_request_however_hostile_breaks_the_web_process(web: WebProcess, token: str):
    answers = {name: ask(web.port, request.replace(b"TOKEN", token.encode())) for name, request in REQUESTS.items()}

    assert {name: status for name, status in answers.items() if not 200 <= status < 500} == {}
    assert "request failed" not in web.log()


SID = st.text("0123456789abcdef", min_size=32, max_size=32)
ANYTHING = st.text(max_size=40)
FORMS = st.fixed_dictionaries(
    {"EventType": st.sampled_from(["onMessageAdded", "onDeliveryUpdated", "onConversationAdded"]) | ANYTHING},
    optional={
        "ConversationSid": SID.map("CH{}".format) | ANYTHING,
        "MessageSid": SID.map("IM{}".format) | ANYTHING,
        "DeliveryReceiptSid": ANYTHING,
        "ChannelMessageSid": ANYTHING,
        "Author": st.sampled_from(["+15125550123", "+12125550177", "system"]) | ANYTHING,
        "Body": st.sampled_from(["STOP", "start", "Help"]) | st.text(max_size=2000),
        "Source": st.sampled_from(["SMS", "API", "SDK"]) | ANYTHING,
        "Status": st.sampled_from(["sent", "delivered", "undelivered", "failed", "read"]) | ANYTHING,
        "Index": st.integers().map(str) | ANYTHING,
        "UniqueName": ANYTHING,
        "ErrorCode": st.integers().map(str) | ANYTHING,
        "Attributes": st.sampled_from(["{}", "[]", "null", '{"leadline":[]}', '{"leadline":{"id":1e400}}']) | ANYTHING,
        "Media": st.sampled_from(["[]", "{}", "[[]]", '[{"Sid":null}]', "[" * 5000]) | ANYTHING,
        "DateCreated": st.datetimes().map(str) | ANYTHING,
        "MessagingBinding.Address": ANYTHING,
        "MessagingBinding.ProxyAddress": ANYTHING,
    },
)


@pytest.fixture
def signed_client(emptied: Servers) -> Iterator[FlaskClient]:
    """A client of an application that takes webhooks which are signed with our token."""
    from webapp.app import create_app

    yield create_app(settings_for(emptied, twilio_webhook_auth_token=SIGNING_TOKEN)).test_client()
    database.close()


@seeded(int(SEED))
@settings(
    max_examples=4 * int(EXAMPLES),
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(form=FORMS, extra=st.dictionaries(ANYTHING, ANYTHING, max_size=3))
def test_whatever_twilio_signs_is_stored(signed_client: FlaskClient, form: dict[str, str], extra: dict[str, str]):
    fields = extra | form
    signature = RequestValidator(SIGNING_TOKEN).compute_signature(APP_URL + WEBHOOK, MultiDict(fields))

    answer = signed_client.post(
        WEBHOOK,
        data=urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )

    assert answer.status_code == 204, answer.text
