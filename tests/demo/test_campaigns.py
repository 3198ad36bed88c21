"""The demo's campaigns: each stands where product.md says, as if it had really run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask

from tests.demo.conftest import NOW
from webapp import database
from webapp.accounts import settings as account_settings
from webapp.accounts import users
from webapp.accounts.actors import Actor
from webapp.campaigns import breakers, store, tick
from webapp.campaigns.building import copying, starters
from webapp.campaigns.figures import stats
from webapp.campaigns.plans import comparing, counting_kept, preview
from webapp.campaigns.steering import checklist, launches, running
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.demo import drips, team
from webapp.leads import arithmetic, lists
from webapp.rules import keywords
from webapp.texts import reading
from webapp.texts.render import MergeFields, render

AT = datetime.fromisoformat(NOW)


def rows(conn: psycopg.Connection, query: str, *values: object) -> list[Any]:
    return conn.execute(query, values).fetchall()


def one(conn: psycopg.Connection, query: str, *values: object) -> Any:
    (row,) = rows(conn, query, *values)
    return row[0] if len(row) == 1 else row


@pytest.fixture
def inside(demo: Flask) -> Iterator[Connection]:
    """A connection of the app's own, as the manager's pages have it."""
    with database.transaction() as conn:
        yield conn


def manager(conn: Connection) -> Actor:
    person = users.by_email(conn, team.MANAGER.email)
    assert person is not None
    return person.actor


def campaign(conn: Connection, drip: drips.Drip) -> Campaign:
    found = {each.name: each for each in store.page(conn, manager(conn), 50)}
    return found[drip.name]


def test_there_are_five_campaigns_each_on_a_list_of_its_own(demo: Flask, conn: psycopg.Connection) -> None:
    assert rows(conn, "SELECT name, status FROM sms_campaigns ORDER BY id") == [
        (drips.FINISHED.name, "finished"),
        (drips.FILTERED.name, "running"),
        (drips.RUNNING.name, "running"),
        (drips.BROKEN.name, "draft"),
        (drips.CLEAN.name, "draft"),
    ]
    assert one(conn, "SELECT count(DISTINCT saved_list_id) FROM sms_campaigns") == 5
    assert one(conn, "SELECT bool_and(shared AND counted > 0) FROM saved_lists WHERE deleted_at IS NULL")


def test_one_draft_has_an_error_that_keeps_it_from_being_launched(inside: Connection) -> None:
    draft = campaign(inside, drips.BROKEN)
    with pytest.raises(launches.ObjectionError, match=r"bit\.ly"):
        launches.launch(inside, draft, manager(inside), launches.Asked(None, False, None), AT)


def test_the_other_draft_would_text_380_of_412_leads_and_says_why_not_the_others(inside: Connection) -> None:
    draft = campaign(inside, drips.CLEAN)
    version = store.shown_version(inside, draft)
    assert [finding for finding in checklist.check(inside, version) if finding.blocks] == []
    assert draft.saved_list_id is not None
    ids = lists.leads_sql(inside, draft.saved_list_id, manager(inside), AT)
    assert arithmetic.arithmetic(inside, ids, AT).total == 412
    found = preview.preview(inside, draft, version, AT)
    assert (found.leads, found.texted) == (412, 380)
    assert found.excluded == {"no_consent": 17, "opted_out": 9, "in_another_campaign": 6}
    assert found.cost > 0
    assert found.skipped == {}


def test_its_dry_run_is_the_same_whenever_it_is_looked_at(inside: Connection) -> None:
    draft = campaign(inside, drips.CLEAN)
    for hours in (5, 30, 100):
        found = preview.preview(inside, draft, store.shown_version(inside, draft), AT + timedelta(hours=hours))
        assert (found.leads, found.texted) == (412, 380)


def test_a_newcomers_own_campaign_has_leads_who_are_in_no_other(inside: Connection) -> None:
    [silent] = [one for one in lists.visible_lists(inside, manager(inside)) if one.name == "Silent buyers"]
    assert silent.counted == 53
    ids = lists.leads_sql(inside, silent.id, manager(inside), AT)
    lead_ids = [row[0] for row in inside.execute(ids.sql, ids.params)]
    starter = starters.find("old-leads")
    assert starter is not None
    own = copying.from_starter(inside, starter, "My first one", manager(inside), AT)
    made = store.find(inside, manager(inside), own)
    assert made is not None
    assert running.enroll(inside, made, lead_ids, manager(inside), AT) == {"enrolled": 53}


def test_it_can_be_launched_and_its_first_texts_are_due_at_once(inside: Connection) -> None:
    draft = campaign(inside, drips.CLEAN)
    asked = launches.Asked(launches.size(inside, draft).leads, canary=False, pace_per_hour=None)
    assert launches.launch(inside, draft, manager(inside), asked, AT) == 380
    ran = tick.run_batch(inside, AT + timedelta(seconds=5))
    assert ran.queued > 300
    assert ran.queued + ran.held == ran.claimed


def test_the_running_one_is_on_its_third_day_with_leads_at_several_steps(demo: Flask, conn: psycopg.Connection) -> None:
    about = "JOIN sms_campaigns g ON g.id = e.campaign_id WHERE g.name = %s"
    waiting = rows(
        conn,
        f"SELECT DISTINCT position FROM sms_campaign_enrollments e {about} AND e.status = 'active' ORDER BY 1",
        drips.RUNNING.name,
    )
    assert waiting == [(1,), (2,)]
    assert dict(
        rows(
            conn,
            f"SELECT reason, count(*) FROM sms_campaign_enrollments e {about} AND e.status = 'stopped' GROUP BY 1",
            drips.RUNNING.name,
        )
    ) == {"replied": 7, "opted_out": 1}
    by_itself = f"SELECT count(*) FROM sms_campaign_enrollments e {about} AND enrolled_by IS NULL"
    assert one(conn, by_itself, drips.RUNNING.name) == 14
    takes_joiners, launched_at = one(
        conn, "SELECT takes_joiners, launched_at FROM sms_campaigns WHERE name = %s", drips.RUNNING.name
    )
    assert takes_joiners
    assert (AT.date() - launched_at.date()).days == 3


def test_the_filtered_one_was_stopped_by_a_breaker_that_says_its_figures(inside: Connection) -> None:
    stopped = campaign(inside, drips.FILTERED)
    [tripped] = breakers.tripped(inside, stopped.id)
    assert tripped.because == "6 of its last 31 texts were filtered by carriers; 10% is the limit."
    assert (tripped.number, tripped.waiting) == (1, 33)
    held = "SELECT DISTINCT reason, sentence FROM sms_campaign_enrollments WHERE campaign_id = %s AND position = 0"
    assert rows(inside, held, stopped.id) == [("breaker", f"Held: {tripped.because}")]
    assert breakers.look(inside, AT) == 0, "nothing else does badly"


def test_the_finished_one_has_nobody_on_the_way_and_ended_with_its_last_text(
    demo: Flask, conn: psycopg.Connection
) -> None:
    figures = one(
        conn,
        """
        SELECT count(*), count(*) FILTER (WHERE e.status = 'completed'), count(*) FILTER (WHERE reason = 'replied'),
               count(*) FILTER (WHERE reason = 'opted_out'), max(e.ended_at) = max(g.ended_at)
        FROM sms_campaign_enrollments e JOIN sms_campaigns g ON g.id = e.campaign_id WHERE g.name = %s
        """,
        drips.FINISHED.name,
    )
    assert figures == (70, 53, 13, 4, True)


def test_each_lead_stands_where_its_texts_have_brought_it(demo: Flask, conn: psycopg.Connection) -> None:
    wrong = """
        SELECT count(*) FROM sms_campaign_enrollments e
        LEFT JOIN LATERAL (SELECT count(*) AS texts, max(created_at) AS newest, min(created_at) AS first
                           FROM sms_messages m WHERE m.enrollment_id = e.id) m ON true
        WHERE e.position <> m.texts OR e.last_text_at IS DISTINCT FROM m.newest OR m.first < e.created_at
           OR (e.status = 'active') <> (e.ended_at IS NULL)
           OR (e.status <> 'active' AND e.next_run_at IS NOT NULL)
    """
    assert one(conn, wrong) == 0
    late = "SELECT count(*) FROM sms_campaign_enrollments WHERE NOT parked AND status = 'active' AND next_run_at <= %s"
    assert one(conn, late, AT) == 0, "a demo begins with nothing overdue"


def test_each_text_says_what_its_step_says_of_the_version_that_its_lead_follows(inside: Connection) -> None:
    texts = rows(
        inside,
        """
        SELECT m.body, s.variants -> 0 ->> 'body', l.first_name, l.custom, coalesce(u.name, 'Renata Cole'), m.footer
        FROM sms_messages m JOIN sms_campaign_enrollments e ON e.id = m.enrollment_id
        JOIN sms_campaign_steps s ON s.version_id = e.version_id AND s.step_key = m.step_key
        JOIN leads l ON l.id = e.lead_id LEFT JOIN users u ON u.id = l.owner_id
        WHERE m.campaign_id = e.campaign_id AND m.origin = 'campaign' AND m.automatic AND m.solicitation
        """,
    )
    assert len(texts) == one(inside, "SELECT count(*) FROM sms_messages WHERE campaign_id IS NOT NULL")
    for body, step, first_name, custom, my_name, tells in texts:
        fields = MergeFields(first_name=first_name, my_name=my_name, business_name=team.BUSINESS_NAME, custom=custom)
        said = render(step, fields)
        assert body == said if not tells else body.startswith(said) and "Reply STOP" in body


def test_the_first_automatic_text_told_everybody_how_to_stop(demo: Flask, conn: psycopg.Connection) -> None:
    first = """
        SELECT bool_and(footer) FROM (
            SELECT DISTINCT ON (contact_number_id) footer FROM sms_messages WHERE automatic
            ORDER BY contact_number_id, id) m
    """
    assert one(conn, first)


def test_who_answered_was_stopped_by_the_answer_and_wrote_nothing_that_was_not_heard(
    demo: Flask, conn: psycopg.Connection
) -> None:
    answers = rows(
        conn,
        """
        SELECT e.reason, m.body, m.created_at = e.ended_at FROM sms_campaign_enrollments e
        JOIN LATERAL (SELECT body, created_at FROM sms_messages m WHERE m.conversation_id = e.conversation_id
                      AND direction = 'inbound' AND created_at > e.created_at ORDER BY id LIMIT 1) m ON true
        WHERE e.status = 'stopped'
        """,
    )
    assert len(answers) == 13 + 4 + 3 + 7 + 1
    for reason, body, ended_by_it in answers:
        assert (keywords.classify(body).intent == "stop") == (reason == "opted_out")
        assert ended_by_it


def test_what_went_kept_to_the_hours_and_every_decision_is_in_the_ledger(demo: Flask, conn: psycopg.Connection) -> None:
    hour = "SELECT count(*) FROM sms_messages m WHERE automatic AND {}"
    unexplained = (
        "2 <> (SELECT count(*) FROM decisions d WHERE d.message_id = m.id AND d.enrollment_id = m.enrollment_id)"
    )
    assert one(conn, hour.format(unexplained)) == 0
    assert one(conn, "SELECT count(*) FROM decisions WHERE message_id IS NULL AND reason = 'pace'") > 30
    assert one(conn, "SELECT count(*) FROM decisions WHERE message_id IS NULL AND reason = 'breaker'") == 33


def test_the_plan_of_each_launch_stands_beside_what_came_once_the_workers_have_counted_it(demo: Flask) -> None:
    while counting_kept.work_off(seconds=30):
        pass
    with database.transaction() as inside:
        for drip, planned, by_now in ((drips.FINISHED, 560, 560), (drips.FILTERED, 128, 64), (drips.RUNNING, 88, 44)):
            plan = comparing.compare(inside, campaign(inside, drip).id, AT)
            assert plan is not None
            assert (plan.planned.texts, sum(step.by_now for step in plan.steps)) == (planned, by_now), drip.name
            assert 0 < plan.came.texts < plan.planned.texts
            assert all(step.sent + step.why.total() == step.planned + step.foreseen for step in plan.steps)


def test_its_figures_add_up(inside: Connection) -> None:
    for drip in (drips.FINISHED, drips.FILTERED, drips.RUNNING):
        found = campaign(inside, drip)
        figures = stats.of(inside, store.shown_version(inside, found))
        assert figures.enrolled == figures.active + figures.completed + figures.stopped
        assert (
            figures.stopped
            == figures.replied + figures.opted_out
            == sum(step.replied + step.opted_out for step in figures.steps)
        )
        for step in figures.steps:
            assert step.sent >= step.delivered + step.failed
            assert step.queued == 0


def test_nobody_heard_from_two_campaigns_at_a_time(demo: Flask, conn: psycopg.Connection) -> None:
    both = """
        SELECT count(*) FROM sms_campaign_enrollments a JOIN sms_campaign_enrollments b USING (lead_id)
        WHERE a.campaign_id < b.campaign_id AND a.last_text_at IS NOT NULL AND b.last_text_at IS NOT NULL
    """
    assert one(conn, both) == 0


def test_the_library_has_templates_in_categories_with_versions(inside: Connection) -> None:
    names, categories, most = one(
        inside, "SELECT count(*), count(DISTINCT category), max(version) FROM templates WHERE owner_id IS NULL"
    )
    assert names >= 10
    assert categories >= 6
    assert most == 3
    whole = "SELECT count(*) FROM templates t WHERE t.version <> (SELECT count(*) FROM template_versions v WHERE v.template_id = t.id)"
    assert one(inside, whole) == 0
    newest = reading.find(inside, manager(inside), one(inside, "SELECT id FROM templates WHERE version = 3"))
    assert newest is not None
    assert newest.written_by == team.MANAGER.name


def test_every_template_can_be_sent_to_somebody_of_whom_nothing_is_known(inside: Connection) -> None:
    business = account_settings.read(inside).business_name
    for (body,) in rows(inside, "SELECT body FROM templates"):
        said = render(body, replace(MergeFields(), business_name=business))
        assert " ," not in said
        assert "  " not in said
