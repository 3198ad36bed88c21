"""Business time: real time plus an offset that keeps running, forward or back. The app reads the same file."""

import json
import math
import os
import time
from pathlib import Path

# Beyond these no calendar arithmetic is sure to hold: years 1971 to 9998.
EARLIEST, LATEST = 31_536_000.0, 253_370_764_800.0


class Clock:
    """Persists `{"offset_seconds": float}` atomically at `path`, so that a reader never sees half a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.offset = _read_offset(path)
        self._write()

    def now(self) -> float:
        return time.time() + self.offset

    def move_to(self, at: float) -> None:
        """Set business time to the instant `at`. Raises ValueError outside the years 1971 to 9998."""
        self._set(at - time.time())

    def advance(self, seconds: float) -> None:
        """Move by `seconds`; negative goes back. Raises ValueError outside the years 1971 to 9998."""
        self._set(self.offset + seconds)

    def back_to_real_time(self) -> None:
        self._set(0.0)

    def _set(self, offset: float) -> None:
        if not math.isfinite(offset) or not EARLIEST <= time.time() + offset <= LATEST:
            raise ValueError("business time must lie between the years 1971 and 9998")
        self.offset = offset
        self._write()

    def _write(self) -> None:
        fresh = self._path.with_suffix(".json.new")
        fresh.write_text(json.dumps({"offset_seconds": self.offset}) + "\n")
        os.replace(fresh, self._path)


def _read_offset(path: Path) -> float:
    if not path.exists():
        return 0.0
    return float(json.loads(path.read_text())["offset_seconds"])
