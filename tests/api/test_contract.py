"""What programs were promised, word for word: renaming a field here or there breaks somebody's integration."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.support import Program, add_conversation, add_lead, hear
from tests.support.people import Cast
from webapp.models.constants import Reason

WHOLE_SECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

MESSAGE = (
    "id conversation_id lead_id direction body media status reason hold_until origin segments cost error_code "
    "twilio_sid client_key campaign_id step_key created_at sent_at delivered_at"
)
CONVERSATION = "id lead_id phone sender assigned_to state unread last_message_at last_body last_direction"
TEMPLATE = "id name category body version shared fields warnings created_at updated_at"
LEAD = "id first_name last_name phone email state postal_code timezone status tags custom owner_id score suppressed created_at"


@pytest.mark.parametrize(
    ("schema", "fields"),
    [
        ("MessageOut", MESSAGE),
        ("ConversationOut", CONVERSATION),
        ("LeadOut", LEAD),
        ("Conversations", "items next_cursor"),
        ("Messages", "items next_cursor"),
        ("Leads", "items next_cursor"),
        ("TemplateOut", TEMPLATE),
        ("TemplateIn", "name body category shared"),
        ("TemplatePatch", "name body category shared version"),
        ("Templates", "items next_cursor"),
        ("Explanation", "decisions"),
        ("DecisionOut", "at stage outcome reason rule rule_version sentence inputs dispatch_until"),
        ("MessageIn", "lead_id to body template_id client_key send_at automatic consent"),
        ("ConsentIn", "source at attested"),
        ("HoursCheck", "allowed next_allowed_at zones rules reasons dispatch_until"),
        ("PersonToCheck", "phone state postal_code timezone at"),
        ("TextToClassify", "text context"),
        ("Classification", "intent tier action matched"),
        ("TextToCount", "body smart_encoding"),
        ("SegmentCount", "encoding segments characters non_gsm"),
        ("PhoneToParse", "input region"),
        ("ParsedPhone", "e164 warning"),
        ("SenderOut", "id phone label active is_default paused_because paused_at"),
        ("Senders", "items next_cursor"),
    ],
)
def test_the_shapes_are_those_that_were_promised(app: Flask, schema: str, fields: str):
    properties = app.api_doc["components"]["schemas"][schema]["properties"]  # type: ignore[attr-defined]

    assert set(properties) == set(fields.split())


def test_the_parameters_are_those_that_were_promised(app: Flask):
    paths = app.api_doc["paths"]  # type: ignore[attr-defined]

    def parameters(path: str) -> dict[str, Any]:
        return {item["name"]: item["schema"] for item in paths[path]["get"]["parameters"]}

    conversations, messages = parameters("/api/sms/conversations"), parameters("/api/sms/messages")
    assert set(conversations) == {"owner", "state", "q", "limit", "cursor"}
    assert conversations["owner"]["enum"] == ["mine", "unassigned", "all"]
    assert conversations["state"]["enum"] == ["waiting", "open", "snoozed", "done", "all"]
    assert set(messages) == {"conversation_id", "lead_id", "after", "limit", "cursor"}


def test_no_reason_is_ever_renamed():
    promised = "opted_out no_consent quiet_hours cap lane invalid_number not_mobile dnc rehearsal paused"
    promised += " unresolved_field health budget registration"

    assert set(promised.split()) <= set(Reason)


def test_ids_are_strings_and_times_are_whole_seconds_in_utc(rep: Program, cast: Cast, conn: psycopg.Connection):
    conversation_id = add_conversation(add_lead(cast.rep))
    hear(conn, conversation_id, "Hello")
    rep.send(lead_id="1", send_at="2026-12-11T12:00:00.999-06:00")
    conn.execute("UPDATE sms_messages SET sent_at = created_at + interval '1.5 s', delivered_at = created_at")

    listed = [rep.get("/api/sms/conversations").json, rep.get("/api/sms/messages", lead_id="1").json]

    things = [thing for page in listed if page is not None for thing in page["items"]]
    assert len(things) == 3
    for thing in things:
        ids = {name: value for name, value in thing.items() if name == "id" or name.endswith("_id")}
        times = {name: value for name, value in thing.items() if name.endswith("_at") or name == "hold_until"}
        assert all(value is None or isinstance(value, str) for value in ids.values()), ids
        assert all(value is None or WHOLE_SECONDS.fullmatch(value) for value in times.values()), times
    assert things[2]["hold_until"] == "2026-12-11T18:00:00Z"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/sms/messages/5", 404),
        ("GET", "/api/nowhere", 404),
        ("PUT", "/api/sms/messages", 405),
        ("GET", "/api/sms/messages", 422),
        ("POST", "/api/sms/messages", 415),
    ],
)
def test_every_error_is_a_problem_document(rep: Program, method: str, path: str, status: int):
    answer = rep.client.open(path, method=method, headers={"Authorization": f"Bearer {rep.token}"})

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert {"type", "title", "status", "detail"} <= set(answer.json)
    assert answer.json["status"] == status
    if status == 422:
        assert all(set(error) == {"field", "message"} for error in answer.json["errors"])


@pytest.mark.parametrize(
    ("content_type", "status"),
    [("application/x-www-form-urlencoded", 403), ("application/json", 415), ("text/plain", 415), ("", 415)],
)
def test_the_webhook_takes_forms_only_and_only_signed_ones(client: FlaskClient, content_type: str, status: int):
    answer = client.post("/api/twilio/conversations/webhook", data="EventType=x", content_type=content_type)

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
