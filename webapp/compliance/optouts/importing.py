"""Opt-outs with their history, from other systems: a bulk operation over a file.

Every row ends in one of five counters. ``suppressed``: the number was texted until now, and is no longer. ``known``: it
was suppressed already, and keeps the earlier of the two days. ``answered``: the person texted START after the day in
the file, and stays subscribed. ``invalid``: the number cannot be read. ``skipped``: a blank row, or one that the file
itself does not mark as opted out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice

from webapp import clock
from webapp.accounts import audit
from webapp.accounts.actors import Actor
from webapp.compliance.consent.imported import FromFile
from webapp.compliance.optouts import list_file
from webapp.compliance.optouts.imported import Stopped, write_opt_outs
from webapp.compliance.optouts.list_file import Layout, Line
from webapp.database import Connection
from webapp.jobs import bulk
from webapp.jobs.bulk import Operation, RowError
from webapp.jobs.bulk_runner import Batch, Step
from webapp.leads import contacts, csvfile
from webapp.leads.csvfile import NumberedRow, UnreadableFileError
from webapp.leads.fields import tidy
from webapp.leads.signals import ImportedOptOut

KIND = "optout_import"
COUNTERS = ("suppressed", "known", "answered", "invalid", "skipped")
#: The largest file that is taken.
MAX_BYTES = 20 * 1024 * 1024

_BATCH = 1000
_UNDATED = "The day cannot be read: the opt-out counts from today. Write it like 2026-11-02 or 11/2/2026."
_NOT_YET = "This day has not come yet: the opt-out counts from today. Look up the right day, and import the row again."


@dataclass(frozen=True, slots=True)
class _Source:
    """What a file's rows share: how they are read, and where they come from."""

    layout: Layout
    zone: str
    filename: str
    actor_id: int | None


def begin(conn: Connection, content: bytes, filename: str, actor: Actor) -> int:
    """Stores a file as a bulk operation, to be rung for after the commit. Returns its id.

    Raises UnreadableFileError when the file as a whole cannot be used; nothing is stored then.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableFileError(f"The file is larger than {MAX_BYTES >> 20} MB. Split it, and import the parts.")
    table = csvfile.read(content)
    layout = list_file.understand(table)
    total = csvfile.count_rows(table) + layout.headless
    notes = list_file.notes_on(table, layout)
    operation_id = bulk.create(
        conn,
        KIND,
        actor_id=actor.id,
        params={"filename": tidy(filename)[:200], "notes": notes, "zone": actor.timezone},
        upload=content,
        total=total,
        counters=COUNTERS,
    )
    audit.record(conn, actor.id, "opt_outs.imported", f"bulk:{operation_id}", rows=total)
    return operation_id


def plan(operation: Operation, upload: bytes) -> Iterator[Step]:
    """The steps that are left of an import."""
    table = csvfile.read(upload)
    layout = list_file.understand(table)
    source = _Source(layout, operation.params["zone"], operation.params["filename"], operation.actor_id)
    rows = islice(list_file.rows_of(table, layout), operation.done, None)
    while batch := list(islice(rows, _BATCH)):
        yield partial(_import, source, batch)


def _import(source: _Source, batch: Sequence[NumberedRow], conn: Connection) -> Batch:
    """One batch: each number is locked before anything is written to it."""
    lines = [line for row in batch if (line := list_file.read_line(*row, source.layout, source.zone))]
    now, told = clock.now(), [(line.phone, line.opt_out, line.reason) for line in lines if line.phone and line.opt_out]
    ids = contacts.ensure_contact_numbers(conn, list({phone for phone, _, _ in told}), now)
    opt_outs = [ImportedOptOut(ids[phone], opt_out.at, reason, opt_out.day) for phone, opt_out, reason in told]
    stopped = write_opt_outs(conn, opt_outs, FromFile(source.filename, source.actor_id, now))
    counters = _outcomes([each.contact_number_id for each in opt_outs], stopped)
    counters["invalid"] = sum(1 for line in lines if line.problem)
    counters["skipped"] = len(batch) - len(opt_outs) - counters["invalid"]
    return Batch(len(batch), counters, list(_errors(lines, now)))


def _outcomes(numbers: Sequence[int], stopped: Stopped) -> Counter[str]:
    """A number that stands in a batch twice is new once, and known the second time."""
    counters = Counter(answered=sum(number in stopped.answered for number in numbers), suppressed=len(stopped.fresh))
    counters["known"] = len(numbers) - counters["answered"] - counters["suppressed"]
    return counters


def _errors(lines: Sequence[Line], now: datetime) -> Iterator[RowError]:
    for line in lines:
        if line.problem:
            yield RowError(line.number, "phone", "invalid", line.problem)
        elif line.undated:
            yield RowError(line.number, "date", "undated", _UNDATED)
        elif line.opt_out and line.opt_out.at and line.opt_out.at > now:
            yield RowError(line.number, "date", "undated", _NOT_YET)
