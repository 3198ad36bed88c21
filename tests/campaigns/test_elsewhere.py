"""A lead that is in another campaign: left out, waits, moved, or in both; when it is put in, and again at the launch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import psycopg
import pytest

from tests.api.support import program_of
from tests.campaigns.support import DAY, Campaigns, text
from tests.campaigns.test_the_tick import bodies
from tests.campaigns.test_turns import way
from tests.support.people import add_person
from tests.support.races import at_once, warm_up
from webapp import clock, database
from webapp.accounts import users
from webapp.campaigns import jobs, store
from webapp.campaigns.figures import stats
from webapp.campaigns.joining import taking_out
from webapp.campaigns.joining.elsewhere import CHOICES, Choice
from webapp.campaigns.plans import keeping, preview
from webapp.campaigns.plans.planned import Preview
from webapp.campaigns.steering import launches, moving, running
from webapp.campaigns.steering.launches import Asked, ObjectionError
from webapp.campaigns.steering.moving import Act
from webapp.models.constants import Role

#: How the other campaign stands: when a lead is put in here, and at the launch.
OTHERS = ("draft", "launched meanwhile", "running", "paused", "finished")
LIVE = ("running", "paused")
AS_CHOSEN: dict[Choice, str] = {"skip": "left out", "wait": "waits", "move": "moved", "both": "begins"}
OUTCOMES: dict[Choice, str] = {
    "skip": "in_another_campaign",
    "wait": "waiting_for_another_campaign",
    "move": "enrolled",
    "both": "enrolled",
}


def put_in(campaigns: Campaigns, campaign: int, leads: Sequence[int], choice: Choice | None) -> dict[str, int]:
    """Enrolls them as the doors do."""
    with database.transaction() as conn:
        if choice == "move":
            taking_out.hold(conn, leads, campaign)
        found = store.find(conn, campaigns.actor, campaign, lock=True)
        assert found is not None
        outcomes = running.enroll(conn, found, leads, campaigns.actor, clock.now(), elsewhere=choice)
    return {str(entry): count for entry, count in outcomes.items()}


def launch(campaigns: Campaigns, campaign: int, *, confirm: int | None = None) -> int:
    """Launches it as the doors do."""
    with database.transaction() as conn:
        taking_out.hold_of_draft(conn, campaign)
        found = store.find(conn, campaigns.actor, campaign, lock=True)
        assert found is not None
        asked = Asked(confirm, canary=False, pace_per_hour=None)
        return launches.launch(conn, found, campaigns.actor, asked, clock.now())


def plan_of(campaigns: Campaigns, campaign: int) -> Preview:
    with database.transaction() as conn:
        found = store.find(conn, campaigns.actor, campaign)
        assert found is not None
        return preview.preview(conn, found, store.shown_version(conn, found), clock.now())


def size_of(campaigns: Campaigns, campaign: int) -> launches.Size:
    with database.transaction() as conn:
        found = store.find(conn, campaigns.actor, campaign)
        assert found is not None
        return launches.size(conn, found)


def fate(stored: psycopg.Connection[Any], lead: int, campaign: int, other: int) -> str:
    """What has become of the lead in the campaign, and in the other one."""
    ways = {
        row[0]: row[1:]
        for row in stored.execute(
            "SELECT campaign_id, status, reason, next_run_at IS NOT NULL AND NOT parked, sentence "
            "FROM sms_campaign_enrollments WHERE lead_id = %s",
            [lead],
        )
    }
    mine, there = ways.get(campaign), ways.get(other)
    if mine is None:
        noted = "SELECT reason FROM sms_campaign_left_out WHERE campaign_id = %s AND lead_id = %s"
        assert stored.execute(noted, [campaign, lead]).fetchone() == ("in_another_campaign",)
        return "left out"
    if mine[:3] == ("active", "in_another_campaign", False):
        return "waits"
    assert mine[:3] == ("active", None, True), mine
    if there is not None and there[:2] == ("stopped", "removed"):
        assert there[3] == "Stopped: Max Manager moved the lead to “Mine”."
        return "moved"
    return "begins"


@pytest.mark.parametrize("launched", [False, True], ids=["into a draft", "into one that runs"])
@pytest.mark.parametrize("rule", ["skip", "wait", "both"])
def test_every_choice_holds_against_every_rule_wherever_the_other_campaign_stands(
    campaigns: Campaigns, stored: psycopg.Connection, rule: Choice, launched: bool
) -> None:
    choices: tuple[Choice | None, ...] = (None, *CHOICES)
    cases = {(other, choice): campaigns.lead()[0] for other, choice in product(OTHERS, choices)}
    others = {}
    for other in OTHERS:
        leads = [lead for (which, _), lead in cases.items() if which == other]
        others[other] = campaigns.draft(text("Theirs", DAY), name=other, one_campaign_at_a_time="both")
        campaigns.enroll(others[other], leads)
        if other in (*LIVE, "finished"):
            campaigns.launch(others[other])
    campaigns.pause(others["paused"])
    stored.execute("UPDATE sms_campaigns SET status = 'finished' WHERE id = %s", [others["finished"]])
    mine = campaigns.draft(text("Mine", DAY), name="Mine", one_campaign_at_a_time=rule)
    if launched:
        campaigns.enroll(mine, [campaigns.lead()[0]])
        campaigns.launch(mine)
    for (other, choice), lead in cases.items():
        expected = OUTCOMES[choice or rule] if other in LIVE else "enrolled"
        assert put_in(campaigns, mine, [lead], choice) == {expected: 1}, (other, choice)
    campaigns.launch(others["launched meanwhile"])
    if not launched:
        foreseen, size = plan_of(campaigns, mine), size_of(campaigns, mine)
        assert foreseen.texted == size.begin == launch(campaigns, mine)
    live = LIVE if launched else (*LIVE, "launched meanwhile")
    for (other, choice), lead in cases.items():
        expected = AS_CHOSEN[choice or rule] if other in live else "begins"
        assert fate(stored, lead, mine, others[other]) == expected, (other, choice)


def test_of_two_drafts_with_the_same_leads_the_second_leaves_them_out_and_says_so_before(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    leads, phones = campaigns.leads(3)
    alone, _ = campaigns.lead()
    first = campaigns.draft(text("First"), text("Last", DAY), name="Open house")
    second = campaigns.draft(text("Second"), name="Old leads")
    campaigns.enroll(first, leads)
    campaigns.enroll(second, [*leads, alone])
    launch(campaigns, first)
    plan = plan_of(campaigns, second)
    assert (plan.leads, plan.texted, plan.excluded) == (4, 1, {"in_another_campaign": 3})
    assert {one.sentence for one in plan.named["in_another_campaign"]} == {"Is on the way through another campaign."}
    assert launch(campaigns, second) == 1
    after = plan_of(campaigns, second)
    assert (after.leads, after.texted, after.excluded) == (4, 1, {"in_another_campaign": 3})
    campaigns.tick()
    assert [bodies(campaigns, phone) for phone in phones] == [["First"]] * 3
    row = stored.execute("SELECT count(*) FROM sms_messages WHERE campaign_id = %s", [second]).fetchone()
    assert row == (plan.texts,)
    said = stored.execute("SELECT DISTINCT sentence, outcome FROM decisions WHERE sentence LIKE 'Left out%'").fetchall()
    assert said == [("Left out of “Old leads” at its launch: the lead is on its way through “Open house”.", "refuse")]


def test_who_was_left_out_at_the_launch_has_never_been_in_it(campaigns: Campaigns) -> None:
    lead, free = campaigns.lead()[0], campaigns.lead()[0]
    second = campaigns.draft(text("Second", DAY), name="Old leads")
    campaigns.enroll(second, [lead, free])
    first = campaigns.run(text("First"), leads=[lead], one_campaign_at_a_time="both")
    launch(campaigns, second)
    assert campaigns.enroll(second, [lead]) == {"in_another_campaign": 1}
    campaigns.tick()
    assert campaigns.standing(lead)[0] == "completed", "of the other one"
    assert first != second
    assert campaigns.enroll(second, [lead]) == {"enrolled": 1}


def test_a_campaign_all_of_whose_leads_are_elsewhere_is_not_launched(campaigns: Campaigns) -> None:
    leads, _ = campaigns.leads(2)
    second = campaigns.draft(text("Second"))
    campaigns.enroll(second, leads)
    campaigns.run(text("First", DAY), leads=leads, one_campaign_at_a_time="both")
    with pytest.raises(ObjectionError, match="is in another campaign"):
        launch(campaigns, second)


def test_the_number_to_type_is_of_those_whom_it_goes_to(campaigns: Campaigns, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launches, "LARGE", 2)
    leads, _ = campaigns.leads(4)
    second = campaigns.draft(text("Second"))
    campaigns.enroll(second, leads)
    campaigns.run(text("First", DAY), leads=leads[:1], one_campaign_at_a_time="both")
    with pytest.raises(ObjectionError, match="It goes to 3 leads"):
        launch(campaigns, second, confirm=4)
    assert launch(campaigns, second, confirm=3) == 3


def test_moved_at_the_launch_it_stays_where_it_is_until_then_and_what_has_not_gone_there_is_taken_back(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    lead, phone = campaigns.lead()
    other = campaigns.run(text("First"), text("Next", DAY), text("Last", DAY), leads=[lead], name="Open house")
    campaigns.tick()
    mine = campaigns.draft(text("Mine"), name="Mine")
    assert put_in(campaigns, mine, [lead], "move") == {"enrolled": 1}
    campaigns.world.move_clock(days=1, minutes=1)
    campaigns.queue_due()  # “Next” is decided on, and no worker has it
    assert launch(campaigns, mine) == 1
    assert fate(stored, lead, mine, other) == "moved"
    campaigns.later(hours=1)
    assert bodies(campaigns, phone) == ["First", "Mine"]
    row = stored.execute(
        "SELECT d.sentence, d.rule, d.step_key FROM decisions d JOIN sms_campaign_enrollments e "
        "ON e.id = d.enrollment_id WHERE e.campaign_id = %s ORDER BY d.id DESC LIMIT 1",
        [other],
    ).fetchone()
    assert row == ("Stopped: Max Manager moved the lead to “Mine”.", "person", "Next")
    with database.transaction() as conn:
        moving.resume(Act(conn, way(stored, lead, other), campaigns.actor, clock.now()))
    campaigns.later(hours=1)
    assert bodies(campaigns, phone) == ["First", "Mine", "Next"], "somebody let it go on there after all"
    audited = stored.execute("SELECT target, details FROM audit_log WHERE action = 'enrollments.moved_out'").fetchall()
    assert audited == [(f"campaign:{other}", {"leads": 1, "into": mine})]


def test_nobody_is_moved_out_of_a_campaign_that_whoever_put_them_in_may_not_see(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    now_there, later_there, own = (campaigns.lead()[0] for _ in range(3))
    person = add_person(stored, "Ria Rep", "rep")
    with database.transaction() as conn:
        rep = replace(campaigns, actor=users.get(conn, person.id).actor)
    assert rep.actor.role == Role.REP
    theirs = campaigns.draft(text("Theirs", DAY), name="Theirs", one_campaign_at_a_time="both")
    campaigns.run(text("First", DAY), leads=[now_there])
    campaigns.enroll(theirs, [later_there])
    reps = rep.draft(text("Hers", DAY), name="Hers")
    rep.enroll(reps, [own])
    campaigns.launch(reps)
    mine = rep.draft(text("Mine"), name="Mine")
    assert put_in(rep, mine, [now_there, later_there, own], "move") == {"in_another_campaign": 1, "enrolled": 2}
    campaigns.launch(theirs)
    assert plan_of(campaigns, mine).excluded == {"in_another_campaign": 2}
    assert launch(campaigns, mine) == 1
    assert fate(stored, later_there, mine, theirs) == "left out"
    assert fate(stored, own, mine, reps) == "moved"


def alive(stored: psycopg.Connection[Any], leads: Sequence[int]) -> set[int]:
    """In how many campaigns each of the leads is on the way, without those that wait there."""
    query = """
        SELECT count(e.id) FILTER (WHERE e.reason IS NULL) FROM unnest(%s::bigint[]) AS l (id)
        LEFT JOIN sms_campaign_enrollments e ON e.lead_id = l.id AND e.status = 'active' AND e.next_run_at IS NOT NULL
        GROUP BY l.id
    """
    return {row[0] for row in stored.execute(query, [list(leads)])}


@pytest.mark.parametrize("rule", ["skip", "wait"])
def test_two_drafts_that_are_launched_at_once_write_to_each_lead_from_one(
    campaigns: Campaigns, stored: psycopg.Connection, rule: Choice
) -> None:
    warm_up(3)
    leads, _ = campaigns.leads(20)
    for _ in range(4):
        drafts = [campaigns.draft(text("Hello", DAY), one_campaign_at_a_time=rule) for _ in range(3)]
        for draft in drafts:
            campaigns.enroll(draft, [*leads, campaigns.lead()[0]])
        started = at_once([lambda draft=draft: launch(campaigns, draft) for draft in drafts])  # type: ignore[misc]
        assert sorted(started) == [1, 1, 21]
        assert alive(stored, leads) == {1}
        stored.execute("UPDATE sms_campaigns SET status = 'finished' WHERE id = ANY(%s)", [drafts])
        stored.execute("UPDATE sms_campaign_enrollments SET status = 'completed'")


@pytest.mark.parametrize("choice", [None, "move"])
def test_who_is_put_into_a_running_campaign_while_a_draft_is_launched_is_in_one(
    campaigns: Campaigns, stored: psycopg.Connection, choice: Choice | None
) -> None:
    warm_up(2)
    leads, _ = campaigns.leads(20)
    for _ in range(4):
        runs = campaigns.run(text("Hello", DAY), leads=[campaigns.lead()[0]])
        draft = campaigns.draft(text("Mine", DAY), name="Mine")
        campaigns.enroll(draft, [*leads, campaigns.lead()[0]])
        at_once([lambda: launch(campaigns, draft), lambda: put_in(campaigns, runs, leads, choice)])  # type: ignore[list-item, return-value] # noqa: B023
        assert alive(stored, leads) == {1}
        stored.execute("UPDATE sms_campaigns SET status = 'finished' WHERE id = ANY(%s)", [[runs, draft]])
        stored.execute("UPDATE sms_campaign_enrollments SET status = 'completed'")


def test_chosen_to_wait_in_a_draft_it_begins_after_the_other_campaign_although_the_rule_leaves_out(
    campaigns: Campaigns,
) -> None:
    lead, phone = campaigns.lead()
    mine = campaigns.draft(text("Mine"), name="Mine")
    put_in(campaigns, mine, [lead, campaigns.lead()[0]], "wait")
    campaigns.run(text("First"), text("Last", DAY), leads=[lead], one_campaign_at_a_time="both")
    campaigns.tick()
    assert launch(campaigns, mine) == 1
    campaigns.later(days=1, minutes=1)
    jobs.begin_after_others()
    campaigns.later(minutes=15)
    assert bodies(campaigns, phone) == ["First", "Last", "Mine"]


def test_a_large_dry_run_that_is_kept_is_counted_anew_once_another_campaign_has_some_of_its_leads(
    campaigns: Campaigns,
) -> None:
    leads, _ = campaigns.leads(2)
    mine = campaigns.draft(text("Mine"))
    campaigns.enroll(mine, leads)

    def asked_anew() -> bool:
        with database.transaction() as conn:
            found = store.find(conn, campaigns.actor, mine)
            assert found is not None
            return keeping.dry_run(conn, found, store.shown_version(conn, found), clock.now(), after=0)[1]

    assert (asked_anew(), asked_anew()) == (True, False)
    campaigns.run(text("Theirs", DAY), leads=leads[:1], one_campaign_at_a_time="both")
    assert (asked_anew(), asked_anew()) == (True, False)


def test_a_choice_that_a_draft_keeps_holds_up_nobody(campaigns: Campaigns) -> None:
    lead, _ = campaigns.lead()
    mine = campaigns.draft(text("Mine"))
    put_in(campaigns, mine, [lead], "wait")
    with database.transaction() as conn:
        found = store.find(conn, campaigns.actor, mine)
        assert found is not None
        assert stats.of(conn, store.shown_version(conn, found)).steps[0].held == 0
    launch(campaigns, mine)
    assert campaigns.standing(lead) == ("active", 0, None)


def test_the_api_keeps_a_choice_in_a_draft_and_says_what_the_other_campaign_means(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    api = program_of(campaigns.world.app.test_client(), stored, add_person(stored, "Ann Other", "manager"))
    leads, _ = campaigns.leads(4)
    other = campaigns.run(text("Theirs", DAY), leads=leads, name="Open house", one_campaign_at_a_time="both")
    mine = campaigns.draft(text("Mine"), one_campaign_at_a_time="both")
    enrolled = [
        api.post(f"/api/sms/campaigns/{mine}/enroll", lead_ids=[str(lead)], elsewhere=choice).json
        for lead, choice in zip(leads, ("skip", "wait", "move", "both"), strict=True)
    ]
    assert [answer["outcomes"] for answer in enrolled if answer] == [{each: 1} for each in OUTCOMES.values()]
    plan = api.post(f"/api/sms/campaigns/{mine}/preview").json
    assert plan is not None
    assert {(one["campaign_id"], one["becomes"], one["leads"]) for one in plan["overlaps"]} == {
        (str(other), becomes, 1) for becomes in ("wait", "move", "both")
    }
    assert (plan["totals"]["texted"], plan["excluded"]) == (2, {"in_another_campaign": 2})
    launched = api.post(f"/api/sms/campaigns/{mine}/launch").json
    assert launched is not None and launched["started"] == 2
