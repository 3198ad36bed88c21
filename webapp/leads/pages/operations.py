"""The page of an import, of whatever kind: how far it is, its counters, what was wrong with its rows, and the stop.

Rooms above bring their own kinds: they say with ``Shown`` how theirs is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import database
from webapp.accounts.actors import current_actor
from webapp.database import Connection
from webapp.jobs import bulk
from webapp.jobs.bulk import Operation
from webapp.leads import import_reading
from webapp.web.fragments import is_fragment, not_modified, tagged, toast, unchanged
from webapp.web.paging import decode_cursor, encode_cursor
from webapp.web.problems import Problem

_ERRORS_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """How a kind of operation is told: its counters as name, label and hint, and what stopping it leaves behind.

    ``endpoint`` shows it, and answers its own poller; ``cancel`` stops it. ``page`` is the template of the whole page,
    ``progress`` of the part that polls: ``leads/_operation.html``, or one that extends it.
    """

    kind: str
    counters: Sequence[tuple[str, str, str]]
    stop_detail: str
    endpoint: str
    cancel: str
    page: str
    progress: str = "leads/_operation.html"


def demand(conn: Connection, operation_id: int, kind: str) -> Operation:
    """The operation, for who started it and for managers. Raises a 404 Problem."""
    operation = import_reading.find(conn, current_actor(), operation_id)
    if operation is None or operation.kind != kind:
        raise Problem.not_found("import")
    return operation


def show(conn: Connection, operation: Operation, shown: Shown, **more: object) -> ResponseReturnValue:
    """The page; it is its own poller's answer, and unchanged is a 304. ``more`` is for the kind's own templates."""
    version = f"{operation.status}-{operation.done}"
    if is_fragment() and unchanged(version):
        return not_modified()
    scope = f"import errors {operation.id}"
    cursor = request.args.get("after")
    position = decode_cursor(cursor, scope=scope) if cursor else None
    after = (int(position[0]), str(position[1])) if position else None
    page = import_reading.errors(conn, operation.id, after=after, limit=_ERRORS_PER_PAGE)
    html = render_template(
        shown.progress if is_fragment() else shown.page,
        o=operation,
        shown=shown,
        version=version,
        page=page,
        next_page=encode_cursor(*page.next_after, scope=scope) if page.next_after else None,
        first=cursor is None,
        **more,
    )
    return tagged(html, version)


def stop(operation_id: int, shown: Shown, words: str) -> ResponseReturnValue:
    """Stops it after the batch in hand, says in ``words`` what that leaves, and shows it."""
    with database.transaction() as conn:
        demand(conn, operation_id, shown.kind)
        stopped = bulk.cancel(conn, operation_id)
    toast(words if stopped else "It was finished already.")
    return redirect(url_for(shown.endpoint, operation_id=operation_id), 303)


def form_page(page: str, form_alone: str, **values: object) -> str:
    """The page that asks for a file; after an error of a form that htmx sent, the form alone, which keeps the file."""
    return render_template(form_alone if is_fragment() else page, **values)
