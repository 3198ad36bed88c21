"""Threads opened at the carrier before their texts are due: only what may be, once, and never faster than it allows."""

from __future__ import annotations

import bisect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest

from tests.campaigns.support import DAY, HOUR, Campaigns, text
from tests.support.processes import running
from tests.support.world import World
from webapp import clock, database
from webapp.campaigns import jobs, opening_ahead
from webapp.carrier import carrier_from_settings
from webapp.carrier.types import Thread
from webapp.compliance.privacy import erasure
from webapp.local.ports import free_port
from webapp.messaging import openings, threads_ahead
from webapp.messaging.openings import Turn
from webapp.web import metrics


def creations(world: World) -> list[dict[str, object]]:
    """The requests for new conversations that the carrier got, oldest first."""
    return [
        entry
        for entry in world.simulator.requests()
        if entry["method"] == "POST" and str(entry["path"]).endswith("/Conversations")
    ]


def at_carrier(world: World) -> list[str]:
    """The conversations that the carrier has."""
    return sorted(found.sid for found in world.carrier.conversations_since(clock.now() - timedelta(days=1)))


def ours(world: World) -> list[str]:
    """Those that we know of."""
    return sorted(row[0] for row in world.conn.execute("SELECT twilio_sid FROM sms_conversations") if row[0])


def open_all(world: World) -> None:
    world.until(lambda: not opening_ahead.run(world.carrier), working=False)


def test_what_is_due_tomorrow_morning_is_opened_today_and_then_only_the_text_is_left_to_send(
    campaigns: Campaigns,
) -> None:
    world = campaigns.world
    leads, phones = campaigns.leads(12)
    campaigns.run(text("Good morning", 22 * HOUR), leads=leads)
    open_all(world)
    assert ours(world) == at_carrier(world)
    assert len(ours(world)) == 12
    assert [world.on_handset(phone) for phone in phones] == [[]] * 12
    before = len(world.simulator.requests())
    campaigns.later(hours=22)
    assert [len(world.on_handset(phone)) for phone in phones] == [1] * 12
    asked = [str(entry["path"]).rsplit("/", 1)[-1] for entry in world.simulator.requests()[before:]]
    assert [path for path in asked if path in ("Conversations", "Participants")] == []
    assert asked.count("Messages") >= 12


def test_a_text_that_waits_for_the_morning_has_its_thread_by_night(campaigns: Campaigns) -> None:
    world = campaigns.world
    leads, _ = campaigns.leads(3)
    world.move_clock(hours=12)  # midnight in Austin
    campaigns.run(text("Good morning"), leads=leads)
    campaigns.tick()
    assert {campaigns.standing(lead)[2] for lead in leads} == {"quiet_hours"}
    open_all(world)
    assert len(ours(world)) == 3


def test_what_is_due_in_two_days_waits_for_its_day(campaigns: Campaigns) -> None:
    world = campaigns.world
    leads, _ = campaigns.leads(2)
    campaigns.run(text("Later", 2 * DAY), leads=leads)
    open_all(world)
    assert creations(world) == []
    world.move_clock(hours=25)
    open_all(world)
    assert len(ours(world)) == 2


def test_the_soonest_due_are_opened_first(campaigns: Campaigns, monkeypatch: pytest.MonkeyPatch) -> None:
    world = campaigns.world
    late, soon = campaigns.leads(3)[0], campaigns.leads(3)[0]
    campaigns.run(text("Late", 20 * HOUR), leads=late)
    campaigns.run(text("Soon", HOUR), leads=soon)
    monkeypatch.setattr(opening_ahead, "MOST", 3)
    open_all(world)
    opened = world.conn.execute("SELECT lead_id FROM sms_conversations WHERE twilio_sid IS NOT NULL ORDER BY 1")
    assert [row[0] for row in opened] == soon


def test_a_launch_that_is_being_prepared_and_the_others_of_a_canary_are_ready_when_somebody_says_go(
    campaigns: Campaigns,
) -> None:
    world = campaigns.world
    leads, _ = campaigns.leads(28)
    campaign = campaigns.draft(text("Hi"))
    campaigns.enroll(campaign, leads[:2])
    open_all(world)
    assert len(ours(world)) == 2
    campaigns.enroll(campaign, leads[2:])
    assert campaigns.launch(campaign, canary=True) == 25
    open_all(world)
    assert len(ours(world)) == 28


def test_a_draft_that_nobody_touched_for_a_day_is_left_alone(campaigns: Campaigns) -> None:
    campaigns.enroll(campaigns.draft(text("Hi")), campaigns.leads(2)[0])
    campaigns.world.move_clock(hours=25)
    open_all(campaigns.world)
    assert creations(campaigns.world) == []


@pytest.mark.parametrize(
    "objection",
    [
        "UPDATE contact_numbers SET suppressed_at = now(), suppression_source = 'manual'",
        "UPDATE contact_numbers SET invalid_at = now()",
        "UPDATE contact_numbers SET consent_at = NULL",
        "UPDATE contact_numbers SET simulated = false",
        "UPDATE sms_campaigns SET status = 'paused'",
        "UPDATE sms_campaigns SET status = 'finished'",
        "UPDATE sms_campaign_enrollments SET status = 'paused'",
        "INSERT INTO settings (key, value) VALUES ('automation_paused', 'true')",
    ],
)
def test_whom_nothing_may_be_sent_to_is_not_made_known_to_the_carrier(campaigns: Campaigns, objection: str) -> None:
    """Neither when it is so from the start, nor when it becomes so right before the request."""
    world = campaigns.world
    campaigns.run(text("Hi", HOUR), leads=campaigns.leads(1)[0])
    with database.transaction() as conn:
        listed = opening_ahead.look(conn, clock.now()).listed
    assert len(listed) == 1
    world.conn.execute(objection)
    world.configure()
    assert threads_ahead.Run(world.carrier, opening_ahead.still_wanted).over(listed, seconds=5) == 0
    open_all(world)
    assert creations(world) == []


def test_a_number_on_a_do_not_call_list_is_passed_over_and_the_others_are_opened(campaigns: Campaigns) -> None:
    world = campaigns.world
    leads, phones = campaigns.leads(3)
    campaigns.run(text("Hi", HOUR), leads=leads)
    world.conn.execute(
        """
        WITH list AS (INSERT INTO dnc_lists (name, kind, as_of, active) VALUES ('Ours', 'litigator', now(), true) RETURNING id)
        INSERT INTO dnc_entries (list_id, e164) SELECT id, %s FROM list
        """,
        [phones[0]],
    )
    open_all(world)
    opened = world.conn.execute("SELECT lead_id FROM sms_conversations WHERE twilio_sid IS NOT NULL ORDER BY 1")
    assert [row[0] for row in opened] == leads[1:]


def test_paused_and_resumed_it_goes_on(campaigns: Campaigns) -> None:
    world = campaigns.world
    campaign = campaigns.run(text("Hi", HOUR), leads=campaigns.leads(2)[0])
    campaigns.pause(campaign)
    open_all(world)
    assert creations(world) == []
    campaigns.resume(campaign)
    open_all(world)
    assert len(ours(world)) == 2


def test_a_number_that_the_carrier_does_not_take_is_asked_about_once_and_holds_up_nobody(campaigns: Campaigns) -> None:
    world = campaigns.world
    own = campaigns.lead(world.simulator.numbers[1])[0]
    leads, _ = campaigns.leads(3)
    campaigns.run(text("Hi", HOUR), leads=[own, *leads])
    open_all(world)
    assert len(ours(world)) == 3
    asked = len(world.simulator.requests())
    open_all(world)
    assert len(world.simulator.requests()) == asked
    assert not threads_ahead.resting(), "that was no fault of the carrier's"


def test_turned_away_it_rests_for_longer_each_time_and_then_finishes(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    world = campaigns.world
    campaigns.run(text("Hi", HOUR), leads=campaigns.leads(20)[0])
    world.simulator.set_settings(actions_per_second=2)
    assert not opening_ahead.run(world.carrier)
    assert 429 in {entry["status"] for entry in creations(world)}
    assert threads_ahead.resting()
    asked = len(creations(world))
    assert asked < 20, "the run ended at the first refusal"
    open_all(world)
    assert len(creations(world)) == asked, "nothing is asked while it rests"
    world.simulator.set_settings(actions_per_second=1)
    rests = [_rest(stored)]
    for _ in range(2):
        stored.execute("UPDATE paces SET free_from = clock_timestamp() WHERE name = 'threads ahead'")
        opening_ahead.run(world.carrier)
        rests.append(_rest(stored))
    assert rests[0] > 0
    assert rests[2] > 2 * rests[0]
    world.simulator.set_settings(actions_per_second=0)
    stored.execute("UPDATE paces SET free_from = clock_timestamp() WHERE name = 'threads ahead'")
    open_all(world)
    assert len(ours(world)) == len(at_carrier(world)) == 20


def _rest(stored: psycopg.Connection) -> float:
    row = stored.execute(
        "SELECT extract(epoch FROM free_from - clock_timestamp())::float FROM paces WHERE name = 'threads ahead'"
    ).fetchone()
    assert row is not None
    return float(row[0])


def test_while_the_carrier_is_down_nothing_is_opened_and_nothing_is_held_against_anybody(campaigns: Campaigns) -> None:
    world = campaigns.world
    campaigns.run(text("Hi", HOUR), leads=campaigns.leads(4)[0])
    nobody = world.settings.model_copy(update={"twilio_api_base_url": f"http://127.0.0.1:{free_port()}"})
    assert not opening_ahead.run(carrier_from_settings(nobody))
    assert threads_ahead.resting()
    world.conn.execute("UPDATE paces SET free_from = clock_timestamp() WHERE name = 'threads ahead'")
    open_all(world)
    assert len(ours(world)) == 4


def test_killed_at_any_moment_each_pair_has_one_thread_and_it_is_ours(campaigns: Campaigns) -> None:
    world = campaigns.world
    campaigns.run(text("Hi", HOUR), leads=campaigns.leads(60)[0])
    with running("tests.campaigns.killed_openings", world.settings, arguments=("8",)) as killer:
        assert killer.wait(timeout=60) == 0
    begun = len(creations(world))
    assert begun > 0
    open_all(world)
    assert len(ours(world)) == 60
    assert at_carrier(world) == ours(world)
    pairs = world.conn.execute(
        "SELECT n.e164, p.e164, c.twilio_sid FROM sms_conversations c JOIN contact_numbers n ON n.id = c.contact_number_id "
        "JOIN phone_numbers p ON p.id = c.phone_number_id"
    ).fetchall()
    for address, sender, sid in pairs:
        assert [thread.conversation_sid for thread in world.carrier.threads_of(address, sender)] == [sid]


def test_two_at_once_open_no_thread_twice(campaigns: Campaigns) -> None:
    world = campaigns.world
    campaigns.run(text("Hi", HOUR), leads=campaigns.leads(40)[0])
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(open_all, world) for _ in range(3)]:
            done.result()
    assert len(ours(world)) == 40
    assert at_carrier(world) == ours(world)


def test_one_machine_at_a_time_does_it_and_says_how_many_are_left(campaigns: Campaigns) -> None:
    world = campaigns.world
    campaigns.run(text("Hi", HOUR), leads=campaigns.leads(5)[0])
    world.conn.execute(
        "INSERT INTO heartbeats (name, at, detail) VALUES ('threads ahead', now(), "
        "jsonb_build_object('holder', 'another', 'until', extract(epoch FROM clock_timestamp()) + 60))"
    )
    with world.app.app_context():
        jobs.open_threads_ahead()
        assert creations(world) == []
        world.conn.execute("DELETE FROM heartbeats")
        jobs.open_threads_ahead()
        assert len(ours(world)) == 5
        assert b"leadline_threads_to_open 5.0" in metrics.exposition()
        jobs.open_threads_ahead()
        assert b"leadline_threads_to_open 0.0" in metrics.exposition()


def test_never_more_than_thirty_in_any_second_as_the_carrier_counts_them(campaigns: Campaigns) -> None:
    world = campaigns.world
    openings.use_limit(30)
    world.simulator.set_settings(actions_per_second=30)
    campaigns.run(text("Hi", HOUR), leads=campaigns.leads(70)[0])
    open_all(world)
    begun = sorted(float(str(entry["begun_monotonic"])) for entry in creations(world))
    assert len(begun) == 70
    assert {entry["status"] for entry in creations(world)} == {201}
    busiest = max(bisect.bisect_left(begun, at + 1) - place for place, at in enumerate(begun))
    assert busiest <= 30


@pytest.mark.parametrize(("turn", "taken"), [(Turn.PERSON, True), (Turn.DUE, False), (Turn.AHEAD, False)])
def test_where_many_want_to_open_threads_a_persons_text_goes_first(
    campaigns: Campaigns, stored: psycopg.Connection, turn: Turn, taken: bool
) -> None:
    openings.use_limit(30)
    openings.take_place(Turn.PERSON)
    stored.execute(
        "UPDATE paces SET free_from = clock_timestamp() + interval '500 ms' WHERE name = %s", [openings.PLACES]
    )
    assert openings.take_place(turn) is taken


def test_a_text_by_hand_to_somebody_new_goes_while_threads_are_opened_ahead(campaigns: Campaigns) -> None:
    world = campaigns.world
    openings.use_limit(30)
    campaigns.run(text("Hi", HOUR), leads=campaigns.leads(40)[0])
    phone = world.phone()
    with ThreadPoolExecutor(1) as pool:
        ahead = pool.submit(open_all, world)
        world.say(world.conversation(phone), "by hand")
        world.until(lambda: world.on_handset(phone) == ["by hand"])
        ahead.result()
    assert at_carrier(world) == ours(world)
    assert len(ours(world)) == 41


class ErasesMeanwhile:
    """The carrier; and while it opens a thread, the person is erased."""

    def __init__(self, world: World, erase: Callable[[], None]) -> None:
        self.carrier, self.erase = world.carrier, erase
        self.forget_thread = world.carrier.forget_thread

    def open_thread(self, **pair: str) -> Thread:
        thread = self.carrier.open_thread(**pair)
        self.erase()
        return thread


def test_a_person_who_is_erased_while_the_thread_is_opened_is_erased_at_the_carrier_too(campaigns: Campaigns) -> None:
    world = campaigns.world
    campaigns.run(text("Hi", HOUR), leads=campaigns.leads(1)[0])

    def erase() -> None:
        with database.transaction() as conn:
            erasure.erase(conn, 1, campaigns.actor, clock.now())

    opening_ahead.run(ErasesMeanwhile(world, erase))
    assert at_carrier(world) == []
    assert ours(world) == []


def test_a_thread_that_another_conversation_has_holds_up_nobody(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    world = campaigns.world
    leads, _ = campaigns.leads(3)
    campaigns.run(text("Hi", HOUR), leads=leads)
    (name, address, sender) = stored.execute(
        "SELECT c.unique_name::text, n.e164, p.e164 FROM sms_conversations c JOIN contact_numbers n "
        "ON n.id = c.contact_number_id JOIN phone_numbers p ON p.id = c.phone_number_id ORDER BY c.id LIMIT 1"
    ).fetchone() or ("", "", "")
    thread = world.carrier.open_thread(unique_name=name, address=address, sender=sender)
    stranger = world.conversation(world.phone())
    stored.execute("UPDATE sms_conversations SET twilio_sid = %s WHERE id = %s", [thread.conversation_sid, stranger])
    open_all(world)
    assert len(ours(world)) == 3
    assert opening_ahead.run(world.carrier) is False
