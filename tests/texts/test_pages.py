from __future__ import annotations

import pytest

from tests.api.support import add_lead
from tests.support.people import Cast
from tests.texts.support import HELLO, Visitor, add_template, change, look_at, names, said, wordings
from webapp.texts.starters import STARTERS


def test_an_empty_library_offers_templates_to_begin_with_each_by_one_click(max_: Visitor, rita: Visitor, cast: Cast):
    assert all(starter.name in said(max_.get("/templates")) for starter in STARTERS)

    answer = max_.post("/templates/starters/first-answer")
    again = max_.post("/templates/starters/first-answer")

    assert (answer.status_code, answer.location) == (303, "/templates")
    assert again.status_code == 303
    assert names(cast.rep) == ["First answer"]
    page = said(max_.get("/templates"))
    assert f"Starter templates ({len(STARTERS) - 1})" in page
    assert "“First answer” is there already." in page
    assert max_.post("/templates/starters/nothing").status_code == 404


def test_what_a_rep_adds_is_their_own(rita: Visitor, otto: Visitor, cast: Cast):
    rita.post("/templates/starters/first-answer")
    rita.save("/templates/new")

    assert names(cast.rep) == ["First answer", "Greeting"]
    assert names(cast.manager) == []
    assert "Only you" in said(rita.get("/templates"))
    assert "Greeting" not in said(otto.get("/templates"))


def test_the_list_reads_as_the_chosen_lead_would_read_it(max_: Visitor, cast: Cast):
    add_lead(cast.rep, first_name="Ann", last_name="Lee")
    add_lead(cast.rep, "+15125550124", last_name="Nameless")
    add_template(cast.manager, body="Hi {{ first_name }}, it’s time")

    for_ann, for_nameless = said(max_.get("/templates", **{"for": "ann"})), said(max_.get("/templates"))

    assert "as Ann Lee would read it" in for_ann
    assert "Hi Ann, it’s time" in for_ann
    assert "only 70 characters fit in it because of the curly apostrophe ’" in for_ann
    assert "Not sent" not in for_ann
    assert "Hi first name, it’s time" in for_nameless
    assert "Not sent to Nameless: first name is missing." in for_nameless
    assert "no lead matches “zoe”" in said(max_.get("/templates", **{"for": "zoe"}))


def test_a_rep_reads_templates_for_leads_that_they_may_see(otto: Visitor, cast: Cast):
    add_lead(cast.rep, first_name="Ann")
    add_template(cast.manager)

    page = said(otto.get("/templates", **{"for": "ann"}))
    typed = said(otto.post("/templates/preview", body=HELLO, **{"for": "ann"}))

    assert "no lead matches “ann”" in page
    assert "No lead matches “ann”" in typed
    assert "Hi Ann" not in page + typed


def test_the_list_is_narrowed_by_words_and_category(max_: Visitor, cast: Cast):
    add_template(cast.manager, name="Tour", category="Tours")
    add_template(cast.manager, name="Zebra")

    assert "Zebra" not in said(max_.get("/templates", q="tour"))
    assert "1 template," in said(max_.get("/templates", category="tours"))
    assert "No template matches." in said(max_.get("/templates", q="nothing"))


def test_a_new_template_is_saved_with_its_first_version(max_: Visitor, cast: Cast):
    answer = max_.save("/templates/new", category="Calls")

    template_id = int(answer.location.rsplit("/", 1)[-1])
    assert answer.status_code == 303
    assert wordings(template_id) == [(1, HELLO, "Max Manager")]
    assert "Saved." in said(max_.get(answer.location))


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(max_: Visitor, cast: Cast):
    answer = max_.save("/templates/new", name="", category="Calls", body="Hi {{ frist_name }}")

    assert answer.status_code == 422
    assert "Give it a name." in said(answer)
    assert "There is no field frist_name." in said(answer)
    assert 'value="Calls"' in answer.text
    assert "Hi {{ frist_name }}" in answer.text
    assert names(cast.manager) == []


def test_a_taken_name_is_said_beside_the_name(max_: Visitor, cast: Cast):
    template_id = add_template(cast.manager, name="Another")
    add_template(cast.manager)

    for path in ("/templates/new", f"/templates/{template_id}"):
        answer = max_.save(path, version="1", body="My words")
        assert answer.status_code == 409
        assert "There is a template of this name already." in said(answer)
        assert "My words" in answer.text


def test_who_was_overtaken_is_told_keeps_their_words_and_may_then_save_them(max_: Visitor, cast: Cast):
    template_id = add_template(cast.manager, body="The tour is on Monday")
    change(cast.admin, template_id, body="The tour is on Tuesday")

    answer = max_.save(f"/templates/{template_id}", version="1", body="The tour is on Friday")

    assert answer.status_code == 409
    assert "Ada Admin saved version 2 while you were writing" in said(answer)
    assert "<del>Tuesday</del><ins>Friday</ins>" in answer.text
    assert ">The tour is on Friday</textarea>" in answer.text
    assert 'name="version" type="hidden" value="2"' in answer.text
    assert [body for _, body, _ in wordings(template_id)] == ["The tour is on Tuesday", "The tour is on Monday"]

    assert max_.save(f"/templates/{template_id}", version="2", body="The tour is on Friday").status_code == 303
    assert wordings(template_id)[0] == (3, "The tour is on Friday", "Max Manager")


def test_a_form_that_does_not_say_what_it_read_overwrites_nothing(max_: Visitor, cast: Cast):
    template_id = add_template(cast.manager)

    for version in ("", "x", "9" * 30):
        assert max_.save(f"/templates/{template_id}", version=version, body="Mine").status_code == 409
    assert len(wordings(template_id)) == 1


def test_a_rep_reads_everybodys_and_makes_a_copy_of_their_own(rita: Visitor, cast: Cast):
    template_id = add_template(cast.manager, category="Calls")

    page = rita.get(f"/templates/{template_id}")
    copy = rita.get("/templates/new", copy=str(template_id))

    assert "Make a copy of your own" in said(page)
    assert "<textarea" not in page.text
    assert 'value="Greeting (copy)"' in copy.text
    assert "Hi {{ first_name" in copy.text


@pytest.mark.parametrize("act", ["", "/archive", "/unarchive", "/versions/1/restore"])
def test_a_rep_changes_nothing_that_everybody_uses(rita: Visitor, cast: Cast, act: str):
    template_id = add_template(cast.manager)

    assert rita.save(f"/templates/{template_id}{act}", version="1", body="Mine").status_code == 403
    assert wordings(template_id) == [(1, HELLO, "Max Manager")]


@pytest.mark.parametrize("act", ["", "/archive", "/unarchive", "/versions/1/restore"])
def test_a_private_one_is_not_there_for_anybody_else(max_: Visitor, cast: Cast, act: str):
    template_id = add_template(cast.rep, shared=False)

    assert max_.save(f"/templates/{template_id}{act}", version="1", body="Mine").status_code == 404
    assert max_.get(f"/templates/{template_id}").status_code == 404
    assert max_.get(f"/templates/{template_id}/versions").status_code == 404
    assert "Greeting" not in max_.get("/templates/new", copy=str(template_id)).text


def test_a_rep_cannot_make_their_own_everybodys_by_a_forged_form(rita: Visitor, cast: Cast):
    template_id = add_template(cast.rep, shared=False)

    rita.save(f"/templates/{template_id}", version="1", audience="everybody")

    assert names(cast.other_rep) == []


def test_a_manager_keeps_one_to_themselves_or_shares_it(max_: Visitor, cast: Cast):
    template_id = add_template(cast.manager)

    max_.save(f"/templates/{template_id}", version="1", audience="mine")
    assert names(cast.rep) == []
    max_.save(f"/templates/{template_id}", version="1", audience="everybody")
    assert names(cast.rep) == ["Greeting"]


def test_archiving_can_be_undone_at_once_and_later(max_: Visitor, cast: Cast):
    template_id = add_template(cast.manager)

    answer = max_.post(f"/templates/{template_id}/archive")
    page = max_.get(answer.location)
    assert names(cast.rep) == []
    assert f'action="/templates/{template_id}/unarchive"' in page.text
    assert "Archived (1)" in said(page)
    assert "Greeting" in said(max_.get("/templates", archived="yes"))
    assert "Take it out again" in said(max_.get(f"/templates/{template_id}"))

    max_.post(f"/templates/{template_id}/unarchive")
    assert names(cast.rep) == ["Greeting"]


def test_taking_one_out_whose_name_is_used_by_now_says_so(max_: Visitor, cast: Cast):
    template_id = add_template(cast.manager)
    max_.post(f"/templates/{template_id}/archive")
    add_template(cast.manager)

    answer = max_.post(f"/templates/{template_id}/unarchive")

    assert answer.status_code == 409
    assert "Another template is called “Greeting” by now." in said(answer)


def test_versions_show_what_each_changed_and_any_can_be_used_again(max_: Visitor, cast: Cast):
    template_id = add_template(cast.manager, body="The tour is on Monday.")
    change(cast.admin, template_id, body="The tour is on Tuesday at ten.")

    page = max_.get(f"/templates/{template_id}/versions")
    assert "The tour is on <del>Monday</del><ins>Tuesday at ten</ins>." in page.text
    assert "Ada Admin" in said(page)

    max_.post(f"/templates/{template_id}/versions/1/restore")
    found = look_at(cast.rep, template_id)
    assert found is not None
    assert (found.body, found.version) == ("The tour is on Monday.", 3)
    assert max_.post(f"/templates/{template_id}/versions/9/restore").status_code == 404


def test_what_is_typed_is_previewed_for_a_lead_and_not_kept(max_: Visitor, cast: Cast):
    add_lead(cast.rep, first_name="Ann", custom={"city": "Dallas"})

    shown = said(max_.post("/templates/preview", body="Hi {{ first_name }} of {{ custom.town }}", **{"for": "Ann"}))
    other = said(max_.post("/templates/preview", step_2="Hello {{ first_name }}", field="step_2"))

    assert "As Ann reads it" in shown
    assert "Hi Ann of town" in shown
    assert "Not sent to Ann: town is missing." in shown
    assert "None of the newest leads has a field custom.town." in shown
    assert "Hello Ann" in other
    assert "There is no field x." in said(max_.post("/templates/preview", body="{{ x }}"))
    assert "Nothing to show yet." in said(max_.post("/templates/preview"))
    assert names(cast.manager) == []
