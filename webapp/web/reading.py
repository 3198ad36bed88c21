"""Reads a request into the models that its view asks for, strictly: what the document forbids is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from webapp.web.fields import Body, Form, ListBody, OptionalBody, Path, Query
from webapp.web.problems import FieldError, Problem

_ERRORS_SHOWN = 100
_NAME_LENGTH = 100

Model = TypeVar("Model", bound=BaseModel)


def read_path(model: type[Path], values: Mapping[str, str]) -> Path:
    """Path parameters. Raises a 404 Problem where one cannot be the name of anything."""
    try:
        return model.model_validate(values)
    except ValidationError:
        raise Problem.not_found("object") from None


def read_query(model: type[Query]) -> Query:
    """Query parameters. Raises a 422 Problem naming those that are unknown, repeated or wrong."""
    values = _unrepeated(request.args, model)
    return _validated(lambda: model.model_validate(values))


def refuse_parameters() -> None:
    """For a call that takes no query parameters. Raises a 422 Problem naming those that were given."""
    if request.args:
        raise Problem.invalid((name[:_NAME_LENGTH], "is not a known parameter") for name in request.args)


def read_json(model: type[Body] | type[ListBody[Any]]) -> Body | ListBody[Any]:
    """A JSON body. Raises 415 for another type, 413 when too long, 400 when not JSON, 422 when not valid."""
    request.max_content_length = model.max_bytes
    if issubclass(model, OptionalBody) and not request.get_data():
        return model()
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    content = request.get_data(cache=False)
    return _validated(lambda: model.model_validate_json(content))


def read_form(model: type[Form]) -> Form:
    """A multipart form with files. Raises 415, 413, 400 and 422 Problems like ``read_json``."""
    request.max_content_length = model.max_bytes
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    _refuse_nameless_parts()
    values = _unrepeated(request.form, model) | request.files.to_dict()
    return _validated(lambda: model.model_validate(values))


def _refuse_nameless_parts() -> None:
    """A part whose name cannot be read comes as None."""
    if any(name is None for name in (*request.form, *request.files)):
        raise Problem(400, "A part of the form has no name that can be read.")


def _unrepeated(given: MultiDict[str, str], model: type[BaseModel]) -> dict[str, Any]:
    lists = _list_fields(model)
    repeated = [name for name, values in given.lists() if len(values) > 1 and name not in lists]
    if repeated:
        raise Problem.invalid((name[:_NAME_LENGTH], "is given twice") for name in repeated[:_ERRORS_SHOWN])
    return {name: values if name in lists else values[0] for name, values in given.lists()}


@cache
def _list_fields(model: type[BaseModel]) -> frozenset[str]:
    properties = model.model_json_schema().get("properties", {})
    return frozenset(name for name, shape in properties.items() if shape.get("type") == "array")


def _validated(read: Callable[[], Model]) -> Model:
    try:
        return read()
    except ValidationError as error:
        raise _problem_of(error) from None


def _problem_of(error: ValidationError) -> Problem:
    """Pydantic's complaint in our words; the refused value itself is never repeated."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    if details[0]["type"] == "json_invalid":
        return Problem(400, "The body is not valid JSON in UTF-8.")
    return Problem.invalid(FieldError(_field(item["loc"]), _message(item)) for item in details[:_ERRORS_SHOWN])


def _field(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)[:_NAME_LENGTH]


def _message(item: ErrorDetails) -> str:
    known = {"missing": "is required", "extra_forbidden": "is not a known field"}
    if item["type"] in known:
        return known[item["type"]]
    if item["type"] == "string_pattern_mismatch":
        return "has a character or form that is not allowed here"
    return item["msg"].removeprefix("Value error, ")
