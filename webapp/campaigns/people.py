"""What the engine must know of many leads, loaded at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from webapp.accounts.settings import AccountSettings
from webapp.campaigns.engine import Person
from webapp.compliance import facts
from webapp.database import Connection
from webapp.rules import phones
from webapp.rules.footers import AGAIN_AFTER_TEXTS, EarlierText
from webapp.texts.render import MergeFields

# The phone is read from the lead, the rest of what the gate asks by its number.
_LEADS = """
SELECT l.id, l.contact_number_id, l.first_name, l.last_name, l.phone, l.email, l.state, l.custom, l.tags, u.name,
       (SELECT max(c.touched_at) FROM sms_conversations c WHERE c.contact_number_id = l.contact_number_id)
FROM leads l LEFT JOIN users u ON u.id = l.owner_id AND u.active
WHERE l.id = ANY(%s)
"""

# As compliance.footers looks for one number: on their way by one partial index, gone by another.
_EARLIER = """
SELECT n.id, t.at, t.footer
FROM unnest(%(numbers)s::bigint[]) AS n (id) CROSS JOIN LATERAL (
    (SELECT created_at AS at, footer FROM sms_messages
     WHERE contact_number_id = n.id AND status IN ('held', 'queued', 'claimed', 'sending', 'unconfirmed')
       AND automatic AND solicitation ORDER BY created_at DESC LIMIT %(most)s)
    UNION ALL
    (SELECT sent_at, footer FROM sms_messages
     WHERE contact_number_id = n.id AND solicitation AND sent_at IS NOT NULL
       AND automatic AND status NOT IN ('failed', 'undelivered') ORDER BY sent_at DESC LIMIT %(most)s)
    ORDER BY at DESC LIMIT %(most)s) t
ORDER BY t.at DESC
"""


def load(conn: Connection, lead_ids: Collection[int], settings: AccountSettings, now: datetime) -> dict[int, Person]:
    """Persons by lead id, at business time ``now``; leads that are gone are missing."""
    leads = conn.execute(_LEADS, [list(lead_ids)]).fetchall()
    numbers = [row[1] for row in leads]
    about = facts.load(conn, numbers, now)
    earlier = _earlier(conn, numbers)
    persons = {}
    for lead_id, number, first_name, last_name, phone, email, state, custom, tags, owner, touched_at in leads:
        fields = MergeFields(
            first_name=first_name,
            last_name=last_name,
            phone=phones.display(phone),
            email=email or "",
            state=state or "",
            my_name=owner or "",
            business_name=settings.business_name,
            custom=custom,
        )
        persons[lead_id] = Person(about[number], fields, earlier[number], owner or "", touched_at, tags)
    return persons


def _earlier(conn: Connection, numbers: Sequence[int]) -> dict[int, list[EarlierText]]:
    found: defaultdict[int, list[EarlierText]] = defaultdict(list)
    for number, at, told in conn.execute(_EARLIER, {"numbers": numbers, "most": AGAIN_AFTER_TEXTS}):
        found[number].append(EarlierText(at, told))
    return found
