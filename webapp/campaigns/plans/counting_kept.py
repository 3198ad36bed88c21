"""The worker's part of a kept plan: counted a slice at a time, its progress and its sums written down as it goes."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from webapp import database
from webapp.campaigns import steps
from webapp.campaigns.engine import Person
from webapp.campaigns.plans import keeping
from webapp.campaigns.plans.counting import Basis, Part, Place, counting
from webapp.campaigns.plans.keeping import Kept
from webapp.campaigns.plans.planned import Preview
from webapp.campaigns.steps import Version
from webapp.database import Connection
from webapp.models.constants import PlanKind, PlanStatus

#: A worker that has said nothing for so long is gone, and another one takes its plan.
_DEAD_AFTER_SECONDS = 60
_TELL_EVERY_SECONDS = 0.5
_TEXTS_ON_A_PAGE = 30
#: Where leads are bound together, all that are on the way are in hand at once, and none is kept between two slices.
MOST_TOGETHER = 100_000


def work_off(*, seconds: float) -> bool:
    """Goes on for about ``seconds`` with the oldest plan that nobody has in hand. False where there is none.

    Where leads are bound together it is counted in one go. A plan that breaks says that it failed, and the exception
    goes on; a lost database leaves it to another worker.
    """
    with database.autocommit() as conn:
        kept = _take(conn)
        if kept is None:
            keeping.forget_old(conn)
            return False
        try:
            _count(conn, kept, time.monotonic() + seconds)
        except psycopg.OperationalError:
            raise
        except Exception:
            conn.execute("UPDATE sms_campaign_plans SET status = 'failed' WHERE id = %s", [kept.id])
            raise
    return True


def _take(conn: Connection) -> Kept | None:
    sql = f"""
        UPDATE sms_campaign_plans p SET taken_at = clock_timestamp()
        WHERE p.id = (SELECT id FROM sms_campaign_plans
                      WHERE status = 'counting' AND (taken_at IS NULL
                            OR taken_at < clock_timestamp() - %s * interval '1 second')
                      ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING {keeping.COLUMNS}
    """  # noqa: S608 (our own words)
    with conn.cursor(row_factory=class_row(Kept)) as cursor:
        return cursor.execute(sql, [_DEAD_AFTER_SECONDS]).fetchone()


def _count(conn: Connection, kept: Kept, until: float) -> None:
    version = _version(conn, kept)
    basis = replace(_basis(kept), apart=kept.total > MOST_TOGETHER)
    part = Part(kept.done_to, kept.after_id, 0 if kept.kind == PlanKind.LAUNCH else _TEXTS_ON_A_PAGE)
    found, told = kept.found, time.monotonic()
    for done_to in counting(conn, version, basis, found, part):
        now = time.monotonic()
        if done_to is not None and now >= until:
            _keep(conn, kept.id, found, done_to)
            return
        if now >= told + _TELL_EVERY_SECONDS:
            told = now
            _tell(conn, kept.id, found.leads)
    conn.execute(
        "UPDATE sms_campaign_plans SET status = %s, result = %s, done = %s, total = %s WHERE id = %s",
        [PlanStatus.DONE, Jsonb(found.stored()), found.leads, found.leads, kept.id],
    )


def _version(conn: Connection, kept: Kept) -> Version:
    """What it says; a launch knew nothing of a wording that a breaker has stopped since."""
    version = steps.load(conn, [kept.version_id])[kept.version_id]
    if kept.kind == PlanKind.DRY_RUN:
        return version
    return replace(version, steps=tuple(replace(step, paused_because="") for step in version.steps))


def _keep(conn: Connection, plan_id: int, found: Preview, done_to: int) -> None:
    conn.execute(
        "UPDATE sms_campaign_plans SET result = %s, done_to = %s, done = %s, taken_at = NULL WHERE id = %s",
        [Jsonb(found.stored()), done_to, found.leads, plan_id],
    )


def _tell(conn: Connection, plan_id: int, done: int) -> None:
    conn.execute("UPDATE sms_campaign_plans SET done = %s, taken_at = clock_timestamp() WHERE id = %s", [done, plan_id])


def _basis(kept: Kept) -> Basis:
    """Of a launch, everybody who was on the way then, as it was: some have had their first text meanwhile."""
    if kept.kind == PlanKind.DRY_RUN:
        return Basis(kept.at, kept.begins, kept.pace_per_hour)
    at, last = kept.at, kept.last_message_id

    def as_it_was(person: Person, place: Place) -> Person:
        return _then(person, at, last, texted=place.texted)

    who = "e.created_at <= %(now)s AND (e.status IN ('active', 'paused') OR e.ended_at >= %(now)s)"
    return Basis(at, True, kept.pace_per_hour, who=who, as_it_was=as_it_was, last_message_id=last)


def _then(person: Person, at: datetime, last_message_id: int, *, texted: bool) -> Person:
    """The person without what came after business time ``at``, or in texts behind the one with that id."""
    facts = person.facts
    ahead = [one for one in facts.solicitations_ahead if one <= last_message_id]
    automatic = [one for one in facts.automatic_ahead if one <= last_message_id]
    agreed = facts.consent_at or (at if facts.suppressed_at and facts.suppressed_at > at else None)  # a STOP ends both
    before = replace(
        facts,
        consent_at=agreed,
        suppressed_at=_until(facts.suppressed_at, at),
        invalid_at=_until(facts.invalid_at, at),
        doubt_at=_until(facts.doubt_at, at),
        solicitations_ahead=ahead,
        automatic_ahead=automatic,
        solicitations_on_the_way=0 if texted else facts.solicitations_on_the_way,
        automatic_on_the_way=0 if texted else facts.automatic_on_the_way,
    )
    earlier = [text for text in person.earlier if text.at <= at]
    return replace(person, facts=before, earlier=earlier, touched_at=_until(person.touched_at, at))


def _until(happened: datetime | None, at: datetime) -> datetime | None:
    return happened if happened is not None and happened <= at else None
