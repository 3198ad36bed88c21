"""Changing many leads at once: what is to be done to whom, how far it is, and taking it back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts import notices
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.mail import Letter
from webapp.accounts.permissions import Permission, requires
from webapp.database import Connection
from webapp.jobs import bulk
from webapp.jobs.bulk import Operation, RowError
from webapp.leads import bulk_actions, bulk_export, bulk_work, filters, lists, reading
from webapp.leads.bulk_actions import Action, RefusedError
from webapp.leads.bulk_work import NobodyError
from webapp.leads.filters import Query
from webapp.leads.pages import operations
from webapp.leads.pages.blueprint import ID, blueprint
from webapp.leads.pages.operations import Shown
from webapp.leads.pages.view import as_text, read_filter
from webapp.web.fields import ID_REGEX
from webapp.web.problems import Problem

#: Leads that one page can have ticked.
_MOST_TICKED = 200


@blueprint.get("/leads/bulk")
@requires(Permission.SIGNED_IN)
def ask_bulk() -> ResponseReturnValue:
    """Asks what an action needs, and for whom it is: those that were ticked, or all that the page showed."""
    with database.transaction() as conn:
        return _ask(conn, current_actor())


@blueprint.post("/leads/bulk")
@requires(Permission.SIGNED_IN)
def begin_bulk() -> ResponseReturnValue:
    """Begins, and goes on to its progress. What is wrong is said at its field."""
    actor = current_actor()
    with database.transaction() as conn:
        action = _action(actor)
        try:
            params = action.read(conn, actor, request.form)
            operation_id = bulk_work.begin(conn, actor, action, params, _chosen(actor))
            letters = _letters(conn, actor, action, operation_id)
        except RefusedError as refused:
            return _ask(conn, actor, errors={refused.field: str(refused)}), 422
        except NobodyError:
            conn.rollback()
            return _ask(conn, actor, errors={"whom": "There is no such lead any more."}), 422
    bulk.ring(bulk_work.KIND, operation_id)
    notices.send_aside(current_app.extensions["leadline"], letters)
    return redirect(url_for("leads.show_bulk", operation_id=operation_id), 303)


@blueprint.get(f"/leads/bulk/<{ID}:operation_id>")
@requires(Permission.SIGNED_IN)
def show_bulk(operation_id: int) -> ResponseReturnValue:
    """How far it is and what came of it; one may leave this page and come back. It is its own poller's answer."""
    actor = current_actor()
    with database.transaction() as conn:
        operation = operations.demand(conn, operation_id, bulk_work.KIND)
        return operations.show(
            conn,
            operation,
            _shown(actor, operation),
            undoable=bulk_work.undoable(conn, actor, operation) is not None,
            downloadable=_has_file(conn, actor, operation),
            titles=_titles(conn, actor),
        )


@blueprint.post(f"/leads/bulk/<{ID}:operation_id>/cancel")
@requires(Permission.SIGNED_IN)
def cancel_bulk(operation_id: int) -> ResponseReturnValue:
    """Stops after the batch in hand."""
    with database.transaction() as conn:
        operation = operations.demand(conn, operation_id, bulk_work.KIND)
    return operations.stop(operation_id, _shown(current_actor(), operation), "Stopped. What is done stays done.")


@blueprint.post(f"/leads/bulk/<{ID}:operation_id>/undo")
@requires(Permission.SIGNED_IN)
def undo_bulk(operation_id: int) -> ResponseReturnValue:
    """Begins to take it back."""
    actor = current_actor()
    with database.transaction() as conn:
        operation = operations.demand(conn, operation_id, bulk_work.KIND)
        undoing_id = bulk_work.undo(conn, actor, operation)
    bulk.ring(bulk_work.KIND, undoing_id)
    return redirect(url_for("leads.show_bulk", operation_id=undoing_id), 303)


@blueprint.get(f"/leads/bulk/<{ID}:operation_id>/leads.csv")
@requires(Permission.MANAGE)
def download_export(operation_id: int) -> ResponseReturnValue:
    """The file of an export, streamed piece by piece from a connection of its own."""
    with database.transaction() as conn:
        operation = operations.demand(conn, operation_id, bulk_work.KIND)
        if not _has_file(conn, current_actor(), operation):
            raise Problem.not_found("file: it is kept for a day")
    headers = {"Content-Disposition": f'attachment; filename="leads-{operation_id}.csv"'}
    return Response(bulk_export.stream(operation), mimetype="text/csv", headers=headers)


def _letters(conn: Connection, actor: Actor, action: Action, operation_id: int) -> Sequence[Letter]:
    """What the owners are told of it."""
    operation = bulk.find(conn, operation_id)
    if operation is None or not action.tells:
        return []
    return notices.to_owners(
        conn, action.tells, f"{actor.name}: {operation.params['says']}, {operation.total:,} leads."
    )


def _ask(conn: Connection, actor: Actor, errors: dict[str, str] | None = None) -> str:
    action, ticked = _action(actor), _ticked()
    chosen = read_filter(request.values.get("filter", ""))
    return render_template(
        "leads/bulk/ask.html",
        action=action,
        ticked=ticked,
        whom=request.form.get("whom") or ("ticked" if ticked else "all"),
        filter_json=as_text(chosen),
        everybody=not chosen.narrows,
        count=lists.count_of(conn, filters.leads_sql(chosen, actor, clock.now())),
        given=request.form,
        errors=errors or {},
        **action.offers(conn, actor),
    )


def _action(actor: Actor) -> Action:
    action = bulk_actions.action_of(request.values.get("action", ""), actor)
    if action is None:
        raise Problem.not_found("action")
    return action


def _chosen(actor: Actor) -> Query:
    if request.form.get("whom") == "ticked":
        return bulk_work.chosen_leads(_ticked(), actor)
    if not _means_a_filter(request.form.get("filter", "")):
        raise Problem(400, "The page did not say whom this is for. Go back to the leads, and start again.")
    return filters.leads_sql(read_filter(request.form["filter"]), actor, clock.now())


def _means_a_filter(text: str) -> bool:
    """A broken filter must not become everybody."""
    try:
        filters.parse(json.loads(text))
    except (ValueError, RecursionError):
        return False
    return True


def _ticked() -> list[int]:
    given = request.values.getlist("lead")[:_MOST_TICKED]
    return [int(lead_id) for lead_id in given if re.fullmatch(ID_REGEX, lead_id)]


def _shown(actor: Actor, operation: Operation) -> Shown:
    """How the action counts; one that this person may not do, or that is gone, as it counted itself."""
    action = bulk_actions.action_of(operation.params["action"], actor)
    words = action.counters if action else {name: name.capitalize() for name in operation.counters}
    return Shown(
        bulk_work.KIND,
        [(name, word, "") for name, word in words.items()],
        "What is done stays done.",
        endpoint="leads.show_bulk",
        cancel="leads.cancel_bulk",
        page="leads/bulk/show.html",
        progress="leads/bulk/_progress.html",
    )


def _has_file(conn: Connection, actor: Actor, operation: Operation) -> bool:
    is_export = operation.params["action"] == bulk_export.NAME and actor.may(Permission.MANAGE)
    return is_export and operation.over and bulk_export.is_kept(conn, operation)


def _titles(conn: Connection, actor: Actor) -> Callable[[Sequence[RowError]], dict[str, reading.Lead]]:
    """The leads that row errors name, as far as they are there and may be seen."""

    def titles(errors: Sequence[RowError]) -> dict[str, reading.Lead]:
        ids = [int(error.field.removeprefix("lead:")) for error in errors if error.field.startswith("lead:")]
        return {f"lead:{lead.id}": lead for lead in reading.find_many(conn, actor, ids)}

    return titles
