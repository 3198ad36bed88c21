"""Headers of every answer, and whom to believe about where a request came from."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, request
from flask.wrappers import Response
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.config import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: the CSRF check on https compares the referer.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_YEAR_SECONDS = 365 * 24 * 3600
#: The largest body of any door, an imported file's; most doors set a smaller limit of their own.
_LARGEST_BODY = 24 * 1024 * 1024


def register(app: Flask, settings: Settings) -> None:
    """Every answer of ``app`` gets the headers, behind https also HSTS; no body is read past a limit."""
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_BODY
    headers = dict(_HEADERS)
    if settings.app_url.startswith("https://"):
        headers["Strict-Transport-Security"] = f"max-age={_YEAR_SECONDS}"
        _believe_the_proxy(app)

    @app.after_request
    def add_headers(response: Response) -> Response:
        if response.status_code != HTTPStatus.NOT_MODIFIED:  # which brings nothing to show or run, many times a second
            for name, value in headers.items():
                response.headers.setdefault(name, value)
        _keep_out_of_caches(response)
        return response


def _believe_the_proxy(app: Flask) -> None:
    """Leadline itself speaks only http, so behind an https address there is one proxy, which names the real client."""
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]


def _keep_out_of_caches(response: Response) -> None:
    """Whatever is not a file of ours may hold somebody's data; a file asked for by its content's hash never changes."""
    if request.endpoint != "static" or response.status_code >= 400:
        response.headers.setdefault("Cache-Control", "no-store")
    elif "v" in request.args:
        response.headers["Cache-Control"] = f"public, max-age={_YEAR_SECONDS}, immutable"
