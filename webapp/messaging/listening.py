"""What messaging does when rooms below announce something, in the same transaction.

When a lead leaves its number, texts that have not gone are taken back; whoever opts in on the public page is asked to
confirm it.
"""

from __future__ import annotations

from webapp.compliance.public.opt_in import ConfirmationWanted, opt_in_submitted
from webapp.leads.signals import LeadLeft, lead_deleted, lead_renumbered
from webapp.leads.strangers import lead_of_number
from webapp.messaging import canceling, outbox, threads
from webapp.models.constants import Origin


def register() -> None:
    """Starts listening."""
    lead_deleted.connect(_take_back)
    lead_renumbered.connect(_take_back)
    opt_in_submitted.connect(_ask_to_confirm)


def _take_back(news: LeadLeft) -> None:
    canceling.cancel_all_to(news.conn, news.contact_number_id, now=news.now)


def _ask_to_confirm(news: ConfirmationWanted) -> None:
    """The outbox looks for queued texts every few seconds, so nobody has to ring."""
    lead = lead_of_number(news.conn, news.contact_number_id, news.now)
    conversation_id = threads.ensure_conversation(
        news.conn,
        contact_number_id=news.contact_number_id,
        lead_id=lead.id,
        assigned_to=lead.owner_id,
        now=news.now,
    )
    text = outbox.NewText(conversation_id, news.words, Origin.OPT_IN, automatic=True)
    outbox.queue(news.conn, text, now=news.now)
