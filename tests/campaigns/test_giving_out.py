"""Leads that nobody has go to people in turn, as a campaign's rules say; who is away or gone is passed over."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.api.support import program_of
from tests.campaigns.pages import at_work, follow, read
from tests.campaigns.support import Campaigns, text
from tests.campaigns.test_joiners import BUYERS
from tests.campaigns.test_the_tick import bodies
from tests.support.people import Person, add_person
from tests.support.races import at_once
from webapp import clock, database
from webapp.campaigns import jobs, store
from webapp.campaigns.joining import joiners


@pytest.fixture
def reps(stored: psycopg.Connection[Any]) -> list[Person]:
    """Three who sell."""
    return [add_person(stored, name, "rep") for name in ("Ann Rep", "Bob Rep", "Cid Rep")]


def owners(stored: psycopg.Connection[Any], *lead_ids: int) -> list[int | None]:
    rows = dict(stored.execute("SELECT id, owner_id FROM leads WHERE id = ANY(%s)", [list(lead_ids)]).fetchall())
    return [rows[lead_id] for lead_id in lead_ids]


def ids(people: list[Person]) -> tuple[int, ...]:
    return tuple(person.id for person in people)


def test_each_gets_the_next_one_and_the_text_is_theirs(
    campaigns: Campaigns, stored: psycopg.Connection, reps: list[Person]
) -> None:
    leads, phones = campaigns.leads(4)
    campaigns.run(text("This is {{ my_name }}"), leads=leads, assign_to=ids(reps))
    a, b, c = ids(reps)
    assert owners(stored, *leads) == [a, b, c, a]
    later, _ = campaigns.lead()
    campaign = stored.execute("SELECT id FROM sms_campaigns").fetchone()
    assert campaign is not None
    campaigns.enroll(campaign[0], [later])
    assert owners(stored, later) == [b]
    campaigns.tick()
    assert bodies(campaigns, phones[2]) == ["This is Cid Rep"]
    row = stored.execute("SELECT assigned_to FROM sms_conversations WHERE lead_id = %s", [leads[2]]).fetchone()
    assert row == (c,)


def test_who_is_away_or_gone_is_passed_over(
    campaigns: Campaigns, stored: psycopg.Connection, reps: list[Person]
) -> None:
    a, b, c = ids(reps)
    stored.execute("UPDATE users SET away = true WHERE id = %s", [b])
    leads, _ = campaigns.leads(3)
    campaign = campaigns.run(text("Hello"), leads=leads, assign_to=(a, b, c))
    assert owners(stored, *leads) == [a, c, a]
    stored.execute("UPDATE users SET active = false WHERE id = %s", [c])
    stored.execute("UPDATE users SET away = false WHERE id = %s", [b])
    more, _ = campaigns.leads(3)
    campaigns.enroll(campaign, more)
    assert owners(stored, *more) == [b, a, b]
    stored.execute("UPDATE users SET away = true")
    last, _ = campaigns.lead()
    campaigns.enroll(campaign, [last])
    assert owners(stored, last) == [None]


def test_a_lead_that_has_somebody_keeps_them_and_takes_no_turn(
    campaigns: Campaigns, stored: psycopg.Connection, reps: list[Person]
) -> None:
    a, b, c = ids(reps)
    taken, _ = campaigns.lead(owner_id=c)
    free, _ = campaigns.lead()
    refused, _ = campaigns.lead(agreed=False)
    campaigns.run(text("Hello"), leads=[taken, refused, free], assign_to=(a, b))
    assert owners(stored, taken, free, refused) == [c, a, None]


def test_whoever_joins_a_list_is_given_out_too(
    campaigns: Campaigns, stored: psycopg.Connection, reps: list[Person]
) -> None:
    campaign = campaigns.run(text("Hello"), leads=[campaigns.lead()[0]], assign_to=ids(reps))
    with database.transaction() as conn:
        store.change(conn, campaign, {"audience": psycopg.types.json.Jsonb(BUYERS)}, clock.now())
        found = store.find(conn, campaigns.actor, campaign, lock=True)
        assert found is not None
        joiners.switch_on(conn, found, campaigns.actor, clock.now())
    lead, _ = campaigns.lead(tags=["buyer"])
    jobs.enroll_joiners()
    assert owners(stored, lead) == [reps[1].id]


def test_at_once_by_many_doors_it_stays_fair(
    campaigns: Campaigns, stored: psycopg.Connection, reps: list[Person]
) -> None:
    campaign = campaigns.run(text("Hello"), leads=[campaigns.lead()[0]], assign_to=ids(reps))
    leads, _ = campaigns.leads(30)
    at_once([lambda part=part: campaigns.enroll(campaign, leads[part::6]) for part in range(6)])
    counts = [row[0] for row in stored.execute("SELECT count(*) FROM leads GROUP BY owner_id")]
    assert sorted(counts) == [10, 10, 11]


def test_a_manager_ticks_who_gets_them_and_a_rep_does_not(
    campaigns: Campaigns, stored: psycopg.Connection, reps: list[Person]
) -> None:
    campaign = campaigns.draft(text("Hello"))
    max_ = at_work(campaigns)
    stored.execute("UPDATE users SET away = true WHERE name = 'Bob Rep'")
    page = max_.get(f"/campaigns/{campaign}/edit")
    assert "Leads that nobody has go to these people, in turn" in read(page) and "Bob Rep (away)" in read(page)
    seen = page.text.partition('class="card rules-form"')[2].partition('name="seen" value="')[2].partition('"')[0]
    form = {
        "seen": seen,
        "reentry": "never",
        "elsewhere": "wait",
        "touch_gap_hours": "24",
        "late_after_hours": "24",
        "sender": "sticky",
    }
    chosen = [str(reps[0].id), str(reps[2].id)]
    said = follow(max_, max_.post(f"/campaigns/{campaign}/rules", **form, assign_to=chosen))
    assert "leads that nobody has go to 2 people in turn" in said
    stored.execute("UPDATE sms_campaigns SET owner_id = %s", [reps[0].id])
    ann = at_work(campaigns, reps[0].email)
    page = ann.get(f"/campaigns/{campaign}/edit")
    assert "in turn" in read(page) and "Bob Rep" not in read(page)
    seen = page.text.partition('class="card rules-form"')[2].partition('name="seen" value="')[2].partition('"')[0]
    said = follow(ann, ann.post(f"/campaigns/{campaign}/rules", **form | {"seen": seen}, assign_to=[str(reps[1].id)]))
    assert "leads that nobody has go to 2 people in turn" in said


def test_by_the_api_too_and_what_is_left_out_stays(
    campaigns: Campaigns, stored: psycopg.Connection, reps: list[Person]
) -> None:
    campaign = campaigns.draft(text("Hello"))
    stored.execute("UPDATE sms_campaigns SET owner_id = %s", [reps[0].id])
    manager = program_of(campaigns.world.app.test_client(), stored, add_person(stored, "Mia Manager", "manager"))
    ann = program_of(campaigns.world.app.test_client(), stored, reps[0])
    at, wanted = f"/api/sms/campaigns/{campaign}", [str(rep.id) for rep in reps]
    assert ann.patch(at, rules={"assign_to": wanted}).status_code == 422
    assert manager.patch(at, rules={"assign_to": ["99999"]}).status_code == 422
    for door, rules in ((manager, {"assign_to": wanted}), (ann, {"exit_tags": ["sold"]})):
        answer = door.patch(at, rules=rules)
        assert answer.status_code == 200, answer.text
        assert answer.json is not None and answer.json["rules"]["assign_to"] == wanted


def test_a_person_says_on_their_profile_that_they_are_away(
    campaigns: Campaigns, stored: psycopg.Connection, reps: list[Person]
) -> None:
    ann = at_work(campaigns, reps[0].email)
    assert "I am away" in read(ann.get("/profile"))
    follow(ann, ann.post("/profile/away", away="on"))
    assert 'value="on" aria-pressed="true"' in ann.get("/profile").text
    assert "Away" in read(at_work(campaigns).get("/team"))
    follow(ann, ann.post("/profile/away", away="off"))
    done = stored.execute("SELECT action FROM audit_log WHERE action LIKE 'user.%%' ORDER BY id").fetchall()
    assert done == [("user.away",), ("user.back",)]
