"""The registration with the carriers: its draft, what the account already knows, and what is still not ready."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from webapp.accounts import audit
from webapp.accounts.actors import Actor
from webapp.compliance.public.programme import Programme
from webapp.compliance.registration import prefill
from webapp.compliance.registration.checks import Answers, Finding, check
from webapp.compliance.registration.fields import Field, Questionnaire, Section
from webapp.compliance.registration.ten_dlc import TEN_DLC
from webapp.compliance.registration.toll_free import TOLL_FREE
from webapp.database import Connection
from webapp.models.constants import RegistrationKind

QUESTIONNAIRES = {questionnaire.kind: questionnaire for questionnaire in (TEN_DLC, TOLL_FREE)}
LONGEST_ANSWER = 5000

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Answered:
    """A field with its answer, whether that comes from the account itself, and what is wrong with it."""

    field: Field
    value: str
    own: bool
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> bool:
        """Whether it counts towards the whole: every required field, and an optional one that was filled in."""
        return self.field.required or bool(self.value)

    @property
    def ready(self) -> bool:
        """Whether a review would pass it."""
        return self.counts and not any(finding.blocks for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Draft:
    """A registration as it stands. ``saved_at``: machine time, None before the first save."""

    questionnaire: Questionnaire
    fields: dict[str, Answered]
    saved_at: datetime | None = None
    saved_by: str | None = None

    @property
    def counted(self) -> list[Answered]:
        return [answered for answered in self.fields.values() if answered.counts]

    @property
    def ready(self) -> int:
        """How many of the fields that count are ready."""
        return sum(answered.ready for answered in self.counted)

    @property
    def unready(self) -> list[Answered]:
        """Those that are not, in the page's order."""
        return [answered for answered in self.counted if not answered.ready]

    def of(self, section: Section) -> list[Answered]:
        return [self.fields[field.key] for field in section.fields]


def load(conn: Connection, kind: RegistrationKind, programme: Programme) -> Draft:
    """The draft, with what the account knows where nobody answered."""
    row = conn.execute(
        """
        SELECT r.answers, r.updated_at, u.name FROM registrations r JOIN users u ON u.id = r.updated_by
        WHERE r.kind = %s
        """,
        [kind],
    ).fetchone()
    stored, saved_at, saved_by = row or ({}, None, None)
    return _draft(conn, kind, stored, programme, saved_at, saved_by)


def preview(conn: Connection, kind: RegistrationKind, given: Mapping[str, str], programme: Programme) -> Draft:
    """The draft as it would be with these answers; nothing is kept."""
    return _draft(conn, kind, given, programme)


def save(
    conn: Connection, kind: RegistrationKind, given: Mapping[str, str], programme: Programme, actor: Actor
) -> Draft:
    """Keeps the answers, ready or not. What is as the account has it is not kept, and goes on following the account."""
    known = prefill.answers(conn, kind, programme)
    answers = {
        field.key: value
        for field in QUESTIONNAIRES[kind].fields()
        if (value := given.get(field.key, "")) != known.get(field.key, "")
    }
    conn.execute(
        """
        INSERT INTO registrations (kind, answers, updated_by) VALUES (%(kind)s, %(answers)s, %(actor)s)
        ON CONFLICT (kind) DO UPDATE
        SET answers = excluded.answers, updated_at = now(), updated_by = excluded.updated_by
        """,
        {"kind": kind, "answers": Jsonb(answers), "actor": actor.id},
    )
    audit.record(conn, actor.id, "registration.saved", kind, fields=sorted(answers))
    return load(conn, kind, programme)


def tidy(value: str) -> str:
    """An answer as it is kept: no control characters, one kind of line break, no more than fits any field."""
    return _CONTROL.sub("", value.replace("\r\n", "\n")).strip()[:LONGEST_ANSWER]


def _draft(
    conn: Connection,
    kind: RegistrationKind,
    given: Mapping[str, str],
    programme: Programme,
    saved_at: datetime | None = None,
    saved_by: str | None = None,
) -> Draft:
    questionnaire = QUESTIONNAIRES[kind]
    known = prefill.answers(conn, kind, programme)
    answers = {field.key: given.get(field.key, known.get(field.key, "")) for field in questionnaire.fields()}
    fields = {field.key: _answered(field, answers, known, programme) for field in questionnaire.fields()}
    return Draft(questionnaire, fields, saved_at, saved_by)


def _answered(field: Field, answers: Answers, known: Answers, programme: Programme) -> Answered:
    value = answers[field.key]
    own = bool(value) and value == known.get(field.key)
    return Answered(field, value, own, tuple(check(field, answers, programme)))
