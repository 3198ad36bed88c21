"""The gate's word holds for a moment: a text that has lain in a worker's hand since is asked about again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.world import World
from webapp import clock, database
from webapp.messaging import attempts, claims, results
from webapp.messaging.attempts import Sent, Stale


@pytest.mark.parametrize("hours", [10, -6])
def test_a_text_claimed_by_day_does_not_go_by_night(world: World, hours: int) -> None:
    phone = world.phone()
    text = world.say(world.conversation(phone), "Hello?").message_id
    with database.transaction() as conn:
        [claimed] = claims.claim(conn, slots=1, now=clock.now())
    world.move_clock(hours=hours)
    result = attempts.attempt(world.carrier, claimed)
    assert result == Stale(claimed)
    with database.transaction() as conn:
        results.record(conn, [result], now=clock.now())
    world.until(lambda: world.status(text) == "held")
    assert world.on_handset(phone) == []


def test_what_has_just_been_let_go_goes(world: World) -> None:
    world.say(world.conversation(world.phone()), "Hello?")
    with database.transaction() as conn:
        [claimed] = claims.claim(conn, slots=1, now=clock.now())
    world.move_clock(seconds=20)
    assert isinstance(attempts.attempt(world.carrier, claimed), Sent)


def test_a_clock_that_was_moved_a_moment_ago_is_seen(world: World, tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    clock.write_offset(file, clock.offset().total_seconds())
    clock.follow(file)
    world.say(world.conversation(world.phone()), "Hello?")
    with database.transaction() as conn:
        [claimed] = claims.claim(conn, slots=1, now=clock.now())
    clock.write_offset(file, clock.offset().total_seconds() + 36_000)
    assert attempts.attempt(world.carrier, claimed) == Stale(claimed)
