"""Changing the library: nothing that was ever saved is lost, and nobody overwrites what they have not read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import psycopg

from webapp.accounts.actors import Actor
from webapp.carrier.segments import LONGEST_BODY
from webapp.database import Connection
from webapp.texts import reading
from webapp.texts.reading import Template
from webapp.texts.render import FIELDS, BadTemplate, fields_of
from webapp.web.names import one_line
from webapp.web.problems import FieldError

NAME_LENGTH, CATEGORY_LENGTH = 100, 50
_LANGUAGE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_ONE_BRACE = re.compile(rf"\{{\s*({'|'.join(sorted(FIELDS))}|custom\.\w+)\s*\}}")


class NameTakenError(ValueError):
    """Another template of the same owner has this name; ``str()`` says so to the person who gave it."""

    def __init__(self) -> None:
        super().__init__("There is a template of this name already. Choose another one.")


class OutdatedError(ValueError):
    """Somebody saved another wording meanwhile, which is ``current``; what was to be saved is not."""

    def __init__(self, current: Template) -> None:
        super().__init__(f"{current.written_by or 'Somebody'} saved version {current.version} meanwhile.")
        self.current = current


@dataclass(frozen=True, slots=True)
class Entry:
    """What a template is to say and be called; everybody's when ``shared``, else its writer's own."""

    name: str
    category: str
    body: str
    shared: bool

    @classmethod
    def tidy(cls, name: str, category: str, body: str, *, shared: bool) -> Entry:
        """Names on one line; the line ends of browsers, each of which would cost a character more, made plain."""
        plain = body.replace("\r\n", "\n").replace("\x00", "").strip()
        return cls(one_line(name), one_line(category), plain, shared)


def complaints(entry: Entry) -> list[FieldError]:
    """What is wrong with an entry, each with its fix; nothing when it can be saved."""
    found = [
        ("name", _length_complaint(entry.name, NAME_LENGTH) if entry.name else "Give it a name."),
        ("category", _length_complaint(entry.category, CATEGORY_LENGTH)),
        ("body", body_complaint(entry.body)),
    ]
    return [FieldError(field, complaint) for field, complaint in found if complaint]


def body_complaint(body: str) -> str | None:
    """What is wrong with a body with merge fields; None when it can be rendered for whoever has the fields."""
    if not body.strip():
        return "Write a text."
    if len(body) > LONGEST_BODY:
        return f"This text is {len(body)} characters long; at most {LONGEST_BODY} can be sent."
    try:
        fields_of(body)
    except BadTemplate as error:
        return f"Write merge fields like {{{{ first_name }}}}. {error}"
    return _meant_as_field(body)


def _meant_as_field(body: str) -> str | None:
    """What would be read as it stands, and was surely not meant to be."""
    words = _LANGUAGE.sub("", body)
    if single := _ONE_BRACE.search(words):
        name = single[1]
        return f"Write {{{{ {name} }}}} with two braces on each side: {single[0]} would be read as it stands."
    if "}}" in words:
        return "There is a }} without its {{. Write merge fields like {{ first_name }}."
    return None


def create(conn: Connection, actor: Actor, entry: Entry, now: datetime) -> int:
    """A new template's id; ``entry`` has no complaints. ``now`` is business time. Raises NameTakenError."""
    values = {"name": entry.name, "category": entry.category, "body": entry.body, "now": now}
    try:
        with conn.transaction():
            row = conn.execute(
                """
                INSERT INTO templates (name, category, body, owner_id, created_at, updated_at)
                VALUES (%(name)s, %(category)s, %(body)s, %(owner_id)s, %(now)s, %(now)s) RETURNING id
                """,
                {**values, "owner_id": _owner(actor, entry)},
            ).fetchone()
    except psycopg.errors.UniqueViolation:
        raise NameTakenError from None
    assert row is not None
    _keep(conn, row[0], 1, entry.body, actor, now)
    return int(row[0])


def change(
    conn: Connection, actor: Actor, template: Template, entry: Entry, now: datetime, *, read_version: int | None
) -> None:
    """Saves ``entry`` over a template that the caller has locked; another wording is another version.

    ``read_version`` is the one that the writer had before them, None for a program that did not look. Raises
    OutdatedError when that is no longer the newest, NameTakenError.
    """
    if read_version is not None and read_version != template.version:
        raise OutdatedError(template)
    version = template.version + (entry.body != template.body)
    owner_id = template.owner_id if entry.shared is template.shared else _owner(actor, entry)
    try:
        with conn.transaction():
            conn.execute(
                """
                UPDATE templates SET name = %s, category = %s, body = %s, version = %s, owner_id = %s, updated_at = %s
                WHERE id = %s
                """,
                [entry.name, entry.category, entry.body, version, owner_id, now, template.id],
            )
    except psycopg.errors.UniqueViolation:
        raise NameTakenError from None
    if version != template.version:
        _keep(conn, template.id, version, entry.body, actor, now)


def restore(conn: Connection, actor: Actor, template: Template, number: int, now: datetime) -> bool:
    """Makes an earlier wording the newest one of a locked template. False when there is no such wording."""
    earlier = next((each for each in reading.versions(conn, template.id) if each.number == number), None)
    if earlier is None:
        return False
    entry = Entry(template.name, template.category, earlier.body, template.shared)
    change(conn, actor, template, entry, now, read_version=None)
    return True


def archive(conn: Connection, template: Template, now: datetime) -> None:
    """Offers it no more. Its wordings stay, and it can be taken out again."""
    conn.execute("UPDATE templates SET archived_at = coalesce(archived_at, %s) WHERE id = %s", [now, template.id])


def unarchive(conn: Connection, template: Template) -> None:
    """Offers it again. Raises NameTakenError when another one got its name meanwhile."""
    try:
        with conn.transaction():
            conn.execute("UPDATE templates SET archived_at = NULL WHERE id = %s", [template.id])
    except psycopg.errors.UniqueViolation:
        raise NameTakenError from None


def _keep(conn: Connection, template_id: int, number: int, body: str, actor: Actor, now: datetime) -> None:
    conn.execute(
        "INSERT INTO template_versions (template_id, number, body, written_by, written_at) VALUES (%s, %s, %s, %s, %s)",
        [template_id, number, body, actor.id, now],
    )


def _owner(actor: Actor, entry: Entry) -> int | None:
    return None if entry.shared else actor.id


def _length_complaint(text: str, longest: int) -> str | None:
    return f"This is {len(text)} characters long; at most {longest} fit." if len(text) > longest else None
