"""What may have been an opt-out: automatic texts wait, a person decides with one click, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import psycopg
import pytest

from tests.compliance.support import NOON, add_number, hear, one, rows
from tests.support import twilio
from tests.support.people import Cast, cast_of
from tests.support.races import at_once, warm_up
from tests.support.world import World
from webapp import clock, database
from webapp.accounts.actors import Actor
from webapp.compliance.consent import ledger
from webapp.compliance.optouts import business_days, by_hand, doubts, floods, undoing
from webapp.compliance.optouts.by_text import Meaning, meaning_of
from webapp.compliance.optouts.doubts import Doubt
from webapp.compliance.optouts.suppressions import Cause
from webapp.messaging import attempts, claims
from webapp.models.constants import Origin, Role, SuppressionSource
from webapp.rules.keywords import Classification

UNSURE, MATCHED = "Please stop sending me listings that are over budget", "stop sending"
DOUBT = "SELECT doubt_at IS NOT NULL FROM contact_numbers WHERE id = %s"


@pytest.fixture
def numbers(app: object) -> Iterator[None]:
    yield


def decide(number: int, actor: int, *, real: bool) -> int:
    return decide_all([number], actor, real=real)


def decide_all(numbers: list[int], actor: int, *, real: bool) -> int:
    act = doubts.confirm if real else doubts.dismiss
    with database.transaction() as conn:
        return act(conn, numbers, actor_id=actor, now=NOON + timedelta(hours=1))


# --- What a text comes to ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "meaning", "needs_nobody"),
    [
        (Classification("stop", "keyword", "suppress", "stop", "keyword.stop"), Meaning.STOP, True),
        (Classification("stop", "natural", "suppress", "please stop", "natural.stop"), Meaning.STOP, True),
        (
            Classification("stop", "natural", "suppress", "wrong number", "natural.wrong_number"),
            Meaning.WRONG_NUMBER,
            True,
        ),
        (Classification("stop", "natural", "hold", "leave me be", "natural.unsure"), Meaning.DOUBT, False),
        (Classification("start", "keyword", "none", "start", "keyword.start"), Meaning.START, True),
        (Classification("help", "keyword", "none", "help", "keyword.help"), Meaning.HELP, True),
        (Classification("none", "none", "none", None, None), Meaning.NONE, False),
    ],
)
def test_what_follows_from_a_text(found: Classification, meaning: Meaning, needs_nobody: bool) -> None:
    assert meaning_of(found) is meaning
    assert meaning.needs_nobody is needs_nobody


@pytest.mark.usefixtures("numbers")
class TestTheNumber:
    def test_a_doubt_is_written_down_and_nothing_is_suppressed(self, conn: psycopg.Connection) -> None:
        number = add_number()
        assert hear(number, UNSURE) is Meaning.DOUBT
        assert one(conn, "SELECT doubt_at, doubt_source, doubt_matched, suppressed_at FROM contact_numbers") == (
            NOON,
            "natural",
            MATCHED,
            None,
        )
        assert one(conn, "SELECT count(*) FROM consent_events") == 0

    def test_the_days_run_from_the_first_of_several(self, conn: psycopg.Connection) -> None:
        number = add_number()
        hear(number, UNSURE)
        hear(number, UNSURE, NOON + timedelta(days=3))
        assert one(conn, "SELECT doubt_at FROM contact_numbers") == NOON

    @pytest.mark.parametrize("word", ["STOP", "START"])
    def test_a_keyword_answers_it(self, conn: psycopg.Connection, word: str) -> None:
        number = add_number()
        hear(number, UNSURE)
        hear(number, word, NOON + timedelta(minutes=1))
        assert not one(conn, DOUBT, number)

    def test_a_doubt_whose_webhook_comes_after_the_start_that_answered_it_is_none(
        self, conn: psycopg.Connection
    ) -> None:
        number = add_number()
        hear(number, "START", NOON + timedelta(minutes=1))
        hear(number, UNSURE, NOON)
        assert not one(conn, DOUBT, number)

    def test_whoever_is_opted_out_already_raises_none(self, conn: psycopg.Connection) -> None:
        number = add_number()
        hear(number, "STOP")
        hear(number, UNSURE, NOON + timedelta(minutes=1))
        assert not one(conn, DOUBT, number)

    def test_confirming_suppresses_since_then_by_the_person_who_did(self, conn: psycopg.Connection, cast: Cast) -> None:
        number = add_number()
        hear(number, UNSURE)
        assert decide(number, cast.rep.id, real=True) == 1
        assert one(
            conn, "SELECT suppressed_at, suppression_source, suppression_reason, doubt_at FROM contact_numbers"
        ) == (NOON, "natural", MATCHED, None)
        assert one(conn, "SELECT event, source, channel, actor_id FROM consent_events") == (
            *("opt_out", "natural", "keyword", cast.rep.id),
        )

    def test_dismissing_ends_it_and_is_audited(self, conn: psycopg.Connection, cast: Cast) -> None:
        number = add_number()
        hear(number, UNSURE)
        assert decide(number, cast.rep.id, real=False) == 1
        assert one(conn, "SELECT doubt_at, suppressed_at FROM contact_numbers") == (None, None)
        audited = one(conn, "SELECT actor_id, action, target, details ->> 'matched' FROM audit_log")
        assert audited == (cast.rep.id, "opt_out.dismissed", f"number:{number}", MATCHED)

    def test_what_was_dismissed_can_be_raised_again(self, conn: psycopg.Connection, cast: Cast) -> None:
        number = add_number()
        hear(number, UNSURE)
        decide(number, cast.rep.id, real=False)
        hear(number, UNSURE, NOON + timedelta(days=1))
        assert one(conn, DOUBT, number)

    def test_two_people_decide_once(self, conn: psycopg.Connection, cast: Cast) -> None:
        number = add_number()
        hear(number, UNSURE)
        warm_up(4)
        decided = at_once([lambda real=real: decide(number, cast.rep.id, real=real) for real in (True, False) * 2])
        assert sorted(decided) == [0, 0, 0, 1]
        assert one(conn, "SELECT count(*) FROM consent_events") + one(conn, "SELECT count(*) FROM audit_log") == 1


# --- What waits with it -----------------------------------------------------------------------------------------------


@pytest.fixture
def people(world: World) -> Cast:
    return cast_of(world.conn)


def raise_doubt(world: World, phone: str, source: SuppressionSource = SuppressionSource.NATURAL) -> int:
    number: int = one(world.conn, "SELECT id FROM contact_numbers WHERE e164 = %s", phone)
    with database.transaction() as conn:
        assert doubts.raise_doubt(conn, number, Doubt(source, MATCHED, clock.now()))
    return number


def test_automatic_texts_wait_and_go_on_when_it_is_dismissed(world: World, people: Cast) -> None:
    phone = world.phone()
    conversation = world.conversation(phone)
    before = world.say(conversation, "Automatic", automatic=True, origin=Origin.CAMPAIGN).message_id
    number = raise_doubt(world, phone)
    world.work()
    after = world.say(conversation, "Also automatic", automatic=True, origin=Origin.CAMPAIGN)
    assert [world.status(before), after.status] == ["held", "held"]
    by_hand = world.say(conversation, "By hand").message_id
    world.until(lambda: world.status(by_hand) == "delivered")
    assert [text for text in world.on_handset(phone) if "utomatic" in text] == []
    decide(number, people.rep.id, real=False)
    world.until(lambda: world.status(before) == "delivered")


def test_an_automatic_text_in_a_workers_hands_does_not_begin(world: World) -> None:
    phone = world.phone()
    text = world.say(world.conversation(phone), "Automatic", automatic=True, origin=Origin.CAMPAIGN).message_id
    with database.transaction() as conn:
        (claimed,) = claims.claim(conn, slots=5, now=clock.now())
    raise_doubt(world, phone)
    assert attempts.begin(claimed, "CH1") is None
    world.work()
    assert (world.status(text), world.on_handset(phone)) == ("held", [])


def test_what_waits_is_canceled_when_it_is_confirmed(world: World, people: Cast) -> None:
    phone = world.phone()
    text = world.say(world.conversation(phone), "Automatic", automatic=True, origin=Origin.CAMPAIGN).message_id
    number = raise_doubt(world, phone)
    world.work()
    decide(number, people.rep.id, real=True)
    assert world.status(text) == "canceled"
    world.work()
    assert world.on_handset(phone) == []


def test_the_text_waits_in_the_inbox_for_somebody_and_is_not_confirmed_to_the_person(world: World) -> None:
    phone = world.phone()
    text = world.say(world.conversation(phone), "Hello?").message_id
    world.until(lambda: world.status(text) == "delivered")
    world.simulator.person_texts(phone, UNSURE)
    world.until(lambda: world.inbound(phone) == [UNSURE])
    waiting, unread = one(world.conn, "SELECT waiting_since IS NOT NULL, unread FROM sms_conversations")
    assert (waiting, unread) == (True, 1)
    world.work()
    assert world.on_handset(phone) == ["Hello?"]
    body = one(world.conn, "SELECT m.body FROM contact_numbers n JOIN sms_messages m ON m.id = n.doubt_message_id")
    assert body == UNSURE
    assert rows(world.conn, "SELECT data ->> 'matched' FROM sms_events WHERE type = 'doubt'") == [MATCHED]


def test_a_doubt_of_a_stranger_is_there_before_there_is_a_thread(world: World) -> None:
    phone = world.phone()
    twilio.receive(twilio.message_added(phone, UNSURE, twilio.sid("CH"), MessagingBindingProxyAddress=""))
    assert one(world.conn, "SELECT doubt_matched FROM contact_numbers WHERE e164 = %s", phone) == MATCHED


# --- The days that the law leaves -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "now", "left"),
    [
        ("2026-12-09T18:00:00Z", "2026-12-09T23:00:00Z", 10),
        ("2026-12-09T18:00:00Z", "2026-12-10T18:00:00Z", 9),
        ("2026-12-11T18:00:00Z", "2026-12-13T18:00:00Z", 10),  # over a weekend
        ("2026-12-23T18:00:00Z", "2026-12-28T18:00:00Z", 8),  # and Christmas, a Friday
        ("2026-07-01T18:00:00Z", "2026-07-06T18:00:00Z", 8),  # the Fourth, a Saturday, is kept on Friday
        ("2026-11-25T18:00:00Z", "2026-11-27T18:00:00Z", 9),  # Thanksgiving
        ("2026-12-09T18:00:00Z", "2026-12-23T18:00:00Z", 0),
        ("2026-12-09T18:00:00Z", "2027-06-01T18:00:00Z", 0),
        ("2026-12-10T05:30:00Z", "2026-12-10T06:30:00Z", 9),  # 23:30 and 0:30 in Chicago: two days
    ],
)
def test_business_days_left(since: str, now: str, left: int) -> None:
    first, then = datetime.fromisoformat(since), datetime.fromisoformat(now)
    assert business_days.days_left(first, then, "America/Chicago") == left


def test_new_years_day_can_be_kept_in_the_year_before() -> None:
    assert not business_days.is_business_day(date(2027, 12, 31))
    assert business_days.is_business_day(date(2026, 12, 31))


# --- The one confirmation of a stop in their own words ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "confirmations"),
    [("please stop texting me", 1), ("You have the wrong number", 0)],
    ids=["a stop", "somebody else, who never agreed to any text"],
)
def test_a_stop_in_their_own_words_is_confirmed_once_by_us_and_a_wrong_number_never(
    world: World, words: str, confirmations: int
) -> None:
    phone = world.phone()
    text = world.say(world.conversation(phone), "Hello?").message_id
    world.until(lambda: world.status(text) == "delivered")
    for said in (words, f"I said {words}"):
        world.simulator.person_texts(phone, said)
        world.until(lambda said=said: said in world.inbound(phone))
    world.work()
    world.until(lambda: one(world.conn, "SELECT count(*) FROM sms_messages WHERE status IN ('queued', 'sent')") == 0)
    assert len(world.on_handset(phone)) == 1 + confirmations
    assert one(world.conn, "SELECT waiting_since, unread FROM sms_conversations") == (None, 2)


def test_words_clicks_the_carrier_and_workers_at_the_same_moment(world: World, people: Cast) -> None:
    """Nobody waits for ever, and in the end no number is opted out that still has something to go."""
    phones = [world.phone() for _ in range(6)]
    for conversation in [world.conversation(phone) for phone in phones]:
        for kind in ({"automatic": True, "origin": Origin.CAMPAIGN}, {}):
            world.say(conversation, "Hello", **kind)
    numbers = rows(world.conn, "SELECT id FROM contact_numbers ORDER BY id")
    actor = Actor(people.manager.id, "Max", "", Role.MANAGER, "America/Chicago")
    now = clock.now()

    def in_one(act: Callable[[database.Connection], object]) -> None:
        with database.transaction() as conn:
            act(conn)

    def of(number: int) -> list[Callable[[], object]]:
        carrier = Cause(SuppressionSource.CARRIER, "21610", now)
        doubt = Doubt(SuppressionSource.CARRIER, "21610", now)
        return [
            lambda: hear(number, UNSURE, now),
            lambda: in_one(lambda conn: doubts.raise_doubt(conn, number, doubt)),
            lambda: in_one(lambda conn: by_hand.opt_out(conn, number, "phone", "", actor=actor, now=now)),
            lambda: in_one(lambda conn: undoing.undo(conn, number, actor=actor, now=now)),
            lambda: in_one(lambda conn: floods.take(conn, number, carrier, now=now)),
        ]

    everybody: list[Callable[[], object]] = [
        lambda: decide_all(numbers, people.rep.id, real=False),
        lambda: decide_all(numbers[::-1], people.rep.id, real=True),
        lambda: world.sender.drain(seconds=5),
    ]
    warm_up(20)
    for turn in (numbers[:3], numbers[3:]):
        at_once([act for number in turn for act in of(number)] + everybody)
    world.work()
    left = """
        SELECT count(*) FROM sms_messages m JOIN contact_numbers n ON n.id = m.contact_number_id
        WHERE n.suppressed_at IS NOT NULL AND m.status IN ('held', 'queued', 'claimed')
    """
    assert one(world.conn, left) == 0
    both = "SELECT count(*) FROM contact_numbers WHERE suppressed_at IS NOT NULL AND (doubt_at IS NOT NULL OR consent_at IS NOT NULL)"
    assert one(world.conn, both) == 0
    assert ledger.verify(world.conn) is None
