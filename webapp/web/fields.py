"""The shapes that API models are made of: opaque ids, instants, text that Postgres can keep."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Generic, TypeVar, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    RootModel,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from webapp.web.times import rfc3339

#: At most 18 digits, so that it fits a bigint; no leading zero, so that one thing has one id.
ID_REGEX = "[1-9][0-9]{0,17}"
ID_PATTERN = f"^{ID_REGEX}$"
_ID = re.compile(ID_REGEX)
_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1970, 2199  # so that reckoning with days and zones stays inside the calendar
_JSON_BYTES = 2 * 1024 * 1024


def _read_id(value: object) -> int:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ValueError("is not an id")
    return int(value)


def _read_instant(value: object) -> datetime:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("must be an RFC 3339 time with its zone, like 2026-12-01T15:00:00Z")
    try:
        instant = datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("is not a time that exists") from None
    if not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        raise ValueError(f"must lie between the years {_FIRST_YEAR} and {_LAST_YEAR}")
    return instant


def _read_whole_number(value: object) -> int:
    if not isinstance(value, str) or not _WHOLE_NUMBER.fullmatch(value):
        raise ValueError("must be a whole number")
    return int(value)


_ID_SCHEMA = WithJsonSchema({"type": "string", "pattern": ID_PATTERN})
_INSTANT_SCHEMA = WithJsonSchema({"type": "string", "format": "date-time"})

Item = TypeVar("Item", bound=BaseModel)

#: An id in a request: a string outside, a number inside.
InId = Annotated[int, BeforeValidator(_read_id), _ID_SCHEMA]
#: An id in an answer.
OutId = Annotated[int, PlainSerializer(str, return_type=str), _ID_SCHEMA]
#: An instant in a request: RFC 3339 with any offset; UTC inside.
InInstant = Annotated[datetime, BeforeValidator(_read_instant), _INSTANT_SCHEMA]
#: An instant in an answer: RFC 3339 in UTC, whole seconds, ``Z``.
OutInstant = Annotated[datetime, PlainSerializer(rfc3339, return_type=str), _INSTANT_SCHEMA]
#: Text without NUL, which Postgres cannot store.
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
#: How many items a page has.
Limit = Annotated[int, Field(ge=1, le=200), BeforeValidator(_read_whole_number)]


class Body(BaseModel):
    """A request body: exactly the fields that are documented, each of its documented type.

    ``max_bytes`` bounds the whole body; a form that carries a file raises it.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    max_bytes: ClassVar[int] = _JSON_BYTES


class OptionalBody(Body):
    """A body that may be left out altogether: each of its fields then has its default."""

    model_config = cast(ConfigDict, {"openapi_extra": {"required": False}})


class ListBody(RootModel[list[Item]], Generic[Item]):
    """A request body that is a list of such items."""

    model_config = ConfigDict(strict=True, frozen=True)
    max_bytes: ClassVar[int] = _JSON_BYTES


class Form(Body):
    """A multipart form: its values arrive as strings."""

    model_config = ConfigDict(strict=False, arbitrary_types_allowed=True)


class Query(BaseModel):
    """Query parameters. An unknown one is refused, and so is one given twice unless its type is a list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """A parameter may be left out but is never null, whatever its Python default."""
        schema = handler.resolve_ref_schema(handler(core))
        properties = schema.get("properties", {})
        schema["properties"] = {name: _never_null(shape) for name, shape in properties.items()}
        return schema


class Path(BaseModel):
    """Path parameters. One that cannot be an id names nothing: 404."""

    model_config = ConfigDict(frozen=True)


class ById(Path):
    """The path of one object."""

    id: InId


class Answer(BaseModel):
    """The base of everything that the API answers."""

    model_config = ConfigDict(from_attributes=True)


class ListAnswer(RootModel[list[Item]], Generic[Item]):
    """An answer that is a list of such items."""


def _never_null(shape: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in shape.items() if not (key == "default" and value is None)}
    choices = [choice for choice in kept.pop("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == 1:
        return {**choices[0], **kept}
    return {**kept, "anyOf": choices} if choices else kept
