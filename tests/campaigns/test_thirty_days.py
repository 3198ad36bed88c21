"""A month of a campaign over five hundred people, played on the movable clock through the whole road to the handsets and
back: what reached each phone is what the dry run said, up to the moment when somebody answered or stopped.

The month holds the change to summer time. Hours are judged by the slow checker, which shares nothing with the engine.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.campaigns.support import DAY, HOUR, Campaigns, text
from tests.rules.slow_checker import lawful
from webapp import clock, database
from webapp.campaigns import store
from webapp.campaigns.plans.preview import preview
from webapp.campaigns.rules import Window
from webapp.rules.zones import candidates

LEADS = 500
#: A Monday: six in the evening in London, noon in Texas, eight in the morning in Hawaii.
BEGINS = datetime(2027, 3, 1, 18, 0, tzinfo=UTC)
#: Texas (one zone, and two), Arizona without summer time, Florida and New York with laws of their own, Hawaii, Alaska.
AREA_CODES = ("512", "915", "602", "305", "850", "212", "303", "213", "808", "907")
STEPS = (
    text("Hi {{ first_name | default('there') }}, are you still looking?"),
    text("Good morning! Shall I send you a list?", DAY, at_local="10:05", weekdays_only=True),
    text("Three new ones came in this week.", 6 * DAY, window=Window(opens="13:00", closes="16:00")),
    text("{{ last_name }}, one of them is in your street.", 5 * DAY + 7 * HOUR),
    text("Shall I close your file?", 15 * DAY, at_local="18:30"),
)
#: How far behind its moment a text may be: business time runs on while the texts before it are on their way.
LATE = timedelta(minutes=4)
CLOSE = timedelta(minutes=1)


@dataclass(frozen=True)
class Person:
    """Says ``says`` once ``after`` texts have come; nobody says anything where ``says`` is empty."""

    lead_id: int
    phone: str
    says: str
    after: int


def test_a_month_comes_as_it_was_foreseen_but_where_somebody_answered_or_stopped(campaigns: Campaigns) -> None:
    campaigns.world.configure(cap_per_lead=3, lane_gap_minutes=10)
    campaigns.world.move_clock(seconds=(BEGINS - clock.now()).total_seconds())
    people = five_hundred(campaigns, random.Random(4))
    campaign_id = campaigns.draft(*STEPS)
    campaigns.enroll(campaign_id, [person.lead_id for person in people])
    plan = foreseen(campaigns, campaign_id)
    campaigns.launch(campaign_id)
    play(campaigns, people)
    for person in people:
        check(campaigns, person, plan[person.lead_id])
    silent = [person for person in people if not person.says]
    assert {campaigns.standing(person.lead_id)[0] for person in silent} == {"completed"}
    assert max(at for texts in plan.values() for at, _ in texts) > BEGINS + timedelta(days=27)


def five_hundred(campaigns: Campaigns, luck: random.Random) -> list[Person]:
    found = []
    for number in range(LEADS):
        code = AREA_CODES[number % len(AREA_CODES)]
        names = {"first_name": luck.choice(["Ana", "Bo", ""]), "last_name": luck.choice(["Diaz", "Fox", "Ito", ""])}
        lead_id, phone = campaigns.lead(f"+1{code}555{number:04d}", **names)
        says = luck.choices(["", "Yes please", "STOP", "please stop texting me"], [60, 25, 10, 5])[0]
        found.append(Person(lead_id, phone, says, luck.randint(1, 4)))
    return found


Plan = dict[int, list[tuple[datetime, str]]]


def foreseen(campaigns: Campaigns, campaign_id: int) -> Plan:
    with database.transaction() as conn:
        campaign = store.find(conn, campaigns.actor, campaign_id)
        assert campaign is not None
        found = preview(conn, campaign, store.shown_version(conn, campaign), clock.now(), limit=LEADS * len(STEPS))
    plan: Plan = {}
    for one in found.plan:
        plan.setdefault(one.lead_id, []).append((one.foreseen.send_at, one.foreseen.body))
    assert (len(plan), found.excluded) == (LEADS, {})
    return plan


_NEXT = "SELECT min(next_run_at) FROM sms_campaign_enrollments WHERE status = 'active' AND NOT parked"
_HAD = """
SELECT e.lead_id, count(*) FROM sms_messages m JOIN sms_campaign_enrollments e ON e.id = m.enrollment_id
WHERE m.sent_at IS NOT NULL GROUP BY 1
"""
_HEARD = "SELECT count(*) FROM sms_messages WHERE direction = 'inbound'"


def play(campaigns: Campaigns, people: Sequence[Person]) -> None:
    """Business time leaps from one due moment to the next, and as far as makes one leap of those that lie close together.
    Who has had enough texts says what they have to say."""
    conn, waiting, said = campaigns.world.conn, {one.lead_id: one for one in people if one.says}, 0
    while (row := conn.execute(_NEXT).fetchone()) and row[0] is not None:
        campaigns.later(seconds=max((row[0] + CLOSE - clock.now()).total_seconds(), 0))
        had = dict(conn.execute(_HAD).fetchall())
        speaking = [waiting.pop(one.lead_id) for one in [*waiting.values()] if had.get(one.lead_id, 0) >= one.after]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda one: campaigns.world.simulator.person_texts(one.phone, one.says), speaking))
        said += len(speaking)
        campaigns.world.until(lambda: conn.execute(_HEARD).fetchone() == (said,))  # noqa: B023 (asked at once)


def check(campaigns: Campaigns, person: Person, planned: list[tuple[datetime, str]]) -> None:
    items = [text for text in campaigns.world.simulator.texts_on(person.phone) if not text["automatic"]]
    expected = planned[: person.after] if person.says else planned
    came = [(datetime.fromisoformat(text["received_at"]), text["body"]) for text in items[: len(expected)]]
    assert [body for _, body in came] == [body for _, body in expected], person
    place = candidates(person.phone, None, None, None)
    for (at, body), (moment, _) in zip(came, expected, strict=True):
        assert timedelta(0) <= at - moment < LATE, (person, at, moment)
        assert lawful(at, place), (person, at.astimezone(ZoneInfo(place.zones[0])))
        if step := next((step for step in STEPS if step.body == body and step.at_local), None):
            wall = at.astimezone(ZoneInfo(place.zones[0])) - (at - moment)
            assert f"{wall:%H:%M}" == step.at_local, (person, wall)
    assert not (more := items[len(expected) :]) or (person.says.startswith("please") and len(more) == 1), more
