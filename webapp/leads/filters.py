"""A filter: which leads, as data. Saved lists store it, the API takes it, campaigns choose their audience by it.

    {"match": "all", "q": "austin", "conditions": [
        {"field": "tags", "op": "has_any", "value": ["Buyer"]},
        {"match": "any", "conditions": [{"field": "state", "op": "is", "value": ["TX"]}, …]}]}

``filter_fields`` says which fields there are. Every condition is an SQL expression over ``leads AS l`` that is true or
not, each value a parameter; the same expression serves the list, its count, and everything done to whom it finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError

from webapp.accounts.actors import Actor, visible
from webapp.leads.filter_fields import field_of
from webapp.leads.filter_values import Bound, Value
from webapp.leads.search import text_query
from webapp.leads.standings import Standing, standing_is
from webapp.web.fields import Text
from webapp.web.problems import FieldError

#: A filter has at most so many conditions, those in its groups included.
MOST_CONDITIONS = 40
_ERRORS_SHOWN = 20
_PARTS = {"match", "conditions", "q", "standing", "field", "op", "value"}

Match: TypeAlias = Literal["all", "any"]


class FilterError(ValueError):
    """A filter that means nothing. Each of ``errors`` names the condition, like ``conditions.2.value``, and the fix."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in errors))
        self.errors = list(errors)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Condition(_Strict):
    """One thing that must hold of a lead. ``value`` is what ``op`` needs of it; None where it needs nothing."""

    field: Annotated[Text, Field(max_length=100)]
    op: Annotated[Text, Field(max_length=50)]
    value: Annotated[Text, Field(max_length=200)] | bool | int | float | list[Text] | None = None


class Group(_Strict):
    """Conditions taken together; a group holds no further groups."""

    match: Match = "all"
    conditions: list[Condition] = Field(min_length=1, max_length=MOST_CONDITIONS)


def _kind(given: object) -> str:
    is_group = isinstance(given, Group) or (isinstance(given, dict) and "conditions" in given)
    return "group" if is_group else "condition"


Part: TypeAlias = Annotated[
    Annotated[Condition, Tag("condition")] | Annotated[Group, Tag("group")], Discriminator(_kind)
]


class Filter(_Strict):
    """Whom to find: leads that match the words ``q``, have the ``standing``, and meet all or any of the conditions. An
    empty one finds everybody."""

    match: Match = "all"
    conditions: list[Part] = Field(default_factory=list, max_length=MOST_CONDITIONS)
    q: Annotated[Text, Field(max_length=200)] | None = None
    standing: Standing | None = Field(default=None, strict=False)
    """What keeps automatic texts from them: one term of ``lists.arithmetic``."""

    @property
    def narrows(self) -> bool:
        """Whether it finds less than everybody."""
        return bool(self.conditions or self.standing or text_query(self.q or ""))

    def stored(self) -> dict[str, Any]:
        """The filter as JSON, without what it leaves open; ``parse`` reads it."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def within(self, *conditions: Condition) -> Filter:
        """The same filter, narrowed to leads of which these conditions hold too."""
        parts = self.conditions
        if self.match == "all" or len(parts) < 2:
            return self._with("all", [*parts, *conditions])
        plain = [part for part in parts if isinstance(part, Condition)]
        if len(plain) == len(parts):
            return self._with("all", [Group(match="any", conditions=plain), *conditions])
        return self._with("any", [Group(conditions=[*way, *conditions]) for way in _ways(parts)])

    def _with(self, match: Match, parts: Sequence[Condition | Group]) -> Filter:
        return self.model_copy(update={"match": match, "conditions": list(parts)})


def _ways(parts: Sequence[Condition | Group]) -> Iterator[list[Condition]]:
    """Each way to meet any of the parts."""
    for part in parts:
        if isinstance(part, Condition):
            yield [part]
        elif part.match == "all":
            yield part.conditions
        else:
            yield from ([each] for each in part.conditions)


class Query(NamedTuple):
    """SQL that selects the ids of leads, and its parameters: ``f0``, ``f1``, … and those of ``Actor.params``."""

    sql: str
    params: dict[str, object]


EVERYBODY = Filter()


def parse(given: object) -> Filter:
    """The filter that JSON describes. Raises FilterError."""
    try:
        chosen = Filter.model_validate(given)
    except ValidationError as error:
        raise FilterError([_as_field_error(item) for item in error.errors()[:_ERRORS_SHOWN]]) from None
    if errors := list(_wrong(chosen)):
        raise FilterError(errors[:_ERRORS_SHOWN])
    return _normalised(chosen)


def leads_sql(chosen: Filter, actor: Actor, now: datetime) -> Query:
    """Selects the ids of the leads that match and that the actor may see. ``now`` is business time."""
    bound = Bound(actor=actor, now=now)
    where = where_sql(chosen, bound)
    query = f"SELECT l.id FROM leads AS l WHERE {visible('l.owner_id')} AND {where}"  # noqa: S608 (our own words)
    return Query(query, {**actor.params(), **bound.params})


def where_sql(chosen: Filter, bound: Bound) -> str:
    """The filter as a condition on ``leads AS l``, whom the actor may see left aside. Values go into ``bound``."""
    parts = []
    if chosen.conditions:
        parts.append(_joined(chosen.match, [_part_sql(part, bound) for part in chosen.conditions]))
    if words := text_query(chosen.q or ""):
        parts.append(f"l.search @@ lower({bound(words, 'text')})::tsquery")
    if chosen.standing:
        parts.append(standing_is(chosen.standing, bound))
    return " AND ".join(parts) or "true"


def _part_sql(part: Condition | Group, bound: Bound) -> str:
    if isinstance(part, Condition):
        return _condition_sql(part, bound)
    return _joined(part.match, [_condition_sql(each, bound) for each in part.conditions])


def _joined(match: Match, parts: Sequence[str]) -> str:
    return f"({(' AND ' if match == 'all' else ' OR ').join(parts)})"


def _condition_sql(condition: Condition, bound: Bound) -> str:
    field = field_of(condition.field)
    return f"({field.ops[condition.op].sql(bound, condition.value)})"


def _wrong(chosen: Filter) -> Iterator[FieldError]:
    """What is wrong with the conditions, each named by its place."""
    found = list(_places(chosen))
    if len(found) > MOST_CONDITIONS:
        yield FieldError("conditions", f"A filter has {MOST_CONDITIONS} conditions or fewer.")
    for place, condition in found:
        try:
            field = field_of(condition.field)
        except LookupError as unknown:
            yield FieldError(f"{place}.field", str(unknown.args[0]))
            continue
        if condition.op not in field.ops:
            fix = f"“{condition.op}” does not go with {condition.field}. Use one of: {', '.join(field.ops)}."
            yield FieldError(f"{place}.op", fix)
            continue
        try:
            field.ops[condition.op].takes.read(condition.value)
        except ValueError as refusal:
            yield FieldError(f"{place}.value", f"{field.label}: {refusal}")


def _places(chosen: Filter) -> Iterator[tuple[str, Condition]]:
    for number, part in enumerate(chosen.conditions):
        if isinstance(part, Condition):
            yield f"conditions.{number}", part
        else:
            yield from ((f"conditions.{number}.conditions.{n}", each) for n, each in enumerate(part.conditions))


def _normalised(chosen: Filter) -> Filter:
    """Each value in the one shape that its SQL takes."""

    def condition(given: Condition) -> Condition:
        value: Value = field_of(given.field).ops[given.op].takes.read(given.value)
        return given.model_copy(update={"value": value})

    def part(given: Condition | Group) -> Condition | Group:
        if isinstance(given, Condition):
            return condition(given)
        return given.model_copy(update={"conditions": [condition(each) for each in given.conditions]})

    return chosen.model_copy(update={"conditions": [part(each) for each in chosen.conditions]})


def _as_field_error(item: Any) -> FieldError:  # noqa: ANN401 (pydantic's own shape)
    """Pydantic's complaint in our words; the name of the shape that it tried is no part of the place."""
    unknown = item["type"] == "extra_forbidden"
    kept = [part for part in item["loc"] if isinstance(part, int) or part in _PARTS or unknown]
    known = {"missing": "is required", "extra_forbidden": "is not a known part of a filter"}
    place = ".".join(str(part) for part in kept if part not in {"condition", "group"}) or "filter"
    return FieldError(place[:100], known.get(item["type"], item["msg"].removeprefix("Value error, ")))
