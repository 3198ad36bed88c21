"""What the tests in the browser share: people in the world, and polls that need not be waited for."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.inbox.support import one
from tests.support.people import Cast, Person
from tests.support.sessions import signed_in
from tests.support.world import World


def sign_in(page: Page, world: World, person: Person) -> None:
    """Gives the browser this person's session."""
    cookie = signed_in(world.app, person).get_cookie("session", domain="localhost")
    assert cookie is not None
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": world.settings.app_url}])


def add_person(world: World, people: Cast, name: str, texts: int = 0) -> str:
    """A lead of Rita's, whom she has texted; ``texts`` texts from the lead are in the thread."""
    phone = world.phone()
    thread = world.conversation(phone, assigned_to=people.rep.id)
    world.say(thread, f"Hello {name}", author_id=people.rep.id)
    world.conn.execute(
        "UPDATE leads SET first_name = %s, state = 'TX', owner_id = %s WHERE phone = %s", [name, people.rep.id, phone]
    )
    world.until(lambda: world.on_handset(phone) == [f"Hello {name}"])
    for number in range(texts):
        world.simulator.person_texts(phone, f"Text {number} of {name}")
    world.until(lambda: len(world.inbound(phone)) == texts)
    return phone


def thread_of(world: World, phone: str) -> int:
    sql = "SELECT c.id FROM sms_conversations c JOIN leads l ON l.id = c.lead_id WHERE l.phone = %s"
    return int(one(world.conn, sql, phone))


def asked(world: World, thread: int) -> list[str]:
    """What the rep wrote after the first text."""
    rows = world.conn.execute("SELECT body FROM sms_messages WHERE conversation_id = %s ORDER BY id", [thread])
    return [row[0] for row in rows.fetchall()][1:]


def hear(page: Page, world: World, phone: str, body: str) -> None:
    """A text from the lead, seen on the page."""
    before = world.inbound(phone)
    world.simulator.person_texts(phone, body)
    world.until(lambda: world.inbound(phone) == [*before, body])
    poll(page)
    expect(page.locator(".text.in").last).to_contain_text(body)


def poll(page: Page) -> None:
    """The poll that would come within five seconds."""
    with page.expect_response("**/inbox/poll?*"):
        page.evaluate("poll.dispatchEvent(new CustomEvent('every'))")
