"""Importing leads from a file: the same machinery for the page, the API and the command line.

Every row of the file ends in one of five counters. ``new``: a lead was made. ``updated``: a lead that we had gained
fields or tags. ``duplicate``: the number stood further up in the file. ``invalid``: something must be mended, and the
row error says what. ``skipped``: the row is blank, says nothing new, or its number is a colleague's.

Beside them the tally counts people whose consent was written down (``agreed``) and rows whose people the file marks as
opted out (``opted_out``): those are suppressed, whatever else became of the row. ``stopped_before`` and
``erased_before``, where there are any, are people who stay suppressed though the file does not mark them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice

from webapp import clock, database
from webapp.accounts import audit
from webapp.database import Connection
from webapp.jobs import bulk
from webapp.jobs.bulk import Operation, RowError
from webapp.jobs.bulk_runner import Batch, Step
from webapp.leads import consents, csvfile, statuses
from webapp.leads.columns import Columns, recognise
from webapp.leads.csvfile import NumberedRow, UnreadableFileError, is_blank
from webapp.leads.fields import tidy
from webapp.leads.import_writing import Importer, Outcomes, write_rows
from webapp.leads.leads import COLLEAGUES
from webapp.leads.marks import OptOut
from webapp.leads.rejects import STOPPED
from webapp.leads.rows import Row, phone_of, read_row
from webapp.web.problems import FieldError

KIND = "lead_import"
COUNTERS = ("new", "updated", "duplicate", "invalid", "skipped")
#: The largest file that is taken.
MAX_BYTES = 20 * 1024 * 1024

_BATCH = 1000
#: So many of a file's own words for statuses are named in a note.
_NAMED = 5
_TOLD = {
    "stopped_before": "They are in, and not texted: this person had opted out. Consent in a file lifts no opt-out.",
    "erased_before": "They are in again, and not texted: this person had their data deleted. Delete the lead if you"
    " have no new reason to keep it.",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A batch of rows: those that are leads, what became of the others, and who opted out among all of them."""

    rows: int
    leads: list[Row] = field(default_factory=list)
    counters: Counter[str] = field(default_factory=Counter)
    errors: list[RowError] = field(default_factory=list)
    opt_outs: dict[str, OptOut] = field(default_factory=dict)
    marked: set[int] = field(default_factory=set)


def begin(conn: Connection, content: bytes, filename: str, importer: Importer) -> int:
    """Stores a file as a bulk operation, to be rung for after the commit. Returns its id.

    Raises UnreadableFileError when the file as a whole cannot be used; nothing is stored then.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableFileError(f"The file is larger than {MAX_BYTES >> 20} MB. Split it, and import the parts.")
    table = csvfile.read(content)
    columns = recognise(table.header)
    total = csvfile.count_rows(table)
    operation_id = bulk.create(
        conn,
        KIND,
        actor_id=importer.actor_id,
        params={**importer.to_params(), "filename": tidy(filename)[:200], "notes": _notes(table, columns, importer)},
        upload=content,
        total=total,
        counters=COUNTERS,
    )
    consent = importer.consent.source if importer.consent else None
    audit.record(conn, importer.actor_id, "leads.imported", f"bulk:{operation_id}", rows=total, consent=consent)
    return operation_id


def plan(operation: Operation, upload: bytes) -> Iterator[Step]:
    """The steps that are left of an import."""
    table = csvfile.read(upload)
    columns, rows = recognise(table.header), table.rows()
    importer = Importer.from_params(operation.actor_id, operation.params)
    seen = _numbers_seen(operation, islice(rows, operation.done), columns)
    while batch := list(islice(rows, _BATCH)):
        yield partial(_import, importer, _judge(batch, columns, seen, importer.zone))


def _import(importer: Importer, judged: Judged, conn: Connection) -> Batch:
    outcomes = write_rows(conn, judged.leads, judged.opt_outs, importer, clock.now())
    counters = judged.counters + Counter(new=outcomes.new, updated=outcomes.updated, skipped=outcomes.skipped)
    hidden = [RowError(number, "phone", "skipped", COLLEAGUES) for number in outcomes.hidden]
    tally = Counter(agreed=outcomes.agreed, opted_out=len(judged.marked))
    tally.update({name: len(rows) for name, rows in _stopped(outcomes) if rows})
    stopped = [RowError(row, "phone", STOPPED, _TOLD[name]) for name, rows in _stopped(outcomes) for row in rows]
    return Batch(judged.rows, counters, [*judged.errors, *hidden, *stopped], tally)


def _stopped(outcomes: Outcomes) -> Sequence[tuple[str, Sequence[int]]]:
    return (("stopped_before", outcomes.stopped), ("erased_before", outcomes.erased))


def _judge(batch: list[NumberedRow], columns: Columns, seen: dict[str, int], zone: str) -> Judged:
    """Sorts rows into leads and others. ``seen`` is where each number first stood, and learns this batch's."""
    judged, now = Judged(len(batch)), clock.now()
    for number, cells in batch:
        if is_blank(cells):
            judged.counters["skipped"] += 1
        else:
            _judge_row(judged, read_row(number, cells, columns, zone), seen, now)
    return judged


def _judge_row(judged: Judged, row: Row, seen: dict[str, int], now: datetime) -> None:
    if row.opted_out:
        judged.marked.add(row.number)
        judged.opt_outs.setdefault(row.values["phone"], row.opted_out)
    if errors := [*row.errors, *_too_early(row, now)]:
        judged.counters["invalid"] += 1
        judged.errors.extend(RowError(row.number, error.field, "invalid", error.message) for error in errors)
    elif (first := seen.setdefault(row.values["phone"], row.number)) != row.number:
        judged.counters["duplicate"] += 1
        judged.errors.append(RowError(row.number, "phone", "duplicate", f"The same number is in row {first}."))
    else:
        judged.leads.append(row)


def _too_early(row: Row, now: datetime) -> list[FieldError]:
    if row.consent.at is None or row.consent.at <= now:
        return []
    return [FieldError("consent_date", consents.NOT_YET)]


def _numbers_seen(operation: Operation, rows: Iterable[NumberedRow], columns: Columns) -> dict[str, int]:
    """Where each number first stood among the rows that are done with. An invalid row's number may come again."""
    if not operation.done:
        return {}
    with database.autocommit() as conn:
        invalid = bulk.rows_with(conn, operation.id, "invalid")
    seen: dict[str, int] = {}
    for number, cells in rows:
        phone = None if number in invalid else phone_of(cells, columns)
        if phone:
            seen.setdefault(phone, number)
    return seen


def _notes(table: csvfile.Table, columns: Columns, importer: Importer) -> list[str]:
    """What the importer should know about how the file was read."""
    notes = [f"Phone numbers are taken from “{table.header[columns.phones[0]].strip()}”."]
    if len(columns.phones) > 1:
        others = " or ".join(f"“{table.header[position].strip()}”" for position in columns.phones[1:])
        notes = [f"{notes[0][:-1]}, else from {others}."]
    notes.extend(_notes_on_consent(table, columns, importer))
    notes.extend(_notes_on_statuses(table, columns))
    if columns.custom:
        notes.append(f"Kept as fields of your own: {', '.join(columns.custom)}.")
    if columns.nameless and _has_cells(table, columns.nameless):
        notes.append("Columns without a name were left out.")
    if table.encoding == csvfile.WINDOWS:
        notes.append("The file is not UTF-8. It was read as Windows text: check names with accents.")
    return notes


def _notes_on_consent(table: csvfile.Table, columns: Columns, importer: Importer) -> Iterator[str]:
    if columns.speaks_of_consent and not (importer.attested or importer.consent):
        yield "The file's consent columns do not count, since nobody confirmed them: the leads are in without consent."
    if columns.opt_outs:
        marks = " or ".join(f"“{table.header[position].strip()}”" for position in columns.opt_outs)
        yield f"Whoever is marked in {marks} opted out, and is never texted."


def _notes_on_statuses(table: csvfile.Table, columns: Columns) -> Iterator[str]:
    """Which words of the file's are none of ours; whoever has one is in all the same."""
    position = columns.fields.get("status")
    if position is None:
        return
    words = Counter(tidy(cells[position]) for _, cells in table.rows() if position < len(cells))
    unknown = [word for word, _ in words.most_common() if word and not statuses.find(word)]
    if len(unknown) < len(words) - ("" in words):
        yield f"Statuses are taken from “{table.header[position].strip()}”."
    if unknown:
        named = ", ".join(f"“{word[:30]}”" for word in unknown[:_NAMED])
        more = f" and {len(unknown) - _NAMED:,} more" if len(unknown) > _NAMED else ""
        yield (
            f"No status here, so kept as your own field {columns.status_key}: {named}{more}. These leads keep the"
            " status that they have; new ones are “New”."
        )


def _has_cells(table: csvfile.Table, positions: tuple[int, ...]) -> bool:
    return any(cells[n].strip() for _, cells in table.rows() for n in positions if n < len(cells))
