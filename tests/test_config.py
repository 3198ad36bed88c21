"""Settings: nonsense is refused at start, naming the variable and the fix."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import redis

from webapp import clock
from webapp.app import use_clock
from webapp.config import PROCESSES, ConfigError, Settings, load_settings

LIVE = {
    "twilio_account_sid": "AC" + "1" * 32,
    "twilio_auth_token": "token",
    "twilio_conversations_service_sid": "IS" + "1" * 32,
    "twilio_messaging_service_sid": "MG" + "1" * 32,
    "twilio_sms_number": "+15125550100",
}


def settings(**changes: object) -> Settings:
    given = {"database_url": "postgresql://h/d", "redis_url": "redis://h", "secret_key": "s" * 32}
    return load_settings(**(given | changes))


def test_what_must_be_set_is_named_line_by_line(monkeypatch: pytest.MonkeyPatch):
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigError) as refused:
        load_settings()
    assert str(refused.value).splitlines() == [
        "DATABASE_URL is not set.",
        "REDIS_URL is not set.",
        "SECRET_KEY is not set.",
    ]


@pytest.mark.parametrize("written", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_a_postgres_address_is_taken(written: str):
    assert settings(database_url=f"{written}://u:p@h:5432/d?sslmode=require").database_url == (
        "postgresql://u:p@h:5432/d?sslmode=require"
    )


@pytest.mark.parametrize(
    "address", ["redis://h:6379/0", "rediss://:p@h:6380?ssl_cert_reqs=required", "unix:///run/redis.sock"]
)
def test_every_way_to_reach_redis_is_taken(address: str):
    assert settings(redis_url=address).redis_url == address


def test_a_hosted_redis_that_signs_its_own_certificate_is_believed_unless_it_must_not_be():
    url = settings(redis_url="rediss://:p@h:6380").redis_url
    assert url == "rediss://:p@h:6380?ssl_cert_reqs=none"
    assert redis.Redis.from_url(url).connection_pool.connection_kwargs["ssl_cert_reqs"] == "none"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("database_url", "mysql://h/d"),
        ("redis_url", "http://h"),
        ("secret_key", "short"),
        ("app_url", "texts.example.com"),
        ("port", "0"),
        ("twilio_account_sid", "AC123"),
        ("twilio_sms_number", "5125550100"),
        ("leadline_admin_token", "short"),
        ("cron_secret", "short"),
        ("leadline_processes", "web,typist"),
        ("leadline_processes", " "),
        ("leadline_clock", "2026-12-01T15:00:00"),
        ("leadline_clock", "noon"),
        ("send_threads", "0"),
    ],
)
def test_nonsense_is_refused_by_the_variables_name(variable: str, value: str):
    with pytest.raises(ConfigError) as refused:
        settings(**{variable: value})
    assert str(refused.value).startswith(f"{variable.upper()}: ")


@pytest.mark.parametrize("missing", [name for name in LIVE if name != "twilio_account_sid"])
def test_half_a_carrier_is_refused_by_the_missing_variables_name(missing: str):
    with pytest.raises(ConfigError, match=missing.upper()):
        settings(**(LIVE | {missing: ""}))


def test_everything_runs_unless_told_otherwise():
    assert settings().leadline_processes == PROCESSES
    assert settings(leadline_processes="web, clock").leadline_processes == ("web", "clock")


def test_it_listens_on_every_address_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOST", "somebody's shell sets this")
    assert settings().leadline_host == "0.0.0.0"


def test_both_names_of_the_public_address_are_taken(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("APP_URL", raising=False)
    monkeypatch.setenv("NEXT_PUBLIC_APP_URL", "https://texts.example.com/")
    assert settings().app_url == "https://texts.example.com"


def test_a_second_signing_token_is_taken_for_rotation():
    assert settings(twilio_auth_token="new", twilio_webhook_auth_token="old").signing_tokens == ("new", "old")
    assert settings(twilio_auth_token="new").signing_tokens == ("new",)


def test_no_secret_shows_when_settings_are_printed():
    hidden = {name: f"hidden {name} 0123456789 0123456789" for name in ("secret_key", "cron_secret", "smtp_url")}
    hidden |= {"twilio_auth_token": "hidden token", "leadline_admin_password": "hidden password"}
    printed = repr(settings(**hidden))
    assert not any(value in printed for value in hidden.values())


def test_business_time_moves_only_with_a_stand_in_carrier():
    later = datetime.now(UTC) + timedelta(days=400)
    try:
        use_clock(settings(**LIVE, leadline_clock=later.isoformat()))
        assert abs(clock.offset()) < timedelta(seconds=1)
        use_clock(settings(**LIVE, leadline_clock=later.isoformat(), twilio_api_base_url="http://127.0.0.1:4010"))
        assert clock.offset() > timedelta(days=399)
    finally:
        clock.use_real_time()


def test_erased_numbers_are_still_recognised_when_the_secret_key_is_changed():
    before = settings().number_key
    assert settings(secret_key="n" * 32).number_key != before
    assert settings(secret_key="n" * 32, leadline_hmac_key="s" * 32).number_key == before
    with pytest.raises(ConfigError, match="LEADLINE_HMAC_KEY: is too short"):
        settings(leadline_hmac_key="short")


def test_threads_are_opened_as_fast_as_twilio_allows_and_a_stand_in_allows_more():
    assert settings(**LIVE).threads_per_second == 30
    simulated = settings(**LIVE, twilio_api_base_url="http://127.0.0.1:4010")
    assert simulated.threads_per_second > 100
    assert settings(leadline_threads_per_second="12").threads_per_second == 12
