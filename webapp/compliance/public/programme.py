"""The texting programme as the public reads of it: whose it is, what it sends, and how to reach and leave it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.accounts import settings as account_settings
from webapp.accounts.settings import AccountSettings
from webapp.database import Connection
from webapp.rules import phones

#: What the pages cannot do without, and what people call it.
_NEEDED = {
    "business_name": "the business name",
    "business_contact": "how to reach you",
    "business_address": "the postal address",
    "privacy_email": "the address for questions about data",
}
#: Settings whose change makes the terms and the privacy page new ones.
_PRINTED = (
    *_NEEDED,
    "business_website",
    "message_frequency",
    "message_topics",
    *("keep_bodies_days", "keep_media_days"),
)


@dataclass(frozen=True, slots=True)
class Programme:
    """What the public pages are filled from. ``sender``: the number to text (E.164); ``app_url`` without a slash."""

    settings: AccountSettings
    sender: str | None
    app_url: str
    changed_at: datetime | None

    @property
    def missing(self) -> tuple[str, ...]:
        """What the pages still need, in words; they are not public until it is there."""
        return tuple(words for key, words in _NEEDED.items() if not getattr(self.settings, key))

    @property
    def is_public(self) -> bool:
        """Whether the terms and the privacy page can be shown."""
        return not self.missing

    @property
    def takes_opt_ins(self) -> bool:
        """Whether the opt-in page is open: switched on, complete, and with a number to text from."""
        return self.settings.opt_in_page and self.is_public and self.sender is not None

    @property
    def name(self) -> str:
        """The programme's name, as carriers want it: the brand and what it is."""
        return f"{self.settings.business_name} text messages"

    @property
    def frequency(self) -> str:
        """How often, without the full stop that sentences around it bring."""
        return self.settings.message_frequency.rstrip(". ")

    @property
    def topics(self) -> str:
        """What the texts are about, without a full stop."""
        return self.settings.message_topics.rstrip(". ")

    @property
    def sender_shown(self) -> str:
        """The number to text, as people write it; empty where there is none."""
        return phones.display(self.sender) if self.sender else ""

    @property
    def terms_url(self) -> str:
        return f"{self.app_url}/sms-terms"

    @property
    def privacy_url(self) -> str:
        return f"{self.app_url}/privacy"

    @property
    def opt_in_url(self) -> str:
        return f"{self.app_url}/join"


def load(conn: Connection, app_url: str) -> Programme:
    """The programme as it stands."""
    settings = account_settings.read(conn)
    sender = conn.execute("SELECT e164 FROM phone_numbers WHERE active ORDER BY is_default DESC, id LIMIT 1").fetchone()
    changed = conn.execute("SELECT max(updated_at) FROM settings WHERE key = ANY(%s)", [list(_PRINTED)]).fetchone()
    return Programme(settings, sender[0] if sender else None, app_url, changed[0] if changed else None)


def duration(days: int) -> str:
    """A span of days as people say it: 30 days, 24 months, 2 years."""
    if days % 365 == 0:
        return _count(days // 365, "year")
    return _count(days // 30, "month") if days % 30 == 0 and days >= 60 else _count(days, "day")


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
