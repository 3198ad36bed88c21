"""Many leads move to a new version by a worker: meanwhile, and whatever happens to it, nobody gets a step of the old."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import psycopg
import pytest
from werkzeug.test import TestResponse

from tests.api.support import program_of
from tests.campaigns.pages import at_work, read, whole
from tests.campaigns.support import HOUR, Campaigns, text
from tests.campaigns.test_enrolling import waits_for_a_lock
from tests.campaigns.test_versions import edit, got, publish
from tests.support.people import Person
from tests.support.processes import running
from tests.support.races import at_once, warm_up
from webapp import clock, database
from webapp.campaigns import jobs, tick
from webapp.campaigns.drafts import changing_over, moving_over, publishing
from webapp.campaigns.drafts.changing_over import Moved
from webapp.campaigns.drafts.publishing import Moving
from webapp.campaigns.steering import moving
from webapp.campaigns.steering.acts import Act
from webapp.campaigns.steering.taking_back import take_back
from webapp.campaigns.steps import Step
from webapp.jobs import bulk, bulk_runner
from webapp.models.constants import BulkStatus


@pytest.fixture(autouse=True)
def by_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few they are."""
    monkeypatch.setattr(publishing, "AT_ONCE", 0)
    monkeypatch.setattr(changing_over, "CHUNK", 2)


def begun(campaigns: Campaigns, campaign: int) -> Moving:
    """A move that waits for its worker."""
    moving = publish(campaigns, campaign, move=True).moving
    assert moving is not None and not moving.over
    return moving


def work(operation_id: int, seconds: float = 30) -> bulk.Operation:
    bulk_runner.run(operation_id, moving_over.plan, seconds=seconds)
    with database.autocommit() as conn:
        operation = bulk.find(conn, operation_id)
    assert operation is not None
    return operation


def following(stored: psycopg.Connection) -> list[int]:
    """The numbers of the versions that leads follow."""
    rows = stored.execute(
        "SELECT v.number FROM sms_campaign_enrollments e JOIN sms_campaign_versions v ON v.id = e.version_id ORDER BY 1"
    )
    return [row[0] for row in rows]


def test_the_worker_goes_through_all_of_them_and_counts_them(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    leads, phones = campaigns.leads(7)
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=leads)
    campaigns.tick()
    campaigns.world.simulator.control("POST", f"/sim/phones/{phones[0]}/messages", {"body": "Who is this?"})
    campaigns.world.until(lambda: campaigns.standing(leads[0])[0] == "stopped")
    edit(campaigns, campaign, text("One"), Step("Two", HOUR, "Two anew"))
    operation_id = begun(campaigns, campaign).operation_id
    assert following(stored) == [1] * 7
    half = work(operation_id, seconds=0)
    assert (half.status, half.done, half.total) == (BulkStatus.QUEUED, 2, 7)
    over = work(operation_id)
    assert (over.status, over.done, over.counters) == (BulkStatus.DONE, 7, {"moved": 6, "finished": 0, "ended": 1})
    assert following(stored) == [2] * 7
    campaigns.later(hours=2)
    assert [got(campaigns, phone)[1:] for phone in phones] == [[], *[["Two anew"]] * 6]


def test_before_the_worker_comes_nobody_gets_a_step_of_the_old_version(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    """A moment of the old version that comes meanwhile is found to be another one in the new."""
    leads, phones = campaigns.leads(3)
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=leads)
    campaigns.tick()
    edit(campaigns, campaign, text("One"), Step("Two", 3 * HOUR, "Two anew"))
    operation_id = begun(campaigns, campaign).operation_id
    ran = campaigns.later(hours=2)
    assert (ran.claimed, ran.queued) == (3, 0)
    assert [campaigns.due(lead) for lead in leads] == ["2026-12-09 21:00"] * 3
    campaigns.later(hours=2)
    assert [got(campaigns, phone) for phone in phones] == [["One", "Two anew"]] * 3
    assert work(operation_id).counters == {"moved": 3, "finished": 0, "ended": 0}


def test_a_move_that_somebody_is_in_the_way_of_comes_back_to_those(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    leads, _ = campaigns.leads(4)
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=leads)
    edit(campaigns, campaign, text("One"), Step("Two", HOUR, "Two anew"))
    operation_id = begun(campaigns, campaign).operation_id
    with database.transaction() as conn:
        conn.execute("SELECT 1 FROM sms_campaign_enrollments WHERE lead_id = %s FOR UPDATE", [leads[1]])
        while following(stored) != [1, 2, 2, 2]:
            assert not work(operation_id, seconds=0).over
        assert not work(operation_id, seconds=0).over
    assert work(operation_id).counters["moved"] == 4


def test_a_publication_while_another_one_moves_takes_everybody_along(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    leads, phones = campaigns.leads(4)
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=leads)
    campaigns.tick()
    edit(campaigns, campaign, text("One"), Step("Two", HOUR, "Two anew"))
    first = begun(campaigns, campaign).operation_id
    work(first, seconds=0)
    edit(campaigns, campaign, text("One"), Step("Two", HOUR, "Two at last"))
    second = begun(campaigns, campaign).operation_id
    assert work(first).over and work(second).over
    assert following(stored) == [3] * 4
    campaigns.later(hours=2)
    assert [got(campaigns, phone) for phone in phones] == [["One", "Two at last"]] * 4


@pytest.mark.parametrize(("move", "expected"), [(True, "Two anew"), (False, "Two")])
def test_who_was_stopped_goes_on_by_the_version_that_the_others_were_given(
    campaigns: Campaigns, stored: psycopg.Connection, move: bool, expected: str
) -> None:
    lead, phone = campaigns.lead()
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    campaigns.tick()
    campaigns.world.simulator.control("POST", f"/sim/phones/{phone}/messages", {"body": "Who is this?"})
    campaigns.world.until(lambda: campaigns.standing(lead)[0] == "stopped")
    edit(campaigns, campaign, text("Zero"), text("One"), Step("Two", HOUR, "Two anew"))
    publish(campaigns, campaign, move=move)
    with database.transaction() as conn:
        row = conn.execute("SELECT id FROM sms_campaign_enrollments").fetchone()
        assert row is not None
        moving.resume(Act(conn, row[0], campaigns.actor, clock.now()))
    campaigns.later(minutes=5)
    assert got(campaigns, phone) == ["One", expected]


def test_who_was_set_aside_or_ended_keeps_that_and_its_time(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    leads, _ = campaigns.leads(2)
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=leads)
    ended = clock.now()
    stored.execute(
        "UPDATE sms_campaign_enrollments SET status = 'failed', error = 'ValueError', sentence = 'Set aside.', "
        "next_run_at = NULL, ended_at = %s WHERE lead_id = %s",
        [ended, leads[0]],
    )
    stored.execute("UPDATE sms_campaign_enrollments SET status = 'completed' WHERE lead_id = %s", [leads[1]])
    edit(campaigns, campaign, Step("Three", HOUR, "Three"))
    assert work(begun(campaigns, campaign).operation_id).counters == {"moved": 0, "finished": 0, "ended": 1}
    kept = stored.execute(
        "SELECT status, error, sentence, ended_at FROM sms_campaign_enrollments WHERE lead_id = %s", [leads[0]]
    ).fetchone()
    assert kept == ("failed", "ValueError", "Set aside.", ended)
    assert following(stored) == [1, 2]


def test_killed_at_any_moment_it_goes_on_where_it_was(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    leads, _ = campaigns.leads(60)
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=leads)
    campaigns.queue_due()
    edit(campaigns, campaign, text("One"), Step("Two", HOUR, "Two anew"))
    operation_id = begun(campaigns, campaign).operation_id
    arguments = (str(operation_id), "8")
    with running("tests.campaigns.killed_moves", campaigns.world.settings, arguments=arguments) as killer:
        assert killer.wait(timeout=60) == 0
    assert following(stored).count(2) > 0, "the killed ones did some of it"
    stored.execute("UPDATE bulk_operations SET heartbeat_at = now() - interval '1 hour' WHERE status = 'running'")
    jobs.move_over(operation_id)
    over = work(operation_id)
    assert (over.status, over.done, over.counters["moved"]) == (BulkStatus.DONE, 60, 60)
    assert following(stored) == [2] * 60
    places = stored.execute("SELECT DISTINCT status, position FROM sms_campaign_enrollments").fetchall()
    assert places == [("active", 1)]


def test_pausing_publishing_moving_and_ticking_at_once_send_each_step_once_and_as_it_is_worded_then(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    leads, _ = campaigns.leads(24)
    campaign = campaigns.run(text("One"), text("Two", HOUR), text("Three", HOUR), leads=leads)
    campaigns.queue_due()
    campaigns.world.move_clock(hours=1)
    warm_up(5)
    for number in range(3):
        over = threading.Event()
        edit(campaigns, campaign, text("One"), Step("Two", HOUR, f"Two {number}"), Step("Three", HOUR, f"3.{number}"))
        publishing_it = partial(_publish_and_move, campaigns, campaign, over)
        at_once([publishing_it, partial(_pause, campaigns, campaign), *[partial(_tick_until, over)] * 2])
        campaigns.resume(campaign)
    while stored.execute("SELECT count(*) FROM sms_campaign_enrollments WHERE status = 'active'").fetchone() != (0,):
        campaigns.world.move_clock(hours=1)
        campaigns.queue_due()
    texts = stored.execute(
        "SELECT enrollment_id, step_key, count(*) FROM sms_messages WHERE status <> 'canceled' GROUP BY 1, 2"
    ).fetchall()
    assert {row[2] for row in texts} == {1}
    assert len(texts) == 24 * 3
    worded = stored.execute(
        "SELECT DISTINCT split_part(body, E'\\n', 1) FROM sms_messages WHERE step_key = 'Three' AND status <> 'canceled'"
    ).fetchall()
    assert worded == [("3.2",)]
    assert following(stored) == [4] * 24


def _publish_and_move(campaigns: Campaigns, campaign: int, over: threading.Event) -> None:
    try:
        work(begun(campaigns, campaign).operation_id)
    finally:
        over.set()


def _pause(campaigns: Campaigns, campaign: int) -> None:
    campaigns.pause(campaign)


def _tick_until(over: threading.Event) -> None:
    while not over.is_set():
        with database.transaction() as conn:
            tick.run_batch(conn, clock.now())


def test_a_text_taken_back_while_its_lead_moves_is_due_again_where_it_stands_in_the_new_version(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    lead, _ = campaigns.lead()
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    campaigns.queue_due()
    edit(campaigns, campaign, text("Zero"), text("Half", HOUR), text("One", HOUR), text("Two", HOUR))
    begun(campaigns, campaign)
    row = stored.execute("SELECT id FROM sms_campaign_enrollments").fetchone()
    assert row is not None
    warm_up(2)
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as conn:
            conn.execute("SELECT 1 FROM sms_campaign_enrollments FOR NO KEY UPDATE")
            changing_over.bring_over(conn, [row[0]], clock.now())
            taken = pool.submit(_take_back, row[0])
            campaigns.world.until(lambda: waits_for_a_lock(stored), working=False)
        assert taken.result() == [row[0]]
    assert campaigns.standing(lead) == ("active", 2, None)


def _take_back(enrollment: int) -> list[int]:
    with database.transaction() as conn:
        return take_back(conn, enrollment=enrollment, reason=None, again_at=clock.now(), now=clock.now())


def test_its_page_shows_how_far_it_is(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    max_ = at_work(campaigns)
    leads, _ = campaigns.leads(3)
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=leads)
    edit(campaigns, campaign, text("One"), Step("Two", HOUR, "Two anew"))
    found = re.search(r'name="seen" value="(\w+)"', max_.get(f"/campaigns/{campaign}/publish").text)
    assert found
    answer = max_.post(f"/campaigns/{campaign}/publish", waiting="move", seen=found[1])
    assert answer.location == "/campaigns/moves/1"
    said = whole(max_, answer)
    assert "Version 2 is live. Those on the way are moving over" in said
    assert "0 of 3 leads" in said and 'hx-trigger="every 2s"' in said
    assert "3 leads are moving to version 2." in read(max_.get(f"/campaigns/{campaign}/versions"))
    assert work(1).counters == {"moved": 3, "finished": 0, "ended": 0}
    assert "3 of 3 leads" in read(max_.get("/campaigns/moves/1"))
    assert "hx-trigger" not in max_.get("/campaigns/moves/1").text.split("<main")[1]
    assert Moved(3) == publishing.moving_over.moved(work(1))


def told(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_a_program_is_told_how_many_moved_or_where_to_look(
    campaigns: Campaigns, stored: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = campaigns.actor
    person = Person(actor.id, actor.email, actor.name, actor.role)
    program = program_of(campaigns.world.app.test_client(), stored, person)
    leads, _ = campaigns.leads(3)
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=leads)
    edit(campaigns, campaign, text("One"), Step("Two", HOUR, "Two anew"))
    at = f"/api/sms/campaigns/{campaign}/publish"
    answer = told(program.post(at, waiting="move"))
    assert (answer["moved"], answer["finished"], answer["operation_id"]) == (0, 0, "1")
    work(1)
    shown = told(program.get("/api/bulk/1"))
    assert (shown["status"], shown["done"], shown["counters"]["moved"]) == ("done", 3, 3)
    edit(campaigns, campaign, text("One"))
    monkeypatch.setattr(publishing, "AT_ONCE", 3)
    answer = told(program.post(at, waiting="move"))
    assert (answer["moved"], answer["finished"], answer["operation_id"]) == (3, 0, None)
