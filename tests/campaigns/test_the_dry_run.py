"""The preview is the engine: what it shows is what then stands on the handsets."""

from __future__ import annotations

from datetime import timedelta

from tests.campaigns.support import DAY, HOUR, Campaigns, text
from webapp import clock, database
from webapp.campaigns import store
from webapp.campaigns.preview import Preview, preview


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


def test_what_it_foresaw_is_what_came(campaigns: Campaigns) -> None:
    """A week over people in three zones, with caps, gaps, footers and nights: each text at its minute, word by word."""
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
    plan = foreseen(campaigns, campaign, limit=1000).plan
    expected = {
        phone: [(one.foreseen.send_at, one.foreseen.body) for one in plan if one.lead_id == lead]
        for lead, phone in people
    }
    campaigns.launch(campaign)
    came = campaigns.play(phone for _, phone in people)
    assert {phone: [body for _, body in texts] for phone, texts in came.items()} == {
        phone: [body for _, body in texts] for phone, texts in expected.items()
    }
    late = [
        (at - planned).total_seconds()
        for phone, texts in came.items()
        for (at, _), (planned, _) in zip(texts, expected[phone], strict=True)
    ]
    assert min(late) >= 0 and max(late) < 60, late
