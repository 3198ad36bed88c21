"""Business time: the only source of "now" for sends, holds, windows, schedules and what pages show.

Machine time (claims, settle times, heartbeats, sessions) is the database's own ``now()`` and never moves.
With a simulated carrier business time is real time plus an offset. The simulator keeps that offset in a small
JSON file, outside Redis, which is looked at no more than five times a second; so every process of the tree
follows a moved clock within a second and without a network call.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

_LOOK_EVERY_SECONDS = 0.2


@dataclass
class _Offset:
    fixed: timedelta = timedelta(0)
    file: Path | None = None
    mtime_ns: int = -1
    looked_at: float = field(default=-1e9)


_offset = _Offset()


def now() -> datetime:
    """The business instant, in UTC, with microseconds."""
    return datetime.now(UTC) + offset()


def now_looked_at() -> datetime:
    """The business instant after a look at the clock's file, however short ago the last one was: for a text on its way
    out, which a clock that has just been moved into the night is to stop."""
    _offset.looked_at = -1e9
    return now()


def offset() -> timedelta:
    """How far business time is ahead of real time; zero unless the carrier is simulated."""
    if _offset.file is not None:
        _follow_file(_offset.file)
    return _offset.fixed


def use_real_time() -> None:
    """Business time is real time: what a live carrier always gets."""
    _set(timedelta(0), None)


def start_at(instant: datetime) -> None:
    """Business time starts at ``instant`` and runs on. Only for a simulated carrier."""
    _set(instant - datetime.now(UTC), None)


def follow(file: Path) -> None:
    """Business time follows the simulator's clock file: ``{"offset_seconds": number}``. An absent file is no offset."""
    _set(timedelta(0), file)


def write_offset(file: Path, offset_seconds: float) -> None:
    """Sets a clock file in one atomic step, for whoever starts the simulator."""
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps({"offset_seconds": offset_seconds}))
    fresh.replace(file)


def _set(fixed: timedelta, file: Path | None) -> None:
    global _offset  # noqa: PLW0603 (one clock a process, by design)
    _offset = _Offset(fixed=fixed, file=file)


def _follow_file(file: Path) -> None:
    looked_at = time.monotonic()
    if looked_at - _offset.looked_at < _LOOK_EVERY_SECONDS:
        return
    _offset.looked_at = looked_at
    try:
        mtime_ns = file.stat().st_mtime_ns
        if mtime_ns == _offset.mtime_ns:
            return
        seconds = float(json.loads(file.read_text())["offset_seconds"])
    except FileNotFoundError:
        return
    _offset.mtime_ns, _offset.fixed = mtime_ns, timedelta(seconds=seconds)
