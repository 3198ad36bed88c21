"""Campaigns that are edited, stopped, moved about and run into faults of the carrier, while the clock leaps both ways:
whatever happens, each step comes once a visit, in order, within the hours, never where it was taken back, and each lead
gets to an end or says why not.

At the end what the phones have is compared with what the records say. ``TALES`` in the environment asks for more.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import datetime

import pytest

from tests.campaigns.support import Campaigns
from tests.campaigns.tales import ACTS, FAULTS, OFTEN, OTHERS, Story, Tale
from tests.rules.slow_checker import lawful
from webapp.rules.zones import candidates

TALES = int(os.environ.get("TALES", "10"))
LENGTH, LEADS = 25, 3

_SENT = """
SELECT m.body, m.enrollment_id, m.step_key, m.visit FROM sms_messages m
JOIN contact_numbers n ON n.id = m.contact_number_id
WHERE n.e164 = %s AND m.direction = 'outbound' AND m.sent_at IS NOT NULL ORDER BY m.id
"""
_STANDING = "SELECT status, reason, sentence FROM sms_campaign_enrollments WHERE lead_id = %s"


@pytest.mark.parametrize("seed", range(TALES))
def test_come_what_may(campaigns: Campaigns, seed: int) -> None:
    luck = random.Random(seed)
    tale = Tale(campaigns, luck, [Story(*campaigns.lead()) for _ in range(LEADS)])
    tale.stop_on_reply = luck.random() < 0.5
    rules = {"stop_on_reply": tale.stop_on_reply, "reentry_days": 0, "touch_gap_hours": 2}
    tale.campaign = campaigns.run(*tale.steps(), leads=[story.lead_id for story in tale.stories], **rules)
    happenings = [*FAULTS, *ACTS, *OTHERS]
    for what in luck.choices(happenings, [OFTEN.get(what, 1) for what in happenings], k=LENGTH):
        tale.happen(what)
    tale.play_on()
    for story in tale.stories:
        tale.look_at(story)
        check(campaigns, story)


def check(campaigns: Campaigns, story: Story) -> None:
    world = campaigns.world
    came = [item for item in world.simulator.texts_on(story.phone) if not item["automatic"]]
    bodies = [item["body"] for item in came]
    sent = world.conn.execute(_SENT, [story.phone]).fetchall()
    assert Counter(bodies) == Counter(row[0] for row in sent), "what the records say, no more and no less"
    ways = [(enrollment, visit, key) for _, enrollment, key, visit in sent if enrollment is not None]
    assert len(ways) == len(set(ways)), "each step once a visit"
    for way in {(enrollment, visit) for enrollment, visit, _ in ways}:
        keys = [key for enrollment, visit, key in ways if (enrollment, visit) == way]
        assert keys == sorted(keys), "in order"
    place = candidates(story.phone, None, None, None)
    by_hours = [datetime.fromisoformat(item["received_at"]) for item in came if item["body"].startswith("step")]
    assert all(lawful(at, place) for at in by_hours), "within the hours"
    assert story.silenced in (None, bodies), "nothing after a STOP"
    for status, reason, sentence in world.conn.execute(_STANDING, [story.lead_id]):
        assert status == "completed" or (status == "stopped" and reason and sentence), (status, reason, sentence)
