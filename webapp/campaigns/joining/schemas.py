"""Enrolling as the API takes and gives it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from webapp.campaigns.joining.elsewhere import Choice
from webapp.campaigns.joining.enrolling import Entry
from webapp.web.fields import Answer, Body, InId


class EnrollIn(Body):
    """Whom to enroll: exactly one of the first three. `elsewhere`: what becomes of leads that are on their way through
    another campaign, if not what the rules say: they are left out, begin once that has ended, are taken out there as
    they begin here, or are in both. A draft keeps it until the launch, where it is asked again."""

    lead_ids: list[InId] | None = Field(default=None, max_length=10_000)
    saved_list_id: InId | None = None
    filter: dict[str, Any] | None = None
    elsewhere: Choice | None = None


class EnrollOut(Answer):
    """How many leads became what; they add up to `total`."""

    total: int
    outcomes: dict[Entry, int]
