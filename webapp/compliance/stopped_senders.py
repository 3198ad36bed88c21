"""Our numbers that were stopped since their texts do badly: nothing automatic goes from one until a person resumes it.

What people write by hand goes. The gate has the word on each text; who stops a number is a room above.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp.accounts import audit
from webapp.accounts.actors import Actor
from webapp.compliance import holds
from webapp.database import Connection
from webapp.models.constants import Reason
from webapp.rules.phones import display


@dataclass(frozen=True, slots=True)
class StoppedSender:
    """One of them: since when (business time), and ``because``, the figures in a sentence."""

    id: int
    e164: str
    label: str
    because: str
    at: datetime

    @property
    def name(self) -> str:
        """As people read it."""
        return f"{self.label}, {display(self.e164)}" if self.label else display(self.e164)

    @property
    def sentence(self) -> str:
        """What is said of everything that waits for it."""
        return f"Held: {display(self.e164)} is stopped. {self.because}"


def all_of_them(conn: Connection) -> list[StoppedSender]:
    """The newest first."""
    with conn.cursor(row_factory=class_row(StoppedSender)) as cursor:
        return cursor.execute(
            """
            SELECT id, e164, label, paused_because AS because, paused_at AS at FROM phone_numbers
            WHERE paused_because <> '' ORDER BY paused_at DESC, id
            """
        ).fetchall()


def sentences(conn: Connection) -> dict[int, str]:
    """By id, why what would go from it waits: what the gate asks."""
    return {sender.id: sender.sentence for sender in all_of_them(conn)}


def stop(conn: Connection, sender_id: int, because: str, judged_to_id: int, now: datetime) -> bool:
    """Stops one; texts up to ``judged_to_id`` are not counted again once it goes on. False where it was stopped before.

    What is queued of it is held at the claim. ``now``: business time.
    """
    stopped = conn.execute(
        """
        UPDATE phone_numbers SET paused_because = %s, paused_at = %s, judged_to_id = %s
        WHERE id = %s AND paused_because = ''
        """,
        [because, now, judged_to_id, sender_id],
    ).rowcount
    if stopped:
        audit.record(conn, None, "sender.stopped", f"phone_number:{sender_id}", because=because)
    return bool(stopped)


def resume(conn: Connection, sender_id: int, actor: Actor) -> bool:
    """Lets it go on; the gate judges each text that waited again. False where it was not stopped."""
    resumed = conn.execute(
        "UPDATE phone_numbers SET paused_because = '', paused_at = NULL WHERE id = %s AND paused_because <> ''",
        [sender_id],
    ).rowcount
    if resumed:
        audit.record(conn, actor.id, "sender.resumed", f"phone_number:{sender_id}")
        holds.release(conn, Reason.BREAKER, sender_id=sender_id)
    return bool(resumed)
