"""Tales of one campaign and a few leads: what people, the clock and the carrier do to them, drawn by lot.

The model knows no rule of the engine: it keeps what must not grow, such as what somebody had when they said STOP, and
what a pause found.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.campaigns.support import Campaigns
from tests.campaigns.test_versions import edit, publish
from webapp import clock, database
from webapp.campaigns import breakers, tick
from webapp.campaigns.steering import late, moving
from webapp.campaigns.steering.acts import Act, NotNowError
from webapp.campaigns.steps import Step
from webapp.messaging import applying, claims
from webapp.web.problems import Problem

#: Every step that a version may have, in the one order in which steps ever come. Three are there from the start.
KEYS = [f"step{number}" for number in range(7)]
FAULTS: dict[str, dict[str, Any]] = {
    "no faults": {},
    "taken up, then an error": {"send": {"error_500_after_accept": 0.7}},
    "an error": {"send": {"error_500": 0.7}},
    "too many requests": {"send": {"error_429": 0.7}},
    "no answer": {"send": {"timeout_after_accept": 0.2}},
    "webhooks get lost": {"webhooks": {"lose": 0.6}},
    "webhooks come twice and in any order": {"webhooks": {"double": 0.6, "reorder": 0.6}},
}
#: What a person does about one lead.
ACTS: dict[str, Callable[[Act], object]] = {
    "removed": moving.remove,
    "paused": moving.pause,
    "let on": moving.resume,
    "skipped": moving.skip,
    "moved": lambda act: moving.move(act, 0),
    "sent now": moving.send_now,
    "ended": moving.end,
}


_NEXT = """
SELECT least((SELECT min(next_run_at) FROM sms_campaign_enrollments WHERE status = 'active'),
             (SELECT min(send_after) FROM sms_messages WHERE status = 'held'))
"""
_BUSY = "SELECT count(*) FROM sms_messages WHERE status IN ('queued', 'claimed', 'sending', 'unconfirmed')"


@dataclass
class Story:
    """One lead. ``silenced``: the texts it had when it said STOP. ``stopped_with``: what it had of the campaign when it
    was stopped by an answer or by a person, until a person does something else about it."""

    lead_id: int
    phone: str
    silenced: list[str] | None = None
    stopped_with: list[str] | None = None


@dataclass
class Tale:
    """What happens to one campaign and its leads, and the draft that is being written.

    ``paused_with``: what each phone had of the campaign when that was paused.
    """

    campaigns: Campaigns
    luck: random.Random
    stories: list[Story]
    campaign: int = 0
    stop_on_reply: bool = True
    keys: set[str] = field(default_factory=lambda: set(KEYS[1::2]))
    wordings: Counter[str] = field(default_factory=Counter)
    paused_with: list[list[str]] | None = None

    def happen(self, what: str) -> None:
        if what in FAULTS:
            self.campaigns.world.simulator.set_faults(**FAULTS[what])
        elif what in ACTS:
            self.act(what, self.luck.choice(self.stories))
        else:
            OTHERS[what](self)

    # --- Time and work ------------------------------------------------------------------------------------------------

    def leap(self) -> None:
        self.campaigns.world.move_clock(minutes=self.luck.choice([1, 30, 90, 91, 600, 1440]))
        self.decide()
        self.work()

    def leap_back(self) -> None:
        self.campaigns.world.move_clock(minutes=-self.luck.choice([1, 90, 600]))
        self.decide()

    def decide(self) -> None:
        tick.run()
        with database.transaction() as conn:
            claims.release_due(conn, now=clock.now())

    def work(self) -> None:
        self.campaigns.world.work()
        self.campaigns.world.reconcile()

    def trouble(self) -> None:
        """Texts are on the wire, perhaps in vain, when something else happens."""
        self.happen(self.luck.choice(["taken up, then an error", "an error", "an error", "too many requests"]))
        self.campaigns.world.move_clock(minutes=self.luck.choice([1, 91]))
        self.decide()
        self.campaigns.world.work()
        self.happen(
            self.luck.choice(["pause", "an answer", "a stop", "by hand", "removed", "paused", "moved", "skipped"])
        )
        self.happen("no faults")

    # --- People -------------------------------------------------------------------------------------------------------

    def hear(self, body: str) -> None:
        """It is in its thread before anything else happens, with a webhook or without."""
        world, story = self.campaigns.world, self.luck.choice(self.stories)
        before = len(world.inbound(story.phone))
        world.simulator.person_texts(story.phone, body, to=world.simulator.numbers[0])

        def heard() -> bool:
            applying.apply_due()
            world.sweep()
            return len(world.inbound(story.phone)) > before

        world.until(heard, working=False)
        if body == "STOP" and story.silenced is None:
            story.silenced = world.on_handset(story.phone)
        elif self.stop_on_reply and story.stopped_with is None:
            story.stopped_with = self.texts_to(story)

    def write_by_hand(self) -> None:
        world, story = self.campaigns.world, self.luck.choice(self.stories)
        if story.silenced is None:
            world.say(world.conversation(story.phone), f"Rita {self.luck.random()}")

    def enroll(self) -> None:
        story = self.luck.choice(self.stories)
        self.look_at(story)
        self.campaigns.enroll(self.campaign, [story.lead_id])

    def act(self, what: str, story: Story) -> None:
        """On the lead's newest time in the campaign; it may not fit how the lead stands."""
        row = self.campaigns.world.conn.execute(
            "SELECT max(id) FROM sms_campaign_enrollments WHERE lead_id = %s", [story.lead_id]
        ).fetchone()
        assert row is not None
        self.look_at(story)
        try:
            with database.transaction() as conn:
                ACTS[what](Act(conn, row[0], self.campaigns.actor, clock.now()))
        except NotNowError:
            return
        if what in ("removed", "paused"):
            story.stopped_with = self.texts_to(story)

    def look_at(self, story: Story) -> None:
        """Before somebody does something about this lead."""
        if story.stopped_with is not None:
            assert self.texts_to(story) == story.stopped_with, "nothing goes to who was stopped"
            story.stopped_with = None

    # --- The campaign -------------------------------------------------------------------------------------------------

    def pause(self) -> None:
        if self.paused_with is None:
            self.campaigns.pause(self.campaign)
            self.paused_with = [self.texts_to(story) for story in self.stories]

    def resume(self) -> None:
        if self.paused_with is not None:
            self.settle()
            assert [self.texts_to(story) for story in self.stories] == self.paused_with, (
                "nothing goes from a paused campaign"
            )
            self.paused_with = None
            self.campaigns.resume(self.campaign)

    def steps(self) -> list[Step]:
        return [Step(key, 90, f"{key} {self.wordings[key]}") for key in sorted(self.keys)]

    def write_draft(self) -> None:
        """A step comes in, goes out, or says something else."""
        key = self.luck.choice(KEYS)
        if self.luck.random() < 0.4:
            self.wordings[key] += 1
        elif key not in self.keys:
            self.keys.add(key)
        elif len(self.keys) > 1:
            self.keys.remove(key)
        edit(self.campaigns, self.campaign, *self.steps())

    def publish(self) -> None:
        try:
            publish(self.campaigns, self.campaign, move=self.luck.random() < 0.5)
        except Problem as problem:
            assert problem.status == 409, "there is nothing to publish"

    def stop_wording(self) -> None:
        self.campaigns.world.conn.execute(
            "UPDATE sms_campaign_steps SET paused_because = 'It does badly.' WHERE step_key = %s",
            [self.luck.choice(KEYS)],
        )

    def mend_wordings(self) -> None:
        with database.transaction() as conn:
            for key in KEYS:
                breakers.resume_step(conn, self.campaign, key, self.campaigns.actor, clock.now())

    def send_what_is_late(self) -> None:
        with database.transaction() as conn:
            late.decide(conn, self.campaign, self.campaigns.actor, clock.now(), send=True)

    # --- How it ends --------------------------------------------------------------------------------------------------

    def play_on(self) -> None:
        """Everything that waits for a person gets its yes, and the clock leaps until nothing is due any more."""
        self.campaigns.world.simulator.set_faults()
        self.resume()
        for _ in range(60):
            self.settle()
            self.mend_wordings()
            self.send_what_is_late()
            for story in self.stories:
                if self.campaigns.standing(story.lead_id)[0] == "paused":
                    self.act("let on", story)
            row = self.campaigns.world.conn.execute(_NEXT).fetchone()
            assert row is not None
            if row[0] is None:
                return
            self.campaigns.world.move_clock(seconds=max((row[0] - clock.now()).total_seconds(), 0) + 1)
            self.decide()
        raise AssertionError("it never came to an end")

    def settle(self) -> None:
        """Nothing is on the wire any more, or waits for a worker; what no webhook brought is found."""

        def settled() -> bool:
            self.campaigns.world.reconcile()
            self.campaigns.world.conn.execute("UPDATE sms_messages SET not_before = now() WHERE status = 'queued'")
            return self.campaigns.world.conn.execute(_BUSY).fetchone() == (0,)

        self.campaigns.world.simulator.set_faults()
        self.campaigns.world.until(settled)
        self.campaigns.world.sweep()

    def texts_to(self, story: Story) -> list[str]:
        """Of the campaign."""
        return [body for body in self.campaigns.world.on_handset(story.phone) if body.startswith("step")]


OTHERS: dict[str, Callable[[Tale], None]] = {
    "leap": Tale.leap,
    "leap back": Tale.leap_back,
    "decide": Tale.decide,
    "work": Tale.work,
    "trouble": Tale.trouble,
    "an answer": lambda tale: tale.hear("Sounds good"),
    "a stop": lambda tale: tale.hear("STOP"),
    "by hand": Tale.write_by_hand,
    "enrolled again": Tale.enroll,
    "pause": Tale.pause,
    "resume": Tale.resume,
    "edit": Tale.write_draft,
    "publish": Tale.publish,
    "a wording is stopped": Tale.stop_wording,
    "wordings go on": Tale.mend_wordings,
    "what is late goes": Tale.send_what_is_late,
}
#: How often something happens, where it is not once as often as the rest.
OFTEN = {"leap": 8, "trouble": 6, "decide": 3, "work": 2, "edit": 3, "publish": 3, "enrolled again": 4, "resume": 2}
