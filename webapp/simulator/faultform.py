"""The faults as a form: one choice for each, in words; and back into the body that the control API takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.simulator.faults import Faults, InvalidField, parse_faults

Choice = tuple[str, str]

RATES: tuple[Choice, ...] = (("0", "Never"), ("0.1", "1 in 10"), ("0.5", "Every other"), ("1", "Always"))
LATENCIES: tuple[Choice, ...] = (
    ("0", "None"), ("100", "100 ms"), ("500", "500 ms"), ("2000", "2 s"), ("8000", "8 s"), ("100-1500", "0.1 to 1.5 s")
)  # fmt: skip
DELAYS: tuple[Choice, ...] = (("0", "None"), ("2000", "2 s"), ("10000", "10 s"), ("60000", "1 minute"))
SENDING = {
    "timeout_after_accept": "Accepts, then times out",
    "timeout_before_accept": "Times out, not accepted",
    "error_500_after_accept": "Accepts, then says 500",
    "error_500": "Says 500, not accepted",
    "error_429": "Too many requests (429)",
}
WEBHOOKS = {"lose": "Lost", "double": "Sent twice", "reorder": "Overtaken"}
RECEIPTS = {
    "30003": "Phone unreachable",
    "30005": "Number unknown",
    "30006": "Landline",
    "30007": "Filtered as spam",
    "30034": "Number not registered",
}


@dataclass(frozen=True)
class Row:
    """One choice of the form."""

    name: str
    label: str
    value: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Group:
    """`any_code`: a further code can be added by its number."""

    title: str
    rows: tuple[Row, ...]
    any_code: bool = False


def groups_of(faults: Faults) -> tuple[Group, ...]:
    """The form as it stands. A value that the control API set and no choice offers is offered too."""
    now = faults.to_json()
    codes = RECEIPTS | {code: f"Code {code}" for code in faults.receipts if code not in RECEIPTS}
    return (
        Group(
            "When Leadline sends a text, the carrier",
            tuple(_rate(f"send.{name}", label, now["send"][name]) for name, label in SENDING.items()),
        ),
        Group(
            "Webhooks are",
            (
                *(_rate(f"webhooks.{name}", label, now["webhooks"][name]) for name, label in WEBHOOKS.items()),
                _row("webhooks.delay_ms", "Delayed", f"{faults.webhooks.delay_ms:g}", DELAYS, "ms"),
            ),
        ),
        Group(
            "Delivery fails with",
            tuple(
                _rate(f"receipts.{code}", _code(code, label), faults.receipts.get(code, 0))
                for code, label in codes.items()
            ),
            any_code=True,
        ),
        Group("Every request", (_row("latency_ms", "Answers take", _latency(faults), LATENCIES, "ms"),)),
    )


def values_of(faults: Faults) -> dict[str, str]:
    """What is chosen in each row, by name."""
    return {row.name: row.value for group in groups_of(faults) for row in group.rows}


def in_words(faults: Faults) -> list[str]:
    """What is broken now, a few words each."""
    quiet = {"Never", "None"}
    return [
        f"{row.label}: {said.lower()}"
        for group in groups_of(faults)
        for row in group.rows
        if (said := dict(row.choices)[row.value]) not in quiet
    ]


def parse_form(form: Mapping[str, str]) -> Faults:
    """Read the form, `code` and `code_rate` being one more code of receipts. Raises InvalidField."""
    body: dict[str, Any] = {"send": {}, "webhooks": {}, "receipts": {}}
    for name, value in form.items():
        kind, _, inner = name.partition(".")
        if name == "latency_ms":
            body[name] = [_number(name, end) for end in value.split("-")] if "-" in value else _number(name, value)
        elif inner and kind in body and _number(name, value):
            body[kind][inner] = _number(name, value)
    if form.get("code"):
        body["receipts"][form["code"].strip()] = _number("code_rate", form.get("code_rate", "1"))
    return parse_faults(body)


def _rate(name: str, label: str, rate: float) -> Row:
    value = f"{rate:g}"
    known = any(value == offered for offered, _ in RATES)
    return Row(name, label, value, RATES if known else (*RATES, (value, f"{rate:.0%}")))


def _row(name: str, label: str, value: str, choices: tuple[Choice, ...], unit: str) -> Row:
    known = any(value == offered for offered, _ in choices)
    return Row(name, label, value, choices if known else (*choices, (value, f"{value} {unit}")))


def _latency(faults: Faults) -> str:
    least, most = faults.latency_ms
    return f"{least:g}" if least == most else f"{least:g}-{most:g}"


def _code(code: str, label: str) -> str:
    return label if label.endswith(code) else f"{label} ({code})"


def _number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise InvalidField(name, "must be a number") from None
