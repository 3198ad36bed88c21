"""The statements of an import: each deals with a whole batch of rows at once.

Rows come as one JSON array. Numbers and leads are taken in one order by every import, so that two of them wait for
each other instead of deadlocking.
"""

from __future__ import annotations

_TEXTS = ("first_name", "last_name", "email", "state", "postal_code", "timezone")
_NEVER_NULL = frozenset({"first_name", "last_name"})
_COLUMNS = (*_TEXTS, "status", "tags", "custom")
_WHEN_NEW = {"first_name": "''", "last_name": "''", "status": "'new'"}

_TYPES = ", ".join(f"{name} text" for name in ("phone", *_TEXTS, "status"))
_ROWS = f"jsonb_to_recordset(%(rows)s) AS r({_TYPES}, tags text[], custom jsonb)"

# A number is taken before its lead and its conversations, as a STOP does: consent and opt-outs are written to it later.
LOCK_NUMBERS = "SELECT 1 FROM contact_numbers WHERE id = ANY(%(numbers)s) ORDER BY id FOR NO KEY UPDATE"

# Where neither is in the file, those whose lead may change: what was to be sent to it may be taken back for that.
LOCK_KNOWN_NUMBERS = """
SELECT 1 FROM contact_numbers AS n
WHERE n.id = ANY(%(numbers)s) AND EXISTS (SELECT FROM leads AS l WHERE l.contact_number_id = n.id)
ORDER BY n.id FOR NO KEY UPDATE OF n
"""

# A number whose conversation a colleague has is none for a rep; without an owner its lead goes to whoever has that.
INSERT_LEADS = f"""
WITH assigned AS (
    SELECT DISTINCT ON (c.contact_number_id) c.contact_number_id, c.assigned_to
    FROM sms_conversations AS c JOIN contact_numbers AS n ON n.id = c.contact_number_id
    WHERE n.e164 = ANY(%(phones)s) AND c.assigned_to IS NOT NULL
    ORDER BY c.contact_number_id, c.last_message_at DESC NULLS LAST, c.id DESC
)
INSERT INTO leads (contact_number_id, phone, {", ".join(_COLUMNS)}, owner_id, source, simulated, created_at, updated_at)
SELECT n.id, r.phone, {", ".join(f"coalesce(r.{c}, {_WHEN_NEW[c]})" if c in _WHEN_NEW else f"r.{c}" for c in _COLUMNS)},
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

# Everybody has a status, so that a file fills it in where nobody has set one: where it is new.
_MERGED_STATUS = """
CASE WHEN %(overwrite)s OR l.status = 'new' THEN coalesce(r.status, l.status) ELSE l.status END AS status
"""

# The last column: whether its tags or its status are others by it.
UPDATE_LEADS = f"""
UPDATE leads AS l
SET ({", ".join(_COLUMNS)}, updated_at) = ({", ".join(f"m.{name}" for name in _COLUMNS)}, %(now)s)
FROM (
    SELECT l.id, {", ".join(_merged(name) for name in _TEXTS)}, {_MERGED_STATUS}, {_MERGED_TAGS},
           l.tags AS tags_before, l.status AS status_before,
           CASE WHEN %(overwrite)s THEN l.custom || r.custom ELSE r.custom || l.custom END AS custom
    FROM {_ROWS} JOIN leads AS l ON l.phone = r.phone
    WHERE l.phone = ANY(%(phones)s)
) AS m
WHERE l.id = m.id
  AND ({", ".join(f"l.{name}" for name in _COLUMNS)}) IS DISTINCT FROM ({", ".join(f"m.{name}" for name in _COLUMNS)})
RETURNING l.id, (l.tags, l.status) IS DISTINCT FROM (m.tags_before, m.status_before)
"""  # noqa: S608 (column names of ours)
