"""The preview is the engine: what it shows is what then stands on the handsets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from tests.campaigns.support import DAY, HOUR, Campaigns, text
from webapp import clock, database
from webapp.campaigns import store, tick
from webapp.campaigns.plans.planned import Planned, Preview
from webapp.campaigns.plans.preview import preview


def foreseen(campaigns: Campaigns, campaign_id: int, **page: int) -> Preview:
    with database.transaction() as conn:
        campaign = store.find(conn, campaigns.actor, campaign_id)
        assert campaign is not None
        return preview(conn, campaign, store.shown_version(conn, campaign), clock.now(), **page)


def test_it_shows_each_text_with_its_time_and_what_it_waits_for(campaigns: Campaigns) -> None:
    lead, _ = campaigns.lead()
    campaign = campaigns.draft(text("One"), text("Night", 12 * HOUR), text("Then", HOUR))
    campaigns.enroll(campaign, [lead])
    found = foreseen(campaigns, campaign)
    shown = [
        (one.foreseen.step_key, f"{one.foreseen.send_at:%d %H:%M}", one.foreseen.hold_reason) for one in found.plan
    ]
    assert shown == [("One", "09 18:00", None), ("Night", "10 15:00", "quiet_hours"), ("Then", "10 16:00", None)]
    assert "STOP" in found.plan[0].foreseen.body
    assert found.plan[1].foreseen.body == "Night"
    assert (found.leads, found.texted, found.texts) == (1, 1, 3)


def test_it_writes_nothing(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaign = campaigns.draft(text("One"))
    campaigns.enroll(campaign, [lead])
    foreseen(campaigns, campaign)
    campaigns.tick()
    assert campaigns.world.on_handset(phone) == []
    assert campaigns.world.conn.execute("SELECT count(*) FROM decisions").fetchone() == (0,)


def test_who_gets_nothing_and_which_steps_are_left_out_is_counted_by_reason(campaigns: Campaigns) -> None:
    (named, nameless), (_, _) = campaigns.leads(2)
    campaigns.world.conn.execute("UPDATE leads SET first_name = 'Ana' WHERE id = %s", [named])
    gone, phone = campaigns.lead()
    campaign = campaigns.draft(text("Hi {{ first_name }}"), text("Two", HOUR))
    campaigns.enroll(campaign, [named, nameless, gone])
    campaigns.world.conn.execute("UPDATE contact_numbers SET suppressed_at = now() WHERE e164 = %s", [phone])
    found = foreseen(campaigns, campaign)
    assert (found.leads, found.texted, found.texts) == (3, 2, 3)
    assert dict(found.excluded) == {"opted_out": 1}
    assert dict(found.skipped) == {"unresolved_field": 1}


def test_its_pages_together_are_the_whole_plan(campaigns: Campaigns) -> None:
    leads, _ = campaigns.leads(7)
    campaign = campaigns.draft(text("One"), text("Two", HOUR))
    campaigns.enroll(campaign, leads)
    shown, after = [], 0
    while True:
        page = foreseen(campaigns, campaign, after=after, limit=4)
        shown += [(one.lead_id, one.foreseen.step_key) for one in page.plan]
        if page.more_after is None:
            break
        after = page.more_after
    assert shown == [(lead, step) for lead in leads for step in ("One", "Two")]


def test_a_pace_spreads_the_first_texts(campaigns: Campaigns) -> None:
    leads, _ = campaigns.leads(3)
    campaign = campaigns.draft(text("One"))
    campaigns.enroll(campaign, leads)
    campaigns.world.conn.execute("UPDATE sms_campaigns SET pace_per_hour = 4")
    times = [one.foreseen.send_at for one in foreseen(campaigns, campaign).plan]
    assert [at - times[0] for at in times] == [timedelta(0), timedelta(minutes=15), timedelta(minutes=30)]


def test_whoever_has_a_place_in_the_pace_keeps_it(campaigns: Campaigns) -> None:
    leads, _ = campaigns.leads(3)
    campaign = campaigns.draft(text("One"))
    campaigns.enroll(campaign, leads)
    campaigns.world.conn.execute("UPDATE sms_campaigns SET pace_per_hour = 4")
    campaigns.launch(campaign)
    campaigns.tick()
    campaigns.world.move_clock(minutes=1)
    later, _ = campaigns.lead()
    campaigns.enroll(campaign, [later])
    plan = {one.lead_id: one.foreseen for one in foreseen(campaigns, campaign).plan}
    assert [f"{plan[lead].send_at:%H:%M}" for lead in (*leads[1:], later)] == ["18:15", "18:30", "18:45"]
    assert {one.hold_reason for one in plan.values()} == {"pace"}


def test_a_cap_on_volume_spreads_the_texts_over_the_hours(campaigns: Campaigns) -> None:
    campaigns.world.configure(cap_sender_hour=2)
    leads, _ = campaigns.leads(5)
    campaign = campaigns.draft(text("One"))
    campaigns.enroll(campaign, leads)
    found = foreseen(campaigns, campaign)
    assert [f"{one.foreseen.send_at:%H:%M}" for one in found.plan] == ["18:00", "18:00", "19:00", "19:00", "20:00"]
    assert [one.lead_id for one in found.plan] == leads
    assert dict(found.holds) == {"cap": 3}


def test_what_has_gone_in_this_hour_counts_before_the_plan_does(campaigns: Campaigns) -> None:
    campaigns.world.configure(cap_account_hour=2)
    leads, _ = campaigns.leads(2)
    campaign = campaigns.draft(text("One"))
    campaigns.enroll(campaign, leads)
    campaigns.run(text("Before"), leads=[campaigns.lead()[0]])
    campaigns.tick()
    assert [f"{one.foreseen.send_at:%H:%M}" for one in foreseen(campaigns, campaign).plan] == ["18:00", "19:00"]


def test_batches_of_one_tick_share_a_cap(campaigns: Campaigns, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a batch has queued counts for the next one, before a worker has claimed it."""
    monkeypatch.setattr(tick, "BATCH", 2)
    campaigns.world.configure(cap_sender_hour=3)
    campaign = campaigns.draft(text("One"), text("Two", HOUR))
    campaigns.enroll(campaign, campaigns.leads(6)[0])
    campaigns.launch(campaign)
    ran = campaigns.queue_due()
    assert (ran.queued, ran.held) == (3, 3)
    campaigns.tick()
    assert campaigns.world.conn.execute("SELECT count(*) FROM sms_messages WHERE status = 'held'").fetchone() == (0,)


def test_a_cap_that_no_text_fits_into_leaves_the_lead_out(campaigns: Campaigns) -> None:
    campaigns.world.configure(cap_brand_segments=1)
    campaign = campaigns.draft(text("So long that it needs two. " * 8))
    campaigns.enroll(campaign, [campaigns.lead()[0]])
    found = foreseen(campaigns, campaign)
    assert (found.texts, dict(found.excluded)) == (0, {"cap": 1})


def brief(one: Planned) -> tuple[int, str, str]:
    return one.lead_id, one.foreseen.body, f"{one.foreseen.send_at:%H:%M}"


def test_with_a_cap_its_pages_together_are_the_whole_plan(campaigns: Campaigns) -> None:
    campaigns.world.configure(cap_sender_hour=3)
    leads, _ = campaigns.leads(7)
    campaign = campaigns.draft(text("One"), text("Two", HOUR))
    campaigns.enroll(campaign, leads)
    whole = [brief(one) for one in foreseen(campaigns, campaign, limit=1000).plan]
    shown, after = [], 0
    while True:
        page = foreseen(campaigns, campaign, after=after, limit=3)
        shown += [brief(one) for one in page.plan]
        if page.more_after is None:
            break
        after = page.more_after
    assert len(whole) == 14
    assert shown == whole


def test_what_is_queued_has_gone_when_the_next_step_is_foreseen(campaigns: Campaigns) -> None:
    campaigns.world.configure(lane_gap_minutes=10)
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=[campaigns.lead()[0]])
    campaigns.queue_due()
    [two] = foreseen(campaigns, campaign).plan
    assert (f"{two.foreseen.send_at:%H:%M}", two.foreseen.hold_reason) == ("19:00", None)


Texts = dict[str, list[tuple[datetime, str]]]


def expected_of(campaigns: Campaigns, campaign_id: int, people: Sequence[tuple[int, str]]) -> Texts:
    plan = foreseen(campaigns, campaign_id, limit=1000).plan
    return {
        phone: [(one.foreseen.send_at, one.foreseen.body) for one in plan if one.lead_id == lead]
        for lead, phone in people
    }


def assert_it_came(expected: Texts, came: Texts) -> None:
    """Word by word, each text within a minute after its moment."""
    said = {phone: [body for _, body in texts] for phone, texts in expected.items()}
    assert {phone: [body for _, body in texts] for phone, texts in came.items()} == said
    late = {
        (phone, body): (at - planned).total_seconds()
        for phone, texts in came.items()
        for (at, body), (planned, _) in zip(texts, expected[phone], strict=True)
    }
    assert {one: by for one, by in late.items() if not 0 <= by < 60} == {}


def test_what_it_foresaw_is_what_came(campaigns: Campaigns) -> None:
    """A week over people in three zones, with caps, gaps, footers and nights."""
    campaigns.world.configure(cap_per_lead=3, lane_gap_minutes=10)
    people = [campaigns.lead(phone) for phone in (None, "+16025550111", "+13055550112", "+12125550113", None)]
    campaign = campaigns.draft(
        text("Hello"),
        text("An hour on", HOUR),
        text("At once", 1),
        text("In the night", 11 * HOUR),
        text("Morning", DAY, at_local="09:05", weekdays_only=True),
        text("Again", 2 * DAY),
    )
    campaigns.enroll(campaign, [lead for lead, _ in people])
    expected = expected_of(campaigns, campaign, people)
    campaigns.launch(campaign)
    assert_it_came(expected, campaigns.play(phone for _, phone in people))


def test_what_it_foresaw_is_what_came_when_caps_on_volume_and_a_pace_bite(campaigns: Campaigns) -> None:
    campaigns.world.configure(cap_sender_hour=2, cap_account_day=9, cap_brand_segments=30)
    people = [campaigns.lead(phone) for phone in (None, "+16025550111", None, "+12125550113", None, None)]
    campaign = campaigns.draft(
        text("Hello"),
        text("An hour on. " + "It is long. " * 14, 85),
        text("Morning", DAY, at_local="09:05", weekdays_only=True),
    )
    campaigns.enroll(campaign, [lead for lead, _ in people])
    campaigns.world.conn.execute("UPDATE sms_campaigns SET pace_per_hour = 7")
    expected = expected_of(campaigns, campaign, people)
    reasons = {one.foreseen.hold_reason for one in foreseen(campaigns, campaign, limit=1000).plan}
    assert {"cap", "pace"} <= reasons
    campaigns.launch(campaign)
    assert_it_came(expected, campaigns.play(phone for _, phone in people))


def test_what_it_foresaw_is_what_came_when_a_lead_gets_only_so_many_texts_a_week(campaigns: Campaigns) -> None:
    people = [campaigns.lead(phone) for phone in (None, "+16025550111", "+12125550113")]
    campaign = campaigns.draft(*(text(f"Day {day}", DAY if day else HOUR) for day in range(5)), most_a_week=2)
    campaigns.enroll(campaign, [lead for lead, _ in people])
    expected = expected_of(campaigns, campaign, people)
    assert {one.foreseen.hold_reason for one in foreseen(campaigns, campaign, limit=100).plan} == {None, "cap"}
    campaigns.launch(campaign)
    assert_it_came(expected, campaigns.play(phone for _, phone in people))
