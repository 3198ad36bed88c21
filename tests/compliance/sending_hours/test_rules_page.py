"""The page of sending rules: read by managers, tightened freely, loosened after asking, stopped and lifted."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.compliance.support import one, queue, rows, status, thread_of
from tests.inbox.support import Desk
from tests.support.people import Cast
from webapp.accounts import settings as account_settings
from webapp.accounts.settings import AccountSettings
from webapp.compliance import hours
from webapp.compliance.facts import Facts
from webapp.rules.policy import Change

pytestmark = pytest.mark.usefixtures("noon")  # in Texas, on Wednesday the ninth of December

RULES = "/compliance/rules"
TEXAS = Facts(contact_number_id=1, e164="+12145550123", state="TX")
SUNDAY = datetime(2026, 12, 13, 16, tzinfo=UTC)  # 10:00 in Texas
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def week(opens: str = "09:00", closes: str = "21:00", **changed: str) -> dict[str, str]:
    """What the form sends for the same hours every day, but for those that are given otherwise."""
    sent = {f"{day}_opens": opens for day in DAYS} | {f"{day}_closes": closes for day in DAYS}
    return {"enforced": "y", **sent, **changed}


def texas(**changed: str) -> dict[str, str]:
    """The Texan law as its form sends it."""
    return week(**{"sun_opens": "12:00", **changed})


def seal(page: TestResponse) -> str:
    found = re.search(r'name="agreed" type="hidden" value="([0-9a-f]+)"', page.text)
    assert found is not None
    return found.group(1)


def stored(conn: psycopg.Connection) -> AccountSettings:
    return account_settings.read(conn)


def change_of(conn: psycopg.Connection, jurisdiction: str) -> Change:
    return stored(conn).hours_policy.change_of(jurisdiction)


def audited(conn: psycopg.Connection, action: str) -> list[Any]:
    return rows(conn, "SELECT target, details FROM audit_log WHERE action = %s ORDER BY id", action)


def test_every_law_is_listed_with_its_hours_and_how_sure_we_are(max_: Desk) -> None:
    page = max_.get(RULES).text
    for told in (
        "Texas",
        "Mon to Sat 9:00 AM–9:00 PM, Sun 12:00 PM–9:00 PM",
        "at most 3",
        "Nov 22, 2026",
        "Sure",
        "Unsure",
    ):
        assert told in page
    assert "states, territories and provinces without hours of their own" in page
    assert "Ohio" in page


def test_a_law_has_its_basis_source_date_and_holidays(max_: Desk) -> None:
    page = max_.get(f"{RULES}/LA").text
    for told in ("La. PSC General Order R-29617", "What lifts it", "holiday alerts of 2023", "LA@2026-11-22"):
        assert told in page
    assert "Battle of New Orleans" in page
    assert "Mardi Gras" in page


def test_what_is_no_law_is_not_found(max_: Desk) -> None:
    assert max_.get(f"{RULES}/ZZ").status_code == 404


def test_a_rep_is_told_whose_pages_these_are(rita: Desk) -> None:
    refused = rita.get("/compliance")
    assert refused.status_code == 403
    assert "it is for managers or admins" in refused.text


def test_a_manager_reads_and_only_an_admin_changes(max_: Desk, ada: Desk, conn: psycopg.Connection) -> None:
    assert "Only an admin changes these." in max_.get(f"{RULES}/TX").text
    assert max_.post(f"{RULES}/TX", **texas()).status_code == 403
    assert ada.post(f"{RULES}/TX", **texas()).status_code == 303


def test_the_law_as_it_is_is_no_change(ada: Desk, conn: psycopg.Connection) -> None:
    assert ada.post(f"{RULES}/TX", **texas()).status_code == 303
    assert change_of(conn, "TX") == Change()
    assert audited(conn, "setting.changed") == []


def test_tightening_is_saved_at_once_and_holds_with_the_next_text(ada: Desk, conn: psycopg.Connection) -> None:
    sunday_off = texas(sun_opens="", sun_closes="")
    assert ada.post(f"{RULES}/TX", **sunday_off).status_code == 303
    afternoon = datetime(2026, 12, 13, 21, tzinfo=UTC)
    held = hours.objection(TEXAS, stored(conn), afternoon)
    assert held is not None
    assert held.sentence == "Held until 09:00 Monday in Dallas: by your hours for Texas no texts may go on Sundays."
    assert [target for target, _ in audited(conn, "setting.changed")] == ["hours_policy"]
    assert audited(conn, "hours.loosened") == []
    assert "Changed by you" in ada.get(RULES).text


def test_loosening_names_what_opens_and_asks_once(ada: Desk, conn: psycopg.Connection) -> None:
    asked = ada.post(f"{RULES}/TX", **week())
    assert asked.status_code == 200
    assert "This lets texts go that are kept back now" in asked.text
    assert "Texas: Sundays from 09:00 to 12:00" in asked.text
    assert change_of(conn, "TX") == Change()
    assert hours.objection(TEXAS, stored(conn), SUNDAY) is not None

    agreed = ada.post(f"{RULES}/TX", **week(), agreed=seal(asked))
    assert agreed.status_code == 303
    assert hours.objection(TEXAS, stored(conn), SUNDAY) is None
    assert audited(conn, "hours.loosened") == [("law:TX", {"opened": ["Texas: Sundays from 09:00 to 12:00"]})]
    assert "Looser here than the law as we read it" in ada.get(RULES).text


def test_agreeing_to_one_loosening_agrees_to_no_other(ada: Desk, conn: psycopg.Connection) -> None:
    small = seal(ada.post(f"{RULES}/TX", **week(sun_opens="11:00")))
    asked = ada.post(f"{RULES}/TX", **week(), agreed=small)
    assert "Texas: Sundays from 09:00 to 12:00" in asked.text
    assert change_of(conn, "TX") == Change()


def test_switching_a_law_off_is_loosening_and_switching_one_on_is_not(ada: Desk, conn: psycopg.Connection) -> None:
    off = {name: value for name, value in texas().items() if name != "enforced"}
    asked = ada.post(f"{RULES}/TX", **off).text
    assert "Texas: Mondays to Saturdays from 00:00 to 09:00 and from 21:00 to 24:00" in asked
    assert "Texas: Sundays from 00:00 to 12:00 and from 21:00 to 24:00" in asked
    assert ada.post(f"{RULES}/NJ", **week("08:00", "20:00")).status_code == 303
    assert change_of(conn, "NJ") == Change(enforced=True)


def test_a_state_without_a_law_gets_hours_of_its_own(ada: Desk, conn: psycopg.Connection) -> None:
    assert ada.post(f"{RULES}/OH", **week("10:00", "18:00")).status_code == 303
    assert change_of(conn, "OH") == Change(enforced=True, week=(("10:00", "18:00"),) * 7)
    assert "Every day 10:00 AM–6:00 PM" in ada.get(RULES).text


def test_own_days_and_holidays_are_kept(ada: Desk, conn: psycopg.Connection) -> None:
    days = "2026-12-24 Christmas Eve\n\n 2027-02-09   Storm "
    assert ada.post(f"{RULES}/TX", **texas(), holidays="y", closed_days=days).status_code == 303
    kept = change_of(conn, "TX")
    assert kept.holidays is True
    assert [(closed.day, closed.name) for closed in kept.closed_days] == [
        ("2026-12-24", "Christmas Eve"),
        ("2027-02-09", "Storm"),
    ]
    assert "2026-12-24 Christmas Eve\n2027-02-09 Storm" in ada.get(f"{RULES}/TX").text


def test_the_accounts_own_hours_stay_two_plain_settings_while_every_day_is_alike(
    ada: Desk, conn: psycopg.Connection
) -> None:
    assert ada.post(f"{RULES}/account", **week("09:00", "17:30")).status_code == 303
    assert (stored(conn).quiet_hours_open, stored(conn).quiet_hours_close) == ("09:00", "17:30")
    assert change_of(conn, "account") == Change()
    assert ada.post(f"{RULES}/account", **week("09:00", "17:30", sun_opens="", sun_closes="")).status_code == 303
    assert change_of(conn, "account").week == (("09:00", "17:30"),) * 6 + (None,)
    page = ada.get(f"{RULES}/account")
    assert 'value="17:30"' in page.text
    assert (
        "Your sending hours: Sundays from 09:00 to 17:30" in ada.post(f"{RULES}/account", **week("09:00", "17:30")).text
    )


def test_midnight_as_an_end_is_the_end_of_the_day(ada: Desk, conn: psycopg.Connection) -> None:
    asked = ada.post(f"{RULES}/account", **week("08:00", "00:00"))
    assert "Your sending hours: every day from 21:00 to 24:00" in asked.text
    assert ada.post(f"{RULES}/account", **week("08:00", "00:00"), agreed=seal(asked)).status_code == 303
    assert change_of(conn, "account").week == (("08:00", "24:00"),) * 7


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        (texas(mon_closes="08:00"), "It must end after it begins, on the same day."),
        (texas(mon_opens=""), "Give both times, or leave both empty."),
        (texas(mon_closes=""), "Give both times, or leave both empty."),
        (texas(mon_opens="early"), "Not a valid time value."),
        (texas(closed_days="Christmas"), "“Christmas” is not a day: write it like 2026-12-24 Christmas Eve."),
        (texas(closed_days="2027-02-30 Never"), "“2027-02-30 Never” is not a day"),
    ],
)
def test_what_will_not_do_is_named_beside_its_field(
    ada: Desk, conn: psycopg.Connection, fields: dict[str, str], complaint: str
) -> None:
    answer = ada.post(f"{RULES}/TX", **fields)
    assert answer.status_code == 422
    assert complaint in answer.text
    assert change_of(conn, "TX") == Change()


def test_a_stop_holds_every_text_there_and_lifting_it_lets_them_go(
    max_: Desk, cast: Cast, conn: psycopg.Connection
) -> None:
    _, _, conversation = thread_of(cast.rep, conn)
    assert max_.post(f"{RULES}/TX/stop", because="Hurricane").status_code == 303
    message = queue(conversation)
    assert status(conn, message) == "held"
    told = "Held: texts to Texas are stopped until somebody lifts it (Hurricane)."
    assert one(conn, "SELECT sentence FROM decisions WHERE message_id = %s", message) == told
    assert "Hurricane" in max_.get(RULES).text
    assert audited(conn, "hours.stopped") == [("law:TX", {"because": "Hurricane"})]

    assert max_.post(f"{RULES}/TX/lift").status_code == 303
    assert status(conn, message) == "queued"
    assert audited(conn, "hours.loosened") == [("law:TX", {"opened": ["Texas: texts are no longer stopped"]})]
    assert change_of(conn, "TX") == Change()


def test_everything_can_be_stopped_and_a_change_of_hours_does_not_lift_it(ada: Desk, conn: psycopg.Connection) -> None:
    ada.post(f"{RULES}/account/stop", because="Doubt")
    assert "All texts" in ada.get(RULES).text
    assert ada.post(f"{RULES}/account", **week("09:00", "17:00")).status_code == 303
    assert change_of(conn, "account").killed


def test_what_waited_for_the_old_hours_is_judged_by_the_new_ones(
    ada: Desk, cast: Cast, conn: psycopg.Connection, at: Any
) -> None:
    _, _, conversation = thread_of(cast.rep, conn)
    at("2026-12-13T16:00:00Z")
    message = queue(conversation)
    assert status(conn, message) == "held"
    ada.post(f"{RULES}/TX", **week(), agreed=seal(ada.post(f"{RULES}/TX", **week())))
    assert status(conn, message) == "queued"


def test_two_admins_who_change_two_laws_at_once_both_have_their_way(
    app: Flask, cast: Cast, conn: psycopg.Connection
) -> None:
    """Each starts from what the other left."""
    pages = {"TX": texas(sat_opens="10:00"), "OH": week("10:00", "18:00")}
    desks = {law: Desk(app, cast.admin) for law in pages}
    with ThreadPoolExecutor() as threads:
        with psycopg.connect(app.extensions["leadline"].database_url) as other:
            other.execute("SELECT pg_advisory_xact_lock(hashtext('hours policy'))")
            posted = [threads.submit(desks[law].post, f"{RULES}/{law}", **form) for law, form in pages.items()]
            waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            while one(conn, waiting) < len(pages) and not any(answer.done() for answer in posted):
                time.sleep(0.01)
        assert [answer.result().status_code for answer in posted] == [303, 303]
    assert set(stored(conn).hours_policy.changes) == {"OH", "TX"}


def test_a_number_and_a_moment_are_judged_as_the_gate_would(max_: Desk) -> None:
    asked = {"phone": "(214) 555-0123", "at": "2026-12-13T09:00"}
    box = max_.act(f"{RULES}/try-hour", **asked)
    assert "Held until 12:00 Sunday in Dallas: in Texas Sunday opens at noon." in box.text
    assert "Sunday 9:00 AM in Dallas" in box.text
    assert "<html" not in box.text
    whole = max_.post(f"{RULES}/try-hour", **asked)
    assert "Held until 12:00 Sunday in Dallas" in whole.text
    assert "<html" in whole.text


def test_an_open_hour_says_until_when_and_that_sending_ends_sooner(max_: Desk) -> None:
    box = max_.act(f"{RULES}/try-hour", phone="+13055550128").text
    assert "May go until 20:00 Wednesday in Miami: in Florida texts may go from 08:00 to 20:00." in box
    assert "Sending ends 5 minutes earlier" in box


def test_what_is_known_of_the_place_counts(max_: Desk) -> None:
    box = max_.act(f"{RULES}/try-hour", phone="+18005550150", postal_code="79901", at="2026-12-10T10:30").text
    assert "in El Paso" in box
    assert "Postal code" in box


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"phone": "12"}, "A US number has 10 digits"),
        ({"phone": ""}, "Enter a number."),
        ({"at": "soon"}, "Not a valid datetime"),
        ({"at": "9999-12-31T09:00"}, "Choose a day between 1970 and 2199."),
        ({"at": "0001-01-01T09:00"}, "Choose a day between 1970 and 2199."),
        ({"postal_code": "abcde"}, "This is not a ZIP code"),
    ],
)
def test_what_cannot_be_judged_is_said(max_: Desk, fields: dict[str, str], told: str) -> None:
    answer = max_.act(f"{RULES}/try-hour", **({"phone": "+12145550123"} | fields))
    assert answer.status_code == 422
    assert told in answer.text


def test_a_text_is_read_as_an_incoming_one_would_be(max_: Desk) -> None:
    assert "Opts out" in max_.act(f"{RULES}/try-text", text="STOP", context="subscribed").text
    assert "An ordinary reply" in max_.act(f"{RULES}/try-text", text="See you at 5", context="subscribed").text
    assert "Opts in" in max_.act(f"{RULES}/try-text", text="yes", context="opted_out").text
    assert max_.act(f"{RULES}/try-text", text="", context="subscribed").status_code == 422
