"""Opt-outs and consents in words: for sentences, and for the pages' tables."""

from __future__ import annotations

from webapp.leads.consents import consent_words
from webapp.models.constants import ConsentEvent, SuppressionSource

_SOURCES = {
    SuppressionSource.KEYWORD: "Texted the word",
    SuppressionSource.NATURAL: "Said so in a text",
    SuppressionSource.WRONG_NUMBER: "Wrong number",
    SuppressionSource.CARRIER: "Reported by the carrier",
    SuppressionSource.MANUAL: "Told us",
    SuppressionSource.IMPORT: "On an imported opt-out list",
    SuppressionSource.ERASURE: "Had their data deleted",
}


def describe(source: str | None, matched: str | None) -> str:
    """Who stopped the texts, in a few words for a sentence."""
    match source:
        case SuppressionSource.KEYWORD:
            return f"the lead texted “{matched}”"
        case SuppressionSource.NATURAL:
            return f"the lead wrote “{matched}”"
        case SuppressionSource.WRONG_NUMBER:
            return "the number belongs to somebody else"
        case SuppressionSource.CARRIER:
            return "the carrier reports that the lead opted out"
        case SuppressionSource.IMPORT:
            return "the number is on an imported opt-out list"
        case SuppressionSource.ERASURE:
            return "the person had their data deleted"
        case _:
            return f"the lead opted out ({matched})" if matched else "the lead opted out"


def source_words(source: str | None) -> str:
    """How a consent or an opt-out came, for a table. What no list knows is shown as it was written."""
    known = _SOURCES.get(SuppressionSource(source)) if source in set(SuppressionSource) else None
    return known or consent_words(source)


def event_words(event: str, details: dict[str, object]) -> str:
    """What a row of the consent ledger says happened."""
    if "undoes" in details:
        return "Opt-out taken back"
    if "re_opt_in" in details:
        return "Agreed again"
    if details.get("waits_for_confirmation"):
        return "Signed up, and was asked to confirm"
    return {ConsentEvent.OPT_IN: "Agreed", ConsentEvent.OPT_OUT: "Opted out", ConsentEvent.RECONFIRM: "Confirmed"}[
        ConsentEvent(event)
    ]
