"""Whether the carrier tells us what comes in, judged by the texts that only the sweep found (design promise 4).

Webhooks are distrusted for fifteen minutes after a repair that was the third within fifteen minutes, or one in a
quarter of an hour in which no webhook brought any text. So distrust ends by itself once nothing had to be repaired for
that long. All of it in machine time, in Postgres: every machine comes to the same verdict.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from psycopg.types.json import Jsonb

from webapp import database
from webapp.database import Connection
from webapp.jobs import heartbeats

WINDOW_SECONDS = 15 * 60
#: So many repairs within the window are no accident.
REPAIRS_TOO_MANY = 3
_REMEMBERED = 1000
_REPAIRS, _HEARD = "webhook repairs", "inbound webhook"
_CACHE_SECONDS = 3.0
_NOTED_EVERY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class WebhookHealth:
    """``found``: texts of the last fifteen minutes that only the sweep found."""

    distrusted: bool
    found: int

    @property
    def sentence(self) -> str:
        """What a manager reads while webhooks are distrusted."""
        texts = "1 text was" if self.found == 1 else f"{self.found} texts were"
        return (
            f"Twilio’s webhooks are not arriving: {texts} found only by the sweep in 15 minutes. "
            "Automatic texts check their thread first, and wait where they cannot."
        )


#: What to do about it, for pages and the doctor.
WHAT_TO_DO = "See whether APP_URL is reached from outside, and whether the service at Twilio has it as its webhook."


@dataclass
class _Here:
    """What this process remembers for some seconds."""

    state: WebhookHealth | None = None
    until: float = 0.0
    noted_at: float = -1e9


_here = _Here()


def note_repair(conn: Connection) -> None:
    """A contact's text had to be found by reading. The last act of its transaction: repairs wait for each other."""
    conn.execute("INSERT INTO heartbeats (name) VALUES (%s) ON CONFLICT (name) DO NOTHING", [_REPAIRS])
    row = conn.execute(_LOCK_REPAIRS, [WINDOW_SECONDS, _HEARD, _REPAIRS]).fetchone()
    assert row is not None
    detail, now, heard = row
    repaired_at = [*(at for at in detail.get("at", ()) if at > now - WINDOW_SECONDS), now][-_REMEMBERED:]
    distrusted_until = detail.get("distrusted_until", 0)
    if len(repaired_at) >= REPAIRS_TOO_MANY or not heard:
        distrusted_until = now + WINDOW_SECONDS
    conn.execute(
        "UPDATE heartbeats SET at = clock_timestamp(), detail = %s WHERE name = %s",
        [Jsonb({"at": repaired_at, "distrusted_until": distrusted_until}), _REPAIRS],
    )


_LOCK_REPAIRS = """
SELECT detail, EXTRACT(epoch FROM clock_timestamp())::float,
       EXISTS (SELECT 1 FROM heartbeats w
               WHERE w.at > clock_timestamp() - %s * interval '1 second' AND w.name = %s)
FROM heartbeats WHERE name = %s FOR UPDATE
"""


def note_webhook() -> None:
    """A webhook has brought a contact's text; written down twice a minute. Call it after the commit."""
    if time.monotonic() - _here.noted_at >= _NOTED_EVERY_SECONDS:
        heartbeats.beat(_HEARD)
        _here.noted_at = time.monotonic()


def read(conn: Connection) -> WebhookHealth:
    """The verdict of this moment: one row."""
    row = conn.execute(_READ, {"name": _REPAIRS, "window": WINDOW_SECONDS}).fetchone()
    return WebhookHealth(bool(row[0]), int(row[1])) if row is not None else WebhookHealth(False, 0)


_READ = """
SELECT coalesce((detail ->> 'distrusted_until')::float, 0) > EXTRACT(epoch FROM clock_timestamp()),
       (SELECT count(*) FROM jsonb_array_elements_text(coalesce(detail -> 'at', '[]')) AS repair (at)
        WHERE repair.at::float > EXTRACT(epoch FROM clock_timestamp()) - %(window)s)
FROM heartbeats WHERE name = %(name)s
"""


def recent() -> WebhookHealth:
    """The verdict, at most three seconds old in this process."""
    if _here.state is None or time.monotonic() >= _here.until:
        with database.autocommit() as conn:
            _here.state = read(conn)
        _here.until = time.monotonic() + _CACHE_SECONDS
    return _here.state


def forget() -> None:
    """The next look reads the database, and the next webhook is written down."""
    _here.state, _here.noted_at = None, -1e9
