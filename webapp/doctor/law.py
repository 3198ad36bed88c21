"""The checks of what the law asks for: that texts are dropped in time, who texts and from which numbers, lists,
registration, webhooks."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from webapp import database
from webapp.accounts import settings as account_settings
from webapp.accounts.settings import AccountSettings
from webapp.carrier.codes import CONVERSATIONS_ARE_FOR_PEOPLE
from webapp.compliance import stopped_senders, webhook_health
from webapp.compliance.dnc import lists as dnc_lists
from webapp.compliance.texting.validity import TWILIO_DEFAULT_SECONDS
from webapp.config import Settings
from webapp.database import Connection
from webapp.doctor.checks import Check, State

_REVIEWS = {
    "unknown": "nobody has said where it stands",
    "pending": "under review: live texts are refused until it is through",
    "rejected": "rejected: live texts are refused",
}


def kept(settings: Settings) -> Iterator[Check]:
    """What stands in the database. Silent where that cannot be asked: its own check says so."""
    try:
        with database.transaction() as conn:
            account = account_settings.read(conn)
            yield _business(account)
            yield from _registration(account, simulated=settings.simulated)
            yield from _dnc(conn)
            yield _webhooks(conn)
            yield _senders(conn)
    except (psycopg.OperationalError, psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
        return


def at_twilio(validity_seconds: int | None) -> Iterator[Check]:
    """Whether Twilio drops a text in time, and what it allows its product to be used for."""
    if validity_seconds is not None:
        yield _validity(validity_seconds)
    fix = "campaigns go to people who can answer, and somebody reads what they answer"
    yield Check(State.NOTE, "Twilio: Use", CONVERSATIONS_ARE_FOR_PEOPLE, fix)


def _validity(seconds: int) -> Check:
    name, minutes = "Twilio: Validity period", _validity_minutes()
    found = f"a text may wait {_duration(seconds)} in Twilio's queue"
    if seconds == TWILIO_DEFAULT_SECONDS:
        found += ", which is Twilio's default and leaves no day to text in"
    if seconds > minutes * 60:
        fix = (
            f"set ValidityPeriod of the messaging service to {minutes * 60}; a running Leadline does so by itself "
            "within five minutes, if the account's token may"
        )
        return Check(State.FAILED, name, found, fix)
    return Check(State.OK, name, found)


def _validity_minutes() -> int:
    """The account's; the default where the database cannot be asked, which has its own check."""
    try:
        with database.autocommit() as conn:
            return account_settings.read(conn).validity_minutes
    except psycopg.Error:
        return AccountSettings().validity_minutes


def _duration(seconds: int) -> str:
    for unit, name in ((3600, "hour"), (60, "minute")):
        if seconds % unit == 0 and seconds >= unit:
            return f"{seconds // unit} {name}{'s' if seconds > unit else ''}"
    return f"{seconds} seconds"


def _business(account: AccountSettings) -> Check:
    missing = [
        words
        for words, value in (("its name", account.business_name), ("how to reach it", account.business_contact))
        if not value
    ]
    if not missing:
        return Check(State.OK, "Business", account.business_name)
    found = f"{' and '.join(missing)} not set: the first automatic text and the answer to HELP must say it"
    return Check(State.WARNING, "Business", found, "fill it in under Compliance, Caps and replies")


def _registration(account: AccountSettings, *, simulated: bool) -> Iterator[Check]:
    """A stand-in carrier asks for none."""
    if simulated:
        return
    found = _REVIEWS.get(account.registration_state)
    if found is None:
        yield Check(State.OK, "Registration", account.registration_state)
    else:
        yield Check(State.WARNING, "Registration", found, "see Compliance, Registration")


def _dnc(conn: Connection) -> Iterator[Check]:
    """Silent where no national list is used."""
    age = dnc_lists.age(conn)
    if age is None:
        return
    found = f"the newest national list is {age.days} days old"
    if age.stale or age.outdated:
        fix = f"a list counts for {dnc_lists.GOOD_FOR_DAYS} days: import today's under Compliance, Do-not-call lists"
        yield Check(State.WARNING, "Do-not-call list", found, fix)
    else:
        yield Check(State.OK, "Do-not-call list", found)


def _webhooks(conn: Connection) -> Check:
    health = webhook_health.read(conn)
    if health.distrusted:
        found = f"{health.found} texts of the last 15 minutes were found only by the sweep"
        return Check(State.WARNING, "Webhooks", found, webhook_health.WHAT_TO_DO)
    return Check(
        State.OK,
        "Webhooks",
        "nothing had to be found by the sweep in 15 minutes"
        if not health.found
        else f"{health.found} found only by the sweep in 15 minutes",
    )


def _senders(conn: Connection) -> Check:
    stopped = stopped_senders.all_of_them(conn)
    if not stopped:
        return Check(State.OK, "Stopped numbers", "none")
    found = " ".join(f"The one ending in {sender.e164[-4:]} is stopped. {sender.because}" for sender in stopped)
    fix = "nothing automatic goes from it: look at what it sent, then resume it under Compliance"
    return Check(State.WARNING, "Stopped numbers", found, fix)
