"""The builder's moves on a draft's steps. Pure: steps in, steps out; each step keeps its key wherever it goes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from webapp.campaigns.rules import Rules
from webapp.campaigns.steps import MOST_STEPS, Step

Steps = tuple[Step, ...]

#: In minutes: between a step put in front of all others and the one that came at once until then.
_DAY = 24 * 60


class GoneError(LookupError):
    """The step is not in the draft any more: somebody took it out meanwhile."""


class OutdatedError(ValueError):
    """Somebody changed meanwhile what was to be changed; nothing was."""


class FullError(ValueError):
    """A campaign has at most ``MOST_STEPS`` steps."""

    def __init__(self) -> None:
        super().__init__(f"A campaign has at most {MOST_STEPS} steps.")


def fingerprint(thing: Step | Rules) -> str:
    """What a form sends back, so that nobody overwrites what they have not read."""
    return hashlib.sha256(repr(thing).encode()).hexdigest()[:16]


def find(steps: Sequence[Step], key: str) -> Step:
    """The step with this key. Raises GoneError."""
    return steps[place(steps, key)]


def place(steps: Sequence[Step], key: str) -> int:
    """Where the step with this key stands, from 0. Raises GoneError."""
    for number, step in enumerate(steps):
        if step.key == key:
            return number
    raise GoneError(key)


def added(steps: Steps, step: Step, after: str) -> Steps:
    """With a step behind the one with the key ``after``; in front of all where that is empty, else at the end.

    Raises FullError.
    """
    if not after:
        return _with(following(steps), 0, step)
    return _with(steps, next((n for n, each in enumerate(steps, 1) if each.key == after), len(steps)), step)


def following(steps: Steps) -> Steps:
    """The same steps, when another one comes in front of them: a first one that came at once comes a day after that.

    One that waited keeps its wait, counted from the new one.
    """
    if not steps or steps[0].delay_minutes:
        return steps
    return (replace(steps[0], delay_minutes=_DAY), *steps[1:])


def changed(steps: Steps, step: Step, seen: str) -> Steps:
    """With another wording of a step, whose fingerprint was ``seen``. Raises GoneError, OutdatedError."""
    number = place(steps, step.key)
    if fingerprint(steps[number]) != seen:
        raise OutdatedError
    return (*steps[:number], step, *steps[number + 1 :])


def moved(steps: Steps, key: str, by: int) -> Steps:
    """With one step so many places further down; it stops at the ends. Raises GoneError."""
    number = place(steps, key)
    rest = (*steps[:number], *steps[number + 1 :])
    target = max(0, min(len(rest), number + by))
    return _begun_as(steps, (*rest[:target], steps[number], *rest[target:]))


def arranged(steps: Steps, keys: Sequence[str]) -> Steps:
    """In the order of these keys. Raises OutdatedError where they are not the draft's own."""
    by_key = {step.key: step for step in steps}
    if sorted(keys) != sorted(by_key):
        raise OutdatedError
    return _begun_as(steps, tuple(by_key[key] for key in keys))


def duplicated(steps: Steps, key: str, copy_key: str) -> Steps:
    """With a copy behind the step. Raises GoneError, FullError."""
    number = place(steps, key)
    return _with(steps, number + 1, replace(steps[number], key=copy_key, paused_because=""))


def without(steps: Steps, key: str) -> Steps:
    """Without the step. Raises GoneError."""
    number = place(steps, key)
    return (*steps[:number], *steps[number + 1 :])


def restored(steps: Steps, step: Step, number: int) -> Steps:
    """With a step that was taken out, where it stood; as they are where it is there. Raises FullError."""
    if any(each.key == step.key for each in steps):
        return steps
    return _with(steps, max(0, min(len(steps), number)), step)


def _begun_as(before: Steps, after: Steps) -> Steps:
    """``after`` in another order than ``before``: where that began at once, so does this, by an exchange of waits.

    Otherwise nobody would hear anything for as long as the step that is first now had waited behind another.
    """
    if not after or after[0].key == before[0].key or before[0].delay_minutes:
        return after
    waits = {after[0].key: 0, before[0].key: after[0].delay_minutes}
    return tuple(replace(step, delay_minutes=waits.get(step.key, step.delay_minutes)) for step in after)


def _with(steps: Steps, number: int, step: Step) -> Steps:
    if len(steps) >= MOST_STEPS:
        raise FullError
    return (*steps[:number], step, *steps[number:])
