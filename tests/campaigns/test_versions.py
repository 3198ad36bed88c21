"""Publishing a draft: what it changes, who waits where, and what becomes of them."""

from __future__ import annotations

import threading
import time

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.campaigns.building import text as named
from tests.campaigns.support import DAY, HOUR, Campaigns, text
from tests.support.races import at_once, warm_up
from webapp import clock, database
from webapp.campaigns import steps, store, tick
from webapp.campaigns.drafts import differences, publishing, versions
from webapp.campaigns.drafts.changing_over import Moved
from webapp.campaigns.drafts.mapping import next_place
from webapp.campaigns.drafts.publishing import DraftChangedError
from webapp.campaigns.rules import Rules, Window
from webapp.campaigns.steps import Step, Version
from webapp.web.problems import Problem


def edit(campaigns: Campaigns, campaign: int, *made: Step, **rules: object) -> None:
    """The campaign's draft, with other steps."""
    with database.transaction() as conn:
        found = campaigns._find(conn, campaign)
        store.set_draft(conn, found, clock.now(), new_steps=made, rules=Rules(**rules) if rules else None)  # type: ignore[arg-type]


def publish(campaigns: Campaigns, campaign: int, *, move: bool) -> publishing.Published:
    return publishing.publish(campaign, campaigns.actor, clock.now(), move=move)


def got(campaigns: Campaigns, phone: str) -> list[str]:
    return [body.split("\n")[0] for body in campaigns.world.on_handset(phone)]


# --- Where everybody stands ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "at", "new", "had", "expected"),
    [
        ("abc", 1, "abc", "a", "b"),
        ("abc", 1, "axbc", "a", "b"),
        ("abc", 1, "bac", "a", "b"),
        ("abc", 1, "axc", "a", "x"),
        ("abc", 1, "xac", "a", "c"),
        ("abc", 2, "ab", "ab", None),
        ("abc", 2, "xab", "ab", None),
        ("abcd", 2, "adb", "ab", "d"),
        ("abc", 0, "xyz", "", "x"),
        ("abc", 1, "xyz", "a", "x"),
        ("abc", 3, "abcd", "abc", "d"),
        ("abc", 1, "cb", "ac", "b"),
        ("abc", 1, "", "a", None),
    ],
)
def test_everybody_goes_to_what_comes_next(old: str, at: int, new: str, had: str, expected: str | None) -> None:
    place = next_place(list(old), at, list(new), had)
    assert (None if place is None else new[place]) == expected


_KEYS = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)


@given(_KEYS, _KEYS, st.data())
def test_nobody_goes_back_to_what_they_had_and_whoever_can_stay_stays(
    old: list[str], new: list[str], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(old)))
    had = data.draw(st.sets(st.sampled_from(old[:at])) if at else st.just(set()))
    place = next_place(list(old), at, list(new), had)
    if place is not None:
        assert new[place] not in had
    if at < len(old) and old[at] in new:
        assert place is not None and new[place] == old[at]
    still_to_come = [key for key in old[at:] if key in new]
    if still_to_come:
        assert place is not None
    if place is None:
        behind = max((new.index(key) for key in old[:at] if key in new), default=-1)
        assert all(key in had for key in new[behind + 1 :])


@given(_KEYS, _KEYS, st.data())
def test_from_there_on_every_step_goes_at_most_once(old: list[str], new: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(old)))
    had = old[:at]
    place = next_place(list(old), at, list(new), had)
    sent = list(had)
    for key in new[len(new) if place is None else place :]:
        if key not in sent:
            sent.append(key)
    assert len(sent) == len(set(sent))
    assert sent[: len(had)] == had


# --- The difference --------------------------------------------------------------------------------------------------


def version(*made: Step, number: int = 1) -> Version:
    return Version(number, 1, number, Rules(), made)


def test_a_difference_names_what_came_went_moved_and_was_retimed() -> None:
    old = version(named("a", "One two"), named("b"), named("c"), named("d"))
    new = version(named("c"), named("a", "One three"), named("x"), named("d", after=60), number=2)
    found = differences.of_steps(old, new)
    assert [(each.was, each.is_now) for each in found] == [(3, 1), (1, 2), (None, 3), (2, None), (4, 4)]
    assert [each.moved for each in found] == [True, False, False, False, False]
    assert [each.reworded for each in found] == [False, True, False, False, False]
    assert (found[4].when_before, found[4].when) == ("Right after step 3", "1 hour after step 3")
    assert found[1].words == [("same", "One "), ("gone", "two"), ("new", "three")]
    assert not any(each.same for each in found)


def test_what_stays_is_the_same_whatever_its_number() -> None:
    old, new = version(named("a"), named("b")), version(named("x"), named("a"), named("b"))
    assert [each.same for each in differences.of_steps(old, new)] == [False, True, True]
    assert differences.is_empty(old, old) and not differences.is_empty(old, new)


@given(_KEYS, _KEYS)
def test_a_difference_has_every_step_of_both(old: list[str], new: list[str]) -> None:
    found = differences.of_steps(version(*map(named, old)), version(*map(named, new)))
    assert [each.is_now for each in found if each.is_now] == list(range(1, len(new) + 1))
    assert sorted(each.was for each in found if each.was) == list(range(1, len(old) + 1))
    unmoved = [each.was for each in found if each.was and each.is_now and not each.moved]
    assert unmoved == sorted(unmoved)


# --- Publishing ------------------------------------------------------------------------------------------------------


def test_who_is_on_the_way_finishes_the_old_version_and_who_comes_gets_the_new(campaigns: Campaigns) -> None:
    (early, late), (phone, other) = campaigns.leads(2)
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=[early])
    campaigns.tick()
    edit(campaigns, campaign, text("One"), text("New two", HOUR))
    done = publish(campaigns, campaign, move=False)
    assert (done.version, done.moved) == (2, None)
    campaigns.enroll(campaign, [late])
    campaigns.later(minutes=5)
    campaigns.later(hours=2)
    assert got(campaigns, phone) == ["One", "Two"]
    assert got(campaigns, other) == ["One", "New two"]


def test_who_moves_gets_the_new_words_and_nothing_twice(campaigns: Campaigns) -> None:
    (lead,), (phone,) = campaigns.leads(1)
    campaign = campaigns.run(text("One"), text("Two", HOUR), text("Three", HOUR), leads=[lead])
    campaigns.tick()
    edit(campaigns, campaign, Step("Two", HOUR, "Two anew"), Step("One", HOUR, "One anew"), text("Three", HOUR))
    assert publish(campaigns, campaign, move=True).moved == Moved(1, 0)
    assert campaigns.standing(lead) == ("active", 0, None)
    for _ in range(4):
        campaigns.later(hours=1, minutes=1)
    assert got(campaigns, phone) == ["One", "Two anew", "Three"]
    assert campaigns.standing(lead)[0] == "completed"


def test_a_moment_of_the_old_version_never_comes(campaigns: Campaigns) -> None:
    (lead,), (phone,) = campaigns.leads(1)
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    campaigns.tick()
    edit(campaigns, campaign, text("One"), text("Two", 4 * HOUR))
    publish(campaigns, campaign, move=True)
    assert campaigns.due(lead) == "2026-12-09 22:00"
    campaigns.later(hours=2)
    assert got(campaigns, phone) == ["One"]
    campaigns.later(hours=2)
    assert got(campaigns, phone) == ["One", "Two"]


def test_a_moment_that_would_be_past_is_the_next_that_the_step_allows(campaigns: Campaigns) -> None:
    (lead, other), _ = campaigns.leads(2)
    first = campaigns.run(text("One"), text("Two", 5 * DAY), leads=[lead])
    second = campaigns.run(text("One"), text("Two", 5 * DAY), leads=[other])
    campaigns.tick()
    campaigns.world.move_clock(days=2)
    edit(campaigns, first, text("One"), text("Two", DAY))
    edit(campaigns, second, text("One"), text("Two", DAY, at_local="10:05"))
    publish(campaigns, first, move=True)
    publish(campaigns, second, move=True)
    assert campaigns.due(lead) == "2026-12-11 18:00"
    assert campaigns.due(other) == "2026-12-12 16:05"
    assert campaigns.tick().held == 0


def test_for_whom_nothing_is_left_it_is_over(campaigns: Campaigns) -> None:
    (lead,), (phone,) = campaigns.leads(1)
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    campaigns.tick()
    edit(campaigns, campaign, text("One"))
    assert publish(campaigns, campaign, move=True).moved == Moved(0, 1)
    campaigns.later(hours=2)
    assert got(campaigns, phone) == ["One"]
    assert campaigns.standing(lead) == ("completed", 1, None)


def test_what_waits_for_a_person_still_does(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    (late, broken), _ = campaigns.leads(2)
    first = campaigns.run(text("One"), text("Two", HOUR), leads=[late])
    second = campaigns.run(text("One"), text("Two", HOUR), leads=[broken])
    campaigns.tick()
    stored.execute("UPDATE sms_campaign_steps SET paused_because = 'filtered' WHERE step_key = 'Two'")
    stored.execute(
        "UPDATE sms_campaign_steps s SET paused_because = '' FROM sms_campaign_versions v "
        "WHERE v.id = s.version_id AND v.campaign_id = %s",
        [first],
    )
    campaigns.world.move_clock(days=2)
    assert campaigns.tick().held == 2
    for campaign in (first, second):
        edit(campaigns, campaign, text("One"), text("Two", HOUR), stop_on_reply=False)
        publish(campaigns, campaign, move=True)
    assert [campaigns.standing(lead) for lead in (late, broken)] == [("active", 1, "late"), ("active", 1, "breaker")]
    assert [campaigns.due(lead) for lead in (late, broken)] == [None, None]
    edit(campaigns, second, text("One"), Step("Two", HOUR, "Two in other words"))
    publish(campaigns, second, move=True)
    assert campaigns.due(broken) is not None


def test_a_paced_start_keeps_its_turn(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    leads, _ = campaigns.leads(3)
    campaign = campaigns.draft(text("One"))
    stored.execute("UPDATE sms_campaigns SET pace_per_hour = 1")
    campaigns.enroll(campaign, leads)
    campaigns.launch(campaign)
    campaigns.tick()
    before = [campaigns.due(lead) for lead in leads[1:]]
    edit(campaigns, campaign, Step("One", 0, "One in other words"))
    publish(campaigns, campaign, move=True)
    assert [campaigns.due(lead) for lead in leads[1:]] == before
    assert campaigns.tick().queued == 0


def test_those_who_finish_may_be_moved_later(campaigns: Campaigns) -> None:
    (lead,), (phone,) = campaigns.leads(1)
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    campaigns.tick()
    edit(campaigns, campaign, text("One"), Step("Two", HOUR, "Two anew"))
    publish(campaigns, campaign, move=False)
    with database.transaction() as conn:
        (waiting,) = versions.waiting(conn, campaigns._find(conn, campaign))
    assert (waiting.version.number, waiting.position, waiting.leads) == (1, 1, 1)
    assert publishing.move_older(campaign, campaigns.actor).done == Moved(1, 0)
    assert publishing.move_older(campaign, campaigns.actor).done == Moved(0, 0)
    campaigns.later(hours=2)
    assert got(campaigns, phone) == ["One", "Two anew"]


def test_a_draft_goes_out_only_when_it_can_and_is_the_one_that_was_read(campaigns: Campaigns) -> None:
    draft = campaigns.draft(text("One"))
    with pytest.raises(Problem, match="launch it"):
        publish(campaigns, draft, move=False)
    campaign = campaigns.run(text("One"), leads=[campaigns.lead()[0]])
    with pytest.raises(Problem, match="There is nothing to publish"):
        publish(campaigns, campaign, move=True)
    edit(campaigns, campaign, text("See bit.ly/x"))
    with pytest.raises(Problem, match="carriers block those"):
        publish(campaigns, campaign, move=True)
    edit(campaigns, campaign)
    with pytest.raises(Problem, match="no step left"):
        publish(campaigns, campaign, move=False)
    edit(campaigns, campaign, text("Two"))
    with pytest.raises(DraftChangedError):
        publishing.publish(campaign, campaigns.actor, clock.now(), move=True, seen="other")
    with database.transaction() as conn:
        assert steps.load(conn, [campaigns._find(conn, campaign).live_version_id or 0]).popitem()[1].number == 1


# --- Races -----------------------------------------------------------------------------------------------------------


def test_publishing_amid_ticks_sends_nothing_twice_nor_of_an_old_version(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    leads, _ = campaigns.leads(60)
    campaign = campaigns.run(text("One"), text("Two", HOUR), text("Three", HOUR), leads=leads)
    campaigns.queue_due()
    campaigns.world.move_clock(hours=1)
    edit(campaigns, campaign, text("One"), Step("Two", HOUR, "Two anew"), Step("Three", HOUR, "Three anew"))
    warm_up(5)
    at_once([lambda: publish(campaigns, campaign, move=True) and None, *[_tick_again_and_again] * 3])
    campaigns.world.move_clock(hours=1)
    campaigns.queue_due()
    texts = stored.execute(
        "SELECT enrollment_id, step_key, count(*) FROM sms_messages WHERE status <> 'canceled' GROUP BY 1, 2"
    ).fetchall()
    assert {row[2] for row in texts} == {1}
    assert len(texts) == 60 * 3
    old = "SELECT count(*) FROM sms_messages WHERE body LIKE 'Three%' AND body NOT LIKE 'Three anew%'"
    assert stored.execute(old).fetchone() == (0,)
    stale = stored.execute(
        "SELECT count(*) FROM sms_campaign_enrollments e JOIN sms_campaigns g ON g.id = e.campaign_id "
        "WHERE e.version_id <> g.live_version_id"
    ).fetchone()
    assert stale == (0,)


def _tick_again_and_again() -> None:
    for _ in range(20):
        with database.transaction() as conn:
            tick.run_batch(conn, clock.now())


def test_pausing_and_publishing_at_once_never_wait_for_each_other(campaigns: Campaigns) -> None:
    leads, _ = campaigns.leads(20)
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=leads)
    warm_up(2)
    for number in range(5):
        edit(campaigns, campaign, text("One"), Step("Two", HOUR, f"Two {number}"))
        tick.run()
        paused, published = at_once(
            [
                lambda: campaigns.pause(campaign).taken_back >= 0,
                lambda: publish(campaigns, campaign, move=True).version > 1,
            ]
        )
        assert paused and published
        campaigns.resume(campaign)


def test_publishing_gives_way_to_whoever_holds_the_campaign(campaigns: Campaigns) -> None:
    """A pause that has the campaign and wants a lead's row gets it, though publishing has the row and wants the campaign."""
    (lead,), _ = campaigns.leads(1)
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    edit(campaigns, campaign, text("One"), Step("Two", HOUR, "Two anew"))
    warm_up(2)
    holds, done = threading.Event(), threading.Event()

    def hold() -> None:
        with database.transaction() as conn:
            campaigns._find(conn, campaign)
            holds.set()
            time.sleep(0.3)
            conn.execute("UPDATE sms_campaign_enrollments SET changed_at = now() WHERE campaign_id = %s", [campaign])
        done.set()

    def then_publish() -> None:
        holds.wait()
        assert publish(campaigns, campaign, move=True).moved == Moved(1, 0)
        assert done.is_set()

    at_once([hold, then_publish])


def test_rules_of_the_new_version_hold_for_who_moved(campaigns: Campaigns) -> None:
    (lead,), _ = campaigns.leads(1)
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    campaigns.tick()
    edit(campaigns, campaign, text("One"), text("Two", HOUR), window=Window(opens="15:00", closes="17:00"))
    publish(campaigns, campaign, move=True)
    campaigns.later(hours=1)
    assert campaigns.standing(lead) == ("active", 1, "scheduled")
    assert campaigns.due(lead) == "2026-12-09 21:00"
