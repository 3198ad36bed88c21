"""Receipts only move forward."""

from __future__ import annotations

from itertools import permutations

import pytest

from webapp.carrier.statuses import is_known, moves_forward, rank


@pytest.mark.parametrize(
    ("status", "expected"), [(None, 0), ("", 0), ("sent", 1), ("delivered", 2), ("failed", 2), ("read", 3)]
)
def test_a_status_has_its_place(status: str | None, expected: int) -> None:
    assert rank(status) == expected


def applied(statuses: tuple[str, ...]) -> str:
    current = ""
    for status in statuses:
        if moves_forward(current, status):
            current = status
    return current


@pytest.mark.parametrize("end", ["delivered", "undelivered", "failed"])
def test_any_order_of_the_events_ends_the_same(end: str) -> None:
    assert {applied(order) for order in permutations(("sent", end, "sent", end))} == {end}


def test_failure_sticks() -> None:
    assert applied(("failed", "delivered", "read")) == "failed"
    assert applied(("undelivered", "sent", "read")) == "undelivered"


def test_a_word_that_nobody_knows_moves_nothing_and_is_told_apart() -> None:
    assert not is_known("teleported")
    assert applied(("sent", "teleported")) == "sent"
