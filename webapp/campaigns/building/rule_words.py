"""A campaign's rules in one sentence. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from webapp.campaigns.rules import Rules, Senders
from webapp.campaigns.store import Campaign
from webapp.leads.statuses import LABELS


def sentence(rules: Rules, campaign: Campaign, numbers: Mapping[int, str]) -> str:
    """What holds for everybody in it. ``numbers``: our senders by id, as people read them."""
    parts = [_end(rules), _entry(rules), _hours(rules), _sender(rules.senders, numbers), *_company(rules, campaign)]
    return "; ".join(parts) + "."


def _end(rules: Rules) -> str:
    goals = [f"the tag {_any_of(rules.exit_tags)}"] if rules.exit_tags else []
    if rules.exit_statuses:
        goals.append(f"the status {_any_of([LABELS[status] for status in rules.exit_statuses])}")
    if not rules.stop_on_reply:
        return f"Goes on after a reply, until {' or '.join(goals)}" if goals else "Goes on after a reply"
    return (
        f"Stops on a reply, {goals[0]}, or {goals[1]}" if len(goals) > 1 else " or ".join(["Stops on a reply", *goals])
    )


def _entry(rules: Rules) -> str:
    if rules.reentry_days is None:
        return "once a lead"
    return f"again after {_count(rules.reentry_days, 'day')}" if rules.reentry_days else "as often as a lead is put in"


def _hours(rules: Rules) -> str:
    window = f"{rules.window.opens} to {rules.window.closes}" if rules.window else "all sending hours"
    waits = f", {_count(rules.touch_gap_hours, 'hour')} after a colleague wrote" if rules.touch_gap_hours else ""
    return window + waits


def _sender(senders: Senders, numbers: Mapping[int, str]) -> str:
    if senders.choice == "sticky":
        return "from the number that the lead knows"
    named = [numbers.get(number, "a number that is gone") for number in senders.numbers]
    return f"from {named[0]}" if senders.choice == "fixed" else f"from {len(named)} numbers in turn"


_ELSEWHERE = {
    "skip": ["leads in another campaign are left out"],
    "wait": ["leads in another campaign wait until that has ended"],
    "both": [],
}


def _company(rules: Rules, campaign: Campaign) -> list[str]:
    """What is said only where it differs from what one expects."""
    turns = len(rules.assign_to)
    owners = "one person" if turns == 1 else f"{turns} people in turn"
    given = [f"leads that nobody has go to {owners}"] if turns else []
    most = (
        [f"at most {_count(rules.most_a_week, 'automatic text')} to a lead in seven days"] if rules.most_a_week else []
    )
    pace = [f"{campaign.pace_per_hour:,} leads an hour"] if campaign.pace_per_hour else []
    joiners = ["takes whoever joins its list later"] if campaign.takes_joiners else []
    late = [f"asks before a text more than {_count(rules.late_after_hours, 'hour')} late"]
    unusual = late if rules.late_after_hours != Rules().late_after_hours else []
    return [*_ELSEWHERE[rules.one_campaign_at_a_time], *given, *most, *pace, *joiners, *unusual]


def _any_of(words: Sequence[str]) -> str:
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
