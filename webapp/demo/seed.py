"""Seeds the made-up agency into an empty database, once."""

from __future__ import annotations

import secrets
from datetime import datetime

from flask import current_app

from webapp import clock, database
from webapp.accounts import audit, passwords, users
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.compliance import gate
from webapp.config import Settings
from webapp.database import Connection
from webapp.demo import launching, shelf, story, team, writing
from webapp.messaging import senders
from webapp.simulator import defaults


class CannotSeedError(Exception):
    """The demo does not belong here; ``str()`` says why and what to do."""


def seed_if_empty() -> bool:
    """Seeds the demo, unless there are leads. False when there were. Raises CannotSeedError on a live carrier."""
    _require_a_stand_in()
    with database.transaction() as conn:
        # Two processes may start at once: the second waits here and finds the first one's leads.
        conn.execute("LOCK TABLE leads, contact_numbers IN SHARE ROW EXCLUSIVE MODE")
        if not _is_empty(conn):
            return False
        seed(conn, now=clock.now())
    account_settings.forget()
    return True


def seed(conn: Connection, *, now: datetime) -> None:
    """Writes everything, as of business time ``now``."""
    senders.ensure_sender(conn, _settings())
    user_ids = _hire(conn)
    owner = users.get(conn, user_ids[team.OWNER.email]).actor
    _furnish_the_account(conn, owner)
    around = gate.Circumstances(account_settings.read(conn), simulated=True)
    told = story.tell(now, _our_numbers(conn), around)
    manager = users.get(conn, user_ids[team.MANAGER.email]).actor
    launched = launching.launch(conn, manager, now)
    writing.write(conn, told, user_ids, _sender(conn), around, launched)
    launching.complete(conn, told, launched, manager, now)
    shelf.fill(conn, manager, now)
    audit.record(conn, owner.id, "demo.seeded", "account", leads=len(told.leads), conversations=len(told.threads))
    for table in ("leads", "contact_numbers", "sms_conversations", "sms_messages", "sms_campaign_enrollments"):
        conn.execute(f"ANALYZE {table}")


def _require_a_stand_in() -> None:
    if not _settings().simulated:
        raise CannotSeedError(
            "The demo's people exist only on the stand-in carrier, and this installation does not use it. "
            "Start one that does with: leadline up --demo"
        )


def _is_empty(conn: Connection) -> bool:
    """No leads, and no numbers that have outlived theirs."""
    row = conn.execute("SELECT EXISTS (SELECT 1 FROM leads) OR EXISTS (SELECT 1 FROM contact_numbers)").fetchone()
    return row is not None and not row[0]


def _hire(conn: Connection) -> dict[str, int]:
    """The team's ids by e-mail address. Nobody knows their password: they are signed in to by the demo's buttons."""
    nobodys = passwords.hash_password(secrets.token_urlsafe())
    hired = {}
    for member in team.TEAM:
        person = users.by_email(conn, member.email) or users.create(
            conn,
            email=member.email,
            name=member.name,
            role=member.role,
            password_hash=nobodys,
            timezone=member.timezone,
        )
        hired[member.email] = person.id
    return hired


def _furnish_the_account(conn: Connection, owner: Actor) -> None:
    """All that the public pages need, and the opt-in page open: a newcomer sees them at once."""
    account_settings.save(
        conn,
        owner,
        business_name=team.BUSINESS_NAME,
        business_contact=team.BUSINESS_CONTACT,
        business_address=team.BUSINESS_ADDRESS,
        business_website=team.BUSINESS_WEBSITE,
        privacy_email=team.PRIVACY_EMAIL,
        message_topics=team.MESSAGE_TOPICS,
        opt_in_page=True,
        default_timezone=team.TIMEZONE,
    )


def _our_numbers(conn: Connection) -> frozenset[str]:
    """No lead may have a number of ours; nor one that the stand-in carrier could give us."""
    return frozenset(row[0] for row in conn.execute("SELECT e164 FROM phone_numbers")) | frozenset(defaults.NUMBERS)


def _sender(conn: Connection) -> int:
    row = conn.execute("SELECT id FROM phone_numbers WHERE active ORDER BY is_default DESC, id LIMIT 1").fetchone()
    if row is None:
        raise CannotSeedError("There is no number to text from. Set TWILIO_SMS_NUMBER and start again.")
    return int(row[0])


def _settings() -> Settings:
    settings = current_app.extensions["leadline"]
    assert isinstance(settings, Settings)
    return settings
