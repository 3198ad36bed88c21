"""What comes next for leads that are on their way, when exactly and why then: asked of the engine, a page at a time.

What is said here is what the next tick would decide if nothing changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.campaigns import people, steps
from webapp.campaigns.engine import Person
from webapp.campaigns.figures.people_of import Row
from webapp.campaigns.plans.foreseeing import Foreseen, LeftOut, foresee, way_of
from webapp.campaigns.steps import Version
from webapp.campaigns.store import Campaign
from webapp.compliance import gate, usage
from webapp.database import Connection
from webapp.inbox.places import Place, moment_there, place_of
from webapp.messaging import outbox
from webapp.models.constants import CampaignStatus, EndReason, EnrollmentStatus, Reason

#: Why a step waits, as the rest of "Held until …: ".
WHY = {
    Reason.QUIET_HOURS: "no text goes outside the sending hours there.",
    Reason.CAP: "a cap on texts an hour or a day is used up.",
    Reason.LANE: "automatic texts to one person keep a distance.",
    Reason.SCHEDULED: "this campaign writes within its own hours only.",
    Reason.TOUCHED: "a colleague has just written by hand.",
    Reason.PACE: "only so many leads begin in an hour.",
    Reason.HEALTH: "webhooks do not arrive, and the thread could not be read.",
    Reason.BUDGET: "the budget is used up.",
    Reason.REGISTRATION: "the carriers’ review is not through.",
    Reason.PAUSED: "all automatic texts are paused.",
}

_VERDICTS = frozenset({"Held", "Stopped", "Skipped", "Refused", "Set aside"})
_UNDER_WAY = frozenset({"held", "queued", "claimed", "sending", "unconfirmed"})
_ENDED = {
    EndReason.REPLIED: "answered",
    EndReason.OPTED_OUT: "opted out",
    EndReason.BAD_NUMBER: "has a number that does not work",
    EndReason.REFUSED: "may not be texted",
    EndReason.REMOVED: "was taken out",
    EndReason.GOAL: "reached the goal",
}


@dataclass(frozen=True, slots=True)
class Coming:
    """``dot``: good, warn, bad, busy or empty, as status macros take it. ``words``: where the lead stands; ``why``: a
    sentence, or empty. ``at``: when something happens next (business time)."""

    dot: str
    words: str
    why: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom it is put into words: the zone they are in, and what the account assumes of leads without a place."""

    timezone: str
    default_timezone: str


def what_comes(
    conn: Connection, campaign: Campaign, rows: Sequence[Row], reader: Reader, now: datetime
) -> dict[int, Coming]:
    """By enrollment id, for each of the rows. ``now``: business time."""
    around = outbox.circumstances(conn)
    if usage.capped(around.settings):
        around = replace(around, usage=usage.read(conn, around.settings, now))
    versions = steps.load(conn, {row.version_id for row in rows})
    going = {row.lead_id for row in rows if row.status == EnrollmentStatus.ACTIVE and row.lead_id}
    persons = people.load(conn, going, around.settings, now) if going else {}
    return {
        row.id: _coming(campaign, row, versions[row.version_id], persons.get(row.lead_id or 0), around, reader, now)
        for row in rows
    }


def reader(conn: Connection, actor: Actor) -> Reader:
    """The actor as a reader."""
    return Reader(actor.timezone, account_settings.load(conn).default_timezone)


def _coming(
    campaign: Campaign,
    row: Row,
    version: Version,
    person: Person | None,
    around: gate.Circumstances,
    reader: Reader,
    now: datetime,
) -> Coming:
    total = len(version.steps)
    match row.status:
        case EnrollmentStatus.COMPLETED:
            return (
                Coming("busy", "The last text is on its way")
                if row.text_status in _UNDER_WAY
                else Coming("good", "Completed")
            )
        case EnrollmentStatus.STOPPED:
            return _stopped(row, total)
        case EnrollmentStatus.PAUSED:
            return Coming("warn", f"Paused at step {row.position + 1}", _reason(row.sentence))
        case EnrollmentStatus.FAILED:
            return Coming("bad", f"Set aside at step {row.position + 1}", _reason(row.sentence))
    step = f"Step {row.position + 1}"
    if waits := _waits_for_a_person(campaign, row, step):
        return waits
    if person is None or row.next_run_at is None or row.position >= total:
        return Coming("warn", f"{step} waits", row.sentence)
    return _foreseen(row, version, person, around, reader, now)


def _stopped(row: Row, total: int) -> Coming:
    why = _ENDED.get(EndReason(row.reason), "") if row.reason in set(EndReason) else ""
    if row.reason == EndReason.REPLIED:
        after = f"Stopped at step {min(row.position + 1, total)}" if row.position < total else "Answered at the end"
        return Coming("good", after, _reason(row.sentence))
    bad = row.reason in {EndReason.OPTED_OUT, EndReason.BAD_NUMBER, EndReason.REFUSED}
    at_step = f" at step {row.position + 1}" if row.position < total else ""
    return Coming(
        "bad" if bad else "",
        f"{_capital(why)}{at_step}" if why else "Stopped",
        _reason(row.sentence),
    )


def _waits_for_a_person(campaign: Campaign, row: Row, step: str) -> Coming | None:
    if row.is_late:
        return Coming("warn", f"{step} is late", _reason(row.sentence))
    if campaign.status == CampaignStatus.DRAFT:
        return Coming("", f"{step} waits for the launch")
    if campaign.status != CampaignStatus.RUNNING:
        return Coming("warn", f"{step} waits until the campaign goes on")
    if campaign.canary and row.parked:
        return Coming("", f"{step} waits for you to let the others begin")
    return None


def _foreseen(
    row: Row, version: Version, person: Person, around: gate.Circumstances, reader: Reader, now: datetime
) -> Coming:
    assert row.next_run_at is not None
    until_then = replace(version, steps=version.steps[: row.position + 1])
    at = max(row.next_run_at, now)
    way = way_of(until_then, person, row.id, row.position, at, row.phone_number_id, now=now)
    [next_one] = foresee(until_then, around, way)
    step, place = f"Step {row.position + 1}", replace(_place(row, reader), zones=(person.zone,))
    if isinstance(next_one, LeftOut):
        return _left_out(step, next_one)
    return _sent(step, next_one, place, reader, row, now)


def _left_out(step: str, left_out: LeftOut) -> Coming:
    verdict, _, rest = left_out.sentence.partition(": ")
    words = {"Skipped": "will be skipped", "Held": "is held"}.get(verdict, "will not go")
    return Coming("warn", f"{step} {words}", _capital(rest) or left_out.sentence)


def _sent(step: str, foreseen: Foreseen, place: Place, reader: Reader, row: Row, now: datetime) -> Coming:
    at = foreseen.send_at
    when = "is due now" if at <= now else f"on {moment_there(at, place, reader.timezone)}"
    if foreseen.hold_reason is None and row.reason is None:
        return Coming("", f"{step} {when}", at=at)
    if at == row.next_run_at and row.sentence.startswith("Held"):
        return Coming("", f"{step} {when}", row.sentence, at)
    reason = foreseen.hold_reason or row.reason
    why = WHY.get(Reason(reason), "") if reason in set(Reason) else ""
    return Coming("", f"{step} {when}", f"Held until then: {why}" if why else "", at)


def _reason(sentence: str) -> str:
    """A ledger sentence without the verdict that it opens with, where the words have already said it."""
    verdict, colon, rest = sentence.partition(": ")
    return _capital(rest) if colon and verdict in _VERDICTS else sentence


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _place(row: Row, reader: Reader) -> Place:
    return place_of(row.phone or "", row.state, row.timezone, reader.default_timezone)
