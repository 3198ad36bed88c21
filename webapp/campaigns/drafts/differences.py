"""What a draft changes: steps added, taken out, moved, retimed, and their words one by one. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.campaigns.building import timeline
from webapp.campaigns.steps import Step, Version
from webapp.texts.diffing import Change, word_diff


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step in the new version, or one that is taken out. Numbers are from 1; None where it is not there.

    ``words``: the way from the old wording to the new. ``when_before`` is empty where the moment stays.
    """

    was: int | None
    is_now: int | None
    words: Sequence[Change]
    when: str
    when_before: str = ""
    moved: bool = False

    @property
    def reworded(self) -> bool:
        """Whether a step that stays says something else."""
        return self.was is not None and self.is_now is not None and any(kind != "same" for kind, _ in self.words)

    @property
    def same(self) -> bool:
        """Whether nothing about it changes but perhaps its number."""
        stays = self.was is not None and self.is_now is not None
        return stays and not (self.reworded or self.when_before or self.moved)


def of_steps(old: Version, new: Version) -> list[StepChange]:
    """All steps of the new version in order, each taken-out one where it stood."""
    before = {step.key: number for number, step in enumerate(old.steps)}
    now = {step.key for step in new.steps}
    staying = _staying([before[step.key] for step in new.steps if step.key in before])
    changes: list[StepChange] = []
    gone = [(number, step) for number, step in enumerate(old.steps) if step.key not in now]
    for number, step in enumerate(new.steps):
        was = before.get(step.key)
        if was is not None and was in staying:
            while gone and gone[0][0] < was:
                changes.append(_gone(*gone.pop(0)))
        changes.append(_new(number, step) if was is None else _kept(old.steps[was], was, step, number, was in staying))
    return [*changes, *(_gone(*each) for each in gone)]


def is_empty(old: Version, new: Version) -> bool:
    """Whether publishing would change nothing."""
    plain = [(step.key, *_moment(step), step.body) for step in old.steps]
    return old.rules == new.rules and plain == [(step.key, *_moment(step), step.body) for step in new.steps]


def _new(number: int, step: Step) -> StepChange:
    return StepChange(None, number + 1, [Change("new", step.body)], timeline.when_words(step, number))


def _gone(number: int, step: Step) -> StepChange:
    return StepChange(number + 1, None, [Change("gone", step.body)], timeline.when_words(step, number))


def _kept(old: Step, was: int, new: Step, number: int, stays: bool) -> StepChange:
    retimed = _moment(old) != _moment(new)
    return StepChange(
        was + 1,
        number + 1,
        word_diff(old.body, new.body),
        timeline.when_words(new, number),
        timeline.when_words(old, was) if retimed else "",
        moved=not stays,
    )


def _moment(step: Step) -> tuple[object, ...]:
    return step.delay_minutes, step.at_local, step.weekdays_only, step.window


def _staying(places: Sequence[int]) -> set[int]:
    """The longest run of places that is still in its old order: whoever is not in it was moved."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for place in places:
        at = bisect_left(tails, place)
        before[place] = tails[at - 1] if at else None
        tails[at : at + 1] = [place]
    staying: set[int] = set()
    last = tails[-1] if tails else None
    while last is not None:
        staying.add(last)
        last = before[last]
    return staying
