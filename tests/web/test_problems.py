from __future__ import annotations

import logging

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from webapp.web.problems import Problem


def test_an_unknown_address_is_a_problem(kit: FlaskClient):
    answer = kit.get("/api/nowhere")

    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.json == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this address.",
    }


def test_a_wrong_method_says_which_are_right(kit: FlaskClient):
    answer = kit.put("/api/things")

    assert answer.status_code == 405
    assert answer.content_type == "application/problem+json"
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_a_problem_carries_its_reason_and_more(kit: FlaskClient):
    answer = kit.post("/api/things", json={"name": "taken"})

    assert answer.status_code == 409
    assert answer.json is not None
    assert (answer.json["reason"], answer.json["thing_id"]) == ("taken", "7")


def test_a_fault_shows_an_error_id_and_nothing_else(kit: FlaskClient):
    answer = kit.get("/api/broken")

    assert answer.status_code == 500
    assert answer.json is not None
    assert len(answer.json["error_id"]) == 16
    assert "secret" not in answer.text


def test_the_log_names_the_fault_by_its_id_without_its_message(kit: FlaskClient):
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG))
    with capture_logs() as lines:
        answer = kit.get("/api/broken")

    (line,) = [line for line in lines if line["event"] == "request failed"]
    assert answer.json is not None
    assert line["error_id"] == answer.json["error_id"]
    assert line["exception"] == "ZeroDivisionError"
    assert any("broken" in frame for frame in line["frames"])
    assert "5125550100" not in repr(lines)


def test_an_unreachable_database_is_not_our_fault_and_may_be_tried_again(kit: FlaskClient):
    answer = kit.get("/api/away")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "10.0.0.1" not in answer.text


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (Problem.not_found("lead"), 404),
        (Problem.conflict("No."), 409),
        (Problem.invalid([("phone", "is too short")]), 422),
        (Problem.forbidden(), 403),
        (Problem.unauthorized(), 401),
        (Problem.too_many(2), 429),
        (Problem.unavailable("Later."), 503),
    ],
)
def test_each_kind_of_problem_has_its_status(problem: Problem, status: int):
    assert problem.status == problem.document()["status"] == status


def test_a_page_fragment_gets_a_sentence(kit_app: Flask):
    kit_app.add_url_rule("/page", "page", view_func=_refuse)

    answer = kit_app.test_client().get("/page", headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert answer.mimetype == "text/html"
    assert "Somebody was faster &lt;b&gt;" in answer.text


def test_a_broken_page_stands_on_its_own(kit_app: Flask):
    kit_app.add_url_rule("/page", "page", view_func=lambda: 1 / 0)

    answer = kit_app.test_client().get("/page")

    assert answer.status_code == 500
    assert answer.mimetype == "text/html"
    assert "Error id" in answer.text
    assert "ZeroDivisionError" not in answer.text


def _refuse() -> str:
    raise Problem.conflict("Somebody was faster <b>.")
