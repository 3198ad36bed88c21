"""Before a launch: the checklist, the dry run and its price, a test, the second person, the typed number."""

from __future__ import annotations

from decimal import Decimal

import psycopg
import pytest

from tests.accounts.conftest import Visitor
from tests.campaigns.pages import at_work, follow, read, whole
from tests.campaigns.support import DAY, Campaigns, text
from tests.campaigns.test_the_tick import bodies
from tests.support.people import add_person
from webapp import clock, database
from webapp.campaigns import store
from webapp.campaigns.pages import plans
from webapp.campaigns.rules import Elsewhere, Rules
from webapp.campaigns.steering import launches, running
from webapp.carrier import active_users


@pytest.fixture
def max_(campaigns: Campaigns) -> Visitor:
    return at_work(campaigns)


def filled(campaigns: Campaigns, count: int = 2) -> tuple[int, list[int], list[str]]:
    """A draft of two steps with so many leads."""
    leads, phones = campaigns.leads(count)
    campaign = campaigns.draft(text("Hello"), text("Still looking?", DAY))
    campaigns.enroll(campaign, leads)
    return campaign, leads, phones


def test_the_page_says_what_will_happen_and_what_it_costs(campaigns: Campaigns, max_: Visitor) -> None:
    campaign, _, _ = filled(campaigns)
    said = read(max_.get(f"/campaigns/{campaign}/launch"))
    assert "2 leads of 2 get 4 texts" in said
    assert "$0.05 in all: $0.05 for 4 segments" in said
    assert "2 active users of Twilio Conversations" in said
    assert "Hello" in said and "Still looking?" in said
    assert "Text 2 leads" in said


def test_whoever_gets_nothing_is_counted_by_reason_and_named(
    campaigns: Campaigns, max_: Visitor, stored: psycopg.Connection
) -> None:
    campaign, leads, phones = filled(campaigns)
    stored.execute("UPDATE contact_numbers SET suppressed_at = now() WHERE e164 = %s", [phones[0]])
    stored.execute("UPDATE leads SET first_name = 'Ann' WHERE id = %s", [leads[0]])
    page = max_.get(f"/campaigns/{campaign}/launch")
    assert "1 opted out : gets nothing" in read(page)
    assert f'href="/campaigns/{campaign}/launch/plan?reason=opted_out"' in page.text
    assert "Ann" in read(max_.get(f"/campaigns/{campaign}/launch/plan?reason=opted_out"))
    assert "Text 1 lead" in read(page)


def test_the_plan_is_shown_page_by_page(campaigns: Campaigns, max_: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "_TEXTS_PER_PAGE", 2)
    campaign, _, _ = filled(campaigns, 3)
    first = max_.get(f"/campaigns/{campaign}/launch/plan").text
    more = first.partition('rel="next" href="')[2].partition('"')[0]
    second = max_.get(more).text
    assert (first.count('class="way-bubble"'), second.count('class="way-bubble"')) == (2, 2)
    assert "$" not in read(max_.get(more)).partition("What they will read")[0]


def test_a_manager_launches_with_one_button(campaigns: Campaigns, max_: Visitor) -> None:
    campaign, _, phones = filled(campaigns)
    said = whole(max_, max_.post(f"/campaigns/{campaign}/launch", launching="yes", pace=""))
    assert "Launched. 2 leads begin now." in said
    campaigns.tick()
    assert [bodies(campaigns, phone) for phone in phones] == [["Hello"], ["Hello"]]
    assert max_.get(f"/campaigns/{campaign}/launch").status_code == 302


def test_pace_and_canary_are_chosen_at_the_launch(
    campaigns: Campaigns, max_: Visitor, stored: psycopg.Connection
) -> None:
    campaign, _, _ = filled(campaigns)
    wrong = max_.post(f"/campaigns/{campaign}/launch", launching="yes", pace="fast")
    assert "Give a whole number from 1 to 100,000, or leave it empty." in read(wrong, 422)
    follow(max_, max_.post(f"/campaigns/{campaign}/launch", launching="yes", pace="30", canary="yes"))
    row = stored.execute("SELECT pace_per_hour, canary, status FROM sms_campaigns").fetchone()
    assert row == (30, True, "running")


def test_a_large_launch_needs_its_number_typed(
    campaigns: Campaigns, max_: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launches, "LARGE", 1)
    campaign, _, _ = filled(campaigns)
    said = read(max_.get(f"/campaigns/{campaign}/launch"))
    assert "Type 2, the number of leads" in said
    wrong = max_.post(f"/campaigns/{campaign}/launch", launching="yes", confirm="20")
    assert "It goes to 2 leads. Type 2 to confirm." in read(wrong, 422)
    assert "begin now" in whole(max_, max_.post(f"/campaigns/{campaign}/launch", launching="yes", confirm="2"))


def test_what_is_wrong_blocks_the_button_and_the_door(campaigns: Campaigns, max_: Visitor) -> None:
    leads, _ = campaigns.leads(1)
    campaign = campaigns.draft(text("Look at bit.ly/abc"))
    campaigns.enroll(campaign, leads)
    page = max_.get(f"/campaigns/{campaign}/launch")
    assert "Step 1 has a link of bit.ly: carriers block those. Use your own domain." in read(page)
    assert 'id="launch-button" disabled' in page.text
    assert "carriers block those" in read(max_.post(f"/campaigns/{campaign}/launch", launching="yes"), 422)


def rita_of(campaigns: Campaigns) -> Visitor:
    add_person(campaigns.world.conn, "Rita Rep", "rep")
    return at_work(campaigns, "rita@agency.test")


def test_a_reps_campaign_is_launched_by_a_manager(
    campaigns: Campaigns, max_: Visitor, stored: psycopg.Connection
) -> None:
    rita = rita_of(campaigns)
    campaign, _, _ = filled(campaigns)
    stored.execute("UPDATE sms_campaigns SET owner_id = (SELECT id FROM users WHERE name = 'Rita Rep')")
    at = f"/campaigns/{campaign}/launch"
    asking = read(rita.get(at))
    assert "Ask a manager to launch" in asking and "who also chooses pace and canary" in asking
    assert "Leads that begin in an hour" not in asking and "Leads that begin in an hour" in read(max_.get(at))
    assert "A second person launches this one" in read(rita.post(at, launching="yes"), 422)
    follow(rita, rita.post(f"{at}/ask"))
    assert "You ask to launch this." in read(rita.get(at)) and "Take it back" in read(
        rita.get(f"/campaigns/{campaign}")
    )
    assert "Rita Rep asks to launch this." in read(max_.get(f"/campaigns/{campaign}"))
    assert f'<a class="state-why" href="{at}">Rita Rep asks to launch it</a>' in max_.get("/campaigns").text
    assert "begin now" in whole(max_, max_.post(at, launching="yes"))
    assert "asks to launch" not in read(max_.get(f"/campaigns/{campaign}")) + read(max_.get("/campaigns"))


def test_a_manager_may_decline(campaigns: Campaigns, max_: Visitor, stored: psycopg.Connection) -> None:
    rita = rita_of(campaigns)
    campaign, _, _ = filled(campaigns)
    stored.execute("UPDATE sms_campaigns SET owner_id = (SELECT id FROM users WHERE name = 'Rita Rep')")
    follow(rita, rita.post(f"/campaigns/{campaign}/launch/ask"))
    follow(rita, rita.post(f"/campaigns/{campaign}/launch/decline"))
    assert "declined" not in read(rita.get(f"/campaigns/{campaign}"))  # she took it back herself
    follow(rita, rita.post(f"/campaigns/{campaign}/launch/ask"))
    assert "The request is off." in whole(max_, max_.post(f"/campaigns/{campaign}/launch/decline"))
    told = read(rita.get(f"/campaigns/{campaign}"))
    assert "ask to launch" not in told and "Max Manager declined to launch this." in told
    follow(rita, rita.post(f"/campaigns/{campaign}/launch/ask"))
    assert "declined" not in read(rita.get(f"/campaigns/{campaign}"))


def test_above_a_set_size_a_manager_needs_another_one(campaigns: Campaigns, max_: Visitor) -> None:
    campaigns.world.configure(second_person_above=1)
    add_person(campaigns.world.conn, "Ada Admin", "admin")
    ada = at_work(campaigns, "ada@agency.test")
    campaign, _, _ = filled(campaigns)
    at = f"/campaigns/{campaign}/launch"
    assert "A second person launches this one" in read(max_.post(at, launching="yes"), 422)
    follow(max_, max_.post(f"{at}/ask"))
    assert "A second person launches this one" in read(max_.post(at, launching="yes"), 422)
    assert "begin now" in whole(ada, ada.post(at, launching="yes"))


def test_a_test_comes_to_my_own_phone_as_the_lead_would_read_it(campaigns: Campaigns, max_: Visitor) -> None:
    lead, _ = campaigns.lead(first_name="Ann")
    campaign = campaigns.draft(text("Hi {{ first_name }}"))
    campaigns.enroll(campaign, [lead])
    mine = campaigns.world.phone()
    said = whole(max_, max_.post(f"/campaigns/{campaign}/launch/test", phone=mine, step="1"))
    assert "The test is on its way to your phone." in said
    campaigns.world.work()
    [got] = campaigns.world.on_handset(mine)
    assert got.startswith("Hi Ann\n")
    assert "STOP" in got
    assert campaigns.standing(lead)[:2] == ("active", 0)


@pytest.mark.parametrize("phone", ["", "12"])
def test_a_test_without_a_phone_says_so_at_its_field(campaigns: Campaigns, max_: Visitor, phone: str) -> None:
    campaign, _, _ = filled(campaigns)
    answer = max_.post(f"/campaigns/{campaign}/launch/test", phone=phone, step="1")
    assert answer.status_code == 422
    assert 'id="test-phone-error"' in answer.text


def test_leads_that_are_in_another_campaign_are_told_of(campaigns: Campaigns, max_: Visitor) -> None:
    campaign, leads, _ = filled(campaigns, 3)
    campaigns.run(text("Other", DAY), leads=leads[:2], name="Open house", one_campaign_at_a_time="both")
    page = f"/campaigns/{campaign}/launch"
    said = read(max_.get(page))
    assert "2 leads are in Open house , and left out here." in said
    assert "1 lead of 3 gets 2 texts" in said and "2 are in another campaign : get nothing" in said
    assert "Text 1 lead" in said
    expected: dict[Elsewhere, str] = {
        "wait": "2 leads are in Open house . They begin here once that has ended.",
        "both": "2 leads are in Open house , too. Their texts keep a distance.",
    }
    for rule, words in expected.items():
        with database.transaction() as conn:
            found = store.find(conn, campaigns.actor, campaign, lock=True)
            assert found is not None
            store.set_draft(conn, found, clock.now(), rules=Rules(one_campaign_at_a_time=rule))
        assert words in read(max_.get(page))


def test_a_large_launch_names_the_number_without_those_who_are_left_out(
    campaigns: Campaigns, max_: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launches, "LARGE", 1)
    monkeypatch.setattr(plans, "AT_ONCE", 0)  # a worker counts the plan: the page has nothing but the number
    campaign, leads, _ = filled(campaigns, 3)
    campaigns.run(text("Other", DAY), leads=leads[:1], name="Open house", one_campaign_at_a_time="both")
    page = f"/campaigns/{campaign}/launch"
    said = read(max_.get(page))
    assert "Type 2, the number of leads" in said and "Text 2 leads" in said
    assert "It goes to 2 leads" in read(max_.post(page, launching="yes", pace="", confirm="3"), 422)
    assert "Launched. 2 leads begin now." in whole(max_, max_.post(page, launching="yes", pace="", confirm="2"))


@pytest.mark.parametrize(
    ("before", "more", "dollars"),
    [
        (0, 200, "0"),
        (0, 201, "0.05"),
        (200, 1, "0.05"),
        (0, 10_000, "477.50"),
        (9_999, 2, "0.0925"),
        (20_000, 10, "0.45"),
        (300, 0, "0"),
    ],
)
def test_active_users_cost_what_their_tiers_say(before: int, more: int, dollars: str) -> None:
    assert active_users.cost(before, more) == Decimal(dollars)


def test_whoever_is_active_this_month_already_costs_no_more(campaigns: Campaigns, max_: Visitor) -> None:
    campaign, _, phones = filled(campaigns)
    campaigns.world.say(campaigns.world.conversation(phones[0]), "Hello by hand")
    campaigns.world.work()
    assert "1 active user of Twilio Conversations" in read(max_.get(f"/campaigns/{campaign}/launch"))


def test_the_button_names_the_first_leads_alone_while_the_canary_is_ticked(
    campaigns: Campaigns, max_: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CANARY", 2)
    campaign, _, _ = filled(campaigns, 3)
    page = max_.get(f"/campaigns/{campaign}/launch")
    assert '<span class="launch-all">Text 3 leads</span><span class="launch-first">Text the first 2 leads</span>' in (
        page.text
    )
    assert "Ticked, the first 2 leads go now and 1 waits: you look at" in read(page)
    plan = max_.get(f"/campaigns/{campaign}/launch/plan", HX_Request="true").text
    assert '<span class="launch-first">Text the first 2 leads</span>' in plan
    few, _, _ = filled(campaigns, 2)
    page = max_.get(f"/campaigns/{few}/launch")
    assert "launch-first" not in page.text
    assert "There are no more than that: all begin now." in read(page)
