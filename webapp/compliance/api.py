"""JSON doors of the rules: what a text asks of us, and whether the hour is right."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from webapp import clock, database
from webapp.accounts import settings as account_settings
from webapp.accounts.permissions import Permission, requires
from webapp.compliance import hours
from webapp.compliance.optouts import own_words
from webapp.leads.fields import REGION
from webapp.rules import phones, quiet_hours, zones
from webapp.web.fields import Answer, Body, InInstant, OutInstant, Text
from webapp.web.openapi import api_blueprint
from webapp.web.problems import Problem

api = api_blueprint("compliance_api", "Compliance")


class TextToClassify(Body):
    """`context` is the sender's standing: receiving texts, opted out, or asked to confirm."""

    text: str = Field(max_length=10_000)
    context: Literal["subscribed", "opted_out", "pending"] = "subscribed"


class Classification(Answer):
    """What an incoming text asks for. An unsure stop is `stop` with `hold`; `matched` quotes the words that decided."""

    intent: Literal["stop", "start", "help", "none"]
    tier: Literal["keyword", "natural", "none"]
    action: Literal["suppress", "hold", "none"]
    matched: str | None


@api.post("/compliance/classify", responses={200: Classification})
@requires(Permission.SIGNED_IN)
def classify_text(body: TextToClassify) -> Classification:
    """Reads an incoming text for STOP, START and HELP, in the account's own words, too."""
    with database.autocommit() as conn:
        settings = account_settings.load(conn)
    return Classification.model_validate(own_words.classify(body.text, body.context, settings))


class PersonToCheck(Body):
    """A person to text: the phone in any format, what is known of their place, and when (now, where it is left out)."""

    phone: Text = Field(min_length=1, max_length=100)
    state: str | None = Field(default=None, pattern="^[A-Z]{2}$")
    postal_code: Text | None = Field(default=None, max_length=20)
    timezone: Text | None = Field(default=None, max_length=64)
    at: InInstant | None = None


class HoursCheck(Answer):
    """Whether the hour is right in every zone where the person may be; if not, when it next is, and why.

    `dispatch_until`: sending ends here, before the hours do, since the carrier may keep a text for a while.
    """

    allowed: bool
    next_allowed_at: OutInstant | None
    zones: list[str]
    rules: list[str]
    reasons: list[str]
    dispatch_until: OutInstant | None


@api.post("/compliance/check", responses={200: HoursCheck})
@requires(Permission.SIGNED_IN)
def check_hours(body: PersonToCheck) -> HoursCheck:
    """Says whether an automatic text may go by the hour alone: not whether the person agreed or opted out."""
    e164 = _checked(body)
    with database.autocommit() as conn:
        settings = account_settings.load(conn)
    policy = hours.policy_of(settings)
    verdict = quiet_hours.judge(e164, body.state, body.postal_code, body.timezone, policy, body.at or clock.now())
    return HoursCheck(
        allowed=verdict.allowed,
        next_allowed_at=verdict.next_allowed_at,
        zones=list(verdict.place.zones),
        rules=verdict.rules,
        reasons=[reason.text for reason in verdict.reasons],
        dispatch_until=verdict.dispatch_until(hours.guard_of(settings)),
    )


def _checked(person: PersonToCheck) -> str:
    """The phone as E.164. Raises a 422 Problem naming what is no phone, state or zone."""
    parsed = phones.parse(person.phone, REGION)
    wrong = []
    if parsed.e164 is None:
        wrong.append(("phone", parsed.warning or "is not a phone number"))
    if person.state is not None and not zones.is_state(person.state):
        wrong.append(("state", "is not a US state or Canadian province"))
    if person.timezone is not None and not zones.is_zone(person.timezone):
        wrong.append(("timezone", "is not a time zone like America/Chicago"))
    if parsed.e164 is None or wrong:
        raise Problem.invalid(wrong)
    return parsed.e164
