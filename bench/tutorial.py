"""The drip loop as a tutorial writes it: an ORM session, one enrollment and one commit at a time, without a rule."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache

import jinja2
import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.carrier import prices, segments
from webapp.models.campaigns import CampaignStep, Enrollment
from webapp.models.leads import Lead
from webapp.models.ledger import Decision, SmsEvent
from webapp.models.messaging import Conversation, Message

_SENTENCE = "Allowed: consent on file, and inside the hours where the lead is."
_INPUTS = {"zones": ["America/Chicago"], "states": ["TX"], "hours": ["account@08:00-21:00"], "solicitations_24h": 0}


@contextmanager
def engine(url: str) -> Iterator[sa.Engine]:
    """SQLAlchemy's own pool of one, on our driver."""
    made = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), pool_size=1)
    try:
        yield made
    finally:
        made.dispose()


def run(session: Session, now: datetime) -> int:
    """Texts everybody who is due; returns how many."""
    wanted = sa.and_(Enrollment.status == "active", ~Enrollment.parked, Enrollment.next_run_at <= now)
    due = session.scalars(sa.select(Enrollment.id).where(wanted).order_by(Enrollment.next_run_at)).all()
    for enrollment_id in due:
        _text(session, session.get_one(Enrollment, enrollment_id), now)
        session.commit()
    return len(due)


def _text(session: Session, enrollment: Enrollment, now: datetime) -> None:
    lead = session.get_one(Lead, enrollment.lead_id)
    conversation = session.get_one(Conversation, enrollment.conversation_id)
    of_version, here = CampaignStep.version_id == enrollment.version_id, CampaignStep.position == enrollment.position
    step = session.scalars(sa.select(CampaignStep).where(of_version, here)).one()
    template = _template(step.variants[0]["body"])
    body = template.render(first_name=lead.first_name, my_name="Rep 5", business_name="Bluebonnet")
    body += "\nReply STOP to opt out, HELP for help."
    counted = segments.count(body)
    message = Message(
        conversation_id=conversation.id,
        contact_number_id=enrollment.contact_number_id,
        phone_number_id=conversation.phone_number_id,
        direction="outbound",
        body=body,
        status="queued",
        origin="campaign",
        automatic=True,
        solicitation=True,
        footer=True,
        encoding=counted.encoding,
        segments=counted.segments,
        cost=prices.estimate(counted.segments),
        created_at=now,
        campaign_id=enrollment.campaign_id,
        enrollment_id=enrollment.id,
        step_key=step.step_key,
        visit=enrollment.visit,
    )
    session.add(message)
    session.flush()
    session.add(SmsEvent(at=now, type="queued", conversation_id=conversation.id, message_id=message.id))
    session.add(_explained(message, enrollment, step, now))
    conversation.last_message_at, conversation.last_message_id = now, message.id
    conversation.last_body, conversation.last_direction = body[:200], "outbound"
    conversation.version = sa.func.nextval("change_seq")
    enrollment.position += 1
    enrollment.next_run_at, enrollment.last_text_at = now + timedelta(days=1), now


@cache
def _template(body: str) -> jinja2.Template:
    return jinja2.Template(body)


def _explained(message: Message, enrollment: Enrollment, step: CampaignStep, now: datetime) -> Decision:
    return Decision(
        message_id=message.id,
        contact_number_id=enrollment.contact_number_id,
        stage="queue",
        at=now,
        outcome="allow",
        rule="all rules",
        rule_version="2026-11-25",
        sentence=_SENTENCE,
        inputs=_INPUTS,
        enrollment_id=enrollment.id,
        step_key=step.step_key,
    )
