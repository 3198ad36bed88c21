from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from flask import Flask

from webapp.config import Settings
from webapp.local.ports import free_port
from webapp.web.ratelimit import PER_SECOND, RateLimit


@pytest.fixture
def valkey(settings: Settings) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(settings.redis_url) as client:
        yield client


def _take(limit: RateLimit, times: int) -> int:
    return sum(limit.take("token") for _ in range(times))


def _limits_of_one_long_second(settings: Settings, valkey: redis.Redis, processes: int) -> list[RateLimit]:
    valkey.set("leadline:rate:token", 0, ex=3600)
    return [RateLimit(settings.redis_url) for _ in range(processes)]


def test_a_second_has_a_hundred_requests(settings: Settings, valkey: redis.Redis):
    (limit,) = _limits_of_one_long_second(settings, valkey, 1)

    assert _take(limit, PER_SECOND + 50) == PER_SECOND


def test_all_processes_share_the_hundred(settings: Settings, valkey: redis.Redis):
    limits = _limits_of_one_long_second(settings, valkey, 4)

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda limit: _take(limit, PER_SECOND), limits))

    assert sum(taken) == PER_SECOND


def test_each_token_has_its_own(settings: Settings, valkey: redis.Redis):
    (limit,) = _limits_of_one_long_second(settings, valkey, 1)
    _take(limit, PER_SECOND + 1)

    assert limit.take("another token")


def test_nine_of_ten_requests_ask_redis_nothing(settings: Settings, valkey: redis.Redis):
    (limit,) = _limits_of_one_long_second(settings, valkey, 1)
    before = valkey.info("commandstats").get("cmdstat_eval", {"calls": 0})["calls"]

    _take(limit, PER_SECOND)

    assert valkey.info("commandstats")["cmdstat_eval"]["calls"] - before == PER_SECOND / 10


def test_without_redis_requests_pass():
    limit = RateLimit(f"redis://127.0.0.1:{free_port()}")

    assert _take(limit, PER_SECOND * 10) == PER_SECOND * 10


def test_a_token_that_asks_too_often_is_told_when_to_come_back(
    kit_app: Flask, settings: Settings, valkey: redis.Redis, monkeypatch: pytest.MonkeyPatch
):
    kit_app.extensions["leadline"] = settings
    client = kit_app.test_client()
    client.get("/api/things", headers={"Authorization": "Bearer a token"})
    (key,) = valkey.keys("leadline:rate:*")
    valkey.set(key, PER_SECOND, ex=3600)

    answers = [client.get("/api/things", headers={"Authorization": "Bearer a token"}) for _ in range(20)]

    assert answers[-1].status_code == 429
    assert answers[-1].headers["Retry-After"] == "1"
    assert client.get("/api/things", headers={"Authorization": "Bearer other"}).status_code == 200
    assert client.get("/api/things").status_code == 200
