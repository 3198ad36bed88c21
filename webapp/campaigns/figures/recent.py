"""A campaign's figures for a page that polls: those of a large campaign are counted once for everybody who looks on.

Counting reads every lead and every text of the campaign (100,000 leads with 160,000 texts: 0.09 s), which a poll must
not do again and again. What is kept is only ever what ``stats.of`` counted, at most ``KEPT_SECONDS`` old, and only in
this process: a page that is opened, as after every act of a person, counts anew.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from webapp.campaigns.figures import stats
from webapp.campaigns.figures.stats import Stats
from webapp.campaigns.steps import Version
from webapp.database import Connection

#: From so many leads on; the figures of fewer are counted with each poll.
LARGE = 10_000
#: Machine time; two polls.
KEPT_SECONDS = 10.0
_MOST = 100


@dataclass(frozen=True, slots=True)
class _Kept:
    figures: Stats
    begun: float


_kept: dict[int, _Kept] = {}


def count(conn: Connection, version: Version) -> Stats:
    """The figures of the version's campaign as they are now."""
    begun = time.monotonic()
    figures = stats.of(conn, version)
    if figures.enrolled >= LARGE:
        _keep(version.id, _Kept(figures, begun))
    return figures


def of(conn: Connection, version: Version) -> Stats:
    """The same; of a large campaign as they were at most ``KEPT_SECONDS`` ago."""
    kept = _kept.get(version.id)
    if kept is not None and time.monotonic() - kept.begun < KEPT_SECONDS:
        return kept.figures
    return count(conn, version)


def forget() -> None:
    """Counts anew whatever was kept."""
    _kept.clear()


def _keep(version_id: int, counted: _Kept) -> None:
    """A count that began earlier and took longer does not take the place of a later one."""
    there = _kept.get(version_id)
    if there is None or there.begun < counted.begun:
        _kept.pop(version_id, None)
        _kept[version_id] = counted
    while len(_kept) > _MOST:
        _kept.pop(next(iter(_kept)), None)
