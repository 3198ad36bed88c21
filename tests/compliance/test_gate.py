"""The gate: a pure judgement, the first rule that objects has the word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from webapp.accounts.settings import AccountSettings
from webapp.compliance import gate
from webapp.compliance.decisions import Decision
from webapp.compliance.facts import Facts
from webapp.compliance.usage import Usage
from webapp.models.constants import Origin
from webapp.rules.policy import HoursPolicy

NOON = datetime(2026, 12, 9, 18, 0, tzinfo=UTC)  # noon in Austin
NIGHT = datetime(2026, 12, 10, 4, 0, tzinfo=UTC)  # 22:00 there
AROUND = gate.Circumstances(AccountSettings(), simulated=False)
LEAD = Facts(
    contact_number_id=1, e164="+15125550100", consent_at=NOON - timedelta(days=3), consent_channel="web", state="TX"
)


def judge(facts: Facts = LEAD, now: datetime = NOON, around: gate.Circumstances = AROUND, **asked: object) -> Decision:
    given: dict[str, object] = {"origin": Origin.MANUAL, "automatic": False, "asked_at": now} | asked
    return gate.judge(facts, gate.Asked(**given), around, now)  # type: ignore[arg-type]


def with_settings(**changed: object) -> gate.Circumstances:
    return gate.Circumstances(AccountSettings.model_validate(changed), simulated=False)


def test_a_text_to_somebody_who_agreed_goes_at_noon() -> None:
    assert judge().outcome == "allow"


def test_at_night_it_is_held_until_the_morning_where_the_lead_is() -> None:
    decision = judge(now=NIGHT)
    assert (decision.outcome, decision.reason) == ("hold", "quiet_hours")
    assert decision.until == datetime(2026, 12, 10, 15, 0, tzinfo=UTC)
    assert decision.sentence == "Held until 09:00 Thursday in Dallas: in Texas texts may go from 09:00 to 21:00."


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


def test_implied_consent_ends_on_its_day() -> None:
    bought = replace(LEAD, consent_until=NOON + timedelta(seconds=1))
    assert judge(bought).outcome == "allow"
    lapsed = judge(replace(LEAD, consent_until=NOON))
    assert (lapsed.outcome, lapsed.reason) == ("refuse", "no_consent")
    assert lapsed.sentence == "Refused: this person's implied consent ended on 9 Dec 2026."


@pytest.mark.parametrize("kind", ["national", "state"])
def test_a_do_not_call_list_binds_where_no_written_consent_is_on_file(kind: str) -> None:
    listed = replace(LEAD, dnc=(kind,))
    assert judge(listed).outcome == "allow"
    assert judge(replace(listed, consent_channel="verbal")).reason == "dnc"
    assert judge(replace(listed, consent_at=None)).reason == "dnc"
    wrote = replace(listed, consent_at=None, last_inbound_at=NOON - timedelta(hours=1))
    assert judge(wrote).outcome == "allow"
    assert judge(wrote, automatic=True).reason == "dnc"


def test_people_who_sue_get_nothing_whatever_is_on_file() -> None:
    assert judge(replace(LEAD, dnc=("litigator",))).reason == "dnc"


def test_the_pause_holds_automatic_texts_without_a_date_and_no_others() -> None:
    paused = with_settings(automation_paused=True)
    held = judge(around=paused, automatic=True)
    assert (held.outcome, held.reason, held.until) == ("hold", "paused", None)
    assert judge(around=paused).outcome == "allow"


def test_a_probable_opt_out_holds_automatic_texts_until_a_person_decides() -> None:
    doubted = replace(LEAD, doubt_at=NOON, doubt_matched="enough already")
    held = judge(doubted, automatic=True)
    assert (held.outcome, held.reason, held.until) == ("hold", "probable_opt_out", None)
    assert "“enough already”" in held.sentence
    assert judge(doubted).outcome == "allow"


@pytest.mark.parametrize(("state", "outcome"), [("unknown", "allow"), ("approved", "allow"), ("pending", "refuse")])
def test_live_texts_wait_for_the_carriers_review(state: str, outcome: str) -> None:
    assert judge(around=with_settings(registration_state=state)).outcome == outcome
    demo = gate.Circumstances(AccountSettings.model_validate({"registration_state": state}), simulated=True)
    assert judge(replace(LEAD, simulated=True), around=demo).outcome == "allow"


def test_the_fourth_text_in_a_day_waits_until_the_first_is_a_day_old() -> None:
    gone = tuple(NOON - timedelta(hours=hours) for hours in (2, 1, 0.5))
    held = judge(replace(LEAD, solicited_at=gone))
    assert (held.outcome, held.reason) == ("hold", "cap")
    assert held.until == NOON + timedelta(hours=22)
    assert judge(replace(LEAD, solicited_at=gone[1:])).outcome == "allow"


def test_where_a_law_allows_fewer_in_a_day_than_the_account_the_law_has_the_word() -> None:
    generous = with_settings(cap_per_lead=10)
    busy = replace(LEAD, solicited_at=tuple(NOON - timedelta(hours=hours) for hours in (3, 2, 1)))
    assert judge(busy, around=generous).outcome == "allow"
    held = judge(replace(busy, state="FL"), around=generous)
    assert (held.reason, held.until) == ("cap", NOON + timedelta(hours=21))
    assert "3 are the most in Florida" in held.sentence
    assert str(held.inputs["law"]).startswith("FL@")
    strict = with_settings(cap_per_lead=2)
    assert "2 are the most." in judge(replace(busy, state="FL"), around=strict).sentence


def test_a_law_that_an_admin_has_switched_off_caps_nothing() -> None:
    policy = HoursPolicy.model_validate({"changes": {"FL": {"enforced": False}}})
    busy = replace(LEAD, state="FL", solicited_at=tuple(NOON - timedelta(hours=hours) for hours in (3, 2, 1)))
    assert judge(busy, around=with_settings(cap_per_lead=10, hours_policy=policy)).outcome == "allow"


def test_what_is_on_its_way_counts_as_gone() -> None:
    busy = replace(LEAD, solicited_at=(NOON - timedelta(hours=1),), solicitations_on_the_way=1)
    assert judge(busy).outcome == "allow"
    assert judge(replace(busy, solicitations_ahead=(7,))).reason == "cap"
    assert judge(replace(busy, solicitations_ahead=(7,)), message_id=7).outcome == "allow"
    assert judge(replace(busy, solicitations_ahead=(7, 8)), message_id=8).reason == "cap"


def test_a_person_may_answer_whoever_wrote_within_the_day_beyond_the_cap() -> None:
    talking = replace(
        LEAD,
        solicited_at=tuple(NOON - timedelta(hours=hours) for hours in (3, 2, 1)),
        last_inbound_at=NOON - timedelta(minutes=40),
    )
    assert judge(talking).outcome == "allow"
    assert judge(talking, automatic=True).reason == "cap"
    answer = gate.Asked(Origin.MANUAL, automatic=False, asked_at=NOON)
    assert not gate.is_solicitation(talking, answer, NOON)
    assert gate.is_solicitation(replace(talking, last_inbound_at=None), answer, NOON)


def test_an_answer_within_minutes_is_allowed_and_says_so() -> None:
    decision = judge(replace(LEAD, last_inbound_at=NIGHT - timedelta(minutes=5)), NIGHT)
    assert (decision.rule, decision.sentence) == (
        "reply",
        "Allowed: a person's answer within minutes of the lead's own text.",
    )


def test_automatic_texts_to_one_person_keep_their_distance() -> None:
    lately = replace(LEAD, last_automatic_at=NOON - timedelta(minutes=4))
    held = judge(lately, automatic=True)
    assert (held.reason, held.until) == ("lane", NOON + timedelta(minutes=6))
    assert judge(lately).outcome == "allow"
    assert judge(replace(LEAD, last_automatic_at=NOON - timedelta(minutes=10)), automatic=True).outcome == "allow"
    assert judge(replace(LEAD, automatic_on_the_way=1), automatic=True).until == NOON + timedelta(minutes=10)


def test_a_wait_that_ends_at_night_lasts_until_the_morning() -> None:
    gone = tuple(
        NOON - timedelta(hours=hours) for hours in (16, 15, 14)
    )  # free again at 20:00 in Austin, then at 21:00
    free = judge(replace(LEAD, solicited_at=gone))
    assert free.until == NOON + timedelta(hours=8)
    late = judge(replace(LEAD, solicited_at=tuple(at + timedelta(hours=2) for at in gone)))
    assert late.until is not None
    assert judge(LEAD, late.until).outcome == "allow"
    assert judge(LEAD, late.until - timedelta(seconds=1)).reason == "quiet_hours"


def test_the_hours_volume_is_a_cap_on_each_number_and_on_all() -> None:
    full = Usage(NOON + timedelta(minutes=10), NOON + timedelta(hours=6), NOON + timedelta(hours=9), {1: 5, 2: 4})
    around = replace(with_settings(cap_sender_hour=5), usage=full)
    held = judge(around=around, sender_id=1)
    assert (held.reason, held.until) == ("cap", NOON + timedelta(minutes=10))
    assert judge(around=around, sender_id=2).outcome == "allow"
    assert judge(around=replace(with_settings(cap_account_hour=9), usage=full), sender_id=2).reason == "cap"
    wrote = replace(LEAD, last_inbound_at=NOON)
    assert judge(wrote, around=around, sender_id=1).outcome == "allow"


def test_a_stopped_number_writes_nothing_by_itself_and_others_do() -> None:
    said = "Held: (512) 555-0100 is stopped. 6 of its last 20 texts failed; 30% is the limit."
    around = replace(AROUND, stopped_senders={1: said})
    held = judge(around=around, sender_id=1, automatic=True)
    assert (held.outcome, held.reason, held.until, held.sentence) == ("hold", "breaker", None, said)
    assert judge(around=around, sender_id=1).outcome == "allow"
    assert judge(around=around, sender_id=2, automatic=True).outcome == "allow"
    assert judge(around=around, sender_id=1, automatic=True, origin=Origin.CONFIRMATION).outcome == "allow"
    opted_out = replace(LEAD, suppressed_at=NOON)
    assert judge(opted_out, around=around, sender_id=1, automatic=True).reason == "opted_out"


def test_every_answer_of_the_gate_has_rule_version_and_sentence() -> None:
    answers = [
        judge(),
        judge(now=NIGHT),
        judge(replace(LEAD, suppressed_at=NOON)),
        judge(replace(LEAD, consent_at=None)),
        judge(replace(LEAD, doubt_at=NOON), automatic=True),
        judge(replace(LEAD, last_automatic_at=NOON), automatic=True),
    ]
    for answer in answers:
        assert answer.rule
        assert answer.rule_version
        assert answer.sentence.endswith(".")
        assert (answer.reason is None) == (answer.outcome == "allow")
