"""A text as it will go: its words, what it must carry besides, and its segments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.accounts.settings import AccountSettings
from webapp.carrier import segments
from webapp.carrier.segments import LONGEST_BODY, SegmentCount
from webapp.compliance import footers
from webapp.compliance.facts import Facts
from webapp.database import Connection


class TooLongError(ValueError):
    """With what it must carry, an automatic text is longer than the carrier takes; ``str()`` says by how much."""


@dataclass(frozen=True, slots=True)
class Written:
    """``tells_how_to_stop``: it carries the STOP line."""

    body: str
    tells_how_to_stop: bool
    counted: SegmentCount


def as_it_is(body: str) -> Written:
    """A person's own words, or a confirmation."""
    return Written(body, False, segments.count(body))


def with_what_it_must_carry(
    conn: Connection, body: str, facts: Facts, settings: AccountSettings, *, signed_by: str, now: datetime
) -> Written:
    """An automatic text: who writes and how to stop, where that is due. Raises TooLongError."""
    dressed = footers.dress(conn, body, facts, settings, signed_by=signed_by, now=now)
    if len(dressed.body) > LONGEST_BODY:
        added = len(dressed.body) - len(body)
        raise TooLongError(f"is too long: with the {added} characters that it must carry, at most {LONGEST_BODY} fit")
    return Written(dressed.body, dressed.tells_how_to_stop, segments.count(dressed.body))
