from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.support import Program
from tests.support.people import Cast
from webapp.accounts import sessions
from webapp.accounts.actors import Actor
from webapp.models.constants import Role


def _operations(app: Flask) -> list[tuple[str, str, dict[str, Any]]]:
    document = app.api_doc  # type: ignore[attr-defined]
    return [
        (method, re.sub(r"{\w+}", "1", path), operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


def test_every_call_but_the_public_ones_needs_a_token(app: Flask, client: FlaskClient):
    private = [(method, path) for method, path, operation in _operations(app) if operation.get("security")]

    assert len(private) >= 9
    for method, path in private:
        answer = client.open(path, method=method.upper())
        assert answer.status_code == 401, path
        assert answer.content_type == "application/problem+json"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer", "Bearer é", "Basic YTpi", "Token abc"])
def test_a_wrong_token_is_refused(client: FlaskClient, header: str):
    answer = client.post("/api/sms/segments", json={"body": "Hi"}, headers={"Authorization": header})

    assert answer.status_code == 401


def test_a_revoked_token_is_refused(rep: Program, conn: psycopg.Connection):
    conn.execute("UPDATE api_tokens SET revoked_at = now()")

    assert rep.get("/api/sms/conversations").status_code == 401


def test_the_token_of_somebody_who_left_is_refused(rep: Program, cast: Cast, conn: psycopg.Connection):
    conn.execute("UPDATE users SET active = false WHERE id = %s", [cast.rep.id])

    assert rep.get("/api/sms/conversations").status_code == 401


def test_a_session_reads_without_and_writes_with_the_csrf_token(app: Flask, cast: Cast):
    client = app.test_client()
    person = cast.rep
    with app.test_request_context("/"):
        sessions.start(Actor(person.id, person.name, person.email, Role.REP, "America/Chicago"), 0)
        from flask import session

        signed_in = dict(session)
    with client.session_transaction() as cookie:
        cookie.update(signed_in)

    assert client.get("/api/sms/conversations").status_code == 200
    refused = client.post("/api/sms/segments", json={"body": "Hi"})
    assert refused.status_code == 403
    assert refused.content_type == "application/problem+json"


def test_the_document_is_open_to_everybody(client: FlaskClient):
    assert client.get("/api/openapi.json").status_code == 200


def test_names_of_calls_are_unique(app: Flask):
    names = [operation["operationId"] for _method, _path, operation in _operations(app)]

    assert len(names) == len(set(names))


def test_every_call_of_the_contract_is_there(app: Flask):
    document = app.api_doc  # type: ignore[attr-defined]
    calls = {f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item}

    assert calls >= {
        "GET /api/leads",
        "POST /api/leads",
        "GET /api/leads/{id}",
        "PATCH /api/leads/{id}",
        "DELETE /api/leads/{id}",
        "POST /api/leads/import",
        "GET /api/templates",
        "POST /api/templates",
        "GET /api/templates/{id}",
        "PATCH /api/templates/{id}",
        "DELETE /api/templates/{id}",
        "GET /api/bulk/{id}",
        "GET /api/sms/conversations",
        "GET /api/sms/messages",
        "POST /api/sms/messages",
        "GET /api/sms/messages/{id}",
        "GET /api/sms/messages/{id}/explain",
        "POST /api/twilio/conversations/webhook",
        "POST /api/compliance/check",
        "POST /api/compliance/classify",
        "POST /api/sms/segments",
        "POST /api/phones/parse",
        "GET /api/openapi.json",
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
    }
