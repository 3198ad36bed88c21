"""The statements of an import: each deals with a whole batch of rows at once.

Rows come as one JSON array. Numbers and leads are taken in one order by every import, so that two of them wait for
each other instead of deadlocking.
"""

from __future__ import annotations

_TEXTS = ("first_name", "last_name", "email", "state", "postal_code", "timezone")
_NEVER_NULL = frozenset({"first_name", "last_name"})
_COLUMNS = (*_TEXTS, "tags", "custom")

_TYPES = ", ".join(f"{name} text" for name in ("phone", *_TEXTS))
_ROWS = f"jsonb_to_recordset(%(rows)s) AS r({_TYPES}, tags text[], custom jsonb)"

# A number is taken before its conversations, as a STOP does; consent and opt-outs are written to it later.
LOCK_NUMBERS = "SELECT 1 FROM contact_numbers WHERE id = ANY(%(numbers)s) ORDER BY id FOR NO KEY UPDATE"

# A number whose conversation a colleague has is none for a rep; without an owner its lead goes to whoever has that.
INSERT_LEADS = f"""
WITH assigned AS (
    SELECT DISTINCT ON (c.contact_number_id) c.contact_number_id, c.assigned_to
    FROM sms_conversations AS c JOIN contact_numbers AS n ON n.id = c.contact_number_id
    WHERE n.e164 = ANY(%(phones)s) AND c.assigned_to IS NOT NULL
    ORDER BY c.contact_number_id, c.last_message_at DESC NULLS LAST, c.id DESC
)
INSERT INTO leads (contact_number_id, phone, {", ".join(_COLUMNS)}, owner_id, source, simulated, created_at, updated_at)
SELECT n.id, r.phone, {", ".join(f"coalesce(r.{c}, '')" if c in _NEVER_NULL else f"r.{c}" for c in _COLUMNS)},
       coalesce(%(owner_id)s, a.assigned_to), 'import', %(simulated)s, %(now)s, %(now)s
FROM {_ROWS}
JOIN contact_numbers AS n ON n.e164 = r.phone
LEFT JOIN assigned AS a ON a.contact_number_id = n.id
WHERE %(sees_all)s OR a.assigned_to IS NULL OR a.assigned_to = %(actor_id)s
ORDER BY n.id
ON CONFLICT DO NOTHING
RETURNING id, phone
"""  # noqa: S608 (column names of ours)

#: Those among the numbers that nothing may be sent to, and why.
STOPPED = "SELECT id, suppression_source FROM contact_numbers WHERE id = ANY(%(numbers)s) AND suppressed_at IS NOT NULL"

LOCK_LEADS = """
SELECT phone FROM leads
WHERE phone = ANY(%(phones)s) AND (%(sees_all)s OR owner_id = %(actor_id)s OR owner_id IS NULL)
ORDER BY id FOR UPDATE
"""


def _merged(column: str) -> str:
    """Ours where we have something, else the row's; the other way about where the importer chose so."""
    ours, theirs = f"nullif(l.{column}, '')", f"nullif(r.{column}, '')"
    last_resort = ", ''" if column in _NEVER_NULL else ""
    return (
        f"CASE WHEN %(overwrite)s THEN coalesce({theirs}, {ours}{last_resort}) "
        f"ELSE coalesce({ours}, {theirs}{last_resort}) END AS {column}"
    )


_MERGED_TAGS = """
l.tags || ARRAY(
    SELECT tag FROM unnest(r.tags) WITH ORDINALITY AS new(tag, place)
    WHERE lower(tag) <> ALL (SELECT lower(old) FROM unnest(l.tags) AS old) ORDER BY place) AS tags
"""

UPDATE_LEADS = f"""
UPDATE leads AS l
SET ({", ".join(_COLUMNS)}, updated_at) = ({", ".join(f"m.{name}" for name in _COLUMNS)}, %(now)s)
FROM (
    SELECT l.id, {", ".join(_merged(name) for name in _TEXTS)}, {_MERGED_TAGS},
           CASE WHEN %(overwrite)s THEN l.custom || r.custom ELSE r.custom || l.custom END AS custom
    FROM {_ROWS} JOIN leads AS l ON l.phone = r.phone
    WHERE l.phone = ANY(%(phones)s)
) AS m
WHERE l.id = m.id
  AND ({", ".join(f"l.{name}" for name in _COLUMNS)}) IS DISTINCT FROM ({", ".join(f"m.{name}" for name in _COLUMNS)})
RETURNING l.phone
"""  # noqa: S608 (column names of ours)
