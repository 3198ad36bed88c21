"""Whom a text is read by: a lead as merge fields know them, found by what somebody types."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from psycopg.rows import TupleRow

from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor, visible
from webapp.database import Connection
from webapp.rules import phones
from webapp.texts.render import MergeFields

_FEWEST_DIGITS = 3
#: Fields of one's own are looked for in this many of the newest leads: all of them may be a million.
_LOOKED_AT = 2000

_READER = """
SELECT l.id, l.first_name, l.last_name, l.phone, l.email, l.state, l.custom, u.name
FROM leads AS l LEFT JOIN users AS u ON u.id = l.owner_id AND u.active
"""
# The last word may be unfinished, and so is any phone. What has no words at all (a lone bracket) matches nobody.
_MATCHES = "l.search @@ (nullif(plainto_tsquery('simple', %(typed)s)::text, '') || ':*')::tsquery"


@dataclass(frozen=True, slots=True)
class Reader:
    """A lead as the reader of a text. ``title`` is what pages call them."""

    id: int
    title: str
    number: str
    fields: MergeFields


def find(conn: Connection, actor: Actor, lead_id: int, *, signed_by: str | None = None) -> Reader | None:
    """The lead with this id; None when there is none that the actor may see.

    ``signed_by`` is who ``my_name`` is; left out, whom the lead is assigned to, else the actor.
    """
    where = f"WHERE l.id = %(id)s AND {visible('l.owner_id')}"
    row = conn.execute(_READER + where, {"id": lead_id, **actor.params()}).fetchone()
    return _reader(conn, row, signed_by, actor.name) if row else None


def match(conn: Connection, actor: Actor, typed: str, *, stands_in: str | None = None) -> Reader | None:
    """The newest lead that the actor may see and whom ``typed`` names: words of the name, or digits of the phone.

    Nothing typed means the newest lead of all. None when nobody matches. ``stands_in`` is who ``my_name`` is where
    nobody has the lead; left out, the actor.
    """
    words = _digits(typed) or typed.replace("\x00", " ").strip()
    matching = f"{_MATCHES} AND " if words else ""
    where = f"WHERE {matching}{visible('l.owner_id')} ORDER BY l.created_at DESC, l.id DESC LIMIT 1"
    row = conn.execute(_READER + where, {"typed": words, **actor.params()}, prepare=False).fetchone()
    return _reader(conn, row, None, actor.name if stands_in is None else stands_in) if row else None


def fields_of(conn: Connection, reader: Reader | None, signed_by: str) -> MergeFields:
    """What a text knows of its reader; without one, who writes and for whom, and nothing else."""
    if reader:
        return reader.fields
    return MergeFields(my_name=signed_by, business_name=account_settings.load(conn).business_name)


def own_fields(conn: Connection, actor: Actor) -> list[str]:
    """The fields of one's own that newer leads have and merge fields can say: ``city`` for ``custom.city``."""
    rows = conn.execute(
        f"""
        SELECT DISTINCT jsonb_object_keys(l.custom) FROM (
            SELECT custom FROM leads WHERE {visible("owner_id")} ORDER BY id DESC LIMIT %(most)s
        ) AS l ORDER BY 1
        """,  # noqa: S608 (our own words)
        {"most": _LOOKED_AT, **actor.params()},
    )
    return [row[0] for row in rows if row[0].isascii() and row[0].isidentifier()]


def unknown_fields(names: Collection[str], known: Collection[str]) -> list[str]:
    """Which of the merge fields ``names`` are fields of one's own that are not among ``known`` ones."""
    own = (name.removeprefix("custom.") for name in sorted(names) if name.startswith("custom."))
    return [name for name in own if name not in known]


def _digits(typed: str) -> str | None:
    """The digits of a phone, or of a part of one, however it was written."""
    digits = "".join(filter(str.isdigit, typed))
    is_phone = len(digits) >= _FEWEST_DIGITS and not any(map(str.isalpha, typed))
    return digits if is_phone else None


def _reader(conn: Connection, row: TupleRow, signed_by: str | None, stands_in: str) -> Reader:
    lead_id, first_name, last_name, phone, email, state, custom, owner = row
    number = phones.display(phone)
    fields = MergeFields(
        first_name=first_name,
        last_name=last_name,
        phone=number,
        email=email or "",
        state=state or "",
        my_name=signed_by or owner or stands_in,
        business_name=account_settings.load(conn).business_name,
        custom=custom,
    )
    return Reader(lead_id, f"{first_name} {last_name}".strip() or number, number, fields)
