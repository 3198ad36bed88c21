"""Terms and privacy, as carriers demand them, and the page that fills them in."""

from __future__ import annotations

import psycopg
import pytest
from flask import Flask

from tests.compliance.public.support import FILLED, OPEN, configure
from tests.support.people import Cast
from tests.support.sessions import csrf_token, signed_in
from tests.support.world import add_sender
from webapp.accounts import settings as account_settings
from webapp.compliance.public.programme import duration

TERMS, PRIVACY = "/sms-terms", "/privacy"


@pytest.mark.parametrize("path", [TERMS, PRIVACY, "/join"])
def test_a_page_that_is_not_filled_in_is_not_there_for_the_public_and_tells_managers_what_it_needs(
    app: Flask, conn: psycopg.Connection, cast: Cast, path: str
) -> None:
    configure(conn, {key: value for key, value in FILLED.items() if key not in {"business_address", "privacy_email"}})

    assert app.test_client().get(path).status_code == 404
    assert signed_in(app, cast.rep).get(path).status_code == 404
    told = signed_in(app, cast.manager).get(path)

    assert told.status_code == 404
    assert "postal address" in told.text
    assert "address for questions about data" in told.text
    assert "business name" not in told.text
    assert 'href="/compliance/public"' in told.text


def test_the_terms_say_what_carriers_demand(app: Flask, conn: psycopg.Connection) -> None:
    configure(conn, FILLED)

    page = app.test_client().get(TERMS)

    assert page.status_code == 200
    for words in (
        "Lone Star Homes text messages",
        "homes for sale and open houses",
        "Up to 4 msgs/month.",
        "Msg &amp; data rates may apply",
        "<strong>Reply STOP</strong>",
        "<strong>Reply HELP</strong>",
        "512-555-0100",
        "Carriers are not liable for delayed or undelivered messages",
        "/privacy",
        "not shared with or sold to third parties or affiliates",
    ):
        assert words in page.text, words


def test_the_privacy_page_says_what_carriers_demand_and_how_long_things_are_kept(
    app: Flask, conn: psycopg.Connection
) -> None:
    configure(conn, FILLED | {"keep_bodies_days": 540, "keep_media_days": 90})

    page = app.test_client().get(PRIVACY)

    assert page.status_code == 200
    for words in (
        "Mobile opt-in data and consent are not shared with or sold to third parties or affiliates for marketing",
        "18 months",
        "3 months",
        "at least 5 years",
        "for good",
        "mailto:privacy@lonestarhomes.test",
        "within 45 days",
        "1 Congress Ave, Austin, TX 78701",
        "/sms-terms",
        "Last updated",
    ):
        assert words in page.text, words


def test_public_pages_carry_no_script_and_nothing_of_the_workbench(app: Flask, conn: psycopg.Connection) -> None:
    configure(conn, OPEN)
    add_sender(conn, "+15125550100")

    for path in (TERMS, PRIVACY, "/join", "/join/thanks"):
        page = app.test_client().get(path).text
        assert "<script" not in page, path
        assert "Leadline" not in page, path


@pytest.mark.parametrize(
    ("days", "words"), [(730, "2 years"), (365, "1 year"), (540, "18 months"), (90, "3 months"), (30, "30 days")]
)
def test_a_span_of_days_reads_as_people_say_it(days: int, words: str) -> None:
    assert duration(days) == words


def test_an_admin_fills_the_pages_in_and_a_manager_only_looks(app: Flask, conn: psycopg.Connection, cast: Cast) -> None:
    manager, admin = signed_in(app, cast.manager), signed_in(app, cast.admin)

    seen = manager.get("/compliance/public")
    refused = manager.post("/compliance/public", data=FILLED | {"csrf_token": csrf_token(manager)})
    saved = admin.post("/compliance/public", data=FILLED | {"csrf_token": csrf_token(admin)})

    assert seen.status_code == 200
    assert '<fieldset class="stack" disabled>' in seen.text
    assert refused.status_code == 403
    assert saved.status_code == 303
    stored = account_settings.read(conn)
    assert (stored.business_address, stored.privacy_email) == (FILLED["business_address"], FILLED["privacy_email"])
    assert stored.double_opt_in is False  # its box was not ticked
    assert app.test_client().get(TERMS).status_code == 200


def test_the_first_words_are_kept_when_the_opt_in_page_is_switched_on(
    app: Flask, conn: psycopg.Connection, cast: Cast
) -> None:
    add_sender(conn, "+15125550100")
    admin = signed_in(app, cast.admin)
    assert "None yet." in admin.get("/compliance/public").text
    opened = FILLED | {"opt_in_page": "y", "csrf_token": csrf_token(admin)}
    assert admin.post("/compliance/public", data=opened).status_code == 303
    page = admin.get("/compliance/public").text
    assert "None yet." not in page
    assert "homes for sale and open houses, at the mobile number" in page


def test_the_opt_in_page_cannot_be_opened_before_it_is_complete(
    app: Flask, conn: psycopg.Connection, cast: Cast
) -> None:
    admin = signed_in(app, cast.admin)
    wanted = FILLED | {"opt_in_page": "y", "csrf_token": csrf_token(admin)}

    without_address = admin.post("/compliance/public", data=wanted | {"business_address": ""})
    without_number = admin.post("/compliance/public", data=wanted)
    add_sender(conn, "+15125550100")
    complete = admin.post("/compliance/public", data=wanted)

    assert without_address.status_code == 422
    assert "cannot open without the postal address" in without_address.text
    assert without_number.status_code == 422
    assert "without a number to text from" in without_number.text
    assert complete.status_code == 303
    assert account_settings.read(conn).opt_in_page


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("business_website", "lonestarhomes.test", "Enter the whole address, like https://www.example.com."),
        ("privacy_email", "nobody", "Enter an e-mail address, like privacy@example.com."),
        ("message_frequency", "", "Say how often"),
        ("business_name", "x" * 101, "Use 100 characters or fewer."),
    ],
)
def test_what_will_not_do_is_named_beside_its_field(
    app: Flask, cast: Cast, conn: psycopg.Connection, field: str, value: str, complaint: str
) -> None:
    admin = signed_in(app, cast.admin)

    answer = admin.post("/compliance/public", data=FILLED | {field: value, "csrf_token": csrf_token(admin)})

    assert answer.status_code == 422
    assert complaint in answer.text
    assert account_settings.read(conn).business_contact == ""
