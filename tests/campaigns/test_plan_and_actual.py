"""What a launch foresaw is kept, and shown beside what came: per day, per step, and why they differ."""

from __future__ import annotations

import pytest

from tests.campaigns.support import DAY, HOUR, Campaigns, text
from tests.campaigns.test_figures import resume, says
from tests.campaigns.test_the_dry_run import foreseen
from webapp import clock, database
from webapp.campaigns.plans import comparing, counting_kept, keeping
from webapp.campaigns.plans.comparing import Compared, OfStep
from webapp.campaigns.plans.planned import Preview
from webapp.models.constants import PlanStatus


def compared(campaigns: Campaigns, campaign_id: int) -> Compared:
    with database.autocommit() as conn:
        found = comparing.compare(conn, campaign_id, clock.now())
    assert found is not None
    return found


def of_step(campaigns: Campaigns, campaign_id: int, key: str) -> OfStep:
    return next(one for one in compared(campaigns, campaign_id).steps if one.step_key == key)


def count_all() -> None:
    while counting_kept.work_off(seconds=30):
        pass


def kept(campaign_id: int) -> Preview:
    with database.autocommit() as conn:
        found = keeping.of_launch(conn, campaign_id)
    assert found is not None and found.status == PlanStatus.DONE
    return found.found


def totals(found: Preview) -> tuple[object, ...]:
    return (
        found.leads, found.texted, found.texts, found.segments, found.days, found.by_day("America/Chicago"),
        found.by_step(), found.excluded, found.skipped, found.holds, found.months,
    )  # fmt: skip


def test_the_plan_is_of_the_launch_however_late_it_is_counted(campaigns: Campaigns) -> None:
    """Texts have gone, somebody has stopped and somebody was put in before the worker gets to it."""
    campaigns.world.configure(lane_gap_minutes=10, cap_sender_hour=4)
    leads, phones = campaigns.leads(6)
    campaign = campaigns.draft(text("One"), text("Two {{ last_name }}", HOUR), text("Three", DAY, at_local="10:05"))
    campaigns.enroll(campaign, leads)
    before = foreseen(campaigns, campaign)
    campaigns.launch(campaign)
    campaigns.tick()
    says(campaigns, phones[0], "STOP")
    campaigns.world.move_clock(minutes=5)
    campaigns.enroll(campaign, [campaigns.lead()[0]])
    campaigns.tick()
    count_all()
    assert totals(kept(campaign)) == totals(before)


def test_until_it_is_counted_it_says_so(campaigns: Campaigns) -> None:
    campaign = campaigns.run(text("One"), leads=[campaigns.lead()[0]])
    counting = compared(campaigns, campaign)
    assert (counting.status, counting.leads, counting.days) == (PlanStatus.COUNTING, 1, ())
    count_all()
    assert compared(campaigns, campaign).status == PlanStatus.DONE


def test_a_plan_is_counted_in_slices_and_comes_out_the_same(
    campaigns: Campaigns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.campaigns.plans.counting._CHUNK", 2)
    leads, _ = campaigns.leads(5)
    campaign = campaigns.draft(text("One"), text("Two", HOUR))
    campaigns.enroll(campaign, leads)
    before = foreseen(campaigns, campaign)
    campaigns.launch(campaign)
    slices = 0
    while counting_kept.work_off(seconds=0):
        slices += 1
    assert slices >= 3
    assert totals(kept(campaign)) == totals(before)


def test_each_day_has_what_was_to_go_and_what_went(campaigns: Campaigns) -> None:
    leads, phones = campaigns.leads(3)
    campaign = campaigns.run(text("One"), text("Two", DAY), leads=leads)
    count_all()
    campaigns.tick()
    says(campaigns, phones[0], "Tell me more")
    campaigns.later(days=1)
    first, second = compared(campaigns, campaign).days
    assert (first.day, first.planned.texts, first.came.texts) == ("2026-12-09", 3, 3)
    assert first.planned == first.came
    assert (second.day, second.planned.texts, second.came.texts) == ("2026-12-10", 3, 2)


def test_each_step_says_who_did_not_get_it_and_why(campaigns: Campaigns) -> None:
    leads, phones = campaigns.leads(5)
    campaigns.world.conn.execute("UPDATE leads SET first_name = 'Ana' WHERE id <> %s", [leads[4]])
    campaign = campaigns.run(text("One"), text("Hi {{ first_name }}", HOUR), text("Three", DAY), leads=leads)
    count_all()
    campaigns.tick()
    says(campaigns, phones[0], "Tell me more")
    says(campaigns, phones[1], "STOP")
    campaigns.later(hours=1)
    one, two, three = compared(campaigns, campaign).steps
    assert (one.planned, one.by_now, one.sent, one.why) == (5, 5, 5, {})
    assert (two.planned, two.sent, two.foreseen) == (4, 2, 1)
    assert two.why == {"replied": 1, "opted_out": 1, "skipped": 1}
    assert (three.planned, three.by_now, three.sent) == (5, 0, 0)
    assert three.why == {"replied": 1, "opted_out": 1, "to_come": 3}
    resume(campaigns, leads[0])
    campaigns.tick()
    assert of_step(campaigns, campaign, "Hi {{ first_name }}").sent == 3


def test_who_was_put_in_later_and_an_edit_are_named_and_not_mixed_in(campaigns: Campaigns) -> None:
    campaign = campaigns.run(text("One"), leads=[campaigns.lead()[0]])
    count_all()
    campaigns.world.move_clock(minutes=1)
    campaigns.enroll(campaign, [campaigns.lead()[0]])
    campaigns.tick()
    found = compared(campaigns, campaign)
    assert (found.joined, found.edited) == (1, False)
    assert (found.came.texts, found.steps[0].sent, found.steps[0].why) == (1, 1, {})
