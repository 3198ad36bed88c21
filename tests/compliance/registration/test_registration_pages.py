"""The registration's checklist: prefilled, saved as a draft, checked as it is typed, printed; and its state."""

from __future__ import annotations

import re
import time

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.compliance.public.support import FILLED, OPEN, configure
from tests.support.people import Cast, add_person
from tests.support.sessions import csrf_token, signed_in
from tests.support.world import World, add_sender
from webapp.accounts import settings as account_settings
from webapp.compliance import jobs
from webapp.compliance.public.programme import load
from webapp.compliance.registration import drafts, reading
from webapp.compliance.registration.drafts import Draft
from webapp.models.constants import RegistrationKind

URL = "https://texts.lonestarhomes.com"
TYPED = {
    "legal_name": "Lone Star Homes LLC",
    "business_type": "Limited Liability Corporation",
    "company_type": "private",
    "ein": "12-3456789",
    "industry": "REAL_ESTATE",
    "website": "https://www.lonestarhomes.com",
    "rep_first_name": "Ada",
    "rep_last_name": "Admin",
    "rep_email": "ada@lonestarhomes.com",
    "rep_phone": "512-555-0100",
    "rep_title": "Owner",
    "rep_position": "CEO",
    "use_case": "MARKETING",
}


def draft_of(conn: psycopg.Connection, kind: RegistrationKind = RegistrationKind.TEN_DLC) -> Draft:
    return drafts.load(conn, kind, load(conn, URL))


def answers_of(draft: Draft) -> dict[str, str]:
    return {key: answered.value for key, answered in draft.fields.items()}


def send(client: FlaskClient, path: str, answers: dict[str, str]) -> str:
    answer = client.post(path, data=answers | {"csrf_token": csrf_token(client)}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_an_account_that_says_nothing_of_itself_has_little_that_is_ready(conn: psycopg.Connection) -> None:
    draft = draft_of(conn)

    assert draft.ready < len(draft.counted) // 2
    assert draft.fields["legal_name"].value == ""
    assert draft.fields["sample_1"].value == ""


def test_what_the_account_knows_is_filled_in_and_would_stand_a_review(conn: psycopg.Connection, cast: Cast) -> None:
    configure(conn, OPEN)
    add_sender(conn, "+15125550100")

    draft = draft_of(conn)

    answers = answers_of(draft)
    assert (answers["street"], answers["city"], answers["region"], answers["postal_code"]) == (
        *("1 Congress Ave", "Austin", "TX"),
        "78701",
    )
    assert "Rita with Lone Star Homes" in answers["sample_1"]
    assert "Reply STOP to opt out, HELP for help." in answers["sample_1"]
    assert f"{URL}/join" in answers["message_flow"]
    for key in (
        *("description", "message_flow", "sample_1", "sample_2", "embedded_links", "embedded_phone"),
        *("opt_in_message", "opt_out_message", "help_message", "opt_out_keywords", "privacy_url", "terms_url"),
    ):
        assert draft.fields[key].own, key
        assert draft.fields[key].ready, (key, draft.fields[key].findings)


def test_a_toll_free_number_is_prefilled_likewise(conn: psycopg.Connection, cast: Cast) -> None:
    configure(conn, OPEN)
    add_sender(conn, "+18335550100")
    conn.execute("UPDATE phone_numbers SET toll_free = true")

    draft = draft_of(conn, RegistrationKind.TOLL_FREE)

    assert draft.fields["toll_free_number"].value == "(833) 555-0100"
    for key in ("toll_free_number", "categories", "summary", "production_sample", "opt_in_type", "opt_in_images"):
        assert draft.fields[key].ready, (key, draft.fields[key].findings)


def test_a_draft_is_saved_as_it_is_and_what_the_account_knows_goes_on_following_it(
    app: Flask, conn: psycopg.Connection, cast: Cast
) -> None:
    configure(conn, FILLED)
    manager = signed_in(app, cast.manager)
    answers = answers_of(drafts.load(conn, RegistrationKind.TEN_DLC, load(conn, "http://leadline.test")))

    page = send(manager, "/compliance/registration/10dlc", answers | {"ein": "12", "rep_title": "Owner"})

    assert "Draft saved." in page
    assert "An EIN has nine digits" in page
    stored = conn.execute("SELECT answers, updated_by FROM registrations WHERE kind = '10dlc'").fetchone()
    assert stored == ({"ein": "12", "rep_title": "Owner"}, cast.manager.id)
    configure(conn, {"business_website": "https://www.lonestar.com"})
    assert draft_of(conn).fields["website"].value == "https://www.lonestar.com"
    assert draft_of(conn).fields["ein"].value == "12"


def test_the_count_says_how_much_is_ready_and_what_is_not(conn: psycopg.Connection, cast: Cast) -> None:
    configure(conn, OPEN)
    add_sender(conn, "+15125550100")
    programme = load(conn, URL)

    draft = drafts.preview(conn, RegistrationKind.TEN_DLC, TYPED, programme)
    broken = drafts.preview(conn, RegistrationKind.TEN_DLC, TYPED | {"sample_3": "Too short"}, programme)

    assert (draft.ready, draft.unready) == (len(draft.counted), [])
    assert len(broken.counted) == len(draft.counted) + 1
    assert [answered.field.key for answered in broken.unready] == ["sample_3"]


def test_what_is_typed_is_checked_at_once_and_not_kept(app: Flask, conn: psycopg.Connection, cast: Cast) -> None:
    manager = signed_in(app, cast.manager)

    told = send(manager, "/compliance/registration/10dlc/check", {"ein": "12", "description": "short"})

    assert 'hx-target="#notes-ein"' in told
    assert "An EIN has nine digits, like 12-3456789." in told
    assert "Too short: 5 of at least 40 characters." in told
    assert "5, 40 to 4096 characters" in told
    assert re.search(r"\d+ of \d+ fields ready", told)
    assert conn.execute("SELECT count(*) FROM registrations").fetchone() == (0,)


def test_an_answer_of_any_size_and_with_any_character_is_taken(
    app: Flask, conn: psycopg.Connection, cast: Cast
) -> None:
    manager = signed_in(app, cast.manager)

    page = send(manager, "/compliance/registration/10dlc", {"description": "x\0" * 9000, "rep_title": "<b>'\"é</b>"})

    assert "Too long by" in page
    assert "<b>" not in page
    assert draft_of(conn).fields["rep_title"].value == "<b>'\"é</b>"


@pytest.mark.parametrize("slug", ["10dlc", "toll-free"])
def test_the_answers_can_be_printed_with_twilios_names(
    app: Flask, conn: psycopg.Connection, cast: Cast, slug: str
) -> None:
    configure(conn, FILLED)

    page = signed_in(app, cast.manager).get(f"/compliance/registration/{slug}/print")

    assert page.status_code == 200
    assert "Lone Star Homes" in page.text
    assert "MessageFlow" in page.text if slug == "10dlc" else "UseCaseSummary" in page.text
    assert "Not filled in" in page.text


def test_an_unknown_registration_is_not_there(app: Flask, cast: Cast) -> None:
    manager = signed_in(app, cast.manager)

    assert manager.get("/compliance/registration/short-code").status_code == 404


def test_an_admin_says_where_the_review_stands_and_a_manager_may_not(
    app: Flask, conn: psycopg.Connection, cast: Cast
) -> None:
    admin, manager = signed_in(app, cast.admin), signed_in(app, cast.manager)
    path, wanted = "/compliance/registration/state", {"registration_state": "pending"}

    refused = manager.post(path, data=wanted | {"csrf_token": csrf_token(manager)})
    saved = admin.post(path, data=wanted | {"csrf_token": csrf_token(admin)})
    nonsense = admin.post(path, data={"registration_state": "soon", "csrf_token": csrf_token(admin)})

    assert (refused.status_code, saved.status_code, nonsense.status_code) == (403, 303, 422)
    assert account_settings.read(conn).registration_state == "pending"


def test_both_buttons_lead_back_to_the_registration_that_they_were_on(app: Flask, cast: Cast) -> None:
    admin = signed_in(app, cast.admin)
    sent = {"slug": "toll-free", "csrf_token": csrf_token(admin)}
    stated = admin.post("/compliance/registration/state", data=sent | {"registration_state": "pending"})
    asked = admin.post("/compliance/registration/ask", data=sent)
    assert stated.location == "/compliance/registration/toll-free"
    assert asked.location.startswith("/compliance/registration/toll-free?asked=")
    assert admin.post("/compliance/registration/ask", data=sent | {"slug": "zz"}).status_code == 404


def test_a_page_that_has_asked_the_carrier_looks_again_by_itself_until_it_knows(world: World) -> None:
    admin = signed_in(world.app, add_person(world.conn, "Ada Admin", "admin"))
    asked = admin.post("/compliance/registration/ask", data={"slug": "10dlc", "csrf_token": csrf_token(admin)})
    waiting = admin.get(asked.location).text
    assert "Asking Twilio" in waiting
    assert f'hx-get="{asked.location}"' in waiting
    with world.app.app_context():
        jobs.read_registration()
    known = admin.get(asked.location).text
    assert "Asking Twilio" not in known
    assert "As Twilio said" in known
    world.conn.execute("UPDATE registrations SET seen_at = now() - interval '5 minutes'")
    long_ago = f"/compliance/registration/10dlc?asked={int(time.time()) - 100}"
    assert "Twilio has not answered yet" in admin.get(long_ago).text
    assert "hx-get" not in admin.get(long_ago).text.split('id="state-card"')[1].split("</section>")[0]


def test_the_page_says_how_long_a_review_takes_and_what_to_do_meanwhile(app: Flask, cast: Cast) -> None:
    page = signed_in(app, cast.manager).get("/compliance/registration").text

    assert "10 to 15 business days" in page
    assert "Meanwhile you can import leads" in page
    assert "Twilio has not been asked yet." in page


def test_the_carrier_is_asked_by_a_worker_and_its_words_are_shown(world: World) -> None:
    with world.app.app_context():
        jobs.read_registration()

    seen = reading.last(world.conn)

    assert seen is not None
    assert [(each["status"], each["brand_status"]) for each in seen.campaigns] == [("VERIFIED", "APPROVED")]
    assert world.simulator.numbers[0] in seen.numbers
    assert seen.state == "approved"
    assert draft_of(world.conn).saved_at is None  # the carrier's words are nobody's draft


def test_a_carrier_that_does_not_answer_leaves_its_last_words(world: World) -> None:
    with world.app.app_context():
        jobs.read_registration()
        before = reading.last(world.conn)
        world.simulator.set_faults(latency_ms=3000)  # more than the client waits
        jobs.read_registration()

    assert reading.last(world.conn) == before
