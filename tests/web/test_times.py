"""How instants are written, on both clocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from webapp.web.times import age, local_date, local_day, local_moment, local_time, rfc3339

NOW = "2026-12-09T18:00:00Z"


@pytest.fixture(autouse=True)
def noon_in_texas(at: Callable[[str], None]) -> None:
    at(NOW)


def _before(**span: float) -> datetime:
    return datetime.fromisoformat(NOW) - timedelta(**span)


def test_programs_read_utc_in_whole_seconds():
    assert rfc3339(datetime(2026, 12, 1, 15, 0, 0, 999_999, UTC)) == "2026-12-01T15:00:00Z"
    assert rfc3339(datetime(2026, 12, 1, 15, tzinfo=timezone(timedelta(hours=-6)))) == "2026-12-01T21:00:00Z"


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        ({"seconds": 1}, "now"),
        ({"seconds": 59}, "now"),
        ({"seconds": 60}, "1 min"),
        ({"minutes": 59, "seconds": 50}, "59 min"),
        ({"hours": 1}, "1 h"),
        ({"hours": 23, "minutes": 59}, "23 h"),
        ({"days": 1}, "1 d"),
        ({"days": 6, "hours": 23}, "6 d"),
        ({"days": 7}, "Dec 2"),
        ({"days": 365}, "Dec 9, 2025"),
        ({"minutes": -5}, "now"),
    ],
)
def test_an_age_is_as_long_as_it_needs_to_be(ago: dict[str, float], words: str):
    assert age(_before(**ago), "America/Chicago") == words


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        ({"hours": 11}, "Today"),
        ({"hours": 13}, "Yesterday"),
        ({"hours": 37}, "Mon, Dec 7"),
        ({"days": -1}, "Thu, Dec 10"),
        ({"days": 400}, "Tue, Nov 4, 2025"),
    ],
)
def test_today_ends_at_midnight_where_the_reader_is(ago: dict[str, float], words: str):
    assert local_day(_before(**ago), "America/Chicago") == words


@pytest.mark.parametrize(("hour", "words"), [(6, "12:05 AM"), (15, "9:05 AM"), (18, "12:05 PM"), (23, "5:05 PM")])
def test_a_time_of_day_is_written_as_americans_do(hour: int, words: str):
    assert local_time(datetime(2026, 12, 9, hour, 5, tzinfo=UTC), "America/Chicago") == words


def test_a_moment_names_its_day_and_machine_time_has_no_today():
    just_now = _before(minutes=1)

    assert local_moment(just_now, "America/Chicago") == "Wed, Dec 9, 11:59 AM"
    assert local_date(just_now, "America/Chicago") == "Dec 9"
