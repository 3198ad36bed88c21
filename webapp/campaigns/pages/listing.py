"""All campaigns: state, audience, what is due next, a small funnel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp import database
from webapp.accounts.actors import current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.campaigns.building.starters import STARTERS
from webapp.campaigns.figures import overview
from webapp.campaigns.figures.overview import Filter, Sort
from webapp.campaigns.pages.blueprint import blueprint
from webapp.models.constants import CampaignStatus

_LONGEST_SEARCH = 200
_ID_DIGITS = 18


@dataclass(frozen=True, slots=True)
class View:
    """What the list is asked to show, as its address has it; ``before`` is the last campaign of the page before."""

    typed: str
    status: CampaignStatus | None
    sort: Sort
    before: int | None

    @classmethod
    def read(cls, given: MultiDict[str, str]) -> Self:
        """The view that an address means; what means nothing is left out."""
        status, sort, before = given.get("status", ""), given.get("sort", ""), given.get("before", "")
        is_id = before.isascii() and before.isdigit() and len(before) <= _ID_DIGITS
        return cls(
            given.get("q", "")[:_LONGEST_SEARCH].replace("\x00", "").strip(),
            CampaignStatus(status) if status in set(CampaignStatus) else None,
            Sort(sort) if sort in set(Sort) else Sort.NEWEST,
            int(before) if is_id else None,
        )

    @property
    def wanted(self) -> Filter:
        return Filter(self.typed, self.status, self.sort)

    def at(self, **more: object) -> str:
        """The list's address with this view; ``more`` replaces parts of it, None leaves them out."""
        parts: dict[str, object] = {"q": self.typed, "status": self.status, "sort": self.sort, "before": self.before}
        kept: dict[str, Any] = {name: value for name, value in {**parts, **more}.items() if value}
        if kept.get("sort") == Sort.NEWEST:
            del kept["sort"]
        return url_for("campaigns.index", **kept)


@blueprint.get("")
@requires(Permission.SIGNED_IN)
def index() -> ResponseReturnValue:
    """The campaigns that one may see."""
    view = View.read(request.args)
    with database.transaction() as conn:
        found = overview.lines(conn, current_actor(), view.wanted, before=view.before)
    shown = found[: overview.PAGE_SIZE]
    return render_template(
        "campaigns/list.html",
        view=view,
        lines=shown,
        more=shown[-1].id if len(found) > len(shown) else None,
        statuses=list(CampaignStatus),
        starters=STARTERS,
    )
