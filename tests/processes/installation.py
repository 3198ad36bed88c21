"""A running Leadline whose bulk worker is killed in the middle of long work, and whose dead are soon forgotten.

Time does not pass in these stories: what waits for a dead worker's minutes is told that they are over.
"""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass, field
from typing import Any

import psycopg
import redis
import requests
from psycopg import sql

from tests.processes.running import ADMIN, Leadline, until
from webapp.jobs.bulk import DEAD_AFTER_SECONDS
from webapp.jobs.periodic import PERIODIC
from webapp.jobs.scheduler import SafeScheduler, job_id
from webapp.simulator import defaults


@dataclass
class Installation:
    """A running Leadline: its database, its pages as the admin sees them, and a hand for killing."""

    leadline: Leadline
    conn: psycopg.Connection
    timetable: redis.Redis
    browser: requests.Session = field(default_factory=requests.Session)
    chance: random.Random = field(default_factory=random.Random)

    def sign_in(self) -> None:
        words = {"email": ADMIN["LEADLINE_ADMIN_EMAIL"], "password": ADMIN["LEADLINE_ADMIN_PASSWORD"]}
        self.post("/login", words)

    def post(self, path: str, data: dict[str, str], **options: Any) -> requests.Response:
        """A form sent; the page that it leads to."""
        url = self.leadline.api.url
        token = self.browser.get(f"{url}/login/token", timeout=20).json()["csrf_token"]
        headers = {"X-CSRFToken": token, "Referer": url}
        answer = self.browser.post(url + path, data=data, headers=headers, timeout=20, **options)
        assert answer.status_code == 200, answer.text[-2000:]
        return answer

    def one(self, query: str, *values: object) -> Any:
        """The first value of the first row."""
        row = self.conn.execute(query, values).fetchone()
        assert row is not None, query
        return row[0]

    def make_due(self, name: str) -> None:
        """The periodic job's time has come."""
        (job,) = (job_id(periodic) for periodic in PERIODIC if periodic.name == name)
        until(
            lambda: self.timetable.zadd(SafeScheduler.scheduled_jobs_key, {job: time.time() - 1}, xx=True, ch=True),
            name,
        )

    def kill_within(self, seconds: float) -> None:
        """kill -9 of the worker at some moment from now on, and of whatever it has in hand."""
        time.sleep(self.chance.uniform(0, seconds))
        self.leadline.kill_child("leadline: worker bulk")

    def is_at(self, name: str) -> bool:
        """Whether a worker is at this periodic work, or was when it died."""
        until_when = "SELECT (detail ->> 'until')::float > EXTRACT(epoch FROM now()) FROM heartbeats WHERE name = %s"
        return bool(self.one(until_when, name))

    def is_done_with(self, name: str) -> bool:
        """Whether whoever did this periodic work last has come to its end."""
        return not self.one("SELECT detail ? 'until' FROM heartbeats WHERE name = %s", name)

    def the_dead_ones_time_is_up(self) -> None:
        """The minutes pass after which a worker that is not heard of is dead; the timetable looks for what it left."""
        self.conn.execute(_HEARD_OF_LAST, [DEAD_AFTER_SECONDS])
        self.conn.execute("UPDATE heartbeats SET detail = jsonb_set(detail, '{until}', '0') WHERE detail ? 'until'")
        self.make_due("bulk")
        self.make_due("abandoned")


def everything(conn: psycopg.Connection) -> str:
    """The whole database as text."""
    tables = conn.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    read = sql.SQL("SELECT coalesce(string_agg(to_jsonb(t)::text, '\n'), '') FROM {} t")
    return "\n".join(str(conn.execute(read.format(sql.Identifier(name))).fetchone()) for (name,) in tables)


def at_the_carrier(installation: Installation, phone: str) -> str:
    """The person's threads and log entries, as Twilio's own API lists them."""
    base = installation.leadline.services["SIMULATOR_URL"]
    account, service = defaults.ACCOUNT_SID, defaults.CONVERSATIONS_SERVICE_SID
    log, threads = f"/api/2010-04-01/Accounts/{account}/Messages.json", f"/conversations/v1/Services/{service}"
    found: list[object] = []
    for path, about, members in (
        (f"{threads}/ParticipantConversations", "Address", "conversations"),
        (log, "To", "messages"),
        (log, "From", "messages"),
    ):
        answer = requests.get(base + path, {about: phone}, auth=(account, defaults.AUTH_TOKEN), timeout=20)
        assert answer.status_code == 200, answer.text
        found += answer.json()[members]
    return json.dumps(found)


_HEARD_OF_LAST = """
UPDATE bulk_operations SET heartbeat_at = heartbeat_at - make_interval(secs => %s) WHERE status = 'running'
"""
