"""The outbox: a text is asked for here, passes the gate, and stands in Postgres before anybody is told "yes".

``queue`` never commits: the door does, then rings ``hints.ring_send()``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from blinker import Signal
from psycopg.rows import class_row

from webapp.accounts import settings as account_settings
from webapp.accounts.settings import AccountSettings
from webapp.carrier import prices
from webapp.compliance import decisions, facts, gate, stopped_senders, usage
from webapp.compliance.consent import giving
from webapp.compliance.consent.giving import ConsentGiven
from webapp.compliance.decisions import Decision, LedgerRow, Outcome, Stage
from webapp.compliance.facts import Facts
from webapp.database import Connection
from webapp.leads.contacts import simulated
from webapp.messaging import threads, wording
from webapp.messaging.wording import Written
from webapp.models.constants import Event, Origin, Status

_STATUS_OF = {Outcome.ALLOW: Status.QUEUED, Outcome.HOLD: Status.HELD, Outcome.REFUSE: Status.REFUSED}


@dataclass(frozen=True, slots=True)
class NewText:
    """A text as somebody asks for it.

    ``client_key``: chosen by the caller; the same one again is the same text. ``send_at``: business time, if chosen.
    ``consent``: how the person agreed, given together with a first text. ``signed_by``: the person whom an automatic
    text names when it must say who writes.
    """

    conversation_id: int
    body: str
    origin: Origin
    automatic: bool = False
    author_id: int | None = None
    client_key: str | None = None
    send_at: datetime | None = None
    consent: ConsentGiven | None = None
    signed_by: str = ""


@dataclass(frozen=True, slots=True)
class Queued:
    """What became of it. ``status`` is queued, held or refused for a new text; ``decision`` says why.

    A text that the same ``client_key`` had already asked for comes back with ``is_new`` false and no decision.
    """

    message_id: int
    status: Status
    is_new: bool
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class WrittenByHand:
    """The news: a colleague's text to this number stands in the outbox. Receivers work in the same transaction."""

    conn: Connection
    contact_number_id: int
    now: datetime


#: Rooms above listen (campaigns wait a while). Receivers get one ``WrittenByHand``.
written_by_hand = Signal()


@dataclass(frozen=True, slots=True)
class _Target:
    contact_number_id: int
    phone_number_id: int


def queue(conn: Connection, text: NewText, *, now: datetime) -> Queued:
    """Passes the text through the gate and stores it with the decision. ``now`` is business time.

    A refused text is stored too, so that its reason can be asked for; but it does not use up its ``client_key``.
    An automatic text gets what it must say of who writes and how to stop. Raises LookupError when there is no such
    conversation, and wording.TooLongError.
    """
    known = _same_key(conn, text.client_key)
    if known is not None:
        return known
    target = _target(conn, text.conversation_id)
    about = facts.load_locked(conn, target.contact_number_id, now, to_change=text.consent is not None)
    known = _same_key(conn, text.client_key)  # a rival with the same key has held that lock until it committed
    if known is not None:
        return known
    if text.consent is not None and giving.record_opt_in(
        conn, target.contact_number_id, text.consent, actor_id=text.author_id, now=now
    ):
        about = facts.load(conn, [target.contact_number_id], now)[target.contact_number_id]
    around = circumstances(conn)
    written = _write(conn, text, about, around.settings, now)
    sender_id, count = target.phone_number_id, written.counted.segments
    asked = gate.Asked(text.origin, text.automatic, now, text.send_at, sender_id=sender_id, segments=count)
    decision = gate.judge(about, asked, _with_usage(conn, around, now), now)
    counts = gate.is_solicitation(about, asked, now)
    message_id = _insert(conn, text, written, target, decision, solicitation=counts, now=now)
    if message_id is None:
        known = _same_key(conn, text.client_key)
        assert known is not None, "another transaction committed this client_key"
        return known
    decisions.record(conn, [LedgerRow(message_id, target.contact_number_id, Stage.QUEUE, now, decision)])
    if decision.outcome is not Outcome.REFUSE:
        _take_over(conn, text, now)
        _show_in_conversation(conn, text, written.body, message_id, now)
        if not text.automatic and text.origin is not Origin.CONFIRMATION:
            written_by_hand.send(WrittenByHand(conn, target.contact_number_id, now))
    return Queued(message_id, _STATUS_OF[decision.outcome], is_new=True, decision=decision)


def forecast(conn: Connection, conversation_id: int, *, automatic: bool = False, now: datetime) -> Decision:
    """What the gate would say to a text of this moment; nothing is written. Raises LookupError."""
    target = _target(conn, conversation_id)
    about = facts.load(conn, [target.contact_number_id], now)[target.contact_number_id]
    asked = gate.Asked(Origin.MANUAL, automatic, now, sender_id=target.phone_number_id)
    return gate.judge(about, asked, _with_usage(conn, circumstances(conn), now), now)


def circumstances(conn: Connection) -> gate.Circumstances:
    """The account's rules of this moment, and which of our numbers are stopped."""
    stopped = stopped_senders.sentences(conn)
    return gate.Circumstances(account_settings.load(conn), simulated(), stopped_senders=stopped)


def _with_usage(conn: Connection, around: gate.Circumstances, now: datetime) -> gate.Circumstances:
    """With what has gone in this hour and day, where that is capped."""
    return replace(around, usage=usage.read(conn, around.settings, now)) if usage.capped(around.settings) else around


def _write(conn: Connection, text: NewText, about: Facts, settings: AccountSettings, now: datetime) -> Written:
    if not text.automatic or text.origin is Origin.CONFIRMATION:
        return wording.as_it_is(text.body)
    return wording.with_what_it_must_carry(conn, text.body, about, settings, signed_by=text.signed_by, now=now)


def _same_key(conn: Connection, client_key: str | None) -> Queued | None:
    if client_key is None:
        return None
    row = conn.execute("SELECT id, status FROM sms_messages WHERE client_key = %s", [client_key]).fetchone()
    return Queued(row[0], Status(row[1]), is_new=False, decision=None) if row else None


def _target(conn: Connection, conversation_id: int) -> _Target:
    with conn.cursor(row_factory=class_row(_Target)) as cursor:
        found = cursor.execute(
            "SELECT contact_number_id, phone_number_id FROM sms_conversations WHERE id = %s", [conversation_id]
        ).fetchone()
    if found is None:
        raise LookupError(f"conversation {conversation_id} does not exist")
    return found


_INSERT = """
INSERT INTO sms_messages
    (conversation_id, contact_number_id, phone_number_id, direction, body, status, reason, origin, automatic,
     solicitation, footer, author_id, client_key, encoding, segments, cost, send_after, ended_at, created_at)
VALUES (%(conversation_id)s, %(contact_number_id)s, %(phone_number_id)s, 'outbound', %(body)s, %(status)s, %(reason)s,
        %(origin)s, %(automatic)s, %(solicitation)s, %(footer)s, %(author_id)s, %(client_key)s, %(encoding)s,
        %(segments)s, %(cost)s, %(send_after)s, %(ended_at)s, %(now)s)
ON CONFLICT (client_key) DO NOTHING RETURNING id
"""


def _insert(
    conn: Connection,
    text: NewText,
    written: Written,
    target: _Target,
    decision: Decision,
    *,
    solicitation: bool,
    now: datetime,
) -> int | None:
    """The new text's id, or None when another transaction has just used the same key."""
    counted = written.counted
    refused = decision.outcome is Outcome.REFUSE
    row = conn.execute(
        _INSERT,
        {
            "conversation_id": text.conversation_id,
            "contact_number_id": target.contact_number_id,
            "phone_number_id": target.phone_number_id,
            "body": written.body,
            "status": _STATUS_OF[decision.outcome],
            "reason": decision.reason,
            "origin": text.origin,
            "automatic": text.automatic,
            "solicitation": solicitation,
            "footer": written.tells_how_to_stop,
            "author_id": text.author_id,
            "client_key": None if refused else text.client_key,
            "encoding": counted.encoding,
            "segments": counted.segments,
            "cost": prices.estimate(counted.segments),
            "send_after": decision.until,
            "ended_at": now if refused else None,
            "now": now,
        },
    ).fetchone()
    return int(row[0]) if row else None


def _take_over(conn: Connection, text: NewText, now: datetime) -> None:
    """Replying to an unassigned thread assigns it. Before the thread's own row is locked: leads come first."""
    if text.author_id is not None and not text.automatic:
        threads.assign_if_unassigned(conn, text.conversation_id, text.author_id, now=now)


def _show_in_conversation(conn: Connection, text: NewText, body: str, message_id: int, now: datetime) -> None:
    """The list shows it; a person's text ends the waiting, an automatic one does not."""
    conn.execute(
        """
        UPDATE sms_conversations
        SET last_message_at = %(now)s, last_message_id = %(message_id)s, last_body = left(%(body)s, 200),
            last_direction = 'outbound', version = nextval('change_seq'),
            waiting_since = CASE WHEN %(automatic)s THEN waiting_since END,
            unread = CASE WHEN %(automatic)s THEN unread ELSE 0 END,
            touched_at = CASE WHEN %(automatic)s THEN touched_at ELSE %(now)s END,
            state = CASE WHEN %(automatic)s THEN state ELSE 'open' END
        WHERE id = %(conversation_id)s
        """,
        {
            "now": now,
            "message_id": message_id,
            "body": body,
            "automatic": text.automatic or text.origin is Origin.CONFIRMATION,
            "conversation_id": text.conversation_id,
        },
    )
    conn.execute(
        "INSERT INTO sms_events (at, type, conversation_id, message_id, user_id) VALUES (%s, %s, %s, %s, %s)",
        [now, Event.QUEUED, text.conversation_id, message_id, text.author_id],
    )
