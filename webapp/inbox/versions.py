"""What an unchanged poll costs: one query, which also asks whether the session still counts.

A version is a number from one sequence, raised by every change that a page shows. Sequence values do not commit in
order, so the highest alone could hide a change that commits late: the list's fingerprint takes the twenty highest that
the person may see, and ``users.inbox_version``, which is raised when a conversation leaves a person's sight.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg.rows import class_row

from webapp import clock
from webapp.accounts.actors import Actor
from webapp.database import Connection
from webapp.models.constants import Role

_QUARTER_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class Versions:
    """Who polls, and what their list and their open thread stand at; ``thread`` is None for none, or none visible."""

    id: int
    name: str
    email: str
    role: str
    timezone: str
    newest: int
    thread: int | None

    @property
    def actor(self) -> Actor:
        return Actor(self.id, self.name, self.email, Role(self.role), self.timezone)

    @property
    def list_tag(self) -> str:
        """The list's part of the tag."""
        return f"{self.newest:x}~{_moment()}"

    @property
    def thread_tag(self) -> str:
        """The open thread's part."""
        return f"{'gone' if self.thread is None else self.thread}~{_moment()}"

    @property
    def tag(self) -> str:
        return f"{self.list_tag}.{self.thread_tag}"


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a hidden tab asks for: how many wait for this person or for nobody, and the newest inbound text."""

    waiting: int
    newest_inbound: int | None


def _moment() -> str:
    """What time alone changes on a page: ages when business time is moved, and every quarter of an hour what the send
    button will do (quiet hours begin and end on quarters, as all time zones differ by them) and what is "today"."""
    return f"{clock.offset().total_seconds():.0f}~{int(clock.now().timestamp()) // _QUARTER_SECONDS:x}"


def read(conn: Connection, identity: tuple[int, int], thread_id: int | None) -> Versions | None:
    """The versions for ``(user id, session epoch)``; None when that session has ended."""
    params = {"user_id": identity[0], "epoch": identity[1], "thread_id": thread_id}
    with conn.cursor(row_factory=class_row(Versions)) as cursor:
        return cursor.execute(_VERSIONS, params, prepare=True).fetchone()


def pulse(conn: Connection, identity: tuple[int, int]) -> Pulse | None:
    """The pulse for ``(user id, session epoch)``; None when that session has ended."""
    with conn.cursor(row_factory=class_row(Pulse)) as cursor:
        return cursor.execute(_PULSE, {"user_id": identity[0], "epoch": identity[1]}, prepare=True).fetchone()


# Three index scans of twenty rows; those that do not fit the role are never begun (one-time filters on u.role). A range
# of one value instead of "=": see selection.MINE.
_NEWEST = """
    (SELECT {columns} FROM sms_conversations
     WHERE u.role = 'rep' AND assigned_to BETWEEN u.id AND u.id ORDER BY assigned_to, version DESC LIMIT 20)
    UNION ALL
    (SELECT {columns} FROM sms_conversations
     WHERE u.role = 'rep' AND assigned_to IS NULL ORDER BY assigned_to, version DESC LIMIT 20)
    UNION ALL
    (SELECT {columns} FROM sms_conversations
     WHERE u.role <> 'rep' ORDER BY version DESC LIMIT 20)
"""

_SESSION = "u.id = %(user_id)s AND u.active AND u.session_epoch = %(epoch)s"

_VERSIONS = f"""
SELECT u.id, u.name, u.email, u.role, u.timezone,
       hashtextextended(concat(u.inbox_version, ':',
           (SELECT string_agg(version::text, ',') FROM ({_NEWEST.format(columns="version")}) top)), 0) AS newest,
       (SELECT version FROM sms_conversations
        WHERE id = %(thread_id)s::bigint AND (u.role <> 'rep' OR assigned_to = u.id OR assigned_to IS NULL)) AS thread
FROM users u WHERE {_SESSION}
"""  # noqa: S608 (every part is written here)

_PULSE = f"""
SELECT (SELECT count(*) FROM (
            (SELECT 1 FROM sms_conversations WHERE waiting_since IS NOT NULL AND assigned_to BETWEEN u.id AND u.id
             ORDER BY assigned_to, waiting_since LIMIT 100)
            UNION ALL
            (SELECT 1 FROM sms_conversations WHERE waiting_since IS NOT NULL AND assigned_to IS NULL
             ORDER BY assigned_to, waiting_since LIMIT 100)
        ) waiting) AS waiting,
       (SELECT max(last_message_id) FROM ({_NEWEST.format(columns="version, last_message_id, last_direction")}) newest
        WHERE last_direction = 'inbound') AS newest_inbound
FROM users u WHERE {_SESSION}
"""  # noqa: S608
