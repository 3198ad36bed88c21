"""A text for a page: as one lead would read it, found by what somebody typed, with what to mind about it."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.accounts.actors import Actor
from webapp.database import Connection
from webapp.texts import people
from webapp.texts.people import Reader
from webapp.texts.preview import Preview, preview
from webapp.texts.render import MergeFields, fields_of


@dataclass(frozen=True, slots=True)
class Shown:
    """A text beside the lead that it is shown for; ``unknown`` are fields of one's own that no newer lead
    has.

    ``typed`` is what the lead was looked for by, and ``reader`` None when it names nobody.
    """

    preview: Preview
    reader: Reader | None
    typed: str = ""
    unknown: tuple[str, ...] = ()


def show(conn: Connection, actor: Actor, body: str, typed: str = "") -> Shown:
    """``body`` for the lead whom ``typed`` names: words of a name or digits of a phone; nothing means the newest."""
    reader = people.match(conn, actor, typed)
    shown = as_read_by(reader, body)
    own = [name for name in ([] if shown.error else fields_of(body)) if name.startswith("custom.")]
    unknown = people.unknown_fields(own, people.own_fields(conn, actor)) if own else []
    return Shown(shown, reader, typed, tuple(unknown))


def as_read_by(reader: Reader | None, body: str) -> Preview:
    """``body`` as this lead would read it; without one, as somebody of whom nothing is known."""
    return preview(body, reader.fields if reader else MergeFields())
