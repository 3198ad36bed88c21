"""The API kit: an application that describes itself at ``GET /api/openapi.json``, and the blueprints it is made of.

flask-openapi3 gathers the document from the views' own models. The requests are read by ``webapp.web.reading``
instead, since the library takes wrong types, repeated parameters and broken JSON more kindly than a true
document may.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from functools import wraps
from types import TracebackType
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast, get_type_hints

from flask import Flask, Response, current_app, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.info import Info
from flask_openapi3.models.tag import Tag
from flask_openapi3.openapi import OpenAPI
from flask_openapi3.types import ParametersTuple
from pydantic import BaseModel
from werkzeug.routing import BaseConverter

from webapp.web import problems, ratelimit
from webapp.web.fields import ID_REGEX, Answer, Body, Form, ListAnswer, ListBody, Path, Query
from webapp.web.reading import read_form, read_json, read_path, read_query, refuse_parameters

_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API token."},
    "session": {"type": "apiKey", "in": "cookie", "name": "session", "description": "A signed-in browser."},
    "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRFToken", "description": "Goes with the session cookie."},
}
_DESCRIPTION = """\
Ids are opaque strings. Times are RFC 3339 in UTC with whole seconds. Money is a number of US dollars. Errors are
`application/problem+json` (RFC 9457). Unknown fields and parameters are refused with 422. Lists are pages: pass
`next_cursor` as `cursor`, with the same filters, until it is null. A token may make 100 requests a second."""

View = TypeVar("View", bound=Callable[..., Any])
Guard: TypeAlias = Callable[[View], View]
Answered: TypeAlias = Answer | ListAnswer[Any] | tuple[Answer, int] | Response


class WrongField(BaseModel):
    """What is wrong with one field."""

    field: str
    message: str


class ProblemDocument(BaseModel):
    """RFC 9457. `reason` is a stable word for a program; `detail` is a sentence for a person."""

    type: str
    title: str
    status: int
    detail: str
    reason: str | None = None
    errors: list[WrongField] | None = None


class _Asks(NamedTuple):
    """The models that a view takes."""

    path: type[Path] | None
    query: type[Query] | None
    body: type[Body] | type[ListBody[Any]] | None
    form: type[Form] | None


class Api(OpenAPI):
    """The Flask application, with the document. Only blueprints given to ``mount`` are described."""

    def log_exception(self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
        """Flask's own log line would quote the exception's message, which may hold a body or a number."""
        problems.log_failure(*exc_info)


class IdConverter(BaseConverter):
    """``<id:…>`` in a rule: what cannot be an id matches no object's address, so a word beside it keeps its own."""

    regex = ID_REGEX


class ApiBlueprint(APIBlueprint):
    """A blueprint whose views take ``path``, ``query``, ``body`` or ``form`` models and return an ``Answer``."""

    public: bool = False

    def _collect_openapi_info(
        self,
        rule: str,
        func: Callable[..., Any],
        **options: Any,  # noqa: ANN401 (handed on to the library)
    ) -> ParametersTuple:
        method = str(options["method"])
        options["responses"] = _common(rule, func, public=self.public) | (options.get("responses") or {})
        options["security"] = options.get("security") or ([] if self.public else _security(method))
        summary, _, description = (inspect.getdoc(func) or "").partition("\n\n")
        if description and not options.get("description"):  # the library would join its lines with <br/>
            options |= {"summary": summary, "description": " ".join(description.split())}
        return super()._collect_openapi_info(rule, func, **options)

    @staticmethod
    def create_view_func(
        func: Callable[..., Answered],
        header: object,
        cookie: object,
        path: type[Path] | None,
        query: type[Query] | None,
        form: type[Form] | None,
        body: type[Body] | type[ListBody[Any]] | None,
        *_rest: object,
        **_options: object,
    ) -> Callable[..., Response]:
        """The view as Flask calls it: reads the request into models, calls ``func``, writes its answer as JSON."""

        asks = _Asks(path, query, body, form)

        @wraps(func)
        def view(**values: str) -> Response:
            return _respond(func(**_models(asks, values)))

        return view


def make_app(import_name: str, *, template_folder: str, static_folder: str) -> Api:
    """The application that ``create_app`` configures. Slashes are never merged: that would be a redirect."""
    app = Api(
        import_name,
        info=Info(title="Leadline", version="1.0.0", description=_DESCRIPTION),
        security_schemes=cast(Any, _SCHEMES),
        validation_error_model=ProblemDocument,
        validation_error_status=500,  # every call documents it itself, so the library adds none of its own
        doc_ui=False,
        template_folder=template_folder,
        static_folder=static_folder,
    )
    app.url_map.merge_slashes = False
    app.url_map.converters["id"] = IdConverter
    return app


def api_blueprint(name: str, tag: str, *, url_prefix: str | None = "/api", public: bool = False) -> ApiBlueprint:
    """A blueprint of JSON doors under /api. ``tag`` heads its calls in the document.

    ``public`` ones need no sign-in and have no rate per token.
    """
    blueprint = ApiBlueprint(
        name, __name__, url_prefix=url_prefix, abp_tags=[Tag(name=tag)], operation_id_callback=_operation_id
    )
    blueprint.public = public
    if not public:
        blueprint.before_request(ratelimit.check)
    return blueprint


def mount(app: Flask, blueprint: ApiBlueprint) -> None:
    """Registers ``blueprint`` and adds it to the document."""
    assert isinstance(app, Api), "create_app makes the application with make_app"
    app.register_api(blueprint)


def register(app: Flask, public: Guard[Any]) -> None:
    """Serves the document, to anybody: it says nothing that the code does not."""
    assert isinstance(app, Api), "create_app makes the application with make_app"
    blueprint = api_blueprint("openapi", "API", public=True)

    @blueprint.get("/openapi.json", responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}}})
    @public
    def document() -> Response:
        """This document."""
        return Response(json.dumps(app.api_doc), mimetype="application/json")

    mount(app, blueprint)


def problem(description: str) -> dict[str, Any]:
    """The documented shape of an error answer, for a view's ``responses``."""
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    return {"description": description, "content": {problems.MEDIA_TYPE: {"schema": schema}}}


def no_content() -> Response:
    """204."""
    return Response(status=204)


def _common(rule: str, func: Callable[..., Any], *, public: bool) -> dict[int, Any]:
    """The problems that any call of this shape may answer."""
    hints = get_type_hints(func)
    common: dict[int, Any] = {}
    if not public:
        common[422] = problem("A field or parameter is not valid: see errors.")
        common[401] = _with_header(problem("No valid token or session."), "WWW-Authenticate")
        common[403] = problem("Not allowed, or the CSRF token is missing.")
        common[429] = _with_header(problem("More than 100 requests a second."), "Retry-After")
    if "<" in rule:
        common[404] = problem("No such object, or not one that you may see.")
    if "body" in hints or "form" in hints:
        common[400] = problem("The body cannot be read.")
        common[413] = problem("The body is too large.")
        common[415] = problem("The body has the wrong Content-Type.")
    common[500] = problem("A fault of ours; `error_id` finds it in the log.")
    common[503] = _with_header(problem("The database is not answering; try again."), "Retry-After")
    return common


def _with_header(response: dict[str, Any], name: str) -> dict[str, Any]:
    return {**response, "headers": {name: {"schema": {"type": "string"}}}}


def _security(method: str) -> list[dict[str, list[Any]]]:
    session: dict[str, list[Any]] = {"session": []}
    if method not in {"GET", "HEAD"}:
        session["csrf"] = []
    return [{"bearer": []}, session]


def _operation_id(*, name: str, **_place: str) -> str:
    return name


def _models(asks: _Asks, values: dict[str, str]) -> dict[str, Any]:
    models: dict[str, Any] = {}
    if asks.path:
        models["path"] = read_path(asks.path, values)
    if asks.query:
        models["query"] = read_query(asks.query)
    elif not _is_public():  # a probe may carry anything in its address
        refuse_parameters()
    if asks.body:
        models["body"] = read_json(asks.body)
    if asks.form:
        models["form"] = read_form(asks.form)
    return models


def _is_public() -> bool:
    blueprint = current_app.blueprints.get(request.blueprint or "")
    return isinstance(blueprint, ApiBlueprint) and blueprint.public


def _respond(answered: Answered) -> Response:
    if isinstance(answered, Response):
        return answered
    answer, status = answered if isinstance(answered, tuple) else (answered, 200)
    return Response(answer.__pydantic_serializer__.to_json(answer), status, mimetype="application/json")
