"""Is it alive, is it ready, how is it doing: ``/healthz``, ``/readyz``, ``/metrics``."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import Any, Literal, cast

import psycopg
import redis
import structlog
from flask import Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST

from webapp import database, schema
from webapp.config import Settings
from webapp.web import metrics, openapi
from webapp.web.fields import Answer
from webapp.web.openapi import Guard, api_blueprint, problem
from webapp.web.problems import Problem

_REDIS_SECONDS = 2.0
_METRICS_SHAPE = {"description": "Metrics.", "content": {"text/plain": {"schema": {"type": "string"}}}}

log = structlog.get_logger(__name__)


class Alive(Answer):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Ready(Answer):
    """Database, Redis and schema are as the code needs them."""

    status: Literal["ready"] = "ready"


def register(app: Flask, public: Guard[Any]) -> None:
    """Adds the three doors; ``public`` marks them as open to whoever is not signed in."""
    api = api_blueprint("health", "Health", url_prefix=None, public=True)

    @api.get("/healthz", responses={200: Alive})
    @public
    def healthz() -> Alive:
        """Whether the process answers."""
        return Alive()

    @api.get("/readyz", responses={200: Ready, 503: problem("Something is missing: see `not_ready`.")})
    @public
    def readyz() -> Ready:
        """Whether the database, Redis and the schema are ready for work."""
        missing = what_is_missing(cast(Settings, app.extensions["leadline"]))
        if missing:
            raise Problem.unavailable(f"Not ready: {', '.join(missing)}.").plus(not_ready=missing)
        return Ready()

    @api.get("/metrics", responses={200: _METRICS_SHAPE, 401: problem("The secret is wrong."), 403: problem("No.")})
    @public
    def prometheus() -> Response:
        """Metrics for Prometheus.

        Needs `Authorization: Bearer CRON_SECRET` where that is set. Where it is not, only this machine may ask,
        and not through a proxy.
        """
        _demand_the_right_to_metrics(cast(Settings, app.extensions["leadline"]))
        return Response(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)

    openapi.mount(app, api)


def what_is_missing(settings: Settings) -> list[str]:
    """What keeps this machine from working: any of ``database``, ``schema``, ``redis``; empty when it is ready."""
    return [*_database_or_schema(), *_redis(settings.redis_url)]


def _database_or_schema() -> list[str]:
    try:
        with database.autocommit() as conn:
            ready = schema.present(conn) == schema.needed()
    except psycopg.Error as error:
        log.warning("not ready", what="database", exception=type(error).__name__)
        return ["database"]
    return [] if ready else ["schema"]


def _redis(url: str) -> list[str]:
    try:
        with redis.Redis.from_url(url, socket_timeout=_REDIS_SECONDS, socket_connect_timeout=_REDIS_SECONDS) as client:
            client.ping()
    except redis.RedisError as error:
        log.warning("not ready", what="redis", exception=type(error).__name__)
        return ["redis"]
    return []


def _demand_the_right_to_metrics(settings: Settings) -> None:
    secret = settings.cron_secret.get_secret_value()
    if secret:
        given = request.authorization
        token = (given.token or "") if given is not None and given.type == "bearer" else ""
        if not hmac.compare_digest(secret.encode(), token.encode()):
            raise Problem.unauthorized("Send the CRON_SECRET as a bearer token.")
    elif not _asked_on_this_machine():
        raise Problem.forbidden("Set CRON_SECRET to read metrics from another machine.")


def _asked_on_this_machine() -> bool:
    """A proxy on this machine also comes from loopback, but says for whom it asks."""
    forwarded = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"))
    return not forwarded and request.remote_addr is not None and ip_address(request.remote_addr).is_loopback
