"""What nobody does alone, and the ways round it: the API, a pause, leads put in later, an edit, a copy, a list."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.accounts.conftest import Visitor
from tests.api.support import Program, program_of
from tests.campaigns.pages import at_work, follow, read, whole
from tests.campaigns.support import DAY, Campaigns, text
from tests.campaigns.test_the_tick import bodies
from tests.support.people import Person, add_person
from tests.support.races import at_once
from webapp import clock, database
from webapp.accounts.actors import Actor
from webapp.campaigns import jobs, store
from webapp.campaigns.building import copying
from webapp.campaigns.joining import enrolling_many, joiners
from webapp.campaigns.pages import whom
from webapp.campaigns.steering import second_person
from webapp.jobs import bulk_runner
from webapp.leads import bulk_work
from webapp.models.constants import Role


@pytest.fixture
def max_(campaigns: Campaigns) -> Visitor:
    return at_work(campaigns)


@pytest.fixture
def rita(campaigns: Campaigns, stored: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch) -> Person:
    """A rep, who adds at most two leads a day to what runs."""
    monkeypatch.setattr(second_person, "REPS_MOST", 2)
    return add_person(stored, "Rita Rep", "rep")


def program(campaigns: Campaigns, person: Person) -> Program:
    return program_of(campaigns.world.app.test_client(), campaigns.world.conn, person)


def hers(campaigns: Campaigns, rita: Person, *, running: bool = True) -> int:
    """Rita's own campaign with one lead, which a manager launched."""
    campaign = campaigns.draft(text("Hello"), text("Still looking?", DAY))
    campaigns.world.conn.execute("UPDATE sms_campaigns SET owner_id = %s WHERE id = %s", [rita.id, campaign])
    campaigns.enroll(campaign, [campaigns.lead()[0]])
    if running:
        campaigns.launch(campaign)
    return campaign


def on_the_way(campaigns: Campaigns, campaign: int) -> int:
    row = campaigns.world.conn.execute(
        "SELECT count(*) FROM sms_campaign_enrollments WHERE campaign_id = %s AND status = 'active'", [campaign]
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_no_rep_launches_by_the_api(campaigns: Campaigns, rita: Person) -> None:
    campaign = hers(campaigns, rita, running=False)
    answer = program(campaigns, rita).post(f"/api/sms/campaigns/{campaign}/launch")
    assert answer.status_code == 409
    assert answer.json is not None and answer.json["reason"] == "second_person"


def test_who_asked_does_not_launch_by_the_api_and_somebody_else_does(
    campaigns: Campaigns, max_: Visitor, stored: psycopg.Connection
) -> None:
    campaigns.world.configure(second_person_above=1)
    leads, _ = campaigns.leads(2)
    campaign = campaigns.draft(text("Hello"))
    campaigns.enroll(campaign, leads)
    follow(max_, max_.post(f"/campaigns/{campaign}/launch/ask"))
    mine = program(campaigns, Person(campaigns.actor.id, "max@agency.test", "Max", "manager"))
    assert mine.post(f"/api/sms/campaigns/{campaign}/launch").status_code == 409
    ann = program(campaigns, add_person(stored, "Ann Other", "manager"))
    assert ann.post(f"/api/sms/campaigns/{campaign}/launch").status_code == 200
    row = stored.execute("SELECT launch_asked_by, launch_asked_at FROM sms_campaigns").fetchone()
    assert row == (None, None)


def test_leads_that_were_paused_one_by_one_count_for_the_launch(campaigns: Campaigns, max_: Visitor) -> None:
    campaigns.world.configure(second_person_above=1)
    leads, _ = campaigns.leads(2)
    campaign = campaigns.draft(text("Hello"))
    campaigns.enroll(campaign, leads)
    campaigns.world.conn.execute("UPDATE sms_campaign_enrollments SET status = 'paused' WHERE lead_id = %s", leads[:1])
    answer = max_.post(f"/campaigns/{campaign}/launch", launching="yes")
    assert "A second person launches this one" in read(answer, 422)


def test_a_rep_pauses_and_resumes_what_was_launched_for_them(campaigns: Campaigns, rita: Person) -> None:
    campaign = hers(campaigns, rita)
    door = program(campaigns, rita)
    assert door.post(f"/api/sms/campaigns/{campaign}/pause").status_code == 200
    assert door.post(f"/api/sms/campaigns/{campaign}/resume").status_code == 200


def test_nobody_resumes_a_draft(campaigns: Campaigns, rita: Person) -> None:
    campaign = hers(campaigns, rita, running=False)
    assert program(campaigns, rita).post(f"/api/sms/campaigns/{campaign}/resume").status_code == 409


def test_thousands_are_not_put_in_after_the_launch(campaigns: Campaigns, rita: Person) -> None:
    campaign = hers(campaigns, rita)
    door, at = program(campaigns, rita), f"/api/sms/campaigns/{campaign}/enroll"
    leads, _ = campaigns.leads(5)
    refused = door.post(at, lead_ids=[str(lead) for lead in leads])
    assert refused.status_code == 409
    assert refused.json is not None and refused.json["reason"] == "second_person"
    assert "a manager adds more" in refused.json["detail"]
    assert on_the_way(campaigns, campaign) == 1
    assert [door.post(at, lead_ids=[str(lead)]).status_code for lead in leads] == [200, 200, 409, 409, 409]
    assert on_the_way(campaigns, campaign) == 3
    campaigns.world.move_clock(hours=25)
    assert door.post(at, lead_ids=[str(leads[4])]).status_code == 200


def test_nor_by_two_requests_at_once(campaigns: Campaigns, rita: Person) -> None:
    campaign = hers(campaigns, rita)
    doors, at = [program(campaigns, rita) for _ in range(2)], f"/api/sms/campaigns/{campaign}/enroll"
    leads = [str(lead) for lead in campaigns.leads(4)[0]]
    parts = [leads[:2], leads[2:]]
    answers = at_once(
        [
            lambda door=door, part=part: door.post(at, lead_ids=part).status_code
            for door, part in zip(doors, parts, strict=True)
        ]
    )
    assert sorted(answers) == [200, 409]
    assert on_the_way(campaigns, campaign) == 3


def test_nor_while_it_is_paused_so_that_resuming_lets_them_go(campaigns: Campaigns, rita: Person) -> None:
    campaign = hers(campaigns, rita)
    door = program(campaigns, rita)
    door.post(f"/api/sms/campaigns/{campaign}/pause")
    leads, _ = campaigns.leads(3)
    refused = door.post(f"/api/sms/campaigns/{campaign}/enroll", lead_ids=[str(lead) for lead in leads])
    assert refused.status_code == 409


def ticked(campaign: int, leads: list[int]) -> dict[str, Any]:
    return {"action": "enroll", "whom": "ticked", "lead": leads, "campaign": str(campaign), "agreed": "yes"}


def test_nor_as_ticked_leads_which_is_said_before_any_work(campaigns: Campaigns, rita: Person) -> None:
    campaign = hers(campaigns, rita)
    leads, _ = campaigns.leads(3)
    answer = at_work(campaigns, rita.email).post("/leads/bulk", **ticked(campaign, leads))
    said = read(answer, 422)
    assert "one person adds at most 2 leads to a campaign that runs: a manager adds more." in said
    assert campaigns.world.conn.execute("SELECT count(*) FROM bulk_operations").fetchone() == (0,)
    assert on_the_way(campaigns, campaign) == 1


def test_whoever_would_be_left_out_does_not_count(campaigns: Campaigns, rita: Person) -> None:
    campaign = hers(campaigns, rita)
    leads = campaigns.leads(2)[0] + [campaigns.lead(agreed=False)[0] for _ in range(3)]
    visitor = at_work(campaigns, rita.email)
    answer = visitor.post("/leads/bulk", **ticked(campaign, leads))
    assert answer.status_code == 303, answer.text
    bulk_runner.run(int(answer.location.rsplit("/", 1)[1]), bulk_work.plan, seconds=10)
    assert on_the_way(campaigns, campaign) == 3
    again = visitor.post("/leads/bulk", **ticked(campaign, leads))
    assert again.status_code == 303, "those who are in already would not be let in again"


def test_nor_as_a_large_list_that_a_worker_enrolls(
    campaigns: Campaigns, rita: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whom, "_AT_ONCE", 2)
    campaign = hers(campaigns, rita)
    for _ in range(3):
        campaigns.lead(tags=["buyer"])
    buyers = {"conditions": [{"field": "tags", "op": "has_any", "value": ["buyer"]}]}
    answer = at_work(campaigns, rita.email).post(f"/campaigns/{campaign}/enroll", filter=json.dumps(buyers))
    assert "a manager adds more" in read(answer, 422)
    assert campaigns.world.conn.execute("SELECT count(*) FROM bulk_operations").fetchone() == (0,)
    assert on_the_way(campaigns, campaign) == 1


def test_a_limit_that_is_only_met_midway_stops_it_once_and_keeps_who_is_in(campaigns: Campaigns, rita: Person) -> None:
    campaign = hers(campaigns, rita)
    leads, _ = campaigns.leads(3)
    with database.transaction() as conn:
        actor = Actor(rita.id, rita.name, rita.email, Role.REP, "America/Chicago")
        params = {"campaign_id": campaign, "name": "Hers"}
        one_by_one = replace(enrolling_many.ACTION, batch=1)
        chosen = bulk_work.chosen_leads(leads[:2], actor)
        operation = bulk_work.begin(conn, actor, one_by_one, params, chosen)
    door = program(campaigns, rita)
    assert door.post(f"/api/sms/campaigns/{campaign}/enroll", lead_ids=[str(leads[2])]).status_code == 200

    assert bulk_runner.run(operation, bulk_work.plan, seconds=10)

    assert on_the_way(campaigns, campaign) == 3
    told = door.get(f"/api/bulk/{operation}").json or {}
    assert (told["status"], told["done"], told["counters"]["enrolled"]) == ("failed", 1, 1)
    assert "a manager adds more. Who was enrolled until then stays so." in told["error"]
    assert told["errors"]["items"] == []
    said = read(at_work(campaigns, rita.email).get(f"/leads/bulk/{operation}"))
    assert said.count("a manager adds more") == 1


def test_a_campaign_that_ends_meanwhile_stops_it_once(campaigns: Campaigns, rita: Person) -> None:
    campaign = hers(campaigns, rita)
    leads, _ = campaigns.leads(2)
    answer = at_work(campaigns, rita.email).post("/leads/bulk", **ticked(campaign, leads))
    campaigns.world.conn.execute("UPDATE sms_campaigns SET status = 'finished', ended_at = now()")
    operation = int(answer.location.rsplit("/", 1)[1])
    assert bulk_runner.run(operation, bulk_work.plan, seconds=10)
    told = program(campaigns, rita).get(f"/api/bulk/{operation}").json or {}
    assert told["error"] == "The campaign takes no leads any more. Who was enrolled until then stays so."


def test_a_manager_who_launched_alone_needs_another_one_to_grow_it(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    campaigns.world.configure(second_person_above=3)
    leads, _ = campaigns.leads(8)
    campaign = campaigns.run(text("Hello"), leads=leads[:3])
    at, more = f"/api/sms/campaigns/{campaign}/enroll", [str(lead) for lead in leads[3:]]
    mine = program(campaigns, Person(campaigns.actor.id, "max@agency.test", "Max", "manager"))
    assert mine.post(at, lead_ids=more).status_code == 409
    ann = program(campaigns, add_person(stored, "Ann Other", "manager"))
    assert ann.post(at, lead_ids=more).status_code == 200


def edited(campaigns: Campaigns, campaign: int, body: str) -> None:
    with database.transaction() as conn:
        found = store.find(conn, campaigns.actor, campaign, lock=True)
        assert found is not None
        store.set_draft(conn, found, clock.now(), new_steps=[text(body), text("Still looking?", DAY)])


def test_a_reps_edit_is_published_by_a_manager(campaigns: Campaigns, rita: Person, max_: Visitor) -> None:
    campaign = hers(campaigns, rita)
    edited(campaigns, campaign, "Quite something else")
    answer = program(campaigns, rita).post(f"/api/sms/campaigns/{campaign}/publish", waiting="move")
    assert answer.status_code == 409
    assert answer.json is not None and answer.json["reason"] == "second_person"
    visitor = at_work(campaigns, rita.email)
    assert "Ask a manager to publish" in read(visitor.get(f"/campaigns/{campaign}/publish"))
    said = follow(visitor, visitor.post(f"/campaigns/{campaign}/launch/ask"))
    assert "You ask to publish an edit." in said and "Somebody else decides." in said
    page = max_.get(f"/campaigns/{campaign}/publish")
    assert "Rita Rep asks to publish this." in read(page)
    seen = page.text.partition('name="seen" value="')[2].partition('"')[0]
    assert "Version 2 is live." in whole(max_, max_.post(f"/campaigns/{campaign}/publish", seen=seen, waiting="finish"))
    assert "to publish" not in read(visitor.get(f"/campaigns/{campaign}"))


def test_an_edit_after_the_request_takes_it_off(campaigns: Campaigns, rita: Person, max_: Visitor) -> None:
    campaigns.world.configure(second_person_above=1)
    campaign = hers(campaigns, rita)
    campaigns.enroll(campaign, [campaigns.lead()[0]])
    mine = program(campaigns, Person(campaigns.actor.id, "max@agency.test", "Max", "manager"))
    for change in ("edit", "throw away and begin anew"):
        edited(campaigns, campaign, "Hers")
        visitor = at_work(campaigns, rita.email)
        follow(visitor, visitor.post(f"/campaigns/{campaign}/launch/ask"))
        if change != "edit":
            follow(max_, max_.post(f"/campaigns/{campaign}/draft/discard"))
        edited(campaigns, campaign, "His, whom nobody else has read")
        assert "asks to publish" not in read(max_.get(f"/campaigns/{campaign}"))
        assert mine.post(f"/api/sms/campaigns/{campaign}/publish", waiting="move").status_code == 409


def test_who_asked_for_nothing_is_told_so(campaigns: Campaigns, rita: Person) -> None:
    campaign = hers(campaigns, rita)
    answer = at_work(campaigns, rita.email).post(f"/campaigns/{campaign}/launch/ask")
    assert "There is no edit to publish." in read(answer, 409)


def test_a_copy_is_a_draft_that_nobody_asked_for(campaigns: Campaigns, rita: Person) -> None:
    campaign = hers(campaigns, rita, running=False)
    visitor = at_work(campaigns, rita.email)
    follow(visitor, visitor.post(f"/campaigns/{campaign}/launch/ask"))
    with database.transaction() as conn:
        actor = Actor(rita.id, rita.name, rita.email, Role.REP, "America/Chicago")
        found = store.find(conn, actor, campaign)
        assert found is not None
        copy = copying.duplicate(conn, found, "A copy", actor, clock.now())
        made = store.find(conn, actor, copy)
        assert made is not None
        assert (made.status, second_person.requested(conn, made)) == ("draft", None)
    campaigns.enroll(copy, [campaigns.lead()[0]])
    assert program(campaigns, rita).post(f"/api/sms/campaigns/{copy}/launch").status_code == 409


def test_a_list_that_grows_all_at_once_waits_for_a_second_person(
    campaigns: Campaigns, rita: Person, max_: Visitor, stored: psycopg.Connection
) -> None:
    campaign = hers(campaigns, rita)
    everybody = {"conditions": [{"field": "tags", "op": "has_any", "value": ["buyer"]}]}
    with database.transaction() as conn:
        store.change(conn, campaign, {"audience": Jsonb(everybody)}, clock.now())
        found = store.find(conn, campaigns.actor, campaign, lock=True)
        assert found is not None
        joiners.switch_on(conn, found, campaigns.actor, clock.now())
    _, phone = campaigns.lead(tags=["buyer"])
    jobs.enroll_joiners()
    campaigns.tick()
    assert bodies(campaigns, phone) == ["Hello"]
    for _ in range(2):
        campaigns.lead(tags=["buyer"])
    jobs.enroll_joiners()
    assert on_the_way(campaigns, campaign) == 2
    said = read(at_work(campaigns, rita.email).get(f"/campaigns/{campaign}"))
    assert "2 leads joined the list at once and wait" in said and "a manager enrolls the list" in said
    assert "enroll the list" in read(max_.get(f"/campaigns/{campaign}"))
    campaigns.world.move_clock(hours=25)
    jobs.enroll_joiners()
    assert on_the_way(campaigns, campaign) == 4
    assert "joined the list at once" not in read(max_.get(f"/campaigns/{campaign}"))
