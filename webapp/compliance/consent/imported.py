"""Consents from files, written down for a batch of numbers at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from webapp.compliance.consent import rows
from webapp.compliance.consent.giving import ConsentGiven, lapses_at
from webapp.compliance.consent.rows import Row
from webapp.leads.signals import Consent, ConsentsImported
from webapp.models.constants import ConsentChannel, ConsentEvent


@dataclass(frozen=True, slots=True)
class FromFile:
    """Where a batch comes from: the file's name, and who imports it. ``now`` is business time."""

    filename: str
    actor_id: int | None
    now: datetime

    def evidence(self, **more: object) -> dict[str, object]:
        return {"file": self.filename, **more}


def on_day(day: date | None) -> dict[str, object]:
    """For a row's details, where only the day is known: its instant's time is then nobody's word."""
    return {"day": day.isoformat()} if day else {}


def write_opt_ins(news: ConsentsImported) -> None:
    """Each number's consent to the ledger, and to the number if it is not suppressed and its consent is no better."""
    source = FromFile(news.filename, news.actor_id, news.now)
    written = [_row(number, consent, source) for number, consent in news.given]
    rows.write(news.conn, written)
    rows.hold_good(news.conn, written)


def _row(contact_number_id: int, consent: Consent, source: FromFile) -> Row:
    return Row(
        contact_number_id,
        ConsentEvent.OPT_IN,
        consent.source,
        ConsentChannel.IMPORT,
        consent.at,
        lapses_at(ConsentGiven(consent.source, kind=consent.kind), consent.at),
        actor_id=source.actor_id,
        details=source.evidence(kind=consent.kind, **on_day(consent.day)),
    )
