"""Whom a campaign is for: leads by id, by a filter, or of a saved list, as far as the actor may see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from webapp.accounts.actors import Actor
from webapp.campaigns.joining.schemas import EnrollIn
from webapp.database import Connection
from webapp.leads import filters, lists
from webapp.web.problems import FieldError, Problem


def lead_ids(conn: Connection, actor: Actor, asked: EnrollIn, now: datetime) -> Sequence[int]:
    """The leads that the request means. Raises a 422 Problem unless it names exactly one kind, and for a wrong one."""
    given = [name for name in ("lead_ids", "saved_list_id", "filter") if getattr(asked, name) is not None]
    if len(given) != 1:
        raise Problem.invalid([("lead_ids", "give exactly one of lead_ids, saved_list_id and filter")])
    if asked.lead_ids is not None:
        return asked.lead_ids
    if asked.filter is not None:
        return _found_by(conn, actor, asked.filter, now)
    assert asked.saved_list_id is not None
    return _of_list(conn, actor, asked.saved_list_id, now)


def _found_by(conn: Connection, actor: Actor, given: object, now: datetime) -> list[int]:
    try:
        query = filters.leads_sql(filters.parse(given), actor, now)
    except filters.FilterError as error:
        raise Problem.invalid([FieldError(f"filter.{wrong.field}", wrong.message) for wrong in error.errors]) from None
    return [row[0] for row in conn.execute(query.sql, query.params)]


def _of_list(conn: Connection, actor: Actor, list_id: int, now: datetime) -> list[int]:
    try:
        query = lists.leads_sql(conn, list_id, actor, now)
    except LookupError:
        raise Problem.not_found("list", field="saved_list_id") from None
    return [row[0] for row in conn.execute(query.sql, query.params)]
