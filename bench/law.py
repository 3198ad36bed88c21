"""How long the two doors of the law take to answer, asked as a program asks them: one after the other."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench import apart, stack
from bench.stack import Servers
from bench.tables import Report, percentile, spread
from webapp.local.ports import free_port
from webapp.rules.area_codes import AREA_CODES

SECTION = "law"
#: Below the 100 requests a second that a token may make.
_PACE = 80
_AIM_MS = 5

_TEXTS = (
    "STOP",
    "stop texting me please",
    "Who is this?",
    "Yes, Saturday works for us. Which door should we come to?",
    "Hi, I already bought a house last month so please take me off your list. Thanks",
    "No me manden más mensajes por favor",
    "We saw it and did not stop thinking about the garden. " * 20,
)


def run(servers: Servers, report: Report, *, quick: bool, rounds: int) -> None:
    count = 100 if quick else 800
    servers.empty()
    port = free_port()
    env = stack.environment(servers, port=port, api_url="http://127.0.0.1:1")
    series: dict[str, tuple[list[float], list[float]]] = {"check": ([], []), "classify": ([], [])}
    with stack.tree(servers, env, processes="web"):
        for number in range(rounds + 1):  # the first is for warmth
            for name, make in (("check", _check), ("classify", _classify)):
                latencies = _round(servers.folder, port, name, make, count if number else 100)
                if number:
                    series[name][0].append(percentile(latencies, 0.5))
                    series[name][1].append(percentile(latencies, 0.99))
    _tell(report, count, series)


def _round(folder: Path, port: int, name: str, make: Callable[[int], dict[str, Any]], count: int) -> list[float]:
    file = folder / "requests.json"
    requests = [_request(port, f"/api/compliance/{name}", make(number)) for number in range(count)]
    file.write_text(json.dumps({"port": port, "requests": requests, "pace": _PACE}))
    told: dict[str, Any] = apart.outcome("bench.load", str(file), "1", str(count))
    assert told["statuses"] == {"200": count}, told["statuses"]
    latencies: list[float] = told["latencies"]
    return latencies


def _request(port: int, path: str, body: dict[str, Any]) -> str:
    text = json.dumps(body)
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {stack.TOKEN}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(text.encode())}\r\n\r\n{text}"
    )


def _check(number: int) -> dict[str, Any]:
    codes = sorted(AREA_CODES.areas)
    at = stack.noon() + timedelta(hours=number % 24, days=number // 24)
    return {"phone": f"+1{codes[number % len(codes)]}5550{number % 900 + 100}", "at": at.isoformat()}


def _classify(number: int) -> dict[str, Any]:
    return {"text": _TEXTS[number % len(_TEXTS)]}


def _tell(report: Report, count: int, series: dict[str, tuple[list[float], list[float]]]) -> None:
    report.table(
        SECTION,
        f"The doors of the law, {count:,} requests a round, {_PACE} a second on one connection: milliseconds",
        ("", "p50", "p99", "aim (p99)"),
        [
            (f"POST /api/compliance/{name}", spread(half, 2), spread(most, 2), str(_AIM_MS))
            for name, (half, most) in series.items()
        ],
    )
