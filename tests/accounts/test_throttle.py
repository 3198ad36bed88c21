"""Guessing is slow, and an empty or absent Redis neither locks people out nor lets guessers in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from flask import Flask

from tests.accounts.conftest import Visitor
from tests.conftest import Servers, settings_for
from tests.support.people import Cast, Person
from webapp import database
from webapp.accounts import throttle


def _guess(visitor: Visitor, email: str, times: int) -> list[int]:
    return [visitor.post("/login", email=email, password=f"guess {n}").status_code for n in range(times)]


def test_after_ten_wrong_passwords_the_account_waits_and_others_do_not(visitor: Visitor, cast: Cast) -> None:
    assert _guess(visitor, cast.rep.email, 12) == [422] * 10 + [429] * 2
    refused = visitor.sign_in(cast.rep)
    assert refused.status_code == 429
    assert "Too many tries; wait 15 minutes." in refused.text
    assert visitor.sign_in(cast.other_rep).status_code == 303


def test_an_address_without_an_account_is_throttled_alike(visitor: Visitor, cast: Cast) -> None:
    assert _guess(visitor, "nobody@agency.test", 11) == [422] * 10 + [429]


def test_the_right_password_begins_the_count_again(visitor: Visitor, cast: Cast) -> None:
    _guess(visitor, cast.rep.email, 9)
    assert visitor.sign_in(cast.rep).status_code == 303
    assert _guess(visitor, cast.rep.email, 10) == [422] * 10


def test_one_address_that_tries_many_accounts_is_stopped_too(visitor: Visitor, app: Flask) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": "203.0.113.7"}):
        tries = [throttle.may_try("sign-in", f"person{n}@agency.test") for n in range(101)]
    assert tries == [True] * 100 + [False]
    with app.test_request_context(environ_base={"REMOTE_ADDR": "203.0.113.8"}):
        assert throttle.may_try("sign-in", "person101@agency.test")


def test_guesses_at_the_same_moment_are_all_counted(app: Flask) -> None:
    def guess(_: int) -> bool:
        with app.test_request_context():
            return throttle.may_try("sign-in", "rita@agency.test")

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(guess, range(40))) == 10


def test_no_address_of_a_person_is_written_to_redis(visitor: Visitor, cast: Cast, emptied: Servers) -> None:
    _guess(visitor, cast.rep.email, 1)
    keys = redis.Redis.from_url(emptied.redis_url).keys()
    assert keys
    assert not [key for key in keys if b"rita" in key]


def test_an_emptied_redis_lets_people_try_again(visitor: Visitor, cast: Cast, emptied: Servers) -> None:
    _guess(visitor, cast.rep.email, 11)
    redis.Redis.from_url(emptied.redis_url).flushall()
    assert visitor.sign_in(cast.rep).status_code == 303


@pytest.fixture
def without_redis(emptied: Servers) -> Iterator[Flask]:
    from webapp.app import create_app

    yield create_app(settings_for(emptied, redis_url="redis://127.0.0.1:1"))
    database.close()


def test_while_redis_is_away_people_sign_in_and_guessers_are_still_stopped(
    cast: Cast, without_redis: Flask, sign_in: Callable[[Person], Visitor]
) -> None:
    visitor = Visitor(without_redis.test_client())
    assert visitor.sign_in(cast.rep).status_code == 303
    assert _guess(visitor, cast.other_rep.email, 11) == [422] * 10 + [429]
