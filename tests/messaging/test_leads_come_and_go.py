"""The people around a text change while it is under way: leads go and come back, reps are swapped, buttons bounce."""

from __future__ import annotations

from tests.support.people import Cast, Person, cast_of
from tests.support.races import at_once, warm_up
from tests.support.world import CONSENT, World, make_sender
from webapp import clock, database
from webapp.accounts.actors import Actor
from webapp.leads import leads
from webapp.messaging import retrying, threads
from webapp.messaging.outbox import Queued
from webapp.models.constants import Role


def actor(person: Person) -> Actor:
    return Actor(person.id, person.name, person.email, Role(person.role), "America/Chicago")


def lead_of(world: World, phone: str) -> int:
    row = world.conn.execute("SELECT id FROM leads WHERE phone = %s", [phone]).fetchone()
    assert row is not None
    return int(row[0])


def delete(world: World, phone: str, by: Person) -> None:
    with database.transaction() as conn:
        assert leads.delete(conn, lead_of(world, phone), actor(by), clock.now())


def make(phone: str, by: Person) -> None:
    with database.transaction() as conn:
        leads.create(conn, leads.NewLead({"phone": phone}, source="import"), actor(by), clock.now())


def conversations(world: World) -> list[tuple[object, ...]]:
    return world.conn.execute("SELECT id, twilio_sid, unique_name FROM sms_conversations ORDER BY id").fetchall()


def test_a_lead_deleted_and_imported_again_finds_its_thread(world: World) -> None:
    ada = cast_of(world.conn).admin
    phone = world.phone()
    conversation = world.conversation(phone)
    world.say(conversation, "Hello?")
    world.until(lambda: world.on_handset(phone) == ["Hello?"])
    before = conversations(world)
    delete(world, phone, ada)
    make(phone, ada)
    assert world.conversation(phone) == conversation
    world.say(conversation, "Hello again")
    world.until(lambda: world.on_handset(phone) == ["Hello?", "Hello again"])
    assert conversations(world) == before
    row = world.conn.execute("SELECT lead_id FROM sms_conversations").fetchone()
    assert row == (lead_of(world, phone),)


def test_who_said_stop_stays_stopped_through_deletion_and_import(world: World) -> None:
    ada = cast_of(world.conn).admin
    phone = world.phone()
    conversation = world.conversation(phone)
    world.say(conversation, "Hello?")
    world.until(lambda: world.on_handset(phone) == ["Hello?"])
    world.simulator.person_texts(phone, "STOP")
    world.until(lambda: world.inbound(phone) == ["STOP"])
    delete(world, phone, ada)
    make(phone, ada)
    refused = world.say(world.conversation(phone), "Buy now", consent=CONSENT)
    assert (refused.status, refused.decision and refused.decision.reason) == ("refused", "opted_out")
    world.work()
    assert world.on_handset(phone) == ["Hello?"]


def test_what_was_still_to_go_is_taken_back_with_the_lead(world: World) -> None:
    ada = cast_of(world.conn).admin
    phone = world.phone()
    text = world.say(world.conversation(phone), "Hello?").message_id
    delete(world, phone, ada)
    world.work()
    assert (world.status(text), world.on_handset(phone)) == ("canceled", [])


def test_an_answer_after_the_deletion_makes_a_lead_in_the_same_thread(world: World) -> None:
    ada = cast_of(world.conn).admin
    phone = world.phone()
    conversation = world.conversation(phone)
    world.say(conversation, "Hello?")
    world.until(lambda: world.on_handset(phone) == ["Hello?"])
    delete(world, phone, ada)
    world.simulator.person_texts(phone, "Who is this?")
    world.until(lambda: world.inbound(phone) == ["Who is this?"])
    row = world.conn.execute("SELECT id, lead_id FROM sms_conversations").fetchone()
    assert row == (conversation, lead_of(world, phone))


def test_one_key_from_twenty_threads_is_one_text(world: World) -> None:
    """With the consent that a first text brings along: it is written down once too."""
    phone = world.phone()
    conversation = world.conversation(phone)
    warm_up(20)
    queued = at_once([lambda: world.say(conversation, "Hello?", client_key="key 1")] * 20)
    assert len({text.message_id for text in queued}) == 1
    assert [text.is_new for text in queued].count(True) == 1
    world.until(lambda: world.on_handset(phone) == ["Hello?"])
    world.work()
    assert world.on_handset(phone) == ["Hello?"]
    assert world.conn.execute("SELECT count(*) FROM consent_events").fetchone() == (1,)


def test_retry_of_a_failed_text_clicked_by_many_sends_once(world: World) -> None:
    rita = cast_of(world.conn).rep
    phone = world.phone()
    world.simulator.set_faults(receipts={"30003": 1.0})
    text = world.say(world.conversation(phone), "Hello?").message_id
    world.until(lambda: world.status(text) == "undelivered")
    world.simulator.set_faults()
    warm_up(10)
    clicked = at_once([lambda: retry(text, rita)] * 10)
    assert len({queued.message_id for queued in clicked if queued}) == 1
    world.until(lambda: world.on_handset(phone) == ["Hello?"])
    world.work()
    assert world.on_handset(phone) == ["Hello?"]


def test_only_what_failed_can_be_sent_again(world: World) -> None:
    rita = cast_of(world.conn).rep
    text = world.say(world.conversation(world.phone()), "Hello?").message_id
    assert retry(text, rita) is None
    world.until(lambda: world.status(text) == "delivered")
    assert retry(text, rita) is None


def test_swapping_reps_while_texts_go_loses_and_repeats_nothing(world: World) -> None:
    people = cast_of(world.conn)
    phones = [world.phone() for _ in range(6)]
    threads_ = [world.conversation(phone, assigned_to=people.rep.id) for phone in phones]
    for conversation in threads_:
        for number in range(4):
            world.say(conversation, f"Number {number}", author_id=people.rep.id)
    workers = [make_sender(world.settings) for _ in range(2)]
    at_once(
        [
            *(worker.drain for worker in workers),
            *(lambda person=person: swap(threads_, person) for person in both(people) * 3),
        ]
    )
    world.until(lambda: all(len(world.on_handset(phone)) == 4 for phone in phones))
    for phone in phones:
        assert world.on_handset(phone) == [f"Number {number}" for number in range(4)]
    owners = world.conn.execute(
        "SELECT count(*) FROM sms_conversations c JOIN leads l ON l.id = c.lead_id"
        " WHERE c.assigned_to IS DISTINCT FROM l.owner_id"
    ).fetchone()
    assert owners == (0,)


def both(people: Cast) -> list[Person]:
    return [people.rep, people.other_rep]


def swap(conversations_: list[int], to: Person) -> None:
    for conversation in conversations_:
        with database.transaction() as conn:
            threads.assign(conn, conversation, to.id, actor_id=to.id, now=clock.now())


def retry(message_id: int, by: Person) -> Queued | None:
    with database.transaction() as conn:
        return retrying.retry(conn, message_id, actor_id=by.id, now=clock.now())
