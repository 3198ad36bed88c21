"""The checks that ask somebody: Postgres, Redis, the mail server, Twilio, and Leadline itself at its own address."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Iterator

import psycopg
import redis
import urllib3

from webapp import database, schema
from webapp.accounts import mail
from webapp.carrier import carrier_from_settings
from webapp.compliance.privacy import data_requests
from webapp.config import PROCESSES, Settings
from webapp.doctor import law
from webapp.doctor.checks import Check, State

_OLDEST_POSTGRES, _OLDEST_REDIS = 14, (6, 2)
_CONNECTIONS_NEEDED = 15
_SKEW_NOTICED, _SKEW_WRONG = 2.0, 30.0  # seconds
_LATE_HEARTBEAT_SECONDS = 90
_TIMEOUT_SECONDS = 5
_WEBHOOK_PATH = "/api/twilio/conversations/webhook"


def in_database(settings: Settings) -> Iterator[Check]:
    """Postgres and what stands in it. When it does not answer there is one line."""
    try:
        with database.autocommit() as conn:
            yield _version(conn)
            yield _schema(conn)
            yield _clock(conn)
            yield _connections(conn)
            yield from _workers(conn)
            yield from _key_of_erased_numbers(conn, settings)
    except psycopg.OperationalError as error:
        found = f"does not answer ({type(error).__name__})"
        yield Check(State.FAILED, "Database", found, "start it, and check host, user and password in DATABASE_URL")
    except psycopg.errors.UndefinedTable:
        return  # said by the schema's check


def _key_of_erased_numbers(conn: psycopg.Connection, settings: Settings) -> Iterator[Check]:
    """Silent while nothing is wrong: most accounts never erase anybody."""
    lost = data_requests.with_other_keys(conn, settings.number_key)
    if lost:
        found = f"{lost} erased numbers were hashed with another key: an import could text them"
        yield Check(State.FAILED, "Erased numbers", found, "set LEADLINE_HMAC_KEY to the SECRET_KEY of that time")


def in_redis(settings: Settings) -> Iterator[Check]:
    """Redis, which rings the bells."""
    try:
        with redis.Redis.from_url(
            settings.redis_url, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS
        ) as client:
            told = client.info()
    except redis.RedisError as error:
        found = f"does not answer ({type(error).__name__})"
        yield Check(State.FAILED, "Redis", found, "start it, and check host and password in REDIS_URL")
        return
    found = f"Redis {told['redis_version']}"
    if tuple(int(part) for part in told["redis_version"].split(".")[:2]) < _OLDEST_REDIS:
        yield Check(State.FAILED, "Redis", found, "take 6.2 or newer")
    elif told.get("maxmemory") and told.get("maxmemory_policy") != "noeviction":
        found += f", drops keys when it is full ({told['maxmemory_policy']})"
        yield Check(State.WARNING, "Redis", found, "set maxmemory-policy to noeviction")
    else:
        yield Check(State.OK, "Redis", found)


def at_own_address(settings: Settings) -> Iterator[Check]:
    """Whether Leadline answers where people and Twilio look for it."""
    address, name = f"{settings.app_url}/readyz", "Leadline"
    try:
        with urllib3.PoolManager(timeout=_TIMEOUT_SECONDS, retries=False) as http:
            answer = http.request("GET", address)
    except urllib3.exceptions.HTTPError:
        found = f"nothing answers at {settings.app_url}"
        yield Check(State.WARNING, name, found, "start it with `leadline up` or `leadline serve`, or mend APP_URL")
        return
    if answer.status == 200:
        yield Check(State.OK, name, f"ready at {settings.app_url}")
    else:
        yield Check(State.WARNING, name, f"{address} answers {answer.status}", "see the lines above and its log")


def in_the_post(settings: Settings) -> Iterator[Check]:
    """The mail server; nothing is sent."""
    name = "E-mail"
    if not mail.can_send(settings):
        found = "SMTP_URL is not set: an admin passes on the links of invitations and resets"
        yield Check(
            State.OK if settings.simulated else State.WARNING, name, found, "" if settings.simulated else "set it"
        )
        return
    try:
        server = mail.read_url(settings.smtp_url.get_secret_value(), settings.app_url)
        connect = smtplib.SMTP_SSL if server.encrypted else smtplib.SMTP
        with connect(server.host, server.port, timeout=_TIMEOUT_SECONDS) as smtp:
            smtp.noop()
    except mail.MailError as error:
        yield Check(State.FAILED, name, "SMTP_URL is no address", str(error))
    except (OSError, smtplib.SMTPException):
        found = f"{server.host}:{server.port} does not answer"
        yield Check(State.FAILED, name, found, "check host and port in SMTP_URL, and that this machine may send mail")
    else:
        yield Check(State.OK, name, f"{server.host}:{server.port}")


def at_twilio(settings: Settings) -> Iterator[Check]:
    """Credentials, services, webhooks and numbers, as the carrier's own report finds them."""
    if not settings.twilio_account_sid:
        yield Check(
            State.FAILED, "Twilio", "not configured: no text can go", "set TWILIO_ACCOUNT_SID and its companions"
        )
        return
    report = carrier_from_settings(settings).setup_report(settings.app_url + _WEBHOOK_PATH, _senders(settings))
    for check in report.checks:
        state = State.OK if check.ok else State.FAILED
        yield Check(state, f"Twilio: {check.name}", check.found, check.fix)
    yield from law.at_twilio(report.validity_seconds)


def _senders(settings: Settings) -> tuple[str, ...]:
    """Our active numbers; the environment's one, when the database cannot be asked."""
    try:
        with database.autocommit() as conn:
            rows = conn.execute("SELECT e164 FROM phone_numbers WHERE active AND simulated = %s", [settings.simulated])
            numbers = {row[0] for row in rows}
    except psycopg.Error:
        numbers = set()
    return tuple(sorted(numbers | {settings.twilio_sms_number}))


def _version(conn: database.Connection) -> Check:
    number = conn.info.server_version
    found = f"PostgreSQL {number // 10000} at {conn.info.host}:{conn.info.port}"
    if number // 10000 < _OLDEST_POSTGRES:
        return Check(State.FAILED, "Database", found, f"take {_OLDEST_POSTGRES} or newer")
    return Check(State.OK, "Database", found)


def _schema(conn: database.Connection) -> Check:
    there = schema.present(conn)
    if there == schema.needed():
        return Check(State.OK, "Schema", there or "")
    return Check(State.FAILED, "Schema", there or "none", "run: leadline db upgrade")


def _clock(conn: database.Connection) -> Check:
    row = conn.execute("SELECT extract(epoch FROM clock_timestamp())::float").fetchone()
    assert row is not None
    seconds = abs(row[0] - time.time())
    found = f"{seconds:.1f} s apart from the database's"
    if seconds < _SKEW_NOTICED:
        return Check(State.OK, "Clock", found)
    state = State.WARNING if seconds < _SKEW_WRONG else State.FAILED
    return Check(state, "Clock", found, "let both machines follow a time server (NTP)")


def _connections(conn: database.Connection) -> Check:
    row = conn.execute(
        "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
    ).fetchone()
    assert row is not None
    if row[0] >= _CONNECTIONS_NEEDED:
        return Check(State.OK, "Connections", f"the database takes {row[0]}")
    fix = f"raise max_connections: one machine of ours needs up to {_CONNECTIONS_NEEDED}"
    return Check(State.WARNING, "Connections", f"the database takes {row[0]}", fix)


def _workers(conn: database.Connection) -> Iterator[Check]:
    names = ["clock" if name == "clock" else f"worker {name}" for name in PROCESSES if name != "web"]
    ages: dict[str, float] = dict(
        conn.execute(
            "SELECT name, extract(epoch FROM clock_timestamp() - at)::float FROM heartbeats WHERE name = ANY(%s)",
            [names],
        ).fetchall()
    )
    if silent := [name for name in names if ages.get(name, float("inf")) > _LATE_HEARTBEAT_SECONDS]:
        fix = "start Leadline; with processes on several machines, see LEADLINE_PROCESSES"
        yield Check(State.WARNING, "Workers", f"no sign of life from {', '.join(silent)}", fix)
    else:
        yield Check(State.OK, "Workers", "all at work")
