"""kill -9 of a ticking worker, fifty times: what it had begun is as if it had not, and the next tick does it once."""

from __future__ import annotations

import psycopg

from tests.campaigns.support import Campaigns, text
from tests.support.processes import running
from webapp.campaigns import tick


def test_killed_fifty_times_at_any_moment_nothing_is_twice_and_nothing_missing(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    leads, _ = campaigns.leads(60)
    steps = [text(f"Step {number}") for number in range(8)]
    campaigns.run(*steps, leads=leads)
    with running("tests.campaigns.killed_ticks", campaigns.world.settings, arguments=("50",)) as killer:
        assert killer.wait(timeout=60) == 0
    (before,) = stored.execute("SELECT count(*) FROM sms_messages").fetchone() or (0,)
    while stored.execute("SELECT count(*) FROM sms_campaign_enrollments WHERE status = 'active'").fetchone() != (0,):
        tick.run()
    assert before > 3, "the killed ones did some of it, besides the batch that was only timed"
    texts = stored.execute("SELECT enrollment_id, step_key, count(*) FROM sms_messages GROUP BY 1, 2").fetchall()
    assert {count for *_, count in texts} == {1}
    assert len(texts) == 480
    told = stored.execute(
        "SELECT count(DISTINCT message_id), count(*) FROM sms_events WHERE type = 'queued'"
    ).fetchone()
    assert told == (480, 480)
    ledger = stored.execute("SELECT count(*) FROM decisions WHERE stage = 'queue' AND outcome = 'allow'").fetchone()
    assert ledger == (480,)
