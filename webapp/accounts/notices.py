"""What the owners are told by e-mail: a loosened rule, a re-opt-in, an export, a change of role.

The audit log has the same; where no e-mail server is configured, it alone.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress

from webapp.accounts import mail
from webapp.accounts.mail import Letter
from webapp.config import Settings
from webapp.database import Connection
from webapp.models.constants import Role


def to_owners(conn: Connection, subject: str, body: str) -> list[Letter]:
    """The same letter to every active admin. ``body`` has no text of a lead's, and no whole phone number."""
    rows = conn.execute("SELECT email FROM users WHERE role = %s AND active ORDER BY id", [Role.ADMIN])
    return [Letter(row[0], f"Leadline: {subject}", body.strip() + "\n") for row in rows]


def send_aside(settings: Settings, letters: Sequence[Letter]) -> None:
    """Sends them beside the answer, after the commit of what they tell about. A failure is in the log."""
    if letters and mail.can_send(settings):
        threading.Thread(target=_send, args=(settings, letters), name="leadline: notice").start()


def _send(settings: Settings, letters: Sequence[Letter]) -> None:
    for letter in letters:
        with suppress(mail.MailError):  # which is in the log; the audit log has what the letter says
            mail.send(settings, letter)
