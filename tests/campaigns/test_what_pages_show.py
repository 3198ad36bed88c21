"""What the pages of campaigns say about texts that have not gone, and where they lead."""

from __future__ import annotations

import json

from tests.campaigns.pages import at_work, read
from tests.campaigns.support import DAY, Campaigns, text
from webapp.jobs import bulk_runner
from webapp.leads import bulk_work


def test_the_way_of_a_lead_shows_each_text_as_this_lead_will_read_it(campaigns: Campaigns) -> None:
    lead, _ = campaigns.lead(first_name="Ann")
    campaign = campaigns.run(
        text("Hi {{ first_name }}"),
        text("It's {{ my_name }}", DAY, at_local="10:05"),
        text("Dear {{ last_name }}", DAY),
        leads=[lead],
    )
    page = read(at_work(campaigns).get(f"/campaigns/{campaign}/leads/{_enrollment(campaigns, lead)}"))
    assert "It's Max Manager" in page
    assert "last name is missing" in page
    assert "{{" not in page


def test_steps_in_a_list_are_read_without_knowing_what_a_merge_field_is(campaigns: Campaigns) -> None:
    lead, _ = campaigns.lead()
    campaign = campaigns.run(text('Hi {{ first_name | default("there") }}, it is {{ business_name }}'), leads=[lead])
    page = read(at_work(campaigns).get(f"/campaigns/{campaign}"))
    assert "Hi there, it is [business name]" in page


def test_a_draft_says_who_is_enrolled_and_leads_there(campaigns: Campaigns) -> None:
    lead, _ = campaigns.lead()
    campaign = campaigns.draft(text("One"))
    manager = at_work(campaigns)
    nobody = manager.get(f"/campaigns/{campaign}/edit")
    assert "Nobody is enrolled: enroll leads" in read(nobody)
    assert f'href="/campaigns/{campaign}/enroll"' in nobody.text
    assert manager.get(f"/campaigns/{campaign}").text.count("btn-primary") == 1
    campaigns.enroll(campaign, [lead])
    assert "1 lead is enrolled" in read(manager.get(f"/campaigns/{campaign}/edit"))
    assert manager.get(f"/campaigns/{campaign}").text.count("btn-primary") == 1


def test_what_came_of_enrolling_many_leads_to_the_campaign_and_names_no_noughts(campaigns: Campaigns) -> None:
    campaigns.lead()
    campaigns.lead(agreed=False)
    campaign = campaigns.draft(text("One"))
    manager = at_work(campaigns)
    asked = {"action": "enroll", "whom": "all", "filter": json.dumps({}), "campaign": str(campaign)}
    answer = manager.post("/leads/bulk", **asked)
    bulk_runner.run(int(answer.location.rsplit("/", 1)[1]), bulk_work.plan, seconds=10)
    page = manager.get(answer.location)
    assert "Enrolled 1 Without consent 1" in read(page)
    assert f'href="/campaigns/{campaign}">Open the campaign' in page.text
    assert "In it already" not in page.text


def _enrollment(campaigns: Campaigns, lead: int) -> int:
    row = campaigns.world.conn.execute("SELECT id FROM sms_campaign_enrollments WHERE lead_id = %s", [lead]).fetchone()
    assert row is not None
    return int(row[0])
