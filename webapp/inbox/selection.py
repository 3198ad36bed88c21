"""Which conversations a person is looking at: whose, in which state, or found by a search. It lives in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple, Self, TypeVar
from urllib.parse import urlencode

from webapp.accounts.actors import Actor

_LONGEST_SEARCH = 100

Word = TypeVar("Word", bound=StrEnum)


class Whose(StrEnum):
    MINE = "mine"
    UNASSIGNED = "unassigned"
    EVERYONE = "everyone"
    """All that the person may see: for a rep their own and nobody's."""


class View(StrEnum):
    WAITING = "waiting"
    OPEN = "open"
    SNOOZED = "snoozed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Selection:
    """A list. With ``search`` it spans every state, since whoever searches does not know where it went."""

    whose: Whose = Whose.EVERYONE
    view: View = View.WAITING
    search: str = ""

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Self:
        """From query parameters; words that are not ours mean the default, since people edit addresses."""
        return cls(
            whose=_known(Whose, args.get("whose"), Whose.EVERYONE),
            view=_known(View, args.get("state"), View.WAITING),
            search=args.get("q", "").replace("\x00", "").strip()[:_LONGEST_SEARCH],
        )

    def query(self, **more: object) -> str:
        """The query string of this selection, with ``more`` parameters; only what differs from the default."""
        named = {"whose": self.whose, "state": self.view, "q": self.search}
        defaults = {"whose": Whose.EVERYONE, "state": View.WAITING, "q": ""}
        kept = {name: str(value) for name, value in named.items() if value != defaults[name]}
        return urlencode(kept | {name: str(value) for name, value in more.items() if value is not None})

    def at(self, path: str, **more: object) -> str:
        """``path`` with this selection's query string."""
        query = self.query(**more)
        return f"{path}?{query}" if query else path

    def with_whose(self, whose: Whose) -> Selection:
        return replace(self, whose=whose)

    def with_view(self, view: View) -> Selection:
        """Another state; choosing one ends a search."""
        return replace(self, view=view, search="")


class Assignment(NamedTuple):
    """A condition on ``assigned_to`` that one index serves, and what its ``ORDER BY`` must begin with to be served."""

    condition: str
    order: str


#: A range of one value where ``=`` is meant: with ``=`` the planner knows the order without ``assigned_to``, and may
#: then walk the whole account's index past everybody else's rows to find the few of this person.
MINE = Assignment("assigned_to BETWEEN %(actor_id)s AND %(actor_id)s", "assigned_to, ")
#: A keyset behind a range would be a filter; behind ``=`` it is a place in the index.
MINE_FROM = Assignment("assigned_to = %(actor_id)s", "assigned_to, ")
NOBODYS = Assignment("assigned_to IS NULL", "assigned_to, ")
ALL = Assignment("true", "")


def assignments(actor: Actor, whose: Whose, *, first_page: bool) -> tuple[Assignment, ...]:
    """What together makes ``whose`` for this actor.

    Nothing here lets a rep past what ``actors.visible`` allows: *Everyone* is their own and nobody's.
    """
    mine = MINE if first_page else MINE_FROM
    match whose:
        case Whose.MINE:
            return (mine,)
        case Whose.UNASSIGNED:
            return (NOBODYS,)
        case Whose.EVERYONE:
            return (ALL,) if actor.sees_all else (mine, NOBODYS)


def _known(words: type[Word], value: str | None, default: Word) -> Word:
    try:
        return words(value or default)
    except ValueError:
        return default
