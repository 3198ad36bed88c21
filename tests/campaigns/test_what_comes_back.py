"""Texts whose sending came to nothing while something else happened: what nobody wants any more does not go after all."""

from __future__ import annotations

import threading

import pytest

from tests.campaigns.support import HOUR, Campaigns, text
from tests.campaigns.test_moving import Do, do
from tests.campaigns.test_the_tick import bodies
from webapp.campaigns import tick
from webapp.campaigns.steering import moving

__all__ = ["do"]


@pytest.fixture
def on_the_wire(campaigns: Campaigns) -> tuple[int, int, str]:
    """A campaign, its one lead and phone: the first text may or may not have been taken up, and was not."""
    lead, phone = campaigns.lead()
    campaign = campaigns.run(text("One"), text("Two", HOUR), leads=[lead])
    campaigns.world.simulator.set_faults(send={"error_500": 1.0})
    tick.run()
    campaigns.world.sender.drain(seconds=5)
    campaigns.world.simulator.set_faults()
    assert statuses(campaigns) == ["unconfirmed"]
    return campaign, lead, phone


def statuses(campaigns: Campaigns) -> list[str]:
    rows = campaigns.world.conn.execute(
        "SELECT status FROM sms_messages WHERE enrollment_id IS NOT NULL ORDER BY id"
    ).fetchall()
    return [row[0] for row in rows]


def given_up(campaigns: Campaigns) -> None:
    """Two clean reads say that it was not taken up; then the senders work."""

    def settled() -> bool:
        campaigns.world.reconcile()
        return "unconfirmed" not in statuses(campaigns)

    campaigns.world.until(settled, working=False)
    campaigns.world.work()


def test_into_a_paused_campaign_it_does_not_go_until_that_goes_on(
    campaigns: Campaigns, on_the_wire: tuple[int, int, str]
) -> None:
    campaign, lead, phone = on_the_wire
    assert campaigns.pause(campaign).on_the_wire == 1
    given_up(campaigns)
    assert (bodies(campaigns, phone), statuses(campaigns)) == ([], ["canceled"])
    assert campaigns.standing(lead)[:2] == ("active", 0)
    campaigns.resume(campaign)
    campaigns.tick()
    campaigns.later(hours=1)
    assert bodies(campaigns, phone) == ["One", "Two"]


def test_to_somebody_who_has_answered_meanwhile_it_does_not_go(
    campaigns: Campaigns, on_the_wire: tuple[int, int, str], do: Do
) -> None:
    _, lead, phone = on_the_wire
    campaigns.world.simulator.person_texts(phone, "Who is this?", to=campaigns.world.simulator.numbers[0])
    campaigns.world.until(lambda: campaigns.standing(lead)[0] == "stopped")
    given_up(campaigns)
    assert bodies(campaigns, phone) == []
    assert campaigns.standing(lead) == ("stopped", 0, "replied")
    do(moving.resume, lead)
    campaigns.later(minutes=11)
    assert bodies(campaigns, phone) == ["One"]


def test_after_a_colleagues_own_text_it_waits_like_every_other(
    campaigns: Campaigns, on_the_wire: tuple[int, int, str]
) -> None:
    _, lead, phone = on_the_wire
    campaigns.world.say(campaigns.world.conversation(phone), "Rita here")
    given_up(campaigns)
    campaigns.tick()
    assert bodies(campaigns, phone) == ["Rita here"]
    assert campaigns.standing(lead) == ("active", 0, "touched")
    campaigns.later(hours=25)
    assert bodies(campaigns, phone) == ["Rita here", "One"]


@pytest.mark.parametrize("act", [moving.remove, moving.pause])
def test_to_a_lead_whom_a_person_has_taken_out_it_does_not_go(
    campaigns: Campaigns, on_the_wire: tuple[int, int, str], do: Do, act: Do
) -> None:
    _, lead, phone = on_the_wire
    do(act, lead)
    given_up(campaigns)
    campaigns.later(hours=2)
    assert bodies(campaigns, phone) == []
    do(moving.resume, lead)
    campaigns.later(minutes=11)
    assert bodies(campaigns, phone) == ["One"]


def test_a_lead_that_was_moved_meanwhile_does_not_get_it_besides(
    campaigns: Campaigns, on_the_wire: tuple[int, int, str], do: Do
) -> None:
    _, lead, phone = on_the_wire
    do(moving.move, lead, 1)
    given_up(campaigns)
    campaigns.later(minutes=11)
    assert bodies(campaigns, phone) == ["Two"]
    assert campaigns.standing(lead) == ("completed", 2, None)


def test_where_nothing_has_changed_it_is_simply_sent(campaigns: Campaigns, on_the_wire: tuple[int, int, str]) -> None:
    _, _, phone = on_the_wire
    given_up(campaigns)
    campaigns.tick()
    assert bodies(campaigns, phone) == ["One"]


def test_refused_for_the_moment_while_its_campaign_is_paused_it_is_not_tried_again(campaigns: Campaigns) -> None:
    lead, phone = campaigns.lead()
    campaign = campaigns.run(text("One"), leads=[lead])
    campaigns.world.simulator.set_faults(latency_ms=700, send={"error_429": 1.0})
    tick.run()
    sending = threading.Thread(target=campaigns.world.sender.drain, kwargs={"seconds": 5})
    sending.start()
    campaigns.world.until(lambda: statuses(campaigns) == ["sending"], working=False)
    assert campaigns.pause(campaign).on_the_wire == 1
    sending.join()
    campaigns.world.simulator.set_faults()
    assert statuses(campaigns) == ["canceled"]
    campaigns.resume(campaign)
    campaigns.tick()
    assert bodies(campaigns, phone) == ["One"]
