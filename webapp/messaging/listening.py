"""When a lead leaves its number, texts that have not gone are taken back, in the same transaction."""

from __future__ import annotations

from webapp.leads.signals import LeadLeft, lead_deleted, lead_renumbered
from webapp.messaging import outbox


def register() -> None:
    """Starts listening."""
    lead_deleted.connect(_take_back)
    lead_renumbered.connect(_take_back)


def _take_back(news: LeadLeft) -> None:
    outbox.cancel_all_to(news.conn, news.contact_number_id, now=news.now)
