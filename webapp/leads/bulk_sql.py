"""SQL that bulk changes share."""

from __future__ import annotations

from typing import Final

#: What was kept of leads, ``[[id, how it was], …]``, as a table ``before``; the leads are locked in one order.
BEFORE: Final = """
WITH before AS (
    SELECT l.id, b.value -> 1 AS was
    FROM jsonb_array_elements(%(before)s) AS b JOIN leads AS l ON l.id = (b.value ->> 0)::bigint
    ORDER BY l.id FOR UPDATE OF l
)
"""
