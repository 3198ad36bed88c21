"""The gate: a pure judgement, the first rule that objects has the word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from webapp.accounts.settings import AccountSettings
from webapp.compliance import gate
from webapp.compliance.decisions import Decision
from webapp.compliance.facts import Facts
from webapp.models.constants import Origin

NOON = datetime(2026, 12, 9, 18, 0, tzinfo=UTC)  # noon in Austin
NIGHT = datetime(2026, 12, 10, 4, 0, tzinfo=UTC)  # 22:00 there
AROUND = gate.Circumstances(AccountSettings(), simulated=False)
LEAD = Facts(
    contact_number_id=1,
    e164="+15125550100",
    suppressed_at=None,
    suppression_source=None,
    suppression_reason=None,
    invalid_at=None,
    invalid_reason=None,
    consent_at=NOON - timedelta(days=3),
    last_inbound_at=None,
    simulated=False,
    state="TX",
    postal_code=None,
    timezone=None,
)


def judge(facts: Facts = LEAD, now: datetime = NOON, **asked: object) -> Decision:
    given: dict[str, object] = {"origin": Origin.MANUAL, "automatic": False, "asked_at": now} | asked
    return gate.judge(facts, gate.Asked(**given), AROUND, now)  # type: ignore[arg-type]


def test_a_text_to_somebody_who_agreed_goes_at_noon() -> None:
    assert judge().outcome == "allow"


def test_at_night_it_is_held_until_the_morning_where_the_lead_is() -> None:
    decision = judge(now=NIGHT)
    assert (decision.outcome, decision.reason) == ("hold", "quiet_hours")
    assert decision.until == datetime(2026, 12, 10, 14, 0, tzinfo=UTC)
    assert decision.sentence.startswith("Held until 08:00 on Thursday in Chicago")


def test_a_person_may_answer_within_minutes_whatever_the_hour() -> None:
    awake = replace(LEAD, last_inbound_at=NIGHT - timedelta(minutes=14))
    assert judge(awake, NIGHT).outcome == "allow"
    assert judge(awake, NIGHT, automatic=True).outcome == "hold"
    assert judge(replace(awake, last_inbound_at=NIGHT - timedelta(minutes=16)), NIGHT).outcome == "hold"


def test_a_suppressed_number_gets_nothing_whoever_asks() -> None:
    stopped = replace(LEAD, suppressed_at=NOON, suppression_source="keyword", suppression_reason="stop")
    for origin in (Origin.MANUAL, Origin.API, Origin.CAMPAIGN):
        assert judge(stopped, origin=origin, automatic=origin is Origin.CAMPAIGN).reason == "opted_out"


def test_without_consent_only_an_answer_by_hand_may_go() -> None:
    stranger = replace(LEAD, consent_at=None)
    assert judge(stranger).reason == "no_consent"
    wrote = replace(stranger, last_inbound_at=NOON - timedelta(hours=71))
    assert judge(wrote).outcome == "allow"
    assert judge(wrote, automatic=True).reason == "no_consent"
    assert judge(replace(wrote, last_inbound_at=NOON - timedelta(hours=73))).reason == "no_consent"


def test_demo_and_live_never_mix() -> None:
    assert judge(replace(LEAD, simulated=True)).reason == "simulated"


def test_a_number_out_of_use_is_refused() -> None:
    assert judge(replace(LEAD, invalid_at=NOON, invalid_reason="gone")).reason == "invalid_number"


def test_a_chosen_time_is_waited_for() -> None:
    later = NOON + timedelta(hours=1)
    decision = judge(send_at=later)
    assert (decision.outcome, decision.reason, decision.until) == ("hold", "scheduled", later)


@pytest.mark.parametrize(("minutes", "outcome"), [(0, "allow"), (5, "allow"), (6, "refuse")])
def test_a_confirmation_goes_within_five_minutes_or_not_at_all(minutes: int, outcome: str) -> None:
    stopped = replace(LEAD, suppressed_at=NIGHT)
    asked_at = NIGHT - timedelta(minutes=minutes)
    assert judge(stopped, NIGHT, origin=Origin.CONFIRMATION, automatic=True, asked_at=asked_at).outcome == outcome
