"""One of our numbers that does badly stops by itself: its leads wait, everybody else's go on, one click resumes."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest

from tests.campaigns.pages import at_work, follow, read
from tests.campaigns.support import DAY, Campaigns, text
from tests.campaigns.test_breakers import filtered, look
from tests.campaigns.test_the_tick import bodies
from tests.support.people import add_person
from webapp import database
from webapp.campaigns import jobs, tick
from webapp.compliance import stopped_senders
from webapp.messaging import claims
from webapp.simulator.defaults import NUMBERS

WHY = "2 of its last 8 texts were filtered by carriers; 10% is the limit."


@pytest.fixture(autouse=True)
def few(campaigns: Campaigns) -> None:
    """Limits that a handful of texts can pass."""
    campaigns.world.configure(breaker_least_texts=5)


@pytest.fixture
def bad(campaigns: Campaigns, stored: psycopg.Connection[Any]) -> int:
    """The default number: eight texts from it in two campaigns, of which carriers filter two. Not looked at yet."""
    refused: list[str] = []
    for name in ("One", "Two"):
        leads, phones = campaigns.leads(4)
        campaigns.run(text(name), text("Later", DAY), leads=leads)
        refused += phones[:1]
    campaigns.tick()
    filtered(stored, refused)
    row = stored.execute("SELECT id FROM phone_numbers WHERE is_default").fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def good(stored: psycopg.Connection[Any]) -> int:
    """Another one of our numbers."""
    row = stored.execute(
        "INSERT INTO phone_numbers (e164, label, segments_per_second, simulated) VALUES (%s, 'Second', 100, true) "
        "RETURNING id",
        [NUMBERS[1]],
    ).fetchone()
    assert row is not None
    return int(row[0])


def campaign_of_both(campaigns: Campaigns, bad: int, good: int) -> tuple[int, dict[int, list[int]], dict[int, str]]:
    """A campaign of four leads that writes from both in turn: its leads by number, and their phones."""
    leads, phones = campaigns.leads(4)
    campaign = campaigns.run(text("Hello"), leads=leads, senders={"choice": "pool", "numbers": (bad, good)})
    rows = campaigns.world.conn.execute(
        "SELECT c.phone_number_id, array_agg(e.lead_id) FROM sms_campaign_enrollments e "
        "JOIN sms_conversations c ON c.id = e.conversation_id WHERE e.campaign_id = %s GROUP BY 1",
        [campaign],
    ).fetchall()
    return campaign, dict(rows), dict(zip(leads, phones, strict=True))


def test_it_stops_alone_and_the_campaigns_go_on(
    campaigns: Campaigns, stored: psycopg.Connection, bad: int, good: int
) -> None:
    _, of_number, phones = campaign_of_both(campaigns, bad, good)
    assert look() == 1
    assert look() == 0
    campaigns.tick()
    assert [bodies(campaigns, phones[lead]) for lead in of_number[good]] == [["Hello"], ["Hello"]]
    assert [bodies(campaigns, phones[lead]) for lead in of_number[bad]] == [[], []]
    for lead in of_number[bad]:
        assert campaigns.standing(lead) == ("active", 0, "breaker")
        assert campaigns.due(lead) is None
    said = stored.execute("SELECT DISTINCT sentence FROM sms_campaign_enrollments WHERE reason = 'breaker'").fetchall()
    assert len(said) == 1
    assert said[0][0] == f"Held: (737) 555-0100 is stopped. {WHY}"
    assert stored.execute("SELECT count(*) FROM sms_campaigns WHERE status <> 'running'").fetchone() == (0,)


def test_whom_no_number_knows_is_written_to_from_one_that_goes(
    campaigns: Campaigns, stored: psycopg.Connection, bad: int, good: int
) -> None:
    look()
    _, of_number, _ = campaign_of_both(campaigns, bad, good)
    assert list(of_number) == [good]


def test_one_click_lets_it_write_again(campaigns: Campaigns, stored: psycopg.Connection, bad: int, good: int) -> None:
    campaign, of_number, phones = campaign_of_both(campaigns, bad, good)
    look()
    campaigns.tick()
    max_ = at_work(campaigns)
    said = read(max_.get(f"/campaigns/{campaign}"))
    assert f"is stopped. {WHY} 2 leads wait for it here" in said
    assert "is stopped" in read(max_.get("/compliance"))
    assert "(stopped)" in read(max_.get(f"/campaigns/{campaign}/edit"))
    answer = max_.post(f"/compliance/senders/{bad}/resume", next=f"/campaigns/{campaign}")
    assert "is stopped" not in follow(max_, answer)
    campaigns.tick()
    assert [bodies(campaigns, phones[lead]) for lead in of_number[bad]] == [["Hello"], ["Hello"]]
    assert look() == 0, "what it was stopped for counted again"
    done = stored.execute("SELECT action FROM audit_log WHERE target = %s ORDER BY id", [f"phone_number:{bad}"])
    assert done.fetchall() == [("sender.stopped",), ("sender.resumed",)]


def test_a_rep_sees_it_and_a_manager_resumes_it(campaigns: Campaigns, stored: psycopg.Connection, bad: int) -> None:
    look()
    lead, _ = campaigns.lead()
    campaign = campaigns.run(text("Hello"), leads=[lead])
    add_person(stored, "Rita Rep", "rep")
    stored.execute("UPDATE sms_campaigns SET owner_id = (SELECT id FROM users WHERE name = 'Rita Rep')")
    rita = at_work(campaigns, "rita@agency.test")
    said = read(rita.get(f"/campaigns/{campaign}"))
    assert "is stopped" in said and "A manager lets it write again." in said
    assert rita.post(f"/compliance/senders/{bad}/resume").status_code == 403


def test_texts_of_a_campaign_that_is_over_count(campaigns: Campaigns, stored: psycopg.Connection, bad: int) -> None:
    stored.execute("UPDATE sms_campaigns SET status = 'finished', ended_at = now()")
    assert look() == 1
    assert [sender.id for sender in stopped_senders.all_of_them(stored)] == [bad]


def test_what_is_queued_from_it_is_taken_back(campaigns: Campaigns, bad: int) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("Hello"), leads=[lead])
    assert tick.run().queued == 1
    look()
    campaigns.world.work()
    assert bodies(campaigns, phone) == []
    assert campaigns.standing(lead) == ("active", 0, "breaker")
    with database.transaction() as conn:
        stopped_senders.resume(conn, bad, campaigns.actor)
    campaigns.tick()
    assert bodies(campaigns, phone) == ["Hello"]


def test_what_a_tick_queues_after_all_is_held_at_the_claim_and_taken_back(
    campaigns: Campaigns, stored: psycopg.Connection, bad: int
) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("Hello"), leads=[lead])
    assert tick.run().queued == 1
    with database.transaction() as conn:  # as a look that committed between that tick's reading and its writing
        stopped_senders.stop(conn, bad, WHY, 0, tick.clock.now())
    campaigns.world.work()
    row = stored.execute(
        "SELECT status, reason FROM sms_messages WHERE body LIKE 'Hello%' ORDER BY id DESC LIMIT 1"
    ).fetchone()
    assert row == ("held", "breaker")
    look()
    assert campaigns.standing(lead) == ("active", 0, "breaker")
    assert bodies(campaigns, phone) == []


def test_what_people_write_goes_and_an_automatic_text_by_the_api_waits(campaigns: Campaigns, bad: int) -> None:
    look()
    _, phone = campaigns.lead()
    thread = campaigns.world.conversation(phone)
    assert campaigns.world.say(thread, "By hand").status == "queued"
    automatic = campaigns.world.say(thread, "By machine", automatic=True)
    assert automatic.decision is not None
    assert (automatic.status, automatic.decision.reason) == ("held", "breaker")
    with database.transaction() as conn:
        stopped_senders.resume(conn, bad, campaigns.actor)
        assert conn.execute("SELECT status FROM sms_messages WHERE id = %s", [automatic.message_id]).fetchone() == (
            "queued",
        )


def test_nothing_goes_once_the_stop_has_committed_however_the_ticks_and_senders_race(
    campaigns: Campaigns, stored: psycopg.Connection, bad: int
) -> None:
    stored.execute("UPDATE sms_messages SET status = 'undelivered', error_code = 30007 WHERE status = 'delivered'")
    leads, _ = campaigns.leads(30)
    campaigns.run(text("Race"), leads=leads)
    over = threading.Event()

    def ticking() -> None:
        while not over.is_set():
            tick.run()

    def sending() -> None:
        while not over.is_set():
            campaigns.world.sender.drain(seconds=0.2)

    at_work_now = [threading.Thread(target=each) for each in (ticking, ticking, sending)]
    for thread in at_work_now:
        thread.start()
    jobs.look_at_breakers()
    row = stored.execute("SELECT clock_timestamp()").fetchone()
    over.set()
    for thread in at_work_now:
        thread.join()
    assert row is not None
    began_later = stored.execute(
        "SELECT count(*) FROM sms_messages WHERE body LIKE 'Race%%' AND attempted_at > %s", [row[0]]
    ).fetchone()
    assert began_later == (0,)
    jobs.look_at_breakers()
    for lead in leads:
        assert campaigns.standing(lead) in (("active", 0, "breaker"), ("completed", 1, None))
    with database.transaction() as conn:
        stopped_senders.resume(conn, bad, campaigns.actor)
        claims.release_due(conn, now=tick.clock.now())
    campaigns.tick()
    assert {campaigns.standing(lead)[0] for lead in leads} == {"completed"}
    sent = stored.execute("SELECT count(*) FROM sms_messages WHERE body LIKE 'Race%' AND status = 'delivered'")
    assert sent.fetchone() == (30,)
