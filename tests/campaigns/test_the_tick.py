"""What leads read on their phones while a campaign runs, and what stops it."""

from __future__ import annotations

import psycopg
import pytest

from tests.campaigns.support import DAY, HOUR, Campaigns, text
from tests.support.races import at_once
from webapp import database
from webapp.campaigns import engine, tick
from webapp.campaigns.rules import Window
from webapp.compliance import holds
from webapp.messaging import applying
from webapp.models.constants import Reason


def bodies(campaigns: Campaigns, phone: str) -> list[str]:
    """What stands on the handset, without what the first text must carry besides."""
    return [body.split("\n")[0] for body in campaigns.world.on_handset(phone)]


def test_each_step_comes_when_it_is_due_and_never_twice(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", 2 * HOUR), text("Three", 3 * HOUR), leads=[lead])
    campaigns.tick()
    campaigns.tick()
    assert bodies(campaigns, phone) == ["One"]
    campaigns.later(minutes=119)
    assert bodies(campaigns, phone) == ["One"]
    campaigns.later(minutes=2)
    assert bodies(campaigns, phone) == ["One", "Two"]
    campaigns.later(hours=3)
    assert bodies(campaigns, phone) == ["One", "Two", "Three"]
    assert campaigns.standing(lead) == ("completed", 3, None)


def test_a_step_that_falls_into_the_night_waits_for_the_morning_and_says_so(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Late", 10 * HOUR), leads=[lead])
    campaigns.tick()
    ran = campaigns.later(hours=10)
    assert (ran.held, ran.queued) == (1, 0)
    assert campaigns.standing(lead) == ("active", 1, "quiet_hours")
    assert campaigns.due(lead) == "2026-12-10 15:00"
    campaigns.later(hours=11)
    assert bodies(campaigns, phone) == ["One", "Late"]


def test_a_time_of_day_is_meant_where_the_lead_is(campaigns: Campaigns) -> None:
    here, _ = campaigns.lead()
    west, _ = campaigns.lead("+16025550111")
    campaigns.run(text("Good morning", DAY, at_local="10:05"), leads=[here, west])
    assert campaigns.due(here) == "2026-12-10 16:05"
    assert campaigns.due(west) == "2026-12-10 17:05"


def test_on_weekdays_only_a_weekend_is_left_out(campaigns: Campaigns) -> None:
    lead, _ = campaigns.lead()
    campaigns.run(text("Monday", 3 * DAY, at_local="10:05", weekdays_only=True), leads=[lead])
    assert campaigns.due(lead) == "2026-12-14 16:05"


def test_a_steps_own_window_holds_within_the_sending_hours(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("Afternoon", window=Window(opens="15:00", closes="17:00")), leads=[lead])
    assert campaigns.tick().held == 1
    assert campaigns.due(lead) == "2026-12-09 21:00"
    campaigns.later(hours=3)
    assert bodies(campaigns, phone) == ["Afternoon"]


def test_an_answer_stops_the_sequence_where_it_stands(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    campaigns.tick()
    campaigns.world.simulator.person_texts(phone, "Tell me more")
    campaigns.world.until(lambda: campaigns.world.inbound(phone) == ["Tell me more"])
    assert campaigns.standing(lead) == ("stopped", 1, "replied")
    campaigns.later(hours=2)
    assert bodies(campaigns, phone) == ["One"]


def test_an_answer_between_the_tick_and_the_carrier_takes_the_text_back(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    campaigns.tick()
    campaigns.world.move_clock(hours=1)
    assert tick.run().queued == 1
    campaigns.world.simulator.person_texts(phone, "Wait")
    campaigns.world.until(lambda: bool(applying.apply_due()) or campaigns.world.inbound(phone) != [], working=False)
    campaigns.world.work()
    assert bodies(campaigns, phone) == ["One"]
    assert campaigns.standing(lead) == ("stopped", 1, "replied")


def test_a_campaign_may_go_on_after_an_answer(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), leads=[lead], stop_on_reply=False)
    campaigns.tick()
    campaigns.world.simulator.person_texts(phone, "Thanks")
    campaigns.world.until(lambda: campaigns.world.inbound(phone) == ["Thanks"])
    campaigns.later(hours=2)
    assert bodies(campaigns, phone) == ["One", "Two"]


def test_stop_ends_it_whatever_its_rules(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), leads=[lead], stop_on_reply=False)
    campaigns.tick()
    campaigns.world.simulator.person_texts(phone, "please stop texting me")
    campaigns.world.until(lambda: campaigns.world.inbound(phone) != [])
    campaigns.later(hours=2)
    assert bodies(campaigns, phone)[0] == "One"
    assert "Two" not in bodies(campaigns, phone)
    assert campaigns.standing(lead)[0::2] == ("stopped", "opted_out")


def test_a_field_without_a_value_skips_that_one_text_and_says_which(campaigns: Campaigns) -> None:
    nameless, phone = campaigns.lead()
    named, other = campaigns.lead(first_name="Ana")
    campaigns.run(text("Hi {{ first_name }}"), text("Two", HOUR), leads=[nameless, named])
    ran = campaigns.tick()
    assert (ran.queued, ran.skipped) == (1, 1)
    campaigns.later(hours=1)
    assert bodies(campaigns, phone) == ["Two"]
    assert bodies(campaigns, other) == ["Hi Ana", "Two"]
    why = campaigns.world.conn.execute(
        "SELECT sentence FROM decisions WHERE rule = 'merge fields' AND enrollment_id IS NOT NULL"
    ).fetchall()
    assert why == [("Skipped: first_name is empty for this person and has no default.",)]


def test_whoever_cannot_be_texted_is_left_out_for_a_reason(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    good, _ = campaigns.lead()
    stranger, _ = campaigns.lead(agreed=False)
    stopped, phone = campaigns.lead()
    stored.execute("UPDATE contact_numbers SET suppressed_at = now() WHERE e164 = %s", [phone])
    campaign = campaigns.draft(text("One"))
    assert campaigns.enroll(campaign, [good, stranger, stopped, 999]) == {
        "enrolled": 1,
        "no_consent": 1,
        "opted_out": 1,
        "not_found": 1,
    }
    assert campaigns.enroll(campaign, [good, good]) == {"already_enrolled": 2}


def test_two_who_enroll_at_once_enroll_each_lead_once(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    leads, _ = campaigns.leads(20)
    campaign = campaigns.draft(text("One"))
    at_once([lambda: campaigns.enroll(campaign, leads)] * 4)
    assert stored.execute("SELECT count(*) FROM sms_campaign_enrollments").fetchone() == (20,)


def test_a_lead_in_another_campaign_is_left_out(campaigns: Campaigns) -> None:
    lead, _ = campaigns.lead()
    campaigns.run(text("One"), text("Two", DAY), leads=[lead])
    other = campaigns.draft(text("Other"), name="Other")
    assert campaigns.enroll(other, [lead]) == {"in_another_campaign": 1}
    both = campaigns.draft(text("Both"), name="Both", one_campaign_at_a_time="both")
    assert campaigns.enroll(both, [lead]) == {"enrolled": 1}


def test_a_draft_that_was_never_launched_keeps_nobody_from_another_campaign(campaigns: Campaigns) -> None:
    lead, _ = campaigns.lead()
    campaigns.enroll(campaigns.draft(text("Perhaps")), [lead])
    assert campaigns.enroll(campaigns.draft(text("Other"), name="Other"), [lead]) == {"enrolled": 1}


def test_once_only_unless_the_rules_let_a_lead_in_again(campaigns: Campaigns) -> None:
    lead, _ = campaigns.lead()
    once = campaigns.run(text("One"), leads=[lead])
    again = campaigns.draft(text("Again"), name="Again", reentry_days=30)
    campaigns.tick()
    assert campaigns.enroll(once, [lead]) == {"enrolled_before": 1}
    campaigns.enroll(again, [lead])
    campaigns.launch(again)
    campaigns.tick()
    assert campaigns.enroll(again, [lead]) == {"enrolled_before": 1}
    campaigns.world.move_clock(days=31)
    assert campaigns.enroll(again, [lead]) == {"enrolled": 1}


def test_pausing_takes_back_what_is_queued_and_resuming_says_it_once(campaigns: Campaigns) -> None:
    leads, phones = campaigns.leads(5)
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=leads)
    tick.run()
    assert campaigns.pause(campaign).taken_back == 5
    campaigns.tick()
    assert [bodies(campaigns, phone) for phone in phones] == [[]] * 5
    assert campaigns.resume(campaign) == 5
    campaigns.tick()
    campaigns.later(hours=1)
    assert [bodies(campaigns, phone) for phone in phones] == [["One", "Two"]] * 5


def test_a_canary_waits_for_a_person_after_its_first_leads(
    campaigns: Campaigns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.campaigns.steering.running.CANARY", 2)
    leads, phones = campaigns.leads(5)
    campaign = campaigns.draft(text("One"))
    campaigns.enroll(campaign, leads)
    assert campaigns.launch(campaign, canary=True) == 2
    campaigns.tick()
    assert sum(len(bodies(campaigns, phone)) for phone in phones) == 2
    assert campaigns.resume(campaign) == 3
    campaigns.tick()
    assert sum(len(bodies(campaigns, phone)) for phone in phones) == 5


def test_a_pace_lets_so_many_begin_in_an_hour(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    leads, phones = campaigns.leads(4)
    campaign = campaigns.draft(text("One"))
    campaigns.enroll(campaign, leads)
    stored.execute("UPDATE sms_campaigns SET pace_per_hour = 2")
    campaigns.launch(campaign)
    campaigns.tick()
    begun = []
    for _ in range(4):
        begun.append(sum(len(bodies(campaigns, phone)) for phone in phones))
        campaigns.later(minutes=31)
    assert begun == [1, 2, 3, 4]


def test_after_a_colleague_wrote_by_hand_the_next_step_waits_a_day(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    campaigns.tick()
    campaigns.world.say(campaigns.world.conversation(phone), "Rita here, call me any time")
    campaigns.later(hours=2)
    assert campaigns.standing(lead) == ("active", 1, "touched")
    campaigns.later(hours=24)
    assert bodies(campaigns, phone)[-1] == "Two"


def test_who_got_the_most_texts_that_a_campaign_allows_in_a_week_waits_for_the_next(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("Before"), leads=[lead])
    campaigns.tick()
    campaigns.run(text("One", DAY), text("Two", DAY), leads=[lead], most_a_week=2, one_campaign_at_a_time="both")
    campaigns.later(days=1, minutes=1)
    assert bodies(campaigns, phone) == ["Before", "One"]
    campaigns.later(days=1, minutes=1)
    assert campaigns.standing(lead) == ("active", 1, "cap")
    assert campaigns.due(lead) == "2026-12-16 18:00", "a week after the other campaign's"
    campaigns.later(days=5, minutes=-3)
    assert bodies(campaigns, phone) == ["Before", "One"]
    campaigns.later(minutes=2)
    assert bodies(campaigns, phone) == ["Before", "One", "Two"]


def test_a_text_that_waits_to_go_gives_way_to_a_colleagues(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    campaigns.tick()
    campaigns.world.move_clock(hours=1, seconds=1)
    assert tick.run().queued == 1
    campaigns.world.say(campaigns.world.conversation(phone), "Rita here")
    campaigns.world.work()
    assert bodies(campaigns, phone) == ["One", "Rita here"]
    assert campaigns.standing(lead) == ("active", 1, "touched")
    campaigns.later(hours=24)
    assert bodies(campaigns, phone) == ["One", "Rita here", "Two"]


def test_a_stop_ends_it_in_the_transaction_that_stores_its_webhook(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    campaigns.tick()
    campaigns.world.simulator.person_texts(phone, "STOP")
    campaigns.world.until(
        lambda: (
            stored.execute("SELECT suppressed_at IS NOT NULL FROM contact_numbers WHERE e164 = %s", [phone]).fetchone()
            == (True,)
        ),
        working=False,
    )
    assert campaigns.standing(lead) == ("stopped", 1, "opted_out")


def test_what_waits_for_a_person_goes_on_once_they_have_decided(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), leads=[lead], stop_on_reply=False)
    campaigns.tick()
    stored.execute("UPDATE contact_numbers SET doubt_at = now(), doubt_source = 'natural' WHERE e164 = %s", [phone])
    campaigns.later(hours=1, seconds=1)
    assert (campaigns.standing(lead), campaigns.due(lead)) == (("active", 1, "probable_opt_out"), None)
    with database.transaction() as conn:
        row = conn.execute(
            "UPDATE contact_numbers SET doubt_at = NULL WHERE e164 = %s RETURNING id", [phone]
        ).fetchone()
        assert row is not None
        holds.release(conn, Reason.PROBABLE_OPT_OUT, row[0])
    campaigns.tick()
    assert bodies(campaigns, phone) == ["One", "Two"]


def test_a_step_that_is_a_day_behind_still_goes(campaigns: Campaigns) -> None:
    """As after a night's outage, or where somebody moves the clock a day at a time."""
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", 1), leads=[lead])
    campaigns.tick()
    campaigns.later(days=1, minutes=5)
    assert bodies(campaigns, phone) == ["One", "Two"]


def test_a_step_whose_moment_is_long_gone_waits_for_a_person(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Tomorrow at 10?", HOUR), leads=[lead])
    campaigns.tick()
    campaigns.later(days=3)
    assert campaigns.standing(lead) == ("active", 1, "late")
    assert bodies(campaigns, phone) == ["One"]


def test_a_row_that_breaks_is_set_aside_and_stops_none_of_the_others(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    (broken, good), (_, phone) = campaigns.leads(2)
    campaigns.run(text("Hi"), leads=[broken, good])
    stored.execute("UPDATE sms_campaign_enrollments SET position = -9 WHERE lead_id = %s", [broken])
    campaigns.tick()
    assert campaigns.standing(broken)[0] == "failed"
    assert bodies(campaigns, phone) == ["Hi"]


def test_a_text_that_cannot_be_stored_is_set_aside_and_all_others_of_its_batch_go(
    campaigns: Campaigns, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads, phones = campaigns.leads(7)
    broken = campaigns.lead(first_name="Broken")[0]
    monkeypatch.setattr(engine, "render", lambda body, fields: f"{body}\x00" if fields.first_name == "Broken" else body)
    campaigns.run(text("Hi"), leads=[*leads[:3], broken, *leads[3:]])
    campaigns.tick()
    assert campaigns.standing(broken)[0] == "failed"
    assert [bodies(campaigns, phone) for phone in phones] == [["Hi"]] * 7


def test_a_step_that_is_there_already_on_this_visit_is_left_out_and_the_next_one_comes(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    leads, phones = campaigns.leads(4)
    campaigns.run(text("One"), text("Two", HOUR), leads=leads)
    campaigns.tick()
    stored.execute(
        "UPDATE sms_campaign_enrollments SET position = 0, next_run_at = next_run_at - interval '1 hour' "
        "WHERE lead_id = %s",
        [leads[1]],
    )
    campaigns.tick()
    campaigns.later(hours=1, minutes=1)
    assert [bodies(campaigns, phone) for phone in phones] == [["One", "Two"]] * 4
    rows = stored.execute("SELECT step_key, message_id FROM decisions WHERE outcome = 'refuse'").fetchall()
    assert rows == [("One", None)]


def test_a_lead_that_is_deleted_gets_nothing_more(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    campaigns.tick()
    stored.execute("DELETE FROM leads WHERE id = %s", [lead])
    campaigns.later(hours=2)
    assert bodies(campaigns, phone) == ["One"]
    row = stored.execute("SELECT status, reason FROM sms_campaign_enrollments").fetchone()
    assert row == ("stopped", "removed")


def test_many_ticks_at_once_share_the_work(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    leads, phones = campaigns.leads(60)
    campaigns.run(text("One"), text("Two", HOUR), leads=leads)
    at_once([tick.run] * 4)
    campaigns.world.until(lambda: all(bodies(campaigns, phone) == ["One"] for phone in phones))
    campaigns.world.move_clock(hours=1)
    at_once([tick.run] * 4)
    campaigns.world.until(lambda: all(bodies(campaigns, phone) == ["One", "Two"] for phone in phones))
    assert stored.execute("SELECT count(*) FROM sms_messages WHERE direction = 'outbound'").fetchone() == (120,)


def test_two_campaigns_that_are_due_at_once_keep_the_gap_between_texts(campaigns: Campaigns) -> None:
    campaigns.world.configure(lane_gap_minutes=10)
    lead, phone = campaigns.lead()
    for name in ("First", "Second"):
        campaigns.run(text(name), leads=[lead], one_campaign_at_a_time="both")
    assert tick.run().queued == 1
    campaigns.world.work()
    assert bodies(campaigns, phone) == ["First"]
    assert campaigns.standing(lead) == ("active", 0, "lane")
    campaigns.later(minutes=11)
    assert bodies(campaigns, phone) == ["First", "Second"]


def test_pausing_and_resuming_while_many_ticks_run_hangs_nobody_and_repeats_nothing(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    leads, _ = campaigns.leads(40)
    campaign = campaigns.run(*(text(f"Step {number}") for number in range(6)), leads=leads)

    def pause_and_resume() -> None:
        for _ in range(15):
            campaigns.pause(campaign)
            campaigns.resume(campaign)

    def tick_on() -> None:
        for _ in range(30):
            tick.run()

    at_once([tick_on, tick_on, tick_on, pause_and_resume])
    while stored.execute("SELECT count(*) FROM sms_campaign_enrollments WHERE status = 'active'").fetchone() != (0,):
        tick.run()
    texts = stored.execute(
        "SELECT enrollment_id, step_key, count(*) FROM sms_messages WHERE status <> 'canceled' GROUP BY 1, 2"
    ).fetchall()
    assert (len(texts), {count for *_, count in texts}) == (240, {1})


def test_a_lead_who_is_nobodys_is_written_to_in_the_name_of_whose_campaign_it_is(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("{{ my_name }} here"), leads=[lead])
    campaigns.tick()
    assert bodies(campaigns, phone) == ["Max Manager here"]


def test_a_lead_that_gets_an_exit_tag_however_it_is_written_has_reached_the_goal(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), leads=[lead], exit_tags=("client",))
    campaigns.tick()
    campaigns.world.conn.execute("UPDATE leads SET tags = '{Client}' WHERE id = %s", [lead])
    campaigns.later(hours=2)
    assert (bodies(campaigns, phone), campaigns.standing(lead)) == (["One"], ("stopped", 1, "goal"))


def test_while_everything_is_paused_the_tick_does_nothing(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), leads=[lead])
    campaigns.world.configure(automation_paused=True)
    assert campaigns.tick().claimed == 0
    campaigns.world.configure(automation_paused=False)
    campaigns.tick()
    assert bodies(campaigns, phone) == ["One"]


def test_the_first_text_carries_who_writes_and_how_to_stop_and_the_second_does_not(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    campaigns.tick()
    campaigns.later(hours=1)
    first, second = campaigns.world.on_handset(phone)
    assert "STOP" in first
    assert second == "Two"


def test_every_decision_is_in_the_ledger(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    lead, _ = campaigns.lead()
    campaigns.run(text("One"), leads=[lead])
    campaigns.tick()
    rows = stored.execute("SELECT stage, outcome, step_key, message_id IS NULL FROM decisions ORDER BY id").fetchall()
    assert rows == [("queue", "allow", "One", False), ("claim", "allow", None, False)]
