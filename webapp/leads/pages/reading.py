"""Looking: the list of leads, and one lead with its conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp import database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.database import Connection
from webapp.leads import listing
from webapp.leads.listing import Filter, Owner, Page, Position, Sort
from webapp.leads.pages.blueprint import ID, active_people, blueprint, demand_lead
from webapp.leads.search import text_query
from webapp.web.paging import decode_cursor, encode_cursor
from webapp.web.problems import Problem

_PER_PAGE = 50
_LONGEST_SEARCH, _ID_DIGITS = 200, 18


@dataclass(frozen=True, slots=True)
class View:
    """What the list is asked to show, as its address has it."""

    typed: str
    owner: Owner | int
    sort: Sort

    @classmethod
    def read(cls, given: MultiDict[str, str]) -> Self:
        """The view that an address means; what makes no sense in it is passed over."""
        owner, sort = given.get("owner", ""), given.get("sort", "")
        is_person = owner.isascii() and owner.isdigit() and len(owner) <= _ID_DIGITS
        named = Owner(owner) if owner in set(Owner) else Owner.ALL
        return cls(
            given.get("q", "")[:_LONGEST_SEARCH].replace("\x00", "").strip(),
            int(owner) if is_person else named,
            Sort(sort) if sort in set(Sort) else Sort.NEWEST,
        )

    @property
    def wanted(self) -> Filter:
        return Filter(self.typed, self.sort, self.owner)

    @property
    def searches(self) -> bool:
        """Whether anything was typed that can be looked for: a lone "(" is not."""
        return text_query(self.typed) is not None

    @property
    def narrowed(self) -> bool:
        """Whether it shows less than everything that the person may see."""
        return self.searches or self.owner is not Owner.ALL

    def at(self, **more: str | None) -> str:
        """The list's address with this view; ``more`` replaces parts of it, None leaves them out."""
        parts = {"q": self.typed, "owner": str(self.owner), "sort": str(self.sort), **more}
        defaults = {"q": "", "owner": Owner.ALL, "sort": Sort.NEWEST}
        kept: dict[str, Any] = {name: value for name, value in parts.items() if value not in {None, defaults.get(name)}}
        return url_for("leads.index", **kept)

    @property
    def scope(self) -> str:
        """A cursor of one view means nothing in another."""
        return f"leads {self.at()}"


@blueprint.get("/leads")
@requires(Permission.SIGNED_IN)
def index() -> ResponseReturnValue:
    """The list: searched, narrowed, sorted, one page of it."""
    actor, view = current_actor(), View.read(request.args)
    with database.transaction() as conn:
        try:
            page = _page(conn, actor, view)
        except Problem:  # a cursor of another view, or from before the secret key changed
            return redirect(view.at())
        return render_template(
            "leads/index.html",
            view=view,
            page=page,
            found=listing.count(conn, actor, view.wanted),
            most=listing.COUNTED_AT_MOST,
            people=[person for person in active_people(conn) if person.id != actor.id] if actor.sees_all else [],
            newer=_cursor(view, page, 0) if page.more_before else None,
            older=_cursor(view, page, -1) if page.more_after else None,
        )


@blueprint.get(f"/leads/<{ID}:lead_id>")
@requires(Permission.SIGNED_IN)
def show(lead_id: int) -> ResponseReturnValue:
    """One lead, with the conversation beside it."""
    actor = current_actor()
    with database.transaction() as conn:
        lead = demand_lead(conn, actor, lead_id)
        return render_template("leads/show.html", lead=lead, people=active_people(conn))


def _page(conn: Connection, actor: Actor, view: View) -> Page:
    """The page asked for. Going back past a full page ends at the top, which is then filled up."""
    after, before = _position(view, "after"), _position(view, "before")
    page = listing.find_page(conn, actor, view.wanted, _PER_PAGE, after=after, before=before)
    at_the_top = (before is not None and not page.more_before) or (after is not None and not page.leads)
    return listing.find_page(conn, actor, view.wanted, _PER_PAGE) if at_the_top else page


def _position(view: View, name: str) -> Position | None:
    cursor = request.args.get(name)
    return decode_cursor(cursor, scope=view.scope) if cursor else None


def _cursor(view: View, page: Page, row: int) -> str:
    return encode_cursor(*listing.position_of(page.leads[row], view.sort), scope=view.scope)
