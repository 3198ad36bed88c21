"""One number's history, and opting somebody in again: only with evidence, and the owners are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import psycopg
import pytest
from flask import Flask

from tests.accounts.postbox import Postbox
from tests.compliance.support import NOON, add_number, agree, hear, one
from tests.conftest import Servers, settings_for
from tests.inbox.support import Desk, said
from tests.support.people import Cast
from tests.support.races import at_once, warm_up
from webapp import database
from webapp.app import create_app
from webapp.compliance.consent import ledger

pytestmark = pytest.mark.usefixtures("noon")

LIST = "/compliance/opt-outs"
EVIDENCE = {"source": "in_person", "day": "2026-12-09", "note": "At the open house", "attested": "y"}
STANDING = "SELECT suppressed_at IS NOT NULL, suppression_source, consent_source FROM contact_numbers WHERE id = %s"


def test_a_numbers_page_tells_its_whole_history_and_that_it_is_whole(max_: Desk, conn: psycopg.Connection) -> None:
    number = add_number()
    agree(number)
    hear(number, "STOP")
    shown = said(max_.get(f"{LIST}/{number}"))
    for part in (
        "Agreed: Filled in our web form",
        "Opted out: Texted the word",
        "Rule keyword.stop",
        "All 2 rows are as written",
    ):
        assert part in shown


def test_a_numbers_page_names_the_row_that_was_changed(max_: Desk, conn: psycopg.Connection) -> None:
    number = add_number()
    agree(number)
    hear(number, "STOP")
    with conn.transaction():
        conn.execute("ALTER TABLE consent_events DISABLE TRIGGER consent_events_append_only")
        conn.execute("UPDATE consent_events SET note = 'x' WHERE event = 'opt_in'")
        conn.execute("ALTER TABLE consent_events ENABLE TRIGGER consent_events_append_only")
    changed = one(conn, "SELECT id FROM consent_events WHERE event = 'opt_in'")
    assert f"Row {changed} was changed after it was written" in said(max_.get(f"{LIST}/{number}"))


def test_with_evidence_somebody_is_opted_in_again(max_: Desk, conn: psycopg.Connection, cast: Cast) -> None:
    number = add_number()
    hear(number, "STOP")
    assert max_.post(f"{LIST}/{number}/opt-in", **EVIDENCE).status_code == 303
    assert one(conn, STANDING, number) == (False, None, "in_person")
    written = one(conn, "SELECT event, source, channel, actor_id, note FROM consent_events ORDER BY id DESC LIMIT 1")
    assert written == ("opt_in", "in_person", "verbal", cast.manager.id, "At the open house")
    assert one(conn, "SELECT action, target, details FROM audit_log") == (
        *("consent.opted_in_again", f"number:{number}", {"lifted": "keyword", "source": "in_person"}),
    )
    assert "the carrier blocks the number as well until they text START" in said(max_.get(f"{LIST}/{number}"))


def test_a_stop_from_before_it_whose_webhook_comes_late_changes_nothing(max_: Desk, conn: psycopg.Connection) -> None:
    number = add_number()
    hear(number, "STOP")
    max_.post(f"{LIST}/{number}/opt-in", **EVIDENCE)
    hear(number, "STOP", NOON.replace(hour=17))
    assert one(conn, STANDING, number)[0] is False


@pytest.mark.parametrize(
    ("missing", "complaint"),
    [
        ({"source": ""}, "Say how they agreed."),
        ({"day": ""}, "Give the day on which they agreed."),
        ({"day": "2026-12-08"}, "Give a day from Dec 9, 2026, when they opted out, until today."),
        ({"day": "2026-12-10"}, "Give a day from"),
        ({"note": "  "}, "Say what shows it"),
        ({"attested": ""}, "Confirm that they agreed."),
    ],
)
def test_without_the_whole_evidence_nothing_is_lifted(
    max_: Desk, conn: psycopg.Connection, missing: dict[str, str], complaint: str
) -> None:
    number = add_number()
    hear(number, "STOP")
    form = {name: value for name, value in (EVIDENCE | missing).items() if value or name != "attested"}
    answer = max_.post(f"{LIST}/{number}/opt-in", **form)
    assert answer.status_code == 422
    assert complaint in answer.text
    assert one(conn, STANDING, number)[0]


def test_what_they_agreed_to_before_their_newest_opt_out_lifts_nothing_and_is_written_nowhere(
    max_: Desk, conn: psycopg.Connection
) -> None:
    number = add_number()
    hear(number, "STOP", NOON - timedelta(days=20))
    max_.post(f"{LIST}/{number}/stop", method="phone", note="")
    before = one(conn, "SELECT count(*) FROM consent_events")
    answer = max_.post(f"{LIST}/{number}/opt-in", **EVIDENCE | {"day": "2026-12-01"})
    assert answer.status_code == 422
    assert "Give a day from Dec 9, 2026, when they opted out, until today." in answer.text
    assert one(conn, "SELECT count(*) FROM consent_events") == before
    assert one(conn, STANDING, number)[0]
    assert max_.post(f"{LIST}/{number}/opt-in", **EVIDENCE).status_code == 303
    assert one(conn, STANDING, number) == (False, None, "in_person")


def test_whoever_had_their_data_deleted_is_not_opted_in_again_by_oversight(
    max_: Desk, conn: psycopg.Connection
) -> None:
    number = add_number()
    hear(number, "STOP")
    conn.execute("UPDATE contact_numbers SET suppression_source = 'erasure'")
    assert (
        "Confirm that they agreed after they had their data deleted."
        in max_.post(f"{LIST}/{number}/opt-in", **EVIDENCE).text
    )
    assert max_.post(f"{LIST}/{number}/opt-in", **EVIDENCE, after_erasure="y").status_code == 303


def test_a_rep_opts_nobody_in_again(rita: Desk, conn: psycopg.Connection) -> None:
    number = add_number()
    hear(number, "STOP")
    assert rita.post(f"{LIST}/{number}/opt-in", **EVIDENCE).status_code == 403
    assert one(conn, STANDING, number)[0]


def test_a_stop_and_a_re_opt_in_at_the_same_moment_leave_the_stop(max_: Desk, conn: psycopg.Connection) -> None:
    number = add_number()
    hear(number, "STOP")
    warm_up(4)
    at_once(
        [lambda: max_.post(f"{LIST}/{number}/opt-in", **EVIDENCE), lambda: hear(number, "STOP", NOON.replace(day=10))]
    )
    assert one(conn, STANDING, number)[0]
    assert ledger.verify(conn) is None


# --- The owners are told, and the file --------------------------------------------------------------------------------


@pytest.fixture
def postbox(
    emptied: Servers, conn: psycopg.Connection, cast: Cast, at: Callable[[str], None]
) -> Iterator[tuple[Flask, Postbox]]:
    """The same app with an e-mail server."""
    with Postbox() as box:
        app = create_app(settings_for(emptied, smtp_url=box.url))
        app.testing = True
        at("2026-12-09T18:00:00Z")
        yield app, box
        box.shutdown()
    database.close()


def test_the_owners_are_told_of_a_re_opt_in_and_of_an_export(
    postbox: tuple[Flask, Postbox], cast: Cast, conn: psycopg.Connection
) -> None:
    app, box = postbox
    number = add_number()
    hear(number, "STOP")
    Desk(app, cast.manager).post(f"{LIST}/{number}/opt-in", **EVIDENCE)
    (letter,) = box.wait_for(1)
    assert letter["To"] == cast.admin.email
    assert "Max Manager opted a number in again" in letter.get_content()
    assert "5550123" not in letter.get_content()
    Desk(app, cast.admin).post(f"{LIST}/export")
    assert "exported 0 numbers" in box.wait_for(2)[1].get_content()
