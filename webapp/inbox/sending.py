"""Sending by hand: what was typed, checked, handed to the outbox, and what became of it in words."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from webapp.accounts.actors import Actor
from webapp.carrier.segments import LONGEST_BODY
from webapp.compliance.consent.giving import ConsentGiven
from webapp.compliance.decisions import Outcome
from webapp.database import Connection
from webapp.inbox import drafts
from webapp.inbox.wording import without_verdict
from webapp.leads.consents import CONSENT_SOURCES
from webapp.messaging import outbox
from webapp.messaging.outbox import NewText, Queued
from webapp.models.constants import Origin, Reason
from webapp.texts.preview import unfilled

_LONGEST_KEY = 100


@dataclass(frozen=True, slots=True)
class Typed:
    """What the composer's form holds."""

    body: str
    client_key: str
    consent_source: str = ""
    attested: bool = False

    @classmethod
    def read(cls, form: Mapping[str, str]) -> Typed:
        """Browsers send line ends as CRLF, and each would cost a character more."""
        body = form.get("body", "").replace("\r\n", "\n").replace("\x00", "").strip()
        source = form.get("consent_source", "")
        return cls(
            body=body,
            client_key=form.get("client_key", "")[:_LONGEST_KEY] or str(uuid.uuid4()),
            consent_source=source if source in CONSENT_SOURCES else "",
            attested=form.get("attested") == "yes",
        )

    @property
    def answered(self) -> dict[str, str]:
        """What was ticked about consent, for a form that comes back."""
        return {"source": self.consent_source, "attested": "yes" if self.attested else ""}

    def consent(self) -> ConsentGiven | None:
        if not (self.consent_source and self.attested):
            return None
        return ConsentGiven(source=self.consent_source, attested=True)


@dataclass(frozen=True, slots=True)
class Result:
    """``error`` is empty when the text is on its way or held; ``status`` is the HTTP one. ``fresh_key``: the text in
    the box is another one than the key's, and needs a key of its own."""

    status: int = 200
    error: str = ""
    fresh_key: bool = False
    answered: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.error


def send(conn: Connection, actor: Actor, conversation_id: int, typed: Typed, now: datetime) -> Result:
    """Queues what was typed, once for its ``client_key``, and forgets the draft. ``now`` is business time."""
    if not typed.body:
        return Result(422, "Write a text first.")
    if len(typed.body) > LONGEST_BODY:
        return Result(422, f"This text is {len(typed.body)} characters long; at most {LONGEST_BODY} can be sent.")
    gap = unfilled(typed.body)
    if gap:
        return Result(422, f"Fill in {gap} first, or take it out: it would go out as it stands here.")
    text = NewText(
        conversation_id=conversation_id,
        body=typed.body,
        origin=Origin.MANUAL,
        author_id=actor.id,
        client_key=typed.client_key,
        consent=typed.consent(),
    )
    return _told(conn, actor, text, typed, outbox.queue(conn, text, now=now))


def _told(conn: Connection, actor: Actor, text: NewText, typed: Typed, queued: Queued) -> Result:
    if not queued.is_new and not _is_the_same(conn, text, queued.message_id):
        return Result(409, _ALREADY_SENT, fresh_key=True)
    decision = queued.decision
    if decision is None or decision.outcome is not Outcome.REFUSE:
        drafts.forget(conn, text.conversation_id, actor.id)
        return Result()
    if decision.reason is Reason.NO_CONSENT:
        return Result(422, "Say how this person agreed to texts, and confirm it.", answered=typed.answered)
    return Result(409, f"Not sent. {without_verdict(decision.sentence)}")


_ALREADY_SENT = "What you wrote before was already sent. This text is another one: send it too, or clear the box."


def _is_the_same(conn: Connection, text: NewText, message_id: int) -> bool:
    """Whether a repeated key came with the text that it was first used for; else somebody typed on meanwhile."""
    row = conn.execute("SELECT conversation_id, body FROM sms_messages WHERE id = %s", [message_id]).fetchone()
    return row is not None and tuple(row) == (text.conversation_id, text.body)
