"""What the engine must know of many leads, loaded at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from webapp.accounts.settings import AccountSettings
from webapp.campaigns.engine import Person
from webapp.compliance import facts
from webapp.database import Connection, int_array
from webapp.rules import phones
from webapp.rules.footers import AGAIN_AFTER, EarlierText
from webapp.texts.render import MergeFields

# The phone is read from the lead, the rest of what the gate asks by its number. Most leads have no custom fields and no
# tags: null is read sooner than what is empty.
_LEADS = """
SELECT l.id, l.contact_number_id, l.first_name, l.last_name, l.phone, coalesce(l.email, ''), coalesce(l.state, ''),
       coalesce(u.name, ''), nullif(l.custom, '{}'), nullif(l.tags, '{}'), l.status,
       touched.at
FROM leads l LEFT JOIN users u ON u.id = l.owner_id AND u.active
LEFT JOIN (
    SELECT contact_number_id, max(touched_at) AS at FROM sms_conversations
    WHERE touched_at IS NOT NULL
      AND contact_number_id = ANY (ARRAY(SELECT contact_number_id FROM leads WHERE id = ANY(%(leads)s)))
    GROUP BY contact_number_id) touched ON touched.contact_number_id = l.contact_number_id
WHERE l.id = ANY(%(leads)s)
"""

_NOTHING: Mapping[str, object] = {}

# As compliance.footers looks for one number: on their way by one partial index, gone by another. What is older than
# ``AGAIN_AFTER`` counts as nothing there.
_EARLIER = """
SELECT contact_number_id, created_at AS at, footer FROM sms_messages
WHERE contact_number_id = ANY(%(numbers)s) AND automatic AND solicitation
  AND status IN ('held', 'queued', 'claimed', 'sending', 'unconfirmed')
UNION ALL
SELECT contact_number_id, sent_at, footer FROM sms_messages
WHERE contact_number_id = ANY(%(numbers)s) AND automatic AND solicitation
  AND sent_at >= %(since)s AND status NOT IN ('failed', 'undelivered')
ORDER BY at DESC
"""


def load(conn: Connection, lead_ids: Collection[int], settings: AccountSettings, now: datetime) -> dict[int, Person]:
    """Persons by lead id, at business time ``now``; leads that are gone are missing."""
    with conn.cursor(binary=True) as cursor:
        leads = cursor.execute(_LEADS, {"leads": int_array(lead_ids)}).fetchall()
    numbers = [row[1] for row in leads]
    about = facts.load(conn, numbers, now)
    earlier = _earlier(conn, numbers, now)
    business = settings.business_name
    persons = {}
    for lead_id, number, first_name, last_name, phone, email, state, owner, custom, tags, status, touched_at in leads:
        fields = MergeFields(
            first_name, last_name, phones.display(phone), email, state, owner, business, custom or _NOTHING
        )
        persons[lead_id] = Person(about[number], fields, earlier.get(number, ()), owner, touched_at, tags or (), status)
    return persons


def _earlier(conn: Connection, numbers: Sequence[int], now: datetime) -> dict[int, list[EarlierText]]:
    found: defaultdict[int, list[EarlierText]] = defaultdict(list)
    rows = conn.execute(_EARLIER, {"numbers": int_array(numbers), "since": now - AGAIN_AFTER}).fetchall()
    for number, at, told in rows:
        found[number].append(EarlierText(at, told))
    return found
