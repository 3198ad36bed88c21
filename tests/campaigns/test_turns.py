"""A lead that is in another campaign may wait for its end: it begins once, after that, whatever ended it."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.api.support import Program, program_of
from tests.campaigns.pages import at_work, read, whole
from tests.campaigns.support import DAY, HOUR, Campaigns, text
from tests.campaigns.test_the_tick import bodies
from tests.support.people import add_person
from tests.support.races import at_once
from webapp import clock, database
from webapp.campaigns import jobs, store
from webapp.campaigns.drafts import publishing
from webapp.campaigns.plans import preview
from webapp.campaigns.steering import moving
from webapp.campaigns.steering.acts import Act

HELD = ("active", 0, "in_another_campaign")


def busy(campaigns: Campaigns) -> tuple[int, str, int]:
    """A lead in another campaign, whose last step comes in a day; its phone and that campaign."""
    lead, phone = campaigns.lead()
    other = campaigns.run(text("First"), text("Last", DAY), leads=[lead], name="Open house")
    campaigns.tick()
    return lead, phone, other


def waiting(campaigns: Campaigns, lead: int, body: str = "Second") -> int:
    """A campaign in which the lead waits."""
    campaign = campaigns.draft(text(body), name="Old leads", one_campaign_at_a_time="wait")
    assert campaigns.enroll(campaign, [lead]) == {"waiting_for_another_campaign": 1}
    free, _ = campaigns.lead()
    assert campaigns.enroll(campaign, [free]) == {"enrolled": 1}
    campaigns.launch(campaign)
    return campaign


def way(stored: psycopg.Connection[Any], lead: int, campaign: int) -> int:
    row = stored.execute(
        "SELECT id FROM sms_campaign_enrollments WHERE lead_id = %s AND campaign_id = %s", [lead, campaign]
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_it_begins_when_the_other_one_is_completed(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    lead, phone, _ = busy(campaigns)
    campaign = waiting(campaigns, lead)
    jobs.begin_after_others()
    campaigns.tick()
    assert campaigns.standing(lead) == HELD
    assert bodies(campaigns, phone) == ["First"]
    row = stored.execute("SELECT sentence FROM sms_campaign_enrollments WHERE reason = %s", [HELD[2]]).fetchone()
    assert row == ("Held: the lead is on its way through “Open house”, and begins here after that.",)
    assert "and begins here after that." in read(at_work(campaigns).get(f"/campaigns/{campaign}"))
    campaigns.later(days=1, minutes=1)
    jobs.begin_after_others()
    campaigns.later(minutes=15)  # the gap between automatic texts of one person
    assert bodies(campaigns, phone) == ["First", "Last", "Second"]
    assert campaigns.standing(lead)[0] == "completed"
    said = stored.execute(
        "SELECT sentence FROM decisions WHERE enrollment_id = %s ORDER BY id LIMIT 2", [way(stored, lead, campaign)]
    ).fetchall()
    assert said == [
        ("Held: the lead is on its way through “Open house”, and begins here after that.",),
        ("Begins now: the lead’s way through another campaign has ended.",),
    ]


def test_an_answer_to_the_other_one_ends_that_and_does_not_end_the_waiting(campaigns: Campaigns) -> None:
    lead, phone, _ = busy(campaigns)
    waiting(campaigns, lead)
    campaigns.world.simulator.person_texts(phone, "Yes please")
    campaigns.world.until(
        lambda: (
            campaigns.world.conn.execute("SELECT 1 FROM sms_campaign_enrollments WHERE reason = 'replied'").fetchone()
            is not None
        )
    )
    assert campaigns.standing(lead) == HELD
    jobs.begin_after_others()
    assert campaigns.standing(lead)[2] is None


def test_an_opt_out_ends_both(campaigns: Campaigns) -> None:
    lead, phone, _ = busy(campaigns)
    waiting(campaigns, lead)
    campaigns.world.simulator.person_texts(phone, "STOP")
    campaigns.world.until(lambda: campaigns.standing(lead)[2] == "opted_out")
    jobs.begin_after_others()
    campaigns.later(days=2)
    assert bodies(campaigns, phone) == ["First"]


def test_taken_out_there_it_begins_here(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    lead, phone, other = busy(campaigns)
    waiting(campaigns, lead)
    with database.transaction() as conn:
        moving.remove(Act(conn, way(stored, lead, other), campaigns.actor, clock.now()))
    jobs.begin_after_others()
    campaigns.later(minutes=15)
    assert bodies(campaigns, phone) == ["First", "Second"]


def test_of_two_that_wait_the_older_begins_first_and_then_the_other(campaigns: Campaigns) -> None:
    lead, phone, _ = busy(campaigns)
    waiting(campaigns, lead, "Second")
    waiting(campaigns, lead, "Third")
    campaigns.later(days=1, minutes=1)
    at_once([jobs.begin_after_others] * 3)
    assert campaigns.standing(lead) == HELD
    campaigns.later(minutes=15)
    assert bodies(campaigns, phone)[2:] == ["Second"]
    jobs.begin_after_others()
    campaigns.later(minutes=15)
    assert bodies(campaigns, phone)[2:] == ["Second", "Third"]


def test_in_a_draft_it_waits_from_the_launch_on(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaign = campaigns.draft(text("Second"), name="Old leads", one_campaign_at_a_time="wait")
    assert campaigns.enroll(campaign, [lead]) == {"enrolled": 1}
    campaigns.run(text("First"), text("Last", DAY), leads=[lead], one_campaign_at_a_time="both")
    campaigns.launch(campaign)
    assert campaigns.standing(lead)[0] == "active"
    campaigns.tick()
    assert bodies(campaigns, phone) == ["First"]


def test_publishing_begins_nobody_who_waits(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    lead, phone, _ = busy(campaigns)
    campaign = waiting(campaigns, lead)
    with database.transaction() as conn:
        found = store.find(conn, campaigns.actor, campaign, lock=True)
        assert found is not None
        store.set_draft(conn, found, clock.now(), new_steps=[text("Better")])
    publishing.publish(campaign, campaigns.actor, clock.now(), move=True)
    campaigns.tick()
    assert campaigns.standing(lead) == HELD
    campaigns.later(days=1, minutes=1)
    jobs.begin_after_others()
    campaigns.later(minutes=15)
    assert bodies(campaigns, phone) == ["First", "Last", "Better"]


def test_the_dry_run_says_that_it_waits(campaigns: Campaigns) -> None:
    lead, _, _ = busy(campaigns)
    campaign = waiting(campaigns, lead)
    with database.transaction() as conn:
        found = store.find(conn, campaigns.actor, campaign)
        assert found is not None
        plan = preview.preview(conn, found, store.shown_version(conn, found), clock.now())
    assert plan.excluded == {"in_another_campaign": 1}


def test_on_the_leads_page_one_chooses_between_moving_waiting_and_leaving(campaigns: Campaigns) -> None:
    lead, phone, _ = busy(campaigns)
    campaign = campaigns.run(text("Second"), leads=[campaigns.lead()[0]], name="Old leads")
    max_ = at_work(campaigns)
    at = f"/campaigns/of-lead/{lead}"
    asked = max_.post(at, campaign=str(campaign))
    for choice in ("Move it here", "Let it wait its turn", "Leave it there"):
        assert choice in read(asked)
    said = whole(max_, max_.post(at, campaign=str(campaign), wait="yes"))
    assert "once its other campaign has ended." in said
    assert "after the other campaign" in read(max_.get(at))
    assert campaigns.standing(lead) == HELD
    campaigns.later(days=1, minutes=1)
    jobs.begin_after_others()
    campaigns.later(minutes=15)
    assert bodies(campaigns, phone) == ["First", "Last", "Second"]


def test_the_rules_offer_all_three_and_say_which_holds(campaigns: Campaigns) -> None:
    campaign = campaigns.draft(text("One"), one_campaign_at_a_time="wait")
    page = at_work(campaigns).get(f"/campaigns/{campaign}/edit")
    assert "leads in another campaign wait until that has ended" in read(page)
    assert "Wait, and begin here once that one has ended for them" in read(page)


@pytest.fixture
def api(campaigns: Campaigns, stored: psycopg.Connection) -> Program:
    """The API as a manager's token asks it."""
    return program_of(campaigns.world.app.test_client(), stored, add_person(stored, "Ann Other", "manager"))


@pytest.mark.parametrize(
    ("elsewhere", "outcomes"),
    [
        ("skip", {"in_another_campaign": 1}),
        ("wait", {"waiting_for_another_campaign": 1}),
        ("move", {"enrolled": 1}),
        ("both", {"enrolled": 1}),
    ],
)
def test_the_api_is_told_what_to_do(
    campaigns: Campaigns, stored: psycopg.Connection, api: Program, elsewhere: str, outcomes: dict[str, int]
) -> None:
    lead, _, other = busy(campaigns)
    campaign = campaigns.run(text("Second", HOUR), leads=[campaigns.lead()[0]], name="Old leads")
    answer = api.post(f"/api/sms/campaigns/{campaign}/enroll", lead_ids=[str(lead)], elsewhere=elsewhere)
    assert answer.status_code == 200, answer.text
    assert answer.json is not None and answer.json["outcomes"] == outcomes
    row = stored.execute(
        "SELECT reason FROM sms_campaign_enrollments WHERE id = %s", [way(stored, lead, other)]
    ).fetchone()
    assert row == ("removed" if elsewhere == "move" else None,)


def test_nobody_is_taken_out_who_cannot_be_put_in(
    campaigns: Campaigns, stored: psycopg.Connection, api: Program
) -> None:
    lead, _, other = busy(campaigns)
    campaign = campaigns.run(text("Second", DAY), leads=[lead], one_campaign_at_a_time="both")
    answer = api.post(f"/api/sms/campaigns/{campaign}/enroll", lead_ids=[str(lead)], elsewhere="move")
    assert answer.json is not None and answer.json["outcomes"] == {"already_enrolled": 1}
    row = stored.execute(
        "SELECT status FROM sms_campaign_enrollments WHERE id = %s", [way(stored, lead, other)]
    ).fetchone()
    assert row == ("active",)
