"""From an answer that is not a 2xx to the error that says what may be done next."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from webapp.carrier import codes, reading
from webapp.carrier.errors import (
    CarrierError,
    GoneError,
    NotSentError,
    PassingError,
    PermanentError,
    Scope,
    UnknownOutcomeError,
)

_NUMBER = re.compile(r"(?<![0-9A-Za-z])\+?\d{5,13}(\d{2})(?![0-9A-Za-z])")
_CLOSED_FOR_GOOD = 50377


def error_for(status: int, headers: Mapping[str, str], content: bytes) -> CarrierError:
    """The error for an answer with HTTP ``status``, whose body should be Twilio's ``{code, message, status}``."""
    said = _said(content)
    code = reading.error_code((said or {}).get("code"))
    error_class, scope = _class_and_scope(status, code, said is not None, empty=not content)
    return error_class(
        _message(status, code, said),
        code=code,
        http_status=status,
        retry_after=_retry_after(headers),
        scope=scope,
    )


def _class_and_scope(
    status: int, code: int | None, from_carrier: bool, *, empty: bool
) -> tuple[type[CarrierError], Scope]:
    if status == 429:
        return NotSentError, "message"
    if status == 401:
        return PassingError, "account"
    if status < 400 or status >= 500 or status == 408 or empty:
        return UnknownOutcomeError, "message"
    if not from_carrier:
        # Not Twilio's own words: a proxy or a wrong address answered. No text is at fault.
        return PassingError, "account"
    if status == 404 or code == _CLOSED_FOR_GOOD:
        return GoneError, "message"
    return _by_code(status, code)


def _by_code(status: int, code: int | None) -> tuple[type[CarrierError], Scope]:
    if code is None or not codes.is_known(code):
        return (PassingError if status == 409 else PermanentError), "message"
    words = codes.explain(code)
    if words.kind in {"permanent", "bad_number", "opt_out"} or (words.kind == "config" and words.scope == "message"):
        return PermanentError, "message"
    return PassingError, words.scope


def _said(content: bytes) -> Mapping[str, object] | None:
    try:
        said = json.loads(content)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _message(status: int, code: int | None, said: Mapping[str, object] | None) -> str:
    """Twilio's own words with telephone numbers cut to their last two digits. Both its error forms are read."""
    said = said or {}
    words = str(said.get("message") or said.get("detail") or said.get("title") or "no explanation")
    words = _NUMBER.sub(r"…\1", words)
    return f"{code}: {words}" if code else f"HTTP {status}: {words}"


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait; a date is counted from the answer's own ``Date``, so that no clock of ours is asked."""
    value = headers.get("Retry-After")
    if not value:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(headers.get("Date") or "")
    except (ValueError, TypeError):
        return None
    return max(0.0, wait.total_seconds())
