"""The faults that tests and demos switch on: how often the carrier misbehaves, and how."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST_LATENCY_MS = 60_000


class InvalidField(ValueError):  # noqa: N818 - it names a field, and reads as one
    """Input of the control API that cannot be taken; `field` is its dotted name."""

    def __init__(self, field_name: str, message: str) -> None:
        super().__init__(message)
        self.field = field_name
        self.message = message


@dataclass(frozen=True)
class SendFaults:
    """Shares, 0 to 1, of the POSTs of messages."""

    timeout_after_accept: float = 0.0
    timeout_before_accept: float = 0.0
    error_500_after_accept: float = 0.0
    error_500: float = 0.0
    error_429: float = 0.0


@dataclass(frozen=True)
class WebhookFaults:
    """Shares, 0 to 1, of the webhooks; `delay_ms` holds every one."""

    lose: float = 0.0
    double: float = 0.0
    reorder: float = 0.0
    delay_ms: float = 0.0


@dataclass(frozen=True)
class Faults:
    """`latency_ms`: of every REST answer, (least, most). `receipts`: the share of texts that fail with each code."""

    latency_ms: tuple[float, float] = (0.0, 0.0)
    send: SendFaults = SendFaults()
    webhooks: WebhookFaults = WebhookFaults()
    receipts: Mapping[str, float] = field(default_factory=dict)

    def latency_seconds(self) -> float:
        return random.uniform(*self.latency_ms) / 1000  # noqa: S311 - chance, not secrecy

    def receipt_code(self) -> str | None:
        """The error code that strikes this text, or None."""
        draw = random.random()  # noqa: S311
        for code, rate in self.receipts.items():
            if draw < rate:
                return code
            draw -= rate
        return None

    def to_json(self) -> dict[str, Any]:
        least, most = self.latency_ms
        return {
            "latency_ms": least if least == most else [least, most],
            "send": vars(self.send).copy(),
            "webhooks": vars(self.webhooks).copy(),
            "receipts": dict(self.receipts),
        }


def strikes(rate: float) -> bool:
    return rate > 0 and random.random() < rate  # noqa: S311


def parse_faults(content: object) -> Faults:
    """Read the whole body of `PUT /sim/faults`; what it leaves out is off. Raises InvalidField."""
    fields = _members(content, "", {"latency_ms", "send", "webhooks", "receipts"})
    return Faults(
        latency_ms=_latency(fields.get("latency_ms", 0)),
        send=SendFaults(**_send(fields.get("send", {}))),
        webhooks=WebhookFaults(**_webhooks(fields.get("webhooks", {}))),
        receipts=_receipts(fields.get("receipts", {})),
    )


def _latency(value: object) -> tuple[float, float]:
    ends = value if isinstance(value, list) else [value, value]
    if len(ends) != 2:
        raise InvalidField("latency_ms", "must be a number or [least, most]")
    least, most = (_number(end, "latency_ms", LONGEST_LATENCY_MS) for end in ends)
    if least > most:
        raise InvalidField("latency_ms", "the least must not exceed the most")
    return least, most


def _send(value: object) -> dict[str, float]:
    fields = _members(value, "send", set(vars(SendFaults())))
    return {name: _number(rate, f"send.{name}", 1.0) for name, rate in fields.items()}


def _webhooks(value: object) -> dict[str, float]:
    fields = _members(value, "webhooks", set(vars(WebhookFaults())))
    most = {"delay_ms": float(LONGEST_LATENCY_MS)}
    return {name: _number(rate, f"webhooks.{name}", most.get(name, 1.0)) for name, rate in fields.items()}


def _receipts(value: object) -> dict[str, float]:
    fields = _members(value, "receipts", None)
    for code in fields:
        if not (code.isascii() and code.isdigit() and len(code) == 5):
            raise InvalidField(f"receipts.{code}", "must be a five-digit error code")
    rates = {code: _number(rate, f"receipts.{code}", 1.0) for code, rate in fields.items()}
    if sum(rates.values()) > 1:
        raise InvalidField("receipts", "the rates together must not exceed 1")
    return rates


def _members(value: object, name: str, known: set[str] | None) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidField(name or "body", "must be an object")
    for member in value:
        if known is not None and member not in known:
            raise InvalidField(f"{name}.{member}".lstrip("."), "is not known")
    return value


def _number(value: object, name: str, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise InvalidField(name, f"must be a number from 0 to {most:g}")
    return float(value)
