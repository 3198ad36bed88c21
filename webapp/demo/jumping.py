"""Business time jumps to the moment at which a campaign writes its next texts. With the stand-in carrier only.

On the way it stops where other campaigns have something to do, so that none of their steps becomes late, and lets the
tick do its work; the people on the phones answer by themselves from then on. Each look commits by itself.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from webapp import clock, database
from webapp.accounts import settings as account_settings
from webapp.campaigns import tick
from webapp.web.times import rfc3339

#: It goes on by so much at least: other campaigns' texts go that late at most.
_STRIDE = timedelta(hours=1)
#: A jump ends once one in so many leads on the way was written to: a few stragglers are no step.
_ONE_IN = 10
#: The same step is due an hour later one zone further west: what is due so soon belongs to the same jump.
_WAVE = timedelta(hours=3)
_PATIENCE_SECONDS, _CLOCK_SECONDS = 12.0, 2.0
_LOOK_EVERY_SECONDS = 0.1


class CannotJumpError(Exception):
    """Business time stays where it is, or got only so far; ``str()`` says why."""


@dataclass(frozen=True, slots=True)
class Jumped:
    """Business time is ``at``, and the campaign wrote so many texts since it was asked."""

    at: datetime
    texts: int


def jump(simulator_url: str, campaign_id: int) -> Jumped:
    """To the campaign's next texts, past what they have to wait for. Raises CannotJumpError."""
    before, on_the_way = _texts(campaign_id), _on_the_way(campaign_id)
    ends_at = time.monotonic() + _PATIENCE_SECONDS
    _put(f"{simulator_url}/sim/settings", {"personas": True})
    while True:
        obstacle = _obstacle(ends_at)
        due_at, texts = _next_moment(campaign_id), _texts(campaign_id) - before
        if due_at is None:
            obstacle = "Nothing more is due in this campaign."
        elif texts * _ONE_IN >= on_the_way and due_at > clock.now() + _WAVE:
            obstacle = "It has come to the next step."
        if obstacle and texts:
            return Jumped(clock.now(), texts)
        if obstacle or due_at is None:
            raise CannotJumpError(obstacle)
        _move_to(simulator_url, min(due_at, max(_next_of_all() or due_at, clock.now() + _STRIDE)))
        if not tick.run().claimed:
            time.sleep(_LOOK_EVERY_SECONDS)  # somebody else's tick has them


def _obstacle(ends_at: float) -> str:
    """Why business time must not go on now; empty where it may. Waits for texts that are being sent."""
    with database.transaction() as conn:
        if account_settings.load(conn).automation_paused:
            return "All automatic texts are paused. Resume them first."
    if not _until(_all_sent, ends_at - time.monotonic()):
        return "Texts are still on their way. Jump once they have gone."
    return "Nothing was written so far. Jump again." if time.monotonic() > ends_at else ""


def _move_to(simulator_url: str, at: datetime) -> None:
    """Forward only; returns once this process has followed."""
    if at <= clock.now():
        return
    at += timedelta(seconds=1)  # the simulator's API has whole seconds, and the moment must be over
    _put(f"{simulator_url}/sim/clock", {"now": rfc3339(at)})
    if not _until(lambda: clock.now() >= at - timedelta(seconds=1), _CLOCK_SECONDS):
        raise CannotJumpError("Business time does not follow the phones’ clock here.")


def _put(url: str, body: dict[str, object]) -> None:
    request = Request(  # noqa: S310 (the stand-in carrier's own address)
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="PUT"
    )
    try:
        urlopen(request, timeout=5).close()  # noqa: S310
    except (URLError, TimeoutError) as error:
        raise CannotJumpError("The phones do not answer, and they keep the clock.") from error


def _until(holds: Callable[[], bool], seconds: float) -> bool:
    """Waits for it at most so long."""
    ends_at = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > ends_at:
            return False
        time.sleep(_LOOK_EVERY_SECONDS)
    return True


def _all_sent() -> bool:
    """No automatic text is left that the carrier would get at another time than it was decided for."""
    unsent = "SELECT FROM sms_messages WHERE automatic AND status IN ('queued', 'claimed', 'sending')"
    return bool(_one(f"SELECT NOT EXISTS ({unsent})"))


def _texts(campaign_id: int) -> int:
    return int(_one("SELECT count(*) FROM sms_messages WHERE campaign_id = %s AND status <> 'canceled'", campaign_id))


def _on_the_way(campaign_id: int) -> int:
    query = "SELECT count(*) FROM sms_campaign_enrollments WHERE campaign_id = %s AND status = 'active' AND NOT parked"
    return int(_one(query, campaign_id))


def _next_moment(campaign_id: int) -> datetime | None:
    """When the next of its leads is due, in business time."""
    found: datetime | None = _one(f"{_NEXT} AND g.id = %s", campaign_id)
    return found


def _next_of_all() -> datetime | None:
    """The same over all campaigns that run."""
    found: datetime | None = _one(_NEXT)
    return found


_NEXT = """
SELECT min(next_run_at) FROM sms_campaign_enrollments e JOIN sms_campaigns g ON g.id = e.campaign_id
WHERE g.status = 'running' AND e.status = 'active' AND NOT e.parked
"""


def _one(query: str, *values: object) -> Any:  # noqa: ANN401 (whatever the query asks for)
    with database.transaction() as conn:
        row = conn.execute(query, list(values)).fetchone()
    assert row is not None
    return row[0]
