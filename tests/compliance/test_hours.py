"""The hours as the gate applies them: laws, policy, the carrier's patience, and places that are stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from webapp.accounts.settings import AccountSettings
from webapp.compliance import hours
from webapp.compliance.decisions import Outcome
from webapp.compliance.facts import Facts
from webapp.models.constants import Reason
from webapp.rules.policy import Change, HoursPolicy

MIAMI = Facts(contact_number_id=1, e164="+13055550128", state="FL")
NOON = datetime(2026, 12, 9, 17, tzinfo=UTC)
DEFAULT = AccountSettings()


def policy(**changes: Change) -> AccountSettings:
    return AccountSettings(hours_policy=HoursPolicy(changes=changes))


def test_inside_every_law_nothing_is_held() -> None:
    assert hours.objection(MIAMI, DEFAULT, NOON) is None


def test_after_hours_it_is_held_by_the_law_that_says_so_with_what_was_known() -> None:
    held = hours.objection(MIAMI, DEFAULT, datetime(2026, 12, 10, 1, 30, tzinfo=UTC))
    assert held is not None
    assert (held.outcome, held.reason, held.rule) == (Outcome.HOLD, Reason.QUIET_HOURS, "quiet hours")
    assert held.until == datetime(2026, 12, 10, 13, tzinfo=UTC)
    assert held.rule_version == "account@08:00-21:00 federal@2026-11-22 FL@2026-11-22"
    assert held.sentence == "Held until 08:00 Thursday in Miami: in Florida texts may go from 08:00 to 20:00."
    assert held.inputs["zones"] == ["America/New_York"]
    assert held.inputs["states"] == ["FL"]


def test_sending_ends_before_the_hours_by_as_long_as_the_carrier_may_keep_a_text() -> None:
    assert hours.objection(MIAMI, DEFAULT, datetime(2026, 12, 10, 0, 54, 59, tzinfo=UTC)) is None
    held = hours.objection(MIAMI, DEFAULT, datetime(2026, 12, 10, 0, 55, tzinfo=UTC))
    assert held is not None
    assert held.until == datetime(2026, 12, 10, 13, tzinfo=UTC)
    assert "the carrier may keep a text 5 minutes" in held.sentence
    assert held.inputs["dispatch_until"] == "2026-12-10T00:55:00+00:00"
    patient = DEFAULT.model_copy(update={"validity_minutes": 1})
    assert hours.objection(MIAMI, patient, datetime(2026, 12, 10, 0, 55, tzinfo=UTC)) is None


def test_a_zip_code_counts_as_the_address_that_it_is() -> None:
    """08:30 in Miami is 07:30 in Pensacola, where the ZIP code says the lead is."""
    morning = datetime(2026, 12, 9, 13, 30, tzinfo=UTC)
    assert hours.objection(MIAMI, DEFAULT, morning) is None
    pensacola = replace(MIAMI, postal_code="32501")
    held = hours.objection(pensacola, DEFAULT, morning)
    assert held is not None
    assert "08:00 Wednesday in Pensacola" in held.sentence
    assert pensacola.place.zones == ("America/Chicago",)


def test_the_accounts_plain_hours_are_part_of_its_policy() -> None:
    late = AccountSettings(quiet_hours_open="13:00", quiet_hours_close="14:00")
    assert hours.objection(MIAMI, late, NOON) is not None
    assert hours.policy_of(late) == hours.policy_of(AccountSettings(**late.model_dump()))


def test_a_stopped_state_holds_without_a_date_and_says_why() -> None:
    stopped = policy(FL=Change(killed=True, killed_because="Hurricane"))
    for held in (hours.objection(MIAMI, stopped, NOON), hours.stopped(MIAMI, stopped, NOON)):
        assert held is not None
        assert (held.outcome, held.reason, held.until) == (Outcome.HOLD, Reason.PAUSED, None)
        assert held.rule == "kill switch"
        assert held.sentence == "Held: texts to Florida are stopped until somebody lifts it (Hurricane)."
    assert hours.stopped(replace(MIAMI, e164="+12145550123", state="TX"), stopped, NOON) is None
    assert hours.stopped(MIAMI, DEFAULT, NOON) is None


def test_hours_that_can_never_be_met_refuse_the_text() -> None:
    narrow = AccountSettings(quiet_hours_open="08:00", quiet_hours_close="08:05")
    refused = hours.objection(MIAMI, narrow, NOON)
    assert refused is not None
    assert (refused.outcome, refused.until) == (Outcome.REFUSE, None)
    assert refused.sentence == "Refused: no opening is long enough, since the carrier may keep a text 5 minutes."
    far = replace(MIAMI, e164="+16715550109", state="NY")
    never = hours.objection(far, AccountSettings(quiet_hours_open="10:00", quiet_hours_close="12:00"), NOON)
    assert never is not None
    assert never.sentence.startswith("Refused: within a year no hour")
