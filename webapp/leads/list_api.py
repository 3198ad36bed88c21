"""JSON doors of saved lists."""

from __future__ import annotations

from dataclasses import replace

from flask import Response

from webapp import clock, database
from webapp.accounts import audit
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.database import Connection
from webapp.leads import lists
from webapp.leads.list_schemas import ListIn, ListOut, ListPatch, Lists, read_filter
from webapp.leads.lists import NameTakenError, NewList, SavedList, TooManyError
from webapp.web.fields import ById
from webapp.web.openapi import api_blueprint, no_content, problem
from webapp.web.paging import PageQuery, cut, decode_cursor
from webapp.web.problems import Problem

api = api_blueprint("lists_api", "Lists")

_TAKEN = problem("You have a list of this name.")
_IN_USE = problem("A campaign that is not over stands on this list.")


@api.get("/leads/lists", responses={200: Lists})
@requires(Permission.SIGNED_IN)
def list_lists(query: PageQuery) -> Lists:
    """Lists one's own saved lists, and those that are shared, by name."""
    after = decode_cursor(query.cursor) if query.cursor else None
    with database.autocommit() as conn:
        found = lists.visible_lists(
            conn, current_actor(), limit=query.limit + 1, after=(after[0], after[1]) if after else None
        )
    page = cut(found, query.limit, lambda each: (each.sort_key, each.id))
    return Lists(items=[_out(each) for each in page.rows], next_cursor=page.next_cursor)


@api.post("/leads/lists", responses={201: ListOut, 409: _TAKEN})
@requires(Permission.SIGNED_IN)
def create_list(body: ListIn) -> tuple[ListOut, int]:
    """Saves a list."""
    actor = current_actor()
    new = NewList(body.name, read_filter(body.filter), body.shared, body.frozen)
    with database.transaction() as conn:
        try:
            list_id = lists.create(conn, actor, new, clock.now())
        except NameTakenError:
            raise Problem.conflict(lists.TAKEN, reason="duplicate") from None
        except TooManyError:
            raise Problem.invalid([("frozen", lists.TOO_MANY)]) from None
        return _shown(conn, actor, list_id), 201


@api.get("/leads/lists/<id:id>", responses={200: ListOut})
@requires(Permission.SIGNED_IN)
def get_list(path: ById) -> ListOut:
    """One list. Ask `GET /api/leads?list_id=` for its leads."""
    with database.autocommit() as conn:
        return _shown(conn, current_actor(), path.id)


@api.patch("/leads/lists/<id:id>", responses={200: ListOut, 409: _TAKEN})
@requires(Permission.SIGNED_IN)
def change_list(path: ById, body: ListPatch) -> ListOut:
    """Changes a list of one's own; managers, any shared one. It is counted anew."""
    actor = current_actor()
    with database.transaction() as conn:
        saved = lists.demand(conn, actor, path.id, to_change=True)
        try:
            lists.change(conn, saved, actor, _changed(saved, body), clock.now())
        except NameTakenError:
            raise Problem.conflict(lists.TAKEN, reason="duplicate") from None
        except TooManyError:
            raise Problem.invalid([("frozen", lists.TOO_MANY)]) from None
        return _shown(conn, actor, path.id)


@api.delete("/leads/lists/<id:id>", responses={204: None, 409: _IN_USE})
@requires(Permission.SIGNED_IN)
def delete_list(path: ById) -> Response:
    """Deletes a list; its leads stay."""
    actor = current_actor()
    with database.transaction() as conn:
        saved = lists.demand(conn, actor, path.id, to_change=True)
        lists.delete(conn, saved, clock.now())
        audit.record(conn, actor.id, "list.deleted", f"list:{path.id}", name=saved.name)
    return no_content()


def _changed(saved: SavedList, body: ListPatch) -> NewList:
    given = body.model_fields_set
    return NewList(
        body.name if "name" in given else saved.name,
        read_filter(body.filter) if "filter" in given else saved.described,
        body.shared if "shared" in given else saved.shared,
        body.frozen if "frozen" in given else saved.frozen,
    )


def _shown(conn: Connection, actor: Actor, list_id: int) -> ListOut:
    return _out(lists.demand(conn, actor, list_id))


def _out(saved: SavedList) -> ListOut:
    """A list with its count, where that says nothing of leads that the asker may not see."""
    counted = saved.count_for(current_actor())
    return ListOut.model_validate(
        replace(saved, counted=counted, counted_at=saved.counted_at if counted is not None else None)
    )
