"""What keeps automatic texts from a lead, as one SQL expression: the gate's refusals and its wait for a person, in the
gate's order, so that lists can say beforehand how many of them a campaign would text.

``compliance.gate`` decides on each text; a test holds this expression to its answers.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from webapp.leads import contacts
from webapp.leads.filter_values import Bound, Values


class Standing(StrEnum):
    """The first thing that keeps an automatic text from a lead; ``CLEAR`` where nothing does."""

    SIMULATED = "simulated"
    INVALID = "invalid_number"
    OPTED_OUT = "opted_out"
    DNC = "dnc"
    NO_CONSENT = "no_consent"
    DOUBT = "doubt"
    CLEAR = "clear"


#: Each as the rest of "87 …".
WORDS: dict[Standing, str] = {
    Standing.SIMULATED: "from the other side of demo and live",
    Standing.INVALID: "with a number that does not work",
    Standing.OPTED_OUT: "opted out",
    Standing.DNC: "on a do-not-call list",
    Standing.NO_CONSENT: "without consent",
    Standing.DOUBT: "with a probable opt-out to decide",
    Standing.CLEAR: "can be texted",
}


def standing_sql(values: Values, now: datetime) -> str:
    """The standing of a lead's number ``n`` at business time ``now``."""
    at = values(now, "timestamptz")
    agreed = f"(n.consent_at IS NOT NULL AND (n.consent_until IS NULL OR n.consent_until > {at}))"
    return _CASE.format(simulated=values(contacts.simulated(), "boolean"), agreed=agreed)


def standing_is(standing: Standing, bound: Bound) -> str:
    """The condition that a lead ``l`` has this standing."""
    number = "SELECT FROM contact_numbers AS n WHERE n.id = l.contact_number_id"
    return f"EXISTS ({number} AND {standing_sql(bound, bound.now)} = {bound(standing.value, 'text')})"


# A person who sues is left alone whatever is on file; any other list gives way to written consent.
_CASE = """CASE
WHEN n.simulated <> {simulated} THEN 'simulated'
WHEN n.invalid_at IS NOT NULL THEN 'invalid_number'
WHEN n.suppressed_at IS NOT NULL THEN 'opted_out'
WHEN EXISTS (SELECT FROM dnc_entries AS e JOIN dnc_lists AS d ON d.id = e.list_id AND d.active
    WHERE e.e164 = n.e164
      AND (d.kind = 'litigator' OR NOT {agreed} OR n.consent_channel IS NOT DISTINCT FROM 'verbal')) THEN 'dnc'
WHEN NOT {agreed} THEN 'no_consent'
WHEN n.doubt_at IS NOT NULL THEN 'doubt'
ELSE 'clear' END"""
