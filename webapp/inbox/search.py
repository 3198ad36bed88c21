"""What somebody types to find a conversation: names, any phone format, the last four digits."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.accounts.actors import visible
from webapp.leads.fields import REGION
from webapp.leads.search import text_query
from webapp.rules.phones import parse

#: Leads looked at for one search; a question that matches more wants another letter.
_ENOUGH = 500

#: The visible leads that match ``%(words)s``, through the index on ``leads.search``. Needs ``**actor.params()``.
LEADS = f"""
SELECT id FROM leads
WHERE search @@ lower(%(words)s)::tsquery AND {visible("owner_id")} LIMIT {_ENOUGH}
"""  # noqa: S608 (every part is written here)


@dataclass(frozen=True, slots=True)
class Asked:
    """``words`` is a tsquery; ``number`` the E.164 if a whole phone number was typed, else None."""

    words: str
    number: str | None


def understand(typed: str) -> Asked | None:
    """What to look for; None when there is nothing to look for."""
    words = text_query(typed)
    return Asked(words, parse(typed, REGION).e164) if words else None
