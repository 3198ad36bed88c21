"""Looking: the list of leads, and one lead with its conversation."""

from __future__ import annotations

import re

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.database import Connection
from webapp.leads import bulk_actions, filter_form, filter_words, listing, lists
from webapp.leads.listing import Page, Position
from webapp.leads.lists import SavedList
from webapp.leads.pages.blueprint import ID, active_people, blueprint, demand_lead
from webapp.leads.pages.view import View
from webapp.web.fields import ID_REGEX
from webapp.web.fragments import is_fragment
from webapp.web.paging import decode_cursor, encode_cursor
from webapp.web.problems import Problem

_PER_PAGE = 50


@blueprint.get("/leads")
@requires(Permission.SIGNED_IN)
def index() -> ResponseReturnValue:
    """The list: searched, filtered, sorted, one page of it. While it is narrowed the address follows."""
    actor = current_actor()
    with database.transaction() as conn:
        view = View.read(request.args, _saved(conn, actor))
        try:
            page = _page(conn, actor, view)
        except Problem:  # a cursor of another view, or from before the secret key changed
            return redirect(view.at())
        html = render_template(
            "leads/index.html",
            view=view,
            page=page,
            found=listing.count(conn, actor, view.wanted(clock.now())),
            most=listing.COUNTED_AT_MOST,
            people=[person for person in active_people(conn) if person.id != actor.id] if actor.sees_all else [],
            choices=filter_words.choices_for(conn, actor, view.builder.fields),
            fields=filter_form.grouped_fields(),
            phrase=filter_words.phrase,
            actions=bulk_actions.actions_for(actor),
            newer=_cursor(view, page, 0) if page.more_before else None,
            older=_cursor(view, page, -1) if page.more_after else None,
        )
    response = make_response(html)
    if is_fragment():
        response.headers["HX-Replace-Url"] = view.at()
    return response


@blueprint.get(f"/leads/<{ID}:lead_id>")
@requires(Permission.SIGNED_IN)
def show(lead_id: int) -> ResponseReturnValue:
    """One lead, with the conversation beside it."""
    actor = current_actor()
    with database.transaction() as conn:
        lead = demand_lead(conn, actor, lead_id)
        return render_template("leads/show.html", lead=lead, people=active_people(conn))


def _saved(conn: Connection, actor: Actor) -> SavedList | None:
    """The list that the address names. Raises a 404 Problem."""
    given = request.args.get("list", "")
    if not given:
        return None
    return lists.demand(conn, actor, int(given) if re.fullmatch(ID_REGEX, given) else 0)


def _page(conn: Connection, actor: Actor, view: View) -> Page:
    """The page asked for. Going back past a full page ends at the top, which is then filled up."""
    after, before, wanted = _position(view, "after"), _position(view, "before"), view.wanted(clock.now())
    page = listing.find_page(conn, actor, wanted, _PER_PAGE, after=after, before=before)
    at_the_top = (before is not None and not page.more_before) or (after is not None and not page.leads)
    return listing.find_page(conn, actor, wanted, _PER_PAGE) if at_the_top else page


def _position(view: View, name: str) -> Position | None:
    cursor = request.args.get(name)
    return decode_cursor(cursor, scope=view.scope) if cursor else None


def _cursor(view: View, page: Page, row: int) -> str:
    return encode_cursor(*listing.position_of(page.leads[row], view.sort), scope=view.scope)
