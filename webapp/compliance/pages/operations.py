"""What the room's bulk operations share: how far one is, its counters, and what was wrong with its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp import database
from webapp.database import Connection
from webapp.jobs import bulk
from webapp.jobs.bulk import Operation
from webapp.leads import import_reading
from webapp.web.fragments import is_fragment, not_modified, tagged, unchanged
from webapp.web.paging import decode_cursor, encode_cursor
from webapp.web.problems import Problem

_ERRORS_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """How a kind of operation is told: its counters as name, label and hint; what "stop" leaves; and the way back."""

    kind: str
    counters: Sequence[tuple[str, str, str]]
    stop_detail: str
    back: str
    back_words: str
    cancel: str
    self_endpoint: str


def demand(conn: Connection, operation_id: int, kind: str) -> Operation:
    """The operation, which every manager may see. Raises a 404 Problem."""
    operation = bulk.find(conn, operation_id)
    if operation is None or operation.kind != kind:
        raise Problem.not_found("import")
    return operation


def show(operation_id: int, shown: Shown) -> ResponseReturnValue:
    """The page of an operation; it is its own poller's answer. Unchanged is a 304."""
    cursor = request.args.get("after")
    with database.transaction() as conn:
        operation = demand(conn, operation_id, shown.kind)
        version = f"{operation.status}-{operation.done}"
        if is_fragment() and unchanged(version):
            return not_modified()
        return tagged(_render(conn, operation, shown, version, cursor), version)


def _render(conn: Connection, operation: Operation, shown: Shown, version: str, cursor: str | None) -> str:
    scope = f"import errors {operation.id}"
    position = decode_cursor(cursor, scope=scope) if cursor else None
    after = (int(position[0]), str(position[1])) if position else None
    page = import_reading.errors(conn, operation.id, after=after, limit=_ERRORS_PER_PAGE)
    return render_template(
        "compliance/_operation.html" if is_fragment() else "compliance/operation.html",
        o=operation,
        shown=shown,
        version=version,
        page=page,
        more=encode_cursor(*page.next_after, scope=scope) if page.next_after else None,
        first=cursor is None,
    )
