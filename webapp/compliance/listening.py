"""What compliance does when leads announce a consent: writes it down, in the same transaction."""

from __future__ import annotations

from webapp.compliance.consent import ConsentGiven, record_opt_ins
from webapp.leads.signals import ConsentAnnounced, consent_given


def register() -> None:
    """Starts listening."""
    consent_given.connect(_write_down)


def _write_down(news: ConsentAnnounced) -> None:
    given = ConsentGiven(news.consent.source, news.consent.at, news.consent.attested)
    record_opt_ins(news.conn, news.contact_number_ids, given, actor_id=news.actor_id, now=news.now)
