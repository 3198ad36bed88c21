"""The hot doors' own queries, for a server that does nothing else."""

from __future__ import annotations

from webapp.inbox import versions

VERSIONS: str = versions._VERSIONS
INTAKE = """
INSERT INTO webhook_receipts (dedupe_key, event_type, message_sid, form, at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (dedupe_key) DO NOTHING RETURNING id
"""
