"""The page of a campaign that runs: its figures, where each lead is and why, pausing, deciding."""

from __future__ import annotations

import re

import pytest

from tests.accounts.conftest import Visitor
from tests.campaigns.pages import at_work, follow, read, whole
from tests.campaigns.support import DAY, HOUR, Campaigns, text
from tests.campaigns.test_the_tick import bodies
from tests.support.people import add_person
from webapp.campaigns import tick
from webapp.campaigns.steering import running


@pytest.fixture
def max_(campaigns: Campaigns) -> Visitor:
    return at_work(campaigns)


def test_a_campaign_says_where_each_lead_is_and_when_something_comes(campaigns: Campaigns, max_: Visitor) -> None:
    ann, _ = campaigns.lead(first_name="Ann")
    campaign = campaigns.run(text("One"), text("Two", DAY, at_local="10:05"), leads=[ann])
    campaigns.tick()
    said = read(max_.get(f"/campaigns/{campaign}"))
    assert "1 waiting" in said
    assert "Step 2 on Thu 10:05 AM in Texas" in said
    assert "Ann" in said


def test_a_wait_for_the_morning_names_its_time_and_reason(campaigns: Campaigns, max_: Visitor) -> None:
    ann, _ = campaigns.lead(first_name="Ann")
    campaign = campaigns.run(text("One"), text("Two", 10 * HOUR), leads=[ann])
    campaigns.tick()
    foreseen = read(max_.get(f"/campaigns/{campaign}"))
    assert "Step 2 on Thu 9:00 AM in Texas Held until then: no text goes outside the sending hours there." in foreseen
    campaigns.later(hours=10)
    assert "Step 2 on Thu 9:00 AM in Texas Held" in read(max_.get(f"/campaigns/{campaign}"))


def test_the_page_polls_and_hears_only_of_what_has_changed(campaigns: Campaigns, max_: Visitor) -> None:
    lead, phone = campaigns.lead()
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    campaigns.tick()
    page = max_.get(f"/campaigns/{campaign}")
    asks = {"HX_Request": "true", "HX_PTag": page.headers["HX-PTag"]}
    assert max_.get(f"/campaigns/{campaign}", **asks).status_code == 304
    campaigns.world.simulator.person_texts(phone, "Tell me more")
    campaigns.world.until(lambda: campaigns.world.inbound(phone) == ["Tell me more"])
    changed = max_.get(f"/campaigns/{campaign}", **asks)
    assert changed.status_code == 200
    assert changed.text.lstrip().startswith('<div id="run"')
    assert changed.headers["HX-PTag"] != page.headers["HX-PTag"]


def test_each_figure_leads_to_the_leads_that_it_counts(campaigns: Campaigns, max_: Visitor) -> None:
    ann, _ = campaigns.lead(first_name="Ann")
    bob, phone = campaigns.lead(first_name="Bob")
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=[ann, bob])
    campaigns.tick()
    campaigns.world.simulator.person_texts(phone, "Hm")
    campaigns.world.until(lambda: campaigns.world.inbound(phone) == ["Hm"])
    page = max_.get(f"/campaigns/{campaign}").text
    for link in set(re.findall(r'href="(/campaigns/\d+\?[^"]*)"', page)):
        shown = read(max_.get(link.replace("&amp;", "&")))
        assert "Nobody stands there" not in shown, link
    answered = read(max_.get(f"/campaigns/{campaign}?group=replied"))
    assert ("Bob" in answered, "Ann" in answered) == (True, False)


def test_leads_are_found_by_name_and_shown_page_by_page(campaigns: Campaigns, max_: Visitor) -> None:
    leads, _ = campaigns.leads(51)
    ann, _ = campaigns.lead(first_name="Ann")
    campaign = campaigns.run(text("One"), leads=[ann, *leads])
    first = max_.get(f"/campaigns/{campaign}").text
    assert first.count('class="way"') == 50
    [older] = re.findall(r'rel="next" href="([^"]*)"', first)
    assert max_.get(older).text.count('class="way"') == 2
    found = max_.get(f"/campaigns/{campaign}?q=ann").text
    assert (found.count('class="way"'), "Ann" in found) == (1, True)
    assert "No lead here matches" in read(max_.get(f"/campaigns/{campaign}?q=zoe"))


def test_pausing_says_what_is_with_the_carrier_and_can_be_undone(campaigns: Campaigns, max_: Visitor) -> None:
    lead, phone = campaigns.lead()
    campaign = campaigns.draft(text("One"))
    campaigns.enroll(campaign, [lead])
    campaigns.launch(campaign)
    assert tick.run().queued == 1
    said = whole(max_, max_.post(f"/campaigns/{campaign}/pause"))
    assert "Paused. 1 text is taken back; none is with the carrier." in said
    assert "Max Manager paused it" in said
    campaigns.tick()
    assert bodies(campaigns, phone) == []
    follow(max_, max_.post(f"/campaigns/{campaign}/resume"))
    campaigns.tick()
    assert bodies(campaigns, phone) == ["One"]


def test_after_the_canary_a_person_lets_the_others_begin(
    campaigns: Campaigns, max_: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CANARY", 1)
    leads, phones = campaigns.leads(3)
    campaign = campaigns.draft(text("One"))
    campaigns.enroll(campaign, leads)
    campaigns.launch(campaign, canary=True)
    campaigns.tick()
    said = read(max_.get(f"/campaigns/{campaign}"))
    assert "the others wait for you" in said
    assert "Step 1 waits for you to let the others begin" in said
    follow(max_, max_.post(f"/campaigns/{campaign}/resume"))
    campaigns.tick()
    assert [bodies(campaigns, phone) for phone in phones] == [["One"]] * 3


def test_after_an_answer_the_page_offers_to_go_on_or_to_end(campaigns: Campaigns, max_: Visitor) -> None:
    lead, phone = campaigns.lead(first_name="Ann")
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    campaigns.tick()
    campaigns.world.simulator.person_texts(phone, "Tell me more")
    campaigns.world.until(lambda: campaigns.world.inbound(phone) == ["Tell me more"])
    said = read(max_.get(f"/campaigns/{campaign}"))
    assert "Stopped at step 2" in said
    assert "Resume in 5 days" in said
    said = follow(max_, max_.post(f"/campaigns/{campaign}/leads/1/end", back=f"/campaigns/{campaign}"))
    assert "Ended by Max Manager after an answer." in said
    assert "Resume in 5 days" not in said


def test_one_leads_way_shows_what_was_said_and_why(campaigns: Campaigns, max_: Visitor) -> None:
    lead, _ = campaigns.lead()
    campaign = campaigns.run(text("Hi {{ first_name }}"), text("Two", HOUR), leads=[lead])
    campaigns.tick()
    campaigns.later(hours=1)
    said = read(max_.get(f"/campaigns/{campaign}/leads/1"))
    assert "Skipped: first_name is empty for this person and has no default." in said
    assert "Two" in said
    assert "Delivered" in said or "Sent" in said


def test_in_the_thread_each_text_is_captioned_with_its_step(campaigns: Campaigns, max_: Visitor) -> None:
    lead, _ = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    campaigns.tick()
    campaigns.later(hours=1)
    said = read(max_.get("/inbox/1"))
    assert "Campaign, step 1: One" in said
    assert "Campaign, step 2: Two" in said


def test_every_act_on_a_lead_works_from_its_page(campaigns: Campaigns, max_: Visitor) -> None:
    lead, _ = campaigns.lead()
    campaign = campaigns.run(text("One", DAY), text("Two", DAY), text("Three", DAY), leads=[lead])
    at = f"/campaigns/{campaign}/leads/1"
    assert "is paused" in whole(max_, max_.post(f"{at}/pause"))
    assert campaigns.standing(lead)[0] == "paused"
    follow(max_, max_.post(f"{at}/resume"))
    follow(max_, max_.post(f"{at}/skip"))
    assert campaigns.standing(lead) == ("active", 1, None)
    follow(max_, max_.post(f"{at}/move", step="3"))
    assert campaigns.standing(lead) == ("active", 2, None)
    follow(max_, max_.post(f"{at}/remove"))
    assert campaigns.standing(lead) == ("stopped", 2, "removed")
    assert "This lead is stopped by now." in whole(max_, max_.post(f"{at}/skip"))
    assert max_.post(f"{at}/dance").status_code == 404


def test_a_rep_sees_and_moves_nothing_of_anothers_campaign(campaigns: Campaigns) -> None:
    add_person(campaigns.world.conn, "Rita Rep", "rep")
    lead, _ = campaigns.lead()
    campaign = campaigns.run(text("One"), leads=[lead])
    rita = at_work(campaigns, "rita@agency.test")
    assert rita.get(f"/campaigns/{campaign}").status_code == 404
    assert rita.get(f"/campaigns/{campaign}/leads/1").status_code == 404
    for path in ("pause", "resume", "late", "breaker", "leads/1/remove"):
        assert rita.post(f"/campaigns/{campaign}/{path}").status_code == 404
    assert campaigns.standing(lead)[0] == "active"
