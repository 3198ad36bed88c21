"""Filters in words, and the choices that a page offers where a value is an id or a code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from webapp.accounts import users
from webapp.accounts.actors import Actor
from webapp.database import Connection
from webapp.leads.filter_fields import field_of
from webapp.leads.filters import Condition, Filter, Group
from webapp.leads.places import STATES, ZONES
from webapp.leads.standings import WORDS
from webapp.leads.statuses import LABELS

#: For each kind of choice, the words of its values.
Choices: TypeAlias = Mapping[str, Mapping[str, str]]

_MOST = 200


def choices_for(conn: Connection, actor: Actor, fields: Iterable[str]) -> Choices:
    """The choices that these fields offer to this actor."""
    kinds = {field_of(name).choices for name in fields} - {""}
    statuses = {str(status): label for status, label in LABELS.items()}
    found: dict[str, Mapping[str, str]] = {"states": STATES, "zones": ZONES, "statuses": statuses}
    if "people" in kinds:
        people = {str(person.id): person.name for person in users.everyone(conn)}
        found["people"] = {"me": "Me", "nobody": "Nobody", **people}
    if "campaigns" in kinds:
        found["campaigns"] = _named(conn, _CAMPAIGNS, actor)
    if "lists" in kinds:
        found["lists"] = _named(conn, _FROZEN_LISTS, actor)
    return found


def fields_of(chosen: Filter) -> list[str]:
    """The names of the fields that a filter asks about."""
    parts = [each for part in chosen.conditions for each in _conditions(part)]
    return [condition.field for condition in parts]


def described(chosen: Filter, choices: Choices) -> list[str]:
    """The filter as short phrases, such as "State is TX or FL"; empty for everybody."""
    phrases = [f"words “{chosen.q}”"] if chosen.q else []
    if chosen.standing:
        phrases.append(WORDS[chosen.standing])
    parts = [phrase(part, choices) for part in chosen.conditions]
    if chosen.match == "any" and len(parts) > 1:
        return [*phrases, " or ".join(parts)]
    return [*phrases, *parts]


def phrase(part: Condition | Group, choices: Choices) -> str:
    """One condition or group in words."""
    if isinstance(part, Group):
        word = " and " if part.match == "all" else " or "
        return f"({word.join(phrase(each, choices) for each in part.conditions)})"
    field = field_of(part.field)
    op = field.ops[part.op]
    return " ".join(word for word in (field.label, op.words, _value(part, choices)) if word)


def _value(condition: Condition, choices: Choices) -> str:
    field = field_of(condition.field)
    names = choices.get(field.choices, {}) if field.choices not in {"states", "zones"} else {}
    given = condition.value if isinstance(condition.value, list) else [condition.value]
    words = " or ".join(names.get(str(each), str(each)) for each in given if each is not None)
    return f"{words} {'day' if words == '1' else 'days'}" if field.ops[condition.op].takes.kind == "days" else words


def _conditions(part: Condition | Group) -> Iterator[Condition]:
    if isinstance(part, Condition):
        yield part
    else:
        yield from part.conditions


def _named(conn: Connection, query: str, actor: Actor) -> dict[str, str]:
    rows = conn.execute(query, {"actor_id": actor.id, "most": _MOST})
    return {str(row[0]): row[1] for row in rows}


_CAMPAIGNS = "SELECT id, name FROM sms_campaigns ORDER BY (status = 'archived'), id DESC LIMIT %(most)s"

_FROZEN_LISTS = """
SELECT id, name FROM saved_lists
WHERE frozen AND deleted_at IS NULL AND (shared OR owner_id = %(actor_id)s) ORDER BY lower(name), id LIMIT %(most)s
"""
