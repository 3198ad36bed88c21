"""Pure functions: segments of a body, and the gate's decision on a text."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from bench.stack import noon
from bench.tables import Report, spread
from webapp.accounts.settings import AccountSettings
from webapp.carrier import segments
from webapp.compliance import gate
from webapp.compliance.facts import Facts
from webapp.models.constants import Origin

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
    report.table(
        SECTION,
        "Gate decisions a second, one thread",
        ("", "decisions/s"),
        [(name, spread(_per_second(judge, count // 5), 0)) for name, judge in _judgements().items()],
    )


def _judgements() -> dict[str, Callable[[], object]]:
    around = gate.Circumstances(AccountSettings(), simulated=True)
    asked = gate.Asked(Origin.MANUAL, automatic=False, asked_at=noon())
    night = noon() + timedelta(hours=12)

    def facts(e164: str) -> Facts:
        return Facts(1, e164, consent_at=noon(), simulated=True)

    return {
        "allowed, inside the hours": lambda: gate.judge(facts("+15125550123"), asked, around, noon()),
        "held until morning, two zones": lambda: gate.judge(facts("+18505550123"), asked, around, night),
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
