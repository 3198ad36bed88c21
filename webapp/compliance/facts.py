"""What the gate knows about a number before it decides: loaded for many numbers at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import args_row

from webapp.database import Connection, int_array
from webapp.rules import postal_codes, zones
from webapp.rules.zones import Candidates


class Where(NamedTuple):
    """All that tells where a person may be, as ``zones.candidates_in`` takes it. Neighbours have equal ones."""

    area: str
    state: str | None
    timezone: str | None
    postal: str


@dataclass(slots=True)
class Facts:
    """A contact number with what its lead says of the place where it is, and what it got lately. Business time.

    Nobody changes one. It is not frozen because that would make it eight times as dear, and batches make thousands.
    """

    contact_number_id: int
    e164: str
    suppressed_at: datetime | None = None
    suppression_source: str | None = None
    suppression_reason: str | None = None
    invalid_at: datetime | None = None
    invalid_reason: str | None = None
    consent_at: datetime | None = None
    consent_channel: str | None = None
    consent_until: datetime | None = None
    pending_at: datetime | None = None
    doubt_at: datetime | None = None
    doubt_source: str | None = None
    doubt_matched: str | None = None
    last_inbound_at: datetime | None = None
    simulated: bool = False
    state: str | None = None
    postal_code: str | None = None
    timezone: str | None = None
    dnc: Sequence[str] = ()
    """The kinds of the active do-not-call lists that have the number."""
    solicited_at: Sequence[datetime] = ()
    """When each solicitation of the last 24 hours went to the carrier, oldest first."""
    last_automatic_at: datetime | None = None
    """When the newest automatic text of the last week went to the carrier."""
    solicitations_ahead: Sequence[int] = ()
    """Ids of solicitations that are queued and have not gone; likewise below."""
    automatic_ahead: Sequence[int] = ()
    solicitations_on_the_way: int = 0
    """How many are claimed, with the carrier, or unconfirmed."""
    automatic_on_the_way: int = 0
    _where: Where | None = field(default=None, init=False, repr=False, compare=False)
    _place: Candidates | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def where(self) -> Where:
        if self._where is None:
            area, postal = zones.area_of(self.e164), postal_codes.postal_area(self.postal_code)
            self._where = Where(area, self.state, self.timezone, postal)
        return self._where

    @property
    def place(self) -> Candidates:
        """Every zone where the person may be, and every state whose law may protect them."""
        if self._place is None:  # kept, for each rule about hours, caps, footers and times of day asks
            self._place = zones.candidates_in(*self.where)
        return self._place

    def solicitations_now(self, message_id: int | None) -> int:
        """How many solicitations go at this moment before text ``message_id``; before a new one, where it is None."""
        return self.solicitations_on_the_way + _before(self.solicitations_ahead, message_id)

    def automatic_now(self, message_id: int | None) -> int:
        """Likewise for automatic texts."""
        return self.automatic_on_the_way + _before(self.automatic_ahead, message_id)


def _before(ids: Sequence[int], message_id: int | None) -> int:
    if not ids:
        return 0
    return len(ids) if message_id is None else sum(1 for other in ids if other < message_id)


# Two texts to one number that are judged at once count the one with the lower id: together they never exceed a cap.
# The columns are the fields of ``Facts``, in their order. Each table is asked once for all numbers: half the cost of a
# look-up for each.
_SQL = """
SELECT n.id AS contact_number_id, n.e164, n.suppressed_at, n.suppression_source, n.suppression_reason,
       n.invalid_at, n.invalid_reason, n.consent_at, n.consent_channel, n.consent_until, n.pending_at,
       n.doubt_at, n.doubt_source, n.doubt_matched, n.last_inbound_at, n.simulated,
       l.state, l.postal_code, l.timezone, coalesce(d.dnc, '{}') AS dnc,
       coalesce(sent.solicited_at, '{}') AS solicited_at, sent.last_automatic_at,
       coalesce(unsent.solicitations_ahead, '{}') AS solicitations_ahead,
       coalesce(unsent.automatic_ahead, '{}') AS automatic_ahead,
       coalesce(unsent.solicitations_on_the_way, 0) AS solicitations_on_the_way,
       coalesce(unsent.automatic_on_the_way, 0) AS automatic_on_the_way
FROM contact_numbers n LEFT JOIN leads l ON l.contact_number_id = n.id
LEFT JOIN (
    SELECT de.e164, array_agg(DISTINCT dl.kind) AS dnc
    FROM dnc_entries de JOIN dnc_lists dl ON dl.id = de.list_id AND dl.active
    WHERE de.e164 = ANY (ARRAY(SELECT e164 FROM contact_numbers WHERE id = ANY(%(numbers)s)))
    GROUP BY de.e164) d ON d.e164 = n.e164
LEFT JOIN (
    SELECT m.contact_number_id,
           array_agg(m.sent_at ORDER BY m.sent_at)
               FILTER (WHERE m.sent_at > %(now)s - interval '24 hours') AS solicited_at,
           max(m.sent_at) FILTER (WHERE m.automatic) AS last_automatic_at
    FROM sms_messages m
    WHERE m.contact_number_id = ANY(%(numbers)s) AND m.solicitation
      AND m.sent_at > %(now)s - interval '7 days' AND m.sent_at <= %(now)s
    GROUP BY m.contact_number_id) sent ON sent.contact_number_id = n.id
LEFT JOIN (
    SELECT m.contact_number_id,
           array_agg(m.id) FILTER (WHERE m.status = 'queued') AS solicitations_ahead,
           array_agg(m.id) FILTER (WHERE m.status = 'queued' AND m.automatic) AS automatic_ahead,
           count(*) FILTER (WHERE m.status <> 'queued') AS solicitations_on_the_way,
           count(*) FILTER (WHERE m.status <> 'queued' AND m.automatic) AS automatic_on_the_way
    FROM sms_messages m
    WHERE m.contact_number_id = ANY(%(numbers)s) AND m.status IN ('queued', 'claimed', 'sending', 'unconfirmed')
      AND m.solicitation
    GROUP BY m.contact_number_id) unsent ON unsent.contact_number_id = n.id
WHERE n.id = ANY(%(numbers)s)
"""


_LOCK = "SELECT 1 FROM contact_numbers WHERE id = %s FOR SHARE"
_LOCK_TO_CHANGE = "SELECT 1 FROM contact_numbers WHERE id = %s FOR NO KEY UPDATE"


def load(conn: Connection, contact_number_ids: Sequence[int], now: datetime) -> dict[int, Facts]:
    """The facts by contact number id, in one query. ``now``: business time."""
    with conn.cursor(row_factory=args_row(Facts), binary=True) as cursor:
        rows = cursor.execute(_SQL, {"numbers": int_array(contact_number_ids), "now": now})
        return {facts.contact_number_id: facts for facts in rows.fetchall()}


def load_locked(conn: Connection, contact_number_id: int, now: datetime, *, to_change: bool = False) -> Facts:
    """The facts of one number, which no STOP can change before this transaction ends.

    ``to_change``: this transaction writes to the number itself. Two that shared the lock first and then both wanted it
    alone would wait for each other. Raises LookupError when there is no such number.
    """
    conn.execute(_LOCK_TO_CHANGE if to_change else _LOCK, [contact_number_id])
    found = load(conn, [contact_number_id], now)
    if contact_number_id not in found:
        raise LookupError(f"contact number {contact_number_id} does not exist")
    return found[contact_number_id]
