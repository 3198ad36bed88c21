"""Putting leads into a campaign: whom, from which number, when, and by how many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest

from tests.campaigns.support import Campaigns, text
from tests.support.people import add_person
from tests.support.races import at_once, warm_up
from webapp import clock, database
from webapp.accounts.actors import Actor
from webapp.campaigns.joining import enrolling
from webapp.campaigns.rules import Senders
from webapp.campaigns.steering import running
from webapp.models.constants import Role


def test_each_lead_given_is_counted_once_by_what_became_of_it(
    campaigns: Campaigns, stored: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrolling, "CHUNK", 3)
    (first, second, broken, gone), _ = campaigns.leads(4)
    silent, _ = campaigns.lead(agreed=False)
    lapsed, _ = campaigns.lead()
    stopped, _ = campaigns.lead()
    for lead_id, change in (
        (broken, "invalid_at = now()"),
        (lapsed, f"consent_until = '{clock.now() - timedelta(hours=1)}'"),
        (stopped, "suppressed_at = now()"),
    ):
        stored.execute(
            f"UPDATE contact_numbers SET {change} WHERE id = (SELECT contact_number_id FROM leads WHERE id = %s)",
            [lead_id],
        )
    stored.execute("DELETE FROM leads WHERE id = %s", [gone])
    campaign = campaigns.draft(text("One"))
    asked = [first, silent, second, broken, first, gone, lapsed, stopped, silent, 999_999_999]
    assert campaigns.enroll(campaign, asked) == {
        "enrolled": 2,
        "already_enrolled": 1,
        "no_consent": 3,
        "bad_number": 1,
        "opted_out": 1,
        "not_found": 2,
    }
    assert campaigns.enroll(campaign, [second, first]) == {"already_enrolled": 2}
    assert stored.execute("SELECT count(*), max(entry) FROM sms_campaign_enrollments").fetchone() == (2, 1)


def test_a_rep_enrolls_whom_a_rep_may_see(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    rita, otto = add_person(stored, "Rita Rep", "rep"), add_person(stored, "Otto Rep", "rep")
    mine, _ = campaigns.lead(owner_id=rita.id)
    theirs, _ = campaigns.lead(owner_id=otto.id)
    nobodys, _ = campaigns.lead()
    rep = campaigns.as_rep(Actor(rita.id, rita.name, rita.email, Role.REP, "America/Chicago"))
    assert rep.enroll(rep.draft(text("One")), [mine, theirs, nobodys]) == {"enrolled": 2, "not_found": 1}


def test_who_is_through_comes_again_once_the_rules_let_them(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    (lead,), _ = campaigns.leads(1)
    once, again = campaigns.draft(text("One")), campaigns.draft(text("One"), reentry_days=2)
    for campaign in (once, again):
        campaigns.enroll(campaign, [lead])
        stored.execute("UPDATE sms_campaign_enrollments SET status = 'completed', ended_at = %s", [clock.now()])
    campaigns.world.move_clock(days=1)
    assert campaigns.enroll(again, [lead]) == {"enrolled_before": 1}
    campaigns.world.move_clock(days=2)
    assert campaigns.enroll(again, [lead]) == {"enrolled": 1}
    assert campaigns.enroll(once, [lead]) == {"enrolled_before": 1}
    entries = stored.execute("SELECT entry FROM sms_campaign_enrollments WHERE campaign_id = %s ORDER BY 1", [again])
    assert entries.fetchall() == [(1,), (2,)]


def test_the_first_step_is_due_at_its_hour_where_each_lead_is(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    austin, _ = campaigns.lead()
    phoenix, _ = campaigns.lead("+16025550101")
    moved, _ = campaigns.lead(timezone="America/New_York")
    campaigns.enroll(campaigns.draft(text("One", at_local="15:00")), [austin, phoenix, moved])
    assert [campaigns.due(lead) for lead in (austin, phoenix, moved)] == [
        "2026-12-09 21:00",
        "2026-12-09 22:00",
        "2026-12-09 20:00",
    ]


# --- From which number -----------------------------------------------------------------------------------------------


def other_numbers(stored: psycopg.Connection, *numbers: str) -> list[int]:
    insert = "INSERT INTO phone_numbers (e164, simulated) VALUES (%s, true) RETURNING id"
    rows = [stored.execute(insert, [number]).fetchone() for number in numbers]
    return [row[0] for row in rows if row]


def senders_of(stored: psycopg.Connection, campaign: int) -> dict[int, int]:
    return dict(
        stored.execute(
            "SELECT e.lead_id, c.phone_number_id FROM sms_campaign_enrollments e "
            "JOIN sms_conversations c ON c.id = e.conversation_id WHERE e.campaign_id = %s",
            [campaign],
        ).fetchall()
    )


def test_numbers_take_turns_and_whoever_knows_one_keeps_it(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    first, second, third = other_numbers(stored, "+15125550181", "+15125550182", "+15125550183")
    leads, _ = campaigns.leads(30)
    known = leads[0]
    campaigns.enroll(campaigns.draft(text("Before"), senders=Senders(choice="fixed", numbers=(second,))), [known])
    campaign = campaigns.draft(
        text("One"), senders=Senders(choice="pool", numbers=(first, second, third)), one_campaign_at_a_time="both"
    )
    campaigns.enroll(campaign, leads)
    found = senders_of(stored, campaign)
    assert found[known] == second
    shares = [sum(sender == each for lead, sender in found.items() if lead != known) for each in (first, second, third)]
    assert sum(shares) == 29
    assert max(shares) - min(shares) <= 2


def test_without_numbers_of_its_own_a_campaign_writes_from_the_default_one(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    (quiet,) = other_numbers(stored, "+15125550181")
    (lead, known), _ = campaigns.leads(2)
    campaigns.enroll(campaigns.draft(text("Before"), senders=Senders(choice="fixed", numbers=(quiet,))), [known])
    campaign = campaigns.draft(text("One"), one_campaign_at_a_time="both")
    campaigns.enroll(campaign, [lead, known])
    found = senders_of(stored, campaign)
    default = stored.execute("SELECT id FROM phone_numbers WHERE is_default").fetchone()
    assert default is not None
    assert (found[lead], found[known]) == (default[0], quiet)
    stored.execute("UPDATE phone_numbers SET active = false")
    assert campaigns.enroll(campaigns.draft(text("Two"), one_campaign_at_a_time="both"), [lead]) == {"no_sender": 1}


# --- By many at once -------------------------------------------------------------------------------------------------


def test_enrolled_by_many_at_once_each_lead_is_in_it_once(campaigns: Campaigns, stored: psycopg.Connection) -> None:
    leads, _ = campaigns.leads(40)
    campaign = campaigns.draft(text("One"))
    warm_up(4)
    orders = [leads, leads[::-1], leads[20:] + leads[:20], leads[::2] + leads[1::2]]
    outcomes = at_once([lambda order=order: campaigns.enroll(campaign, order) for order in orders])  # type: ignore[misc]
    assert sum(each.get("enrolled", 0) for each in outcomes) == 40
    assert all(sum(each.values()) == 40 for each in outcomes)
    assert stored.execute("SELECT count(*) FROM sms_campaign_enrollments").fetchone() == (40,)


def test_a_thread_that_somebody_else_opens_meanwhile_is_written_into(
    campaigns: Campaigns, stored: psycopg.Connection
) -> None:
    leads, _ = campaigns.leads(3)
    one, other = (campaigns.draft(text(name), one_campaign_at_a_time="both") for name in ("One", "Other"))
    warm_up(2)
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as conn:
            running.enroll(conn, campaigns._find(conn, one), leads, campaigns.actor, clock.now())
            waiting = pool.submit(campaigns.enroll, other, leads)
            campaigns.world.until(lambda: waits_for_a_lock(stored), working=False)
        assert waiting.result() == {"enrolled": 3}
    assert stored.execute("SELECT count(*) FROM sms_conversations").fetchone() == (3,)
    assert senders_of(stored, one) == senders_of(stored, other)


def waits_for_a_lock(stored: psycopg.Connection) -> bool:
    row = stored.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone()
    return row is not None and row[0] > 0
