"""What a person does with one lead's way through a campaign: move, skip, remove, pause, resume, end, send.

Each is an act of ``acts``: it first takes back what has been decided on but has not gone, writes why into the ledger,
and leaves the commit to the door. One that does not fit how the lead stands by now raises NotNowError.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from webapp.campaigns import engine, timing
from webapp.campaigns.steering import acts
from webapp.campaigns.steering.acts import Act, NotNowError
from webapp.campaigns.store import Campaign
from webapp.models.constants import CampaignStatus, EndReason, EnrollmentStatus, Reason

#: How the sentence of an enrollment begins that a person has ended after an answer, and what it says before.
ENDED = "Ended"
ANSWERED = "Stopped: the lead has answered."
_LIVE = frozenset({EnrollmentStatus.ACTIVE, EnrollmentStatus.PAUSED})


def demand_open(campaign: Campaign) -> None:
    """Raises NotNowError where nothing goes on in the campaign any more."""
    if campaign.status in (CampaignStatus.FINISHED, CampaignStatus.ARCHIVED):
        raise NotNowError(f"The campaign is {campaign.status}: nothing goes on in it.")


def move(act: Act, position: int) -> None:
    """To the step at ``position``, from 0, which is due now; a step that the lead has had may be said once more."""
    place, version = acts.take(act)
    if place.lead_id is None:
        raise NotNowError("This lead was deleted.")
    if not 0 <= position < len(version.steps):
        raise NotNowError("There is no such step in the version that this lead follows.")
    sentence = f"{act.actor.name} moved the lead to step {position + 1}."
    acts.put(act, EnrollmentStatus.ACTIVE, position, act.now, visits=1)
    moved = engine.held("person", Reason.SCHEDULED, sentence, act.now)
    acts.note(act, place, "enrollment.moved", moved, version, position)


def skip(act: Act) -> None:
    """Leaves the next step out. The one after it is due as if this one had gone now; after the last it is over."""
    place, version = acts.take(act)
    acts.demand(place, _LIVE, version)
    following = version.steps[place.position + 1 :]
    at = timing.due(following[0], act.now, acts.zone_of(act, place)) if following else None
    at = max(at, place.not_before) if at and place.not_before else at
    status = place.status if following else EnrollmentStatus.COMPLETED
    acts.put(act, status, place.position + 1, at, not_before=place.not_before)
    sentence = f"Skipped: {act.actor.name} left this step out."
    acts.note(act, place, "enrollment.skipped", engine.skipped("person", sentence), version, place.position)


def remove(act: Act) -> None:
    """Nothing more goes to this lead from this campaign. The moment of its next step is kept, for coming back."""
    place, version = acts.take(act)
    acts.demand(place, _LIVE)
    sentence = f"Stopped: {act.actor.name} took the lead out."
    acts.stop(act, place, EndReason.REMOVED, sentence, place.next_run_at)
    acts.note(act, place, "enrollment.removed", engine.skipped("person", sentence), version, place.position)


def pause(act: Act) -> None:
    """This one lead waits where it stands, and keeps the moment of its next step."""
    place, version = acts.take(act)
    acts.demand(place, {EnrollmentStatus.ACTIVE})
    sentence = f"Held: {act.actor.name} paused this lead."
    kept = place.next_run_at, place.not_before
    acts.put(act, EnrollmentStatus.PAUSED, place.position, kept[0], not_before=kept[1], sentence=sentence)
    paused = engine.held("person", Reason.PAUSED, sentence, None)
    acts.note(act, place, "enrollment.paused", paused, version, place.position)


def resume(act: Act, *, in_days: int = 0) -> datetime:
    """Goes on with the next step in so many days, or when it was due anyway. Returns when (business time).

    For a lead that was paused, has answered, was taken out, or was set aside for an error. A day that was chosen stays:
    a new version, or whatever else times the lead anew, does not go before it.
    """
    place, version = acts.take(act)
    acts.demand(place, {EnrollmentStatus.PAUSED, EnrollmentStatus.STOPPED, EnrollmentStatus.FAILED}, version)
    if place.lead_id is None:
        raise NotNowError("This lead was deleted.")
    kept = None if place.status == EnrollmentStatus.FAILED else place.next_run_at
    at = max(kept or act.now, act.now + timedelta(days=in_days))
    acts.put(act, EnrollmentStatus.ACTIVE, place.position, at, not_before=at if in_days else kept and place.not_before)
    sentence = f"{act.actor.name} let it go on."
    resumed = engine.held("person", Reason.SCHEDULED, sentence, at)
    acts.note(act, place, "enrollment.resumed", resumed, version, place.position)
    return at


def end(act: Act) -> None:
    """It stays stopped by the lead's answer, and nobody is asked about it any more."""
    place, version = acts.take(act)
    if (place.status, place.reason) != (EnrollmentStatus.STOPPED, EndReason.REPLIED):
        raise NotNowError("This lead is not stopped by an answer any more.")
    sentence = f"{ENDED} by {act.actor.name} after an answer."
    acts.stop(act, place, EndReason.REPLIED, sentence)
    acts.note(act, place, "enrollment.ended", engine.skipped("person", sentence), version, place.position)


def ask_again(act: Act) -> None:
    """Takes back what was decided after an answer: it is stopped by it, and somebody is asked."""
    place, version = acts.take(act)
    ended = (place.status, place.reason) == (EnrollmentStatus.STOPPED, EndReason.REPLIED)
    if not ended and place.status != EnrollmentStatus.ACTIVE:
        raise NotNowError(f"This lead is {place.status} by now.")
    acts.stop(act, place, EndReason.REPLIED, ANSWERED)
    acts.note(act, place, "enrollment.asked", engine.skipped("person", ANSWERED), version, place.position)


def send_now(act: Act) -> None:
    """A step that is late goes after all, as soon as the rules allow; or one that waits goes before its time."""
    place, version = acts.take(act)
    acts.demand(place, {EnrollmentStatus.ACTIVE}, version)
    acts.put(act, EnrollmentStatus.ACTIVE, place.position, act.now)
    hurried = engine.held("person", Reason.SCHEDULED, f"{act.actor.name} decided that it goes now.", act.now)
    acts.note(act, place, "enrollment.hurried", hurried, version, place.position)
