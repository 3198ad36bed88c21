"""What each sender gave to the carrier by hour, and the caps on it: per sender, per account, per brand at T-Mobile.

Counted when texts are claimed, in hours of business time. A text that is tried again counts again: the caps err on
the safe side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from webapp.accounts.settings import AccountSettings
from webapp.database import Connection
from webapp.rules.zones import zone_info

#: T-Mobile's daily allowance starts again at midnight in this zone (compliance facts 5).
BRAND_ZONE = "America/Los_Angeles"

# Any two claims that a cap of the whole account binds go one after the other.
_ACCOUNT_LOCK = "SELECT pg_advisory_xact_lock(hashtext('leadline account caps'))"


#: What each cap counts, in the order in which they are asked: the rules that the ledger names.
NAMES = (
    "texts an hour from one number",
    "texts a day from one number",
    "texts an hour",
    "texts a day",
    "segments a day for the brand",
)


@dataclass(frozen=True, slots=True)
class Full:
    """A cap that is used up: which, and when it opens again (business time)."""

    name: str
    limit: int
    until: datetime


@dataclass(slots=True)
class Usage:
    """How much has gone in the present hour and days; ``add`` counts along while a batch is judged."""

    hour_ends: datetime
    day_ends: datetime
    brand_day_ends: datetime
    sender_hour: dict[int, int] = field(default_factory=dict)
    sender_day: dict[int, int] = field(default_factory=dict)
    brand_segments: int = 0

    def full(self, sender_id: int, segments: int, settings: AccountSettings) -> Full | None:
        """The first cap that one more text would exceed."""
        for name, used, more, limit, until in self._caps(sender_id, segments, settings):
            if limit is not None and used + more > limit:
                return Full(name, limit, until)
        return None

    def roll(self, now: datetime, settings: AccountSettings) -> None:
        """Goes on to a later moment (business time): an hour or a day that has ended by then counts no more."""
        if now < self.hour_ends:
            return
        self.hour_ends = _hour(now) + timedelta(hours=1)
        self.sender_hour = {}
        if now >= self.day_ends:
            self.day_ends, self.sender_day = _day(now, zone_info(settings.default_timezone))[1], {}
        if now >= self.brand_day_ends:
            self.brand_day_ends, self.brand_segments = _day(now, zone_info(BRAND_ZONE))[1], 0

    def copy(self) -> Usage:
        """One that may be counted along without this one's changing."""
        return replace(self, sender_hour=dict(self.sender_hour), sender_day=dict(self.sender_day))

    def add(self, sender_id: int, segments: int) -> None:
        """One more text goes."""
        self.sender_hour[sender_id] = self.sender_hour.get(sender_id, 0) + 1
        self.sender_day[sender_id] = self.sender_day.get(sender_id, 0) + 1
        self.brand_segments += segments

    def _caps(
        self, sender_id: int, segments: int, settings: AccountSettings
    ) -> Iterator[tuple[str, int, int, int | None, datetime]]:
        hour, day, brand = self.sender_hour, self.sender_day, self.brand_segments
        used = (hour.get(sender_id, 0), day.get(sender_id, 0), sum(hour.values()), sum(day.values()), brand)
        ends = (self.hour_ends, self.day_ends, self.hour_ends, self.day_ends, self.brand_day_ends)
        yield from zip(NAMES, used, (1, 1, 1, 1, segments), _limits(settings), ends, strict=True)


def capped(settings: AccountSettings) -> bool:
    """Whether any of these caps is set."""
    return any(limit is not None for limit in _limits(settings))


def load(conn: Connection, settings: AccountSettings, now: datetime) -> Usage:
    """The present hour and days. Caps of the whole account keep other claims waiting until this transaction ends."""
    if any(limit is not None for limit in _limits(settings)[2:]):
        conn.execute(_ACCOUNT_LOCK)
    return read(conn, settings, now)


def load_with_queued(conn: Connection, settings: AccountSettings, now: datetime) -> Usage:
    """Likewise, for who queues by the thousand: what stands in the queue will be claimed first, and counts already."""
    usage = load(conn, settings, now)
    queued = "SELECT phone_number_id, count(*), sum(segments) FROM sms_messages WHERE status = 'queued' GROUP BY 1"
    for sender_id, texts, segments in conn.execute(queued):
        usage.sender_hour[sender_id] = usage.sender_hour.get(sender_id, 0) + texts
        usage.sender_day[sender_id] = usage.sender_day.get(sender_id, 0) + texts
        usage.brand_segments += segments
    return usage


def read(conn: Connection, settings: AccountSettings, now: datetime) -> Usage:
    """Likewise, for a page: nobody waits."""
    hour = _hour(now)
    day, day_ends = _day(now, zone_info(settings.default_timezone))
    brand_day, brand_day_ends = _day(now, zone_info(BRAND_ZONE))
    usage = Usage(hour + timedelta(hours=1), day_ends, brand_day_ends)
    rows = conn.execute(
        "SELECT phone_number_id, hour, texts, segments FROM sender_usage WHERE hour >= %s AND hour <= %s",
        [min(day, brand_day), hour],
    )
    for sender_id, at, texts, segments in rows:
        if at == hour:
            usage.sender_hour[sender_id] = texts
        if at >= day:
            usage.sender_day[sender_id] = usage.sender_day.get(sender_id, 0) + texts
        if at >= brand_day:
            usage.brand_segments += segments
    return usage


def record(conn: Connection, texts: Iterable[tuple[int, int]], now: datetime) -> None:
    """Counts texts as given to the carrier: each is its sender's id and its segments."""
    counted: dict[int, tuple[int, int]] = {}
    for sender_id, segments in texts:
        before = counted.get(sender_id, (0, 0))
        counted[sender_id] = (before[0] + 1, before[1] + segments)
    if not counted:
        return
    conn.execute(
        """
        INSERT INTO sender_usage (phone_number_id, hour, texts, segments)
        SELECT u.id, %s, u.texts, u.segments FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS u (id, texts, segments)
        ORDER BY u.id
        ON CONFLICT (phone_number_id, hour) DO UPDATE
        SET texts = sender_usage.texts + EXCLUDED.texts, segments = sender_usage.segments + EXCLUDED.segments
        """,
        [
            _hour(now),
            list(counted),
            [texts for texts, _ in counted.values()],
            [segments for _, segments in counted.values()],
        ],
    )


def _limits(settings: AccountSettings) -> tuple[int | None, ...]:
    """The sender's first, then those of the whole account."""
    return (
        settings.cap_sender_hour,
        settings.cap_sender_day,
        settings.cap_account_hour,
        settings.cap_account_day,
        settings.cap_brand_segments,
    )


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def _day(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The beginning and the end of a local day."""
    local = now.astimezone(zone)
    start = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + timedelta(days=1)  # wall-clock arithmetic: the same zone's next midnight
