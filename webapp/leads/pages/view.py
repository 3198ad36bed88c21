"""What the list of leads is asked to show, as its address has it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from flask import url_for
from werkzeug.datastructures import MultiDict

from webapp.leads import filter_form, filters
from webapp.leads.filter_form import Builder
from webapp.leads.filters import Condition, Filter, FilterError
from webapp.leads.listing import Filter as Wanted
from webapp.leads.listing import Owner, Sort
from webapp.leads.lists import SavedList
from webapp.leads.search import text_query
from webapp.leads.standings import WORDS, Standing

_LONGEST_SEARCH, _ID_DIGITS = 200, 18
_OWNER_WORDS: dict[str, str] = {Owner.MINE: "me", Owner.UNASSIGNED: "nobody"}


@dataclass(frozen=True, slots=True)
class View:
    """``builder`` has the conditions, ``saved`` the list that it began with, ``standing`` a term of its arithmetic."""

    typed: str = ""
    owner: Owner | int = Owner.ALL
    sort: Sort = Sort.NEWEST
    builder: Builder = field(default_factory=Builder)
    standing: Standing | None = None
    saved: SavedList | None = None

    @classmethod
    def read(cls, given: MultiDict[str, str], saved: SavedList | None = None) -> Self:
        """The view that an address means; what makes no sense in it is passed over."""
        owner, sort = given.get("owner", ""), given.get("sort", "")
        is_person = owner.isascii() and owner.isdigit() and len(owner) <= _ID_DIGITS
        named = Owner(owner) if owner in set(Owner) else Owner.ALL
        chosen = _filter_of(given, saved)
        typed = given.get("q", chosen.q or "")
        standing = given.get("standing") or chosen.standing or ""
        return cls(
            typed[:_LONGEST_SEARCH].replace("\x00", "").strip(),
            int(owner) if is_person else named,
            Sort(sort) if sort in set(Sort) else Sort.NEWEST,
            Builder.read(given) if filter_form.speaks(given) else Builder.of(chosen),
            Standing(standing) if standing in set(Standing) else None,
            saved,
        )

    def wanted(self, now: datetime) -> Wanted:
        """The same for the list's query."""
        return Wanted(self.typed, self.sort, self.owner, self.chosen, now)

    @property
    def chosen(self) -> Filter:
        """The conditions with the words and the standing; the owner whom the page is narrowed to is left aside."""
        return self.builder.chosen.model_copy(update={"q": self.typed or None, "standing": self.standing})

    @property
    def whole(self) -> Filter:
        """All of it as one filter: whom the page shows."""
        if self.owner is Owner.ALL:
            return self.chosen
        word = _OWNER_WORDS.get(str(self.owner), str(self.owner))
        return self.chosen.within(Condition(field="owner", op="is", value=[word]))

    @property
    def whole_json(self) -> str:
        return as_text(self.whole)

    @property
    def changed(self) -> bool:
        """Whether it is another filter than that of the list it began with."""
        return self.saved is not None and self.whole.stored() != self.saved.finds.stored()

    @property
    def searches(self) -> bool:
        """Whether anything was typed that can be looked for: a lone "(" is not."""
        return text_query(self.typed) is not None

    @property
    def narrowed(self) -> bool:
        """Whether it shows less than everything that the person may see."""
        return self.chosen.narrows or self.owner is not Owner.ALL

    @property
    def standing_words(self) -> str:
        return WORDS[self.standing] if self.standing else ""

    def at(self, **more: str | None) -> str:
        """The list's address with this view; ``more`` replaces parts of it, None leaves them out."""
        own = self.saved is not None and self.builder.chosen == Builder.of(self.saved.finds).chosen
        parts = {
            "q": self.typed,
            "owner": str(self.owner),
            "sort": str(self.sort),
            "list": str(self.saved.id) if self.saved else "",
            "filter": "" if own else self._conditions_json(),
            "standing": self.standing or "",
            **more,
        }
        defaults = {"owner": Owner.ALL, "sort": Sort.NEWEST}
        kept: dict[str, Any] = {
            name: value for name, value in parts.items() if value not in {None, "", defaults.get(name)}
        }
        if self.saved and self.saved.finds.q and not self.typed:
            kept["q"] = ""
        return url_for("leads.index", **kept)

    @property
    def scope(self) -> str:
        """A cursor of one view means nothing in another."""
        return f"leads {self.at()}"

    def _conditions_json(self) -> str:
        conditions = self.builder.chosen.model_copy(update={"q": None, "standing": None})
        return as_text(conditions) if conditions.narrows or self.saved else ""


def as_text(chosen: Filter) -> str:
    """The filter as an address and a hidden field have it."""
    return json.dumps(chosen.stored(), separators=(",", ":"))


def read_filter(text: str) -> Filter:
    """The filter in an address; one that means nothing is everybody."""
    try:
        return filters.parse(json.loads(text)) if text else Filter()
    except (ValueError, RecursionError):
        return Filter()


def _filter_of(given: MultiDict[str, str], saved: SavedList | None) -> Filter:
    if given.get("filter"):
        return read_filter(given["filter"])
    if saved is None:
        return Filter()
    try:
        return saved.finds
    except FilterError:
        return Filter()
