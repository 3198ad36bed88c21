"""The demo is what product.md section 4 says, obeys every rule of the product, and is made once."""

from __future__ import annotations

import re
import threading
from datetime import datetime
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from flask import Flask

from tests.conftest import Servers, settings_for
from tests.demo.conftest import NOW
from webapp import clock, database
from webapp.accounts import settings as account_settings
from webapp.accounts.settings import AccountSettings
from webapp.app import create_app
from webapp.compliance import gate
from webapp.compliance.consent import ledger
from webapp.compliance.public.forms import PublicForm
from webapp.demo import drips, seed, story, team
from webapp.demo.cli import demo_cli
from webapp.demo.story import Story
from webapp.models.constants import LeadStatus
from webapp.rules import keywords, phones
from webapp.simulator import defaults

AROUND = gate.Circumstances(AccountSettings(business_name=team.BUSINESS_NAME), simulated=True)
HERE = "http://127.0.0.1:5000"
PERHAPS_A_STOP = "We bought elsewhere, no more listings please"


def rows(conn: psycopg.Connection, query: str, *values: object) -> list[Any]:
    return conn.execute(query, values).fetchall()


def one(conn: psycopg.Connection, query: str, *values: object) -> Any:
    (row,) = rows(conn, query, *values)
    return row[0] if len(row) == 1 else row


def test_the_agency_has_an_owner_a_manager_and_four_reps(demo: Flask, conn: psycopg.Connection) -> None:
    assert rows(conn, "SELECT role, count(*) FROM users WHERE active GROUP BY role ORDER BY role") == [
        ("admin", 1),
        ("manager", 1),
        ("rep", 4),
    ]


@pytest.mark.parametrize("role", ["rep", "manager", "admin"])
def test_each_button_opens_an_inbox_with_the_same_lead_on_top(demo: Flask, role: str) -> None:
    with demo.test_client() as browser:
        token = browser.get("/login/token", base_url=HERE).get_json()["csrf_token"]
        signed_in = browser.post("/login/demo", data={"role": role, "csrf_token": token}, base_url=HERE)
        assert signed_in.status_code == 303
        assert "Sam Okafor" in browser.get("/inbox", base_url=HERE).get_data(as_text=True)


def test_leads_and_conversations_are_as_many_as_promised(demo: Flask, conn: psycopg.Connection) -> None:
    assert one(conn, "SELECT count(*) FROM leads") == 600
    assert one(conn, "SELECT count(*) FROM sms_conversations WHERE last_message_at IS NOT NULL") == 220
    assert one(conn, "SELECT count(*) FROM sms_conversations WHERE waiting_since IS NOT NULL") == 7
    assert (
        one(conn, "SELECT count(*) FROM sms_conversations WHERE assigned_to IS NULL AND last_message_at IS NOT NULL")
        == 5
    )
    assert one(conn, "SELECT count(*) FROM sms_conversations WHERE state = 'snoozed'") == 3
    assert one(conn, "SELECT count(*) FROM sms_messages WHERE status = 'held' AND send_after > %s", NOW) == 2
    assert one(conn, "SELECT count(*) FROM contact_numbers WHERE suppressed_at IS NOT NULL") == 14
    last_failed = """
        SELECT count(*) FROM sms_conversations c JOIN sms_messages m ON m.id = c.last_message_id
        WHERE m.status IN ('failed', 'undelivered') AND m.author_id IS NOT NULL
    """
    assert one(conn, last_failed) == 1


def test_how_far_the_team_is_with_each_lead_agrees_with_what_was_said(demo: Flask, conn: psycopg.Connection) -> None:
    counts = dict(rows(conn, "SELECT status, count(*) FROM leads GROUP BY status"))
    assert set(counts) == set(LeadStatus)
    assert counts["new"] + counts["contacted"] > 480
    assert counts["interested"] > counts["appointment"] > 5
    assert min(counts["client"], counts["lost"]) > 2
    texted = "EXISTS (SELECT FROM sms_messages m WHERE m.contact_number_id = l.contact_number_id AND m.direction = %s)"
    unspoken = f"SELECT count(*) FROM leads l WHERE status NOT IN ('new', 'contacted') AND NOT {texted}"
    assert one(conn, unspoken, "outbound") == 0
    assert one(conn, f"{unspoken} AND status <> 'lost'", "inbound") == 0
    ended = """
        SELECT count(*) FROM sms_campaign_enrollments e JOIN leads l ON l.id = e.lead_id
        JOIN sms_campaign_versions v ON v.id = e.version_id
        WHERE e.status IN ('active', 'paused') AND v.rules -> 'exit_statuses' ? l.status
    """
    assert one(conn, ended) == 0


def test_the_first_rep_sees_all_seven_who_wait(demo: Flask, conn: psycopg.Connection) -> None:
    visible = """
        SELECT count(*) FROM sms_conversations WHERE waiting_since IS NOT NULL AND (
            assigned_to IS NULL OR assigned_to = (SELECT min(id) FROM users WHERE role = 'rep'))
    """
    assert one(conn, visible) == 7


def test_one_of_those_who_wait_probably_wants_no_more_texts(demo: Flask, conn: psycopg.Connection) -> None:
    bodies = rows(conn, "SELECT last_body FROM sms_conversations WHERE waiting_since IS NOT NULL")
    assert (PERHAPS_A_STOP,) in bodies


def test_one_text_waits_for_somebody_to_say_whether_it_is_an_opt_out(demo: Flask, conn: psycopg.Connection) -> None:
    in_doubt = """
        SELECT l.last_name, m.body, n.doubt_source FROM contact_numbers n JOIN leads l ON l.contact_number_id = n.id
        JOIN sms_messages m ON m.id = n.doubt_message_id WHERE n.doubt_at IS NOT NULL
    """
    assert rows(conn, in_doubt) == [("Delgado", PERHAPS_A_STOP, "natural")]
    read = keywords.classify(PERHAPS_A_STOP)
    assert (read.intent, read.action) == ("stop", "hold"), "the demo obeys the rules of the product"
    assert one(conn, "SELECT doubt_matched FROM contact_numbers WHERE doubt_at IS NOT NULL") == read.matched


def test_nobody_else_wrote_what_would_have_stopped_texts_or_raised_a_doubt(
    demo: Flask, conn: psycopg.Connection
) -> None:
    written = rows(
        conn,
        """
        SELECT m.body FROM sms_messages m JOIN contact_numbers n ON n.id = m.contact_number_id
        WHERE direction = 'inbound' AND n.suppressed_at IS NULL AND n.doubt_at IS NULL
        """,
    )
    assert [body for (body,) in written if keywords.classify(body).intent == "stop"] == []


def test_the_consent_ledger_says_by_which_way_everybody_agreed_and_its_chains_are_whole(
    demo: Flask, conn: psycopg.Connection
) -> None:
    assert rows(conn, "SELECT DISTINCT channel FROM consent_events WHERE event = 'opt_in'") == [("web",)]
    assert rows(conn, "SELECT DISTINCT channel FROM consent_events WHERE event = 'opt_out' ORDER BY 1") == [
        ("keyword",),
        ("verbal",),
    ]
    assert (
        one(conn, "SELECT count(*) FROM contact_numbers WHERE consent_at IS NOT NULL AND consent_channel IS NULL") == 0
    )
    assert ledger.verify(conn) is None


def test_rates_are_those_of_a_working_agency(demo: Flask, conn: psycopg.Connection) -> None:
    ended, delivered, replies = one(
        conn,
        """
        SELECT count(*) FILTER (WHERE direction = 'outbound' AND status <> 'held'),
               count(*) FILTER (WHERE status = 'delivered'), count(*) FILTER (WHERE direction = 'inbound')
        FROM sms_messages
        """,
    )
    assert round(100 * delivered / ended) == 97
    assert round(100 * replies / ended) == 18
    assert round(100 * 14 / ended, 1) == 1.1


def test_everything_lies_within_the_last_sixty_days_or_is_yet_to_come(demo: Flask, conn: psycopg.Connection) -> None:
    first, last = one(conn, "SELECT min(created_at), max(created_at) FROM sms_messages")
    now = datetime.fromisoformat(NOW)
    assert 55 <= (now - first).days <= 60
    assert last <= now


def test_every_number_is_fictional_valid_and_not_ours(demo: Flask, conn: psycopg.Connection) -> None:
    numbers = [row[0] for row in rows(conn, "SELECT e164 FROM contact_numbers")]
    assert all(number[5:10] == "55501" and phones.parse(number).e164 == number for number in numbers)
    assert not set(numbers) & set(defaults.NUMBERS)
    assert len({number[2:5] for number in numbers}) == 19


def test_leads_live_in_four_states_and_in_one_area_code_of_two_zones(demo: Flask, conn: psycopg.Connection) -> None:
    assert {row[0] for row in rows(conn, "SELECT DISTINCT state FROM leads WHERE state IS NOT NULL")} == {
        *("TX", "FL", "AZ", "NY")
    }
    assert one(conn, "SELECT count(*) FROM leads WHERE phone LIKE '+1850%%'") > 5


def test_every_text_that_went_was_allowed_twice_and_every_held_one_says_until_when(
    demo: Flask, conn: psycopg.Connection
) -> None:
    unexplained = """
        SELECT count(*) FROM sms_messages m WHERE direction = 'outbound' AND status <> 'held' AND 2 <> (
            SELECT count(*) FROM decisions d WHERE d.message_id = m.id AND outcome = 'allow'
            AND stage IN ('queue', 'claim'))
    """
    assert one(conn, unexplained) == 0
    held = "SELECT outcome, d.reason FROM decisions d JOIN sms_messages m ON m.id = d.message_id WHERE status = 'held'"
    assert rows(conn, held) == [("hold", "scheduled")] * 2


def test_nobody_was_texted_without_consent_or_after_opting_out(demo: Flask, conn: psycopg.Connection) -> None:
    without_consent = """
        SELECT count(*) FROM sms_messages m WHERE direction = 'outbound' AND NOT EXISTS (
            SELECT 1 FROM consent_events e WHERE e.contact_number_id = m.contact_number_id
            AND event = 'opt_in' AND attested AND occurred_at <= m.created_at)
    """
    assert one(conn, without_consent) == 0
    after_a_stop = """
        SELECT count(*) FROM sms_messages m JOIN contact_numbers n ON n.id = m.contact_number_id
        WHERE direction = 'outbound' AND m.created_at > n.suppressed_at
    """
    assert one(conn, after_a_stop) == 0
    assert one(conn, "SELECT count(*) FROM consent_events WHERE event = 'opt_out'") == 14
    assert (
        one(conn, "SELECT count(*) FROM contact_numbers WHERE suppressed_at IS NOT NULL AND consent_at IS NOT NULL")
        == 0
    )


def test_each_conversation_shows_its_own_last_text(demo: Flask, conn: psycopg.Connection) -> None:
    wrong = """
        SELECT count(*) FROM sms_conversations c
        JOIN LATERAL (SELECT * FROM sms_messages m WHERE m.conversation_id = c.id ORDER BY id DESC LIMIT 1) m ON true
        JOIN contact_numbers n ON n.id = c.contact_number_id
        WHERE (c.last_message_id, c.last_direction, c.last_message_at, c.last_body)
              <> (m.id, m.direction, m.created_at, left(m.body, 200))
           OR c.last_inbound_at IS DISTINCT FROM n.last_inbound_at
           OR (c.waiting_since IS NOT NULL AND (c.unread = 0 OR m.direction = 'outbound'))
    """
    assert one(conn, wrong) == 0
    order = (
        "SELECT count(*) FROM sms_messages a JOIN sms_messages b ON b.id = a.id + 1 WHERE b.created_at < a.created_at"
    )
    assert one(conn, order) == 0


def test_what_was_written_by_hand_and_not_delivered_was_sent_again_but_for_one(
    demo: Flask, conn: psycopg.Connection
) -> None:
    without_retry = """
        SELECT l.last_name FROM sms_messages m JOIN leads l USING (contact_number_id)
        WHERE m.status = 'undelivered' AND m.origin = 'manual'
          AND NOT EXISTS (SELECT 1 FROM sms_messages r WHERE r.client_key = 'retry of ' || m.id AND r.body = m.body)
    """
    assert rows(conn, without_retry) == [("Vaughn",)]


def test_one_rep_is_slow(demo: Flask, conn: psycopg.Connection) -> None:
    medians = rows(
        conn,
        """
        SELECT u.name, EXTRACT(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY m.created_at - (
            SELECT max(i.created_at) FROM sms_messages i
            WHERE i.conversation_id = m.conversation_id AND i.direction = 'inbound' AND i.id < m.id)))
        FROM sms_messages m JOIN users u ON u.id = m.author_id GROUP BY u.name
        """,
    )
    assert [name for name, seconds in medians if seconds > 4 * 3600] == ["Walt Becker"]
    assert len(medians) == 4


def test_business_name_and_contact_are_set(demo: Flask, conn: psycopg.Connection) -> None:
    stored = account_settings.read(conn)
    assert (stored.business_name, stored.default_timezone) == ("Bluebonnet Realty", "America/Chicago")
    assert stored.business_contact


@pytest.mark.parametrize("page", ["/sms-terms", "/privacy", "/join"])
def test_the_public_pages_are_open_to_whoever_asks_and_filled_in(demo: Flask, page: str) -> None:
    answer = demo.test_client().get(page, base_url=HERE)
    assert answer.status_code == 200
    assert "Bluebonnet Realty" in answer.text


def test_what_the_public_pages_are_filled_from_would_pass_their_own_form(demo: Flask) -> None:
    with demo.test_client() as browser:
        token = browser.get("/login/token", base_url=HERE).get_json()["csrf_token"]
        browser.post("/login/demo", data={"role": "admin", "csrf_token": token}, base_url=HERE)
        with database.transaction() as db:
            stored = account_settings.read(db).model_dump()
        token = browser.get("/login/token", base_url=HERE).get_json()["csrf_token"]
        filled = {name: stored[name] for name in PublicForm.__dict__ if name in stored and stored[name] is not False}
        saved = browser.post("/compliance/public", data={**filled, "csrf_token": token}, base_url=HERE)
    assert saved.status_code == 303, saved.text


def test_somebody_who_joins_in_the_demo_gets_the_text_that_asks_for_a_yes(
    demo: Flask, conn: psycopg.Connection
) -> None:
    browser = demo.test_client()
    page = browser.get("/join", base_url=HERE).text
    shown = dict(re.findall(r'name="(csrf_token|version)"[^>]* value="([^"]+)"', page))
    person = {"first_name": "Nora", "phone": "(303) 555-0177", "state": "CO", "consent": "y"}
    assert browser.post("/join", data={**shown, **person}, base_url=HERE).status_code == 303
    asked = "SELECT m.body FROM sms_messages m JOIN contact_numbers n ON n.id = m.contact_number_id WHERE n.e164 = %s"
    assert "YES" in one(conn, asked, "+13035550177")


def test_it_is_marked_as_simulated(demo: Flask, conn: psycopg.Connection) -> None:
    assert one(conn, "SELECT bool_and(simulated) FROM leads")
    assert one(conn, "SELECT bool_and(simulated) FROM contact_numbers")


def _as_text(told: Story) -> str:
    return repr((told.leads, told.threads, told.ways))


def test_the_same_moment_tells_the_same_story() -> None:
    now = datetime.fromisoformat(NOW)
    assert _as_text(story.tell(now, frozenset(), AROUND)) == _as_text(story.tell(now, frozenset(), AROUND))


@pytest.mark.parametrize("moment", ["2026-03-09T14:00:00Z", "2026-11-02T22:59:00Z", "2027-01-01T08:30:00Z"])
def test_at_any_moment_nothing_has_happened_in_the_future(moment: str) -> None:
    now = datetime.fromisoformat(moment)
    told = story.tell(now, frozenset(), AROUND)
    assert not [(turn, now) for thread in told.threads for turn in thread.turns if turn.at > now]
    assert not [lead for lead in told.leads if lead.suppressed_at and lead.suppressed_at > now]
    assert all(thread.turns[0].at >= thread.lead.created_at for thread in told.threads)
    assert all(a.at < b.at for thread in told.threads for a, b in zip(thread.turns, thread.turns[1:], strict=False))
    assert len({lead.phone for lead in told.leads}) == 600
    assert sum(drips.OLD_INQUIRY in lead.tags for lead in told.leads) == 412
    waiting = [way for way in told.ways if way.drip is not drips.FILTERED]
    assert [way for way in waiting if way.next_run_at and way.next_run_at <= now] == []


def test_it_is_seeded_once(demo: Flask, conn: psycopg.Connection) -> None:
    assert not seed.seed_if_empty()
    assert one(conn, "SELECT count(*) FROM leads") == 600


def test_two_starts_at_once_seed_once(app: Flask, conn: psycopg.Connection) -> None:
    outcomes: list[bool] = []

    def start() -> None:
        with app.app_context():
            outcomes.append(seed.seed_if_empty())

    starts = [threading.Thread(target=start) for _ in range(3)]
    for thread in starts:
        thread.start()
    for thread in starts:
        thread.join()
    assert sorted(outcomes) == [False, False, True]
    assert one(conn, "SELECT count(*) FROM leads") == 600


def test_the_command_fills_an_empty_database_and_says_so(app: Flask, conn: psycopg.Connection) -> None:
    with app.app_context():
        done = CliRunner().invoke(demo_cli)
        again = CliRunner().invoke(demo_cli)
    assert (done.exit_code, done.output) == (0, "Made an agency with 600 leads, 220 conversations and 5 campaigns.\n")
    assert again.exit_code == 1
    assert "There are leads here already" in again.output
    assert one(conn, "SELECT count(*) FROM leads") == 600


def test_the_command_refuses_where_the_stand_in_carrier_is_not_used(emptied: Servers, conn: psycopg.Connection) -> None:
    live = create_app(settings_for(emptied))
    clock.use_real_time()
    with live.app_context():
        refused = CliRunner().invoke(demo_cli)
    assert refused.exit_code == 1
    assert "leadline up --demo" in refused.output
    assert one(conn, "SELECT count(*) FROM leads") == 0
