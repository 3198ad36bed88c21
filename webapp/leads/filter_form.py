"""The filter builder as an address has it: ``match``, and for row N its field ``cN``, operator ``oN``, value ``vN``.

A row that is not filled in yet narrows nothing; one that is wrong says so beside itself and narrows nothing either.
A group comes whole, as JSON in ``gN``: pages show it, and take it away, but do not change it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from werkzeug.datastructures import MultiDict

from webapp.leads import filters
from webapp.leads.filter_fields import FIELDS, Field, field_of
from webapp.leads.filter_values import Op
from webapp.leads.filters import MOST_CONDITIONS, Condition, Filter, FilterError, Group

CUSTOM = "custom"
_LONGEST, _JSON_LENGTH = 2000, 4000


@dataclass(frozen=True, slots=True)
class Row:
    """A condition as it is being written. ``given`` stands in its value's field; ``name`` is that of an own field."""

    number: int
    key: str
    op: str = ""
    given: Sequence[str] = ()
    name: str = ""
    group: Group | None = None
    error: str = ""

    @property
    def field(self) -> Field:
        return field_of(f"custom.{self.name or 'x'}" if self.key == CUSTOM else self.key)

    @property
    def chosen_op(self) -> Op:
        return self.field.ops[self.op]

    @property
    def label(self) -> str:
        return "Field of your own" if self.key == CUSTOM else self.field.label

    @property
    def text(self) -> str:
        """The value as one line."""
        return ", ".join(self.given)

    @property
    def group_json(self) -> str:
        return json.dumps(self.group.model_dump(mode="json")) if self.group else ""


@dataclass(frozen=True, slots=True)
class Builder:
    """The rows, and the filter that those of them make which are whole."""

    match: str = "all"
    rows: Sequence[Row] = ()
    chosen: Filter = field(default_factory=Filter)

    @classmethod
    def of(cls, chosen: Filter) -> Self:
        """A filter in rows."""
        return cls(chosen.match, [_row_of(number, part) for number, part in enumerate(chosen.conditions)], chosen)

    @classmethod
    def read(cls, given: MultiDict[str, str]) -> Self:
        """The builder that an address means; what makes no sense in it is passed over."""
        rows = [row for number in range(MOST_CONDITIONS + 1) if (row := _read_row(given, number))]
        rows = [row for row in rows if str(row.number) != given.get("remove")][:MOST_CONDITIONS]
        if (added := given.get("add", "")) in {CUSTOM, *FIELDS} and len(rows) < MOST_CONDITIONS:
            rows.append(_new_row(added))
        judged = [_judged(replace(row, number=number)) for number, row in enumerate(rows)]
        match = "any" if given.get("match") == "any" else "all"
        parts = [part for _, part in judged if part is not None]
        chosen = Filter.model_validate({"match": match, "conditions": parts})
        return cls(match, [row for row, _ in judged], chosen)

    @property
    def fields(self) -> list[str]:
        """The fields that its rows ask about, those in groups too."""
        inside = [each.field for row in self.rows if row.group for each in row.group.conditions]
        return [*(row.key for row in self.rows if row.key in FIELDS), *inside]

    @property
    def unfinished(self) -> bool:
        """Whether a row narrows nothing yet."""
        return len(self.chosen.conditions) < len(self.rows)


def speaks(given: Mapping[str, str]) -> bool:
    """Whether an address has rows of a builder, or asks for a change of them."""
    return any(re.fullmatch("[cg][0-9]{1,2}", name) for name in given) or bool(given.get("add") or given.get("remove"))


def grouped_fields() -> dict[str, list[tuple[str, str]]]:
    """The fields to choose from, by the heads of their groups."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, each in FIELDS.items():
        groups.setdefault(each.group, []).append((name, each.label))
    groups["Who"].append((CUSTOM, "A field of your own"))
    return groups


def _read_row(given: MultiDict[str, str], number: int) -> Row | None:
    if f"g{number}" in given:
        group = _read_group(given[f"g{number}"])
        return Row(number, "group", group=group) if group else None
    key = given.get(f"c{number}", "")
    if key not in {CUSTOM, *FIELDS}:
        return None
    row = replace(_new_row(key), number=number, name=_plain(given.get(f"n{number}", "")))
    op = given.get(f"o{number}", "")
    values = [value for each in given.getlist(f"v{number}") if (value := _plain(each))]
    return replace(row, op=op if op in row.field.ops else row.op, given=values)


def _new_row(key: str) -> Row:
    row = Row(0, key)
    return replace(row, op=next(iter(row.field.ops)))


def _row_of(number: int, part: Condition | Group) -> Row:
    if isinstance(part, Group):
        return Row(number, "group", group=part)
    own = part.field.removeprefix("custom.") if part.field.startswith("custom.") else ""
    values = part.value if isinstance(part.value, list) else [] if part.value is None else [str(part.value)]
    return Row(number, CUSTOM if own else part.field, part.op, values, own)


def _judged(row: Row) -> tuple[Row, Condition | Group | None]:
    """The row with what is wrong with it, and its condition where nothing is."""
    if row.group:
        return row, row.group
    kind = row.chosen_op.takes.kind
    if (kind != "nothing" and not row.given) or (row.key == CUSTOM and not row.name):
        return row, None
    try:
        return row, _condition(row, kind)
    except FilterError as wrong:
        message = wrong.errors[0].message.removeprefix(f"{row.field.label}: ")
        return replace(row, error=message[:1].upper() + message[1:]), None


def _condition(row: Row, kind: str) -> Condition:
    value: Any = None
    if kind in {"words", "owners", "choices"}:
        value = [word for each in row.given for word in (each.split(",") if kind == "words" else [each])]
    elif kind != "nothing":
        value = row.given[0]
    name = f"custom.{row.name}" if row.key == CUSTOM else row.key
    parsed = filters.parse({"conditions": [{"field": name, "op": row.op, "value": value}]}).conditions[0]
    assert isinstance(parsed, Condition)
    return parsed


def _read_group(text: str) -> Group | None:
    try:
        parsed = filters.parse({"conditions": [json.loads(text[:_JSON_LENGTH])]}).conditions[0]
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, Group) else None


def _plain(text: str) -> str:
    return text[:_LONGEST].replace("\x00", "").strip()
