"""A campaign's rules: who may enter again, what ends it, when and from which number it writes."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from webapp.models.constants import LeadStatus

_time_of_day = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)


def _is_time(text: str) -> str:
    if not _time_of_day.fullmatch(text):
        raise ValueError("is no time of day; write it like 09:30")
    return text


#: "09:30": a time of day where the lead is.
TimeOfDay = Annotated[str, AfterValidator(_is_time)]


#: What becomes of a lead that is on its way through another campaign.
Elsewhere = Literal["skip", "wait", "both"]


class Strict(BaseModel):
    """Frozen, so that what is computed for one can be kept; unknown fields are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Window(Strict):
    """The part of each day in which texts go, where the lead is: ``opens`` inclusive, ``closes`` exclusive."""

    opens: TimeOfDay
    closes: TimeOfDay

    @model_validator(mode="after")
    def _has_length(self) -> Window:
        if self.opens >= self.closes:
            raise ValueError("must close later than it opens on the same day")
        return self


class Senders(Strict):
    """Which of our numbers writes: the one that the lead knows, a fixed one, or one of several in turn.

    A lead whom one of ``numbers`` has already written to keeps it.
    """

    choice: Literal["sticky", "fixed", "pool"] = "sticky"
    numbers: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _names_numbers(self) -> Senders:
        wanted = {"sticky": self.numbers == (), "fixed": len(self.numbers) == 1, "pool": len(self.numbers) > 1}
        if not wanted[self.choice]:
            raise ValueError("sticky names no number, fixed names one, pool two or more")
        return self


class Rules(Strict):
    """What holds for every lead on its way through the campaign.

    ``reentry_days``: a lead may enter again so long after its last time ended; None for once only. ``exit_tags`` end it
    when the lead gets one, ``exit_statuses`` when it gets to one. ``touch_gap_hours``: after a colleague wrote by hand
    the next step waits so long. ``late_after_hours``: a step whose moment is longer ago waits for a person.
    ``most_a_week``: while a lead got so many automatic texts in seven days, from any campaign, the next one waits.
    ``one_campaign_at_a_time``: a lead that is on its way through another campaign is left out, begins once that has
    ended, or is in both. ``assign_to``: users who get the leads that nobody has, in turn.
    """

    stop_on_reply: bool = True
    reentry_days: int | None = Field(default=None, ge=0, le=3650)
    exit_tags: tuple[str, ...] = ()
    exit_statuses: tuple[LeadStatus, ...] = ()
    window: Window | None = None
    senders: Senders = Senders()
    touch_gap_hours: int = Field(default=24, ge=0, le=720)
    late_after_hours: int = Field(default=36, ge=1, le=720)
    most_a_week: int | None = Field(default=None, ge=1, le=100)
    one_campaign_at_a_time: Elsewhere = "skip"
    assign_to: tuple[int, ...] = ()

    @cached_property
    def late_after(self) -> timedelta:
        """After so long a step's moment is past."""
        return timedelta(hours=self.late_after_hours)
