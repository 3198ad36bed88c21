"""Errors as RFC 9457 ``application/problem+json`` for the API, and as a page or fragment for people."""

from __future__ import annotations

import json
import secrets
import traceback
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Any, NamedTuple, Self, cast

import psycopg
import sqlalchemy.exc
import structlog
from flask import Flask, Response, g, render_template, request
from flask_wtf.csrf import CSRFError
from gunicorn.http.errors import NoMoreData, ParseException
from werkzeug.exceptions import HTTPException, InternalServerError

MEDIA_TYPE = "application/problem+json"
_MACHINE_PATHS = ("/api/", "/healthz", "/readyz", "/metrics")
_RETRY_SECONDS = 5

log = structlog.get_logger(__name__)


class FieldError(NamedTuple):
    """What is wrong with one field of a request; ``field`` is a dotted path like ``consent.source``."""

    field: str
    message: str


class Problem(Exception):  # noqa: N818 (RFC 9457's own word)
    """An answer other than success. Raise it anywhere behind a door; it is rendered as the path asks."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        title: str | None = None,
        reason: str | None = None,
        errors: Iterable[FieldError | tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title or HTTPStatus(status).phrase
        self.detail = detail
        self.reason = reason
        self.errors = [FieldError(*error) for error in errors]
        self.headers = dict(headers or {})
        self.extra: dict[str, object] = {}

    @classmethod
    def not_found(cls, what: str = "page", field: str | None = None) -> Self:
        """404; also for what exists but may not be seen. ``field`` names the part of a body that pointed there."""
        detail = f"There is no such {what}."
        return cls(404, detail, errors=[FieldError(field, detail)] if field else ())

    @classmethod
    def conflict(cls, detail: str, *, reason: str | None = None, **extra: object) -> Self:
        """409: the request makes sense, but not as things stand."""
        return cls(409, detail, reason=reason).plus(**extra)

    @classmethod
    def invalid(cls, errors: Iterable[FieldError | tuple[str, str]], *, reason: str | None = None) -> Self:
        """422, naming every field that is wrong."""
        return cls(422, "The request is not valid: see errors.", errors=errors, reason=reason)

    @classmethod
    def forbidden(cls, detail: str = "You may not do this.") -> Self:
        """403."""
        return cls(403, detail)

    @classmethod
    def unauthorized(cls, detail: str = "Sign in, or send a valid API token.") -> Self:
        """401, asking for a bearer token."""
        return cls(401, detail, headers={"WWW-Authenticate": 'Bearer realm="Leadline"'})

    @classmethod
    def too_many(cls, retry_after: int) -> Self:
        """429; ``retry_after`` in whole seconds."""
        return cls(429, "Too many requests.", headers={"Retry-After": str(retry_after)})

    @classmethod
    def unavailable(cls, detail: str) -> Self:
        """503: try again in a few seconds."""
        return cls(503, detail, headers={"Retry-After": str(_RETRY_SECONDS)})

    def plus(self, **members: object) -> Self:
        """This problem with extension members, such as ``lead_id``."""
        self.extra |= members
        return self

    def document(self) -> dict[str, Any]:
        """The problem as RFC 9457 members."""
        members: dict[str, Any] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if self.reason:
            members["reason"] = self.reason
        if self.errors:
            members["errors"] = [error._asdict() for error in self.errors]
        return {**members, **self.extra}


def register(app: Flask) -> None:
    """Turns every error of ``app`` into a problem. The cause of a 500 is in the log, found by its error id."""
    app.register_error_handler(Problem, respond)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(InternalServerError, _from_failure)
    app.register_error_handler(psycopg.DataError, _from_impossible_data)
    for cut_off in (ParseException, NoMoreData):
        app.register_error_handler(cut_off, _from_broken_body)
    for unreachable in (psycopg.OperationalError, sqlalchemy.exc.OperationalError, sqlalchemy.exc.TimeoutError):
        app.register_error_handler(unreachable, _from_database)


def respond(problem: Problem) -> Response:
    """The answer for ``problem``: JSON under /api, a fragment for HTMX, else a page."""
    response = _as_json(problem) if wants_json() else _as_html(problem)
    response.headers.update(problem.headers)
    return response


def wants_json() -> bool:
    """Whether the asker of the present request is a program."""
    return request.path.startswith(_MACHINE_PATHS)


def log_failure(kind: type | None, _error: BaseException | None, trace: TracebackType | None) -> None:
    """Logs an unexpected exception by type and place. Its message may quote a body or a number, so it stays out."""
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    log.error(
        "request failed",
        error_id=error_id(),
        endpoint=request.endpoint,
        exception=getattr(kind, "__name__", None),
        frames=frames,
    )


def error_id() -> str:
    """The present request's error id: what a person can quote and the log can be searched for."""
    if "error_id" not in g:
        g.error_id = secrets.token_hex(8)
    return str(g.error_id)


def _as_json(problem: Problem) -> Response:
    return Response(json.dumps(problem.document()), problem.status, mimetype=MEDIA_TYPE)


def _as_html(problem: Problem) -> Response:
    return Response(render_template(_template(problem), problem=problem), problem.status)


def _template(problem: Problem) -> str:
    """A broken server's page leans on nothing: the page's frame asks the database who is signed in."""
    if request.headers.get("HX-Request") == "true":
        return "web/problem_fragment.html"
    return "web/broken.html" if problem.status >= 500 else "web/problem.html"


def _from_http(error: HTTPException) -> Response:
    """Werkzeug's own errors. One that carries a response, such as a redirect, is that response."""
    if error.response is not None or error.code is None or error.code < 400:
        return cast(Response, Response.force_type(error.get_response(request.environ)))
    if isinstance(error, CSRFError):
        return respond(Problem.forbidden("The form has expired, or has no X-CSRFToken. Reload and retry."))
    kept = {name: value for name, value in error.get_headers(request.environ) if name in {"Allow", "Retry-After"}}
    return respond(Problem(error.code, _plain(error), headers=kept))


def _plain(error: HTTPException) -> str:
    match error.code:
        case 403:
            return "You may not open this: it is for managers or admins. Ask one of them."
        case 404:
            return "There is nothing at this address."
        case 405:
            return "This address does not take that method."
        case 413:
            return "The request is too large."
        case _:
            return HTTPStatus(error.code or 500).description or error.name


def _from_failure(_error: InternalServerError) -> Response:
    detail = "Something went wrong on our side. Quote the error id when you report it."
    return respond(Problem(500, detail).plus(error_id=error_id()))


def _from_impossible_data(error: Exception) -> Response:
    """The net under the forms: a value that no column can hold, such as one with NUL, is the asker's slip."""
    log.warning("impossible data", error_id=error_id(), endpoint=request.endpoint, exception=type(error).__name__)
    return respond(Problem(400, "Something in this request cannot be stored: a character or number is impossible."))


def _from_broken_body(_error: Exception) -> Response:
    """The web server meets a broken or unfinished body only when a view reads it."""
    return respond(Problem(400, "The request's body is cut off, or its chunks are broken."))


def _from_database(error: Exception) -> Response:
    log.error("database unavailable", error_id=error_id(), endpoint=request.endpoint, exception=type(error).__name__)
    return respond(Problem.unavailable("The database is not answering. Try again.").plus(error_id=error_id()))
