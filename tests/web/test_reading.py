from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def _post(kit: FlaskClient, body: str | bytes, content_type: str = "application/json") -> TestResponse:
    return kit.post("/api/things", data=body, content_type=content_type)


def _fields(answer: TestResponse) -> list[str]:
    assert answer.status_code == 422, answer.text
    assert answer.json is not None
    return [error["field"] for error in answer.json["errors"]]


def test_a_good_body_is_read(kit: FlaskClient):
    answer = _post(kit, '{"name": "Ann", "at": "2026-12-01T10:00:00.9-05:00", "owner_id": "12"}')

    assert answer.status_code == 201
    assert answer.json == {"id": "1", "name": "Ann", "at": "2026-12-01T15:00:00Z"}


@pytest.mark.parametrize(
    "body",
    ["", "{", "'a'", b"\xff\xfe", '{"name": "\\ud800"}', "[" * 20_000, "nul"],
    ids=["empty", "cut off", "not json", "not utf-8", "lone surrogate", "too deep", "a broken word"],
)
def test_what_is_not_json_is_a_bad_request(kit: FlaskClient, body: str | bytes):
    assert _post(kit, body).status_code == 400


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken(kit: FlaskClient, content_type: str):
    assert _post(kit, '{"name": "Ann"}', content_type).status_code == 415


def test_a_body_of_megabytes_is_too_large(kit: FlaskClient):
    assert _post(kit, json.dumps({"name": "a" * 3_000_000})).status_code == 413


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "Ann", "nmae": "x"}, "nmae"),
        ({"name": 5}, "name"),
        ({"name": ""}, "name"),
        ({"name": "a" * 21}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": "Ann", "loud": "yes"}, "loud"),
        ({"name": "Ann", "loud": 1}, "loud"),
        ({"name": "Ann", "owner_id": 5}, "owner_id"),
        ({"name": "Ann", "owner_id": "05"}, "owner_id"),
        ({"name": "Ann", "owner_id": "9" * 19}, "owner_id"),
        ({"name": "Ann", "at": 1_700_000_000}, "at"),
        ({"name": "Ann", "at": "2026-12-01T10:00:00"}, "at"),
        ({"name": "Ann", "at": "2026-12-01"}, "at"),
        ({"name": "Ann", "at": "2026-13-01T10:00:00Z"}, "at"),
        ({"name": "Ann", "at": "0001-01-01T00:00:00+23:00"}, "at"),
    ],
)
def test_each_wrong_field_is_named(kit: FlaskClient, body: dict[str, Any], field: str):
    assert _fields(_post(kit, json.dumps(body))) == [field]


def test_a_body_that_is_no_object_is_refused(kit: FlaskClient):
    assert _post(kit, '"{\\"name\\": \\"Ann\\"}"').status_code == 422


def test_a_refused_value_is_not_repeated(kit: FlaskClient):
    answer = _post(kit, json.dumps({"name": "+15125550100 and a secret that is long"}))

    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=1.0", "limit"),
        ("limit=%2B5", "limit"),
        ("limit=", "limit"),
        ("limit=1&limit=2", "limit"),
        ("kind=green", "kind"),
        ("owner_id=x", "owner_id"),
        ("cursor=%00", "cursor"),
        ("sort=name", "sort"),
    ],
)
def test_each_wrong_parameter_is_named(kit: FlaskClient, query: str, field: str):
    assert _fields(kit.get(f"/api/things?{query}")) == [field]


def test_a_call_without_parameters_takes_none(kit: FlaskClient):
    assert _fields(kit.delete("/api/things/5?force=1")) == ["force"]


def test_a_list_parameter_may_be_repeated(kit: FlaskClient):
    answer = kit.get("/api/tags?tag=a&tag=b")

    assert answer.json is not None
    assert [item["name"] for item in answer.json["items"]] == ["a", "b"]


@pytest.mark.parametrize("given", ["x", "0", "-1", "05", "1.0", "9" * 19, "%00", "%D9%A1", "1%2F2", "%20", "1%0A"])
def test_a_path_that_cannot_be_an_id_names_nothing(kit: FlaskClient, given: str):
    assert kit.delete(f"/api/things/{given}").status_code == 404


def test_a_word_beside_the_ids_keeps_its_own_methods(kit: FlaskClient):
    answer = kit.delete("/api/things/sorted")

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


def test_a_path_with_an_id_is_read(kit: FlaskClient):
    assert kit.delete("/api/things/999999999999999999").status_code == 204
