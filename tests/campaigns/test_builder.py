"""The builder's page: steps are written, moved, copied and taken out, and nothing that somebody wrote is lost."""

from __future__ import annotations

import re

import psycopg
import pytest

from tests.api.support import add_lead
from tests.campaigns.building import HTMX, bodies, draft_of, fields, keys, launched, seen, shown, text
from tests.support.people import Cast
from tests.texts.support import Visitor, add_template, said
from webapp.campaigns.rules import Window
from webapp.campaigns.steps import MOST_STEPS


def test_a_step_is_added_between_two(max_: Visitor) -> None:
    campaign = draft_of(max_, text("a"), text("b"))
    form = max_.get(f"/campaigns/{campaign}/edit", after="a")
    assert "Add step" in said(form)
    answer = max_.post(
        f"/campaigns/{campaign}/steps",
        **fields(after="a", amount="2", unit="days", at_local="9:05", weekdays_only="y", opens="09:00", closes="17:00"),
    )
    assert answer.status_code == 303
    added = shown(campaign).steps[1]
    assert keys(campaign) == ["a", added.key, "b"]
    assert (added.delay_minutes, added.at_local, added.weekdays_only) == (2880, "09:05", True)
    assert (added.body, added.window) == ("Hello", Window(opens="09:00", closes="17:00"))
    page = max_.client.get(answer.location)
    assert "2 days after step 1, at 09:05, a weekend moved to Monday, only from 09:00 to 17:00" in said(page)


def test_htmx_gets_the_rail_alone_and_a_browser_the_page(max_: Visitor) -> None:
    campaign = draft_of(max_, text("a"))
    whole = max_.get(f"/campaigns/{campaign}/edit")
    part = max_.client.get(f"/campaigns/{campaign}/edit", headers=HTMX)
    assert "<html" in whole.text and "<html" not in part.text
    assert 'id="builder"' in part.text
    assert "HX-Request" in whole.headers["Vary"] and "HX-Request" in part.headers["Vary"]


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"body": " "}, "Write a text."),
        ({"body": "Hi {{ first_name"}, "Write merge fields like {{ first_name }}."),
        ({"amount": "soon"}, "Write how long in whole numbers, like 2."),
        ({"amount": "400", "unit": "days"}, "Wait a year at most."),
        ({"at_local": "25:00"}, "Write a time of day like 09:30."),
        ({"opens": "10:00"}, "Give both times, or neither."),
        ({"opens": "10:00", "closes": "09:00"}, "It must close later than it opens, on the same day."),
        ({"opens": "21:00", "closes": "23:00"}, "Nothing would ever go then: your sending hours are 08:00 to 21:00."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    max_: Visitor, wrong: dict[str, str], complaint: str
) -> None:
    campaign = draft_of(max_, text("a"))
    answer = max_.post(f"/campaigns/{campaign}/steps", **fields(after="a", **{"body": "Kept words", **wrong}))
    assert answer.status_code == 422
    assert complaint in said(answer)
    assert "body" in wrong or "Kept words" in said(answer)
    assert keys(campaign) == ["a"]


def test_a_saved_step_keeps_its_key(max_: Visitor) -> None:
    campaign = draft_of(max_, text("a"), text("b"))
    form = max_.get(f"/campaigns/{campaign}/edit", step="b")
    answer = max_.post(f"/campaigns/{campaign}/steps/b", **fields(body="Other\r\nwords", seen=seen(form)))
    assert answer.status_code == 303
    assert (keys(campaign), bodies(campaign)) == (["a", "b"], ["This is a.", "Other\nwords"])


def test_a_step_put_in_front_comes_at_once_and_the_first_one_a_day_after_it(max_: Visitor) -> None:
    campaign = draft_of(max_, text("a", at_local="10:05"), text("b", after=60))
    form = max_.get(f"/campaigns/{campaign}/edit", after="start")
    assert "The step that is first now becomes step 2: 1 day after step 1, at 10:05." in said(form)
    given = re.search(r'id="step-amount"[^>]*value="(\d+)"', form.text)
    assert given and given[1] == "0"
    assert "becomes step 2" not in said(max_.get(f"/campaigns/{campaign}/edit", after="a"))
    max_.post(f"/campaigns/{campaign}/steps", **fields(after="start"))
    assert [step.delay_minutes for step in shown(campaign).steps] == [0, 24 * 60, 60]


def test_a_first_step_that_waits_keeps_its_wait_behind_one_put_in_front(max_: Visitor) -> None:
    campaign = draft_of(max_, text("a", after=120))
    assert "becomes step 2: 2 hours after step 1." in said(max_.get(f"/campaigns/{campaign}/edit", after="start"))
    max_.post(f"/campaigns/{campaign}/steps", **fields(after="start"))
    assert [step.delay_minutes for step in shown(campaign).steps] == [0, 120]


def test_another_first_step_takes_over_that_the_campaign_begins_at_once(max_: Visitor) -> None:
    campaign = draft_of(max_, text("a"), text("b", after=60, at_local="10:05"), text("c", after=120))
    max_.post(f"/campaigns/{campaign}/steps/b/move", way="up")
    assert [(step.key, step.delay_minutes) for step in shown(campaign).steps] == [("b", 0), ("a", 60), ("c", 120)]
    max_.post(f"/campaigns/{campaign}/order", keys="c b a", dragged="c")
    assert [(step.key, step.delay_minutes) for step in shown(campaign).steps] == [("c", 0), ("b", 120), ("a", 60)]
    max_.post(f"/campaigns/{campaign}/steps/b/move", way="down")
    assert [(step.key, step.delay_minutes) for step in shown(campaign).steps] == [("c", 0), ("a", 60), ("b", 120)]


def test_a_first_step_that_waits_gives_its_wait_to_nobody(max_: Visitor) -> None:
    campaign = draft_of(max_, text("a", after=30), text("b", after=60))
    max_.post(f"/campaigns/{campaign}/steps/b/move", way="up")
    assert [(step.key, step.delay_minutes) for step in shown(campaign).steps] == [("b", 60), ("a", 30)]


def test_a_text_is_put_into_plain_characters_without_scripts_and_not_saved_by_that(max_: Visitor) -> None:
    campaign = draft_of(max_, text("a", 'It’s time – {{ first_name | default("you") }}'))
    form = max_.get(f"/campaigns/{campaign}/edit", step="a")
    assert 'name="plain"' in form.text
    answer = max_.post(
        f"/campaigns/{campaign}/steps/a",
        **fields(body='It’s now – {{ first_name | default("you") }}', plain="yes", seen=seen(form)),
    )
    assert 'It\'s now - {{ first_name | default("you") }}' in said(answer)
    assert 'name="plain"' not in answer.text and 'data-keeps-words="unsaved"' in answer.text
    assert bodies(campaign) == ['It’s time – {{ first_name | default("you") }}']
    new = max_.post(f"/campaigns/{campaign}/steps", **fields(after="a", body="“New”", plain="yes"))
    assert '"New"' in said(new) and keys(campaign) == ["a"]


def test_nobody_overwrites_what_they_have_not_read(max_: Visitor) -> None:
    campaign = draft_of(max_, text("a", "One two three"))
    mine, theirs = (seen(max_.get(f"/campaigns/{campaign}/edit", step="a")) for _ in range(2))
    max_.post(f"/campaigns/{campaign}/steps/a", **fields(body="One two four", seen=theirs))
    answer = max_.post(f"/campaigns/{campaign}/steps/a", **fields(body="One five three", seen=mine))
    assert answer.status_code == 409
    assert "Somebody else changed this step while you were writing." in said(answer)
    assert "<del>two</del><ins>five</ins>" in answer.text
    assert bodies(campaign) == ["One two four"]
    max_.post(f"/campaigns/{campaign}/steps/a", **fields(body="One five three", seen=seen(answer)))
    assert bodies(campaign) == ["One five three"]


def test_a_step_that_somebody_took_out_can_still_be_added(max_: Visitor) -> None:
    campaign = draft_of(max_, text("a"), text("b"))
    mine = seen(max_.get(f"/campaigns/{campaign}/edit", step="b"))
    max_.post(f"/campaigns/{campaign}/steps/b/remove")
    answer = max_.post(f"/campaigns/{campaign}/steps/b", **fields(body="My words", seen=mine))
    assert answer.status_code == 409
    assert "Somebody took this step out while you were writing." in said(answer)
    assert "My words" in said(answer)
    max_.post(f"/campaigns/{campaign}/steps", **fields(body="My words", after="a"))
    assert bodies(campaign) == ["This is a.", "My words"]


def test_buttons_move_a_step_and_keep_the_focus(max_: Visitor) -> None:
    campaign = draft_of(max_, text("a"), text("b"), text("c"))
    answer = max_.post(f"/campaigns/{campaign}/steps/c/move", way="up")
    assert keys(campaign) == ["a", "c", "b"]
    page = max_.client.get(answer.location)
    assert 'id="up-c" autofocus' in page.text
    headers = {**HTMX, "X-CSRFToken": max_._token}
    at_the_top = max_.client.post(f"/campaigns/{campaign}/steps/a/move", data={"way": "up"}, headers=headers)
    assert "nothing has changed" in said(at_the_top) and "is moved" not in said(at_the_top)
    max_.post(f"/campaigns/{campaign}/steps/a/move", way="down")
    assert keys(campaign) == ["c", "a", "b"]


def test_dragging_sends_the_whole_order_and_is_refused_when_it_is_another_one_by_now(max_: Visitor) -> None:
    campaign = draft_of(max_, text("a"), text("b"), text("c"))
    assert max_.post(f"/campaigns/{campaign}/order", keys="c a b", dragged="c").status_code == 303
    assert keys(campaign) == ["c", "a", "b"]
    max_.post(f"/campaigns/{campaign}/steps/b/remove")
    answer = max_.post(f"/campaigns/{campaign}/order", keys="b c a", dragged="b")
    assert answer.status_code == 409
    assert "Somebody else changed the steps meanwhile." in said(answer)
    assert keys(campaign) == ["c", "a"]


def test_a_copy_stands_behind_its_step_with_a_key_of_its_own(max_: Visitor) -> None:
    campaign = draft_of(max_, text("a", after=60), text("b"))
    max_.post(f"/campaigns/{campaign}/steps/a/duplicate")
    first, copy, last = shown(campaign).steps
    assert (first.key, last.key, copy.body, copy.delay_minutes) == ("a", "b", first.body, 60)
    assert copy.key not in ("a", "b")


def test_a_step_that_was_taken_out_comes_back_as_it_was(max_: Visitor) -> None:
    before = (text("a"), text("b", "It's 5 < 6", 90, at_local="10:05", weekdays_only=True), text("c"))
    campaign = draft_of(max_, *before)
    answer = max_.post(f"/campaigns/{campaign}/steps/b/remove")
    assert keys(campaign) == ["a", "c"]
    assert "Step 2 is taken out." in said(answer)
    undo = fields(key="b", place="1", amount="90", at_local="10:05", weekdays_only="y", body="It's 5 < 6")
    for name, value in undo.items():
        shown_value = value.replace("'", "&#39;").replace("<", "&lt;")
        assert f'name="{name}"' in answer.text and shown_value in answer.text
    max_.post(f"/campaigns/{campaign}/restore", **undo)
    assert shown(campaign).steps == before
    max_.post(f"/campaigns/{campaign}/restore", **undo)
    assert shown(campaign).steps == before


def test_a_campaign_is_full_at_some_time(max_: Visitor) -> None:
    campaign = draft_of(max_, *(text(f"s{number}") for number in range(MOST_STEPS)))
    answer = max_.post(f"/campaigns/{campaign}/steps/s3/duplicate")
    assert answer.status_code == 409
    assert f"at most {MOST_STEPS} steps" in said(answer)


def test_a_template_is_put_into_the_text_and_nothing_is_saved_by_it(max_: Visitor, cast: Cast) -> None:
    template = add_template(cast.manager, name="Greeting", category="Calls", body="From the library")
    campaign = draft_of(max_, text("a"))
    form = max_.get(f"/campaigns/{campaign}/edit", step="a")
    assert '<optgroup label="Calls">' in form.text
    answer = max_.post(
        f"/campaigns/{campaign}/steps/a", **fields(body="Mine", insert="yes", template=str(template), seen=seen(form))
    )
    assert "Mine\nFrom the library" in answer.text
    assert bodies(campaign) == ["This is a."]


def test_steps_read_as_the_chosen_lead_would_read_them(max_: Visitor, cast: Cast) -> None:
    add_lead(cast.rep, first_name="Ann", last_name="Lee")
    campaign = draft_of(max_, text("a", "Hi {{ first_name }}, it’s {{ my_name }}"))
    max_.post(f"/campaigns/{campaign}/steps/a/duplicate")
    page = said(max_.get(f"/campaigns/{campaign}/edit", **{"for": "ann"}))
    assert page.count("Reply STOP") == 1
    assert "1 segment · $0.013 with it." in page
    assert "As Ann Lee would read it" in page
    assert "Hi Ann, it’s Rita Rep" in page
    assert "because of the curly apostrophe ’ (write ')" in page


def test_a_lead_that_nobody_has_reads_the_name_of_whose_campaign_it_is(
    rita: Visitor, max_: Visitor, conn: psycopg.Connection
) -> None:
    add_lead(None, first_name="Ann", last_name="Lee")
    campaign = draft_of(rita, text("a", "It's {{ my_name }}"))
    paths = (f"/campaigns/{campaign}/edit", f"/campaigns/{campaign}/edit?step=a", f"/campaigns/{campaign}/templates")
    add_template(max_.person, body="This is {{ my_name }}")
    typed = max_.post(f"/campaigns/{campaign}/preview/text", body="I am {{ my_name }}", **{"for": "ann"})
    assert "I am Rita Rep" in said(typed) and "Reply STOP" not in said(typed)
    first = max_.post(f"/campaigns/{campaign}/preview/text", body="I am {{ my_name }}", first="yes")
    assert "A first text also says" in said(first) and "Reply STOP" in said(first)
    for path, words in zip(paths, ("It's Rita Rep", "It's Rita Rep", "This is Rita Rep"), strict=True):
        assert words in said(max_.client.get(path))
    conn.execute("UPDATE users SET active = false WHERE name = 'Rita Rep'")
    page = said(max_.get(f"/campaigns/{campaign}/edit", **{"for": "ann"}))
    assert "Not sent to Ann Lee: my name is missing." in page


def test_the_name_of_a_colleague_who_left_is_not_signed(max_: Visitor, cast: Cast, conn: psycopg.Connection) -> None:
    add_lead(cast.rep, first_name="Ann", last_name="Lee")
    conn.execute("UPDATE users SET active = false WHERE id = %s", [cast.rep.id])
    campaign = draft_of(max_, text("a", "It's {{ my_name }}"))
    assert "It's Max Manager" in said(max_.get(f"/campaigns/{campaign}/edit", **{"for": "ann"}))


def test_the_picker_offers_what_one_may_use_with_its_merge_fields(max_: Visitor, rita: Visitor, cast: Cast) -> None:
    add_lead(cast.rep, first_name="Ann")
    add_template(cast.manager, name="Greeting", category="Calls", body="Hi {{ first_name }}")
    add_template(cast.rep, name="Rita's own", shared=False)
    campaign = draft_of(max_, text("a"))
    offered = max_.get(f"/campaigns/{campaign}/templates")
    assert "Hi Ann" in said(offered) and "Rita's own" not in said(offered)
    assert 'data-text="Hi {{ first_name }}"' in offered.text and 'data-category="Calls"' in offered.text
    assert rita.get(f"/campaigns/{campaign}/templates").status_code == 404
    assert rita.post(f"/campaigns/{campaign}/preview/text", body="x").status_code == 404


def test_enter_in_a_field_saves_the_step_where_templates_can_be_put_in(max_: Visitor, cast: Cast) -> None:
    add_template(cast.manager)
    campaign = draft_of(max_, text("a"))
    form = max_.get(f"/campaigns/{campaign}/edit", step="a").text
    form = form[form.index("data-step-form") :]
    assert form.index("Save step") < form.index('name="insert"')


def test_the_only_step_comes_back_too(max_: Visitor) -> None:
    campaign = draft_of(max_, text("a"))
    answer = max_.post(f"/campaigns/{campaign}/steps/a/remove")
    assert "Step 1 is taken out." in said(answer) and "Undo" in said(answer)
    assert "No text yet." in said(answer)


def test_reps_build_their_own_campaigns_and_see_no_others(rita: Visitor, otto: Visitor, max_: Visitor) -> None:
    campaign = draft_of(rita, text("a"), name="Rita's own")
    assert "Rita's own" in said(rita.get("/campaigns"))
    assert "Rita's own" in said(max_.get("/campaigns"))
    assert "Rita's own" not in said(otto.get("/campaigns"))
    assert otto.get(f"/campaigns/{campaign}/edit").status_code == 404
    for path in ("steps", "steps/a", "steps/a/move", "steps/a/remove", "order", "restore", "name", "rules", "delete"):
        assert otto.post(f"/campaigns/{campaign}/{path}", **fields(name="Mine")).status_code == 404
    assert otto.get("/campaigns/new", copy=str(campaign)).status_code == 404
    assert keys(campaign) == ["a"]


def test_what_is_over_is_not_changed_but_copied(max_: Visitor, conn: psycopg.Connection) -> None:
    campaign = draft_of(max_, text("a"))
    conn.execute("UPDATE sms_campaigns SET status = 'finished' WHERE id = %s", [campaign])
    page = max_.get(f"/campaigns/{campaign}/edit")
    assert "cannot be changed any more" in said(page)
    assert "Edit step" not in page.text
    assert max_.post(f"/campaigns/{campaign}/steps/a/remove").status_code == 409
    assert keys(campaign) == ["a"]


def test_a_campaign_that_has_run_is_edited_as_a_draft_which_can_be_thrown_away(
    max_: Visitor, conn: psycopg.Connection
) -> None:
    campaign = launched(max_, conn, text("a"), text("b"))
    assert "nothing changes for anybody until you publish it" in said(max_.get(f"/campaigns/{campaign}/edit"))
    max_.post(f"/campaigns/{campaign}/steps/b/remove")
    page = max_.get(f"/campaigns/{campaign}/edit")
    assert "Version 2 is a draft. Leads get version 1 until you publish it." in said(page)
    assert keys(campaign) == ["a"]
    max_.post(f"/campaigns/{campaign}/draft/discard")
    assert keys(campaign) == ["a", "b"]
