"""A campaign's steps as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from webapp.campaigns.rule_schemas import InTimeOfDay, WindowIn, WindowOut, window_of
from webapp.campaigns.steps import LONGEST_DELAY_MINUTES, MOST_STEPS, Step, Version, new_key
from webapp.carrier.segments import LONGEST_BODY
from webapp.texts.library import body_complaint
from webapp.web.fields import Answer, Body, ListAnswer, ListBody, Text
from webapp.web.problems import Problem


def _sayable(body: str) -> str:
    if complaint := body_complaint(body):
        raise ValueError(complaint)
    return body


class StepIn(Body):
    """A step. `step_key` is a known step's, kept through edits; without it the step is new. `delay_minutes` after the
    step before, or after enrolling. With `at_local` at that time of day where the lead is: after whole days (1440) so
    many calendar days later, after any other delay the next one."""

    step_key: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,64}$")] | None = None
    delay_minutes: int = Field(default=0, ge=0, le=LONGEST_DELAY_MINUTES)
    body: Annotated[Text, Field(min_length=1, max_length=LONGEST_BODY), AfterValidator(_sayable)]
    at_local: InTimeOfDay | None = None
    weekdays_only: bool = False
    send_window: WindowIn | None = None


class StepOut(Answer):
    step_key: str
    delay_minutes: int
    body: str
    at_local: str | None
    weekdays_only: bool
    send_window: WindowOut | None


class StepsIn(ListBody[StepIn]):
    """All steps, in order."""


class StepsOut(ListAnswer[StepOut]):
    """All steps, in order."""


def steps_of(given: list[StepIn]) -> list[Step]:
    """The steps as the room keeps them. Raises a 422 Problem naming the field."""
    if len(given) > MOST_STEPS:
        raise Problem.invalid([("steps", f"a campaign has at most {MOST_STEPS} steps")])
    keys = [one.step_key for one in given]
    doubled = [number for number, key in enumerate(keys) if key is not None and key in keys[:number]]
    if doubled:
        raise Problem.invalid((f"{number}.step_key", f"{keys[number]} is given twice") for number in doubled)
    return [_step(number, one) for number, one in enumerate(given)]


def _step(number: int, given: StepIn) -> Step:
    window = window_of(given.send_window, f"{number}.send_window")
    return Step(
        given.step_key or new_key(), given.delay_minutes, given.body, given.at_local, given.weekdays_only, window
    )


def steps_out(version: Version) -> StepsOut:
    """The steps of ``version`` as the API shows them."""
    return StepsOut.model_validate(
        [
            {
                "step_key": step.key,
                "delay_minutes": step.delay_minutes,
                "body": step.body,
                "at_local": step.at_local,
                "weekdays_only": step.weekdays_only,
                "send_window": step.window.model_dump() if step.window else None,
            }
            for step in version.steps
        ]
    )
