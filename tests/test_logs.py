"""Log lines: structured, and without numbers, texts and secrets, whoever writes them."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog

from webapp import logs

SECRET = "the row (12 Elm Street, +15125550123) already exists"


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    stream = StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.configure()
    yield stream
    structlog.reset_defaults()
    logging.basicConfig(handlers=[logging.NullHandler()], force=True)


def only_line(stream: StringIO) -> dict[str, Any]:
    (line,) = stream.getvalue().splitlines()
    told: dict[str, Any] = json.loads(line)
    return told


def break_twice() -> None:
    try:
        {}[SECRET]
    except KeyError as cause:
        raise ValueError(SECRET) from cause


def test_a_line_is_json_with_time_level_and_event(stream: StringIO):
    structlog.get_logger().info("process started", process="web")
    line = only_line(stream)
    assert (line["event"], line["level"], line["process"]) == ("process started", "info", "web")
    assert line["timestamp"].endswith("Z")


def test_a_phone_number_keeps_its_last_four_digits(stream: StringIO):
    structlog.get_logger().info("to +15125550123", phone="15125550123")
    line = only_line(stream)
    assert (line["event"], line["phone"]) == ("to …0123", "…0123")


def test_an_exception_is_told_by_class_and_place_without_its_words(stream: StringIO):
    try:
        break_twice()
    except ValueError:
        structlog.get_logger().exception("it broke")
    told = only_line(stream)["exception"]
    assert told.startswith("builtins.ValueError at ")
    assert "from builtins.KeyError at " in told
    assert "Elm Street" not in stream.getvalue()


def test_libraries_that_log_an_exception_are_told_the_same_way(stream: StringIO):
    try:
        break_twice()
    except ValueError:
        logging.getLogger("somebody.elses").exception("it broke")
    assert "builtins.ValueError at " in only_line(stream)["exception"]
    assert "Elm Street" not in stream.getvalue()


def test_libraries_chatter_below_a_warning_is_not_heard(stream: StringIO):
    logging.getLogger("urllib3").info("GET /15125550123")
    assert stream.getvalue() == ""


def test_on_a_terminal_the_same_is_said_more_readably(monkeypatch: pytest.MonkeyPatch, stream: StringIO):
    monkeypatch.setattr(sys, "stderr", stream)  # pytest has put its own there since
    logs.configure(pretty=True)
    try:
        break_twice()
    except ValueError:
        structlog.get_logger().exception("it broke", phone="+15125550123")
    assert "it broke" in stream.getvalue()
    assert "Elm Street" not in stream.getvalue()
    assert "5125550123" not in stream.getvalue()


@pytest.mark.parametrize(
    "written", ["(512) 555-0123", "512-555-0123", "512.555.0123", "1 (512) 555-0123", "+1 512 555 0123"]
)
def test_a_number_is_recognised_as_people_write_it(stream: StringIO, written: str):
    structlog.get_logger().info(f"asked for {written}", found=[{"phone": written}])
    assert "555" not in stream.getvalue()
    assert stream.getvalue().count("0123") == 2


def test_times_and_versions_are_not_taken_for_numbers(stream: StringIO):
    structlog.get_logger().info("tzdata 2026.6 at 2026-12-09 18:00:00, 127.0.0.1 5000")
    assert only_line(stream)["event"] == "tzdata 2026.6 at 2026-12-09 18:00:00, 127.0.0.1 5000"


def test_an_address_loses_what_was_typed_into_it_and_what_opens_an_account(stream: StringIO):
    logging.getLogger("a.server").warning('"GET /leads?q=Quixote&owner=all HTTP/1.1" 200')
    logging.getLogger("a.server").warning('"GET /reset/WzMsMCwiYWJjIl0.aQ-x_y HTTP/1.1" 200')
    told = " ".join(json.loads(line)["event"] for line in stream.getvalue().splitlines())
    assert "GET /leads?… HTTP/1.1" in told
    assert "GET /reset/… HTTP/1.1" in told
