"""What the API of saved lists takes and gives."""

from __future__ import annotations

import json
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, Field, WithJsonSchema

from webapp.leads import filters
from webapp.leads.filters import EVERYBODY, Filter, FilterError
from webapp.leads.lists import NAME_LENGTH
from webapp.web.fields import Answer, Body, OutId, OutInstant, Text
from webapp.web.paging import Page
from webapp.web.problems import FieldError, Problem

_FILTER_LENGTH = 4000

#: A filter in a body or an answer: ``filters.parse`` reads it, and says what is wrong in words of its own.
FilterJson: TypeAlias = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "type": "object",
            "description": "`match` is all or any; each of `conditions` has `field`, `op` and `value`, or is a group "
            "with `match` and `conditions` of its own; `q` are words as in the list of leads.",
        }
    ),
]
#: The same as a parameter: JSON.
FilterText: TypeAlias = Annotated[Text, Field(max_length=_FILTER_LENGTH)]


def _tidy_name(value: str) -> str:
    if not value.strip():
        raise ValueError("give the list a name")
    return value.strip()


_Name: TypeAlias = Annotated[Text, Field(min_length=1, max_length=NAME_LENGTH), AfterValidator(_tidy_name)]


class ListIn(Body):
    """A list to be saved. A `frozen` one keeps the leads that its filter finds now; others find them anew each time.

    A `shared` one is there for everybody; each sees only the leads that they may see.
    """

    name: _Name
    filter: FilterJson
    shared: bool = False
    frozen: bool = False


class ListPatch(Body):
    """What is to change; what is left out stays. A new filter of a frozen list is asked once more, now."""

    name: _Name = "-"
    filter: FilterJson = Field(default_factory=dict)
    shared: bool = False
    frozen: bool = False


class ListOut(Answer):
    """A saved list. `count` leads were in it for its owner at `counted_at`; a rep sees that of their own lists."""

    id: OutId
    name: str
    owner_id: OutId
    shared: bool
    frozen: bool
    filter: FilterJson
    count: Annotated[int | None, Field(validation_alias="counted")]
    counted_at: OutInstant | None
    created_at: OutInstant
    updated_at: OutInstant


class Lists(Page[ListOut]):
    """Lists by name: one's own, and those that are shared."""


def read_filter(given: object, field: str = "filter") -> Filter:
    """The filter in a request. Raises a 422 Problem that names the condition."""
    try:
        return filters.parse(given)
    except FilterError as refused:
        errors = [FieldError(_within(field, error.field), error.message) for error in refused.errors]
        raise Problem.invalid(errors) from None


def read_filter_text(text: str, field: str = "filter") -> Filter:
    """Likewise, from JSON; an empty text is no filter."""
    if not text.strip():
        return EVERYBODY
    try:
        return read_filter(json.loads(text), field)
    except (ValueError, RecursionError):
        raise Problem.invalid([(field, 'This is not a filter. It is JSON, like {"conditions": []}.')]) from None


def _within(field: str, place: str) -> str:
    return field if place == "filter" else f"{field}.{place}"
