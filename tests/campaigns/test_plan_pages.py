"""Pages and API of plans: large ones counted by a worker, and what a launch foresaw beside what came."""

from __future__ import annotations

import pytest

from tests.accounts.conftest import Visitor
from tests.campaigns.pages import at_work, read
from tests.campaigns.support import DAY, HOUR, Campaigns, text
from tests.campaigns.test_figures import says
from tests.campaigns.test_plan_and_actual import count_all
from tests.support.people import add_person
from webapp.campaigns.pages import plans

HTMX = {"HX_Request": "true"}


@pytest.fixture
def max_(campaigns: Campaigns) -> Visitor:
    return at_work(campaigns)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes a worker otherwise only by its thousands."""
    monkeypatch.setattr(plans, "AT_ONCE", 1)


@pytest.mark.usefixtures("large")
def test_a_large_plan_is_counted_by_a_worker_while_the_page_says_how_far_it_is(
    campaigns: Campaigns, max_: Visitor
) -> None:
    campaign = campaigns.draft(text("Hello you"), text("Two", HOUR))
    campaigns.enroll(campaign, campaigns.leads(2)[0])
    at = f"/campaigns/{campaign}/launch/plan"
    assert f'hx-get="{at}"' in max_.get(f"/campaigns/{campaign}/launch").text
    counting = max_.get(at, **HTMX)
    assert "Counting what 2 leads will get: 0 so far." in read(counting)
    assert f'hx-get="{at}"' in counting.text
    assert "Counting what 2 leads will get" in read(max_.get(at))
    count_all()
    plan = read(max_.get(at, **HTMX))
    assert "2 leads of 2 get 4 texts" in plan
    assert "Hello you" in plan
    assert "Text 2 leads" in plan  # on the button
    row = campaigns.world.conn.execute("SELECT count(*) FROM sms_campaign_plans").fetchone()
    assert row == (1,)


@pytest.mark.usefixtures("large")
def test_a_plan_of_other_words_is_counted_anew(campaigns: Campaigns, max_: Visitor) -> None:
    campaign = campaigns.draft(text("Hello you"), text("Two", HOUR))
    campaigns.enroll(campaign, campaigns.leads(2)[0])
    at = f"/campaigns/{campaign}/launch/plan"
    max_.get(at, **HTMX)
    count_all()
    campaigns.world.conn.execute("UPDATE sms_campaign_steps SET weekdays_only = true")
    assert "Counting" in read(max_.get(at, **HTMX))
    assert "Counting" in read(max_.get(f"{at}?pace=1", **HTMX))


@pytest.mark.usefixtures("large")
def test_the_pages_of_a_large_plan_follow_each_other(campaigns: Campaigns, max_: Visitor) -> None:
    campaign = campaigns.draft(text("One"), text("Two", HOUR))
    campaigns.enroll(campaign, campaigns.leads(20)[0])
    at = f"/campaigns/{campaign}/launch/plan"
    max_.get(at)
    count_all()
    first = max_.get(at).text
    assert first.count('class="way-bubble"') == 30
    [_, rest] = first.split('rel="next" href="', 1)
    assert max_.get(rest.split('"')[0]).text.count('class="way-bubble"') == 10


def test_no_words_to_anybody_are_kept_for_long(campaigns: Campaigns, max_: Visitor, large: None) -> None:
    campaign = campaigns.draft(text("Hi {{ first_name }}"))
    campaigns.enroll(campaign, [campaigns.lead(first_name="Zebedee")[0], campaigns.lead(first_name="Zebedee")[0]])
    max_.get(f"/campaigns/{campaign}/launch/plan")
    campaigns.launch(campaign)
    count_all()
    conn = campaigns.world.conn
    kept = conn.execute("SELECT kind, result::text LIKE '%Zebedee%' FROM sms_campaign_plans ORDER BY kind").fetchall()
    assert kept == [("dry_run", True), ("launch", False)]
    conn.execute("UPDATE sms_campaign_plans SET asked_at = asked_at - interval '61 minutes'")
    count_all()
    assert conn.execute("SELECT kind FROM sms_campaign_plans").fetchall() == [("launch",)]


def test_after_the_launch_the_plan_stands_beside_what_came(campaigns: Campaigns, max_: Visitor) -> None:
    leads, phones = campaigns.leads(3)
    campaign = campaigns.run(text("One"), text("Two", DAY), leads=leads)
    assert "The plan of the launch is being counted: 0 of 3 leads." in read(max_.get(f"/campaigns/{campaign}"))
    assert "is being counted" in read(max_.get(f"/campaigns/{campaign}/compared"))
    count_all()
    campaigns.tick()
    says(campaigns, phones[0], "Tell me more")
    shown = read(max_.get(f"/campaigns/{campaign}"))
    assert "By now 3 texts were to go, of 6 planned." in shown
    assert "3 planned by now" in shown
    campaigns.later(days=1)
    page = max_.get(f"/campaigns/{campaign}/compared")
    said = read(page)
    assert "5 of 6 planned texts went" in said
    assert "2 sent, 3 planned by now" in said
    assert "1 answered before" in said
    assert "Thu, Dec 10 3 2" in said
    asks = {"HX_Request": "true", "HX_PTag": page.headers["HX-PTag"]}
    assert max_.get(f"/campaigns/{campaign}/compared", **asks).status_code == 304


def test_nobody_sees_the_plan_of_anothers_campaign(campaigns: Campaigns) -> None:
    add_person(campaigns.world.conn, "Rita Rep", "rep")
    campaign = campaigns.run(text("One"), leads=[campaigns.lead()[0]])
    rita = at_work(campaigns, "rita@agency.test")
    assert rita.get(f"/campaigns/{campaign}/compared").status_code == 404


def test_a_draft_has_no_plan_to_compare_with(campaigns: Campaigns, max_: Visitor) -> None:
    campaign = campaigns.draft(text("One"))
    assert max_.get(f"/campaigns/{campaign}/compared").status_code == 302
