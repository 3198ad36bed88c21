"""The state of the law here: what waits for a person, what keeps texts back, and whether the ledger holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from webapp.accounts.settings import AccountSettings
from webapp.compliance import automation, hours, webhook_health
from webapp.compliance.dnc import lists as dnc_lists
from webapp.compliance.optouts import business_days, floods
from webapp.compliance.optouts.floods import Flood
from webapp.compliance.sending_hours import view as hours_view
from webapp.compliance.sending_hours.changing import stops
from webapp.compliance.texting import validity
from webapp.database import Connection
from webapp.models.constants import Reason
from webapp.rules.laws import ACCOUNT
from webapp.rules.loosening import looser_than_law, title

#: Nobody counts further; above it the page says "more than".
COUNTED_AT_MOST = 10_000

_WHY_HELD = {
    Reason.QUIET_HOURS: "Outside the hours where the lead is",
    Reason.SCHEDULED: "Scheduled for later",
    Reason.CAP: "A cap is used up",
    Reason.LANE: "Too soon after another automatic text",
    Reason.PAUSED: "Automatic texts are paused, or their place is stopped",
    Reason.BREAKER: "Their number, or what they say, did badly and is stopped",
    Reason.PROBABLE_OPT_OUT: "May have been an opt-out: a person decides",
    Reason.HEALTH: "Webhooks do not arrive, and the thread could not be read",
}


@dataclass(frozen=True, slots=True)
class Todo:
    """Something for a person: ``kind`` is its dot's (bad, warn), ``more`` what it means or by when."""

    kind: str
    words: str
    more: str
    href: str
    link: str


@dataclass(frozen=True, slots=True)
class Held:
    """Texts that wait for one reason; the earliest time at which one may go (business time), where it is known."""

    why: str
    texts: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class LedgerState:
    """The newest seal's day, and the last look over all rows and seals (machine time): whether everything held."""

    sealed_at: datetime | None
    checked_at: datetime | None
    holds: bool | None


def flood(conn: Connection) -> Flood | None:
    """Opt-outs that the carrier reported all at once, if they wait."""
    return floods.present(conn)


def todos(
    conn: Connection, settings: AccountSettings, now: datetime, *, simulated: bool, admin: bool
) -> Iterator[Todo]:
    """What waits for a person, the most urgent first. ``now``: business time."""
    yield from _webhooks(conn)
    yield from _doubts(conn, settings, now)
    yield from _stops(settings)
    yield from _validity(conn)
    if admin:
        yield from _requests(conn, now)
    yield from _dnc(conn)
    yield from _missing(settings)
    if not simulated:
        yield from _registration(settings)


def held(conn: Connection) -> list[Held]:
    """What keeps texts back now, most texts first."""
    rows = conn.execute(
        """
        SELECT reason, count(*), min(send_after) FROM (
            SELECT reason, send_after FROM sms_messages WHERE status = 'held' LIMIT %s) held
        GROUP BY reason ORDER BY count(*) DESC, reason
        """,
        [COUNTED_AT_MOST],
    ).fetchall()
    return [Held(_WHY_HELD.get(reason, str(reason).replace("_", " ").capitalize()), n, at) for reason, n, at in rows]


def rules_in_force(settings: AccountSettings) -> str:
    """In one sentence, with what is stopped and what is looser than the law."""
    if automation.stopped(settings) is not None:
        return "No text goes: all are stopped until somebody lifts it."
    policy = hours.policy_of(settings)
    own = hours_view.week_words(hours_view.shown_rule(policy, ACCOUNT).week)
    laws = [line for line in hours_view.lines(settings) if line.state[0] not in ("Off", "Switched off")]
    looser = [title(name) for name in dict.fromkeys(found.jurisdiction for found in looser_than_law(policy))]
    parts = [
        f"Texts go {own[0].lower()}{own[1:]} where the lead is, within what any of {len(laws)} laws allows there",
        *([f"but looser than the law in {', '.join(looser)}"] if looser else []),
        *(f"none to {name}, where they are stopped" for _, name, _ in stops(settings)),
    ]
    return f"{', '.join(parts)}; at most {settings.cap_per_lead} to one person in 24 hours."


def ledger_state(conn: Connection) -> LedgerState:
    """Whether the consent ledger is known to hold."""
    sealed = conn.execute("SELECT max(at) FROM consent_seals").fetchone()
    looked = conn.execute(
        "SELECT at, (detail ->> 'holds')::bool FROM heartbeats WHERE name = 'consent ledger'"
    ).fetchone()
    checked_at, holds = looked or (None, None)
    return LedgerState(sealed[0] if sealed else None, checked_at, holds)


def _webhooks(conn: Connection) -> Iterator[Todo]:
    health = webhook_health.read(conn)
    if health.distrusted:
        yield Todo("bad", health.sentence, webhook_health.WHAT_TO_DO, "", "")


def _doubts(conn: Connection, settings: AccountSettings, now: datetime) -> Iterator[Todo]:
    """The carrier's own are asked about all at once, in the flood."""
    row = conn.execute(
        "SELECT count(*), min(doubt_at) FROM contact_numbers WHERE doubt_at IS NOT NULL AND doubt_source <> 'carrier'"
    ).fetchone()
    if row is None or not row[0]:
        return
    left = business_days.days_left(row[1], now, settings.default_timezone)
    yield Todo(
        "bad" if left <= 1 else "warn",
        _counted(row[0], "probable opt-out", "to confirm or dismiss"),
        f"The oldest must be honored within {_counted(left, 'business day')}." if left else "The oldest is due today.",
        "/compliance/opt-outs?show=confirm",
        "Decide",
    )


def _stops(settings: AccountSettings) -> Iterator[Todo]:
    for key, name, because in stops(settings):
        what = "All texts are stopped" if key == ACCOUNT else f"Texts to {name} are stopped"
        more = because or "Everything waits until somebody lifts it."
        yield Todo("bad", what, more, f"/compliance/rules/{key}", "Open")


def _validity(conn: Connection) -> Iterator[Todo]:
    complaint = validity.complaint(conn)
    if complaint:
        words = "Twilio may keep texts in its queue past the hours"
        yield Todo("bad", words, f"It said: {complaint}.", "/compliance/texting", "Open")


def _requests(conn: Connection, now: datetime) -> Iterator[Todo]:
    row = conn.execute("SELECT count(*), min(due_at) FROM privacy_requests WHERE done_at IS NULL").fetchone()
    if row is None or not row[0]:
        return
    days = (row[1].date() - now.date()).days
    more = f"The first is due in {_counted(days, 'day')}." if days > 0 else "One is due now."
    words = _counted(row[0], "request", "about people's data")
    yield Todo("bad" if days <= 7 else "warn", words, more, "/compliance/privacy", "Open")


def _dnc(conn: Connection) -> Iterator[Todo]:
    age = dnc_lists.age(conn)
    if age is not None and (age.stale or age.outdated):
        words = (
            f"The national do-not-call list is {age.days} days old" if age.stale else "A do-not-call list is too old"
        )
        more = f"A list counts for {dnc_lists.GOOD_FOR_DAYS} days."
        yield Todo("warn", words, more, "/compliance/dnc", "Import today's")


def _missing(settings: AccountSettings) -> Iterator[Todo]:
    missing = [
        words
        for words, value in (
            ("the business name", settings.business_name),
            ("how to reach you", settings.business_contact),
        )
        if not value
    ]
    if missing:
        words = f"Still to fill in: {' and '.join(missing)}"
        more = "The first automatic text and the answer to HELP must say it."
        yield Todo("warn", words, more, "/compliance/texting", "Fill in")


def _registration(settings: AccountSettings) -> Iterator[Todo]:
    words = {
        "unknown": ("warn", "Nobody has said whether the carriers have approved this account’s texts"),
        "pending": ("warn", "The carriers are reviewing this account’s texts: live ones are refused until then"),
        "rejected": ("bad", "The carriers have rejected this account’s registration: live texts are refused"),
    }.get(settings.registration_state)
    if words:
        more = "Carriers block what is not registered, and charge for it."
        yield Todo(*words, more, "/compliance/registration", "Open")


def _counted(number: int, unit: str, rest: str = "") -> str:
    return f"{number:,} {unit}{'' if number == 1 else 's'} {rest}".strip()
