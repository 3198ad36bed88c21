"""A campaign's figures count what happened, whatever became of each lead since; page, list and API say the same."""

from __future__ import annotations

import pytest

from tests.accounts.conftest import Visitor
from tests.campaigns.pages import at_work, read
from tests.campaigns.support import HOUR, Campaigns, text
from webapp import clock, database
from webapp.campaigns import breakers, steps, store
from webapp.campaigns.figures import overview, recent, stats
from webapp.campaigns.figures.stats import StepFigures
from webapp.campaigns.steering import moving
from webapp.campaigns.steering.acts import Act


@pytest.fixture
def max_(campaigns: Campaigns) -> Visitor:
    return at_work(campaigns)


def figures(campaigns: Campaigns, campaign_id: int) -> stats.Stats:
    with database.autocommit() as conn:
        campaign = store.find(conn, campaigns.actor, campaign_id)
        assert campaign is not None and campaign.live_version_id is not None
        return stats.of(conn, steps.load(conn, [campaign.live_version_id])[campaign.live_version_id])


def step(campaigns: Campaigns, campaign_id: int, key: str) -> StepFigures:
    return next(one for one in figures(campaigns, campaign_id).steps if one.step_key == key)


def says(campaigns: Campaigns, phone: str, words: str) -> None:
    before = len(campaigns.world.inbound(phone))
    campaigns.world.simulator.person_texts(phone, words)
    campaigns.world.until(lambda: len(campaigns.world.inbound(phone)) == before + 1)


def enrollment(campaigns: Campaigns, lead_id: int) -> int:
    row = campaigns.world.conn.execute(
        "SELECT max(id) FROM sms_campaign_enrollments WHERE lead_id = %s", [lead_id]
    ).fetchone()
    assert row is not None
    return int(row[0])


def resume(campaigns: Campaigns, lead_id: int) -> None:
    with database.transaction() as conn:
        moving.resume(Act(conn, enrollment(campaigns, lead_id), campaigns.actor, clock.now()))


def test_who_answered_is_counted_after_somebody_let_them_go_on(campaigns: Campaigns, max_: Visitor) -> None:
    lead, phone = campaigns.lead(first_name="Ann")
    campaign = campaigns.run(text("One"), text("Two", HOUR), text("Three", HOUR), leads=[lead])
    campaigns.tick()
    says(campaigns, phone, "Tell me more")
    resume(campaigns, lead)
    campaigns.tick()
    found = figures(campaigns, campaign)
    assert (found.active, found.replied, found.stopped) == (1, 1, 0)
    assert [one.replied for one in found.steps] == [1, 0, 0]
    assert "Ann" in read(max_.get(f"/campaigns/{campaign}?group=replied&step=One"))
    with database.autocommit() as conn:
        [line] = overview.lines(conn, campaigns.actor, overview.Filter())
    assert line.replied == 1


def test_an_answer_to_the_last_text_counts(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaign = campaigns.run(text("One"), leads=[lead])
    campaigns.tick()
    assert campaigns.standing(lead)[0] == "completed"
    says(campaigns, phone, "Yes, please")
    assert (figures(campaigns, campaign).replied, step(campaigns, campaign, "One").replied) == (1, 1)


def test_an_opt_out_after_the_last_text_counts_and_is_no_answer(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaign = campaigns.run(text("One"), leads=[lead])
    campaigns.tick()
    says(campaigns, phone, "STOP")
    found = figures(campaigns, campaign)
    assert (found.opted_out, found.replied, found.completed) == (1, 0, 1)
    assert step(campaigns, campaign, "One").opted_out == 1


def test_an_answer_counts_for_the_campaign_that_wrote_last(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    first = campaigns.run(text("Old"), leads=[lead], one_campaign_at_a_time="both")
    campaigns.tick()
    second = campaigns.run(text("New"), leads=[lead], one_campaign_at_a_time="both")
    campaigns.later(hours=1)
    says(campaigns, phone, "Hm")
    assert (figures(campaigns, first).replied, figures(campaigns, second).replied) == (0, 1)


def test_an_answer_weeks_later_is_none_to_that_text(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaign = campaigns.run(text("One"), leads=[lead])
    campaigns.tick()
    campaigns.world.move_clock(days=15)
    says(campaigns, phone, "Hello?")
    assert figures(campaigns, campaign).replied == 0


def test_who_is_held_and_who_was_left_out_of_a_step_is_counted_there(campaigns: Campaigns, max_: Visitor) -> None:
    ann, _ = campaigns.lead(first_name="Ann")
    bob, _ = campaigns.lead()
    campaign = campaigns.run(text("Hi {{ first_name }}"), text("Two", 12 * HOUR), leads=[ann, bob])
    campaigns.tick()
    campaigns.later(hours=12)  # midnight
    first = step(campaigns, campaign, "Hi {{ first_name }}")
    assert (first.sent, first.skipped, first.waiting) == (1, 1, 0)
    second = step(campaigns, campaign, "Two")
    assert (second.waiting, second.held, second.sent, second.skipped) == (2, 2, 0, 0)
    shown = max_.get(f"/campaigns/{campaign}?group=skipped&step=Hi {{{{ first_name }}}}").text
    assert shown.count('class="way"') == 1


def test_a_wording_that_everybody_stops_at_trips_its_breaker_though_nothing_follows_it(campaigns: Campaigns) -> None:
    campaigns.world.configure(breaker_least_texts=5)
    leads, phones = campaigns.leads(5)
    campaign = campaigns.run(text("One"), leads=leads)
    campaigns.tick()
    for phone in phones[:2]:
        says(campaigns, phone, "STOP")
    with database.transaction() as conn:
        assert breakers.look(conn, clock.now()) >= 1
        [stopped] = breakers.tripped(conn, campaign)
    assert (stopped.step_key, "answered by an opt-out" in stopped.because) == ("One", True)


def test_a_step_that_a_lead_got_twice_is_skipped_by_those_who_did_not_get_it(campaigns: Campaigns) -> None:
    ann, _ = campaigns.lead(first_name="Ann")
    bob, _ = campaigns.lead()
    campaign = campaigns.run(text("Hi {{ first_name }}"), text("Two", HOUR), leads=[ann, bob])
    campaigns.tick()
    with database.transaction() as conn:
        moving.move(moving.Act(conn, enrollment(campaigns, ann), campaigns.actor, clock.now()), 0)
    campaigns.later(hours=2)
    first = step(campaigns, campaign, "Hi {{ first_name }}")
    assert (first.sent, first.skipped) == (2, 1)


def test_polls_of_a_large_campaign_share_a_count_and_a_page_that_is_opened_counts_anew(
    campaigns: Campaigns, max_: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "LARGE", 2)
    monkeypatch.setattr(recent, "KEPT_SECONDS", 3600.0)
    recent.forget()
    leads, phones = campaigns.leads(2)
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=leads)
    campaigns.tick()
    page = max_.get(f"/campaigns/{campaign}")
    assert "So many leads are counted every 3600 seconds." in read(page)
    says(campaigns, phones[0], "Tell me more")
    polled = max_.get(f"/campaigns/{campaign}", HX_Request="true", HX_PTag=page.headers["HX-PTag"])
    assert "Answered 0" in read(polled)  # its list of leads is new, its figures are kept
    assert "Answered 1" in read(max_.get(f"/campaigns/{campaign}"))
    polled = max_.get(f"/campaigns/{campaign}", HX_Request="true", HX_PTag=page.headers["HX-PTag"])
    assert "Answered 1" in read(polled)
    recent.forget()


def test_each_poll_counts_a_campaign_that_is_not_large(campaigns: Campaigns, max_: Visitor) -> None:
    leads, phones = campaigns.leads(2)
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=leads)
    campaigns.tick()
    page = max_.get(f"/campaigns/{campaign}")
    says(campaigns, phones[0], "Tell me more")
    polled = max_.get(f"/campaigns/{campaign}", HX_Request="true", HX_PTag=page.headers["HX-PTag"])
    assert "Answered 1" in read(polled)
    assert "counted every" not in read(page)
