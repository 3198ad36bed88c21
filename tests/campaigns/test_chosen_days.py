"""After an answer, "resume in 5 days": the day that a person chose stays, whatever times the lead anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest

from tests.campaigns.support import DAY, HOUR, Campaigns, text
from tests.campaigns.test_moving import Do, do  # noqa: F401 (a fixture)
from tests.campaigns.test_the_tick import bodies
from webapp import clock, database
from webapp.campaigns import store
from webapp.campaigns.drafts import publishing
from webapp.campaigns.steering import moving

STEPS = (text("One"), text("Two", HOUR), text("Three", HOUR))


@pytest.fixture
def answered(campaigns: Campaigns) -> tuple[int, int, str]:
    """A campaign, and a lead that answered its first text; its phone."""
    lead, phone = campaigns.lead()
    campaign = campaigns.run(*STEPS, leads=[lead, campaigns.lead()[0]])
    campaigns.tick()
    campaigns.world.simulator.person_texts(phone, "Call me next week")
    campaigns.world.until(lambda: campaigns.standing(lead)[2] == "replied")
    return campaign, lead, phone


def publish(campaigns: Campaigns, campaign: int, *steps: object) -> None:
    with database.transaction() as conn:
        found = store.find(conn, campaigns.actor, campaign, lock=True)
        assert found is not None
        store.set_draft(conn, found, clock.now(), new_steps=steps)  # type: ignore[arg-type]
    publishing.publish(campaign, campaigns.actor, clock.now(), move=True)


def test_moved_to_a_new_version_the_lead_still_waits_for_its_day(
    campaigns: Campaigns,
    answered: tuple[int, int, str],
    do: Do,  # noqa: F811
) -> None:
    campaign, lead, phone = answered
    do(moving.resume, lead, in_days=5)
    chosen = campaigns.due(lead)
    publish(campaigns, campaign, STEPS[0], replace(STEPS[1], body="Better", delay_minutes=2 * HOUR), STEPS[2])
    campaigns.later(hours=3)
    assert bodies(campaigns, phone) == ["One"]
    campaigns.later(days=4, hours=20)
    assert (bodies(campaigns, phone), campaigns.due(lead)) == (["One"], chosen)
    campaigns.later(hours=2)
    assert bodies(campaigns, phone) == ["One", "Better"]
    campaigns.later(hours=2)
    assert bodies(campaigns, phone) == ["One", "Better", "Three"]


def test_a_later_step_is_not_brought_forward(
    campaigns: Campaigns,
    answered: tuple[int, int, str],
    do: Do,  # noqa: F811
) -> None:
    campaign, lead, phone = answered
    do(moving.resume, lead, in_days=2)
    publish(campaigns, campaign, STEPS[0], replace(STEPS[1], delay_minutes=9 * DAY))
    campaigns.later(days=3)
    assert bodies(campaigns, phone) == ["One"]
    campaigns.later(days=6, hours=1)
    assert bodies(campaigns, phone) == ["One", "Two"]


@pytest.mark.parametrize("act", ["skip", "pause and resume"])
def test_it_stays_through_what_is_done_with_the_lead(
    campaigns: Campaigns,
    answered: tuple[int, int, str],
    do: Do,  # noqa: F811
    act: str,
) -> None:
    campaign, lead, phone = answered
    do(moving.resume, lead, in_days=5)
    if act == "skip":
        do(moving.skip, lead)
    else:
        do(moving.pause, lead)
        do(moving.resume, lead)
    publish(campaigns, campaign, *STEPS[:2], replace(STEPS[2], body="Better"))
    campaigns.later(days=4)
    assert bodies(campaigns, phone) == ["One"]
    campaigns.later(days=1, hours=1)
    assert bodies(campaigns, phone) == ["One", "Better" if act == "skip" else "Two"]


@pytest.mark.parametrize(("act", "more"), [(moving.send_now, ()), (moving.move, (1,))])
def test_who_decides_otherwise_lets_it_go_at_once(
    campaigns: Campaigns,
    answered: tuple[int, int, str],
    do: Do,  # noqa: F811
    act: Callable[..., object],
    more: tuple[int, ...],
) -> None:
    campaign, lead, phone = answered
    do(moving.resume, lead, in_days=5)
    do(act, lead, *more)
    campaigns.later(minutes=11)
    assert bodies(campaigns, phone) == ["One", "Two"]
    publish(campaigns, campaign, *STEPS[:2], replace(STEPS[2], body="Better"))
    campaigns.later(hours=2)
    assert bodies(campaigns, phone) == ["One", "Two", "Better"]


def test_resumed_at_once_after_another_answer_the_old_day_is_forgotten(
    campaigns: Campaigns,
    answered: tuple[int, int, str],
    do: Do,  # noqa: F811
) -> None:
    campaign, lead, phone = answered
    do(moving.resume, lead, in_days=5)
    campaigns.world.simulator.person_texts(phone, "Or write to me now")
    campaigns.world.until(lambda: campaigns.standing(lead)[2] == "replied")
    do(moving.resume, lead)
    publish(campaigns, campaign, STEPS[0], replace(STEPS[1], body="Better"), STEPS[2])
    campaigns.later(hours=1, minutes=1)
    assert bodies(campaigns, phone) == ["One", "Better"]


def test_chosen_in_a_draft_it_holds_after_the_launch(
    campaigns: Campaigns,
    stored: psycopg.Connection,
    do: Do,  # noqa: F811
) -> None:
    lead, phone = campaigns.lead()
    campaign = campaigns.draft(text("One"))
    campaigns.enroll(campaign, [lead])
    do(moving.pause, lead)
    do(moving.resume, lead, in_days=5)
    campaigns.launch(campaign)
    campaigns.tick()
    assert bodies(campaigns, phone) == []
    campaigns.later(days=5, minutes=1)
    assert bodies(campaigns, phone) == ["One"]
