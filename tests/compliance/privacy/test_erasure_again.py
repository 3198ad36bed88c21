"""An erased number comes in again: by hand, by import, by its own text. It is the same row, and still not texted."""

from __future__ import annotations

from tests.compliance.privacy.erasing import erase, finish, make_lead, number_of
from tests.compliance.support import one, rows
from tests.support.people import Cast
from tests.support.races import at_once, warm_up
from tests.support.world import CONSENT, World
from webapp import clock, database
from webapp.compliance.privacy import data_requests
from webapp.leads import contacts, fingerprints


def test_made_again_by_hand_it_is_the_same_row_and_still_not_texted(world: World, people: Cast, annas: str):
    number = number_of(world, annas)
    erase(world, number, people.admin)
    make_lead(annas, people.admin)
    assert one(world.conn, "SELECT id, e164, hmac, suppression_source FROM contact_numbers") == (
        *(number, annas, None, "erasure"),
    )
    refused = world.say(world.conversation(annas), "Buy now", consent=CONSENT)
    assert (refused.status, refused.decision and refused.decision.reason) == ("refused", "opted_out")
    assert refused.decision is not None
    assert "data deleted" in refused.decision.sentence


def test_imported_again_among_others_it_is_recognised(world: World, people: Cast, annas: str):
    number = number_of(world, annas)
    erase(world, number, people.admin)
    with database.transaction() as conn:
        ids = contacts.ensure_contact_numbers(conn, ["+15125559001", annas, "+15125559002"], clock.now())
    assert ids[annas] == number
    assert one(world.conn, "SELECT count(*) FROM contact_numbers") == 3
    assert rows(world.conn, "SELECT id FROM contact_numbers WHERE suppressed_at IS NOT NULL") == [number]


def test_with_another_key_it_would_not_be(world: World, people: Cast, annas: str):
    """The hash is keyed: whoever has the database alone cannot find the number by trying."""
    erase(world, number_of(world, annas), people.admin)
    try:
        fingerprints.use_key(b"another key")
        assert data_requests.find_number(world.conn, annas) is None
    finally:
        fingerprints.use_key(world.settings.number_key)
    assert data_requests.find_number(world.conn, annas) is not None


def test_when_the_person_writes_again_they_are_recognised_and_start_lifts(world: World, people: Cast, annas: str):
    number = number_of(world, annas)
    erase(world, number, people.admin)
    world.until(lambda: finish(world) == 0, working=False)
    world.simulator.person_texts(annas, "Who is this?")
    world.until(lambda: world.inbound(annas) == ["", "Who is this?"])
    assert one(world.conn, "SELECT id, suppression_source FROM contact_numbers") == (number, "erasure")
    assert world.say(world.conversation(annas), "It is us").status == "refused"
    world.simulator.person_texts(annas, "START")
    world.until(lambda: one(world.conn, "SELECT suppressed_at FROM contact_numbers") is None)
    world.say(world.conversation(annas), "Welcome back")
    world.until(lambda: world.on_handset(annas)[-1:] == ["Welcome back"])


def test_a_key_that_was_lost_is_found_out(world: World, people: Cast, annas: str):
    assert data_requests.with_other_keys(world.conn, b"another key") == 0
    erase(world, number_of(world, annas), people.admin)
    assert data_requests.with_other_keys(world.conn, world.settings.number_key) == 0
    assert data_requests.with_other_keys(world.conn, b"another key") == 1
    make_lead(annas, people.admin)
    assert data_requests.with_other_keys(world.conn, b"another key") == 0


def test_many_who_bring_the_number_back_at_once_find_one_row(world: World, people: Cast, annas: str):
    number = number_of(world, annas)
    erase(world, number, people.admin)
    others = [f"+1212555{place:04d}" for place in range(5)]

    def bring(phones: list[str]) -> int:
        with database.transaction() as conn:
            if len(phones) == 1:
                return contacts.ensure_contact_number(conn, phones[0], clock.now())
            return contacts.ensure_contact_numbers(conn, phones, clock.now())[annas]

    warm_up(12)
    found = at_once(
        [lambda: bring([annas]), lambda: bring([*others, annas]), lambda: bring([annas, *others[::-1]])] * 4
    )
    assert set(found) == {number}
    assert one(world.conn, "SELECT count(*) FROM contact_numbers") == 1 + len(others)
