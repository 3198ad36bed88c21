"""The gate's rules that hold a text: until a person decides, or until a time.

What waits for a time that lies outside the sending hours waits until they open: one answer, not two in a row.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from webapp.compliance import hours
from webapp.compliance.asked import CAP_WINDOW, VERSION, Asked, Circumstances, is_answer, wrote_recently
from webapp.compliance.decisions import Decision, Outcome
from webapp.compliance.facts import Facts
from webapp.models.constants import Reason


def _automation_goes_on(_facts: Facts, asked: Asked, around: Circumstances, _now: datetime) -> Decision | None:
    if not asked.automatic or not around.settings.automation_paused:
        return None
    return _hold(Reason.PAUSED, "pause", None, "Held: all automatic texts are paused.")


def _its_sender_goes_on(_facts: Facts, asked: Asked, around: Circumstances, _now: datetime) -> Decision | None:
    """One of our numbers whose texts were filtered, failed or answered by STOP too often writes nothing by itself."""
    sentence = around.stopped_senders.get(asked.sender_id or 0) if asked.automatic else None
    if sentence is None:
        return None
    return _hold(Reason.BREAKER, "sender breaker", None, sentence, sender_id=asked.sender_id)


def _nobody_doubts(facts: Facts, asked: Asked, _around: Circumstances, _now: datetime) -> Decision | None:
    if not asked.automatic or facts.doubt_at is None:
        return None
    why = "Held until a person has decided: this may have been an opt-out"
    sentence = f"{why} (“{facts.doubt_matched}”)." if facts.doubt_matched else f"{why}."
    return _hold(Reason.PROBABLE_OPT_OUT, "probable opt-out", None, sentence, since=facts.doubt_at.isoformat())


def _its_time_has_come(facts: Facts, asked: Asked, around: Circumstances, now: datetime) -> Decision | None:
    if asked.send_at is None or asked.send_at <= now:
        return None
    sentence = "Held until the time that was chosen for it."
    held = _hold(Reason.SCHEDULED, "schedule", asked.send_at, sentence, send_at=asked.send_at.isoformat())
    return _until_open(held, facts, around)


def _below_the_cap(facts: Facts, asked: Asked, around: Circumstances, now: datetime) -> Decision | None:
    """So many solicitations in any 24 hours to one person: the account's number, or a law's where that is less."""
    gone, going = facts.solicited_at, facts.solicitations_now(asked.message_id)
    count = len(gone) + going
    if not count or is_answer(facts, asked, now):
        return None
    cap, law = hours.cap_of(facts, around.settings)
    if count < cap:
        return None
    spent = [*gone, *[now] * going]
    until = spent[count - cap] + CAP_WINDOW
    where = f" in {law.name}" if law else ""
    sentence = f"Held: this person got {count} texts in the last 24 hours, and {cap} are the most{where}."
    inputs = {"cap": cap, "law": law and f"{law.id}@{law.version}", "sent": [at.isoformat() for at in gone]}
    return _until_open(_hold(Reason.CAP, "texts to one person", until, sentence, **inputs), facts, around)


def _lane_is_free(facts: Facts, asked: Asked, around: Circumstances, now: datetime) -> Decision | None:
    """One automation lane a person: a gap between any two automatic texts, whichever campaigns send them."""
    minutes = around.settings.lane_gap_minutes
    if not asked.automatic or not minutes:
        return None
    newest = now if facts.automatic_now(asked.message_id) else facts.last_automatic_at
    if newest is None:
        return None
    gap = timedelta(minutes=minutes)
    if newest + gap <= now:
        return None
    sentence = f"Held: automatic texts to one person are at least {minutes} minutes apart."
    held = _hold(Reason.LANE, "gap", newest + gap, sentence, gap_minutes=minutes, newest=newest.isoformat())
    return _until_open(held, facts, around)


def below_the_volume(facts: Facts, asked: Asked, around: Circumstances, now: datetime) -> Decision | None:
    """The caps of sender, account and brand: what one hour or day may carry."""
    if around.usage is None or asked.sender_id is None or is_answer(facts, asked, now):
        return None
    full = around.usage.full(asked.sender_id, asked.segments, around.settings)
    if full is None:
        return None
    sentence = f"Held: the cap of {full.limit} {full.name} is used up."
    return _until_open(_hold(Reason.CAP, full.name, full.until, sentence, limit=full.limit), facts, around)


def _its_place_is_not_stopped(facts: Facts, _asked: Asked, around: Circumstances, now: datetime) -> Decision | None:
    """A kill switch holds everything, an answer too (Louisiana: while the PSC reports an emergency)."""
    return hours.stopped(facts, around.settings, now)


def _inside_the_hours(facts: Facts, asked: Asked, around: Circumstances, now: datetime) -> Decision | None:
    if not asked.automatic and wrote_recently(facts, now, around.reply_exemption):
        return None
    return hours.objection(facts, around.settings, now)


def _hold(reason: Reason, rule: str, until: datetime | None, sentence: str, **inputs: object) -> Decision:
    return Decision(
        Outcome.HOLD,
        rule=rule,
        rule_version=VERSION,
        reason=reason,
        until=until,
        sentence=sentence,
        inputs=dict(inputs),
    )


def _until_open(held: Decision, facts: Facts, around: Circumstances) -> Decision:
    """The same wait, until the sending hours that come after it."""
    assert held.until is not None
    closed = hours.objection(facts, around.settings, held.until)
    if closed is None or closed.until is None:
        return held
    return held._replace(until=closed.until, sentence=f"{held.sentence} {closed.sentence}")


#: In this order: what only a person ends, then the longest waits, the hours last.
WAITS = (
    _automation_goes_on,
    _its_sender_goes_on,
    _nobody_doubts,
    _its_place_is_not_stopped,
    _its_time_has_come,
    _inside_the_hours,
    _below_the_cap,
    _lane_is_free,
    below_the_volume,
)
