"""Opted out by phone, e-mail, in person or by letter: a person enters it, and ``undoing`` takes it back for a moment.

Any way of telling us counts (47 CFR 64.1200(a)(10)): the ledger keeps who heard it, how, and their note.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from webapp.accounts.actors import Actor
from webapp.compliance.optouts import before, suppressions
from webapp.compliance.optouts.suppressions import Cause
from webapp.database import Connection
from webapp.models.constants import ConsentChannel, SuppressionSource

#: How somebody can have told us, as it stands after "opted out".
METHODS: Final = {
    "phone": "by phone",
    "email": "by e-mail",
    "in_person": "in person",
    "letter": "by letter",
}
NOTE_LENGTH: Final = 300
#: For who enters an opt-out of somebody who is opted out: the ledger has it all the same.
NOTED: Final = "What you entered is in their history."

_CHANNELS: Final = {
    "phone": ConsentChannel.VERBAL,
    "email": ConsentChannel.EMAIL,
    "in_person": ConsentChannel.VERBAL,
    "letter": ConsentChannel.PAPER,
}


def opt_out(conn: Connection, contact_number_id: int, method: str, note: str, *, actor: Actor, now: datetime) -> bool:
    """Suppresses the number; False if it was already. Raises ValueError for a method that is none of ``METHODS``."""
    if method not in METHODS:
        raise ValueError("Say how they told you.")
    note = " ".join(note.split())[:NOTE_LENGTH]
    cause = Cause(
        SuppressionSource.MANUAL,
        f"{METHODS[method]}: {note}" if note else METHODS[method],
        now,
        actor_id=actor.id,
        channel=_CHANNELS[method],
        details={"method": method, "before": before.standing(conn, [contact_number_id])[contact_number_id]},
    )
    return suppressions.suppress(conn, contact_number_id, cause, now=now)
