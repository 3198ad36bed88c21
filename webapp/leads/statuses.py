"""A lead's status in words: how each is called on pages and in files, and which words of other programs mean it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from webapp.models.constants import LeadStatus

LABELS: Mapping[LeadStatus, str] = {
    LeadStatus.NEW: "New",
    LeadStatus.CONTACTED: "Contacted",
    LeadStatus.INTERESTED: "Interested",
    LeadStatus.APPOINTMENT: "Appointment",
    LeadStatus.CLIENT: "Client",
    LeadStatus.LOST: "Not interested",
}
#: The dot beside the word: those who may become clients, and those who are. The others have a plain one.
DOTS: Mapping[LeadStatus, str] = {
    LeadStatus.INTERESTED: "warn",
    LeadStatus.APPOINTMENT: "warn",
    LeadStatus.CLIENT: "good",
}
USE_ONE = f"Use one of: {', '.join(LABELS.values())}."

#: What other programs call them; words of theirs that may mean either of two are left out.
_ALSO: Mapping[LeadStatus, tuple[str, ...]] = {
    LeadStatus.NEW: ("new lead", "not contacted", "uncontacted", "open", "open not contacted"),
    LeadStatus.CONTACTED: ("attempted to contact", "connected", "in progress", "working", "working contacted"),
    LeadStatus.INTERESTED: ("hot", "warm", "engaged", "qualified", "prospect"),
    LeadStatus.APPOINTMENT: ("appointment set", "appointment booked", "appointment scheduled", "booked", "meeting set"),
    LeadStatus.CLIENT: ("customer", "won", "closed won", "converted", "closed converted", "sold"),
    LeadStatus.LOST: ("closed lost", "closed not converted", "dead", "no interest", "unqualified", "disqualified"),
}
_MEANING = {
    word: status
    for status, label in LABELS.items()
    for word in (str(status), label.casefold(), *_ALSO[status])
}  # fmt: skip


def find(word: str) -> LeadStatus | None:
    """The status that a word means, in any case and however its parts are joined; None for any other word."""
    return _MEANING.get(" ".join(re.findall(r"[^\W_]+", word.casefold())))


def read(value: object) -> LeadStatus:
    """Likewise. Raises ValueError with the words there are."""
    status = find(value) if isinstance(value, str) else None
    if status is None:
        raise ValueError(f"There is no such status. {USE_ONE}")
    return status
