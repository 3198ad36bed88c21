"""JSON doors of our numbers: how each stands, and letting one write again that a circuit breaker has stopped."""

from __future__ import annotations

from webapp import database
from webapp.accounts.actors import current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.compliance import senders, stopped_senders
from webapp.web.fields import Answer, ById, OutId, OutInstant
from webapp.web.openapi import api_blueprint
from webapp.web.paging import Page, PageQuery, cut, decode_cursor
from webapp.web.problems import Problem

api = api_blueprint("senders_api", "Senders")


class SenderOut(Answer):
    """One of our numbers. `paused_because` has the figures that a circuit breaker stopped it for, and `paused_at` is
    since when; both are null while it writes. From one that is not `active` nothing goes."""

    id: OutId
    phone: str
    label: str
    active: bool
    is_default: bool
    paused_because: str | None
    paused_at: OutInstant | None


class Senders(Page[SenderOut]):
    """A page of our numbers, the oldest first."""


@api.get("/sms/senders", responses={200: Senders})
@requires(Permission.SIGNED_IN)
def list_senders(query: PageQuery) -> Senders:
    """Lists our numbers, and which of them are stopped."""
    after = decode_cursor(query.cursor)[0] if query.cursor else 0
    with database.autocommit() as conn:
        page = cut(senders.page(conn, query.limit, after), query.limit, lambda row: (row.id,))
    return Senders(items=[SenderOut.model_validate(row) for row in page.rows], next_cursor=page.next_cursor)


@api.post("/sms/senders/<id:id>/resume", responses={200: SenderOut})
@requires(Permission.MANAGE)
def resume_sender(path: ById) -> SenderOut:
    """Lets a number write again that was stopped for its figures; one that writes stays as it is.

    What waited for it goes as soon as the rules allow, and what it was stopped for does not count again.
    """
    with database.transaction() as conn:
        stopped_senders.resume(conn, path.id, current_actor())
        found = senders.find(conn, path.id)
    if found is None:
        raise Problem.not_found("sender")
    return SenderOut.model_validate(found)
