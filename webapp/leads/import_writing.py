"""Writes a batch of an import's rows in a handful of statements, whatever its size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from psycopg.types.json import Jsonb

from webapp.accounts.actors import Actor
from webapp.database import Connection
from webapp.leads import contacts, import_sql
from webapp.leads.ownership import align_conversations
from webapp.leads.rows import Row
from webapp.leads.signals import Consent, ConsentAnnounced, announce_consent


@dataclass(frozen=True, slots=True)
class Importer:
    """Who imports, with the rights of the moment when they started it, and what they chose.

    ``actor_id`` is None for the command line. New leads go to ``owner_id``; ``overwrite`` lets the file replace what
    leads already say; ``consent`` was given by everybody in the file.
    """

    actor_id: int | None
    sees_all: bool
    owner_id: int | None = None
    overwrite: bool = False
    consent: Consent | None = None

    @classmethod
    def of(cls, actor: Actor, owner_id: int | None, consent: Consent | None, *, overwrite: bool) -> Self:
        """A signed-in person's choice."""
        return cls(actor.id, actor.sees_all, owner_id, overwrite, consent)

    def to_params(self) -> dict[str, object]:
        """What a bulk operation keeps of it."""
        consent = self.consent and {
            "source": self.consent.source,
            "at": self.consent.at.isoformat(),
            "attested": self.consent.attested,
        }
        return {"sees_all": self.sees_all, "owner_id": self.owner_id, "overwrite": self.overwrite, "consent": consent}

    @classmethod
    def from_params(cls, actor_id: int | None, params: Mapping[str, Any]) -> Self:
        """The same again."""
        given = params["consent"]
        at = given and datetime.fromisoformat(given["at"])
        consent = Consent(given["source"], at, given["attested"]) if given else None
        return cls(actor_id, params["sees_all"], params["owner_id"], params["overwrite"], consent)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How many rows became what, and the numbers of the rows whose phone is a colleague's."""

    new: int
    updated: int
    skipped: int
    hidden: Sequence[int]


def write_rows(conn: Connection, rows: Sequence[Row], importer: Importer, now: datetime) -> Outcomes:
    """Makes leads of the rows, or adds to those that we have. Each phone occurs once among the rows."""
    by_phone = {row.values["phone"]: row for row in rows}
    values = _parameters(by_phone, importer, now)
    conn.execute(import_sql.INSERT_NUMBERS, values)
    if importer.consent is not None:
        conn.execute(import_sql.LOCK_NUMBERS, values)
    made = {phone: lead_id for lead_id, phone in conn.execute(import_sql.INSERT_LEADS, values)}
    align_conversations(conn, list(made.values()))
    ours = _phones(conn, import_sql.LOCK_LEADS, values | {"phones": [phone for phone in by_phone if phone not in made]})
    changed = _phones(conn, import_sql.UPDATE_LEADS, values | {"phones": list(ours)})
    _announce(conn, [*made, *ours], importer, now)
    hidden = [row.number for phone, row in by_phone.items() if phone not in made and phone not in ours]
    return Outcomes(len(made), len(changed), len(rows) - len(made) - len(changed), hidden)


def _parameters(by_phone: Mapping[str, Row], importer: Importer, now: datetime) -> dict[str, object]:
    return {
        "rows": Jsonb([row.values for row in by_phone.values()]),
        "phones": list(by_phone),
        "owner_id": importer.owner_id,
        "overwrite": importer.overwrite,
        "sees_all": importer.sees_all,
        "actor_id": importer.actor_id,
        "simulated": contacts.simulated(),
        "now": now,
    }


def _phones(conn: Connection, query: str, values: Mapping[str, object]) -> set[str]:
    return {row[0] for row in conn.execute(query, values)}


def _announce(conn: Connection, phones: Sequence[str], importer: Importer, now: datetime) -> None:
    if importer.consent is None or not phones:
        return
    numbers = tuple(row[0] for row in conn.execute(import_sql.NUMBER_IDS, {"phones": list(phones)}))
    announce_consent(ConsentAnnounced(conn, numbers, importer.consent, importer.actor_id, now))
