"""Publishing as a page and as a call: the diff, who waits where, and the choice."""

from __future__ import annotations

import re

import psycopg
from flask import Flask

from tests.api.support import program_of
from tests.campaigns.building import draft_of, fields, launched, seen, shown, text
from tests.support.people import Cast
from tests.texts.support import Visitor, said


def edit_step(visitor: Visitor, campaign: int, key: str, **values: str) -> None:
    form = visitor.get(f"/campaigns/{campaign}/edit", step=key)
    visitor.post(f"/campaigns/{campaign}/steps/{key}", **fields(seen=seen(form), **values))


def draft_seen(visitor: Visitor, campaign: int) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', visitor.get(f"/campaigns/{campaign}/publish").text)
    assert found
    return found[1]


def put_in(conn: psycopg.Connection, campaign: int, position: int) -> None:
    """Somebody who waits for a step of the live version."""
    conn.execute(
        """
        WITH number AS (
            INSERT INTO contact_numbers (e164, created_at) VALUES ('+1512555' || (1000 + %(position)s), now())
            RETURNING id
        ), thread AS (
            INSERT INTO sms_conversations (contact_number_id, phone_number_id, created_at)
            SELECT number.id, p.id, now() FROM number, phone_numbers p RETURNING id, contact_number_id
        )
        INSERT INTO sms_campaign_enrollments
            (campaign_id, version_id, contact_number_id, conversation_id, position, next_run_at, created_at)
        SELECT g.id, g.live_version_id, t.contact_number_id, t.id, %(position)s, now(), now()
        FROM thread t, sms_campaigns g WHERE g.id = %(campaign)s
        """,
        {"campaign": campaign, "position": position},
    )


def test_the_page_shows_what_changes_word_by_word_and_for_whom(max_: Visitor, conn: psycopg.Connection) -> None:
    campaign = launched(max_, conn, text("a", "One two"), text("b"), text("c"))
    put_in(conn, campaign, 1)
    put_in(conn, campaign, 2)
    edit_step(max_, campaign, "a", body="One three", amount="5")
    max_.post(f"/campaigns/{campaign}/steps/b/remove")
    page = max_.get(f"/campaigns/{campaign}/publish")
    assert "<del>two</del><ins>three</ins>" in page.text
    assert "<del>As soon as they are put in</del> <ins>5 minutes after they are put in</ins>" in page.text
    words = said(page)
    assert "Step 2 taken out" in words
    assert "1 other step stays as it is." in words
    assert "1 Step 2 of version 1: This is b. Step 2" in words
    assert "1 Step 3 of version 1: This is c. Step 2" in words
    assert "What becomes of 2 leads on the way?" in words


def test_one_must_choose_what_becomes_of_them(max_: Visitor, conn: psycopg.Connection) -> None:
    campaign = launched(max_, conn, text("a"), text("b"))
    put_in(conn, campaign, 0)
    edit_step(max_, campaign, "b", body="Other")
    answer = max_.post(f"/campaigns/{campaign}/publish", seen=draft_seen(max_, campaign))
    assert answer.status_code == 422
    assert "Choose one of the two." in said(answer)


def test_publishing_says_what_it_did(max_: Visitor, conn: psycopg.Connection) -> None:
    campaign = launched(max_, conn, text("a"), text("b"))
    put_in(conn, campaign, 1)
    edit_step(max_, campaign, "b", body="Other")
    answer = max_.post(f"/campaigns/{campaign}/publish", seen=draft_seen(max_, campaign), waiting="finish")
    assert answer.status_code == 303
    versions = max_.get(f"/campaigns/{campaign}/versions")
    assert "Version 2 is live. Leads on the way finish the version that they began." in said(versions)
    assert "1 lead finishes an older version." in said(versions)
    max_.post(f"/campaigns/{campaign}/versions/move")
    words = said(max_.get(f"/campaigns/{campaign}/versions"))
    assert "1 lead moved over." in words
    assert "finishes an older version" not in words
    assert "Version 2 live · 1 lead follows it" in words


def test_nobody_publishes_a_draft_that_they_have_not_read(max_: Visitor, conn: psycopg.Connection) -> None:
    campaign = launched(max_, conn, text("a"))
    edit_step(max_, campaign, "a", body="Read")
    mine = draft_seen(max_, campaign)
    edit_step(max_, campaign, "a", body="Unread")
    answer = max_.post(f"/campaigns/{campaign}/publish", seen=mine, waiting="finish")
    assert answer.status_code == 409
    assert "Somebody changed the draft meanwhile." in said(answer)
    assert "Unread" in said(answer)
    max_.post(f"/campaigns/{campaign}/publish", seen=draft_seen(max_, campaign), waiting="finish")
    late = max_.post(f"/campaigns/{campaign}/publish", seen=mine, waiting="finish")
    assert late.status_code == 409
    assert "Somebody published the draft, or threw it away, meanwhile." in said(late)


def test_what_is_wrong_keeps_a_draft_back(max_: Visitor, conn: psycopg.Connection) -> None:
    campaign = launched(max_, conn, text("a"))
    edit_step(max_, campaign, "a", body="See bit.ly/abc")
    page = max_.get(f"/campaigns/{campaign}/publish")
    assert "carriers block those" in said(page)
    assert "disabled" in page.text
    answer = max_.post(f"/campaigns/{campaign}/publish", seen=draft_seen(max_, campaign), waiting="finish")
    assert answer.status_code == 409


def test_others_publish_nothing(otto: Visitor, rita: Visitor, conn: psycopg.Connection) -> None:
    campaign = launched(rita, conn, text("a"))
    edit_step(rita, campaign, "a", body="Other")
    for path in ("publish", "versions"):
        assert otto.get(f"/campaigns/{campaign}/{path}").status_code == 404
    for path in ("publish", "versions/move", "draft/discard"):
        assert otto.post(f"/campaigns/{campaign}/{path}", waiting="move").status_code == 404
    mine = rita.post(f"/campaigns/{campaign}/publish", seen=draft_seen(rita, campaign), waiting="move")
    assert (mine.status_code, "published by a second person" in said(mine)) == (409, True)


def test_a_program_publishes(app: Flask, cast: Cast, max_: Visitor, conn: psycopg.Connection) -> None:
    manager = program_of(app.test_client(), conn, cast.manager)
    campaign = launched(max_, conn, text("a"), text("b"))
    put_in(conn, campaign, 1)
    at = f"/api/sms/campaigns/{campaign}/publish"
    assert manager.post(at).status_code == 422
    nothing = manager.post(at, waiting="move")
    assert (nothing.status_code, nothing.json["reason"]) == (409, "no_draft")
    edit_step(max_, campaign, "b", body="Other")
    answer = manager.post(at, waiting="move")
    assert answer.status_code == 200, answer.text
    assert (answer.json["moved"], answer.json["finished"]) == (1, 0)
    assert (answer.json["campaign"]["version"], answer.json["campaign"]["has_draft"]) == (2, False)
    assert shown(campaign).steps[1].body == "Other"
    draft = draft_of(max_, text("a"))
    assert manager.post(f"/api/sms/campaigns/{draft}/publish", waiting="finish").status_code == 409
    assert manager.post("/api/sms/campaigns/999/publish", waiting="finish").status_code == 404
