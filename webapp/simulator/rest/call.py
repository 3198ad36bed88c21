"""One REST request as a handler sees it, and its answer."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from webapp.simulator.conversing import Origin
from webapp.simulator.errors import invalid, missing, not_found
from webapp.simulator.formats import duration_seconds, parse_instant
from webapp.simulator.records import Account, Service
from webapp.simulator.simulator import Simulator
from webapp.simulator.threads import Thread

Body = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Call:
    """`params` are the names in the path; `base` is the simulator's own origin, which absolute URLs start with."""

    sim: Simulator
    method: str
    path: str
    params: dict[str, str]
    query: dict[str, list[str]]
    form: dict[str, list[str]]
    raw: bytes
    content_type: str
    base: str
    webhook_enabled: bool = False

    @property
    def origin(self) -> Origin:
        """REST changes fire no webhook unless the request asks for it."""
        return Origin("API", self.sim.events if self.webhook_enabled else None)

    def not_found(self) -> Exception:
        return not_found(self.path)

    # Form parameters -------------------------------------------------------------------------------------------------

    def has(self, name: str) -> bool:
        return name in self.form

    def text(self, name: str, longest: int | None = None) -> str | None:
        """The parameter, or None when it is absent or empty."""
        value = self.form.get(name, [""])[-1]
        if longest is not None and len(value) > longest:
            raise invalid(name, f"longer than {longest} characters")
        return value or None

    def need(self, name: str, longest: int | None = None) -> str:
        value = self.text(name, longest)
        if value is None:
            raise missing(name)
        return value

    def one_of(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(name)
        if value is not None and value not in choices:
            raise invalid(name, f"must be one of {', '.join(choices)}")
        return value or default

    def flag(self, name: str, default: bool) -> bool:
        return self.one_of(name, ("true", "false", "True", "False"), str(default)).lower() == "true"

    def integer(self, name: str, default: int, least: int, most: int) -> int:
        value = self.text(name)
        if value is None:
            return default
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            raise invalid(name, f"must be an integer from {least} to {most}")
        return int(value)

    def attributes(self, longest: int) -> str:
        """`Attributes`, a JSON text of at most so many bytes."""
        value = self.text("Attributes")
        if value is None:
            return "{}"
        if len(value.encode()) > longest:
            raise invalid("Attributes", f"longer than {longest} bytes")
        try:
            json.loads(value)
        except ValueError:
            raise invalid("Attributes", "not valid JSON") from None
        return value

    def instant(self, name: str) -> float | None:
        return parse_date(name, self.text(name))

    def events(self, name: str, known: tuple[str, ...]) -> list[str]:
        """A repeated parameter of webhook event names."""
        names = [value for value in self.form.get(name, []) if value]
        for event in names:
            if event not in known:
                raise invalid(name, f"{event} is not an event")
        return names

    # What the path names ---------------------------------------------------------------------------------------------

    @property
    def account(self) -> Account:
        return self.sim.store.all(Account)[self.sim.config.account_sid]

    @property
    def service(self) -> Service:
        """The service in the path; unscoped paths mean the account's default."""
        sid = self.params.get("service", self.account.default_service_sid)
        service = self.sim.store.get(Service, sid)
        if service is None:
            raise self.not_found()
        return service

    @property
    def thread(self) -> Thread:
        """The conversation in the path, by SID or UniqueName."""
        thread = self.sim.store.threads.find(self.service.sid, self.params["conversation"])
        if thread is None:
            raise self.not_found()
        return thread

    @property
    def scope(self) -> str:
        """The URL that everything of this service starts with, in the form of the request: scoped or not."""
        root = f"{self.base}/conversations/v1"
        return f"{root}/Services/{self.params['service']}" if "service" in self.params else root

    def conversation_url(self, sid: str) -> str:
        return f"{self.scope}/Conversations/{sid}"


Handler = Callable[[Call], Reply]


@dataclass(frozen=True)
class Route:
    """`sends` marks the one call that the send faults strike."""

    method: str
    pattern: str
    handler: Handler
    sends: bool = field(default=False)


def ok(body: Body) -> Reply:
    return Reply(200, encode(body))


def created(body: Body) -> Reply:
    return Reply(201, encode(body))


def no_content() -> Reply:
    return Reply(204)


def encode(body: Body) -> bytes:
    return json.dumps(body).encode()


def parse_form(raw: bytes | str) -> dict[str, list[str]]:
    return parse_qs(raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw, keep_blank_values=True)


def parse_date(name: str, value: str | None) -> float | None:
    """An ISO 8601 parameter as an instant. Raises TwilioError."""
    if value is None:
        return None
    try:
        return parse_instant(value)
    except ValueError:
        raise invalid(name, "must be an ISO 8601 date") from None


def parse_duration(name: str, value: str | None, least_seconds: int) -> str | None:
    """Check an ISO 8601 duration of days to seconds, and give it back. Raises TwilioError."""
    if value is not None and duration_seconds(value) < least_seconds:
        raise invalid(name, f"must be an ISO 8601 duration of at least {least_seconds} seconds")
    return value
