"""Whoever joins a campaign's list later is enrolled by itself, once, however they came to join it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
import pytest

from tests.api.support import program_of
from tests.campaigns.pages import at_work, follow
from tests.campaigns.support import Campaigns, text
from tests.campaigns.test_the_tick import bodies
from tests.support.people import Person, add_person
from tests.support.races import at_once
from tests.support.world import CONSENT
from webapp import clock, database
from webapp.campaigns import jobs, store
from webapp.campaigns.joining import joiners
from webapp.compliance.consent import giving
from webapp.leads import filters, lists
from webapp.leads.lists import NewList

BUYERS = {"conditions": [{"field": "tags", "op": "has_any", "value": ["buyer"]}]}


@pytest.fixture
def running(campaigns: Campaigns) -> int:
    """A campaign that runs and takes those who join the list of buyers; one buyer was there before."""
    campaigns.lead(tags=["buyer"])
    campaign = campaigns.draft(text("Welcome"))
    first, _ = campaigns.lead()
    campaigns.enroll(campaign, [first])
    with database.transaction() as conn:
        found = store.find(conn, campaigns.actor, campaign, lock=True)
        assert found is not None
        saved = lists.create(conn, campaigns.actor, NewList("Buyers", filters.parse(BUYERS)), clock.now())
        store.change(conn, campaign, {"saved_list_id": saved}, clock.now())
        found = store.find(conn, campaigns.actor, campaign, lock=True)
        assert found is not None
        joiners.switch_on(conn, found, campaigns.actor, clock.now())
    campaigns.launch(campaign)
    campaigns.tick()
    return campaign


def enrolled(stored: psycopg.Connection[Any], campaign: int) -> Sequence[int]:
    rows = stored.execute(
        "SELECT lead_id FROM sms_campaign_enrollments WHERE campaign_id = %s ORDER BY id", [campaign]
    ).fetchall()
    return [row[0] for row in rows][1:]


def test_a_new_lead_of_the_list_gets_its_first_text_with_the_next_look(
    campaigns: Campaigns, running: int, stored: psycopg.Connection
) -> None:
    lead, phone = campaigns.lead(tags=["buyer"])
    campaigns.lead(tags=["seller"])
    jobs.enroll_joiners()
    campaigns.tick()
    assert enrolled(stored, running) == [lead]
    assert bodies(campaigns, phone) == ["Welcome"]


def test_whoever_was_there_before_is_no_joiner_whatever_is_changed_of_them(
    campaigns: Campaigns, running: int, stored: psycopg.Connection
) -> None:
    stored.execute("UPDATE leads SET last_name = 'Smith', updated_at = %s WHERE tags = '{buyer}'", [clock.now()])
    jobs.enroll_joiners()
    assert enrolled(stored, running) == []


def test_a_lead_that_comes_to_match_by_a_tag_joins(
    campaigns: Campaigns, running: int, stored: psycopg.Connection
) -> None:
    lead, _ = campaigns.lead()
    jobs.enroll_joiners()
    assert enrolled(stored, running) == []
    stored.execute("UPDATE leads SET tags = '{buyer}' WHERE id = %s", [lead])
    jobs.enroll_joiners()
    assert enrolled(stored, running) == [lead]


def test_who_has_not_agreed_joins_once_they_have(
    campaigns: Campaigns, running: int, stored: psycopg.Connection
) -> None:
    lead, _ = campaigns.lead(agreed=False, tags=["buyer"])
    jobs.enroll_joiners()
    assert enrolled(stored, running) == []
    with database.transaction() as conn:
        row = conn.execute("SELECT contact_number_id FROM leads WHERE id = %s", [lead]).fetchone()
        assert row is not None
        giving.record_opt_in(conn, row[0], CONSENT, actor_id=None, now=clock.now())
    jobs.enroll_joiners()
    assert enrolled(stored, running) == [lead]


def test_nobody_joins_twice_however_often_and_at_once_it_is_looked(
    campaigns: Campaigns, running: int, stored: psycopg.Connection
) -> None:
    lead, phone = campaigns.lead(tags=["buyer"])
    at_once([jobs.enroll_joiners] * 4)
    campaigns.tick()
    jobs.enroll_joiners()
    campaigns.tick()
    assert enrolled(stored, running) == [lead]
    assert bodies(campaigns, phone) == ["Welcome"]


def test_who_joins_while_the_campaign_is_paused_begins_when_it_goes_on(
    campaigns: Campaigns, running: int, stored: psycopg.Connection
) -> None:
    campaigns.pause(running)
    lead, _ = campaigns.lead(tags=["buyer"])
    jobs.enroll_joiners()
    assert enrolled(stored, running) == []
    campaigns.resume(running)
    jobs.enroll_joiners()
    assert enrolled(stored, running) == [lead]


def test_switched_off_nobody_joins_and_switched_on_again_only_those_who_come_then(
    campaigns: Campaigns, running: int, stored: psycopg.Connection
) -> None:
    for switch in (joiners.switch_off, joiners.switch_on):
        with database.transaction() as conn:
            found = store.find(conn, campaigns.actor, running, lock=True)
            assert found is not None
            if switch is joiners.switch_off:
                joiners.switch_off(conn, found, clock.now())
            else:
                joiners.switch_on(conn, found, campaigns.actor, clock.now())
        if switch is joiners.switch_off:
            campaigns.lead(tags=["buyer"])
            jobs.enroll_joiners()
    jobs.enroll_joiners()
    assert enrolled(stored, running) == []
    lead, _ = campaigns.lead(tags=["buyer"])
    jobs.enroll_joiners()
    assert enrolled(stored, running) == [lead]


def test_switched_on_by_any_door_the_first_look_notes_who_is_there(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    campaigns.lead(tags=["buyer"])
    first, _ = campaigns.lead()
    campaign = campaigns.run(text("Welcome"), leads=[first])
    with database.transaction() as conn:
        changes = {"takes_joiners": True, "audience": psycopg.types.json.Jsonb(BUYERS)}
        store.change(conn, campaign, changes, clock.now())
    jobs.enroll_joiners()
    lead, _ = campaigns.lead(tags=["buyer"])
    jobs.enroll_joiners()
    assert enrolled(stored, campaign) == [lead]


def test_a_lead_of_another_reps_joins_no_reps_campaign(
    campaigns: Campaigns, running: int, stored: psycopg.Connection
) -> None:
    rita = stored.execute(
        "INSERT INTO users (email, name, role) VALUES ('rita@agency.test', 'Rita', 'rep') RETURNING id"
    ).fetchone()
    otto = stored.execute(
        "INSERT INTO users (email, name, role) VALUES ('otto@agency.test', 'Otto', 'rep') RETURNING id"
    ).fetchone()
    assert rita and otto
    stored.execute("UPDATE sms_campaigns SET owner_id = %s", [rita[0]])
    stored.execute("UPDATE saved_lists SET owner_id = %s", [rita[0]])
    hers, _ = campaigns.lead(tags=["buyer"], owner_id=rita[0])
    campaigns.lead(tags=["buyer"], owner_id=otto[0])
    jobs.enroll_joiners()
    assert enrolled(stored, running) == [hers]


def test_a_list_that_is_gone_takes_nobody_and_stops_no_other(
    campaigns: Campaigns, running: int, stored: psycopg.Connection
) -> None:
    stored.execute("UPDATE saved_lists SET deleted_at = %s", [clock.now()])
    campaigns.lead(tags=["buyer"])
    jobs.enroll_joiners()
    assert enrolled(stored, running) == []


def test_the_api_names_the_list_and_switches_it_on(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    campaigns.lead(tags=["buyer"])
    campaign = campaigns.run(text("Welcome"), leads=[campaigns.lead()[0]])
    with database.transaction() as conn:
        saved = lists.create(conn, campaigns.actor, NewList("Buyers", filters.parse(BUYERS)), clock.now())
    at, asked = f"/api/sms/campaigns/{campaign}", {"saved_list_id": str(saved), "takes_joiners": True}
    ann = program_of(campaigns.world.app.test_client(), stored, add_person(stored, "Ann Other", "manager"))
    assert ann.patch(at, **asked).status_code == 404, "a colleague's own list"
    max_ = program_of(
        campaigns.world.app.test_client(), stored, Person(campaigns.actor.id, "max@agency.test", "Max", "manager")
    )
    answer = max_.patch(at, **asked)
    assert answer.json is not None
    assert (answer.json["saved_list_id"], answer.json["takes_joiners"]) == (str(saved), True)
    lead, _ = campaigns.lead(tags=["buyer"])
    jobs.enroll_joiners()
    assert enrolled(stored, campaign) == [lead]
    assert max_.patch(at, takes_joiners=False).status_code == 200
    campaigns.lead(tags=["buyer"])
    jobs.enroll_joiners()
    assert enrolled(stored, campaign) == [lead]
    done = stored.execute("SELECT details ->> 'on' FROM audit_log WHERE action = 'campaign.joiners' ORDER BY id")
    assert done.fetchall() == [("true",), ("false",)]


def test_the_rules_form_switches_it_on_from_that_moment(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    campaigns.lead(tags=["buyer"])
    campaign = campaigns.run(text("Welcome"), leads=[campaigns.lead()[0]])
    with database.transaction() as conn:
        store.change(conn, campaign, {"audience": psycopg.types.json.Jsonb(BUYERS)}, clock.now())
    max_ = at_work(campaigns)
    page = max_.get(f"/campaigns/{campaign}/edit").text
    seen = page.partition('class="card rules-form"')[2].partition('name="seen" value="')[2].partition('"')[0]
    form = {"seen": seen, "touch_gap_hours": "24", "late_after_hours": "24", "stop_on_reply": "y"}
    follow(max_, max_.post(f"/campaigns/{campaign}/rules", **form, takes_joiners="y"))
    lead, _ = campaigns.lead(tags=["buyer"])  # before the next look
    jobs.enroll_joiners()
    assert enrolled(stored, campaign) == [lead]
