"""Choosing whom a campaign is for, on its own page: a list or conditions, and the arithmetic before anything happens."""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import urlencode

import psycopg
import pytest

from tests.accounts.conftest import Visitor
from tests.campaigns.pages import at_work, read, whole
from tests.campaigns.support import DAY, Campaigns, text
from tests.support.people import add_person
from webapp import clock, database
from webapp.campaigns.joining import joiners
from webapp.campaigns.pages import whom
from webapp.jobs import bulk_runner
from webapp.leads import bulk_work, filters, lists
from webapp.leads.lists import NewList

TEXAS = {"conditions": [{"field": "state", "op": "is", "value": ["TX"]}]}


@pytest.fixture
def max_(campaigns: Campaigns) -> Visitor:
    return at_work(campaigns)


def saved(campaigns: Campaigns, name: str, given: object, *, frozen: bool = False) -> int:
    with database.transaction() as conn:
        return lists.create(conn, campaigns.actor, NewList(name, filters.parse(given), frozen=frozen), clock.now())


def form_of(page: str) -> dict[str, str]:
    """What the page's enrolling form would send."""
    form = page[page.index('<form method="post" class="stack"') :]
    fields = re.findall(r'<input type="hidden" name="(list|filter)" value="([^"]*)">', form[: form.index("</form>")])
    return {name: unescape(value) for name, value in fields}


def enrolled(stored: psycopg.Connection) -> set[int]:
    return {row[0] for row in stored.execute("SELECT lead_id FROM sms_campaign_enrollments")}


def kept(stored: psycopg.Connection) -> tuple[int | None, dict[str, object]]:
    row = stored.execute("SELECT saved_list_id, audience FROM sms_campaigns ORDER BY id").fetchone()
    assert row is not None
    return row[0], row[1]


def test_conditions_are_built_on_the_page_without_scripts_and_summed_up_before_anything_happens(
    campaigns: Campaigns, max_: Visitor, stored: psycopg.Connection
) -> None:
    there, fresh, silent = (campaigns.lead(state="TX", agreed=agreed)[0] for agreed in (True, True, False))
    campaigns.lead(state="FL")
    campaign = campaigns.draft(text("One"))
    campaigns.enroll(campaign, [there])
    at = f"/campaigns/{campaign}/enroll"
    assert "Choose a list" not in read(max_.get(at)), "there is none"
    asked = max_.get(f"{at}?add=state")
    assert 'name="v0"' in asked.text and "not filled in yet" in read(asked)
    assert "btn-primary" not in asked.text.split('id="enroll"')[1]
    page = max_.get(f"{at}?{urlencode({'c0': 'state', 'o0': 'is', 'v0': 'TX'})}")
    said = read(page)
    assert "Match 3 In this campaign already −1 Without consent −1 Can be texted 1" in said
    assert "Enroll 1 lead" in said
    assert enrolled(stored) == {there}
    outcome = whole(max_, max_.post(at, **form_of(page.text)))
    assert "1 enrolled. Left out: 1 in it already, 1 without consent." in outcome
    assert enrolled(stored) == {there, fresh}
    assert silent not in enrolled(stored)
    assert kept(stored) == (None, TEXAS)
    assert 'value="TX"' in max_.get(at).text, "the next time it begins with these"


def test_each_term_of_the_arithmetic_leads_to_those_whom_it_counts(campaigns: Campaigns, max_: Visitor) -> None:
    leads = [campaigns.lead(state="TX", agreed=number > 2)[0] for number in range(8)]
    campaign = campaigns.draft(text("One"))
    campaigns.enroll(campaign, leads[6:])
    page = max_.get(f"/campaigns/{campaign}/enroll?{urlencode({'filter': json.dumps(TEXAS)})}")
    sums = page.text[page.text.index('<dl class="sums">') : page.text.index("</dl>")]
    terms = [(unescape(link), count) for link, count in re.findall(r'<a href="([^"]*)">−?([\d,]+)</a>', sums)]
    assert [count for _, count in terms] == ["8", "2", "3", "3"]
    for link, count in terms:
        assert f"{count} leads" in read(max_.get(link))


def test_a_list_is_taken_as_it_is_and_one_that_was_changed_here_is_its_own_audience(
    campaigns: Campaigns, max_: Visitor, stored: psycopg.Connection
) -> None:
    texan, floridian = campaigns.lead(state="TX")[0], campaigns.lead(state="FL")[0]
    list_id = saved(campaigns, "Texans", TEXAS)
    campaign = campaigns.draft(text("One"))
    at = f"/campaigns/{campaign}/enroll"
    max_.post(at, **form_of(max_.get(f"{at}?list={list_id}").text))
    assert (enrolled(stored), kept(stored)) == ({texan}, (list_id, {}))
    changed = max_.get(f"{at}?{urlencode({'list': list_id, 'c0': 'state', 'o0': 'is', 'v0': 'TX, FL'})}")
    assert "Changed here." in read(changed)
    max_.post(at, **form_of(changed.text))
    assert enrolled(stored) == {texan, floridian}
    assert kept(stored)[0] is None and "FL" in str(kept(stored)[1])


def test_a_frozen_list_is_whoever_is_on_it(campaigns: Campaigns, max_: Visitor, stored: psycopg.Connection) -> None:
    texan, _ = campaigns.lead(state="TX")
    list_id = saved(campaigns, "Texans", TEXAS, frozen=True)
    campaigns.lead(state="TX")
    at = f"/campaigns/{campaigns.draft(text('One'))}/enroll"
    max_.post(at, **form_of(max_.get(f"{at}?list={list_id}").text))
    assert (enrolled(stored), kept(stored)) == ({texan}, (list_id, {}))


def test_a_list_without_its_last_condition_is_nobody_and_one_that_means_nothing_says_so(
    campaigns: Campaigns, max_: Visitor, stored: psycopg.Connection
) -> None:
    campaigns.lead(state="TX")
    list_id = saved(campaigns, "Texans", TEXAS)
    at = f"/campaigns/{campaigns.draft(text('One'))}/enroll"
    bare = max_.get(f"{at}?{urlencode({'list': list_id, 'c0': 'state', 'o0': 'is', 'v0': 'TX', 'remove': '0'})}")
    assert "Choose a list, or add a condition." in read(bare)
    again = max_.get(f"{at}?{urlencode({'list': list_id, 'filter': '{}'})}")
    assert "Choose a list, or add a condition." in read(again)
    stored.execute("""UPDATE saved_lists SET filter = '{"conditions": [{"field": "gone", "op": "is", "value": 1}]}'""")
    assert "not there any more" in read(max_.get(f"{at}?list={list_id}"))
    assert "not there any more" in read(max_.post(at, list=str(list_id)), 422)
    assert enrolled(stored) == set()


@pytest.mark.parametrize("given", ["", "{", "{}", "[]", '{"conditions": [{"field": "gone", "op": "is", "value": 1}]}'])
def test_what_is_unclear_never_becomes_everybody(
    campaigns: Campaigns, max_: Visitor, stored: psycopg.Connection, given: str
) -> None:
    campaigns.leads(2)
    campaign = campaigns.draft(text("One"))
    read(max_.post(f"/campaigns/{campaign}/enroll", filter=given, joiners="yes"), 422)
    assert (enrolled(stored), kept(stored)) == (set(), (None, {}))
    assert stored.execute("SELECT takes_joiners FROM sms_campaigns").fetchone() == (False,)


def test_conditions_that_nobody_meets_enroll_nobody(campaigns: Campaigns, max_: Visitor) -> None:
    campaign = campaigns.draft(text("One"))
    said = whole(max_, max_.post(f"/campaigns/{campaign}/enroll", filter=json.dumps(TEXAS)))
    assert "0 enrolled." in said


def test_whoever_comes_to_meet_the_conditions_later_joins(
    campaigns: Campaigns, max_: Visitor, stored: psycopg.Connection
) -> None:
    first, _ = campaigns.lead(state="TX")
    campaign = campaigns.draft(text("One"))
    max_.post(f"/campaigns/{campaign}/enroll", filter=json.dumps(TEXAS), joiners="yes")
    campaigns.launch(campaign)
    assert "Joins by itself On Whoever comes to match is enrolled: State is TX." in read(
        max_.get(f"/campaigns/{campaign}/enroll")
    )
    later, _ = campaigns.lead(state="TX")
    campaigns.lead(state="FL")
    with database.transaction() as conn:
        joiners.look(conn, campaign, clock.now())
    assert enrolled(stored) == {first, later}


def test_a_rep_counts_and_enrolls_their_own(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    rita, otto = add_person(stored, "Rita Rep", "rep"), add_person(stored, "Otto Rep", "rep")
    mine, _ = campaigns.lead(state="TX", owner_id=rita.id)
    campaigns.lead(state="TX", owner_id=otto.id)
    visitor = at_work(campaigns, rita.email)
    visitor.post("/campaigns/new", name="Mine", kind="drip")
    campaign = stored.execute("SELECT id FROM sms_campaigns").fetchone()
    assert campaign is not None
    at = f"/campaigns/{campaign[0]}/enroll"
    page = visitor.get(f"{at}?{urlencode({'filter': json.dumps(TEXAS)})}")
    assert "Match 1 Can be texted 1" in read(page)
    visitor.post(at, **form_of(page.text))
    assert enrolled(stored) == {mine}


def test_of_leads_that_are_in_another_campaign_one_is_asked_and_only_then(
    campaigns: Campaigns, max_: Visitor, stored: psycopg.Connection
) -> None:
    leads = [campaigns.lead(state="TX")[0] for _ in range(3)]
    campaigns.lead(state="TX", agreed=False)
    campaign = campaigns.draft(text("One"))
    at = f"/campaigns/{campaign}/enroll?{urlencode({'c0': 'state', 'o0': 'is', 'v0': 'TX'})}"
    assert 'name="elsewhere"' not in max_.get(at).text
    other = campaigns.draft(text("Other", DAY), name="Open house")
    campaigns.enroll(other, leads[:2])
    assert 'name="elsewhere"' not in max_.get(at).text, "a draft is no live campaign"
    campaigns.launch(other)
    page = max_.get(at)
    assert "2 of them are on the way through another campaign" in read(page)
    assert 'value="skip" checked' in page.text, "what the rules say"
    answer = max_.post(f"/campaigns/{campaign}/enroll", **form_of(page.text), elsewhere="wait")
    assert "1 enrolled. 2 begin once another campaign has ended." in whole(max_, answer)
    campaigns.launch(campaign)
    assert campaigns.standing(leads[0]) == ("active", 0, "in_another_campaign")


def test_what_the_rules_say_anyway_is_no_choice_for_these_leads(
    campaigns: Campaigns, max_: Visitor, stored: psycopg.Connection
) -> None:
    campaigns.lead(state="TX")
    campaign = campaigns.draft(text("One"))
    page = max_.get(f"/campaigns/{campaign}/enroll?{urlencode({'c0': 'state', 'o0': 'is', 'v0': 'TX'})}")
    for choice, kept in (("skip", (None, False)), ("move", ("chosen_move", False)), ("both", (None, True))):
        stored.execute("DELETE FROM sms_campaign_enrollments")
        max_.post(f"/campaigns/{campaign}/enroll", **form_of(page.text), elsewhere=choice)
        assert stored.execute("SELECT reason, beside_others FROM sms_campaign_enrollments").fetchall() == [kept]


def test_a_bulk_operation_moves_those_in_another_campaign(
    campaigns: Campaigns, max_: Visitor, stored: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whom, "_AT_ONCE", 1)
    leads = [campaigns.lead(state="TX")[0] for _ in range(3)]
    other = campaigns.run(text("Other", DAY), leads=leads[:2], name="Open house")
    campaign = campaigns.run(text("One", DAY), leads=[campaigns.lead()[0]], name="Mine")
    page = max_.get(f"/campaigns/{campaign}/enroll?{urlencode({'c0': 'state', 'o0': 'is', 'v0': 'TX'})}")
    answer = max_.post(f"/campaigns/{campaign}/enroll", **form_of(page.text), elsewhere="move")
    assert answer.location == "/leads/bulk/1"
    assert "those in another campaign are moved" in read(max_.get(answer.location))
    assert bulk_runner.run(1, bulk_work.plan, seconds=60)
    ways = stored.execute(
        "SELECT campaign_id, status, count(*)::int FROM sms_campaign_enrollments WHERE lead_id = ANY(%s) GROUP BY 1, 2",
        [leads],
    ).fetchall()
    assert sorted(ways) == [(other, "stopped", 2), (campaign, "active", 3)]


def test_many_by_conditions_are_a_bulk_operation(
    campaigns: Campaigns, max_: Visitor, stored: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whom, "_AT_ONCE", 1)
    for _ in range(3):
        campaigns.lead(state="TX")
    campaign = campaigns.draft(text("One"))
    answer = max_.post(f"/campaigns/{campaign}/enroll", filter=json.dumps(TEXAS))
    assert answer.location == "/leads/bulk/1"
    assert "0 of 3 leads" in read(max_.get(answer.location))
