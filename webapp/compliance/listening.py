"""What compliance does when leads announce consents and opt-outs: writes them down, in the same transaction."""

from __future__ import annotations

from webapp.compliance.consent.giving import ConsentGiven, record_opt_ins
from webapp.compliance.consent.imported import FromFile, on_day, write_opt_ins
from webapp.compliance.optouts.imported import write_opt_outs
from webapp.leads.signals import (
    ConsentAnnounced,
    OptOutsImported,
    consent_given,
    consents_imported,
    opt_outs_imported,
)


def register() -> None:
    """Starts listening."""
    consent_given.connect(_write_down)
    consents_imported.connect(write_opt_ins)
    opt_outs_imported.connect(_suppress)


def _write_down(news: ConsentAnnounced) -> None:
    said = news.consent
    given = ConsentGiven(said.source, said.at, said.attested, kind=said.kind, details=on_day(said.day))
    record_opt_ins(news.conn, news.contact_number_ids, given, actor_id=news.actor_id, now=news.now)


def _suppress(news: OptOutsImported) -> None:
    write_opt_outs(news.conn, news.opt_outs, FromFile(news.filename, news.actor_id, news.now))
