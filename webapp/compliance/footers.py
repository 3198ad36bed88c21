"""What an automatic text must say besides its own words: looked up for the number that it goes to."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from webapp.accounts.settings import AccountSettings
from webapp.compliance.facts import Facts
from webapp.database import Connection
from webapp.rules import footers, zones
from webapp.rules.footers import EarlierText, Footer, Signature


class Dressed(NamedTuple):
    """A body as the person will read it, and whether it tells them how to stop."""

    body: str
    tells_how_to_stop: bool


def dress(
    conn: Connection, body: str, facts: Facts, settings: AccountSettings, *, signed_by: str, now: datetime
) -> Dressed:
    """An automatic text with all that it must carry. ``signed_by``: the person behind it; empty for nobody."""
    footer = footers.due(_earlier(conn, facts.contact_number_id), region(facts), now)
    return with_footer(body, footer, facts, settings, signed_by=signed_by)


def with_footer(
    body: str, footer: Footer | None, facts: Facts, settings: AccountSettings, *, signed_by: str
) -> Dressed:
    """The body with what this footer adds to it: with any, it tells how to stop."""
    if footer is None:
        return Dressed(body.rstrip(), footers.tells_how_to_stop(body))
    signature = Signature(signed_by, settings.business_name, settings.business_website or settings.business_contact)
    added = footers.added(body, footer, signature, french=_speaks_french(facts))
    return Dressed(body.rstrip() + added, tells_how_to_stop=True)


def region(facts: Facts) -> str:
    """CA for a number that may be in Canada, where every commercial text must say who writes; else US."""
    return "US" if zones.PROVINCES.isdisjoint(facts.place.states) else "CA"


def _speaks_french(facts: Facts) -> bool:
    return "QC" in facts.place.states


def _earlier(conn: Connection, contact_number_id: int) -> list[EarlierText]:
    """The newest automatic texts to the number, on their way or gone; not those that came to nothing."""
    rows = conn.execute(_EARLIER, {"number": contact_number_id, "most": footers.AGAIN_AFTER_TEXTS})
    return [EarlierText(at, told) for at, told in rows]


# Two branches, each answered by a partial index of its own.
_EARLIER = """
(SELECT created_at AS at, footer FROM sms_messages
 WHERE contact_number_id = %(number)s AND status IN ('held', 'queued', 'claimed', 'sending', 'unconfirmed')
   AND automatic AND solicitation ORDER BY created_at DESC LIMIT %(most)s)
UNION ALL
(SELECT sent_at, footer FROM sms_messages
 WHERE contact_number_id = %(number)s AND solicitation AND sent_at IS NOT NULL
   AND automatic AND status NOT IN ('failed', 'undelivered') ORDER BY sent_at DESC LIMIT %(most)s)
ORDER BY at DESC LIMIT %(most)s
"""
