"""``leadline leads``: importing from the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import click
import psycopg

from webapp import clock, database
from webapp.accounts import settings, users
from webapp.database import Connection
from webapp.jobs import bulk, bulk_runner
from webapp.jobs.bulk import Operation
from webapp.jobs.bulk_runner import Batch, Plan, Step
from webapp.leads import consents, importing, rejects
from webapp.leads.csvfile import UnreadableFileError
from webapp.leads.import_writing import Importer
from webapp.leads.signals import Consent
from webapp.models.constants import BulkStatus

_NEW_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)
_NO_END = float("inf")
_WORDS = {
    "new": "new",
    "updated": "updated",
    "duplicate": "duplicate, further up in the file",
    "invalid": "invalid, to be mended",
    "skipped": "skipped: blank, nothing new, or not to be changed",
}


class _Bar(Protocol):
    def update(self, n_steps: int) -> None: ...


@dataclass(frozen=True, slots=True)
class _Asked:
    """The options that say what to do with everybody in the file."""

    owner: str | None
    overwrite: bool
    consent_source: str
    consent_date: datetime | None
    attest: bool


@click.group("leads")
def leads_cli() -> None:
    """Leads."""


@leads_cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--owner", metavar="EMAIL", help="Who gets the new leads. Nobody, where it is left out.")
@click.option("--overwrite", is_flag=True, help="Let the file replace what known leads already say.")
@click.option("--consent-source", default="", metavar="WORDS", help="How everybody in the file agreed to texts.")
@click.option("--consent-date", type=click.DateTime(["%Y-%m-%d"]), help="The day on which they agreed.")
@click.option(
    "--attest",
    "--consent-attested",
    is_flag=True,
    help="Vouch for that consent, or for the file's own consent columns. Neither counts without.",
)
@click.option("--rejects", "rejects_path", type=_NEW_FILE, help="Write the rows that did not go in to this file.")
def import_file(file: Path, rejects_path: Path | None, **options: Any) -> None:  # noqa: ANN401 (click's own)
    """Import leads from a CSV file.

    Its first row names the columns; one of them is Phone, Mobile or Cell. Whoever is marked in a column named Opted
    out, DND or the like is never texted. Without consent, nothing automatic is sent to the leads.
    """
    operation_id = _begin(file, _Asked(**options))
    operation = _run(operation_id)
    _report(operation)
    _hand_out_rejects(operation, rejects_path)
    if operation.status != BulkStatus.DONE:
        raise click.ClickException(f"Stopped after row {operation.done} of {operation.total}. {operation.error or ''}")


@leads_cli.command("rejects")
@click.argument("import_id", type=int)
@click.option("--output", type=click.File("wb"), default="-", help="Where to write them; standard output by default.")
def write_rejects(import_id: int, output: BinaryIO) -> None:
    """Write the rows of an import that did not go in, with the reasons, as CSV."""
    with database.autocommit() as conn:
        chunks = rejects.rejects_file(conn, import_id)
    if chunks is None:
        raise click.ClickException(f"There is no import {import_id}, or its file is no longer kept.")
    output.writelines(chunks)


def _begin(file: Path, asked: _Asked) -> int:
    with database.transaction() as conn:
        importer = _importer(conn, asked)
        try:
            return importing.begin(conn, file.read_bytes(), file.name, importer)
        except UnreadableFileError as unreadable:
            raise click.ClickException(str(unreadable)) from None


def _importer(conn: Connection, asked: _Asked) -> Importer:
    zone = settings.read(conn).default_timezone
    consent = _consent(asked, zone)
    return Importer(None, True, _owner_id(conn, asked.owner), asked.overwrite, consent, asked.attest, zone)


def _owner_id(conn: Connection, email: str | None) -> int | None:
    if email is None:
        return None
    person = users.by_email(conn, email)
    if person is None or not person.active:
        raise click.BadParameter(f"Nobody active has the address {email}.", param_hint="--owner")
    return person.id


def _consent(asked: _Asked, zone: str) -> Consent | None:
    """Everybody's consent: source, day and attestation together, or none."""
    if not asked.consent_source:
        if asked.consent_date:
            raise click.UsageError("Say how they agreed: add --consent-source, or leave --consent-date out.")
        return None
    if not asked.attest:
        raise click.UsageError("Consent counts only if you vouch for it: add --attest, or leave --consent-source out.")
    if asked.consent_date is None:
        raise click.UsageError("Consent counts only with its day: add --consent-date, or leave --consent-source out.")
    try:
        return consents.on_day(asked.consent_source, asked.consent_date.date(), zone, clock.now())
    except ValueError as refusal:
        raise click.BadParameter(str(refusal), param_hint="--consent-date") from None


def _run(operation_id: int) -> Operation:
    """Does all of it here. Interrupted, it is canceled; killed, a worker goes on with it after a minute."""
    operation = _find(operation_id)
    with click.progressbar(length=operation.total, label="Importing", file=sys.stderr) as bar:
        try:
            bulk_runner.run(operation_id, _watched(bar), seconds=_NO_END)
        except KeyboardInterrupt:
            with database.transaction() as conn:
                bulk.cancel(conn, operation_id)
        except psycopg.OperationalError:
            raise click.ClickException("The database went away. A worker goes on with the import.") from None
    return _find(operation_id)


def _find(operation_id: int) -> Operation:
    with database.autocommit() as conn:
        operation = bulk.find(conn, operation_id)
    assert operation is not None
    return operation


def _watched(bar: _Bar) -> Plan:
    """The import's steps, each of which moves the bar."""

    def plan(operation: Operation, upload: bytes) -> Iterator[Step]:
        return (partial(tell, step) for step in importing.plan(operation, upload))

    def tell(step: Step, conn: Connection) -> Batch:
        batch = step(conn)
        bar.update(batch.rows)
        return batch

    return plan


def _report(operation: Operation) -> None:
    """The counters, and what they add up to."""
    width = len(f"{operation.total:,}")
    for name in importing.COUNTERS:
        click.echo(f"{operation.counters[name]:>{width},}  {_WORDS[name]}")
    click.echo(f"{sum(operation.counters.values()):>{width},}  rows in all")
    click.echo(_consent_in_words(operation))
    for note in operation.params["notes"]:
        click.echo(note)


def _consent_in_words(operation: Operation) -> str:
    agreed, opted_out = operation.tally.get("agreed", 0), operation.tally.get("opted_out", 0)
    words = (
        f"Consent was written down for {agreed:,}." if agreed else "Without consent: nothing automatic is sent to them."
    )
    still = operation.tally.get("stopped_before", 0) + operation.tally.get("erased_before", 0)
    words += f" {opted_out:,} marked as opted out are never texted." if opted_out else ""
    return words + (f" {still:,} who had opted out or had their data deleted are still not texted." if still else "")


def _hand_out_rejects(operation: Operation, path: Path | None) -> None:
    """Writes the rejects, or says how many rows there are and how to get them."""
    with database.autocommit() as conn:
        rows = rejects.count(conn, operation.id)
        chunks = rejects.rejects_file(conn, operation.id) if path and rows else None
    if path and chunks:
        path.write_bytes(b"".join(chunks))
        click.echo(f"{rows:,} rows did not go in. They are in {path}, each with the reason.")
    elif rows:
        click.echo(f"{rows:,} rows did not go in. To see why: leadline leads rejects {operation.id} > rejects.csv")
