"""The list of campaigns, making one, its name and its rules."""

from __future__ import annotations

import re
from html import unescape

import psycopg
import pytest

from tests.campaigns.building import HTMX, bodies, draft_of, keys, launched, shown, text
from tests.campaigns.support import HOUR, Campaigns
from tests.campaigns.support import text as step
from tests.support.world import add_sender
from tests.texts.support import Visitor, actor_of, said
from webapp import clock, database
from webapp.campaigns import store
from webapp.campaigns.building import rule_words, starters
from webapp.campaigns.building.starters import STARTERS
from webapp.campaigns.figures import overview
from webapp.campaigns.figures.overview import Filter
from webapp.campaigns.rules import Rules, Senders, Window
from webapp.campaigns.steering import checklist
from webapp.campaigns.steps import Version
from webapp.carrier import segments
from webapp.models.constants import LeadStatus
from webapp.rules.footers import Signature, added
from webapp.texts.preview import preview
from webapp.texts.render import MergeFields

RULES = {
    "stop_on_reply": "y",
    "exit_tags": "",
    "reentry": "never",
    "reentry_days": "",
    "elsewhere": "skip",
    "opens": "",
    "closes": "",
    "touch_gap_hours": "24",
    "late_after_hours": "24",
    "sender": "sticky",
    "pace_per_hour": "",
}


def rules_seen(visitor: Visitor, campaign: int) -> str:
    page = visitor.get(f"/campaigns/{campaign}/edit").text
    return page[page.index('id="rules"') :].split('name="seen" value="')[1].split('"')[0]


def save_rules(visitor: Visitor, campaign: int, **given: str):
    form = {"seen": rules_seen(visitor, campaign), **RULES, **given}
    return visitor.post(f"/campaigns/{campaign}/rules", **{name: value for name, value in form.items() if value})


def test_an_empty_list_offers_sequences_to_begin_with(max_: Visitor) -> None:
    page = said(max_.get("/campaigns"))
    assert all(starter.name in page for starter in STARTERS)
    assert "No campaign matches" not in page


@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.key)
def test_each_starter_is_lawful_as_it_is(max_: Visitor, starter: starters.Starter) -> None:
    form = max_.get("/campaigns/new", starter=starter.key)
    assert starter.about in said(form)
    answer = max_.post("/campaigns/new", name=starter.name, starter=starter.key)
    campaign = int(answer.location.split("/")[2])
    version = shown(campaign)
    assert bodies(campaign) == [one.body for one in starter.texts]
    assert version.rules == starter.rules
    assert "my_name" in version.steps[0].body and "business_name" in version.steps[0].body
    assert _checked(version) == []
    assert all(later.after >= 12 * HOUR for later in starter.texts[1:])
    assert all("09:00" <= one.at < "19:00" for one in starter.texts if one.at)


@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.key)
@pytest.mark.parametrize("signed_by", ["Rita Rep", ""], ids=["assigned", "unassigned"])
def test_each_text_of_a_starter_reaches_everybody_in_two_segments_with_all_that_the_law_adds(
    starter: starters.Starter, signed_by: str
) -> None:
    fields = MergeFields(first_name="Alexandra", my_name=signed_by, business_name="Acme Realty")
    for one in starter.texts:
        read = preview(one.body, fields)
        assert (read.error, read.unresolved) == ("", ())
        dressed = read.text + added(read.text, "first", Signature(signed_by, "Acme Realty", "acme.test"))
        counted = segments.count(dressed)
        assert (counted.encoding, counted.segments <= 2) == ("GSM-7", True)


def _checked(version: Version) -> list[str]:
    with database.transaction() as conn:
        return [one.sentence for one in checklist.check(conn, version) if one.step is not None]


def test_the_checklist_names_hours_in_which_nothing_goes_and_what_was_meant_as_a_merge_field(max_: Visitor) -> None:
    night = Window(opens="22:00", closes="23:00")
    campaign = draft_of(max_, text("a", "Hi { first_name }"), text("b", window=night), window=night)
    with database.transaction() as conn:
        said = [
            (each.sentence.split(".")[0], each.step) for each in checklist.check(conn, shown(campaign)) if each.blocks
        ]
    assert ("Step 2: Nothing would ever go then: your sending hours are 08:00 to 21:00", 2) in said
    assert ("The rules: Nothing would ever go then: your sending hours are 08:00 to 21:00", None) in said
    assert any(sentence.startswith("Step 1: Write {{ first_name }} with two braces") for sentence, _ in said)


def test_a_blank_one_needs_a_name_and_a_copy_says_the_same_with_keys_of_its_own(max_: Visitor) -> None:
    assert "Give it a name" in said(max_.post("/campaigns/new", name=" ", kind="drip"))
    answer = max_.post("/campaigns/new", name="Blank", kind="broadcast")
    assert answer.status_code == 303
    campaign = draft_of(max_, text("a", after=5), text("b"), name="Mine", reentry_days=3)
    assert 'value="Mine (copy)"' in max_.get("/campaigns/new", copy=str(campaign)).text
    copied = max_.post("/campaigns/new", name="Other", copy=str(campaign))
    copy = int(copied.location.split("/")[2])
    assert bodies(copy) == bodies(campaign)
    assert shown(copy).rules == shown(campaign).rules
    assert not set(keys(copy)) & set(keys(campaign))
    assert max_.post("/campaigns/new", name="x", starter="nothing").status_code == 404
    assert max_.post("/campaigns/new", name="x", copy="999").status_code == 404


def test_the_list_says_how_far_each_campaign_is(campaigns: Campaigns) -> None:
    leads, phones = campaigns.leads(3)
    campaigns.run(step("One"), step("Two", HOUR), leads=leads, name="Running")
    campaigns.draft(step("One"), name="A draft")
    campaigns.tick()
    campaigns.world.simulator.person_texts(phones[0], "Yes please")
    campaigns.world.simulator.person_texts(phones[1], "STOP")
    campaigns.world.until(lambda: all(campaigns.standing(lead)[0] == "stopped" for lead in leads[:2]))
    with database.transaction() as conn:
        draft, running = overview.lines(conn, campaigns.actor, Filter())
        assert overview.lines(conn, campaigns.actor, Filter(typed="100%")) == []
        assert overview.lines(conn, campaigns.actor, Filter(typed="DRAFT a")) == [draft]
    assert (draft.status, draft.enrolled, draft.next_due, draft.steps) == ("draft", 0, None, 1)
    assert (running.enrolled, running.texted, running.replied, running.opted_out) == (3, 3, 1, 1)
    assert running.next_due is not None and running.next_due > clock.now()


def test_the_list_is_narrowed_by_words_and_state(max_: Visitor, conn: psycopg.Connection) -> None:
    draft_of(max_, text("a"), name="Spring open house")
    old = draft_of(max_, text("a"), name="Old one")
    conn.execute("UPDATE sms_campaigns SET status = 'archived' WHERE id = %s", [old])
    assert "Old one" not in said(max_.get("/campaigns"))
    assert "Old one" in said(max_.get("/campaigns", status="archived"))
    assert "Spring open house" in said(max_.get("/campaigns", q="open sPRing"))
    assert "No campaign matches." in said(max_.get("/campaigns", q="winter"))
    assert "Spring" in said(max_.get("/campaigns", status="nonsense", before="x"))


def test_the_list_is_sorted_as_asked_page_after_page(
    max_: Visitor, conn: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "PAGE_SIZE", 2)
    made = {name: draft_of(max_, text("a"), name=name) for name in ("beta", "Alpha", "Delta", "gamma")}
    for name, status in (("Alpha", "paused"), ("gamma", "running")):
        conn.execute("UPDATE sms_campaigns SET status = %s WHERE id = %s", [status, made[name]])

    def pages(**asked: str) -> list[str]:
        page, names = max_.get("/campaigns", **asked), []
        while True:
            names += re.findall(r'campaign-name">\s*<a href="[^"]*">([^<]*)', page.text)
            following = re.search(r'rel="next" href="([^"]*)"', page.text)
            if following is None:
                return names
            page = max_.client.get(unescape(following[1]))

    assert pages() == pages(sort="nonsense") == ["gamma", "Delta", "Alpha", "beta"]
    assert pages(sort="name") == ["Alpha", "beta", "Delta", "gamma"]
    assert pages(sort="running") == ["gamma", "Alpha", "Delta", "beta"]
    assert pages(sort="name", q="a", status="draft") == ["beta", "Delta"]


def test_the_list_says_that_a_step_was_stopped(max_: Visitor, conn: psycopg.Connection) -> None:
    launched(max_, conn, text("a"), text("b"))
    assert "stopped" not in said(max_.get("/campaigns"))
    conn.execute("UPDATE sms_campaign_steps SET paused_because = 'Filtered.' WHERE step_key = 'a'")
    assert "1 step is stopped" in said(max_.get("/campaigns"))


def test_many_campaigns_come_page_by_page(max_: Visitor) -> None:
    with database.transaction() as conn:
        for number in range(overview.PAGE_SIZE + 3):
            conn.execute(
                "INSERT INTO sms_campaigns (name, kind, owner_id, created_at, updated_at) "
                "VALUES (%s, 'drip', %s, now(), now())",
                [f"Number {number}.", actor_of(max_.person).id],
            )
    first = max_.get("/campaigns").text
    older = max_.client.get(first.split('rel="next" href="')[1].split('"')[0])
    assert "Number 3." in first and "Number 2." not in first
    assert [f"Number {number}." in older.text for number in (0, 1, 2, 3)] == [True, True, True, False]


def test_a_draft_is_deleted_and_one_that_was_launched_archived_which_can_be_undone(
    max_: Visitor, conn: psycopg.Connection
) -> None:
    draft, once = draft_of(max_, text("a")), draft_of(max_, text("a"), name="Launched")
    conn.execute("UPDATE sms_campaigns SET status = 'paused', launched_at = now() WHERE id = %s", [once])
    assert max_.post(f"/campaigns/{draft}/delete").status_code == 303
    assert max_.get(f"/campaigns/{draft}/edit").status_code == 404
    max_.post(f"/campaigns/{once}/delete")
    assert "“Launched” is archived." in said(max_.get("/campaigns"))
    max_.post(f"/campaigns/{once}/unarchive")
    assert "Launched" in said(max_.get("/campaigns", status="paused"))
    conn.execute("UPDATE sms_campaigns SET status = 'running' WHERE id = %s", [once])
    assert max_.post(f"/campaigns/{once}/delete").status_code == 409


def test_a_campaign_gets_another_name(max_: Visitor) -> None:
    campaign = draft_of(max_, text("a"))
    assert max_.post(f"/campaigns/{campaign}/name", name="  Other   name ").status_code == 303
    assert "Other name" in said(max_.get("/campaigns"))
    assert "at most 100 fit" in said(max_.post(f"/campaigns/{campaign}/name", name="x" * 101))


def test_rules_are_saved_and_summed_up_in_a_sentence(max_: Visitor, conn: psycopg.Connection) -> None:
    second = add_sender(conn, "+15125550177")
    conn.execute("UPDATE phone_numbers SET simulated = false")
    campaign = draft_of(max_, text("a"))
    assert "Stops on a reply; once a lead; all sending hours, 24 hours after a colleague wrote" in said(
        max_.get(f"/campaigns/{campaign}/edit")
    )
    answer = save_rules(
        max_,
        campaign,
        exit_tags=" client , sold ",
        reentry="after",
        reentry_days="30",
        opens="9:30",
        closes="18:00",
        touch_gap_hours="1",
        late_after_hours="48",
        most_a_week="3",
        sender="fixed",
        numbers=str(second),
        pace_per_hour="1000",
        takes_joiners="y",
        elsewhere="both",
    )
    assert answer.status_code == 303
    assert shown(campaign).rules == Rules(
        exit_tags=("client", "sold"),
        reentry_days=30,
        window=Window(opens="09:30", closes="18:00"),
        touch_gap_hours=1,
        late_after_hours=48,
        most_a_week=3,
        senders=Senders(choice="fixed", numbers=(second,)),
        one_campaign_at_a_time="both",
    )
    assert (
        "Stops on a reply or the tag “client” or “sold”; again after 30 days; 09:30 to 18:00, 1 hour after a colleague"
        " wrote; from Test, (512) 555-0177; at most 3 automatic texts to a lead in seven days; 1,000 leads an hour; takes whoever joins its list later; asks before a text more"
        " than 48 hours late." in said(max_.get(f"/campaigns/{campaign}/edit"))
    )


def test_statuses_that_end_it_are_ticked_and_named_by_their_labels(max_: Visitor) -> None:
    campaign = draft_of(max_, text("a"))
    form = {**RULES, "seen": rules_seen(max_, campaign), "csrf_token": max_._token}
    ticked = {"exit_statuses": ["lost", "client", "made up"]}
    assert max_.client.post(f"/campaigns/{campaign}/rules", data=form | ticked).status_code == 303
    assert shown(campaign).rules == Rules(exit_statuses=(LeadStatus.CLIENT, LeadStatus.LOST), late_after_hours=24)
    page = max_.get(f"/campaigns/{campaign}/edit")
    assert "Stops on a reply or the status “Client” or “Not interested”; once a lead" in said(page)
    boxes = re.findall(
        r'<input( checked)? id="rules-status-\d" name="exit_statuses" type="checkbox" value="(\w+)">', page.text
    )
    assert [value for checked, value in boxes if checked] == ["client", "lost"]
    assert len(boxes) == len(LeadStatus)


@pytest.mark.parametrize(
    ("stop_on_reply", "tags", "statuses", "said_so"),
    [
        (True, (), ("client",), "Stops on a reply or the status “Client”"),
        (True, ("vip", "sold"), ("lost",), "Stops on a reply, the tag “vip” or “sold”, or the status “Not interested”"),
        (False, (), (), "Goes on after a reply"),
        (False, ("sold",), ("client", "lost"), "Goes on after a reply, until the tag “sold” or the status “Client” or “Not interested”"),
    ],
)  # fmt: skip
def test_the_goal_in_a_sentence(
    max_: Visitor, stop_on_reply: bool, tags: tuple[str, ...], statuses: tuple[LeadStatus, ...], said_so: str
) -> None:
    campaign = draft_of(max_, text("a"))
    rules = Rules(stop_on_reply=stop_on_reply, exit_tags=tags, exit_statuses=statuses)
    with database.transaction() as conn:
        found = store.find(conn, actor_of(max_.person), campaign)
        assert found is not None
        assert rule_words.sentence(rules, found, {}).startswith(f"{said_so};")


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"reentry": "after"}, "Write a whole number from 0 to 3,650."),
        ({"touch_gap_hours": "x"}, "Write a whole number from 0 to 720."),
        ({"late_after_hours": "0"}, "Write a whole number from 1 to 720."),
        ({"most_a_week": "0"}, "Write a whole number from 1 to 100."),
        ({"pace_per_hour": "-3"}, "Write a whole number from 1 to 100,000."),
        ({"sender": "pool"}, "Choose two numbers or more."),
        ({"sender": "fixed"}, "Choose the one number that writes."),
        ({"closes": "10:00"}, "Give both times, or neither."),
        ({"exit_tags": "x" * 51}, "At most 50 tags of 50 characters each."),
    ],
)
def test_a_wrong_rule_is_said_at_its_field(max_: Visitor, wrong: dict[str, str], complaint: str) -> None:
    campaign = draft_of(max_, text("a"))
    answer = save_rules(max_, campaign, **wrong)
    assert answer.status_code == 422
    assert complaint in said(answer)
    assert shown(campaign).rules == Rules()


def test_nobody_overwrites_rules_that_they_have_not_read(max_: Visitor) -> None:
    campaign = draft_of(max_, text("a"))
    mine = rules_seen(max_, campaign)
    save_rules(max_, campaign, touch_gap_hours="5")
    answer = save_rules(max_, campaign, touch_gap_hours="7", seen=mine)
    assert answer.status_code == 409
    assert "Somebody changed the rules while you did." in said(answer)
    assert 'value="7"' in answer.text
    assert shown(campaign).rules.touch_gap_hours == 5


def test_htmx_gets_the_rules_alone(max_: Visitor) -> None:
    campaign = draft_of(max_, text("a"))
    form = {**RULES, "seen": rules_seen(max_, campaign), "csrf_token": max_._token}
    answer = max_.client.post(f"/campaigns/{campaign}/rules", data=form, headers=HTMX)
    assert answer.status_code == 200
    assert 'id="rules"' in answer.text and 'id="builder"' not in answer.text
