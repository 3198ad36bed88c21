"""The overview, and the button that pauses all automatic texts."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from flask import Flask

from tests.compliance.public.support import configure
from tests.inbox.support import Desk
from tests.support.people import Cast, add_person
from tests.support.world import World
from webapp import clock, database
from webapp.accounts import settings as account_settings
from webapp.compliance import automation, jobs, webhook_health
from webapp.messaging import attempts, claims
from webapp.rules.policy import Change

PAGE = "/compliance"


def test_where_nothing_waits_it_says_so(conn: psycopg.Connection, max_: Desk) -> None:
    conn.execute("""INSERT INTO settings (key, value) VALUES ('business_name', '"Homes"'), ('business_contact', '"5"'),
                    ('registration_state', '"approved"')""")
    page = max_.get(PAGE).text
    assert "Nothing. Probable opt-outs" in page
    assert "No text waits." in page
    assert "Texts go every day 8:00 AM–9:00 PM where the lead is" in page
    assert "at most 3 to one person in 24 hours" in page


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT 1", "Still to fill in: the business name and how to reach you"),
        ("SELECT 1", "Nobody has said whether the carriers have approved"),
        (
            "INSERT INTO dnc_lists (kind, name, as_of) VALUES ('national', '512', now() - interval '40 days')",
            "do-not-call",
        ),
        (
            "INSERT INTO contact_numbers (e164, created_at, doubt_at, doubt_source) "
            "VALUES ('+15125550111', now(), now(), 'natural'), ('+15125550112', now(), now(), 'natural')",
            "2 probable opt-outs to confirm or dismiss",
        ),
        (
            "INSERT INTO contact_numbers (e164, created_at, doubt_at, doubt_source) "
            "VALUES ('+15125550111', now(), now() - interval '30 days', 'natural')",
            "The oldest is due today.",
        ),
        (
            "INSERT INTO contact_numbers (e164, created_at, doubt_at, doubt_source) "
            "VALUES ('+15125550111', now(), now(), 'carrier')",
            "Unusually many opt-outs from the carrier",
        ),
        (
            "INSERT INTO heartbeats (name, detail) VALUES ('validity', '{\"error\": \"20403: no\"}')",
            "Twilio may keep texts in its queue past the hours",
        ),
    ],
)
def test_what_waits_for_somebody_is_named(conn: psycopg.Connection, max_: Desk, sql: str, told: str) -> None:
    conn.execute(sql)
    assert told in max_.get(PAGE).text


def test_a_data_request_is_the_admins(conn: psycopg.Connection, max_: Desk, ada: Desk) -> None:
    conn.execute(
        """
        WITH number AS (INSERT INTO contact_numbers (e164, created_at) VALUES ('+15125550111', now()) RETURNING id)
        INSERT INTO privacy_requests (kind, contact_number_id, received_at, due_at, received_by)
        SELECT 'erasure', id, now() - interval '40 days', now() + interval '5 days', 'email' FROM number
        """
    )
    assert "request about people’s data" in ada.get(PAGE).text.replace("&#39;", "’")
    assert "due in 5 days" in ada.get(PAGE).text
    assert "data</span>" not in max_.get(PAGE).text.split("Keeps texts back")[0]


def test_webhooks_that_do_not_arrive_are_told_there_and_above_every_managers_page(
    app: Flask, cast: Cast, max_: Desk, rita: Desk
) -> None:
    assert "webhooks are not arriving" not in max_.get("/inbox").text
    with database.transaction() as conn:
        webhook_health.note_repair(conn)
    automation.forget()
    assert "Twilio’s webhooks are not arriving: 1 text was found only by the sweep" in max_.get("/inbox").text
    assert webhook_health.WHAT_TO_DO in max_.get(PAGE).text
    assert "webhooks are not arriving" not in rita.get("/inbox").text


def test_what_is_held_is_counted_by_its_reason(world: World) -> None:
    ada = Desk(world.app, add_person(world.conn, "Ada Admin", "admin"))
    for _ in range(2):
        world.say(world.conversation(world.phone()), "Later", send_at=clock.now() + timedelta(hours=2))
    world.configure(automation_paused=True)
    world.say(world.conversation(world.phone()), "A reminder", automatic=True)
    page = ada.get(PAGE).text
    assert page.index("Scheduled for later") < page.index("Automatic texts are paused")
    assert '<td class="number">2</td>' in page


def test_pausing_holds_every_automatic_text_and_resuming_lets_them_go(world: World) -> None:
    max_ = Desk(world.app, add_person(world.conn, "Max Manager", "manager"))
    phones = [world.phone() for _ in range(3)]
    claimed, queued, by_hand = (
        world.say(world.conversation(phone), "Hello", automatic=automatic).message_id
        for phone, automatic in zip(phones, (True, True, False), strict=True)
    )
    world.conn.execute("UPDATE sms_messages SET not_before = now() + interval '1 hour' WHERE id <> %s", [claimed])
    with database.transaction() as conn:
        (in_hand,) = claims.claim(conn, slots=5, now=clock.now())
    world.conn.execute("UPDATE sms_messages SET not_before = now()")

    paused = max_.post("/compliance/automation/pause", next="/leads")

    assert (paused.status_code, paused.location) == (303, "/leads")
    assert attempts.attempt(world.carrier, in_hand) == attempts.Withdrawn(in_hand)
    world.until(lambda: world.status(by_hand) == "delivered")
    assert (world.status(claimed), world.status(queued)) == ("held", "held")
    later = world.say(world.conversation(world.phone()), "Hello", automatic=True)
    assert later.status == "held"
    page = max_.get("/leads").text
    assert "All automatic texts are paused." in page
    assert "None was on its way." in page

    max_.post("/compliance/automation/resume")

    world.until(lambda: all(world.status(text) == "delivered" for text in (claimed, queued, later.message_id)))
    assert "All automatic texts are paused" not in max_.get("/leads").text


def test_pausing_says_what_is_past_taking_back(world: World) -> None:
    max_ = Desk(world.app, add_person(world.conn, "Max Manager", "manager"))
    world.simulator.set_faults(webhooks={"lose": 1.0})
    text = world.say(world.conversation(world.phone()), "Hello", automatic=True).message_id
    world.sender.drain(seconds=2)
    assert world.status(text) == "sent"
    max_.post("/compliance/automation/pause")
    assert "1 was already with the carrier and may still arrive." in max_.get(PAGE).text
    row = world.conn.execute("SELECT target FROM audit_log WHERE action = 'setting.changed'").fetchone()
    assert row == ("automation_paused",)


def test_the_button_is_on_every_managers_page_and_on_no_reps(max_: Desk, rita: Desk) -> None:
    for path in ("/inbox", "/leads", "/team", PAGE):
        assert "/compliance/automation/pause" in max_.get(path).text, path
    assert "/compliance/automation/pause" not in rita.get("/inbox").text
    assert rita.post("/compliance/automation/pause").status_code == 403


def test_while_all_texts_are_stopped_every_page_says_so_and_nothing_claims_to_go(
    world: World, max_: Desk, rita: Desk
) -> None:
    world.say(world.conversation(world.phone()), "Later", send_at=clock.now() + timedelta(hours=2))
    max_.post("/compliance/rules/account/stop", because="A complaint")
    page = max_.get(PAGE).text
    assert "No text goes: all are stopped until somebody lifts it." in page
    assert "Texts go every day" not in page
    assert 'class="status status-good">Running' not in page
    assert "Stopped, like all texts" in page
    assert "when the stop is lifted" in page
    for desk in (max_, rita):
        inbox = desk.get("/inbox").text
        assert "All texts are stopped: A complaint." in inbox
    assert "/compliance/rules/account" in max_.get("/leads").text
    assert "/compliance/rules/account" not in rita.get("/leads").text
    max_.post("/compliance/rules/account/lift")
    assert "All texts are stopped" not in rita.get("/inbox").text


def test_the_rules_in_force_name_what_is_stopped_and_what_is_looser_than_the_law(
    conn: psycopg.Connection, max_: Desk, ada: Desk
) -> None:
    assert "within what any of 19 laws allows" in max_.get(PAGE).text
    max_.post("/compliance/rules/LA/stop")
    policy = account_settings.read(conn).hours_policy.changed("TX", Change(enforced=False))
    configure(conn, {"hours_policy": policy.model_dump(mode="json")})
    page = max_.get(PAGE).text
    assert "but looser than the law in Texas" in page
    assert "none to Louisiana, where they are stopped" in page


def test_next_leads_to_no_other_site(conn: psycopg.Connection, max_: Desk) -> None:
    assert max_.post("/compliance/automation/pause", next="https://elsewhere.test/").location == "/inbox"
    assert account_settings.read(conn).automation_paused


def test_the_ledgers_state_is_one_click_away(app: Flask, conn: psycopg.Connection, max_: Desk) -> None:
    assert "Not checked yet" in max_.get(PAGE).text
    asked = max_.post("/compliance/ledger/check").location
    waiting = max_.get(asked).text
    assert "Checking…" in waiting
    assert f'hx-get="{asked}"' in waiting
    with app.app_context():
        jobs.check_ledger()
    assert "Complete and unchanged" in max_.get(asked).text
    assert "Checking…" not in max_.get(asked).text
    conn.execute("INSERT INTO contact_numbers (e164, created_at) VALUES ('+15125550111', now())")
    conn.execute(
        "INSERT INTO consent_events (contact_number_id, event, source, occurred_at) VALUES (1, 'opt_in', 'x', now())"
    )
    conn.execute("ALTER TABLE consent_events DISABLE TRIGGER consent_events_append_only")
    try:
        conn.execute("UPDATE consent_events SET source = 'y'")
    finally:
        conn.execute("ALTER TABLE consent_events ENABLE TRIGGER consent_events_append_only")
    with app.app_context():
        jobs.check_ledger()
    assert "Does not hold" in max_.get(PAGE).text
