"""How long things are kept: words and pictures go after their time, what could still be sent and all evidence stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.compliance.support import NOON, add_number, one, rows
from tests.support.people import Cast
from tests.support.sessions import csrf_token, signed_in
from webapp import database
from webapp.accounts import settings as account_settings
from webapp.compliance import jobs
from webapp.compliance.privacy import retention
from webapp.compliance.privacy.retention import Removed
from webapp.jobs.periodic import PERIODIC
from webapp.jobs.queues import QueueName
from webapp.jobs.worker import make_worker
from webapp.messaging import retrying

OLD = NOON - timedelta(days=731)
RECENT = NOON - timedelta(days=729)


@pytest.fixture
def conversation(conn: psycopg.Connection) -> int:
    number = add_number()
    sender = one(conn, "INSERT INTO phone_numbers (e164) VALUES ('+15125550100') RETURNING id")
    return int(
        one(
            conn,
            "INSERT INTO sms_conversations (contact_number_id, phone_number_id, created_at) VALUES (%s, %s, %s) RETURNING id",
            *(number, sender, OLD),
        )
    )


def add_text(conn: psycopg.Connection, conversation: int, at: datetime, status: str = "delivered") -> int:
    direction, origin = ("inbound", "contact") if status == "received" else ("outbound", "manual")
    return int(
        one(
            conn,
            "INSERT INTO sms_messages (conversation_id, contact_number_id, phone_number_id, direction, body, status, origin,"
            " encoding, created_at) SELECT id, contact_number_id, phone_number_id, %s, 'Marzipan', %s, %s, 'GSM-7', %s"
            " FROM sms_conversations WHERE id = %s RETURNING id",
            *(direction, status, origin, at, conversation),
        )
    )


def keep() -> Removed:
    return retention.run(NOON, seconds=30)


def bodies(conn: psycopg.Connection) -> list[str]:
    return rows(conn, "SELECT body FROM sms_messages ORDER BY id")


def test_words_go_after_their_time_and_no_earlier(conn: psycopg.Connection, conversation: int):
    for at in (OLD, RECENT, OLD):
        add_text(conn, conversation, at)
    assert keep() == Removed(2, 0, finished=True)
    assert bodies(conn) == ["", "Marzipan", ""]
    assert one(conn, "SELECT body_removed_at, body_removed_why FROM sms_messages WHERE body = '' LIMIT 1") == (
        NOON,
        "age",
    )
    assert keep() == Removed(0, 0, finished=True)


def test_the_account_decides_how_long(conn: psycopg.Connection, conversation: int):
    add_text(conn, conversation, NOON - timedelta(days=31))
    conn.execute("INSERT INTO settings (key, value) VALUES ('keep_bodies_days', '30')")
    account_settings.forget()
    assert keep().bodies == 1


@pytest.mark.parametrize("status", ["held", "queued", "claimed", "sending", "unconfirmed"])
def test_what_could_still_be_sent_keeps_its_words_however_old(conn: psycopg.Connection, conversation: int, status: str):
    add_text(conn, conversation, OLD, status)
    assert keep().bodies == 0
    assert bodies(conn) == ["Marzipan"]


@pytest.mark.parametrize("status", ["received", "sent", "delivered", "undelivered", "failed", "refused", "canceled"])
def test_what_is_over_does_not(conn: psycopg.Connection, conversation: int, status: str):
    add_text(conn, conversation, OLD, status)
    assert keep().bodies == 1


def test_the_list_forgets_them_too_but_not_newer_ones(conn: psycopg.Connection, conversation: int):
    old = add_text(conn, conversation, OLD)
    conn.execute("UPDATE sms_conversations SET last_message_id = %s, last_body = 'Marzipan'", [old])
    version = one(conn, "SELECT version FROM sms_conversations")
    keep()
    assert one(conn, "SELECT last_body, version > %s FROM sms_conversations", version) == ("", True)
    new = add_text(conn, conversation, RECENT)
    conn.execute("UPDATE sms_conversations SET last_message_id = %s, last_body = 'Marzipan'", [new])
    keep()
    assert one(conn, "SELECT last_body FROM sms_conversations") == "Marzipan"


def test_pictures_have_a_time_of_their_own(conn: psycopg.Connection, conversation: int):
    for name, age in (("ME1", 366), ("ME2", 364)):
        text = add_text(conn, conversation, NOON - timedelta(days=age), "received")
        conn.execute(
            "INSERT INTO media (message_id, carrier_sid, content_type, filename, content, fetched_at)"
            " VALUES (%s, %s, 'image/png', 'me.png', 'pixels', now())",
            [text, name],
        )
    assert keep() == Removed(0, 1, finished=True)
    assert rows(conn, "SELECT content IS NULL, filename IS NULL FROM media ORDER BY id") == [
        (True, True),
        (False, False),
    ]


def test_a_run_that_is_out_of_time_says_so_and_the_next_goes_on(
    conn: psycopg.Connection, conversation: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(retention, "_IDS_AT_ONCE", 2)
    for _ in range(5):
        add_text(conn, conversation, OLD)
    assert retention.run(NOON, seconds=0) == Removed(2, 0, finished=False)
    assert keep() == Removed(3, 0, finished=True)


def test_consent_and_decisions_stay(conn: psycopg.Connection, conversation: int):
    text = add_text(conn, conversation, OLD)
    conn.execute(
        "INSERT INTO decisions (at, stage, outcome, rule, rule_version, sentence, contact_number_id, message_id)"
        " SELECT %s, 'claim', 'allow', 'all rules', '1', 'Allowed.', contact_number_id, id FROM sms_messages WHERE id = %s",
        [OLD, text],
    )
    conn.execute(
        "INSERT INTO consent_events (contact_number_id, event, source, occurred_at) SELECT contact_number_id, 'opt_in',"
        " 'web form', %s FROM sms_messages",
        [OLD],
    )
    keep()
    assert (one(conn, "SELECT count(*) FROM decisions"), one(conn, "SELECT count(*) FROM consent_events")) == (1, 1)


def test_the_thread_says_that_they_were_removed_and_offers_no_retry(
    app: Flask, conn: psycopg.Connection, cast: Cast, conversation: int
):
    text = add_text(conn, conversation, OLD, "failed")
    conn.execute("UPDATE sms_conversations SET last_message_at = %s, last_message_id = %s", [OLD, text])
    keep()
    page = signed_in(app, cast.admin).get(f"/inbox/{conversation}").text
    assert "Removed after 24 months" in page
    assert "Retry" not in page
    with database.transaction() as tx:
        assert retrying.retry(tx, text, actor_id=cast.admin.id, now=NOON) is None
    listed = signed_in(app, cast.admin).get("/inbox?whose=everyone&state=open").text
    assert "Removed</span>" in listed
    assert "Picture" not in listed


def test_old_texts_are_found_without_reading_the_new_ones(conn: psycopg.Connection, conversation: int):
    """The plan, not the time: the pages of new texts are passed over by the index on the day."""
    conn.execute(
        "INSERT INTO sms_messages (conversation_id, contact_number_id, phone_number_id, direction, body, status, origin,"
        " encoding, created_at) SELECT c.id, contact_number_id, phone_number_id, 'outbound', repeat('x', 100), 'delivered',"
        " 'manual', 'GSM-7', %s::timestamptz + n * interval '10 minutes'"
        " FROM sms_conversations c, generate_series(1, 60000) n",
        [NOON - timedelta(days=740)],
    )
    conn.execute("ANALYZE sms_messages")
    plan = "\n".join(rows(conn, f"EXPLAIN {retention._BOUNDS % {'before': '%s'}}", NOON - timedelta(days=739)))
    assert "ix_sms_messages_created_at" in plan


def test_an_admin_sets_the_days_and_the_audit_log_has_it(app: Flask, conn: psycopg.Connection, cast: Cast):
    client = signed_in(app, cast.admin)
    days = {"keep_bodies_days": "400", "keep_media_days": "90", "keep_webhooks_days": "10"}
    headers = {"X-CSRFToken": csrf_token(client)}
    assert client.post("/compliance/privacy/retention", data=days, headers=headers).status_code == 303
    assert account_settings.read(conn).keep_bodies_days == 400
    assert set(rows(conn, "SELECT target FROM audit_log WHERE action = 'setting.changed'")) == set(days)
    answer = client.post("/compliance/privacy/retention", data=days | {"keep_media_days": "7"}, headers=headers)
    assert answer.status_code == 422
    assert "Enter a number of days from 30 to 3650." in answer.text


def test_what_a_shorter_time_deletes_is_counted_and_asked_for_first(
    app: Flask, conn: psycopg.Connection, cast: Cast, conversation: int, at: Callable[[str], None]
):
    at(NOON.isoformat())
    for days in (10, 60, 90, 500):
        add_text(conn, conversation, NOON - timedelta(days=days))
    client = signed_in(app, cast.admin)
    headers = {"X-CSRFToken": csrf_token(client)}
    days = {"keep_bodies_days": "30", "keep_media_days": "365", "keep_webhooks_days": "10"}

    def save(**more: str) -> TestResponse:
        return client.post("/compliance/privacy/retention", data=days | more, headers=headers)

    asked = save()
    assert asked.status_code == 422
    assert "the words of 3 texts" in asked.text
    assert account_settings.read(conn).keep_bodies_days == 730
    other = save(keep_bodies_days="80", sure="30/365")
    assert (other.status_code, "the words of 2 texts" in other.text) == (422, True)
    assert save(sure="30/365").status_code == 303
    assert account_settings.read(conn).keep_bodies_days == 30
    assert save(keep_bodies_days="60").status_code == 303, "a longer time deletes nothing"


def test_the_nightly_job_goes_on_by_itself_until_nothing_is_left(
    app: Flask, conn: psycopg.Connection, conversation: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(retention, "_IDS_AT_ONCE", 2)
    monkeypatch.setattr(jobs, "_SLICE_SECONDS", 0.0)
    for _ in range(7):
        add_text(conn, conversation, datetime(2020, 1, 1, tzinfo=UTC))
    with app.app_context():
        jobs.keep_retention()
    assert bodies(conn).count("") == 2
    make_worker(app, QueueName.BULK).work(burst=True, logging_level="WARNING")
    assert bodies(conn).count("") == 7


def test_both_jobs_are_on_the_timetable():
    assert {jobs.ERASURES, jobs.RETENTION} <= {periodic.function for periodic in PERIODIC}
