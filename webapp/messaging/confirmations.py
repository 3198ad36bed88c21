"""The one permitted answer to STOP, START or HELP: from the carrier or from us, as the setting says, never both."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from webapp.accounts import settings as account_settings
from webapp.compliance.texting import answers
from webapp.database import Connection
from webapp.messaging import outbox
from webapp.models.constants import Origin
from webapp.rules import keywords

KEYWORD_INTENTS = frozenset({"stop", "start", "help"})


def answer(conn: Connection, conversation_id: int, body: str, intent: str | None, *, now: datetime) -> bool:
    """Queues the confirmation if it is ours to give; True if it was.

    Where the carrier answers, it knows only its own single keywords: any other wording ("Stop please") is confirmed
    by us. On a toll-free number the network itself answers, always (Twilio, toll-free opt-out).
    """
    if intent not in KEYWORD_INTENTS:
        return False
    settings = account_settings.load(conn)
    state = _state(conn, conversation_id)
    if (state.toll_free or settings.keyword_replies == "carrier") and keywords.carrier_answers(body, state.toll_free):
        return False
    if intent == "stop" and state.stop_confirmed:
        return False
    words = answers.words(intent, settings, again=state.ever_stopped)
    text = outbox.NewText(conversation_id, words, Origin.CONFIRMATION, automatic=True)
    outbox.queue(conn, text, now=now)
    return True


class _State(NamedTuple):
    """Whether the sender is toll-free; whether we have confirmed this stop, which is done once, however often they say
    it; and whether they ever stopped, so that who starts does it again."""

    toll_free: bool
    stop_confirmed: bool
    ever_stopped: bool


def _state(conn: Connection, conversation_id: int) -> _State:
    row = conn.execute(
        """
        SELECT p.toll_free, EXISTS (
            SELECT 1 FROM sms_messages m
            WHERE m.conversation_id = c.id AND m.origin = 'confirmation' AND m.created_at >= n.suppressed_at), EXISTS (
            SELECT 1 FROM consent_events e WHERE e.contact_number_id = n.id AND e.event = 'opt_out')
        FROM sms_conversations c JOIN phone_numbers p ON p.id = c.phone_number_id
        JOIN contact_numbers n ON n.id = c.contact_number_id
        WHERE c.id = %s
        """,
        [conversation_id],
    ).fetchone()
    assert row is not None
    return _State(*row)
