"""Writes a batch of an import's rows in a handful of statements, whatever its size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from psycopg.types.json import Jsonb

from webapp.accounts.actors import Actor
from webapp.database import Connection
from webapp.leads import contacts, import_sql
from webapp.leads.marks import OptOut, RowConsent
from webapp.leads.ownership import align_conversations
from webapp.leads.rows import Row
from webapp.leads.signals import (
    Consent,
    ConsentsImported,
    ImportedOptOut,
    OptOutsImported,
    announce_change,
    announce_imported_consents,
    announce_imported_opt_outs,
)
from webapp.models.constants import ConsentKind, SuppressionSource


@dataclass(frozen=True, slots=True)
class Importer:
    """Who imports, with the rights of the moment when they started it, and what they chose.

    ``actor_id`` is None for the command line. New leads go to ``owner_id``; ``overwrite`` lets the file replace what
    leads already say. ``consent`` was given by everybody in the file; ``attested`` vouches for what the file itself
    says of each row's consent, and without it that counts for nothing. The file's days are those of ``zone``.
    """

    actor_id: int | None
    sees_all: bool
    owner_id: int | None = None
    overwrite: bool = False
    consent: Consent | None = None
    attested: bool = False
    zone: str = "UTC"
    filename: str = ""

    @classmethod
    def of(
        cls, actor: Actor, owner_id: int | None, consent: Consent | None, *, overwrite: bool, attested: bool = False
    ) -> Self:
        """A signed-in person's choice."""
        return cls(actor.id, actor.sees_all, owner_id, overwrite, consent, attested, actor.timezone)

    def to_params(self) -> dict[str, object]:
        """What a bulk operation keeps of it."""
        consent = self.consent and {
            "source": self.consent.source,
            "at": self.consent.at.isoformat(),
            "attested": self.consent.attested,
            "day": self.consent.day.isoformat() if self.consent.day else None,
        }
        return {
            "sees_all": self.sees_all,
            "owner_id": self.owner_id,
            "overwrite": self.overwrite,
            "consent": consent,
            "attested": self.attested,
            "zone": self.zone,
        }

    @classmethod
    def from_params(cls, actor_id: int | None, params: Mapping[str, Any]) -> Self:
        """The same again."""
        given = params["consent"]
        at = given and datetime.fromisoformat(given["at"])
        day = date.fromisoformat(given["day"]) if given and given.get("day") else None
        consent = Consent(given["source"], at, given["attested"], day=day) if given else None
        return cls(
            actor_id,
            params["sees_all"],
            params["owner_id"],
            params["overwrite"],
            consent,
            params.get("attested", False),
            params.get("zone", "UTC"),
            params["filename"],
        )

    def consent_of(self, row: Row) -> Consent | None:
        """How the person in a row agreed: as the row says, or as everybody did where it is silent. None: not at all."""
        if row.consent.refused or not (self.attested or self.consent):
            return None
        source = row.consent.source or (self.consent.source if self.consent else "")
        said: RowConsent | Consent | None = row.consent if row.consent.at else self.consent
        if not source or said is None or said.at is None:
            return None
        return Consent(source, said.at, True, row.consent.kind or ConsentKind.EXPRESS, said.day)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How many rows became what, the numbers of the rows whose phone is a colleague's, and how many people agreed.

    ``stopped`` and ``erased``: the rows of people who had opted out before, or had their data deleted. They are in, and
    are still not texted.
    """

    new: int
    updated: int
    skipped: int
    hidden: Sequence[int]
    agreed: int
    stopped: Sequence[int]
    erased: Sequence[int]


def write_rows(
    conn: Connection, rows: Sequence[Row], opt_outs: Mapping[str, OptOut], importer: Importer, now: datetime
) -> Outcomes:
    """Makes leads of the rows, or adds to those that we have. Each phone occurs once among the rows.

    ``opt_outs`` are by phone, of these rows and of others: they are suppressed, whoever's lead they are.
    """
    by_phone = {row.values["phone"]: row for row in rows}
    values = _parameters(by_phone, importer, now)
    agreed = {phone: consent for phone, row in by_phone.items() if (consent := importer.consent_of(row))}
    ids = contacts.ensure_contact_numbers(conn, list(dict.fromkeys([*by_phone, *opt_outs])), now)
    lock = import_sql.LOCK_NUMBERS if agreed or opt_outs else import_sql.LOCK_KNOWN_NUMBERS
    conn.execute(lock, {"numbers": list(ids.values())})
    made = {phone: lead_id for lead_id, phone in conn.execute(import_sql.INSERT_LEADS, values)}
    align_conversations(conn, list(made.values()))
    ours = _phones(conn, import_sql.LOCK_LEADS, values | {"phones": [phone for phone in by_phone if phone not in made]})
    changed = conn.execute(import_sql.UPDATE_LEADS, values | {"phones": list(ours)}).fetchall()
    announce_change(conn, [lead_id for lead_id, retold in changed if retold], now)
    given = [
        (ids[phone], consent)
        for phone, consent in agreed.items()
        if (phone in made or phone in ours) and phone not in opt_outs
    ]
    stops = [ImportedOptOut(ids[phone], each.at, day=each.day) for phone, each in opt_outs.items()]
    _announce(conn, given, stops, importer, now)
    hidden = [row.number for phone, row in by_phone.items() if phone not in made and phone not in ours]
    numbers = {ids[phone]: row.number for phone, row in by_phone.items() if phone in made or phone in ours}
    before = _stopped_before(conn, numbers, {ids[phone] for phone in opt_outs})
    return Outcomes(
        *(len(made), len(changed), len(rows) - len(made) - len(changed), hidden, len(given)),
        stopped=[row for row, source in before if source != SuppressionSource.ERASURE],
        erased=[row for row, source in before if source == SuppressionSource.ERASURE],
    )


def _stopped_before(conn: Connection, rows: Mapping[int, int], told_now: set[int]) -> list[tuple[int, str]]:
    """The rows of suppressed numbers, with the source; but those that the file itself has just told of."""
    asked = [number for number in rows if number not in told_now]
    return [(rows[number], source) for number, source in conn.execute(import_sql.STOPPED, {"numbers": asked})]


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


def _announce(
    conn: Connection,
    given: Sequence[tuple[int, Consent]],
    opt_outs: Sequence[ImportedOptOut],
    importer: Importer,
    now: datetime,
) -> None:
    source = (importer.filename, importer.actor_id, now)
    if given:
        announce_imported_consents(ConsentsImported(conn, given, *source))
    if opt_outs:
        announce_imported_opt_outs(OptOutsImported(conn, opt_outs, *source))
