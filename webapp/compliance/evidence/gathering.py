"""The evidence of one number: everything that shows why each text was lawful, as one JSON document.

Its form is told in docs/evidence.md; whoever changes it raises ``SCHEMA``. The same data at the same time give the
same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from psycopg.rows import dict_row

from webapp.accounts import settings as account_settings
from webapp.compliance import facts
from webapp.compliance.consent import ledger
from webapp.compliance.dnc import lists as dnc_lists
from webapp.compliance.dnc.lists import DncList
from webapp.compliance.evidence import queries
from webapp.compliance.public import opt_in
from webapp.database import Connection
from webapp.leads import fingerprints
from webapp.models.constants import DncKind

SCHEMA: Final = "leadline.evidence/1"

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """``content`` as it is handed out; ``sha256`` (hexadecimal) is over the ``document`` in it, byte for byte."""

    content: bytes
    sha256: str
    texts: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What a page says of a number before anybody takes the file."""

    id: int
    e164: str
    lead_id: int | None
    name: str
    consent_rows: int
    texts: int
    decisions: int
    suppressed_at: datetime | None
    suppression_source: str | None
    suppression_reason: str | None
    consent_at: datetime | None
    erased_at: datetime | None
    broken: ledger.Broken | None
    pending_at: datetime | None
    dnc: Sequence[DncList]

    @property
    def sues(self) -> bool:
        """Whether a list in use has them as somebody who sues: then nothing is sent, whatever is on file."""
        return any(each.kind == DncKind.LITIGATOR for each in self.dnc)

    def waits_for_yes(self, now: datetime) -> bool:
        """Whether they signed up on the public page, and have not confirmed it yet."""
        return opt_in.is_pending(self.pending_at, now)


def summary(conn: Connection, contact_number_id: int) -> Summary | None:
    """The numbers at a glance; None when there is no such contact number."""
    with conn.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(queries.SUMMARY, [contact_number_id]).fetchone()
    if row is None:
        return None
    dnc = [] if fingerprints.is_erased(row["e164"]) else dnc_lists.in_use_with(conn, row["e164"])
    return Summary(**row, broken=ledger.verify(conn, contact_number_id), dnc=dnc)


def gather(conn: Connection, contact_number_id: int, *, by: str, at: datetime) -> Document | None:
    """The document, made by ``by`` at business time ``at``; None when there is no such contact number."""
    number = _one(conn, queries.NUMBER, contact_number_id)
    if number is None:
        return None
    known = facts.load(conn, [contact_number_id], at)[contact_number_id]
    zone = known.place.zones[0]
    rows = _all(conn, queries.CONSENT, contact_number_id)
    return {
        "made_at": at,
        "made_by": by,
        "business": account_settings.read(conn).business_name,
        "number": number,
        "lead": _one(conn, queries.LEAD, contact_number_id),
        "zone": zone,
        "suppression": _one(conn, queries.SUPPRESSION, contact_number_id),
        "do_not_call": _do_not_call(conn, known.e164),
        "consent": {"chain": _chain(conn, contact_number_id), "rows": rows},
        "disclosures": _all(conn, queries.DISCLOSURES, contact_number_id),
        "texts": _texts(conn, contact_number_id, zone),
        "other_decisions": _all(conn, queries.OTHER_DECISIONS, contact_number_id),
    }


def as_json(document: Document) -> EvidenceFile:
    """The file: the document, and beside it the hash over the document's own bytes."""
    body = json.dumps(document, default=plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    digest = hashlib.sha256(body.encode()).hexdigest()
    content = f'{{"schema":"{SCHEMA}","sha256":"{digest}","document":{body}}}\n'
    return EvidenceFile(content.encode(), digest, len(document["texts"]))


def _one(conn: Connection, query: str, contact_number_id: int) -> Document | None:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, [contact_number_id]).fetchone()


def _all(conn: Connection, query: str, contact_number_id: int) -> list[Document]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, [contact_number_id]).fetchall()


def _chain(conn: Connection, contact_number_id: int) -> Document:
    broken = ledger.verify(conn, contact_number_id)
    if broken is None:
        return {"verifies": True}
    return {"verifies": False, "first_broken_row": broken.row_id, "why": broken.why}


def _do_not_call(conn: Connection, e164: str) -> list[Document]:
    """The lists that the number is on. None can be told of an erased one."""
    if fingerprints.is_erased(e164):
        return []
    return [
        {"list": each.name, "kind": each.kind, "as_of": each.as_of.isoformat(), "state": each.state}
        for each in dnc_lists.lists_with(conn, e164)
    ]


def _texts(conn: Connection, contact_number_id: int, zone: str) -> list[Document]:
    """Every text with its files and decisions, oldest first; its time also as the lead's clock had it."""
    texts = _all(conn, queries.TEXTS, contact_number_id)
    by_id = {text["id"]: text for text in texts}
    there = ZoneInfo(zone)
    for text in texts:
        text["local_time"] = (text["sent_at"] or text["created_at"]).astimezone(there).isoformat(timespec="seconds")
        text["media"], text["decisions"] = [], []
    for part in ("media", "decisions"):
        for row in _all(conn, getattr(queries, part.upper()), contact_number_id):
            text_id = row.pop("message_id")
            if text_id in by_id:
                by_id[text_id][part].append(row)
    return texts


def plain(value: object) -> object:
    """What JSON has no form for. Instants are UTC, with the parts of a second that they have."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
