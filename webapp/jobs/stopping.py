"""Has this process been told to end? Long jobs ask between two steps, so that they end within the 25 s they get."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class _Order:
    given: bool = False


_order = _Order()


def ask() -> None:
    """The process was told to end. Safe in a signal handler."""
    _order.given = True


def asked() -> bool:
    """True once the process is to end: finish what is begun, begin nothing."""
    return _order.given
