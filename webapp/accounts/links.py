"""Links that let a person set a password: signed, for a while, and once.

Nothing is stored. A link carries the person's session epoch and a trace of their password hash; setting a password
changes both, so that the link, and every other one sent before, is spent.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum

from itsdangerous import BadData, URLSafeTimedSerializer

from webapp.accounts import users
from webapp.accounts.users import Person
from webapp.database import Connection
from webapp.web.problems import Problem

_HOUR, _DAY = 3600, 86400
_TRACE_CHARACTERS = 16


class Purpose(StrEnum):
    RESET = "reset"
    INVITATION = "invitation"


#: How long a link works, in seconds and in words.
LIFETIMES = {Purpose.RESET: (_HOUR, "1 hour"), Purpose.INVITATION: (7 * _DAY, "7 days")}


def make(secret: str, purpose: Purpose, person: Person) -> str:
    """The token of a link for ``person``; ``secret`` is the application's own."""
    return _serializer(secret, purpose).dumps([person.id, person.session_epoch, _trace(person)])


def read(conn: Connection, secret: str, purpose: Purpose, token: str) -> Person | None:
    """The active person whom a link is for; None when it is spent, too old, or not ours."""
    try:
        user_id, epoch, trace = _serializer(secret, purpose).loads(token, max_age=LIFETIMES[purpose][0])
        person = users.get(conn, user_id)
    except (BadData, ValueError, Problem):
        return None
    stands = person.active and person.session_epoch == epoch and _trace(person) == trace
    return person if stands else None


def _serializer(secret: str, purpose: Purpose) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=f"leadline {purpose}")


def _trace(person: Person) -> str:
    return hashlib.sha256((person.password_hash or "").encode()).hexdigest()[:_TRACE_CHARACTERS]
