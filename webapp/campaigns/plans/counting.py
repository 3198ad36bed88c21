"""Counting a plan: everybody who is on the way, read in chunks, and what will become of each by the code that sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from psycopg.rows import class_row

from webapp.accounts.settings import AccountSettings
from webapp.campaigns import people, timing
from webapp.campaigns.deciding import Pace
from webapp.campaigns.engine import Person
from webapp.campaigns.joining import elsewhere, left_out
from webapp.campaigns.plans.foreseeing import Came, Course, LeftOut, Way, way_of
from webapp.campaigns.plans.planned import NAMED, Collecting, Named, Preview, name
from webapp.campaigns.steps import Version
from webapp.campaigns.store import Campaign
from webapp.compliance import gate, usage
from webapp.compliance.usage import Usage
from webapp.database import Connection
from webapp.messaging import outbox
from webapp.models.constants import CampaignStatus, Reason

#: So many leads are read at once, and few enough that one who looks on sees it go on.
_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """Where an enrollment stands. ``texted``: it has had a text; ``elsewhere``: for another campaign it waits (*wait*),
    or is left out (*skip*)."""

    id: int
    lead_id: int
    position: int
    next_run_at: datetime | None
    not_before: datetime | None
    reason: str | None
    sentence: str
    phone_number_id: int
    texted: bool
    elsewhere: str | None


@dataclass(frozen=True, slots=True)
class Basis:
    """From what a plan is counted: business time ``now``, who is on the way (SQL about ``e``), and from where.

    ``begins``: everybody stands before the first step, whose moment counts from ``now``. ``as_it_was``: the person as
    they were then, where that is some time ago, and ``last_message_id`` the newest text of then. ``apart``: a pace and
    the caps on volume are left aside, and nobody's text holds up another's.
    """

    now: datetime
    begins: bool
    pace_per_hour: int | None
    who: str = "e.status = 'active'"
    as_it_was: Callable[[Person, Place], Person] | None = None
    last_message_id: int | None = None
    apart: bool = False

    @classmethod
    def of(cls, campaign: Campaign, now: datetime) -> Basis:
        """As if a draft were launched ``now``; of what runs, from where everybody stands."""
        return cls(now, campaign.status == CampaignStatus.DRAFT, campaign.pace_per_hour)


@dataclass(frozen=True, slots=True)
class Part:
    """Counted from behind the enrollment ``done_to``; the page begins after ``after`` and ends with the lead that fills
    ``limit`` texts."""

    done_to: int = 0
    after: int = 0
    limit: int = 50


def counting(conn: Connection, version: Version, basis: Basis, found: Preview, part: Part) -> Iterator[int | None]:
    """Counts a plan into ``found``, and gives back now and then up to which enrollment it is done.

    One that is broken off there goes on later from ``done_to``; but where leads are bound together, None is given back:
    the whole is counted in one go.
    """
    around = _around(conn, basis)
    found.apart = basis.apart and (basis.pace_per_hour is not None or usage.capped(around.settings))
    course = Course(version, around, _pace(conn, version.campaign_id, basis))
    reading = _Reading(conn, version, basis, around)
    collecting = Collecting(found, part.after, part.limit)
    if course.shared:
        yield from _together(course, reading, collecting)
    else:
        yield from _one_by_one(course, reading, collecting, part.done_to)
    _add_left_out(conn, version.campaign_id, found)


def _one_by_one(course: Course, reading: _Reading, collecting: Collecting, done_to: int) -> Iterator[int]:
    for ways in reading.chunks(done_to):
        for place, way in ways:
            came = [_left_out(course.version, place)] if way is None else course.alone(way)
            collecting.close(place, came)
        yield ways[-1][0].id


def _together(course: Course, reading: _Reading, collecting: Collecting) -> Iterator[None]:
    came: dict[int, tuple[Place, list[Came]]] = {}
    ways, closed = [], 0
    for place, way in _flat(reading.chunks(0)):
        if way is None or way.over:
            collecting.close(place, [_left_out(course.version, place)] if way is None else [])
        else:
            came[place.id] = (place, [])
            ways.append(way)
    page = [id_ for id_ in came if id_ > collecting.after][: collecting.limit]
    with_words, shown = frozenset(page), []
    for way, one in course.together(ways):
        place, items = came[way.id]
        items.append(one if way.id in with_words else _without_words(one))
        if way.over:
            collecting.add(place, items)
            shown += [(place, items)] if way.id in with_words else []
            del came[way.id]
            closed += 1
            if closed % _CHUNK == 0:
                yield
    collecting.show_all(shown, more_after=page[-1] if page and ways[-1].id > page[-1] else None)


def _flat(chunks: Iterator[list[tuple[Place, Way | None]]]) -> Iterator[tuple[Place, Way | None]]:
    return (one for chunk in chunks for one in chunk)


def _left_out(version: Version, place: Place) -> LeftOut:
    """Somebody whose next moment nobody knows: a person decides, or another campaign ends."""
    key = version.steps[place.position].key if place.position < len(version.steps) else ""
    if place.elsewhere:
        waits = place.sentence or "Held: the lead is on its way through another campaign."
        said = waits if place.elsewhere == "wait" else left_out.SENTENCES[Reason.IN_ANOTHER_CAMPAIGN]
        return LeftOut(key, Reason.IN_ANOTHER_CAMPAIGN, said)
    return LeftOut(key, place.reason or Reason.LATE, place.sentence or "Held: a person decides when it goes on.")


@dataclass(frozen=True, slots=True)
class _Reading:
    """The enrollments of a plan, in chunks, each with the way before it; None where that begins nobody knows when."""

    conn: Connection
    version: Version
    basis: Basis
    around: gate.Circumstances

    def chunks(self, after: int) -> Iterator[list[tuple[Place, Way | None]]]:
        last = after
        while places := self._places(last):
            last = places[-1].id
            leads = {place.lead_id for place in places if not place.elsewhere}
            persons = people.load(self.conn, leads, self.around.settings, self.basis.now)
            yield [(place, None if place.elsewhere else self._way(place, persons[place.lead_id])) for place in places]

    def _places(self, after: int) -> list[Place]:
        values = {
            **elsewhere.given(self.version),
            "after": after,
            "limit": _CHUNK,
            "undecided": self.basis.begins and self.basis.as_it_was is None,
            "now": self.basis.now,
        }
        with self.conn.cursor(row_factory=class_row(Place), binary=True) as cursor:
            return cursor.execute(_PLACES.format(who=self.basis.who), values).fetchall()

    def _way(self, place: Place, person: Person) -> Way | None:
        basis, steps = self.basis, self.version.steps
        if basis.as_it_was is not None:
            person = basis.as_it_was(person, place)
        if basis.begins:
            at = timing.due(steps[0], basis.now, person.zone) if steps else basis.now
        elif place.next_run_at is None:
            return None
        else:
            at = max(place.next_run_at, basis.now)
        at = max(at, place.not_before or at)
        position = 0 if basis.as_it_was else place.position
        way = way_of(self.version, person, place.id, position, at, place.phone_number_id, now=basis.now)
        if not basis.begins and place.sentence.startswith("Held"):
            way.held_for = place.reason
        return way


# Before the launch it is asked who is elsewhere; the launch itself has decided about that.
_PLACES = f"""
SELECT e.id, e.lead_id, e.position, e.next_run_at, e.not_before, e.reason, e.sentence, c.phone_number_id,
       e.last_text_at IS NOT NULL AS texted,
       CASE WHEN e.reason = 'in_another_campaign' THEN 'wait'
            WHEN %(undecided)s AND {elsewhere.BECOMES} IN ('skip', 'wait') AND EXISTS (SELECT {elsewhere.LIVE})
            THEN {elsewhere.BECOMES} END AS elsewhere
FROM sms_campaign_enrollments e JOIN sms_conversations c ON c.id = e.conversation_id
WHERE e.campaign_id = %(campaign)s AND e.lead_id IS NOT NULL AND e.id > %(after)s AND {{who}}
ORDER BY e.id LIMIT %(limit)s
"""  # noqa: S608 (our own words)


def _without_words(came: Came) -> Came:
    """All of a plan may be in hand at once; of most of it nobody will read the words."""
    return came if isinstance(came, LeftOut) else replace(came, body="")


def _add_left_out(conn: Connection, campaign_id: int, found: Preview) -> None:
    """Who was chosen and could not be enrolled gets nothing either."""
    counts = left_out.counts(conn, campaign_id)
    found.excluded.update(counts)
    found.leads += counts.total()
    for reason in counts:
        for lead_id in left_out.named(conn, campaign_id, reason, NAMED):
            name(found, reason, Named(lead_id, left_out.SENTENCES[reason]))


def _around(conn: Connection, basis: Basis) -> gate.Circumstances:
    """The plan is of what happens once nothing is paused and the carriers have approved; the checklist names both."""
    around = outbox.circumstances(conn)
    settings = around.settings.model_copy(update={"automation_paused": False, "registration_state": "approved"})
    capped = usage.capped(settings) and not basis.apart
    return replace(around, settings=settings, usage=_usage(conn, settings, basis) if capped else None)


def _pace(conn: Connection, campaign_id: int, basis: Basis) -> Pace | None:
    """Whoever has a place already keeps it: of what runs, the next free one comes after those."""
    if not basis.pace_per_hour or basis.apart:
        return None
    row = conn.execute("SELECT paced_until FROM sms_campaigns WHERE id = %s", [campaign_id]).fetchone()
    return Pace(basis.pace_per_hour, row[0] if row and not basis.begins else None)


def _usage(conn: Connection, settings: AccountSettings, basis: Basis) -> Usage:
    """What had gone by then: without what went in the same hour, but later."""
    found = usage.read(conn, settings, basis.now)
    if basis.last_message_id is not None:
        for sender_id, texts, segments in conn.execute(_SINCE, [basis.last_message_id, found.hour_ends]):
            found.sender_hour[sender_id] = max(found.sender_hour.get(sender_id, 0) - texts, 0)
            found.sender_day[sender_id] = max(found.sender_day.get(sender_id, 0) - texts, 0)
            found.brand_segments = max(found.brand_segments - segments, 0)
    return found


_SINCE = """
SELECT phone_number_id, count(*), sum(segments) FROM sms_messages
WHERE id > %s AND direction = 'outbound' AND sent_at < %s GROUP BY 1
"""
