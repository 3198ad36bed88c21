"""The two hot doors in CPU time of the app's process, beside a bare WSGI app doing the same one query."""

from __future__ import annotations

import json
import uuid
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hmac import digest
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil

from bench import apart, seeding, stack
from bench.stack import Servers
from bench.tables import Report, median, percentile, spread
from webapp.local.ports import free_port
from webapp.simulator import defaults

SECTION = "web"
_CONVERSATIONS = 10_000
_CONNECTIONS = 4
_WEBHOOK = "/api/twilio/conversations/webhook"


@dataclass
class _Series:
    cpu_ms: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class _Variant:
    """A server's worker process on a port, and what to ask it; ``expected`` is the only status that counts."""

    process: psutil.Process
    port: int
    requests: Callable[[int], list[str]]
    expected: int


def run(servers: Servers, report: Report, *, quick: bool, rounds: int) -> None:
    count = 300 if quick else 2_000
    servers.empty()
    port = free_port()
    env = stack.environment(servers, port=port, api_url="http://127.0.0.1:1")
    with stack.tree(servers, env, processes="web") as tree, _floors(servers) as floors:
        with servers.connect() as conn:
            seeding.leads(conn, 1_000 if quick else _CONVERSATIONS, now=stack.noon())
        ours = tree.child("web")
        poll = _signed_in_poll(port)
        variants = {
            "poll, unchanged, signed in": _Variant(ours, port, lambda _n: [poll], 304),
            "poll floor": _Variant(floors["poll"].process, floors["poll"].port, lambda _n: [poll], 304),
            "webhook, receipt": _Variant(ours, port, lambda n: _webhooks(port, n, _receipt), 204),
            "webhook, inbound text": _Variant(ours, port, lambda n: _webhooks(port, n, _inbound), 204),
            "webhook floor": _Variant(
                floors["webhook"].process,
                floors["webhook"].port,
                lambda n: _webhooks(floors["webhook"].port, n, _receipt),
                204,
            ),
        }
        series = {name: _Series() for name in variants}
        for number in range(rounds + 1):  # the first is for warmth
            for name, variant in variants.items():
                _round(servers.folder, variant, count if number else 200, series[name] if number else _Series())
    _tell(report, count, series)


@dataclass(frozen=True)
class _Floor:
    process: psutil.Process
    port: int


@contextmanager
def _floors(servers: Servers) -> Iterator[dict[str, _Floor]]:
    with servers.connect() as conn:
        row = conn.execute("SELECT id FROM users WHERE email = %s", [stack.EMAIL]).fetchone()
    assert row is not None
    env = {**stack.environment(servers, port=1, api_url="http://127.0.0.1:1"), "USER_ID": str(row[0])}
    ports = {name: free_port() for name in ("poll", "webhook")}
    with (
        apart.running("bench.floor_server", "poll", str(ports["poll"]), env=env) as poll,
        apart.running("bench.floor_server", "webhook", str(ports["webhook"]), env=env) as webhook,
    ):
        for port in ports.values():
            apart.wait_for_port(port)
        yield {
            "poll": _Floor(apart.first_child(poll), ports["poll"]),
            "webhook": _Floor(apart.first_child(webhook), ports["webhook"]),
        }


def _round(folder: Path, variant: _Variant, count: int, into: _Series) -> None:
    file = folder / "requests.json"
    file.write_text(json.dumps({"port": variant.port, "requests": variant.requests(count)}))
    before = stack.cpu_seconds(variant.process)
    told: dict[str, Any] = apart.outcome("bench.load", str(file), str(_CONNECTIONS), str(count))
    assert told["statuses"] == {str(variant.expected): count}, told["statuses"]
    into.cpu_ms.append((stack.cpu_seconds(variant.process) - before) / count * 1000)
    into.rates.append(count / told["seconds"])
    into.p99_ms.append(percentile(told["latencies"], 0.99))


def _signed_in_poll(port: int) -> str:
    """The request of a page that has everything: with a session, and the tag of the last answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    cookie, token = _visit(connection, "GET", "/login/token", "")
    form = urlencode({"email": stack.EMAIL, "password": stack.PASSWORD, "csrf_token": token})
    cookie, _ = _visit(connection, "POST", "/login", cookie, form)
    connection.request("GET", "/inbox/poll?page=inbox", headers={"Cookie": cookie, "HX-Request": "true"})
    answer = connection.getresponse()
    answer.read()
    tag = answer.headers["HX-PTag"]
    return (
        f"GET /inbox/poll?page=inbox&whose=everyone&state=waiting HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Cookie: {cookie}\r\nHX-Request: true\r\nHX-PTag: {tag}\r\nAccept: text/html\r\n\r\n"
    )


def _visit(connection: HTTPConnection, method: str, path: str, cookie: str, body: str | None = None) -> tuple[str, str]:
    """The cookie afterwards, and the CSRF token if the answer is one."""
    headers = {"Cookie": cookie} | ({"Content-Type": "application/x-www-form-urlencoded"} if body else {})
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    content = answer.read()
    kept = [value.split(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
    token = json.loads(content)["csrf_token"] if answer.headers.get_content_type() == "application/json" else ""
    return "; ".join(kept) or cookie, token


def _webhooks(port: int, count: int, make: Callable[[str], dict[str, str]]) -> list[str]:
    """Signed webhooks, each of an event of its own."""
    url = f"http://127.0.0.1:{port}{_WEBHOOK}"
    return [_signed(port, url, make(uuid.uuid4().hex)) for _ in range(count)]


def _signed(port: int, url: str, form: dict[str, str]) -> str:
    text = url + "".join(name + form[name] for name in sorted(form))
    signature = b64encode(digest(defaults.AUTH_TOKEN.encode(), text.encode(), "sha1")).decode()
    body = urlencode(form)
    return (
        f"POST {_WEBHOOK} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Twilio-Signature: {signature}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )


def _common(kind: str, key: str) -> dict[str, str]:
    return {
        "EventType": kind,
        "AccountSid": defaults.ACCOUNT_SID,
        "ChatServiceSid": defaults.CONVERSATIONS_SERVICE_SID,
        "ConversationSid": f"CH{key}",
        "MessageSid": f"IM{key}",
        "RetryCount": "0",
    }


def _receipt(key: str) -> dict[str, str]:
    return _common("onDeliveryUpdated", key) | {
        "DeliveryReceiptSid": f"DY{key}",
        "ChannelMessageSid": f"SM{key}",
        "ParticipantSid": f"MB{key}",
        "Status": "delivered",
        "ErrorCode": "0",
        "DateCreated": "2026-12-01T12:00:00.000Z",
        "DateUpdated": "2026-12-01T12:00:01.000Z",
    }


def _inbound(key: str) -> dict[str, str]:
    """A text of one of the leads."""
    lead = 2_000_001 + int(key[:8], 16) % 1_000
    return _common("onMessageAdded", key) | {
        "Source": "SMS",
        "Index": "3",
        "Author": f"+1512{lead}",
        "ParticipantSid": f"MB{key}",
        "Body": "Yes, Saturday works for us. Which door should we come to?",
        "Attributes": "{}",
        "DateCreated": "2026-12-01T12:00:00.000Z",
    }


def _tell(report: Report, count: int, series: dict[str, _Series]) -> None:
    floors = {name: median(series[f"{name} floor"].cpu_ms) for name in ("poll", "webhook")}
    aims = {"poll, unchanged, signed in": "2.0x", "webhook, receipt": "1.2 ms", "webhook, inbound text": "1.2 ms"}
    report.table(
        SECTION,
        f"Hot doors, {count:,} requests a round on {_CONNECTIONS} connections, one gunicorn worker of 8 threads",
        ("", "CPU ms a request", "x floor", "aim", "requests/s", "p99 ms"),
        [
            (
                name,
                spread(of.cpu_ms, 3),
                f"{median(of.cpu_ms) / floors[name.split()[0].strip(',')]:.2f}",
                aims.get(name, ""),
                spread(of.rates, 0),
                spread(of.p99_ms, 1),
            )
            for name, of in series.items()
        ],
    )
