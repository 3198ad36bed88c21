"""A whole day with every logger at its loudest: no text, no whole number, no name and no secret is in what was logged."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from io import BytesIO, StringIO

import psycopg
import pytest
import requests
import structlog
from flask import Flask
from pydantic import SecretStr

from tests.jobs.work import SECRET
from tests.support.people import PASSWORD, Cast, cast_of
from tests.support.sessions import csrf_token, signed_in
from tests.support.world import World
from webapp import clock, database, logs
from webapp.accounts import letters, links, mail, tokens, users
from webapp.accounts.actors import Actor
from webapp.accounts.links import Purpose
from webapp.compliance.privacy import data_requests, erasure_at_carrier
from webapp.compliance.privacy.data_requests import NewRequest
from webapp.inbox import threads
from webapp.jobs import queues
from webapp.jobs.queues import QueueName
from webapp.jobs.worker import make_worker
from webapp.messaging import applying, inbound
from webapp.models.constants import PrivacyKind, Role

#: No word of these is in the code, so that a line which has one has it from a text.
WORDS = {
    "sent": "zebra",
    "heard": "platypus",
    "refused": "walrus",
    "broken": "flamingo",
    "name": "Quixote",
    "draft": "ocelot",
}


@pytest.fixture
def lines(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """What goes to standard error, as the processes are set up, but with every logger at DEBUG."""
    stream = StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stream)
        logs.configure()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )
    logging.getLogger().setLevel(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        monkeypatch.setattr(logging.getLogger(name), "disabled", False)
    monkeypatch.setattr(logging.getLogger("werkzeug"), "level", logging.DEBUG)
    monkeypatch.setattr(logging.getLogger("sqlalchemy.engine"), "level", logging.DEBUG)
    yield stream
    structlog.reset_defaults()
    logging.basicConfig(handlers=[logging.NullHandler()], force=True)


@pytest.fixture
def people(world: World) -> Cast:
    return cast_of(world.conn)


def test_nothing_of_a_whole_day_is_in_the_log(
    world: World, people: Cast, lines: StringIO, monkeypatch: pytest.MonkeyPatch
):
    phones = [world.phone() for _ in range(4)]
    world.app.testing = False  # an exception is answered and logged, as it would be
    secrets = [PASSWORD, *_secrets(world)]
    _import_file(world, people, phones[0])
    _talk(world, phones[0])
    _refuse(world, phones[0])
    _break_a_webhook(world, phones[1], lines, monkeypatch)
    _refuse_a_webhook(world, phones[2])
    _break_a_page(world, people, phones[3], monkeypatch)
    _fail_a_job(world)
    secrets += _knock_with_secrets(world, people, phones[0])
    _erase(world, people, phones[0])

    logged = lines.getvalue()
    assert logged.count("\n") > 50  # it was listened to
    assert {"webhook could not be applied", "job failed", "werkzeug"} - _heard(logged) == set()
    assert _found(logged, [*WORDS.values(), SECRET, "Elm Street"]) == []
    assert _found(logged, secrets) == []
    assert _found(logged, [form for phone in [*phones, "+15125550123"] for form in _forms(phone)]) == []


def test_no_address_of_ours_has_a_place_for_a_number(app: Flask):
    places = {argument for rule in app.url_map.iter_rules() for argument in rule.arguments}
    assert {place for place in places if re.search("phone|e164|^number$|body", place)} == set()


def _import_file(world: World, people: Cast, phone: str) -> None:
    client = signed_in(world.app, people.admin)
    rows = f"first name,last name,phone,tags\nAnna,{WORDS['name']},{phone},{WORDS['draft']}\nBob,Bad,512555,\n"
    form = {"owner": "", "known": "keep", "file": (BytesIO(rows.encode()), "people.csv")}
    answer = client.post("/leads/import", data=form, headers={"X-CSRFToken": csrf_token(client)})
    assert answer.status_code in {204, 303}
    make_worker(world.app, QueueName.BULK).work(burst=True, logging_level="DEBUG")
    assert world.conn.execute("SELECT count(*) FROM leads WHERE last_name = %s", [WORDS["name"]]).fetchone() == (1,)


def _talk(world: World, phone: str) -> None:
    world.say(world.conversation(phone), f"A {WORDS['sent']} for you")
    world.until(lambda: len(world.on_handset(phone)) == 1)
    world.simulator.person_texts(phone, f"My {WORDS['heard']} says hi")
    world.until(lambda: len(world.inbound(phone)) == 1)
    world.sweep()


def _refuse(world: World, phone: str) -> None:
    world.simulator.person_texts(phone, "STOP")
    world.until(lambda: len(world.inbound(phone)) == 2)
    assert world.say(world.conversation(phone), f"One more {WORDS['refused']}").status == "refused"


def _break_a_webhook(world: World, phone: str, lines: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database refuses the row, quoting it; it is tried again later."""

    def refused(conn: psycopg.Connection, *_: object) -> None:
        conn.execute("SELECT %s::int", [f"{phone} {WORDS['broken']}"])

    with monkeypatch.context() as patch:
        patch.setattr(inbound, "_store_media", refused)
        world.simulator.person_texts(phone, f"The {WORDS['broken']} broke")
        # Not just any webhook is to be applied: an earlier one's receipt may come in between.
        world.until(lambda: applying.apply_due() >= 0 and "webhook could not be applied" in _heard(lines.getvalue()))


def _refuse_a_webhook(world: World, phone: str) -> None:
    form = {
        "EventType": "onMessageAdded",
        "Author": phone,
        "Body": WORDS["heard"],
        "MessageSid": "IM1",
        "ConversationSid": "CH1",
    }
    address = f"{world.settings.app_url}/api/twilio/conversations/webhook"
    assert requests.post(address, data=form, headers={"X-Twilio-Signature": "bm8="}, timeout=10).status_code == 403


def _break_a_page(world: World, people: Cast, phone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = world.conversation(phone)

    def broken(*_: object) -> None:
        raise ValueError(f"{phone} said {WORDS['broken']}")

    with monkeypatch.context() as patch:
        patch.setattr(threads, "find", broken)
        assert signed_in(world.app, people.admin).get(f"/inbox/{conversation}").status_code == 500


def _fail_a_job(world: World) -> None:
    queues.enqueue(QueueName.FLOW, "tests.jobs.work.fail")
    make_worker(world.app, QueueName.FLOW).work(burst=True, logging_level="DEBUG")


def _knock_with_secrets(world: World, people: Cast, phone: str) -> list[str]:
    """Real requests over a socket: a search for a number, a reset link, a token, a sign-in, a letter that fails."""
    base = world.settings.app_url
    with database.transaction() as conn:
        token = tokens.create(conn, user_id=people.admin.id, name="test", actor_id=people.admin.id)
        person = users.get(conn, people.rep.id)
    link = links.make(str(world.app.secret_key), Purpose.RESET, person)
    requests.get(f"{base}/inbox?q={phone}", timeout=10)
    requests.get(f"{base}/reset/{link}", timeout=10)
    requests.get(f"{base}/api/leads?q={WORDS['name']}", headers={"Authorization": f"Bearer {token}"}, timeout=10)
    requests.post(f"{base}/login", data={"email": people.rep.email, "password": PASSWORD}, timeout=10)
    _send_a_letter_in_vain(world.app, person)
    return [link, str(token)]


def _send_a_letter_in_vain(app: Flask, person: users.Person) -> None:
    settings = app.extensions["leadline"].model_copy(
        update={"smtp_url": SecretStr("smtp://me:hunter2hunter2@127.0.0.1:1")}
    )
    with app.test_request_context(), pytest.raises(mail.MailError):
        mail.send(settings, letters.write(Purpose.RESET, person))


def _erase(world: World, people: Cast, phone: str) -> None:
    actor = Actor(people.admin.id, people.admin.name, people.admin.email, Role.ADMIN, "America/Chicago")
    with database.transaction() as conn:
        number = data_requests.find_number(conn, phone)
        assert number is not None
        request = data_requests.find(
            conn, data_requests.add(conn, NewRequest(PrivacyKind.ERASURE, number, clock.now(), "email", ""), actor)
        )
        assert request is not None
        data_requests.carry_out_erasure(conn, request, actor, clock.now())
    erasure_at_carrier.finish_due(world.carrier)


def _secrets(world: World) -> list[str]:
    settings = world.settings
    held = (settings.secret_key, settings.twilio_auth_token, settings.cron_secret)
    database_password = re.search(r":([^:@]+)@", settings.database_url)
    assert database_password is not None
    return [*(each.get_secret_value() for each in held), database_password[1], "hunter2hunter2"]


def _heard(logged: str) -> set[str]:
    return {what for what in ("webhook could not be applied", "job failed") if what in logged} | (
        {"werkzeug"} if re.search(r"(GET|POST) /inbox", logged) else set()
    )


def _forms(phone: str) -> list[str]:
    area, middle, last = phone[2:5], phone[5:8], phone[8:]
    return [
        phone[2:],
        f"({area}) {middle}-{last}",
        f"{area}-{middle}-{last}",
        f"{area} {middle} {last}",
        f"{area}.{middle}.{last}",
    ]


def _found(logged: str, forbidden: list[str]) -> list[str]:
    return [f"{each}: {line[:300]}" for each in forbidden for line in logged.splitlines() if each in line][:5]
