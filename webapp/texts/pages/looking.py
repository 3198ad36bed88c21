"""Looking: the list of templates as one lead would read them, the versions of one, and a preview of what is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Self, TypeAlias

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp import database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.carrier.segments import LONGEST_BODY
from webapp.database import Connection
from webapp.texts import people, reading, showing, starters
from webapp.texts.diffing import word_diff
from webapp.texts.library import CATEGORY_LENGTH
from webapp.texts.pages.blueprint import ID, blueprint, demand_template
from webapp.texts.preview import Preview, preview
from webapp.texts.reading import Filter, Template
from webapp.texts.starters import Starter

#: A template beside its text as the chosen lead would read it.
Row: TypeAlias = tuple[Template, Preview]

_LONGEST_SEARCH = 200
_LONGEST_BODY = 2 * LONGEST_BODY  # more is no text any more, and would only take time


@dataclass(frozen=True, slots=True)
class View:
    """What the list is asked to show, as its address has it; ``reader`` is whom it is shown for, as typed."""

    typed: str
    category: str | None
    reader: str
    archived: bool

    @classmethod
    def read(cls, given: MultiDict[str, str]) -> Self:
        """The view that an address means."""
        typed, reader = (given.get(name, "")[:_LONGEST_SEARCH].replace("\x00", "").strip() for name in ("q", "for"))
        category = given.get("category", "")[:CATEGORY_LENGTH].replace("\x00", "") or None
        return cls(typed, category, reader, given.get("archived") == "yes")

    @property
    def wanted(self) -> Filter:
        return Filter(self.typed, self.category, self.archived)

    @property
    def narrowed(self) -> bool:
        """Whether it shows less than all that is there."""
        return bool(self.typed or self.category)

    def at(self, **more: str | None) -> str:
        """The list's address with this view; ``more`` replaces parts of it, None leaves them out."""
        parts = {"q": self.typed, "category": self.category, "for": self.reader, "archived": "yes" * self.archived}
        kept: dict[str, Any] = {name: value for name, value in {**parts, **more}.items() if value}
        return url_for("texts_pages.index", **kept)


@blueprint.get("/templates")
@requires(Permission.SIGNED_IN)
def index() -> ResponseReturnValue:
    """The templates that one may use, by category, each as the chosen lead would read it."""
    actor, view = current_actor(), View.read(request.args)
    with database.transaction() as conn:
        found = reading.find_page(conn, actor, view.wanted, reading.MOST + 1)
        shown, reader = found[: reading.MOST], people.match(conn, actor, view.reader)
        known = people.fields_of(conn, reader, actor.name)
        return render_template(
            "texts/index.html",
            view=view,
            reader=reader,
            groups=_by_category([(template, preview(template.body, known)) for template in shown]),
            found=len(shown),
            more=len(found) > len(shown),
            categories=reading.categories(conn, actor),
            archived=reading.count_archived(conn, actor),
            starters=[(each, preview(each.body, known)) for each in _starters_to_offer(conn, actor)],
        )


@blueprint.get(f"/templates/<{ID}:template_id>/versions")
@requires(Permission.SIGNED_IN)
def versions(template_id: int) -> ResponseReturnValue:
    """Every wording, newest first, each with what it changed."""
    actor = current_actor()
    with database.transaction() as conn:
        template = demand_template(conn, actor, template_id)
        found = reading.versions(conn, template_id)
    earlier = [*(each.body for each in found[1:]), None]
    changed = [
        (version, None if before is None else word_diff(before, version.body))
        for version, before in zip(found, earlier, strict=True)
    ]
    may_change = template.may_be_changed_by(actor)
    return render_template("texts/versions.html", template=template, changed=changed, may_change=may_change)


@blueprint.post("/templates/preview")
@requires(Permission.SIGNED_IN)
def preview_typed() -> ResponseReturnValue:
    """What is being typed, as a lead would read it. ``field`` names the part of the form that holds the text.

    Nothing is kept.
    """
    actor, typed = current_actor(), request.form.get("for", "")[:_LONGEST_SEARCH]
    body = request.form.get(request.form.get("field", "body"), "").replace("\r\n", "\n").replace("\x00", "").strip()
    with database.transaction() as conn:
        shown = showing.show(conn, actor, body[:_LONGEST_BODY], typed)
    return render_template("texts/preview.html", shown=shown)


def _by_category(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Rows in the list's order, under the name of each category as its first template spells it."""
    groups = [list(group) for _, group in groupby(rows, lambda row: row[0].category.lower())]
    return [(group[0][0].category, group) for group in groups]


def _starters_to_offer(conn: Connection, actor: Actor) -> list[Starter]:
    """Those whose names are still free."""
    taken = {template.name.lower() for template in reading.find_page(conn, actor, Filter())}
    return [starter for starter in starters.STARTERS if starter.name.lower() not in taken]
