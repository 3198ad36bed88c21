"""Campaigns: immutable versions of steps, and who is where in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Count, Id, Json, MachineTime, one_of
from webapp.models.constants import CampaignKind, CampaignStatus, EnrollmentStatus, PlanKind, PlanStatus


class Campaign(Base):
    """A drip or a broadcast: the same machine. What it says and by which rules is its versions'."""

    __tablename__ = "sms_campaigns"
    __table_args__ = (
        one_of("kind", CampaignKind),
        one_of("status", CampaignStatus),
        sa.Index("ix_sms_campaigns_live", "status", postgresql_where=sa.text("status <> 'archived'")),
    )

    id: Mapped[Id]
    name: Mapped[str]
    kind: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=CampaignStatus.DRAFT)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    """Who made it, and may edit it besides managers."""
    saved_list_id: Mapped[int | None] = mapped_column(sa.ForeignKey("saved_lists.id"))
    audience: Mapped[Json]
    """The filter whom it is for, where it is no saved list."""
    takes_joiners: Mapped[bool] = mapped_column(server_default=sa.false())
    """Whoever joins the list later is enrolled by itself."""
    joiners_source: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    """Of which list (its id) or filter those are who were there before, and so did not join it later."""
    joiners_present_id: Mapped[int | None] = mapped_column(sa.ForeignKey("saved_lists.id", ondelete="SET NULL"))
    """They, as a frozen list that no page shows."""
    joiners_held: Mapped[Count]
    """So many would have joined at once, more than one person may let in: they wait for a second one."""
    last_assigned_to: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    """Who got the newest lead that had nobody; the next in turn gets the next."""
    live_version_id: Mapped[int | None]
    """The version that new enrollments follow: the newest published one."""
    pace_per_hour: Mapped[int | None] = mapped_column(sa.Integer)
    """At most so many leads begin in an hour."""
    paced_until: Mapped[datetime | None]
    """Business time from which the next lead may begin."""
    canary: Mapped[bool] = mapped_column(server_default=sa.false())
    """The first few go, then it waits for a person with the figures in view."""
    paused_because: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    launch_asked_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    """Who waits for a second person to launch it, or to publish its draft; since when (business time)."""
    launch_asked_at: Mapped[datetime | None]
    launched_at: Mapped[datetime | None]
    launched_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]


class CampaignVersion(Base):
    """One wording of a campaign. Published, it never changes; the one that is not published is the draft."""

    __tablename__ = "sms_campaign_versions"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "number"),
        sa.Index(
            "uq_sms_campaign_versions_draft",
            "campaign_id",
            unique=True,
            postgresql_where=sa.text("published_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("sms_campaigns.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(sa.Integer)
    rules: Mapped[Json]
    """``campaigns.rules.Rules`` as stored."""
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    moved_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sms_campaign_versions.id"))
    """Whoever follows this one goes over to that: from now on no step of this one is decided on."""
    created_at: Mapped[datetime]


class CampaignPlan(Base):
    """A dry run that is or was counted by a worker: what a launch foresaw, or what a page shows of a large plan."""

    __tablename__ = "sms_campaign_plans"
    __table_args__ = (
        one_of("kind", PlanKind),
        one_of("status", PlanStatus),
        sa.Index("ix_sms_campaign_plans_campaign", "campaign_id", "kind", "id"),
        sa.Index("ix_sms_campaign_plans_counting", "id", postgresql_where=sa.text("status = 'counting'")),
    )

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("sms_campaigns.id", ondelete="CASCADE"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("sms_campaign_versions.id", ondelete="CASCADE"))
    kind: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=PlanStatus.COUNTING)
    at: Mapped[datetime]
    """The business time that it is counted from."""
    pace_per_hour: Mapped[int | None] = mapped_column(sa.Integer)
    after_id: Mapped[int] = mapped_column(server_default="0")
    """The enrollment after which its page of texts begins."""
    basis: Mapped[str] = mapped_column(server_default="")
    """A fingerprint of what it depends on: an equal one need not be counted again."""
    last_message_id: Mapped[int] = mapped_column(server_default="0")
    """Texts up to this one were there when it was asked for."""
    total: Mapped[Count]
    """Leads."""
    done: Mapped[Count]
    done_to: Mapped[int] = mapped_column(server_default="0")
    """The enrollment up to which ``result`` is counted, while it is not done."""
    result: Mapped[Json]
    """``campaigns.plans.planned.Preview`` as stored."""
    asked_at: Mapped[MachineTime]
    taken_at: Mapped[datetime | None]
    """When the worker that has it was last well. Machine time."""


class CampaignStep(Base):
    """One step of one version. Its key stays through all versions, so that no wording of it is sent twice."""

    __tablename__ = "sms_campaign_steps"
    __table_args__ = (sa.UniqueConstraint("version_id", "position"), sa.UniqueConstraint("version_id", "step_key"))

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("sms_campaign_versions.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(sa.Integer)
    """From 0."""
    step_key: Mapped[str]
    delay_minutes: Mapped[Count]
    """After the step before, or after enrolling."""
    at_local: Mapped[str | None]
    """"10:05": that time of day where the lead is: so many days of the calendar later, or the next one after any other
    delay."""
    weekdays_only: Mapped[bool] = mapped_column(server_default=sa.false())
    send_window: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    """``{"opens": "10:00", "closes": "16:00"}`` where the lead is, within the sending hours."""
    variants: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    """``[{"key": "a", "body": …}]``: one today."""
    paused_because: Mapped[str] = mapped_column(server_default="")
    """Why a breaker stopped this wording; nobody moves past it until a person resumes it."""
    judged_to_id: Mapped[int] = mapped_column(server_default="0")
    """Texts up to this one counted for a stop, and do not count again."""


class Enrollment(Base):
    """One lead on its way through one campaign. ``next_run_at`` is the one moment that is due; the tick's only way in
    is the partial index on it."""

    __tablename__ = "sms_campaign_enrollments"
    __table_args__ = (
        one_of("status", EnrollmentStatus),
        sa.UniqueConstraint("campaign_id", "lead_id", "entry"),
        sa.Index(
            "ix_sms_campaign_enrollments_due",
            "next_run_at",
            "id",
            postgresql_where=sa.text("status = 'active' AND NOT parked AND next_run_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_sms_campaign_enrollments_waiting",
            "id",
            postgresql_where=sa.text("status = 'active' AND reason = 'in_another_campaign'"),
        ),
        sa.Index("ix_sms_campaign_enrollments_lead", "lead_id"),
        sa.Index(
            "ix_sms_campaign_enrollments_number",
            "contact_number_id",
            postgresql_where=sa.text("status IN ('active', 'paused')"),
        ),
        sa.Index("ix_sms_campaign_enrollments_campaign", "campaign_id", "status", "id"),
    )

    id: Mapped[Id]
    campaign_id: Mapped[int]
    """That of its version, whose key it has. Each foreign key is a look for each of a million leads."""
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("sms_campaign_versions.id"))
    lead_id: Mapped[int | None] = mapped_column(sa.ForeignKey("leads.id", ondelete="SET NULL"))
    """None once the lead is gone: what was sent is still counted."""
    contact_number_id: Mapped[int]
    """That of its thread, whose key it has."""
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("sms_conversations.id"))
    """The thread that it writes into, made when the lead was enrolled: its sender stays."""
    entry: Mapped[int] = mapped_column(sa.Integer, server_default="1")
    """The how manieth time this lead is in this campaign."""
    status: Mapped[str] = mapped_column(server_default=EnrollmentStatus.ACTIVE)
    parked: Mapped[bool] = mapped_column(server_default=sa.false())
    """Out of the tick's way while its campaign does not run; its moment is kept."""
    position: Mapped[Count]
    """The step that comes next."""
    visit: Mapped[int] = mapped_column(sa.Integer, server_default="1")
    """Grows when a person moves the lead back: a step may then be sent once more, on purpose."""
    next_run_at: Mapped[datetime | None]
    """Business time; None while it waits for a person or for another campaign, and after the end."""
    not_before: Mapped[datetime | None]
    """A person let it go on from then (business time): whatever times it anew, nothing goes earlier."""
    reason: Mapped[str | None]
    """Why it waits or was stopped: a word of the gate's, or of ``EndReason``."""
    sentence: Mapped[str] = mapped_column(server_default="")
    """The same for a person."""
    error: Mapped[str | None]
    """What broke when this row was decided; it was set aside."""
    beside_others: Mapped[bool] = mapped_column(server_default=sa.false())
    """Put in beside another campaign on purpose: the rule about that leaves this way alone."""
    enrolled_by: Mapped[int | None]
    """A user; nobody who was one is ever deleted."""
    created_at: Mapped[datetime]
    last_text_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    """When the lead first answered a text of this campaign (business time); it stays, whatever comes after."""
    replied_step: Mapped[str | None]
    """The step whose text that was."""
    opted_out_at: Mapped[datetime | None]
    opted_out_step: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    changed_at: Mapped[MachineTime]


class LeftOut(Base):
    """A lead that was to be enrolled and cannot be texted: nobody writes to it, and the dry run says why."""

    __tablename__ = "sms_campaign_left_out"
    __table_args__ = (sa.Index("ix_sms_campaign_left_out_lead", "lead_id"),)

    campaign_id: Mapped[int] = mapped_column(
        sa.ForeignKey("sms_campaigns.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    lead_id: Mapped[int] = mapped_column(
        sa.ForeignKey("leads.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    reason: Mapped[str]
    """A word of ``campaigns.joining.enrolling.Entry``."""
    at: Mapped[datetime]
    """Business time of the last time that it was asked."""
