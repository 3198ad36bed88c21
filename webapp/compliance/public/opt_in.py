"""Opting in on the public page, with a text to confirm it: from the tick to the consent, each step in the ledger.

The page answers the same for every number: whether somebody is known, or once said STOP, is nobody else's business.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from blinker import Signal
from psycopg.rows import class_row

from webapp.accounts.settings import AccountSettings
from webapp.compliance.consent import rows
from webapp.compliance.consent.rows import Row
from webapp.compliance.public.disclosures import Disclosure
from webapp.database import Connection
from webapp.leads import contacts, leads
from webapp.leads.fields import LeadValues
from webapp.leads.leads import NewLead
from webapp.models.constants import ConsentChannel, ConsentEvent, Origin

SOURCE = "web_form"
FORM_ID = "join"
ACT = "Ticked the box, which was empty, and pressed “Sign up for texts”."

#: A YES confirms within this time of the question; after that it is an ordinary answer.
CONFIRM_WITHIN = timedelta(days=7)
#: Whoever fills in the form again is asked again after so long: one question a day, however often somebody presses.
ASK_AGAIN_AFTER = timedelta(hours=24)

#: Receivers get one ConfirmationWanted and queue the text, in the same transaction.
opt_in_submitted = Signal()


@dataclass(frozen=True, slots=True)
class Submission:
    """What came from the form, and what surrounds it. ``session``: a fingerprint of the browser's session."""

    phone: str
    first_name: str
    state: str | None
    page_url: str
    ip: str
    user_agent: str
    referrer: str
    session: str


@dataclass(frozen=True, slots=True)
class ConfirmationWanted:
    """Somebody opted in and is to be asked, by one text of these words, whether it was them."""

    conn: Connection
    contact_number_id: int
    words: str
    now: datetime


@dataclass(frozen=True, slots=True)
class _Standing:
    suppressed_at: datetime | None
    consent_at: datetime | None
    consent_until: datetime | None
    pending_at: datetime | None

    @property
    def has_agreed(self) -> bool:
        """Whether they agreed before, in so many words: they need not confirm it again."""
        return self.consent_at is not None and self.consent_until is None


def submit(
    conn: Connection, submission: Submission, disclosure: Disclosure, settings: AccountSettings, *, now: datetime
) -> None:
    """Writes the opt-in down, makes the lead if there is none, and asks for confirmation where that is due.

    It lifts no suppression: only the person's own START does. Raises RuntimeError when nobody would ask.
    """
    number = contacts.ensure_contact_number(conn, submission.phone, now)
    contacts.lock_to_change(conn, number)
    standing = _standing(conn, number)
    waits = settings.double_opt_in and not standing.has_agreed
    _make_lead(conn, submission, now)
    _write(conn, number, submission, disclosure, waits=waits, now=now)
    if standing.suppressed_at is not None:
        return
    if waits:
        _ask(conn, number, standing, settings, now)
    else:
        _hold_good(conn, number, now)


def confirm(conn: Connection, contact_number_id: int, *, message_sid: str | None, at: datetime, now: datetime) -> bool:
    """The person's own YES, at ``at``: from now on the consent holds. False when they were not asked, or long ago."""
    contacts.lock_to_change(conn, contact_number_id)
    if not is_pending(_standing(conn, contact_number_id).pending_at, now):
        return False
    rows.write(conn, [_confirmed(conn, contact_number_id, message_sid, at)])
    _hold_good(conn, contact_number_id, at)
    return True


def is_pending(pending_at: datetime | None, now: datetime) -> bool:
    """Whether a YES at ``now`` confirms an opt-in."""
    return pending_at is not None and now - pending_at <= CONFIRM_WITHIN


def question(settings: AccountSettings) -> str:
    """The one text before consent holds: it says who asks, and what YES means. Plain ASCII where the name is."""
    frequency = settings.message_frequency.rstrip(". ")
    return (
        f"{settings.business_name}: Reply YES to confirm that you want our texts. {frequency}."
        " Msg & data rates may apply. Reply STOP to opt out, HELP for help."
    )


def _standing(conn: Connection, contact_number_id: int) -> _Standing:
    with conn.cursor(row_factory=class_row(_Standing)) as cursor:
        found = cursor.execute(
            "SELECT suppressed_at, consent_at, consent_until, pending_at FROM contact_numbers WHERE id = %s",
            [contact_number_id],
        ).fetchone()
    assert found is not None
    return found


def _make_lead(conn: Connection, submission: Submission, now: datetime) -> None:
    """Unassigned. A lead that is here already stays as it is: anybody can type any name."""
    values: LeadValues = {
        "phone": submission.phone,
        "first_name": submission.first_name,
        "state": submission.state,
    }
    with suppress(leads.NumberTakenError):
        leads.create(conn, NewLead(values, source=SOURCE), None, now)


def _write(
    conn: Connection,
    contact_number_id: int,
    submission: Submission,
    disclosure: Disclosure,
    *,
    waits: bool,
    now: datetime,
) -> None:
    details = {
        "page_url": submission.page_url,
        "form_id": FORM_ID,
        "act": ACT,
        "name_given": submission.first_name,
        "state_given": submission.state,
        "ip": submission.ip,
        "user_agent": submission.user_agent,
        "referrer": submission.referrer,
        "session": submission.session,
        "disclosure_version": disclosure.version,
        "waits_for_confirmation": waits,
    }
    row = Row(
        contact_number_id,
        ConsentEvent.OPT_IN,
        SOURCE,
        ConsentChannel.WEB,
        now,
        scope="marketing",
        disclosure_id=disclosure.id,
        details=details,
    )
    rows.write(conn, [row])


def _confirmed(conn: Connection, contact_number_id: int, message_sid: str | None, at: datetime) -> Row:
    """The YES, with the opt-in that it confirms and the text that it answers."""
    found = conn.execute(
        _CONFIRMS,
        {"number": contact_number_id, "source": SOURCE, "event": ConsentEvent.OPT_IN, "origin": Origin.OPT_IN},
    ).fetchone()
    assert found is not None
    opt_in_id, disclosure_id, text_id, text_sid = found
    return Row(
        contact_number_id,
        ConsentEvent.RECONFIRM,
        SOURCE,
        ConsentChannel.WEB,
        at,
        scope="marketing",
        disclosure_id=disclosure_id,
        details={
            "opt_in_id": opt_in_id,
            "asked_message_id": text_id,
            "asked_sid": text_sid,
            "answer_sid": message_sid,
        },
    )


def _ask(
    conn: Connection, contact_number_id: int, standing: _Standing, settings: AccountSettings, now: datetime
) -> None:
    if standing.pending_at is not None and now - standing.pending_at < ASK_AGAIN_AFTER:
        return
    conn.execute("UPDATE contact_numbers SET pending_at = %s WHERE id = %s", [now, contact_number_id])
    if not opt_in_submitted.receivers:
        raise RuntimeError("nobody asks for confirmation: register the messaging room")
    opt_in_submitted.send(ConfirmationWanted(conn, contact_number_id, question(settings), now))


def _hold_good(conn: Connection, contact_number_id: int, at: datetime) -> None:
    """The number's consent, as the gate reads it: expressed, in writing, without an end."""
    conn.execute(
        """
        UPDATE contact_numbers
        SET consent_at = greatest(consent_at, %s), consent_source = %s, consent_channel = %s, consent_until = NULL,
            pending_at = NULL
        WHERE id = %s AND suppressed_at IS NULL
        """,
        [at, SOURCE, ConsentChannel.WEB, contact_number_id],
    )


_CONFIRMS = """
SELECT asked.id, asked.disclosure_id, text.id, text.twilio_sid
FROM (SELECT id, disclosure_id FROM consent_events
      WHERE contact_number_id = %(number)s AND source = %(source)s AND event = %(event)s
      ORDER BY id DESC LIMIT 1) AS asked
LEFT JOIN LATERAL (
    SELECT id, twilio_sid FROM sms_messages
    WHERE contact_number_id = %(number)s AND origin = %(origin)s ORDER BY id DESC LIMIT 1) AS text ON true
"""
