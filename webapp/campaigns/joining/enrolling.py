"""Putting leads into a campaign: once per entry, however often it is asked, and each left-out one for a reason.

Set operations on chunks; the caller commits. What cannot be texted is left out here, so that a campaign's figures are
those of people it writes to; the gate has its word again at each step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from webapp.accounts.actors import Actor
from webapp.campaigns.joining import elsewhere, enrolling_sql, first_moments, left_out
from webapp.campaigns.joining.elsewhere import Choice
from webapp.campaigns.steps import Version
from webapp.database import Connection

CHUNK = 5000


class Entry(StrEnum):
    """What became of one lead that was to be enrolled."""

    ENROLLED = "enrolled"
    ALREADY = "already_enrolled"
    BEFORE = "enrolled_before"
    WAITING = "waiting_for_another_campaign"
    ELSEWHERE = "in_another_campaign"
    GOAL = "reached_goal"
    OPTED_OUT = "opted_out"
    BAD_NUMBER = "bad_number"
    NO_CONSENT = "no_consent"
    NO_SENDER = "no_sender"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Target:
    """The campaign that is filled. ``parked``: its first moments wait, for it does not run. ``is_draft``: it was never
    launched. ``choice``: what becomes of leads in another live campaign, if not what the rules say."""

    version: Version
    parked: bool
    enrolled_by: int | None
    is_draft: bool
    choice: Choice | None

    @property
    def becomes(self) -> Choice:
        """What becomes of leads that are in another live campaign."""
        return self.choice or self.version.rules.one_campaign_at_a_time


def enroll(conn: Connection, target: Target, lead_ids: Sequence[int], actor: Actor, now: datetime) -> Counter[Entry]:
    """Enrolls these leads, as far as the actor may see them. Returns how many became what; they add up to the given.

    Leads given twice count twice. ``now``: business time.
    """
    outcomes: Counter[Entry] = Counter()
    _plan_for_large_tables(conn)
    given = _given(conn, target, actor, now)
    for start in range(0, len(lead_ids), CHUNK):
        chunk = list(lead_ids[start : start + CHUNK])
        outcomes += _enroll(conn, target, chunk, given)
        outcomes[Entry.NOT_FOUND] = start + len(chunk) - (outcomes.total() - outcomes[Entry.NOT_FOUND])
    conn.execute("SET LOCAL enable_seqscan = on")
    return +outcomes


def would_enter(
    conn: Connection, target: Target, lead_ids: Sequence[int], actor: Actor, now: datetime, *, enough: int
) -> int:
    """How many of these leads ``enroll`` would put in; it counts no further once they are more than ``enough``."""
    given, count = _given(conn, target, actor, now), 0
    for start in range(0, len(lead_ids), CHUNK):
        values = given | {"leads": list(lead_ids[start : start + CHUNK])}
        row = conn.execute(enrolling_sql.COUNT, values).fetchone()
        assert row is not None
        count += row[0]
        if count > enough:
            break
    return count


def _plan_for_large_tables(conn: Connection) -> None:
    """Postgres keeps the plans of its foreign key checks for a session: those that it made while the tables were small
    read them whole for each row, and a first large enrollment would take the square of its time."""
    conn.execute("SET LOCAL enable_seqscan = off")
    conn.execute("DISCARD PLANS")


def _given(conn: Connection, target: Target, actor: Actor, now: datetime) -> dict[str, Any]:
    """What is the same for every lead. Whom no number of ours knows is written to by the campaign's own in turns, or by
    the account's default; one that is stopped has no turn while others go."""
    rules = target.version.rules
    own = list(rules.senders.numbers)
    found = conn.execute(enrolling_sql.SENDERS, {"own": own}).fetchall()
    senders = [sender for sender, _ in found]
    going = [sender for sender, goes in found if goes]
    return {
        "campaign": target.version.campaign_id,
        "version": target.version.id,
        "parked": target.parked,
        "by": target.enrolled_by,
        "reentry": rules.reentry_days,
        "alone": target.becomes in ("skip", "move"),
        "moves": target.becomes == "move",
        "kept": elsewhere.kept(target.choice) if target.is_draft else None,
        "beside": target.choice == "both",
        "goal_statuses": list(rules.exit_statuses),
        "goal_tags": list(rules.exit_tags),
        "senders": senders,
        "turns": (going or senders) if own else senders[:1],
        "now": now,
        **actor.params(),
    }


def _enroll(conn: Connection, target: Target, chunk: list[int], given: dict[str, Any]) -> Counter[Entry]:
    """One chunk. Those whom somebody else has enrolled, or written to, at the same moment are looked at once more."""
    outcomes: Counter[Entry] = Counter()
    left = chunk
    while left:
        values = given | {"leads": left}
        moments = first_moments.of_leads(conn, target.version, given["now"], enrolling_sql.ASKED, values)
        values["moments"] = first_moments.as_json(moments)
        left = []
        for name, asked, entered, kept_out, missed in conn.execute(enrolling_sql.ENROLL, values):
            outcome = Entry(name)
            if outcome is Entry.ENROLLED:
                outcomes[outcome] += entered
                outcomes[Entry.ALREADY] += asked - entered - len(missed or [])
                left = missed or []
            else:
                outcomes[outcome] += asked
                left_out.note(conn, given["campaign"], _noted(outcome, kept_out), given["now"])
    return outcomes


def _noted(outcome: Entry, lead_ids: Sequence[int]) -> dict[int, str]:
    """Those who cannot be texted, and why; not who is or was in the campaign already."""
    return dict.fromkeys(lead_ids, outcome) if outcome in left_out.SENTENCES else {}
