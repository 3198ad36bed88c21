"""Changing when texts may go: tightened freely, loosened only by who was told what that opens, and always on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from webapp.accounts import audit, notices
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.accounts.mail import Letter
from webapp.accounts.settings import AccountSettings
from webapp.compliance import automation, holds, hours
from webapp.database import Connection
from webapp.models.constants import Reason
from webapp.rules.laws import ACCOUNT
from webapp.rules.loosening import Looser, looser, title
from webapp.rules.policy import Change

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('hours policy'))"
_MIDNIGHT = "24:00"


@dataclass(frozen=True, slots=True)
class Draft:
    """A change that is not made yet: the settings that it needs, and where it would let more texts go."""

    jurisdiction: str
    settings: dict[str, object]
    loosened: Sequence[Looser]

    @property
    def seal(self) -> str:
        """Stands for exactly what it opens: who agreed to this did not agree to anything else."""
        return sha256("\n".join(found.text for found in self.loosened).encode()).hexdigest()[:16]


def lock(conn: Connection) -> AccountSettings:
    """The settings as they are, which nobody else changes the hours of before this transaction ends."""
    conn.execute(_LOCK)
    return account_settings.read(conn)


def draft(now: AccountSettings, jurisdiction: str, change: Change) -> Draft:
    """What making this change of one law, or of the account's own hours ("account"), would do."""
    wanted = _as_settings(now, jurisdiction, change)
    before, after = hours.policy_of(now), hours.policy_of(now.model_copy(update=wanted))
    return Draft(jurisdiction, wanted, looser(before, after))


def save(conn: Connection, actor: Actor, made: Draft) -> list[Letter]:
    """Makes the change, with its entries in the audit log; returns what the owners are to be told.

    What waits for the hours, or for a stop that is lifted, is judged again.
    """
    account_settings.save(conn, actor, **made.settings)
    automation.forget()
    if not made.loosened:
        return []
    opened = [found.text for found in made.loosened]
    audit.record(conn, actor.id, "hours.loosened", f"law:{made.jurisdiction}", opened=opened)
    holds.ask_again(conn, Reason.QUIET_HOURS)
    holds.release(conn, Reason.PAUSED)
    told = "\n".join(f"- {text}" for text in opened)
    return notices.to_owners(
        conn, "sending hours were loosened", f"{actor.name} now lets texts go that were kept back before:\n\n{told}"
    )


def stop(conn: Connection, actor: Actor, jurisdiction: str, because: str) -> None:
    """Stops every text there, or all of them ("account"), until somebody lifts it."""
    now = lock(conn)
    change = now.hours_policy.change_of(jurisdiction)
    stopped = change.model_copy(update={"killed": True, "killed_because": because})
    save(conn, actor, draft(now, jurisdiction, stopped))
    audit.record(conn, actor.id, "hours.stopped", f"law:{jurisdiction}", because=because)


def lift(conn: Connection, actor: Actor, jurisdiction: str) -> list[Letter]:
    """Lets texts go there again as the hours allow; returns what the owners are to be told."""
    now = lock(conn)
    change = now.hours_policy.change_of(jurisdiction)
    lifted = change.model_copy(update={"killed": False, "killed_because": ""})
    return save(conn, actor, draft(now, jurisdiction, lifted))


def stops(settings: AccountSettings) -> list[tuple[str, str, str]]:
    """What is stopped now: its key, its name and why."""
    policy = settings.hours_policy
    return [(name, title(name), policy.change_of(name).killed_because) for name in policy.kills]


def _as_settings(now: AccountSettings, jurisdiction: str, change: Change) -> dict[str, object]:
    """The account's own hours are two plain settings while they are the same every day, and part of the policy else."""
    week = change.week
    if jurisdiction == ACCOUNT and week and week[0] and len(set(week)) == 1 and week[0][1] != _MIDNIGHT:
        opens, closes = week[0]
        policy = now.hours_policy.changed(ACCOUNT, change.model_copy(update={"week": None}))
        return {"hours_policy": policy, "quiet_hours_open": opens, "quiet_hours_close": closes}
    return {"hours_policy": now.hours_policy.changed(jurisdiction, change)}
