"""From an answer to what may be done next."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.carrier import codes
from webapp.carrier.answers import error_for
from webapp.carrier.errors import (
    CarrierError,
    GoneError,
    NotSentError,
    PassingError,
    PermanentError,
    UnknownOutcomeError,
)


def answered(status: int, body: object, **headers: str) -> CarrierError:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return error_for(status, {name.replace("_", "-"): value for name, value in headers.items()}, content)


def twilio(status: int, code: int, message: str = "…") -> CarrierError:
    return answered(status, {"code": code, "message": message, "more_info": "", "status": status})


@pytest.mark.parametrize(
    ("status", "code", "expected", "scope"),
    [
        (400, 21211, PermanentError, "message"),
        (400, 21408, PermanentError, "message"),
        (400, 21610, PermanentError, "message"),
        (400, 21617, PermanentError, "message"),
        (400, 50407, PermanentError, "message"),
        (400, 21606, PassingError, "sender"),
        (400, 21611, PassingError, "sender"),
        (400, 50373, PassingError, "account"),
        (401, 20003, PassingError, "account"),
        (403, 20003, PassingError, "account"),
        (403, 20403, PassingError, "account"),
        (404, 20404, GoneError, "message"),
        (404, 50350, GoneError, "message"),
        (400, 50377, GoneError, "message"),
        (409, 50353, PassingError, "message"),
        (409, 50416, PassingError, "message"),
        (409, 50391, PassingError, "message"),
        (429, 20429, NotSentError, "message"),
        (429, 50063, NotSentError, "message"),
        (500, 20500, UnknownOutcomeError, "message"),
        (503, 20503, UnknownOutcomeError, "message"),
    ],
)
def test_a_code_decides_what_may_be_done_next(status: int, code: int, expected: type[CarrierError], scope: str) -> None:
    error = twilio(status, code)
    assert (type(error), error.scope) == (expected, scope)
    assert (error.code, error.http_status) == (code, status)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(400, PermanentError), (403, PermanentError), (409, PassingError), (404, GoneError), (422, PermanentError)],
)
def test_a_code_that_nobody_knows_is_judged_by_its_status(status: int, expected: type[CarrierError]) -> None:
    error = twilio(status, 98765)
    assert (type(error), error.code, error.scope) == (expected, 98765, "message")


@pytest.mark.parametrize("status", [400, 403, 404, 405, 407])
def test_a_refusal_in_words_that_are_not_twilios_blames_the_way_there_not_the_text(status: int) -> None:
    error = answered(status, b"<html>No such app</html>")
    assert (type(error), error.scope) == (PassingError, "account")


@pytest.mark.parametrize("status", [400, 404])
def test_a_refusal_that_broke_off_leaves_the_outcome_unknown(status: int) -> None:
    assert type(answered(status, b"")) is UnknownOutcomeError


@given(status=st.integers(400, 499), code=st.sampled_from([code for code in range(60_000) if codes.is_known(code)]))
def test_a_permanent_error_never_speaks_of_more_than_its_text(status: int, code: int) -> None:
    error = twilio(status, code)
    assert not isinstance(error, PermanentError) or error.scope == "message"


def test_telephone_numbers_are_cut_in_what_is_told_and_sids_are_not() -> None:
    sid = "CH" + "1234567890" * 3 + "12"
    error = twilio(400, 21211, f"The 'To' number +12125550123 is not valid (12125550123), see {sid} and 21211")
    assert "2125550" not in str(error)
    assert "…23" in str(error)
    assert sid in str(error)


def test_the_newer_error_form_is_read_too() -> None:
    body = {"type": "https://x", "title": "Bad Request", "status": 400, "code": 21617, "detail": "too long"}
    error = answered(400, body)
    assert (type(error), error.code) == (PermanentError, 21617)
    assert "too long" in str(error)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "7"}, 7.0),
        ({"Retry_After": "Fri, 20 Nov 2026 10:00:30 GMT", "Date": "Fri, 20 Nov 2026 10:00:00 GMT"}, 30.0),
        ({"Retry_After": "Fri, 20 Nov 2026 09:00:30 GMT", "Date": "Fri, 20 Nov 2026 10:00:00 GMT"}, 0.0),
        ({"Retry_After": "Fri, 20 Nov 2026 10:00:30 GMT"}, None),
        ({"Retry_After": "soon"}, None),
        ({}, None),
    ],
)
def test_a_wait_is_read_in_both_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert answered(429, {"code": 20429}, **headers).retry_after == seconds


@given(status=st.integers(300, 599), content=st.binary(max_size=60))
def test_no_answer_is_too_odd_to_be_classed(status: int, content: bytes) -> None:
    assert isinstance(error_for(status, {}, content), CarrierError)


@pytest.mark.parametrize("body", [[], "x", 7, None, {"code": "21211"}, {"code": True}, {"message": {}}])
def test_odd_json_is_no_trouble(body: object) -> None:
    assert isinstance(answered(400, body), CarrierError)
