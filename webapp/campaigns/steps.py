"""The steps of a campaign's version: what is said when, and how they are read and stored."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from psycopg.types.json import Jsonb

from webapp.campaigns.rules import Rules, Window
from webapp.database import Connection

MOST_STEPS = 50
LONGEST_DELAY_MINUTES = 60 * 24 * 365


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``key`` stays through all versions; ``delay_minutes`` after the step before, or after enrolling.

    ``at_local``: at that time of day ("10:05") where the lead is, after whole days so many calendar days later, else
    the next one once the delay is over; on a weekday if ``weekdays_only``.
    ``window``: within it only, where the lead is. ``paused_because``: why a breaker stopped it; empty while it runs.
    """

    key: str
    delay_minutes: int
    body: str
    at_local: str | None = None
    weekdays_only: bool = False
    window: Window | None = None
    paused_because: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """What one version of a campaign says, in order. ``signed_by``: whose campaign it is, for a lead without one.

    ``moved_to_id``: the version to which whoever follows this one goes over; None while it is in force.
    """

    id: int
    campaign_id: int
    number: int
    rules: Rules
    steps: tuple[Step, ...]
    signed_by: str = ""
    moved_to_id: int | None = None


def new_key() -> str:
    """A key that no step has had."""
    return secrets.token_hex(6)


def load(conn: Connection, version_ids: Iterable[int]) -> dict[int, Version]:
    """Whole versions by id, in one query."""
    rows = conn.execute(
        """
        SELECT v.id, v.campaign_id, v.number, v.rules::text, coalesce(u.name, ''),
               coalesce(jsonb_agg(jsonb_build_array(
                            s.step_key, s.delay_minutes, s.variants -> 0 ->> 'body', s.at_local, s.weekdays_only,
                            s.send_window::text, s.paused_because) ORDER BY s.position)
                        FILTER (WHERE s.id IS NOT NULL), '[]'), v.moved_to_id
        FROM sms_campaign_versions v JOIN sms_campaigns g ON g.id = v.campaign_id
        LEFT JOIN users u ON u.id = g.owner_id AND u.active
        LEFT JOIN sms_campaign_steps s ON s.version_id = v.id
        WHERE v.id = ANY(%s) GROUP BY v.id, u.name
        """,
        [list(version_ids)],
    )
    return {
        row[0]: Version(row[0], row[1], row[2], _rules(row[3]), tuple(map(_step, row[5])), row[4], row[6])
        for row in rows
    }


def replace(conn: Connection, version_id: int, steps: Sequence[Step]) -> None:
    """Stores these steps, in this order, as all of a version's: a draft's, for a published one never changes."""
    conn.execute("DELETE FROM sms_campaign_steps WHERE version_id = %s", [version_id])
    with conn.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO sms_campaign_steps
                (version_id, position, step_key, delay_minutes, at_local, weekdays_only, send_window, variants)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
            """,
            [_row(version_id, position, step) for position, step in enumerate(steps)],
        )


def _row(version_id: int, position: int, step: Step) -> list[object]:
    window = Jsonb(step.window.model_dump()) if step.window else None
    variants = Jsonb([{"key": "a", "body": step.body}])
    return [
        version_id, position, step.key, step.delay_minutes, step.at_local, step.weekdays_only, window, variants,
    ]  # fmt: skip


def _step(values: list[Any]) -> Step:
    key, delay, body, at_local, weekdays_only, window, paused_because = values
    return Step(key, delay, body, at_local, weekdays_only, _window(window) if window else None, paused_because)


@lru_cache(maxsize=256)
def _rules(stored: str) -> Rules:
    return Rules.model_validate_json(stored)


@lru_cache(maxsize=256)
def _window(stored: str) -> Window:
    return Window.model_validate_json(stored)
