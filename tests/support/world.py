"""A whole small world: the app on a port, the simulator beside it, and workers that run when a test says so."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psycopg
from flask import Flask
from psycopg.types.json import Jsonb
from werkzeug.serving import BaseWSGIServer, make_server

from webapp import clock, database
from webapp.accounts import settings as account_settings
from webapp.carrier import carrier_from_settings
from webapp.carrier.client import TwilioCarrier
from webapp.compliance.consent.giving import ConsentGiven
from webapp.config import Settings
from webapp.leads.contacts import ensure_contact_number
from webapp.leads.strangers import lead_of_number
from webapp.messaging import applying, outbox, threads, unconfirmed
from webapp.messaging.outbox import NewText, Queued
from webapp.messaging.sender import Sender
from webapp.messaging.sweep import Swept, sweep
from webapp.models.constants import Origin
from webapp.simulator.harness import SimulatorServer

PATIENCE_SECONDS = 30.0
CONSENT = ConsentGiven("web form", attested=True)


class AppServer:
    """The app on a free port, in threads of this process. The address is known before the app is made."""

    def __init__(self) -> None:
        self._server: BaseWSGIServer | None = None
        self.port = 0

    def start(self, app: Flask, port: int = 0) -> None:
        self._server = make_server("127.0.0.1", port, app, threaded=True)
        # How often it looks whether it is to stop: a test waits for that at its end.
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()


@dataclass
class World:
    """See the ``world`` fixture."""

    app: Flask
    settings: Settings
    simulator: SimulatorServer
    conn: psycopg.Connection
    carrier: TwilioCarrier
    sender: Sender
    state_dir: Path
    _phones: int = field(default=0)

    def phone(self) -> str:
        """A fresh number of a person in Austin, Texas."""
        self._phones += 1
        return f"+1512555{self._phones:04d}"

    def conversation(self, phone: str, *, assigned_to: int | None = None) -> int:
        """The conversation with a phone's lead, as if it had just been opened."""
        with database.transaction() as conn:
            now = clock.now()
            number = ensure_contact_number(conn, phone, now)
            lead = lead_of_number(conn, number, now)
            return threads.ensure_conversation(
                conn, contact_number_id=number, lead_id=lead.id, assigned_to=assigned_to, now=now
            )

    def say(self, conversation_id: int, body: str, **changes: object) -> Queued:
        """A rep's text, committed; with consent unless the test says otherwise."""
        given: dict[str, object] = {"origin": Origin.MANUAL, "consent": CONSENT} | changes
        with database.transaction() as conn:
            return outbox.queue(conn, NewText(conversation_id, body, **given), now=clock.now())  # type: ignore[arg-type]

    def work(self) -> None:
        """What the workers do when their bells ring: send what is due, apply what came."""
        self.sender.drain(seconds=5)
        applying.apply_due()

    def sweep(self) -> Swept:
        """One sweep, with what it found applied."""
        swept = sweep(self.carrier)
        applying.apply_due()
        return swept

    def reconcile(self) -> None:
        """One look at what dead workers left and at unconfirmed sends."""
        with database.transaction() as conn:
            unconfirmed.adopt_abandoned(conn, settle_seconds=self.settings.leadline_settle_seconds)
        unconfirmed.reconcile_due(self.carrier, reread_seconds=self.settings.leadline_reread_seconds)

    def until(self, condition: Callable[[], bool], *, working: bool = True) -> None:
        """Works until something is so; fails the test when it never is."""
        ends_at = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < ends_at, "it never came to be"
            if working:
                self.work()
            time.sleep(0.02)

    def move_clock(self, **by: float) -> None:
        """Business time jumps, here and at the carrier: ``hours=24``, ``days=-1``."""
        to = clock.now() + timedelta(**by)
        clock.start_at(to)
        self.simulator.control("PUT", "/sim/clock", {"now": to.isoformat()})

    def configure(self, **settings: object) -> None:
        """Account settings, in force at once."""
        for key, value in settings.items():
            self.conn.execute(
                "INSERT INTO settings (key, value) VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [key, Jsonb(value)],
            )
        account_settings.forget()

    def status(self, message_id: int) -> str:
        row = self.conn.execute("SELECT status FROM sms_messages WHERE id = %s", [message_id]).fetchone()
        assert row is not None
        return str(row[0])

    def ungated(self) -> list[int]:
        """Texts whose sending began without the gate's yes at the claim: whatever path they took, there are none."""
        rows = self.conn.execute(
            """
            SELECT id FROM sms_messages m
            WHERE m.direction = 'outbound' AND m.attempt > 0 AND NOT EXISTS (
                SELECT 1 FROM decisions d
                WHERE d.message_id = m.id AND d.stage = 'claim' AND d.outcome = 'allow')
            """
        ).fetchall()
        return [row[0] for row in rows]

    def on_handset(self, phone: str) -> list[str]:
        """The bodies that reached the phone, in order, without the carrier's own answers."""
        return [text["body"] for text in self.simulator.texts_on(phone) if not text["automatic"]]

    def inbound(self, phone: str) -> list[str]:
        """What we have from a phone, in order."""
        rows = self.conn.execute(
            """
            SELECT m.body FROM sms_messages m JOIN contact_numbers n ON n.id = m.contact_number_id
            WHERE n.e164 = %s AND m.direction = 'inbound' ORDER BY m.id
            """,
            [phone],
        ).fetchall()
        return [row[0] for row in rows]


def add_sender(conn: psycopg.Connection, e164: str, *, segments_per_second: int = 1000) -> int:
    """One of our numbers."""
    row = conn.execute(
        """
        INSERT INTO phone_numbers (e164, label, segments_per_second, is_default, simulated)
        VALUES (%s, 'Test', %s, NOT EXISTS (SELECT 1 FROM phone_numbers), true) RETURNING id
        """,
        [e164, segments_per_second],
    ).fetchone()
    assert row is not None
    return int(row[0])


def make_sender(settings: Settings, threads_: int = 8) -> Sender:
    """A send engine with a few threads."""
    return Sender(carrier_from_settings(settings), threads_, settings.leadline_settle_seconds)
