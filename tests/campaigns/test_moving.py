"""One lead alone: moved, skipped, taken out, paused, resumed; and what is late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import psycopg
import pytest

from tests.campaigns.support import DAY, HOUR, Campaigns, text
from tests.campaigns.test_the_tick import bodies
from tests.support.races import at_once
from webapp import clock, database
from webapp.campaigns import tick
from webapp.campaigns.steering import late, moving
from webapp.campaigns.steering.acts import Act, NotNowError


@pytest.fixture
def do(campaigns: Campaigns, stored: psycopg.Connection) -> Callable[..., object]:
    """Does something with a lead's newest enrollment, and commits."""

    def do(act: Callable[..., object], lead: int, *more: object, **named: object) -> object:
        row = stored.execute(
            "SELECT id FROM sms_campaign_enrollments WHERE lead_id = %s ORDER BY id DESC", [lead]
        ).fetchone()
        assert row is not None
        with database.transaction() as conn:
            return act(Act(conn, row[0], campaigns.actor, clock.now()), *more, **named)

    return do


Do = Callable[..., object]


def test_moved_back_a_lead_gets_the_step_once_more(campaigns: Campaigns, do: Do) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), text("Three", HOUR), leads=[lead])
    campaigns.tick()
    campaigns.later(hours=1)
    do(moving.move, lead, 0)
    campaigns.later(minutes=11)
    assert bodies(campaigns, phone) == ["One", "Two", "One"]
    campaigns.later(hours=1)
    assert bodies(campaigns, phone) == ["One", "Two", "One", "Two"]


def test_moved_on_a_lead_misses_what_lies_between(campaigns: Campaigns, do: Do) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), text("Three", 5 * DAY), leads=[lead])
    campaigns.tick()
    do(moving.move, lead, 2)
    campaigns.later(minutes=11)
    assert bodies(campaigns, phone) == ["One", "Three"]
    assert campaigns.standing(lead) == ("completed", 3, None)


def test_a_text_that_was_queued_when_its_lead_is_moved_does_not_go(campaigns: Campaigns, do: Do) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    assert tick.run().queued == 1
    do(moving.move, lead, 1)
    campaigns.tick()
    assert bodies(campaigns, phone) == ["Two"]


def test_there_is_no_moving_to_a_step_that_is_not_there(campaigns: Campaigns, do: Do) -> None:
    lead, _ = campaigns.lead()
    campaigns.run(text("One"), leads=[lead])
    with pytest.raises(NotNowError, match="no such step"):
        do(moving.move, lead, 1)


def test_a_skipped_step_does_not_go_and_the_next_keeps_its_distance(
    campaigns: Campaigns, do: Do, stored: psycopg.Connection
) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), text("Three", 2 * HOUR), leads=[lead])
    campaigns.tick()
    do(moving.skip, lead)
    assert campaigns.due(lead) == "2026-12-09 20:00"
    campaigns.later(hours=2, minutes=1)
    assert bodies(campaigns, phone) == ["One", "Three"]
    [(why,)] = stored.execute("SELECT sentence FROM decisions WHERE rule = 'person'").fetchall()
    assert why == "Skipped: Max Manager left this step out."


def test_after_the_last_step_is_skipped_it_is_over(campaigns: Campaigns, do: Do) -> None:
    lead, _ = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    campaigns.tick()
    do(moving.skip, lead)
    assert campaigns.standing(lead)[:2] == ("completed", 2)


def test_a_lead_that_was_taken_out_gets_nothing_more_and_may_come_back(campaigns: Campaigns, do: Do) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    assert tick.run().queued == 1
    do(moving.remove, lead)
    campaigns.later(hours=2)
    assert bodies(campaigns, phone) == []
    assert campaigns.standing(lead) == ("stopped", 0, "removed")
    do(moving.resume, lead)
    campaigns.tick()
    assert bodies(campaigns, phone) == ["One"]


def test_taken_out_by_mistake_and_taken_back_a_lead_is_texted_when_it_would_have_been(
    campaigns: Campaigns, do: Do
) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", DAY), leads=[lead])
    campaigns.tick()
    due = campaigns.due(lead)
    do(moving.remove, lead)
    do(moving.resume, lead)
    assert campaigns.due(lead) == due
    campaigns.later(hours=1)
    assert bodies(campaigns, phone) == ["One"]
    do(moving.remove, lead)
    campaigns.later(days=2)
    assert bodies(campaigns, phone) == ["One"]
    do(moving.resume, lead)
    campaigns.tick()
    assert bodies(campaigns, phone) == ["One", "Two"]


def test_one_paused_lead_waits_while_the_others_go_on(campaigns: Campaigns, do: Do) -> None:
    (one, other), (phone, others) = campaigns.leads(2)
    campaigns.run(text("One"), text("Two", HOUR), leads=[one, other])
    campaigns.tick()
    do(moving.pause, one)
    campaigns.later(hours=2)
    assert (bodies(campaigns, phone), bodies(campaigns, others)) == (["One"], ["One", "Two"])
    do(moving.resume, one)
    campaigns.tick()
    assert bodies(campaigns, phone) == ["One", "Two"]


def test_a_lead_paused_before_the_launch_goes_on_after_it(campaigns: Campaigns, do: Do) -> None:
    lead, phone = campaigns.lead()
    campaign = campaigns.draft(text("One"))
    campaigns.enroll(campaign, [lead])
    do(moving.pause, lead)
    campaigns.launch(campaign)
    campaigns.tick()
    assert bodies(campaigns, phone) == []
    do(moving.resume, lead)
    campaigns.tick()
    assert bodies(campaigns, phone) == ["One"]


def test_whoever_is_resumed_in_a_paused_campaign_waits_for_it(campaigns: Campaigns, do: Do) -> None:
    lead, phone = campaigns.lead()
    campaign = campaigns.run(text("One"), leads=[lead])
    campaigns.pause(campaign)
    do(moving.pause, lead)
    do(moving.resume, lead)
    campaigns.tick()
    assert bodies(campaigns, phone) == []
    campaigns.resume(campaign)
    campaigns.tick()
    assert bodies(campaigns, phone) == ["One"]


def _answered(campaigns: Campaigns) -> tuple[int, str]:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    campaigns.tick()
    campaigns.world.simulator.person_texts(phone, "Tell me more")
    campaigns.world.until(lambda: campaigns.world.inbound(phone) == ["Tell me more"])
    return lead, phone


def test_after_an_answer_it_goes_on_in_five_days_if_somebody_says_so(campaigns: Campaigns, do: Do) -> None:
    lead, phone = _answered(campaigns)
    at = do(moving.resume, lead, in_days=5)
    assert isinstance(at, datetime)
    campaigns.later(days=4, hours=23)
    assert bodies(campaigns, phone) == ["One"]
    campaigns.later(hours=2)
    assert bodies(campaigns, phone) == ["One", "Two"]


def test_an_answer_that_is_settled_stays_an_answer(campaigns: Campaigns, do: Do) -> None:
    lead, _ = _answered(campaigns)
    do(moving.end, lead)
    assert campaigns.standing(lead) == ("stopped", 1, "replied")
    campaigns.later(days=6)
    assert campaigns.standing(lead) == ("stopped", 1, "replied")


def test_what_does_not_fit_any_more_is_refused(campaigns: Campaigns, do: Do) -> None:
    lead, _ = campaigns.lead()
    campaigns.run(text("One"), leads=[lead])
    campaigns.tick()
    for act in (moving.skip, moving.remove, moving.pause, moving.resume, moving.end, moving.send_now):
        with pytest.raises(NotNowError):
            do(act, lead)


@pytest.mark.parametrize(("send", "read"), [(True, ["One", "Two"]), (False, ["One"])])
def test_late_steps_go_or_are_left_out_all_at_once(campaigns: Campaigns, send: bool, read: list[str]) -> None:
    leads, phones = campaigns.leads(3)
    campaign = campaigns.run(text("One"), text("Two", HOUR), text("Three", 2 * DAY), leads=leads)
    campaigns.tick()
    campaigns.world.move_clock(hours=47)
    campaigns.tick()
    assert {campaigns.standing(lead) for lead in leads} == {("active", 1, "late")}
    with database.transaction() as conn:
        assert late.decide(conn, campaign, campaigns.actor, clock.now(), send=send) == 3
    campaigns.tick()
    assert [bodies(campaigns, phone) for phone in phones] == [read] * 3
    assert {campaigns.standing(lead) for lead in leads} == {("active", 2, None)}


def test_a_lead_that_is_moved_while_ticks_run_gets_nothing_twice(campaigns: Campaigns, do: Do) -> None:
    leads, phones = campaigns.leads(12)
    campaigns.run(text("One"), text("Two", DAY), leads=leads)
    at_once([tick.run, tick.run, *[lambda lead=lead: do(moving.move, lead, 1) for lead in leads]])
    campaigns.tick()
    for phone in phones:
        got = bodies(campaigns, phone)
        assert got.count("One") <= 1
        assert got[-1] == "Two"
        assert got.count("Two") == 1


@pytest.mark.parametrize("decide", [moving.end, moving.resume])
def test_what_was_decided_after_an_answer_is_taken_back_without_a_text(
    campaigns: Campaigns, do: Do, decide: Callable[..., object]
) -> None:
    lead, phone = _answered(campaigns)
    named = {"in_days": 5} if decide is moving.resume else {}
    do(decide, lead, **named)
    do(moving.ask_again, lead)
    assert campaigns.standing(lead) == ("stopped", 1, "replied")
    campaigns.later(days=6)
    assert bodies(campaigns, phone) == ["One"]
