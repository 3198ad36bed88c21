"""The one button that holds every automatic text, and lets them go again. What a person writes is not held by it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from webapp import database
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.accounts.settings import AccountSettings
from webapp.compliance import decisions, holds, webhook_health
from webapp.compliance.asked import VERSION
from webapp.compliance.decisions import Decision, LedgerRow, Outcome, Stage
from webapp.compliance.webhook_health import WebhookHealth
from webapp.database import Connection
from webapp.models.constants import Reason
from webapp.rules.laws import ACCOUNT

_CACHE_SECONDS = 2.0
_PAUSED = Decision(
    Outcome.HOLD,
    rule="pause",
    rule_version=VERSION,
    reason=Reason.PAUSED,
    sentence="Held: all automatic texts are paused.",
)


@dataclass(frozen=True, slots=True)
class Automation:
    """How texts fare, for the frame around every page. ``stopped``: why every text is, empty where nobody said."""

    paused: bool
    webhooks: WebhookHealth
    stopped: str | None


@dataclass
class _Here:
    state: Automation | None = None
    until: float = 0.0


_here = _Here()


def state() -> Automation:
    """At most two seconds old in this process."""
    if _here.state is None or time.monotonic() >= _here.until:
        with database.autocommit() as conn:
            settings = account_settings.read(conn)
            _here.state = Automation(settings.automation_paused, webhook_health.read(conn), stopped(settings))
        _here.until = time.monotonic() + _CACHE_SECONDS
    return _here.state


def stopped(settings: AccountSettings) -> str | None:
    """Why all texts are stopped, a person's too: empty where nobody said; None while they are not."""
    own = settings.hours_policy.change_of(ACCOUNT)
    return own.killed_because if own.killed else None


def forget() -> None:
    """The next page reads the database."""
    _here.state = None


def pause(conn: Connection, actor: Actor, now: datetime) -> int:
    """Holds them: those in a worker's hands are taken back here, the rest by the gate, within two seconds everywhere.

    Returns how many are on their way at the carrier, where nobody can take them back.
    """
    account_settings.save(conn, actor, automation_paused=True)
    rows = conn.execute(
        """
        UPDATE sms_messages SET status = 'held', reason = 'paused', send_after = NULL, claimed_by = NULL
        WHERE status = 'claimed' AND automatic AND origin <> 'confirmation'
        RETURNING id, contact_number_id, conversation_id
        """
    ).fetchall()
    decisions.record(conn, [LedgerRow(row[0], row[1], Stage.STOP, now, _PAUSED) for row in rows])
    _show_change(conn, sorted({row[2] for row in rows}))
    forget()
    return _at_the_carrier(conn)


def resume(conn: Connection, actor: Actor) -> int:
    """Lets them go; the gate judges each again. Returns how many waited for this."""
    account_settings.save(conn, actor, automation_paused=False)
    forget()
    return holds.release(conn, Reason.PAUSED)


def _show_change(conn: Connection, conversation_ids: list[int]) -> None:
    """Pages look again. Threads are locked in the order of their ids, as everywhere."""
    conn.execute(
        """
        WITH locked AS (SELECT id FROM sms_conversations WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)
        UPDATE sms_conversations c SET version = nextval('change_seq') FROM locked WHERE c.id = locked.id
        """,
        [conversation_ids],
    )


def _at_the_carrier(conn: Connection) -> int:
    """Handed over and not known to have arrived; after its minutes in the queue the carrier drops a text."""
    minutes = account_settings.load(conn).validity_minutes
    row = conn.execute(
        """
        SELECT count(*) FROM sms_messages
        WHERE automatic AND origin <> 'confirmation' AND (
            status IN ('sending', 'unconfirmed')
            OR (status = 'sent' AND attempted_at > clock_timestamp() - %s * interval '1 minute'))
        """,
        [minutes],
    ).fetchone()
    assert row is not None
    return int(row[0])
