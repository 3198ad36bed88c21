from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from tests.web.kit import Thing, ThingIn, Things


@pytest.fixture
def document(kit: FlaskClient) -> dict[str, Any]:
    answer = kit.get("/api/openapi.json")
    assert answer.status_code == 200
    assert answer.json is not None
    return answer.json


def test_the_document_is_valid(document: dict[str, Any]):
    validate(document)


def test_nothing_of_a_model_is_lost_in_the_document(document: dict[str, Any]):
    """The library keeps the schema keywords that it knows and drops the others without a word."""
    for model, mode in ((ThingIn, "validation"), (Thing, "serialization"), (Things, "serialization")):
        expected = model.model_json_schema(mode=mode, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
        expected.pop("$defs", None)
        written = document["components"]["schemas"][model.__name__]
        written.pop("$defs", None)
        assert written == expected


def test_a_parameter_is_never_null(document: dict[str, Any]):
    parameters = {item["name"]: item["schema"] for item in document["paths"]["/api/things"]["get"]["parameters"]}

    assert parameters["owner_id"]["type"] == "string"
    assert parameters["limit"]["minimum"] == 1
    assert "anyOf" not in str(parameters)


def test_every_call_says_what_may_go_wrong(document: dict[str, Any]):
    post = document["paths"]["/api/things"]["post"]["responses"]
    delete = document["paths"]["/api/things/{id}"]["delete"]["responses"]

    assert set(post) == {"201", "400", "401", "403", "409", "413", "415", "422", "429", "500", "503"}
    assert set(delete) == {"204", "401", "403", "404", "422", "429", "500", "503"}
    assert set(post["422"]["content"]) == {"application/problem+json"}


def test_a_docstring_is_the_description(document: dict[str, Any]):
    operation = document["paths"]["/api/things"]["get"]

    assert operation["summary"] == "Lists things."
    assert operation["description"] == "In the order of their numbers."
    assert operation["operationId"] == "list_things"


def test_changing_something_with_a_session_needs_the_csrf_token(document: dict[str, Any]):
    assert document["paths"]["/api/things"]["get"]["security"] == [{"bearer": []}, {"session": []}]
    assert document["paths"]["/api/things"]["post"]["security"] == [{"bearer": []}, {"session": [], "csrf": []}]


def test_the_document_itself_needs_no_sign_in(document: dict[str, Any]):
    assert "security" not in document["paths"]["/api/openapi.json"]["get"]


def test_an_answer_writes_ids_as_strings_and_whole_seconds(kit: FlaskClient):
    answer = kit.get("/api/things?limit=1").json

    assert answer is not None
    assert answer["items"] == [{"id": "1", "name": "thing 1", "at": "2026-11-22T10:04:05Z"}]
