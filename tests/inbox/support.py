"""A rep at the inbox without a screen, and the conversations that are in it."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass, field
from typing import Any

import html5lib
import psycopg
from flask import Flask
from werkzeug.test import TestResponse

from tests.api.support import add_conversation, add_lead
from tests.api.support import hear as hear_without_notice
from tests.support.people import Person
from tests.support.sessions import csrf_token, signed_in

CONSENT = {"consent_source": "in_person", "attested": "yes"}
FRAGMENT = {"HX-Request": "true"}


@dataclass
class Desk:
    """Somebody signed in. ``tag`` is what the newest page or poll left behind, as htmx keeps it."""

    app: Flask
    person: Person
    tag: str = ""
    _token: str = field(default="")

    def __post_init__(self) -> None:
        self.client = signed_in(self.app, self.person)
        self._token = csrf_token(self.client)

    def get(self, path: str, **query: object) -> TestResponse:
        """A page."""
        return self._noted(self.client.get(path, query_string=query or None))

    def fetch(self, path: str, **query: object) -> TestResponse:
        """A fragment, as htmx asks for it."""
        return self._noted(self.client.get(path, query_string=query or None, headers=FRAGMENT))

    def poll(self, thread: int | None = None, **view: object) -> TestResponse:
        """What the page on screen asks every few seconds."""
        query = {"thread": thread or "", **view}
        return self._noted(
            self.client.get("/inbox/poll", query_string=query, headers={**FRAGMENT, "HX-PTag": self.tag})
        )

    def post(self, path: str, **form: object) -> TestResponse:
        """A form as the browser itself sends it."""
        return self.client.post(path, data={"csrf_token": self._token, **form})

    def act(self, path: str, **form: object) -> TestResponse:
        """The same form, sent by htmx."""
        return self.client.post(path, data={"csrf_token": self._token, **form}, headers=FRAGMENT)

    def write(self, conversation: int, body: str, **form: object) -> TestResponse:
        """Writes a text and presses Send; with consent unless the test says otherwise."""
        given = {"body": body, "client_key": new_key(), "thread": conversation, **CONSENT, **form}
        return self.act(f"/inbox/{conversation}/messages", **given)

    def _noted(self, answer: TestResponse) -> TestResponse:
        found = re.search(r'hx-ptag="([^"]*)"', answer.text) if answer.mimetype == "text/html" else None
        self.tag = answer.headers.get("HX-PTag") or (found.group(1) if found else self.tag)
        return answer


def new_key() -> str:
    return str(uuid.uuid4())


def phone(number: int) -> str:
    """The number of somebody in Austin, Texas."""
    return f"+1512555{number:04d}"


def add_thread(owner: Person | None, number: int = 123, **values: object) -> int:
    """A lead with a conversation in which nothing was said yet."""
    return add_conversation(add_lead(owner, phone(number), **values))


def hear(conn: psycopg.Connection, conversation: int, body: str, at: str | None = None) -> int:
    """A text from the lead, which pages notice; ``at`` is when it came."""
    message_id = hear_without_notice(conn, conversation, body)
    conn.execute(
        """
        UPDATE sms_conversations SET version = nextval('change_seq'), last_message_at = coalesce(%(at)s, last_message_at),
            last_inbound_at = coalesce(%(at)s, last_inbound_at), waiting_since = coalesce(%(at)s, waiting_since)
        WHERE id = %(id)s
        """,
        {"at": at, "id": conversation},
    )
    conn.execute("UPDATE sms_messages SET created_at = coalesce(%s, created_at) WHERE id = %s", [at, message_id])
    return message_id


def agreed(conn: psycopg.Connection, conversation: int) -> None:
    """The lead's number has consent on file."""
    conn.execute(
        """
        UPDATE contact_numbers SET consent_at = now() - interval '1 year', consent_source = 'web_form'
        WHERE id = (SELECT contact_number_id FROM sms_conversations WHERE id = %s)
        """,
        [conversation],
    )


def texts(conn: psycopg.Connection, conversation: int) -> list[tuple[str, str]]:
    """Body and status of what was sent in a conversation, oldest first."""
    return conn.execute(
        "SELECT body, status FROM sms_messages WHERE conversation_id = %s AND direction = 'outbound' ORDER BY id",
        [conversation],
    ).fetchall()


def one(conn: psycopg.Connection, sql: str, *params: object) -> Any:
    """The first column of the one row."""
    row = conn.execute(sql, params).fetchone()
    assert row is not None
    return row[0]


def rows_in(answer: TestResponse) -> list[int]:
    """The conversations in a list, in order."""
    return [int(found) for found in re.findall(r'id="row-(\d+)"', answer.text)]


def words(answer: TestResponse, element_id: str) -> str:
    """The text of an element, in one line; fails when it is not there."""
    found = _element(answer, element_id)
    assert found is not None, f"#{element_id} is not in the answer"
    return " ".join("".join(found.itertext()).split())


def said(answer: TestResponse) -> str:
    """All that an answer says, in one line."""
    return " ".join("".join(html5lib.parse(answer.text, namespaceHTMLElements=False).itertext()).split())


def has(answer: TestResponse, element_id: str) -> bool:
    return _element(answer, element_id) is not None


def events(answer: TestResponse) -> dict[str, Any]:
    """What the answer tells the page by HX-Trigger."""
    return dict(json.loads(answer.headers.get("HX-Trigger", "{}")))


def targets(answer: TestResponse) -> set[str]:
    """Where the fragments of an answer go."""
    return set(re.findall(r'hx-target="(#\w[\w-]*)" hx-swap="\w+Morph"', answer.text))


def _element(answer: TestResponse, element_id: str) -> Any:
    tree = html5lib.parse(answer.text, namespaceHTMLElements=False)
    return next((element for element in tree.iter() if element.get("id") == element_id), None)
