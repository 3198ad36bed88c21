"""Wordings and senders that do badly are stopped by themselves, with the figures; a person lets them go on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from html import unescape
from typing import Any

import psycopg
import pytest

from tests.campaigns.pages import at_work, follow, read
from tests.campaigns.support import DAY, HOUR, Campaigns, text
from tests.campaigns.test_the_tick import bodies
from webapp import clock, database
from webapp.campaigns import breakers, jobs, store, tick
from webapp.campaigns.steering import running


@pytest.fixture(autouse=True)
def few(campaigns: Campaigns) -> None:
    """Limits that a handful of texts can pass."""
    campaigns.world.configure(breaker_least_texts=5)


def filtered(stored: psycopg.Connection[Any], phones: Iterable[str], code: int = 30007) -> None:
    """As if the carriers had refused the newest text to each of these phones."""
    stored.execute(
        """
        UPDATE sms_messages m SET status = 'undelivered', error_code = %s FROM contact_numbers n
        WHERE n.id = m.contact_number_id AND n.e164 = ANY(%s)
          AND m.id = (SELECT max(id) FROM sms_messages WHERE contact_number_id = n.id)
        """,
        [code, list(phones)],
    )


def paused(stored: psycopg.Connection[Any]) -> list[str]:
    return [row[0] for row in stored.execute("SELECT paused_because FROM sms_campaign_steps ORDER BY position")]


def look() -> int:
    with database.transaction() as conn:
        return breakers.look(conn, clock.now())


def test_a_wording_that_carriers_filter_is_stopped_and_names_its_figures(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    leads, phones = campaigns.leads(6)
    campaigns.run(text("Free money"), text("Hello", HOUR), leads=leads)
    campaigns.tick()
    filtered(stored, phones[:2])
    assert look() == 1
    assert paused(stored) == ["2 of its last 6 texts were filtered by carriers; 10% is the limit.", ""]
    assert look() == 0


def test_whoever_comes_to_a_stopped_wording_waits_until_a_person_lets_it_go(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    leads, phones = campaigns.leads(6)
    campaign = campaigns.run(text("One"), leads=leads)
    campaigns.tick()
    filtered(stored, phones)
    jobs.look_at_breakers()
    late, phone = campaigns.lead()
    campaigns.enroll(campaign, [late])
    campaigns.tick()
    assert bodies(campaigns, phone) == []
    assert campaigns.standing(late) == ("active", 0, "breaker")
    max_ = at_work(campaigns)
    said = read(max_.get(f"/campaigns/{campaign}"))
    assert "Step 1 is stopped. 6 of its last 6 texts were filtered by carriers; 10% is the limit." in said
    assert "1 lead waits for it." in said
    assert "is stopped" not in follow(max_, max_.post(f"/campaigns/{campaign}/breaker", step="One"))
    campaigns.tick()
    assert bodies(campaigns, phone) == ["One"]


def test_what_stopped_it_once_does_not_stop_it_again(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    leads, phones = campaigns.leads(6)
    campaign = campaigns.run(text("One"), leads=leads)
    campaigns.tick()
    filtered(stored, phones)
    look()
    with database.transaction() as conn:
        breakers.resume_step(conn, campaign, "One", campaigns.actor, clock.now())
    assert look() == 0
    more, others = campaigns.leads(6)
    campaigns.enroll(campaign, more)
    campaigns.tick()
    assert look() == 0
    filtered(stored, others)
    assert look() == 1


def test_what_is_queued_of_it_is_taken_back(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    leads, phones = campaigns.leads(6)
    campaign = campaigns.run(text("One"), leads=leads)
    campaigns.tick()
    late, phone = campaigns.lead()
    campaigns.enroll(campaign, [late])
    assert tick.run().queued == 1
    filtered(stored, phones)
    look()
    campaigns.world.work()
    assert bodies(campaigns, phone) == []
    assert campaigns.standing(late) == ("active", 0, "breaker")
    assert campaigns.due(late) is None


def test_opt_outs_stop_it_too(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    leads, phones = campaigns.leads(6)
    campaigns.run(text("One"), text("Two", DAY), leads=leads)
    campaigns.tick()
    campaigns.world.simulator.person_texts(phones[0], "STOP")
    campaigns.world.until(lambda: campaigns.standing(leads[0])[2] == "opted_out")
    assert look() == 1
    assert paused(stored) == ["1 of its last 6 texts were answered by an opt-out; 15% is the limit.", ""]


def test_too_few_texts_say_nothing(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    leads, phones = campaigns.leads(4)
    campaigns.run(text("One"), leads=leads)
    campaigns.tick()
    filtered(stored, phones)
    assert look() == 0


def test_below_the_limit_nothing_stops(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    leads, phones = campaigns.leads(10)
    campaigns.run(text("One"), leads=leads)
    campaigns.tick()
    filtered(stored, phones[:1])
    filtered(stored, phones[1:4], code=30003)
    assert look() == 0


def test_a_new_wording_of_a_stopped_step_goes_to_those_who_follow_it(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    leads, phones = campaigns.leads(6)
    campaign = campaigns.run(text("One"), leads=leads)
    campaigns.tick()
    filtered(stored, phones)
    look()
    with database.transaction() as conn:
        found = store.find(conn, campaigns.actor, campaign, lock=True)
        assert found is not None
        draft = store.set_draft(conn, found, clock.now(), new_steps=[replace(text("One"), body="Better")])
        running.publish(conn, replace(found, draft_id=draft.id), campaigns.actor, clock.now())
    late, phone = campaigns.lead()
    campaigns.enroll(campaign, [late])
    campaigns.tick()
    look()
    campaigns.tick()
    assert bodies(campaigns, phone) == ["Better"]


def test_the_page_says_in_its_head_which_step_is_stopped_and_leads_to_it(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    leads, phones = campaigns.leads(6)
    campaign = campaigns.run(text("Free money"), text("Hello", HOUR), leads=leads)
    campaigns.tick()
    max_ = at_work(campaigns)
    assert "is stopped" not in read(max_.get(f"/campaigns/{campaign}"))
    filtered(stored, phones[:2])
    look()
    page = max_.get(f"/campaigns/{campaign}").text
    [head] = re.findall(r'<span class="run-state">.*?</a></span>', page, re.DOTALL)
    assert '<span class="status status-good">Running</span>' in head
    assert (
        '<a class="state-stop" href="#stopped-1"><span class="status status-bad">Step 1 is stopped</span></a>' in head
    )
    assert 'id="stopped-1"' in page
    assert 'href="#step-Free money"><span class="status status-bad">Step 1 is stopped' in unescape(
        max_.get(f"/campaigns/{campaign}/edit").text
    )


def test_whom_a_filtered_text_did_not_reach_goes_on_and_is_counted_as_filtered(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    campaigns.world.configure(breaker_least_texts=50)
    ann, phone = campaigns.lead(first_name="Ann")
    bob, bobs = campaigns.lead(first_name="Bob")
    campaign = campaigns.run(text("Free money"), text("Hello", HOUR), leads=[ann, bob])
    campaigns.tick()
    filtered(stored, [phone])
    assert "1 filtered" in read(at_work(campaigns).get(f"/campaigns/{campaign}"))
    campaigns.later(hours=1)
    assert bodies(campaigns, phone)[-1] == "Hello"
    max_ = at_work(campaigns)
    page = max_.get(f"/campaigns/{campaign}")
    assert "1 filtered" in read(page) and "1 failed" not in read(page)
    only = read(max_.get(f"/campaigns/{campaign}?step=Free money&got=filtered"))
    assert "Only those whose text carriers filtered, step 1" in only
    assert ("Ann" in only, "Bob" in only) == (True, False)
    filtered(stored, [bobs], code=30003)
    assert "1 failed" in read(max_.get(f"/campaigns/{campaign}"))
    [way] = stored.execute("SELECT id FROM sms_campaign_enrollments WHERE lead_id = %s", [ann]).fetchone() or []
    assert "Filtered by carriers (30007)" in read(max_.get(f"/campaigns/{campaign}/leads/{way}"))
