"""Random campaigns, people, answers, pauses and leaps of the clock, against what must hold whatever happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.campaigns.support import Campaigns, text
from webapp import clock
from webapp.campaigns import tick
from webapp.campaigns.rules import Window
from webapp.campaigns.steps import Step
from webapp.messaging import applying

AUSTIN = ZoneInfo("America/Chicago")

delays = st.sampled_from([0, 1, 5, 45, 120, 700, 1500, 4000])
windows = st.sampled_from([None, None, Window(opens="10:00", closes="12:30"), Window(opens="14:00", closes="20:00")])
shapes = st.lists(
    st.tuples(delays, st.sampled_from([None, None, "09:05", "18:30"]), st.booleans(), windows), min_size=1, max_size=4
)
happenings = st.lists(
    st.one_of(
        st.tuples(st.just("leap"), st.integers(1, 1000)),
        st.tuples(st.sampled_from(["answer", "stop", "by hand"]), st.integers(0, 2)),
        st.tuples(st.sampled_from(["pause", "decide", "decide and work"]), st.just(0)),
    ),
    max_size=12,
)


@dataclass
class Story:
    """What happened to one lead: from when nothing may come, and what a colleague wrote."""

    lead_id: int
    phone: str
    ended_at: datetime | None = None
    by_hand: list[str] = field(default_factory=list)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shape=shapes, events=happenings, stop_on_reply=st.booleans())
def test_no_step_comes_twice_out_of_order_out_of_hours_or_after_the_end(
    campaigns: Campaigns,
    shape: list[tuple[int, str | None, bool, Window | None]],
    events: list[tuple[str, int]],
    *,
    stop_on_reply: bool,
) -> None:
    steps = [
        text(f"Step {number}.", delay, at_local=at, weekdays_only=weekdays, window=window)
        for number, (delay, at, weekdays, window) in enumerate(shape)
    ]
    stories = [Story(*campaigns.lead()) for _ in range(3)]
    campaign = campaigns.run(
        *steps, leads=[story.lead_id for story in stories], stop_on_reply=stop_on_reply, late_after_hours=720
    )
    for what, number in events:
        happen(campaigns, campaign, what, number, stories, stop_on_reply=stop_on_reply)
    campaigns.play([])
    for story in stories:
        check(campaigns, story, steps)


def happen(
    campaigns: Campaigns, campaign: int, what: str, number: int, stories: list[Story], *, stop_on_reply: bool
) -> None:
    world, story = campaigns.world, stories[min(number, 2)]
    if what == "leap":
        campaigns.later(minutes=number)
    elif what == "pause":
        campaigns.pause(campaign)
        campaigns.tick()
        campaigns.resume(campaign)
    elif what == "decide":
        tick.run()
    elif what == "decide and work":
        campaigns.tick()
    elif what == "by hand":
        if story.ended_at is None:
            story.by_hand.append(f"Rita {len(story.by_hand)}")
            world.say(world.conversation(story.phone), story.by_hand[-1])
    else:
        hear(campaigns, story, "STOP" if what == "stop" else "Sounds good", ends=what == "stop" or stop_on_reply)


def hear(campaigns: Campaigns, story: Story, body: str, *, ends: bool) -> None:
    """The person writes, and it is in its thread before anything else happens."""
    before = len(campaigns.world.inbound(story.phone))
    campaigns.world.simulator.person_texts(story.phone, body)
    campaigns.world.until(lambda: applied(campaigns, story) > before, working=False)
    if ends and story.ended_at is None:
        story.ended_at = clock.now()


def applied(campaigns: Campaigns, story: Story) -> int:
    """How many of the person's texts are in their thread, once what has come is applied; nothing is sent meanwhile."""
    applying.apply_due()
    return len(campaigns.world.inbound(story.phone))


def check(campaigns: Campaigns, story: Story, steps: list[Step]) -> None:
    keys = [step.key for step in steps]
    came = [body.split("\n")[0] for body in campaigns.world.on_handset(story.phone)]
    automatic = [body for body in came if body in keys]
    assert automatic == sorted(set(automatic)), "once each, in order"
    assert set(came) <= {*keys, *story.by_hand}
    sent = campaigns.world.conn.execute(
        "SELECT m.sent_at, m.body FROM sms_messages m JOIN contact_numbers n ON n.id = m.contact_number_id "
        "WHERE n.e164 = %s AND m.origin = 'campaign' AND m.sent_at IS NOT NULL ORDER BY m.id",
        [story.phone],
    ).fetchall()
    for sent_at, _ in sent:
        assert 9 <= sent_at.astimezone(AUSTIN).hour < 21
        assert story.ended_at is None or sent_at <= story.ended_at
    status, position, reason = campaigns.standing(story.lead_id)
    assert status in ("completed", "stopped"), (status, position, reason)
    rows = campaigns.world.conn.execute(
        "SELECT m.status, m.reason, m.send_after, m.body FROM sms_messages m JOIN contact_numbers n "
        "ON n.id = m.contact_number_id WHERE n.e164 = %s ORDER BY m.id",
        [story.phone],
    ).fetchall()
    assert status != "completed" or automatic == keys or story.ended_at is not None, (rows, clock.now())
    assert status != "stopped" or reason in ("replied", "opted_out")
