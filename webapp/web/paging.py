"""Keyset pages: a cursor says after which row to go on. It is signed, and good for the list that it came from."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

from flask import current_app, request
from pydantic import Field, StringConstraints

from webapp.web.fields import Answer, Limit, Query
from webapp.web.problems import Problem

_SIGNATURE_BYTES = 8
_NOT_OF_THE_LIST = frozenset({"cursor", "limit"})

Row = TypeVar("Row")
Item = TypeVar("Item", bound=Answer)

#: Room for a place in a list of names; an address with it stays shorter than web servers take (8 KB).
Cursor = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]*$", max_length=2000)]


class PageQuery(Query):
    """What every list takes."""

    limit: Limit = 50
    cursor: Cursor | None = Field(default=None, description="`next_cursor` of the page before.")


class Page(Answer, Generic[Item]):
    """One page; ``next_cursor`` is null on the last."""

    items: list[Item]
    next_cursor: str | None


class Cut(NamedTuple, Generic[Row]):
    """The rows of a page, and the cursor of the next."""

    rows: list[Row]
    next_cursor: str | None


def cut(rows: Sequence[Row], limit: int, key: Callable[[Row], tuple[object, ...]]) -> Cut[Row]:
    """Cuts ``limit + 1`` fetched rows to a page; the row too many shows that there is another."""
    if len(rows) <= limit:
        return Cut(list(rows), None)
    return Cut(list(rows[:limit]), encode_cursor(*key(rows[limit - 1])))


def encode_cursor(*values: object, scope: str | None = None) -> str:
    """A cursor that carries ints, strings, nulls and instants. ``scope`` names the list; the request's, by default."""
    payload = json.dumps(values, default=_encode_instant, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_sign(payload, scope) + payload).decode().rstrip("=")


def decode_cursor(cursor: str, scope: str | None = None) -> tuple[Any, ...]:
    """The values of a cursor. Raises a 422 Problem where it is not one of ours, or belongs to another list."""
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except (UnicodeEncodeError, binascii.Error):
        raise _refused() from None
    signature, payload = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _sign(payload, scope)):
        raise _refused()
    return tuple(json.loads(payload, object_hook=_decode_instant))


def _refused() -> Problem:
    return Problem.invalid([("cursor", "is not a cursor of this list; start again without it")])


def _sign(payload: bytes, scope: str | None) -> bytes:
    key = str(current_app.secret_key).encode()
    listed = (scope if scope is not None else _list_of_request()).encode()
    return hmac.digest(key, b"cursor\0" + listed + b"\0" + payload, "sha256")[:_SIGNATURE_BYTES]


def _list_of_request() -> str:
    """The path and the filters: a cursor made under one order or filter means nothing under another."""
    filters = sorted((name, value) for name, value in request.args.items(multi=True) if name not in _NOT_OF_THE_LIST)
    return json.dumps([request.path, filters])


def _encode_instant(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    raise TypeError(f"a cursor cannot carry {type(value).__name__}")


def _decode_instant(value: dict[str, str]) -> datetime:
    return datetime.fromisoformat(value["at"])
