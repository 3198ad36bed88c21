"""Long work whose worker is killed in the middle ends by itself: nothing is lost, nothing is done twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
import redis
import requests
from psycopg import sql

from tests.processes.installation import Installation, at_the_carrier, everything
from tests.processes.running import CIRCUMSTANCES, CONSENT, Leadline, title_of, until

NOW = datetime.fromisoformat(CIRCUMSTANCES["LEADLINE_CLOCK"])
#: Long enough to be killed in.
STATEMENT_SECONDS = 0.15
#: A file is kept in pieces of a megabyte; numbers alone on their lines would all be in one.
FILLING = "," + "said of the number, " * 20


@pytest.fixture(scope="module")
def installation(leadline: Leadline) -> Iterator[Installation]:
    services = leadline.services
    with (
        psycopg.connect(services["DATABASE_URL"], autocommit=True) as conn,
        redis.Redis.from_url(services["REDIS_URL"]) as timetable,
    ):
        installation = Installation(leadline, conn, timetable)
        installation.sign_in()
        yield installation


@pytest.fixture
def slowed(installation: Installation) -> Iterator[Callable[[str, str], None]]:
    """Makes each statement of a kind upon a table last a while."""
    conn, tables = installation.conn, []

    def slow(table: str, event: str) -> None:
        tables.append(sql.Identifier(table))
        conn.execute(sql.SQL(_SLOW).format(table=tables[-1], event=sql.SQL(event)))  # type: ignore[arg-type]

    conn.execute(_SLEEP.replace("SECONDS", str(STATEMENT_SECONDS)).encode())
    yield slow
    for table in tables:
        conn.execute(sql.SQL("DROP TRIGGER slowly ON {}").format(table))


def test_a_do_not_call_list_is_whole_however_often_its_import_is_killed(
    installation: Installation, slowed: Callable[[str, str], None]
):
    slowed("dnc_entries", "INSERT")
    numbers = [f"+1{area}555{line:04d}" for area in (212, 305) for line in range(10_000)]
    content, bad_rows = _a_list(numbers)
    described = {"kind": "national", "name": "Area codes 212 and 305", "as_of": f"{NOW:%Y-%m-%d}"}
    installation.post("/compliance/dnc/import", described, files={"file": ("list.txt", content)})
    operation = installation.one("SELECT max(id) FROM bulk_operations WHERE kind = 'dnc_import'")
    until(lambda: _status(installation, operation) == "running", "it has begun")
    for left in (8, 7, 5):
        until(lambda: _pieces_left(installation, operation) <= left, f"{left} pieces are left")  # noqa: B023
        installation.kill_within(STATEMENT_SECONDS)
        assert _status(installation, operation) == "running", "it is in the middle"
        installation.the_dead_ones_time_is_up()
    until(lambda: _status(installation, operation) == "done", "it is over")

    outcome = installation.leadline.api.get(f"/api/bulk/{operation}").json()
    assert outcome["counters"] == {"added": 20_000, "duplicate": 40, "invalid": len(bad_rows), "skipped": 7}
    assert outcome["done"] == outcome["total"] == content.count(b"\n")
    kept = [row[0] for row in installation.conn.execute("SELECT e164 FROM dnc_entries")]
    assert Counter(kept) == Counter(numbers)
    assert installation.conn.execute("SELECT entries, active FROM dnc_lists").fetchall() == [(20_000, True)]
    said = installation.conn.execute("SELECT row_number FROM bulk_row_errors WHERE operation_id = %s", [operation])
    assert Counter(row[0] for row in said) == Counter(bad_rows)


def test_what_is_past_its_time_goes_in_the_end_and_nothing_else_however_often_the_nightly_job_is_killed(
    installation: Installation, slowed: Callable[[str, str], None]
):
    phone = "+15125550120"
    text = installation.leadline.api.text(phone, "Today")
    until(lambda: installation.leadline.handsets.received(phone) == ["Today"], "it arrives")
    for days, status, body, texts in (
        *((731, "delivered", "Past its time", 20_000), (731, "failed", "Past its time, too", 500)),
        *((729, "delivered", "Still kept", 500), (366, "received", "An old picture", 300)),
        *((364, "received", "A picture", 300), (731, "held", "Could still be sent", 50)),
    ):
        at, later = NOW - timedelta(days=days), NOW + timedelta(days=9) if status == "held" else None
        values = {"body": body, "status": status, "at": at, "later": later, "texts": texts, "like": text["id"]}
        installation.conn.execute(_OLD_TEXTS, values)
    installation.conn.execute(_PICTURES)
    before = _what_is_kept(installation)
    slowed("sms_messages", "UPDATE")
    installation.make_due("retention")
    for part in (0, 7_000):
        until(lambda: installation.one(_BLANKED) > part, f"more than {part} have gone")  # noqa: B023
        until(lambda: installation.is_at("retention"), "somebody goes on")
        installation.kill_within(2 * STATEMENT_SECONDS)
        assert installation.is_at("retention")
        assert installation.one(_BLANKED) < 20_500, "it is in the middle"
        installation.the_dead_ones_time_is_up()
    until(lambda: installation.is_done_with("retention"), "it is over")

    assert installation.one(_BLANKED) == 20_500
    gone = "SELECT DISTINCT body, body_removed_at::date FROM sms_messages WHERE body_removed_why = 'age'"
    assert installation.conn.execute(gone).fetchall() == [("", NOW.date())]
    assert installation.conn.execute(_PICTURES_LEFT).fetchall() == [("A picture", 300, 300), ("An old picture", 300, 0)]
    assert _what_is_kept(installation) == before


def test_nothing_is_left_of_whoever_asked_for_it_though_web_and_worker_are_killed_in_the_middle(
    installation: Installation,
):
    phone = "+15125550130"
    api, handsets = installation.leadline.api, installation.leadline.handsets
    person = {"phone": phone, "first_name": "Annabelle", "last_name": "Quixote"}
    assert api.post("/api/leads", {**person, "consent": CONSENT}).status == 201
    api.text(phone, "Hello, zebra crossing")
    until(lambda: handsets.received(phone), "it arrives")
    handsets.says(phone, "I keep a platypus")
    words = (phone[2:], "Annabelle", "Quixote", "zebra", "platypus")
    until(lambda: installation.one(_SETTLED, phone) == 2, "it is delivered, and the answer is here")
    assert all(word in everything(installation.conn) for word in words)
    assert phone in at_the_carrier(installation, phone)

    asked = {"phone": phone, "kind": "erasure", "received_on": f"{NOW:%Y-%m-%d}", "received_by": "email", "note": ""}
    question = installation.post("/compliance/privacy", asked).url.removeprefix(api.url)
    _kill_web_amid(installation, phone, lambda: installation.post(question, {"last_four": phone[-4:]}))
    assert all(word in everything(installation.conn) for word in words), "half of it is none of it"

    handsets.answers_after(400)
    installation.post(question, {"last_four": phone[-4:]})
    until(lambda: installation.is_at("erasures"), "the carrier is asked to delete")
    installation.kill_within(1.8)
    assert installation.one("SELECT outcome ->> 'carrier' FROM privacy_requests") == "pending"
    installation.the_dead_ones_time_is_up()
    handsets.answers_after(0)
    until(lambda: installation.one("SELECT outcome ->> 'carrier' FROM privacy_requests") == "done", "it is done")

    left, there = everything(installation.conn), at_the_carrier(installation, phone)
    assert [word for word in words if word in left or word in there] == []
    lead = api.post("/api/leads", {"phone": phone, "consent": CONSENT})
    assert (lead.status, lead.json()["suppressed"]) == (201, True)
    refused = api.post("/api/sms/messages", {"lead_id": lead.json()["id"], "body": "Hello again", "consent": CONSENT})
    assert (refused.status, refused.json()["reason"]) == (409, "opted_out")


def _a_list(numbers: list[str]) -> tuple[bytes, list[int]]:
    """The numbers as a file with repetitions, blank lines and rows that are no number; and which those are."""
    lines = [number.removeprefix("+1") + FILLING for number in numbers]
    lines += [line.replace("555", "-555-", 1) for line in lines[:40]]  # across the pieces
    for row in range(3_000, 3_000 + 7 * 2_000, 2_000):
        lines.insert(row, "")
    for row in range(1_000, 1_000 + 11 * 1_500, 1_500):
        lines.insert(row, "no number")
    bad_rows = [row for row, line in enumerate(lines, start=1) if line == "no number"]
    return "".join(f"{line}\n" for line in lines).encode(), bad_rows


def _status(installation: Installation, operation: int) -> str:
    return str(installation.one("SELECT status FROM bulk_operations WHERE id = %s", operation))


def _pieces_left(installation: Installation, operation: int) -> int:
    return int(installation.one("SELECT count(*) FROM bulk_chunks WHERE operation_id = %s", operation))


def _what_is_kept(installation: Installation) -> list[tuple[Any, ...]]:
    """A sum over each table that the nightly job may not touch, and over the texts whose words stay."""
    return installation.conn.execute(_KEPT).fetchall()


def _thread(installation: Installation, phone: str) -> str:
    number = "SELECT id FROM contact_numbers WHERE e164 = %s"
    return str(installation.one(f"SELECT id FROM sms_conversations WHERE contact_number_id = ({number})", phone))


def _kill_web_amid(installation: Installation, phone: str, ask: Callable[[], object]) -> None:
    """kill -9 of the web process while a request of its waits, well within its transaction, for a person's texts."""
    leadline, lock = installation.leadline, "SELECT FROM sms_messages WHERE conversation_id = %s FOR UPDATE"
    with psycopg.connect(leadline.services["DATABASE_URL"]) as other, ThreadPoolExecutor(1) as web:
        other.execute(lock, [_thread(installation, phone)])
        asked = web.submit(ask)
        theirs = [f"leadline {process.pid}" for process in leadline.processes() if title_of(process) == "leadline: web"]
        until(lambda: installation.one(_WAITING, theirs), "it is in the middle")
        leadline.kill_child("leadline: web")
        with pytest.raises(requests.ConnectionError):
            asked.result()
    until(leadline.api.is_ready, "web is back")


_SLEEP = """
CREATE OR REPLACE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_sleep(SECONDS); RETURN NULL; END $$
"""
_SLOW = "CREATE TRIGGER slowly AFTER {event} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION slowly()"

_OLD_TEXTS = """
INSERT INTO sms_messages (conversation_id, contact_number_id, phone_number_id, direction, origin, encoding, body,
    status, created_at, send_after)
SELECT conversation_id, contact_number_id, phone_number_id,
    CASE WHEN t.status = 'received' THEN 'inbound' ELSE direction END,
    CASE WHEN t.status = 'received' THEN 'contact' ELSE origin END, 'GSM-7', t.body, t.status, t.at, t.later
FROM (VALUES (%(body)s, %(status)s, %(at)s::timestamptz, %(later)s::timestamptz)) AS t (body, status, at, later)
JOIN sms_messages ON id = %(like)s, generate_series(1, %(texts)s)
"""

_PICTURES = """
INSERT INTO media (message_id, carrier_sid, content_type, filename, content, fetched_at)
SELECT id, 'ME' || id, 'image/png', 'house.png', 'pixels', now() FROM sms_messages WHERE body LIKE '%picture'
"""

_PICTURES_LEFT = """
SELECT m.body, count(*), count(f.content) FROM media f JOIN sms_messages m ON m.id = f.message_id GROUP BY 1 ORDER BY 1
"""

_BLANKED = "SELECT count(*) FROM sms_messages WHERE body_removed_why = 'age'"

_KEPT = """
SELECT 'texts', count(*), md5(string_agg(m.id || m.body, ' ' ORDER BY m.id)) FROM sms_messages m
WHERE body <> '' AND body NOT LIKE 'Past%'
UNION ALL
SELECT 'consent', count(*), md5(string_agg(c::text, ' ' ORDER BY c.id)) FROM consent_events c
UNION ALL
SELECT 'decisions', count(*), md5(string_agg(d::text, ' ' ORDER BY d.id)) FROM decisions d
UNION ALL
SELECT 'threads', count(*), md5(string_agg(c.id || c.last_body, ' ' ORDER BY c.id)) FROM sms_conversations c
UNION ALL
SELECT 'numbers', count(*), md5(string_agg(n.e164, ' ' ORDER BY n.id)) FROM contact_numbers n
"""

_SETTLED = """
SELECT count(*) FROM sms_messages m JOIN contact_numbers n ON n.id = m.contact_number_id
WHERE n.e164 = %s AND m.status IN ('delivered', 'received')
"""

_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE application_name = ANY(%s) AND wait_event_type = 'Lock'"
