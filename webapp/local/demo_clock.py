"""When the demo begins: at an hour in which a text may go, so that the first one is not held by quiet hours."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

#: The demo's agency is in Texas.
DEMO_ZONE = ZoneInfo("America/Chicago")
_FROM, _TO = time(9), time(17)
_START = time(10, 4)


def demo_offset_seconds(real: datetime) -> float:
    """0 within 9:00-17:00 on a weekday in the demo's zone; else the way to the next weekday, 10:04."""
    local = real.astimezone(DEMO_ZONE)
    if local.weekday() < 5 and _FROM <= local.time() < _TO:
        return 0.0
    day = local.date() if local.time() < _FROM else local.date() + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return (datetime.combine(day, _START, DEMO_ZONE) - real).total_seconds()
