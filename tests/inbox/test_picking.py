"""What the composer's picker offers, and that no merge field ever goes out by hand."""

from __future__ import annotations

import html

import psycopg
import pytest

from tests.api.support import add_conversation, add_lead
from tests.inbox.support import CONSENT, Desk, said
from tests.support.people import Cast
from tests.texts.support import add_template


def test_templates_are_offered_as_this_lead_would_read_them_signed_by_who_writes(rita: Desk, max_: Desk, cast: Cast):
    thread = add_conversation(add_lead(cast.rep, first_name="Ann"))
    add_template(cast.manager, body="Hi {{ first_name }}, it's {{ my_name }}")

    assert "Hi Ann, it's Rita Rep" in said(rita.fetch(f"/inbox/{thread}/templates"))
    assert "Hi Ann, it's Max Manager" in said(max_.fetch(f"/inbox/{thread}/templates"))


def test_a_missing_field_is_said_and_comes_into_the_box_as_a_gap(rita: Desk, cast: Cast):
    lead_id = add_lead(cast.rep)
    add_template(cast.rep, body="Hi {{ first_name | title }},\n“tour”?", shared=False)

    offered = rita.fetch(f"/inbox/leads/{lead_id}/templates")

    assert "First name is missing: fill in before you send." in said(offered)
    assert 'data-text="Hi {{ first_name }},\n“tour”?"' in html.unescape(offered.text)


def test_only_what_one_may_use_is_offered_and_nothing_that_was_put_away(
    rita: Desk, cast: Cast, conn: psycopg.Connection
):
    lead_id = add_lead(cast.rep)
    add_template(cast.other_rep, name="Otto's own", shared=False)
    add_template(cast.manager, name="Old")
    conn.execute("UPDATE templates SET archived_at = now() WHERE name = 'Old'")

    assert "No templates yet." in said(rita.fetch(f"/inbox/leads/{lead_id}/templates"))


def test_templates_say_nothing_about_a_colleagues_lead(otto: Desk, cast: Cast):
    lead_id = add_lead(cast.rep, first_name="Ann")
    thread = add_conversation(lead_id)
    add_template(cast.manager)

    assert otto.fetch(f"/inbox/{thread}/templates").status_code == 404
    assert otto.fetch(f"/inbox/leads/{lead_id}/templates").status_code == 404


@pytest.mark.parametrize(
    "body", ["Hi {{ first_name }},", 'Hi {{ first_name | default("there") }}', "{% if x %}y{% endif %}"]
)
def test_a_merge_field_is_never_sent_by_hand(rita: Desk, cast: Cast, conn: psycopg.Connection, body: str):
    thread = add_conversation(add_lead(cast.rep))

    answer = rita.post(f"/inbox/{thread}/messages", body=body, client_key="k1", **CONSENT)

    assert answer.status_code == 422
    assert "Fill in {" in said(answer)
    assert "it would go out as it stands here" in said(answer)
    assert conn.execute("SELECT count(*) FROM sms_messages").fetchone() == (0,)


def test_without_scripts_a_template_is_put_behind_what_is_typed(rita: Desk, cast: Cast):
    thread = add_conversation(add_lead(cast.rep, first_name="Ann"))
    template = add_template(cast.manager, body="Hi {{ first_name }} of {{ custom.city }}, it's {{ my_name }}")
    assert f'formaction="/inbox/{thread}/pick"' in rita.fetch(f"/inbox/{thread}").text

    answer = rita.post(f"/inbox/{thread}/pick", body="So far")
    assert (answer.status_code, answer.location) == (303, f"/inbox/{thread}/pick")
    page = said(rita.fetch(answer.location))
    assert "Hi Ann of city, it's Rita Rep" in page and "City is missing: fill in before you send." in page
    answer = rita.post(f"/inbox/{thread}/pick", template=str(template))
    assert answer.location == f"/inbox/{thread}"
    assert "So far\nHi Ann of {{ custom.city }}, it's Rita Rep" in html.unescape(rita.fetch(answer.location).text)


def test_without_scripts_a_first_text_may_come_from_a_template(rita: Desk, cast: Cast):
    lead_id = add_lead(cast.rep, first_name="Ann")
    template = add_template(cast.manager, body="Hi {{ first_name }}")
    answer = rita.post(f"/inbox/leads/{lead_id}/pick", body="")
    assert answer.status_code == 303
    back = rita.post(answer.location, template=str(template))
    assert "Hi Ann</textarea>" in rita.fetch(back.location).text


def test_nothing_is_put_into_a_colleagues_thread_and_no_template_that_is_not_there(rita: Desk, otto: Desk, cast: Cast):
    thread = add_conversation(add_lead(cast.rep))
    template = add_template(cast.other_rep, name="Otto's own", shared=False)
    assert otto.post(f"/inbox/{thread}/pick", body="Mine").status_code == 404
    assert otto.fetch(f"/inbox/{thread}/pick").status_code == 404
    for wrong in (str(template), "x", "9" * 30):
        assert rita.post(f"/inbox/{thread}/pick", template=wrong).status_code == 404
