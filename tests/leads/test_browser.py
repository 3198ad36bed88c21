"""Leads as a person meets them: list, new, edit, delete, import; in light and dark, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser import DESKTOP, PHONE, accessibility_faults, visit
from tests.leads.samples import MIXED, many
from tests.leads.support import add_lead, one
from tests.support.people import PASSWORD, Cast, Person
from tests.support.world import AppServer
from webapp import clock, database
from webapp.compliance.optouts import suppressions
from webapp.compliance.optouts.suppressions import Cause
from webapp.jobs.queues import QueueName
from webapp.jobs.worker import make_worker
from webapp.local.ports import free_port

LOOKS = [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE), ("dark", PHONE)]


@pytest.fixture
def address(app: Flask, conn: psycopg.Connection) -> Iterator[str]:
    """The app on a port, with a number to send from."""
    conn.execute("INSERT INTO phone_numbers (e164, is_default) VALUES ('+15125550100', true)")
    server, port = AppServer(), free_port()
    server.start(app, port)
    yield f"http://127.0.0.1:{port}"
    server.stop()


def sign_in(page: Page, person: Person) -> None:
    page.goto("/login")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/inbox")


def fits(page: Page) -> bool:
    """Whether nothing sticks out to the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def work(app: Flask) -> None:
    """A real worker, in this process, until the queue is empty."""
    make_worker(app, QueueName.BULK).work(burst=True, logging_level="WARNING")


def test_from_the_list_to_new_to_edit_to_delete(browser: Browser, address: str, cast: Cast) -> None:
    with visit(browser, address) as page:
        sign_in(page, cast.rep)
        page.get_by_role("link", name="Leads", exact=True).click()
        expect(page.get_by_text("No leads yet.")).to_be_visible()
        page.wait_for_load_state()  # the keys are heard once their script is there
        page.keyboard.press("n")

        page.get_by_label("First name").fill("Jane")
        page.get_by_label("Phone").fill("12345")
        page.get_by_role("button", name="Add lead").click()
        expect(page.get_by_label("Phone")).to_be_focused()
        expect(page.get_by_text("A US number has 10 digits")).to_be_visible()
        page.get_by_label("Phone").fill("(212) 555-0123")
        page.get_by_label("How did they agree").select_option("in_person")
        page.get_by_label("I confirm this").check()
        page.get_by_role("button", name="Add lead").click()

        expect(page.get_by_role("heading", name="Jane")).to_be_visible()
        expect(page.get_by_text("Told me in person")).to_be_visible()
        expect(page.get_by_label("Text to Jane")).to_be_visible()
        page.get_by_role("link", name="Edit").click()
        page.get_by_label("Last name").fill("Doe")
        page.get_by_role("button", name="Save lead").click()
        expect(page.get_by_role("heading", name="Jane Doe")).to_be_visible()

        more = page.locator("summary[aria-label='More about Jane Doe']")
        more.click()
        page.get_by_role("button", name="Delete").click()
        dialog = page.get_by_role("dialog", name="Delete Jane Doe?")
        expect(dialog.get_by_text("the number (212) 555-0123 with its texts")).to_be_visible()
        dialog.get_by_role("button", name="Cancel").click()
        expect(dialog).to_be_hidden()
        more.click()
        page.get_by_role("button", name="Delete").click()
        dialog.get_by_role("button", name="Delete lead").click()
        expect(page.get_by_text("Jane Doe is deleted.")).to_be_visible()
        expect(page.get_by_text("No leads yet.")).to_be_visible()


def test_a_condition_that_was_added_is_filled_in_next(browser: Browser, address: str, cast: Cast) -> None:
    with visit(browser, address) as page:
        sign_in(page, cast.rep)
        page.goto("/leads")
        page.get_by_label("Add a condition").select_option("reply")
        expect(page.get_by_label("No reply, days")).to_be_focused()
        page.keyboard.type("14")
        page.get_by_label("Add a condition").select_option("custom")
        expect(page.get_by_label("Name of the field")).to_be_focused()
        page.get_by_role("button", name="Remove Field of your own").press("Enter")
        expect(page.get_by_label("Add a condition")).to_be_focused()
        expect(page.get_by_label("No reply, days")).to_have_value("14")


def test_a_known_phone_leads_to_its_lead(browser: Browser, address: str, cast: Cast, conn: psycopg.Connection) -> None:
    add_lead(conn, "+12125550123", owner=cast.rep, first_name="June", last_name="Old")
    with visit(browser, address) as page:
        sign_in(page, cast.rep)
        page.goto("/leads/new")
        page.get_by_label("Phone").fill("2125550123")
        page.get_by_role("button", name="Add lead").click()
        page.get_by_role("link", name="Open June Old").click()
        expect(page.get_by_role("heading", name="June Old")).to_be_visible()


def test_the_list_is_searched_while_one_types(
    browser: Browser, address: str, cast: Cast, conn: psycopg.Connection
) -> None:
    for n, name in enumerate(("Ann", "Bob", "Cat")):
        add_lead(conn, f"+121255501{n:02}", owner=cast.rep if n else cast.other_rep, first_name=name)
    with visit(browser, address) as page:
        sign_in(page, cast.manager)
        page.goto("/leads")
        page.keyboard.press("/")
        page.keyboard.type("0101")
        expect(page.get_by_text("1 lead match “0101”")).to_be_visible()
        expect(page.get_by_role("rowheader")).to_have_text(["Bob"])
        expect(page).to_have_url(f"{address}/leads?q=0101")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.press("Control+A")
        page.keyboard.type("zebra")
        expect(page.get_by_text("No lead matches “zebra”.")).to_be_visible()
        page.get_by_role("link", name="Show all leads").click()
        page.get_by_label("Whose").select_option("Otto Other")
        expect(page.get_by_role("rowheader")).to_have_text(["Ann"])
        page.get_by_role("link", name="SMS to Ann").click()
        expect(page.get_by_label("Text to Ann")).to_be_visible()


def test_a_lead_is_assigned_from_its_page(browser: Browser, address: str, cast: Cast, conn: psycopg.Connection) -> None:
    lead_id = add_lead(conn, "+12125550123", owner=cast.rep, first_name="Jane")
    with visit(browser, address) as page:
        sign_in(page, cast.manager)
        page.goto(f"/leads/{lead_id}")
        expect(page.get_by_role("button", name="Assign")).to_be_hidden()
        page.get_by_label("Assigned to").select_option("Otto Other")
        page.get_by_role("button", name="Assign").click()
        expect(page.get_by_text("Assigned.", exact=True)).to_be_visible()
    assert one(conn, "SELECT owner_id FROM leads") == cast.other_rep.id


def test_the_lead_follows_the_conversation_beside_it(
    browser: Browser, address: str, cast: Cast, conn: psycopg.Connection
) -> None:
    lead_id = add_lead(conn, "+12125550123", first_name="Jane")
    number_id, sender_id = one(conn, "SELECT id FROM contact_numbers"), one(conn, "SELECT id FROM phone_numbers")
    conn.execute(
        "INSERT INTO sms_conversations (contact_number_id, phone_number_id, lead_id, created_at) "
        "VALUES (%s, %s, %s, now())",
        (number_id, sender_id, lead_id),
    )
    with visit(browser, address) as page:
        sign_in(page, cast.rep)
        page.goto(f"/leads/{lead_id}")
        about = page.get_by_role("region", name="About Jane")
        expect(about.get_by_text("None on file")).to_be_visible()
        page.get_by_label("Told me in person").check()
        page.get_by_label("I confirm this").check()
        page.get_by_label("Text to Jane").fill("Hello Jane")
        page.locator("#send").click()
        expect(about.get_by_text("Agreed")).to_be_visible()
        expect(about.get_by_label("Assigned to")).to_have_value(str(cast.rep.id))
        expect(about.get_by_role("button", name="Assign")).to_be_hidden()

        with database.transaction() as own:
            suppressions.suppress(own, number_id, Cause("keyword", "stop", clock.now()), now=clock.now())
        expect(about.get_by_text("Opted out")).to_be_visible(timeout=15_000)


def test_a_file_is_imported_while_one_looks_on(
    browser: Browser, address: str, app: Flask, cast: Cast, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text(MIXED)
    with visit(browser, address) as page:
        sign_in(page, cast.rep)
        page.goto("/leads/import")
        page.get_by_label("Drop a CSV file here").set_input_files(tmp_path / "people.csv")
        page.get_by_label("How did everybody").fill("Sign-in sheet")
        page.get_by_role("button", name="Import leads").click()
        expect(page.locator(".error", has_text="Confirm that they agreed.").first).to_be_visible()
        expect(page.get_by_label("When", exact=True)).to_be_focused()
        assert page.evaluate("document.getElementById('file').files[0].name") == "people.csv"

        page.get_by_label("When", exact=True).fill("2020-01-02")
        page.get_by_label("I confirm this").check()
        page.get_by_role("button", name="Import leads").click()
        expect(page.get_by_text("Waiting to start")).to_be_visible()
        work(app)
        expect(page.get_by_text("Finished", exact=True)).to_be_visible()
        expect(page.get_by_text("Finished: 10 of 10 rows. 5 did not go in.")).to_be_attached()
        expect(page.get_by_text("5 rows did not go in", exact=True)).to_be_visible()
        assert page.locator("[hx-trigger='every 2s']").count() == 0
        with page.expect_download() as download:
            page.get_by_role("link", name="Download these rows").click()
        assert "Leadline problem" in download.value.path().read_text(encoding="utf-8-sig")


def test_a_file_is_dropped_and_one_that_is_too_large_refused(browser: Browser, address: str, cast: Cast) -> None:
    drop = """([name, size]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(size)], name));
      document.querySelector("[data-drop]").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
      return document.getElementById("file").files.length;
    }"""
    with visit(browser, address) as page:
        sign_in(page, cast.rep)
        page.goto("/leads/import")
        assert page.evaluate(drop, ["people.csv", 10]) == 1
        expect(page.get_by_text("larger than 20 MB")).to_be_hidden()
        assert page.evaluate(drop, ["large.csv", 21 * 1024 * 1024]) == 0
        expect(page.get_by_text("The file is larger than 20 MB.")).to_be_visible()


def test_an_import_is_stopped_after_one_question(
    browser: Browser, address: str, cast: Cast, tmp_path: Path, conn: psycopg.Connection
) -> None:
    (tmp_path / "people.csv").write_text("".join(many(10)))
    with visit(browser, address) as page:
        sign_in(page, cast.rep)
        page.goto("/leads/import")
        page.get_by_label("Drop a CSV file here").set_input_files(tmp_path / "people.csv")
        page.get_by_role("button", name="Import leads").click()
        page.get_by_role("button", name="Stop", exact=True).click()
        page.get_by_role("button", name="Stop the import").click()
        expect(page.get_by_text("Stopped. What is in stays in.")).to_be_visible()
    assert one(conn, "SELECT status FROM bulk_operations") == "canceled"


@pytest.mark.parametrize(("scheme", "size"), LOOKS, ids=["light", "dark", "phone", "phone in the dark"])
def test_every_page_is_accessible_and_fits(
    browser: Browser,
    address: str,
    app: Flask,
    cast: Cast,
    conn: psycopg.Connection,
    tmp_path: Path,
    scheme: str,
    size: dict[str, int],
) -> None:
    (tmp_path / "people.csv").write_text(MIXED)
    tags = ["Buyer", "Open house", "A tag that is rather long as tags go"]
    lead_id = add_lead(conn, "+12125550123", owner=cast.rep, first_name="Wilhelmina-Charlotte", tags=tags)
    conn.execute("UPDATE contact_numbers SET suppressed_at = now()")
    add_lead(conn, "+12125550124", owner=None, email="a.rather.long.address@estate-agency.example", custom={"k": "v"})
    conn.execute("UPDATE contact_numbers SET invalid_at = now() WHERE suppressed_at IS NULL")
    with visit(browser, address, size=size, scheme=scheme) as page:
        sign_in(page, cast.manager)
        page.goto("/leads/import")
        page.get_by_label("Drop a CSV file here").set_input_files(tmp_path / "people.csv")
        page.get_by_role("button", name="Import leads").click()
        page.wait_for_url("**/leads/import/1")
        looks_right(page, "/leads/import/1")
        work(app)
        for path in (
            *("/leads/import/1", "/leads/import", "/leads", "/leads?q=zebra", "/leads/new"),
            *(f"/leads/{lead_id}", f"/leads/{lead_id + 1}", f"/leads/{lead_id + 1}/edit", f"/leads/{lead_id}/delete"),
        ):
            page.goto(path)
            page.wait_for_load_state("networkidle")
            looks_right(page, path)
        page.goto("/leads/new")
        page.get_by_label("How did they agree").select_option("web_form")
        page.get_by_role("button", name="Add lead").click()
        expect(page.get_by_label("Phone")).to_be_focused()
        looks_right(page, "a form with errors")


def looks_right(page: Page, what: str) -> None:
    assert accessibility_faults(page) == [], what
    assert fits(page), what
