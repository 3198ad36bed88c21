"""A text for a page: as one lead would read it, found by what somebody typed, with what to mind about it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from webapp.accounts.actors import Actor
from webapp.database import Connection
from webapp.texts import people
from webapp.texts.people import Reader
from webapp.texts.preview import Preview, in_plain_characters, preview
from webapp.texts.render import fields_of


@dataclass(frozen=True, slots=True)
class Added:
    """What a first text says besides its own words, and what it comes to with them (US dollars)."""

    text: str
    segments: int
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Shown:
    """A text beside the lead that it is shown for; ``unknown`` are fields of one's own that no newer lead
    has.

    ``typed`` is what the lead was looked for by, and ``reader`` None when it names nobody. ``dear``: it is
    written in characters for which there are plain ones.
    """

    preview: Preview
    reader: Reader | None
    typed: str = ""
    unknown: tuple[str, ...] = ()
    added: Added | None = None
    dear: bool = False


def show(conn: Connection, actor: Actor, body: str, typed: str = "", *, stands_in: str | None = None) -> Shown:
    """``body`` for the lead whom ``typed`` names: words of a name or digits of a phone; nothing means the newest.

    ``stands_in`` signs it where nobody has the lead; left out, the actor does.
    """
    signs = actor.name if stands_in is None else stands_in
    reader = people.match(conn, actor, typed, stands_in=signs)
    shown = preview(body, people.fields_of(conn, reader, signs))
    own = [name for name in ([] if shown.error else fields_of(body)) if name.startswith("custom.")]
    unknown = people.unknown_fields(own, people.own_fields(conn, actor)) if own else []
    return Shown(shown, reader, typed, tuple(unknown), dear=in_plain_characters(body) != body)
