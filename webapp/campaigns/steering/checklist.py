"""What must be right before a campaign is launched: what is wrong blocks it, the rest warns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from webapp.accounts import settings as account_settings
from webapp.campaigns.building.open_hours import account_hours, complaint
from webapp.campaigns.joining import elsewhere
from webapp.campaigns.steps import Version
from webapp.database import Connection
from webapp.leads.contacts import simulated
from webapp.texts.library import body_complaint

#: Carriers block texts with a shortener that anybody can use (Twilio error 30007; CTIA Messaging Principles 2023, 5.3).
_SHORTENERS = re.compile(
    r"\b(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|ow\.ly|is\.gd|buff\.ly|rebrand\.ly|cutt\.ly|shorturl\.at|rb\.gy|t\.ly|"
    r"tiny\.cc|bl\.ink|soo\.gd|s\.id)/",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the checklist. ``step``: its number from 1, where it is about one. ``about``: where the fix is."""

    blocks: bool
    sentence: str
    step: int | None = None
    about: Literal["steps", "audience", "registration", "automation", "account"] = "steps"


def check(conn: Connection, version: Version) -> list[Finding]:
    """Everything that is to be said before a launch, what blocks first."""
    findings = [*_of_steps(version), *_of_hours(conn, version), *_of_audience(conn, version), *_of_account(conn)]
    return sorted(findings, key=lambda finding: not finding.blocks)


def _of_steps(version: Version) -> Iterator[Finding]:
    if not version.steps:
        yield Finding(True, "There is no step yet: write the first text.")
    for number, step in enumerate(version.steps, 1):
        if not step.body.strip():
            yield Finding(True, f"Step {number} says nothing.", number)
        elif wrong := body_complaint(step.body):
            yield Finding(True, f"Step {number}: {wrong}", number)
        if found := _SHORTENERS.search(step.body):
            yield Finding(
                True,
                f"Step {number} has a link of {found[0].rstrip('/')}: carriers block those. Use your own domain.",
                number,
            )


def _of_hours(conn: Connection, version: Version) -> Iterator[Finding]:
    """Hours of the campaign's own in which nothing would ever go: the account's may have changed since."""
    allowed = account_hours(conn)
    windows = [(f"Step {number}", number, step.window) for number, step in enumerate(version.steps, 1)]
    for what, number, window in [("The rules", None, version.rules.window), *windows]:
        if window and (never := complaint(window, allowed)):
            yield Finding(True, f"{what}: {never}", number)


def _of_audience(conn: Connection, version: Version) -> Iterator[Finding]:
    row = conn.execute(
        "SELECT count(*) FROM sms_campaign_enrollments WHERE campaign_id = %s AND status = 'active'",
        [version.campaign_id],
    ).fetchone()
    if not row or not row[0]:
        sentence = "Nobody is enrolled who could be texted: choose leads who have agreed to texts."
        yield Finding(True, sentence, about="audience")
    elif row[0] == elsewhere.counts(conn, version)["skip"]:
        sentence = "Everybody who is enrolled is in another campaign: choose others, or change the rule about that."
        yield Finding(True, sentence, about="audience")


def _of_account(conn: Connection) -> Iterator[Finding]:
    settings = account_settings.load(conn)
    if not simulated() and settings.registration_state in ("pending", "rejected"):
        sentence = (
            f"The carriers' registration is {settings.registration_state}: no live text goes until it is through."
        )
        yield Finding(True, sentence, about="registration")
    if settings.automation_paused:
        sentence = "All automatic texts are paused: nothing goes until they are resumed."
        yield Finding(False, sentence, about="automation")
    if not settings.business_name:
        sentence = "The settings name no business, and the first text must say who writes."
        yield Finding(False, sentence, about="account")
