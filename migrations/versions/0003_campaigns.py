"""Campaigns: saved lists, the library of templates, versions of steps, enrollments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    _make_lists_and_templates()
    _make_campaigns()
    _widen_messages_and_decisions()
    _widen_senders_and_people()


def _make_lists_and_templates() -> None:
    op.create_table('saved_lists',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('owner_id', sa.BigInteger(), nullable=False),
    sa.Column('shared', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('frozen', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('filter', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('counted', sa.Integer(), nullable=True),
    sa.Column('counted_at', UTC, nullable=True),
    sa.Column('created_at', UTC, nullable=False),
    sa.Column('updated_at', UTC, nullable=False),
    sa.Column('deleted_at', UTC, nullable=True),
    sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_saved_lists_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_lists'))
    )
    op.create_index('uq_saved_lists_name', 'saved_lists', ['owner_id', sa.literal_column('lower(name)')], unique=True, postgresql_where=sa.text('deleted_at IS NULL'))
    op.create_table('templates',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('category', sa.Text(), server_default='', nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('owner_id', sa.BigInteger(), nullable=True),
    sa.Column('created_at', UTC, nullable=False),
    sa.Column('updated_at', UTC, nullable=False),
    sa.Column('archived_at', UTC, nullable=True),
    sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_templates_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_templates'))
    )
    op.create_index('uq_templates_name', 'templates', ['owner_id', sa.literal_column('lower(name)')], unique=True, postgresql_where=sa.text('archived_at IS NULL'), postgresql_nulls_not_distinct=True)
    op.create_table('saved_list_members',
    sa.Column('list_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('lead_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['lead_id'], ['leads.id'], name=op.f('fk_saved_list_members_lead_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['list_id'], ['saved_lists.id'], name=op.f('fk_saved_list_members_list_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('list_id', 'lead_id', name=op.f('pk_saved_list_members'))
    )
    op.create_index('ix_saved_list_members_lead', 'saved_list_members', ['lead_id'], unique=False)
    op.create_table('template_versions',
    sa.Column('template_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('written_by', sa.BigInteger(), nullable=True),
    sa.Column('written_at', UTC, nullable=False),
    sa.ForeignKeyConstraint(['template_id'], ['templates.id'], name=op.f('fk_template_versions_template_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['written_by'], ['users.id'], name=op.f('fk_template_versions_written_by')),
    sa.PrimaryKeyConstraint('template_id', 'number', name=op.f('pk_template_versions'))
    )


def _make_campaigns() -> None:
    op.create_table('sms_campaigns',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), server_default='draft', nullable=False),
    sa.Column('owner_id', sa.BigInteger(), nullable=True),
    sa.Column('saved_list_id', sa.BigInteger(), nullable=True),
    sa.Column('audience', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('takes_joiners', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('joiners_source', postgresql.JSONB(astext_type=sa.Text(), none_as_null=True), nullable=True),
    sa.Column('joiners_present_id', sa.BigInteger(), nullable=True),
    sa.Column('joiners_held', sa.Integer(), server_default='0', nullable=False),
    sa.Column('last_assigned_to', sa.BigInteger(), nullable=True),
    sa.Column('live_version_id', sa.BigInteger(), nullable=True),
    sa.Column('pace_per_hour', sa.Integer(), nullable=True),
    sa.Column('paced_until', UTC, nullable=True),
    sa.Column('canary', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('paused_because', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', UTC, nullable=False),
    sa.Column('updated_at', UTC, nullable=False),
    sa.Column('launch_asked_by', sa.BigInteger(), nullable=True),
    sa.Column('launch_asked_at', UTC, nullable=True),
    sa.Column('launched_at', UTC, nullable=True),
    sa.Column('launched_by', sa.BigInteger(), nullable=True),
    sa.Column('ended_at', UTC, nullable=True),
    sa.CheckConstraint("kind IN ('drip', 'broadcast')", name=op.f('ck_sms_campaigns_kind')),
    sa.CheckConstraint("status IN ('draft', 'running', 'paused', 'finished', 'archived')", name=op.f('ck_sms_campaigns_status')),
    sa.ForeignKeyConstraint(['joiners_present_id'], ['saved_lists.id'], name=op.f('fk_sms_campaigns_joiners_present_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['last_assigned_to'], ['users.id'], name=op.f('fk_sms_campaigns_last_assigned_to')),
    sa.ForeignKeyConstraint(['launch_asked_by'], ['users.id'], name=op.f('fk_sms_campaigns_launch_asked_by')),
    sa.ForeignKeyConstraint(['launched_by'], ['users.id'], name=op.f('fk_sms_campaigns_launched_by')),
    sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_sms_campaigns_owner_id')),
    sa.ForeignKeyConstraint(['saved_list_id'], ['saved_lists.id'], name=op.f('fk_sms_campaigns_saved_list_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sms_campaigns'))
    )
    op.create_index('ix_sms_campaigns_live', 'sms_campaigns', ['status'], unique=False, postgresql_where=sa.text("status <> 'archived'"))
    op.create_table('sms_campaign_versions',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('campaign_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('rules', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('published_at', UTC, nullable=True),
    sa.Column('published_by', sa.BigInteger(), nullable=True),
    sa.Column('moved_to_id', sa.BigInteger(), nullable=True),
    sa.Column('created_at', UTC, nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['sms_campaigns.id'], name=op.f('fk_sms_campaign_versions_campaign_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['moved_to_id'], ['sms_campaign_versions.id'], name=op.f('fk_sms_campaign_versions_moved_to_id')),
    sa.ForeignKeyConstraint(['published_by'], ['users.id'], name=op.f('fk_sms_campaign_versions_published_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sms_campaign_versions')),
    sa.UniqueConstraint('campaign_id', 'number', name=op.f('uq_sms_campaign_versions_campaign_id_number'))
    )
    op.create_index('uq_sms_campaign_versions_draft', 'sms_campaign_versions', ['campaign_id'], unique=True, postgresql_where=sa.text('published_at IS NULL'))
    op.create_table('sms_campaign_enrollments',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('campaign_id', sa.BigInteger(), nullable=False),
    sa.Column('version_id', sa.BigInteger(), nullable=False),
    sa.Column('lead_id', sa.BigInteger(), nullable=True),
    sa.Column('contact_number_id', sa.BigInteger(), nullable=False),
    sa.Column('conversation_id', sa.BigInteger(), nullable=False),
    sa.Column('entry', sa.Integer(), server_default='1', nullable=False),
    sa.Column('status', sa.Text(), server_default='active', nullable=False),
    sa.Column('parked', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('position', sa.Integer(), server_default='0', nullable=False),
    sa.Column('visit', sa.Integer(), server_default='1', nullable=False),
    sa.Column('next_run_at', UTC, nullable=True),
    sa.Column('not_before', UTC, nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('sentence', sa.Text(), server_default='', nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('enrolled_by', sa.BigInteger(), nullable=True),
    sa.Column('created_at', UTC, nullable=False),
    sa.Column('last_text_at', UTC, nullable=True),
    sa.Column('replied_at', UTC, nullable=True),
    sa.Column('replied_step', sa.Text(), nullable=True),
    sa.Column('opted_out_at', UTC, nullable=True),
    sa.Column('opted_out_step', sa.Text(), nullable=True),
    sa.Column('ended_at', UTC, nullable=True),
    sa.Column('changed_at', UTC, server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("status IN ('active', 'completed', 'stopped', 'paused', 'failed')", name=op.f('ck_sms_campaign_enrollments_status')),
    sa.ForeignKeyConstraint(['conversation_id'], ['sms_conversations.id'], name=op.f('fk_sms_campaign_enrollments_conversation_id')),
    sa.ForeignKeyConstraint(['lead_id'], ['leads.id'], name=op.f('fk_sms_campaign_enrollments_lead_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['version_id'], ['sms_campaign_versions.id'], name=op.f('fk_sms_campaign_enrollments_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sms_campaign_enrollments')),
    sa.UniqueConstraint('campaign_id', 'lead_id', 'entry', name=op.f('uq_sms_campaign_enrollments_campaign_id_lead_id_entry'))
    )
    op.create_index('ix_sms_campaign_enrollments_campaign', 'sms_campaign_enrollments', ['campaign_id', 'status', 'id'], unique=False)
    op.create_index('ix_sms_campaign_enrollments_due', 'sms_campaign_enrollments', ['next_run_at', 'id'], unique=False, postgresql_where=sa.text("status = 'active' AND NOT parked AND next_run_at IS NOT NULL"))
    op.create_index('ix_sms_campaign_enrollments_waiting', 'sms_campaign_enrollments', ['id'], unique=False, postgresql_where=sa.text("status = 'active' AND reason = 'in_another_campaign'"))
    op.create_index('ix_sms_campaign_enrollments_lead', 'sms_campaign_enrollments', ['lead_id'], unique=False)
    op.create_index('ix_sms_campaign_enrollments_number', 'sms_campaign_enrollments', ['contact_number_id'], unique=False, postgresql_where=sa.text("status IN ('active', 'paused')"))
    op.create_table('sms_campaign_left_out',
    sa.Column('campaign_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('lead_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', UTC, nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['sms_campaigns.id'], name=op.f('fk_sms_campaign_left_out_campaign_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['lead_id'], ['leads.id'], name=op.f('fk_sms_campaign_left_out_lead_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('campaign_id', 'lead_id', name=op.f('pk_sms_campaign_left_out'))
    )
    op.create_index('ix_sms_campaign_left_out_lead', 'sms_campaign_left_out', ['lead_id'], unique=False)
    op.create_table('paces',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('free_from', UTC, server_default=sa.text('now()'), nullable=False),
    sa.Column('failures', sa.Integer(), server_default='0', nullable=False),
    sa.Column('waiting', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_paces'))
    )
    op.create_table('sms_campaign_plans',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('campaign_id', sa.BigInteger(), nullable=False),
    sa.Column('version_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), server_default='counting', nullable=False),
    sa.Column('at', UTC, nullable=False),
    sa.Column('pace_per_hour', sa.Integer(), nullable=True),
    sa.Column('after_id', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('basis', sa.Text(), server_default='', nullable=False),
    sa.Column('last_message_id', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('total', sa.Integer(), server_default='0', nullable=False),
    sa.Column('done', sa.Integer(), server_default='0', nullable=False),
    sa.Column('done_to', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('result', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('asked_at', UTC, server_default=sa.text('now()'), nullable=False),
    sa.Column('taken_at', UTC, nullable=True),
    sa.CheckConstraint("kind IN ('launch', 'dry_run')", name=op.f('ck_sms_campaign_plans_kind')),
    sa.CheckConstraint("status IN ('counting', 'done', 'failed')", name=op.f('ck_sms_campaign_plans_status')),
    sa.ForeignKeyConstraint(['campaign_id'], ['sms_campaigns.id'], name=op.f('fk_sms_campaign_plans_campaign_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['version_id'], ['sms_campaign_versions.id'], name=op.f('fk_sms_campaign_plans_version_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sms_campaign_plans'))
    )
    op.create_index('ix_sms_campaign_plans_campaign', 'sms_campaign_plans', ['campaign_id', 'kind', 'id'], unique=False)
    op.create_index('ix_sms_campaign_plans_counting', 'sms_campaign_plans', ['id'], unique=False, postgresql_where=sa.text("status = 'counting'"))
    op.create_table('sms_campaign_steps',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('version_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('step_key', sa.Text(), nullable=False),
    sa.Column('delay_minutes', sa.Integer(), server_default='0', nullable=False),
    sa.Column('at_local', sa.Text(), nullable=True),
    sa.Column('weekdays_only', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('send_window', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('variants', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('paused_because', sa.Text(), server_default='', nullable=False),
    sa.Column('judged_to_id', sa.BigInteger(), server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['sms_campaign_versions.id'], name=op.f('fk_sms_campaign_steps_version_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sms_campaign_steps')),
    sa.UniqueConstraint('version_id', 'position', name=op.f('uq_sms_campaign_steps_version_id_position')),
    sa.UniqueConstraint('version_id', 'step_key', name=op.f('uq_sms_campaign_steps_version_id_step_key'))
    )


def _widen_messages_and_decisions() -> None:
    op.add_column('decisions', sa.Column('enrollment_id', sa.BigInteger(), nullable=True))
    op.add_column('decisions', sa.Column('step_key', sa.Text(), nullable=True))
    op.create_index('ix_decisions_enrollment', 'decisions', ['enrollment_id', 'id'], unique=False, postgresql_where=sa.text('enrollment_id IS NOT NULL'))
    op.add_column('sms_conversations', sa.Column('touched_at', UTC, nullable=True))
    op.add_column('sms_conversations', sa.Column('opening_failed_at', UTC, nullable=True))
    op.add_column('sms_messages', sa.Column('campaign_id', sa.BigInteger(), nullable=True))
    op.add_column('sms_messages', sa.Column('enrollment_id', sa.BigInteger(), nullable=True))
    op.add_column('sms_messages', sa.Column('step_key', sa.Text(), nullable=True))
    op.add_column('sms_messages', sa.Column('visit', sa.Integer(), nullable=True))
    op.create_index('ix_sms_messages_campaign', 'sms_messages', ['campaign_id', 'step_key'], unique=False, postgresql_where=sa.text('campaign_id IS NOT NULL'))
    op.create_index('uq_sms_messages_step', 'sms_messages', ['enrollment_id', 'step_key', 'visit'], unique=True, postgresql_where=sa.text("enrollment_id IS NOT NULL AND status <> 'canceled'"))


def _widen_senders_and_people() -> None:
    op.add_column('phone_numbers', sa.Column('paused_because', sa.Text(), server_default='', nullable=False))
    op.add_column('phone_numbers', sa.Column('paused_at', UTC, nullable=True))
    op.add_column('phone_numbers', sa.Column('judged_to_id', sa.BigInteger(), server_default='0', nullable=False))
    op.add_column('users', sa.Column('away', sa.Boolean(), server_default=sa.text('false'), nullable=False))


def downgrade() -> None:
    op.drop_column('users', 'away')
    op.drop_column('phone_numbers', 'judged_to_id')
    op.drop_column('phone_numbers', 'paused_at')
    op.drop_column('phone_numbers', 'paused_because')
    op.drop_index('uq_sms_messages_step', table_name='sms_messages', postgresql_where=sa.text("enrollment_id IS NOT NULL AND status <> 'canceled'"))
    op.drop_index('ix_sms_messages_campaign', table_name='sms_messages', postgresql_where=sa.text('campaign_id IS NOT NULL'))
    op.drop_column('sms_messages', 'visit')
    op.drop_column('sms_messages', 'step_key')
    op.drop_column('sms_messages', 'enrollment_id')
    op.drop_column('sms_messages', 'campaign_id')
    op.drop_column('sms_conversations', 'opening_failed_at')
    op.drop_column('sms_conversations', 'touched_at')
    op.drop_index('ix_decisions_enrollment', table_name='decisions', postgresql_where=sa.text('enrollment_id IS NOT NULL'))
    op.drop_column('decisions', 'step_key')
    op.drop_column('decisions', 'enrollment_id')
    op.drop_table('sms_campaign_steps')
    op.drop_index('ix_sms_campaign_plans_counting', table_name='sms_campaign_plans', postgresql_where=sa.text("status = 'counting'"))
    op.drop_index('ix_sms_campaign_plans_campaign', table_name='sms_campaign_plans')
    op.drop_table('sms_campaign_plans')
    op.drop_table('paces')
    op.drop_index('ix_sms_campaign_left_out_lead', table_name='sms_campaign_left_out')
    op.drop_table('sms_campaign_left_out')
    op.drop_index('ix_sms_campaign_enrollments_number', table_name='sms_campaign_enrollments', postgresql_where=sa.text("status IN ('active', 'paused')"))
    op.drop_index('ix_sms_campaign_enrollments_waiting', table_name='sms_campaign_enrollments', postgresql_where=sa.text("status = 'active' AND reason = 'in_another_campaign'"))
    op.drop_index('ix_sms_campaign_enrollments_lead', table_name='sms_campaign_enrollments')
    op.drop_index('ix_sms_campaign_enrollments_due', table_name='sms_campaign_enrollments', postgresql_where=sa.text("status = 'active' AND NOT parked AND next_run_at IS NOT NULL"))
    op.drop_index('ix_sms_campaign_enrollments_campaign', table_name='sms_campaign_enrollments')
    op.drop_table('sms_campaign_enrollments')
    op.drop_index('uq_sms_campaign_versions_draft', table_name='sms_campaign_versions', postgresql_where=sa.text('published_at IS NULL'))
    op.drop_table('sms_campaign_versions')
    op.drop_table('template_versions')
    op.drop_index('ix_sms_campaigns_live', table_name='sms_campaigns', postgresql_where=sa.text("status <> 'archived'"))
    op.drop_table('sms_campaigns')
    op.drop_index('ix_saved_list_members_lead', table_name='saved_list_members')
    op.drop_table('saved_list_members')
    op.drop_index('uq_templates_name', table_name='templates', postgresql_where=sa.text('archived_at IS NULL'))
    op.drop_table('templates')
    op.drop_table('saved_lists')
