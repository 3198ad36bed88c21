"""Many leads as a CSV file for a spreadsheet, made in the background and kept for a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from psycopg.rows import class_row

from webapp import database
from webapp.accounts.actors import Actor, visible
from webapp.accounts.permissions import Permission
from webapp.database import Connection
from webapp.jobs import bulk_rows
from webapp.jobs.bulk import Operation
from webapp.leads.bulk_actions import Action, Done, Params, Task
from webapp.leads.reading import COLUMNS, JOINS, Lead
from webapp.leads.statuses import LABELS
from webapp.web import csvsafe
from webapp.web.times import rfc3339

NAME = "export"
#: The account's own fields that get a column: those of the leads, in the order of the alphabet.
_MOST_OWN = 200
_MARK = "\ufeff".encode()
#: As an import reads them again.
_HEADER = (
    "First name",
    "Last name",
    "Phone",
    "E-mail",
    "State",
    "ZIP",
    "Time zone",
    "Status",
    "Tags",
    "Assigned to",
    "Source",
    "Score",
    "Added",
    "Consent source",
    "Consent date",
    "Opted out",
)


def is_kept(conn: Connection, operation: Operation) -> bool:
    """Whether the file is still there."""
    return bool(bulk_rows.spans(conn, operation.id, after=0))


def stream(operation: Operation) -> Iterator[bytes]:
    """The file, one chunk in memory at a time, as far as the operation has come."""
    yield from csvsafe.lines([[*_HEADER, *operation.params["with"]["own"]]])
    with database.autocommit() as conn:
        for chunk in bulk_rows.kept_chunks(conn, operation.id):
            if chunk.first_row <= operation.done:
                yield chunk.content


def _read(conn: Connection, actor: Actor, _given: Mapping[str, str]) -> Params:
    """The names of the account's own fields, asked once: every line has the same columns."""
    rows = conn.execute(_OWN_FIELDS, {**actor.params(), "most": _MOST_OWN}, prepare=False)
    return {"own": [row[0] for row in rows]}


def _write(task: Task, ids: Sequence[int]) -> Done:
    with task.conn.cursor(row_factory=class_row(Lead)) as cursor:
        leads = cursor.execute(_LEADS, {"ids": list(ids)}).fetchall()
    lines = csvsafe.lines(_row(lead, task.params["own"]) for lead in leads)
    content = b"".join(lines).removeprefix(_MARK)
    return Done(Counter(exported=len(leads)), kept=content, kept_rows=len(leads))


def _row(lead: Lead, own: Sequence[str]) -> list[object]:
    return [
        lead.first_name,
        lead.last_name,
        lead.number,
        lead.email,
        lead.state,
        lead.postal_code,
        lead.timezone,
        LABELS[lead.status],
        ", ".join(lead.tags),
        lead.owner_name,
        lead.source,
        lead.score,
        rfc3339(lead.created_at),
        lead.consent_source,
        rfc3339(lead.consent_at) if lead.consent_at else None,
        "yes" if lead.suppressed else None,
        *(lead.custom.get(name) for name in own),
    ]


ACTION = Action(
    NAME,
    "Export as CSV",
    says=lambda _: "Export as CSV",
    read=_read,
    apply=_write,
    may=Permission.MANAGE,
    counters={"exported": "Exported", "skipped": "Skipped"},
    keeps=True,
    tells="leads were exported",
)

_OWN_FIELDS = f"""
SELECT DISTINCT jsonb_object_keys(l.custom) AS name FROM leads AS l
WHERE l.custom <> '{{}}' AND {visible("l.owner_id")}
ORDER BY name LIMIT %(most)s
"""  # noqa: S608 (our own words)

_LEADS = f"SELECT {COLUMNS} FROM leads AS l {JOINS} WHERE l.id = ANY(%(ids)s) ORDER BY l.id"  # noqa: S608 (our own words)
