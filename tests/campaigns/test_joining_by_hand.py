"""Enrolling from pages: a list, ticked leads, one lead from its own page."""

from __future__ import annotations

import json

import psycopg
import pytest

from tests.accounts.conftest import Visitor
from tests.campaigns.pages import at_work, follow, read, whole
from tests.campaigns.support import DAY, Campaigns, text
from webapp import clock, database
from webapp.campaigns.pages import whom
from webapp.jobs import bulk_runner
from webapp.leads import bulk_work, filters, lists
from webapp.leads.lists import NewList


@pytest.fixture
def max_(campaigns: Campaigns) -> Visitor:
    return at_work(campaigns)


def everybody(campaigns: Campaigns) -> int:
    """A list of all leads."""
    with database.transaction() as conn:
        return lists.create(conn, campaigns.actor, NewList("Everybody", filters.Filter()), clock.now())


def test_a_list_is_enrolled_and_the_page_says_whom_it_left_out(campaigns: Campaigns, max_: Visitor) -> None:
    campaigns.leads(2)
    campaigns.lead(agreed=False)
    campaign = campaigns.draft(text("One"))
    at, chosen = f"/campaigns/{campaign}/enroll", str(everybody(campaigns))
    assert "Choose a list, or add a condition." in read(max_.post(at, list=""), 422)
    said = whole(max_, max_.post(at, list=chosen))
    assert "2 enrolled. Left out: 1 without consent." in said


def test_whoever_joins_later_is_a_tick_box(campaigns: Campaigns, max_: Visitor, stored: psycopg.Connection) -> None:
    campaigns.leads(1)
    campaign = campaigns.draft(text("One"))
    at = f"/campaigns/{campaign}/enroll"
    follow(max_, max_.post(at, list=str(everybody(campaigns)), joiners="yes"))
    assert stored.execute("SELECT takes_joiners, saved_list_id FROM sms_campaigns").fetchone() == (True, 1)
    assert "Joins by itself" in read(max_.get(at))
    follow(max_, max_.post(f"/campaigns/{campaign}/joiners", joiners="off"))
    assert stored.execute("SELECT takes_joiners FROM sms_campaigns").fetchone() == (False,)
    assert "Joins by itself" not in read(max_.get(at))


def test_a_large_list_is_a_bulk_operation_with_its_outcomes(
    campaigns: Campaigns, max_: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whom, "_AT_ONCE", 1)
    leads, _ = campaigns.leads(2)
    campaigns.lead(agreed=False)
    campaign = campaigns.draft(text("One"))
    campaigns.enroll(campaign, leads[:1])
    answer = max_.post(f"/campaigns/{campaign}/enroll", list=str(everybody(campaigns)))
    assert "0 of 3 leads" in follow(max_, answer)
    bulk_runner.run(int(answer.location.rsplit("/", 1)[1]), bulk_work.plan, seconds=10)
    said = read(max_.get(answer.location))
    for figure in ("Enrolled 1", "In it already 1", "Without consent 1"):
        assert figure in said


def test_ticked_leads_are_enrolled_from_the_list_of_leads(
    campaigns: Campaigns, max_: Visitor, stored: psycopg.Connection
) -> None:
    leads, _ = campaigns.leads(3)
    campaign = campaigns.draft(text("One"))
    assert "Enroll in a campaign" in read(max_.get("/leads"))
    form = max_.get(f"/leads/bulk?action=enroll&lead={leads[0]}&lead={leads[1]}").text
    assert "Hello (draft)" in form
    given = {
        "action": "enroll",
        "whom": "ticked",
        "lead": leads[:2],
        "campaign": str(campaign),
        "filter": json.dumps({}),
    }
    answer = max_.post("/leads/bulk", **given)
    assert answer.status_code == 303, answer.text
    bulk_runner.run(int(answer.location.rsplit("/", 1)[1]), bulk_work.plan, seconds=10)
    rows = stored.execute("SELECT lead_id FROM sms_campaign_enrollments ORDER BY lead_id").fetchall()
    assert [row[0] for row in rows] == leads[:2]


def test_one_lead_is_enrolled_on_its_own_page(campaigns: Campaigns, max_: Visitor) -> None:
    lead, _ = campaigns.lead()
    campaign = campaigns.draft(text("One"))
    assert "In none so far." in read(max_.get(f"/campaigns/of-lead/{lead}"))
    follow(max_, max_.post(f"/campaigns/of-lead/{lead}", campaign=str(campaign)))
    assert "Hello Step 1 of 1" in read(max_.get(f"/campaigns/of-lead/{lead}"))
    said = whole(max_, max_.post(f"/campaigns/of-lead/{lead}", campaign=str(campaign)))
    assert "In “Hello” already." in said


def test_a_lead_in_a_live_campaign_is_moved_only_if_somebody_says_so(campaigns: Campaigns, max_: Visitor) -> None:
    lead, _ = campaigns.lead()
    campaigns.run(text("One", DAY), leads=[lead])
    other = campaigns.draft(text("Other"), name="Open house")
    asked = max_.post(f"/campaigns/of-lead/{lead}", campaign=str(other))
    assert "This lead is on its way through another campaign" in read(asked)
    assert campaigns.standing(lead)[0] == "active"
    said = whole(max_, max_.post(f"/campaigns/of-lead/{lead}", campaign=str(other), move="yes"))
    assert "Enrolled in “Open house”. It stays where it is until that is launched." in said
    assert "Hello Step 1 of 1" in read(max_.get(f"/campaigns/of-lead/{lead}"))
    follow(max_, max_.post(f"/campaigns/{other}/launch", launching="yes", pace=""))
    said = read(max_.get(f"/campaigns/of-lead/{lead}"))
    assert "Open house Step 1 of 1" in said
    assert "Hello Taken out" in said


def test_into_a_campaign_that_runs_it_is_moved_at_once_or_put_in_both(campaigns: Campaigns, max_: Visitor) -> None:
    moved, beside = campaigns.lead()[0], campaigns.lead()[0]
    campaigns.run(text("One", DAY), leads=[moved, beside])
    other = campaigns.run(text("Other", DAY), leads=[campaigns.lead()[0]], name="Open house")
    for lead, choice, there in ((moved, "move", "Hello Taken out"), (beside, "both", "Hello Step 1 of 1")):
        asked = max_.post(f"/campaigns/of-lead/{lead}", campaign=str(other))
        assert f'name="{choice}"' in asked.text
        follow(max_, max_.post(f"/campaigns/of-lead/{lead}", campaign=str(other), **{choice: "yes"}))
        said = read(max_.get(f"/campaigns/of-lead/{lead}"))
        assert "Open house Step 1 of 1" in said and there in said


def test_a_finished_campaign_takes_nobody(campaigns: Campaigns, max_: Visitor, stored: psycopg.Connection) -> None:
    campaign = campaigns.draft(text("One"))
    stored.execute("UPDATE sms_campaigns SET status = 'finished'")
    assert max_.get(f"/campaigns/{campaign}/enroll").status_code == 409
    assert max_.post(f"/campaigns/{campaign}/enroll", list=str(everybody(campaigns))).status_code == 409


def test_a_leads_page_names_no_moment_in_a_campaign_that_does_not_run(campaigns: Campaigns, max_: Visitor) -> None:
    lead, _ = campaigns.lead()
    campaign = campaigns.draft(text("One", DAY))
    campaigns.enroll(campaign, [lead])
    at = f"/campaigns/of-lead/{lead}"
    assert "not launched yet" in read(max_.get(at))
    campaigns.launch(campaign)
    assert "next Thu" in read(max_.get(at))
    campaigns.pause(campaign)
    assert "the campaign is paused" in read(max_.get(at))
