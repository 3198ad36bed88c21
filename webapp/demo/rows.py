"""The plan's people, conversations and ways through campaigns as rows of the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from webapp.compliance import gate
from webapp.compliance.consent.giving import channel_of
from webapp.demo.history import Placed
from webapp.demo.journeys import Way
from webapp.demo.people import LeadPlan
from webapp.demo.team import MANAGER, Member
from webapp.demo.threads import ThreadPlan, Turn
from webapp.models.constants import ConsentChannel, ConsentEvent, EndReason, SuppressionSource

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Launched:
    """A campaign that was launched, and the version that its leads follow."""

    campaign_id: int
    version_id: int


@dataclass(frozen=True)
class Places:
    """What the rows refer to: people by their addresses, our number, campaigns by their names, and by each lead's phone
    its ids, its conversation's, and together with a campaign's name its enrollment's."""

    user_ids: dict[str, int]
    phone_number_id: int
    launched: dict[str, Launched]
    lead_ids: dict[str, int]
    contact_ids: dict[str, int]
    conversation_ids: dict[str, int]
    enrollment_ids: dict[tuple[str, str], int]

    def user(self, member: Member | None) -> int | None:
        return self.user_ids[member.email] if member else None

    def enrollment(self, way: Way) -> int:
        return self.enrollment_ids[way.drip.name, way.lead.phone]


CONTACT = (
    *("id", "e164", "suppressed_at", "suppression_source", "suppression_reason", "consent_at", "consent_source"),
    *("consent_channel", "doubt_at", "doubt_source", "doubt_matched", "last_inbound_at", "simulated", "created_at"),
)


def contact_row(lead: LeadPlan, places: Places, around: gate.Circumstances) -> Row:
    """The columns of ``CONTACT``."""
    consents = lead.consent_source is not None and lead.suppressed_at is None
    return (
        *(places.contact_ids[lead.phone], lead.phone),
        *(lead.suppressed_at, lead.suppression_source, lead.suppression_reason),
        *((lead.consent_at, lead.consent_source) if consents else (None, None)),
        channel_of(lead.consent_source) if consents and lead.consent_source else None,
        *((lead.last_inbound_at, SuppressionSource.NATURAL, lead.doubt_matched) if lead.doubt_matched else _NO_DOUBT),
        *(lead.last_inbound_at, around.simulated, lead.created_at),
    )


LEAD = (
    *("id", "contact_number_id", "phone", "first_name", "last_name", "email", "state", "postal_code", "tags", "custom"),
    *("status", "owner_id", "score", "source", "simulated", "created_at", "updated_at"),
)


def lead_row(lead: LeadPlan, places: Places, around: gate.Circumstances) -> Row:
    """The columns of ``LEAD``."""
    named = bool(lead.first_name)
    return (
        *(places.lead_ids[lead.phone], places.contact_ids[lead.phone], lead.phone, lead.first_name, lead.last_name),
        *((lead.email, lead.area.state, lead.postal_code) if named else (None, None, None)),
        *(lead.tags, Jsonb(lead.custom if named else {})),
        *(lead.status, places.user(lead.owner), lead.score, lead.source),
        *(around.simulated, lead.created_at, lead.created_at),
    )


_NO_DOUBT = (None, None, None)
CONSENT = ("contact_number_id", "event", "source", "channel", "occurred_at", "attested", "actor_id", "note")


def consent_rows(lead: LeadPlan, places: Places) -> Iterator[Row]:
    """How the lead agreed, and took it back: the columns of ``CONSENT``."""
    contact_id = places.contact_ids[lead.phone]
    if lead.consent_source:
        channel = channel_of(lead.consent_source)
        yield (contact_id, ConsentEvent.OPT_IN, lead.consent_source, channel, lead.created_at, True, None, None)
    if lead.suppressed_at:
        who, source, why = stopper(lead, places), lead.suppression_source or "", lead.suppression_reason
        told = ConsentChannel.VERBAL if source == SuppressionSource.MANUAL else channel_of(source)
        yield (contact_id, ConsentEvent.OPT_OUT, source, told, lead.suppressed_at, True, who, why)


def stopper(lead: LeadPlan, places: Places) -> int | None:
    """Who entered an opt-out that was not texted."""
    return places.user(lead.owner) if lead.suppression_source == SuppressionSource.MANUAL else None


CONVERSATION = (
    *("id", "contact_number_id", "phone_number_id", "lead_id", "assigned_to", "state", "waiting_since"),
    *("snoozed_until", "unread", "last_message_at", "last_message_id", "last_body", "last_direction"),
    *("last_inbound_at", "touched_at", "created_at"),
)


def conversation_row(thread: ThreadPlan, texts: Sequence[Placed], places: Places) -> Row:
    """The columns of ``CONVERSATION``; ``texts`` are all of it, oldest first."""
    lead, last = thread.lead, texts[-1]
    unanswered = _said_last(thread.turns)
    waits = thread.waits and bool(unanswered)
    return (
        *(
            places.conversation_ids[lead.phone],
            places.contact_ids[lead.phone],
            places.phone_number_id,
            places.lead_ids[lead.phone],
        ),
        *(places.user(thread.owner), thread.state, unanswered[0].at if waits else None, thread.snoozed_until),
        *(len(unanswered) if waits else 0, last.turn.at, last.id, last.turn.body[:200]),
        *(
            "inbound" if last.turn.inbound else "outbound",
            lead.last_inbound_at,
            _written_by_hand(texts),
            thread.created_at,
        ),
    )


def _said_last(turns: Sequence[Turn]) -> list[Turn]:
    """The lead's texts since our last one."""
    start = len(turns)
    while start and turns[start - 1].inbound:
        start -= 1
    return list(turns[start:])


def _written_by_hand(texts: Sequence[Placed]) -> datetime | None:
    return next((text.turn.at for text in reversed(texts) if not text.turn.inbound and text.turn.said is None), None)


THREAD = ("id", "contact_number_id", "phone_number_id", "lead_id", "assigned_to", "created_at")


def thread_row(way: Way, places: Places) -> Row:
    """The conversation that a lead got by being enrolled, without a text so far: the columns of ``THREAD``."""
    lead = way.lead
    return (
        *(places.conversation_ids[lead.phone], places.contact_ids[lead.phone], places.phone_number_id),
        *(places.lead_ids[lead.phone], places.user(lead.owner), way.entered_at),
    )


ENROLLMENT = (
    *("id", "campaign_id", "version_id", "lead_id", "contact_number_id", "conversation_id", "status", "position"),
    *("next_run_at", "reason", "sentence", "enrolled_by", "created_at", "last_text_at", "ended_at"),
    *("replied_at", "replied_step", "opted_out_at", "opted_out_step"),
)


def enrollment_row(way: Way, places: Places) -> Row:
    """The columns of ``ENROLLMENT``."""
    launched, phone = places.launched[way.drip.name], way.lead.phone
    return (
        *(places.enrollment(way), launched.campaign_id, launched.version_id, places.lead_ids[phone]),
        *(places.contact_ids[phone], places.conversation_ids[phone], way.status, way.position),
        *(way.next_run_at, way.reason, way.sentence, None if way.by_itself else places.user(MANAGER)),
        *(way.entered_at, way.last_text_at, way.ended_at),
        *_ended_by(way, EndReason.REPLIED),
        *_ended_by(way, EndReason.OPTED_OUT),
    )


def _ended_by(way: Way, why: EndReason) -> Row:
    """When the lead answered in this way, and the step whose text it had got last; both None where it did not."""
    return (way.ended_at, way.drip.steps[way.position - 1].key) if way.reason == why else (None, None)
