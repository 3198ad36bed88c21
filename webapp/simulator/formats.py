"""Twilio's ways to write an instant. Inside the simulator an instant is a float: seconds since 1970, UTC."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime


def iso_seconds(at: float) -> str:
    """`2015-12-16T22:18:37Z`: REST v1 writes whole seconds; the SDK parses nothing else."""
    return datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_millis(at: float) -> str:
    """`2024-12-18T14:35:28.423Z`: webhooks carry milliseconds."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def iso_micros(at: float) -> str:
    """RFC 3339 with microseconds, for the control API."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def rfc2822(at: float) -> str:
    """`Fri, 24 May 2019 17:44:46 +0000`: the classic API."""
    return format_datetime(datetime.fromtimestamp(int(at), UTC))


def parse_instant(text: str) -> float:
    """Read an ISO 8601 date or date-time; without a zone it is UTC. Raises ValueError."""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def duration_seconds(value: str) -> int:
    """Seconds of an ISO 8601 duration of days to seconds; -1 when it is none."""
    match = _DURATION.fullmatch(value)
    if match is None or not any(match.groups()):
        return -1
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
