"""Pure functions: segments of a body, the gate's decision on a text, and what an incoming one asks for."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bench.stack import noon
from bench.tables import Report, spread
from webapp.accounts.settings import AccountSettings
from webapp.carrier import segments
from webapp.compliance import gate
from webapp.compliance.facts import Facts
from webapp.models.constants import Origin
from webapp.rules import keywords
from webapp.rules.area_codes import AREA_CODES

SECTION = "rules"
_ROUNDS = 5
_GSM = set(segments.GSM_BASIC)

_SENTENCE = "The house on Juniper Street can be seen on Saturday from ten to four. "
_BODIES = {
    "130 characters": (_SENTENCE * 2)[:130],
    "1,500 characters": (_SENTENCE * 22)[:1500],
    "with an emoji": "Can't wait for Saturday 🏡 see you there, and bring the kids if you like!",
}


def run(report: Report, *, quick: bool) -> None:
    count = 2_000 if quick else 50_000
    rows = []
    for name, body in _BODIES.items():
        ours = _per_second(lambda body=body: segments.count(body), count)  # type: ignore[misc]
        loop = _per_second(lambda body=body: _by_hand(body), count // 10)  # type: ignore[misc]
        rows.append((f"segments, {name}", spread(ours, 0), spread(loop, 0), f"{max(ours) / max(loop):.1f}x"))
    report.table(SECTION, "Segments counted a second", ("", "ours", "a loop over characters", "ratio"), rows)
    decided = _decided(2_000 if quick else 50_000)
    report.table(
        SECTION,
        "Decisions a second, one thread, batches of numbers in every area code with every rule and the ledger's inputs",
        ("", "decisions/s", "aim"),
        [(name, spread(rates, 0), "100,000" if name.startswith("allowed") else "") for name, rates in decided.items()],
    )
    report.table(
        SECTION,
        "Incoming texts classified: microseconds each",
        ("", "microseconds", "aim"),
        [
            (name, spread([1e6 / rate for rate in _classified(body, count)], 0), "1,000")
            for name, body in _TEXTS.items()
        ],
    )


_TEXTS = {
    "a keyword": "Stop.",
    "an opt-out in words": "Hi, I already bought a house last month so please take me off your list. Thanks",
    "an ordinary reply": "Yes, Saturday works for us. Which door should we come to, and can we bring the dog?",
    "10,000 characters": "We saw it and did not stop thinking about the garden. " * 185,
}


def _classified(body: str, count: int) -> list[float]:
    count = max(count // 50, 20) if len(body) < 1_000 else 20
    return _per_second(lambda: keywords.classify(body), count)


def _decided(count: int) -> dict[str, list[float]]:
    """Rates of whole batches: the facts are loaded before, as a claim or a tick loads them."""
    around = gate.Circumstances(AccountSettings(), simulated=True)
    asked = gate.Asked(Origin.CAMPAIGN, automatic=True, asked_at=noon())
    codes = sorted(AREA_CODES.areas)
    batch = [
        Facts(number, f"+1{codes[number % len(codes)]}{2_000_000 + number}", consent_at=noon(), simulated=True)
        for number in range(count)
    ]

    def judge_all(at: datetime) -> list[float]:
        return [
            rate * count for rate in _per_second(lambda: [gate.judge(facts, asked, around, at) for facts in batch], 1)
        ]

    return {
        "allowed or held, at noon in Texas": judge_all(noon()),
        "held until the morning": judge_all(noon() + timedelta(hours=12)),
    }


def _by_hand(body: str) -> int:
    """The floor: what a first version does, character by character, without clusters or escapes."""
    septets = wide = 0
    gsm = True
    for character in body:
        gsm = gsm and character in _GSM
        septets += 1
        wide += 2 if character > "\uffff" else 1
    units, single, part = (septets, 160, 153) if gsm else (wide, 70, 67)
    return 1 if units <= single else -(-units // part)


def _per_second(act: Callable[[], object], count: int) -> list[float]:
    rates = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        for _ in range(count):
            act()
        rates.append(count / (time.perf_counter() - started))
    return rates
