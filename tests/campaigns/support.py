"""Campaigns for tests: made, filled and launched through the room itself, run by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tests.support.world import CONSENT, World
from webapp import clock, database
from webapp.accounts.actors import Actor
from webapp.campaigns import store, tick
from webapp.campaigns.rules import Rules
from webapp.campaigns.steering import running
from webapp.campaigns.steps import Step
from webapp.campaigns.store import Campaign
from webapp.compliance.consent import giving
from webapp.leads.contacts import ensure_contact_number
from webapp.leads.strangers import lead_of_number
from webapp.messaging import claims
from webapp.models.constants import CampaignKind, Role

HOUR = 60
DAY = 24 * HOUR


def text(body: str, after: int = 0, **more: object) -> Step:
    """A step with its body as its key; ``after`` in minutes."""
    return Step(body, after, body, **more)  # type: ignore[arg-type]


_DUE = """
SELECT count(*) FROM sms_campaign_enrollments e
WHERE status = 'active' AND NOT parked AND next_run_at <= %s
  AND NOT EXISTS (SELECT 1 FROM settings WHERE key = 'automation_paused' AND value = 'true')
"""


_UNSETTLED = """
SELECT count(*) FROM sms_messages WHERE status IN ('queued', 'claimed', 'sending', 'unconfirmed', 'sent')
"""
_NEXT = """
SELECT least((SELECT min(next_run_at) FROM sms_campaign_enrollments WHERE status = 'active' AND NOT parked),
             (SELECT min(send_after) FROM sms_messages WHERE status = 'held'))
"""


@dataclass
class Campaigns:
    """What a manager does with campaigns, and the tick, in a ``world``."""

    world: World
    actor: Actor

    def lead(self, phone: str | None = None, *, agreed: bool = True, **columns: object) -> tuple[int, str]:
        """A lead in Austin who agreed to texts; its id and phone."""
        phone = phone or self.world.phone()
        now = clock.now()
        with database.transaction() as conn:
            number = ensure_contact_number(conn, phone, now)
            lead_id = lead_of_number(conn, number, now).id
            if agreed:
                giving.record_opt_in(conn, number, CONSENT, actor_id=None, now=now - timedelta(days=1))
            for name, value in columns.items():
                conn.execute(f"UPDATE leads SET {name} = %s WHERE id = %s", [value, lead_id])
        return lead_id, phone

    def leads(self, count: int) -> tuple[list[int], list[str]]:
        made = [self.lead() for _ in range(count)]
        return [one[0] for one in made], [one[1] for one in made]

    def draft(self, *steps: Step, name: str = "Hello", **rules: object) -> int:
        now = clock.now()
        with database.transaction() as conn:
            campaign_id = store.create(conn, name, CampaignKind.DRIP, Rules(**rules), self.actor, now)  # type: ignore[arg-type]
            store.set_draft(conn, self._find(conn, campaign_id), now, new_steps=steps)
        return campaign_id

    def enroll(self, campaign_id: int, lead_ids: Sequence[int]) -> dict[str, int]:
        with database.transaction() as conn:
            outcomes = running.enroll(conn, self._find(conn, campaign_id), lead_ids, self.actor, clock.now())
        return {str(outcome): count for outcome, count in outcomes.items()}

    def launch(self, campaign_id: int, *, canary: bool = False) -> int:
        with database.transaction() as conn:
            return running.launch(conn, self._find(conn, campaign_id), self.actor, canary=canary, now=clock.now())

    def run(self, *steps: Step, leads: Sequence[int], **rules: object) -> int:
        """A campaign that is launched for these leads."""
        campaign_id = self.draft(*steps, **rules)
        self.enroll(campaign_id, leads)
        self.launch(campaign_id)
        return campaign_id

    def pause(self, campaign_id: int) -> running.Paused:
        with database.transaction() as conn:
            return running.pause(conn, self._find(conn, campaign_id), self.actor.id, "for a test", clock.now())

    def resume(self, campaign_id: int) -> int:
        with database.transaction() as conn:
            return running.resume(conn, self._find(conn, campaign_id), self.actor, clock.now())

    def tick(self) -> tick.Ran:
        """Runs of the tick until nothing is due, then the workers."""
        now = clock.now()
        ran = self.queue_due()
        with database.transaction() as conn:
            claims.release_due(conn, now=now)
        self.world.until(self._is_settled)
        return ran

    def queue_due(self) -> tick.Ran:
        """Runs of the tick until nothing is due: it passes over a thread that a webhook or a sender has locked."""
        ran, now = tick.run(), clock.now()
        while self.world.conn.execute(_DUE, [now]).fetchone() != (0,):
            ran = ran.plus(tick.run())
        return ran

    def _is_settled(self) -> bool:
        """Nothing is on its way, not even from the carrier to the phone, for which a busy machine takes its time."""
        self.world.reconcile()
        return self.world.conn.execute(_UNSETTLED).fetchone() == (0,)

    def later(self, **by: float) -> tick.Ran:
        """Business time goes on, and the tick with it."""
        self.world.move_clock(**by)
        return self.tick()

    def play(self, phones: Iterable[str]) -> dict[str, list[tuple[datetime, str]]]:
        """Business time jumps from one due moment to the next until none is left: what each phone got, and when."""
        got: dict[str, list[tuple[datetime, str]]] = {phone: [] for phone in phones}
        while (row := self.world.conn.execute(_NEXT).fetchone()) and row[0] is not None:
            ahead = (row[0] - clock.now()).total_seconds()
            self.later(seconds=max(ahead, 0))
            for phone, texts in got.items():
                texts += [(clock.now(), body) for body in self.world.on_handset(phone)[len(texts) :]]
        return got

    def standing(self, lead_id: int) -> tuple[str, int, str | None]:
        """Of a lead's newest enrollment: status, position, reason."""
        row = self.world.conn.execute(
            "SELECT status, position, reason FROM sms_campaign_enrollments WHERE lead_id = %s ORDER BY id DESC LIMIT 1",
            [lead_id],
        ).fetchone()
        assert row is not None
        return row[0], row[1], row[2]

    def due(self, lead_id: int) -> str | None:
        """The next moment of a lead's newest enrollment, as text in UTC."""
        row = self.world.conn.execute(
            "SELECT to_char(next_run_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') FROM sms_campaign_enrollments "
            "WHERE lead_id = %s ORDER BY id DESC LIMIT 1",
            [lead_id],
        ).fetchone()
        assert row is not None
        return None if row[0] is None else str(row[0])

    def _find(self, conn: database.Connection, campaign_id: int) -> Campaign:
        found = store.find(conn, self.actor, campaign_id, lock=True)
        assert found is not None
        return found

    def as_rep(self, rep: Actor) -> Campaigns:
        return replace(self, actor=replace(rep, role=Role.REP))
