"""The spine: accounts, leads, conversations, messages, ledgers, operations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


_LEAD_SEARCH = """
CREATE FUNCTION leadline_lead_search(first_name text, last_name text, phone text, email text, tags text[])
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    -- Any phone format is looked up by its digits: all of them, without the country, the local seven, the last four.
    SELECT to_tsvector('simple', concat_ws(' ', first_name, last_name, email, array_to_string(tags, ' '),
        ltrim(phone, '+'), right(phone, 10), right(phone, 7), right(phone, 4)))
$$
"""


def upgrade() -> None:
    op.execute("CREATE SEQUENCE change_seq")
    op.execute(_LEAD_SEARCH)
    op.create_table('contact_numbers',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('e164', sa.Text(), nullable=False),
    sa.Column('suppressed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('suppression_source', sa.Text(), nullable=True),
    sa.Column('suppression_reason', sa.Text(), nullable=True),
    sa.Column('invalid_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('invalid_reason', sa.Text(), nullable=True),
    sa.Column('consent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('consent_source', sa.Text(), nullable=True),
    sa.Column('last_inbound_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('simulated', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_numbers')),
    sa.UniqueConstraint('e164', name=op.f('uq_contact_numbers_e164'))
    )
    op.create_table('counters',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('value', sa.BigInteger(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('name', 'label', name=op.f('pk_counters'))
    )
    op.create_table('decisions',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('stage', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('rule', sa.Text(), nullable=False),
    sa.Column('rule_version', sa.Text(), nullable=False),
    sa.Column('sentence', sa.Text(), nullable=False),
    sa.Column('inputs', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('contact_number_id', sa.BigInteger(), nullable=False),
    sa.Column('message_id', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decisions'))
    )
    op.create_index(op.f('ix_decisions_contact_number_id'), 'decisions', ['contact_number_id'], unique=False)
    op.create_index(op.f('ix_decisions_message_id'), 'decisions', ['message_id'], unique=False)
    op.create_table('heartbeats',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_heartbeats'))
    )
    op.create_table('phone_numbers',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('e164', sa.Text(), nullable=False),
    sa.Column('label', sa.Text(), server_default='', nullable=False),
    sa.Column('segments_per_second', sa.Numeric(precision=8, scale=2), server_default='1', nullable=False),
    sa.Column('paced_until', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('toll_free', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('is_default', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('simulated', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phone_numbers')),
    sa.UniqueConstraint('e164', name=op.f('uq_phone_numbers_e164'))
    )
    op.create_table('sms_events',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('type', sa.Text(), nullable=False),
    sa.Column('conversation_id', sa.BigInteger(), nullable=True),
    sa.Column('message_id', sa.BigInteger(), nullable=True),
    sa.Column('user_id', sa.BigInteger(), nullable=True),
    sa.Column('data', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.PrimaryKeyConstraint('id', 'at', name=op.f('pk_sms_events')),
    postgresql_partition_by='RANGE (at)'
    )
    op.create_index('ix_sms_events_at', 'sms_events', ['at'], unique=False, postgresql_using='brin')
    op.create_index('ix_sms_events_conversation', 'sms_events', ['conversation_id', 'id'], unique=False)
    op.create_table('users',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=True),
    sa.Column('timezone', sa.Text(), server_default='America/New_York', nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('session_epoch', sa.Integer(), server_default='0', nullable=False),
    sa.Column('inbox_version', sa.Integer(), server_default='0', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("role IN ('rep', 'manager', 'admin')", name=op.f('ck_users_role')),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_users_email_lower')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('email', name=op.f('uq_users_email'))
    )
    op.create_table('webhook_receipts',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('dedupe_key', sa.Text(), nullable=False),
    sa.Column('event_type', sa.Text(), nullable=False),
    sa.Column('message_sid', sa.Text(), nullable=True),
    sa.Column('intent', sa.Text(), nullable=True),
    sa.Column('form', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('not_before', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_receipts')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_webhook_receipts_dedupe_key'))
    )
    op.create_index('ix_webhook_receipts_parked', 'webhook_receipts', ['message_sid'], unique=False, postgresql_where=sa.text('applied_at IS NULL'))
    op.create_index('ix_webhook_receipts_received_at', 'webhook_receipts', ['received_at'], unique=False, postgresql_using='brin')
    op.create_index('ix_webhook_receipts_unapplied', 'webhook_receipts', ['not_before', 'id'], unique=False, postgresql_where=sa.text('applied_at IS NULL'))
    op.create_table('api_tokens',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('token_hash', sa.Text(), nullable=False),
    sa.Column('hint', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_api_tokens_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_tokens')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_tokens_token_hash'))
    )
    op.create_index(op.f('ix_api_tokens_user_id'), 'api_tokens', ['user_id'], unique=False)
    op.create_table('audit_log',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('actor_id', sa.BigInteger(), nullable=True),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('target', sa.Text(), nullable=False),
    sa.Column('details', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_audit_log_actor_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_log'))
    )
    op.create_table('bulk_operations',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), server_default='queued', nullable=False),
    sa.Column('actor_id', sa.BigInteger(), nullable=True),
    sa.Column('params', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('upload', sa.LargeBinary(), nullable=True),
    sa.Column('total', sa.Integer(), server_default='0', nullable=False),
    sa.Column('done', sa.Integer(), server_default='0', nullable=False),
    sa.Column('counters', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('heartbeat_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status IN ('queued', 'running', 'done', 'failed', 'canceled')", name=op.f('ck_bulk_operations_status')),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_bulk_operations_actor_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_operations'))
    )
    op.create_index(op.f('ix_bulk_operations_actor_id'), 'bulk_operations', ['actor_id'], unique=False)
    op.create_table('consent_events',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('contact_number_id', sa.BigInteger(), nullable=False),
    sa.Column('event', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('occurred_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('attested', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('actor_id', sa.BigInteger(), nullable=True),
    sa.Column('message_id', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('details', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.CheckConstraint("event IN ('opt_in', 'opt_out')", name=op.f('ck_consent_events_event')),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_consent_events_actor_id')),
    sa.ForeignKeyConstraint(['contact_number_id'], ['contact_numbers.id'], name=op.f('fk_consent_events_contact_number_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent_events'))
    )
    op.create_index(op.f('ix_consent_events_contact_number_id'), 'consent_events', ['contact_number_id'], unique=False)
    op.create_table('leads',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('contact_number_id', sa.BigInteger(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('first_name', sa.Text(), server_default='', nullable=False),
    sa.Column('last_name', sa.Text(), server_default='', nullable=False),
    sa.Column('email', sa.Text(), nullable=True),
    sa.Column('state', sa.Text(), nullable=True),
    sa.Column('postal_code', sa.Text(), nullable=True),
    sa.Column('timezone', sa.Text(), nullable=True),
    sa.Column('tags', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('custom', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('owner_id', sa.BigInteger(), nullable=True),
    sa.Column('score', sa.Integer(), server_default='0', nullable=False),
    sa.Column('source', sa.Text(), server_default='manual', nullable=False),
    sa.Column('simulated', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('search', postgresql.TSVECTOR(), sa.Computed('leadline_lead_search(first_name, last_name, phone, email, tags)', persisted=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['contact_number_id'], ['contact_numbers.id'], name=op.f('fk_leads_contact_number_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_leads_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_leads')),
    sa.UniqueConstraint('contact_number_id', name='uq_leads_contact_number_id'),
    sa.UniqueConstraint('phone', name=op.f('uq_leads_phone'))
    )
    op.create_index('ix_leads_name', 'leads', [sa.literal_column('lower(last_name)'), sa.literal_column('lower(first_name)'), 'id'], unique=False)
    op.create_index('ix_leads_newest', 'leads', [sa.literal_column('created_at DESC'), sa.literal_column('id DESC')], unique=False)
    op.create_index('ix_leads_owner_newest', 'leads', ['owner_id', sa.literal_column('created_at DESC'), sa.literal_column('id DESC')], unique=False)
    op.create_index('ix_leads_search', 'leads', ['search'], unique=False, postgresql_using='gin', postgresql_with={'fastupdate': 'off'})
    op.create_table('settings',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('value', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_by', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['updated_by'], ['users.id'], name=op.f('fk_settings_updated_by')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_settings'))
    )
    op.create_table('bulk_row_errors',
    sa.Column('operation_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('row_number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('field', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['operation_id'], ['bulk_operations.id'], name=op.f('fk_bulk_row_errors_operation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('operation_id', 'row_number', 'field', name=op.f('pk_bulk_row_errors'))
    )
    op.create_table('sms_conversations',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('contact_number_id', sa.BigInteger(), nullable=False),
    sa.Column('phone_number_id', sa.BigInteger(), nullable=False),
    sa.Column('lead_id', sa.BigInteger(), nullable=True),
    sa.Column('unique_name', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('twilio_sid', sa.Text(), nullable=True),
    sa.Column('assigned_to', sa.BigInteger(), nullable=True),
    sa.Column('state', sa.Text(), server_default='open', nullable=False),
    sa.Column('waiting_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('snoozed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('unread', sa.Integer(), server_default='0', nullable=False),
    sa.Column('last_message_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_message_id', sa.BigInteger(), nullable=True),
    sa.Column('last_body', sa.Text(), server_default='', nullable=False),
    sa.Column('last_direction', sa.Text(), nullable=True),
    sa.Column('last_inbound_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.BigInteger(), server_default=sa.text("nextval('change_seq')"), nullable=False),
    sa.Column('read_back_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('suspect', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('open', 'snoozed', 'done')", name=op.f('ck_sms_conversations_state')),
    sa.ForeignKeyConstraint(['assigned_to'], ['users.id'], name=op.f('fk_sms_conversations_assigned_to')),
    sa.ForeignKeyConstraint(['contact_number_id'], ['contact_numbers.id'], name=op.f('fk_sms_conversations_contact_number_id')),
    sa.ForeignKeyConstraint(['lead_id'], ['leads.id'], name=op.f('fk_sms_conversations_lead_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['phone_number_id'], ['phone_numbers.id'], name=op.f('fk_sms_conversations_phone_number_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sms_conversations')),
    sa.UniqueConstraint('contact_number_id', 'phone_number_id', name='uq_sms_conversations_pair'),
    sa.UniqueConstraint('twilio_sid', name=op.f('uq_sms_conversations_twilio_sid')),
    sa.UniqueConstraint('unique_name', name=op.f('uq_sms_conversations_unique_name'))
    )
    op.create_index('ix_sms_conversations_changed', 'sms_conversations', [sa.literal_column('version DESC')], unique=False)
    op.create_index('ix_sms_conversations_suspect', 'sms_conversations', ['id'], unique=False, postgresql_where=sa.text('suspect'))
    op.create_index(op.f('ix_sms_conversations_lead_id'), 'sms_conversations', ['lead_id'], unique=False)
    op.create_index('ix_sms_conversations_mine_changed', 'sms_conversations', ['assigned_to', sa.literal_column('version DESC')], unique=False)
    op.create_index('ix_sms_conversations_mine_newest', 'sms_conversations', ['assigned_to', 'state', sa.literal_column('last_message_at DESC'), sa.literal_column('id DESC')], unique=False)
    op.create_index('ix_sms_conversations_mine_waiting', 'sms_conversations', ['assigned_to', 'waiting_since', 'id'], unique=False, postgresql_where=sa.text('waiting_since IS NOT NULL'))
    op.create_index('ix_sms_conversations_newest', 'sms_conversations', ['state', sa.literal_column('last_message_at DESC'), sa.literal_column('id DESC')], unique=False)
    op.create_index('ix_sms_conversations_waiting', 'sms_conversations', ['waiting_since', 'id'], unique=False, postgresql_where=sa.text('waiting_since IS NOT NULL'))
    op.create_table('drafts',
    sa.Column('conversation_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('user_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['conversation_id'], ['sms_conversations.id'], name=op.f('fk_drafts_conversation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_drafts_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('conversation_id', 'user_id', name=op.f('pk_drafts'))
    )
    op.create_table('sms_messages',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('conversation_id', sa.BigInteger(), nullable=False),
    sa.Column('contact_number_id', sa.BigInteger(), nullable=False),
    sa.Column('phone_number_id', sa.BigInteger(), nullable=False),
    sa.Column('direction', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('origin', sa.Text(), nullable=False),
    sa.Column('automatic', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('author_id', sa.BigInteger(), nullable=True),
    sa.Column('client_key', sa.Text(), nullable=True),
    sa.Column('marker', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('attempt', sa.Integer(), server_default='0', nullable=False),
    sa.Column('tries', sa.Integer(), server_default='0', nullable=False),
    sa.Column('twilio_sid', sa.Text(), nullable=True),
    sa.Column('thread_sid', sa.Text(), nullable=True),
    sa.Column('channel_sid', sa.Text(), nullable=True),
    sa.Column('encoding', sa.Text(), nullable=False),
    sa.Column('segments', sa.Integer(), server_default='0', nullable=False),
    sa.Column('cost', sa.Numeric(precision=12, scale=5), nullable=True),
    sa.Column('error_code', sa.BigInteger(), nullable=True),
    sa.Column('send_after', sa.DateTime(timezone=True), nullable=True),
    sa.Column('not_before', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claimed_by', sa.Text(), nullable=True),
    sa.Column('attempted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('check_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('clean_reads', sa.Integer(), server_default='0', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("direction IN ('inbound', 'outbound')", name=op.f('ck_sms_messages_direction')),
    sa.CheckConstraint("origin IN ('contact', 'manual', 'api', 'campaign', 'confirmation')", name=op.f('ck_sms_messages_origin')),
    sa.CheckConstraint("status IN ('received', 'held', 'queued', 'claimed', 'sending', 'unconfirmed', 'sent', 'delivered', 'undelivered', 'failed', 'refused', 'canceled')", name=op.f('ck_sms_messages_status')),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_sms_messages_author_id')),
    sa.ForeignKeyConstraint(['conversation_id'], ['sms_conversations.id'], name=op.f('fk_sms_messages_conversation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sms_messages')),
    sa.UniqueConstraint('client_key', name=op.f('uq_sms_messages_client_key')),
    sa.UniqueConstraint('twilio_sid', name=op.f('uq_sms_messages_twilio_sid'))
    )
    op.create_index('ix_sms_messages_cancelable', 'sms_messages', ['contact_number_id'], unique=False, postgresql_where=sa.text("status IN ('held', 'queued', 'claimed')"))
    op.create_index('ix_sms_messages_held', 'sms_messages', ['send_after', 'id'], unique=False, postgresql_where=sa.text("status = 'held'"))
    op.create_index('ix_sms_messages_in_flight', 'sms_messages', ['conversation_id', 'id'], unique=False, postgresql_where=sa.text("status IN ('queued', 'claimed', 'sending', 'unconfirmed')"))
    op.create_index('ix_sms_messages_open_receipts', 'sms_messages', ['check_at'], unique=False, postgresql_where=sa.text("status = 'sent'"))
    op.create_index('ix_sms_messages_queue', 'sms_messages', ['phone_number_id', 'automatic', 'id', 'not_before'], unique=False, postgresql_where=sa.text("status = 'queued'"))
    op.create_index('ix_sms_messages_thread', 'sms_messages', ['conversation_id', sa.literal_column('id DESC')], unique=False)
    op.create_index('uq_sms_messages_channel_sid', 'sms_messages', ['channel_sid'], unique=True, postgresql_where=sa.text('channel_sid IS NOT NULL'))
    op.create_index('ix_sms_messages_unsettled', 'sms_messages', ['status', 'id'], unique=False, postgresql_where=sa.text("status IN ('claimed', 'sending', 'unconfirmed')"))
    op.create_table('media',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('message_id', sa.BigInteger(), nullable=False),
    sa.Column('carrier_sid', sa.Text(), nullable=False),
    sa.Column('content_type', sa.Text(), nullable=False),
    sa.Column('filename', sa.Text(), nullable=True),
    sa.Column('size', sa.Integer(), server_default='0', nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('not_before', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['message_id'], ['sms_messages.id'], name=op.f('fk_media_message_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_media')),
    sa.UniqueConstraint('carrier_sid', name=op.f('uq_media_carrier_sid'))
    )
    op.create_index(op.f('ix_media_message_id'), 'media', ['message_id'], unique=False)
    op.create_index('ix_media_unfetched', 'media', ['id'], unique=False, postgresql_where=sa.text('fetched_at IS NULL AND error IS NULL'))
    op.execute("CREATE TABLE sms_events_default PARTITION OF sms_events DEFAULT")


def downgrade() -> None:
    op.drop_index('ix_media_unfetched', table_name='media', postgresql_where=sa.text('fetched_at IS NULL AND error IS NULL'))
    op.drop_index(op.f('ix_media_message_id'), table_name='media')
    op.drop_table('media')
    op.drop_index('uq_sms_messages_channel_sid', table_name='sms_messages', postgresql_where=sa.text('channel_sid IS NOT NULL'))
    op.drop_index('ix_sms_messages_unsettled', table_name='sms_messages', postgresql_where=sa.text("status IN ('claimed', 'sending', 'unconfirmed')"))
    op.drop_index('ix_sms_messages_thread', table_name='sms_messages')
    op.drop_index('ix_sms_messages_queue', table_name='sms_messages', postgresql_where=sa.text("status = 'queued'"))
    op.drop_index('ix_sms_messages_open_receipts', table_name='sms_messages', postgresql_where=sa.text("status = 'sent'"))
    op.drop_index('ix_sms_messages_in_flight', table_name='sms_messages', postgresql_where=sa.text("status IN ('queued', 'claimed', 'sending', 'unconfirmed')"))
    op.drop_index('ix_sms_messages_held', table_name='sms_messages', postgresql_where=sa.text("status = 'held'"))
    op.drop_index('ix_sms_messages_cancelable', table_name='sms_messages', postgresql_where=sa.text("status IN ('held', 'queued', 'claimed')"))
    op.drop_table('sms_messages')
    op.drop_table('drafts')
    op.drop_index('ix_sms_conversations_waiting', table_name='sms_conversations', postgresql_where=sa.text('waiting_since IS NOT NULL'))
    op.drop_index('ix_sms_conversations_newest', table_name='sms_conversations')
    op.drop_index('ix_sms_conversations_mine_waiting', table_name='sms_conversations', postgresql_where=sa.text('waiting_since IS NOT NULL'))
    op.drop_index('ix_sms_conversations_mine_newest', table_name='sms_conversations')
    op.drop_index('ix_sms_conversations_mine_changed', table_name='sms_conversations')
    op.drop_index('ix_sms_conversations_suspect', table_name='sms_conversations', postgresql_where=sa.text('suspect'))
    op.drop_index(op.f('ix_sms_conversations_lead_id'), table_name='sms_conversations')
    op.drop_index('ix_sms_conversations_changed', table_name='sms_conversations')
    op.drop_table('sms_conversations')
    op.drop_table('bulk_row_errors')
    op.drop_table('settings')
    op.drop_index('ix_leads_search', table_name='leads', postgresql_using='gin', postgresql_with={'fastupdate': 'off'})
    op.drop_index('ix_leads_owner_newest', table_name='leads')
    op.drop_index('ix_leads_newest', table_name='leads')
    op.drop_index('ix_leads_name', table_name='leads')
    op.drop_table('leads')
    op.drop_index(op.f('ix_consent_events_contact_number_id'), table_name='consent_events')
    op.drop_table('consent_events')
    op.drop_index(op.f('ix_bulk_operations_actor_id'), table_name='bulk_operations')
    op.drop_table('bulk_operations')
    op.drop_table('audit_log')
    op.drop_index(op.f('ix_api_tokens_user_id'), table_name='api_tokens')
    op.drop_table('api_tokens')
    op.drop_index('ix_webhook_receipts_unapplied', table_name='webhook_receipts', postgresql_where=sa.text('applied_at IS NULL'))
    op.drop_index('ix_webhook_receipts_received_at', table_name='webhook_receipts', postgresql_using='brin')
    op.drop_index('ix_webhook_receipts_parked', table_name='webhook_receipts', postgresql_where=sa.text('applied_at IS NULL'))
    op.drop_table('webhook_receipts')
    op.drop_table('users')
    op.drop_index('ix_sms_events_conversation', table_name='sms_events')
    op.drop_index('ix_sms_events_at', table_name='sms_events', postgresql_using='brin')
    op.drop_table('sms_events')
    op.drop_table('phone_numbers')
    op.drop_table('heartbeats')
    op.drop_index(op.f('ix_decisions_message_id'), table_name='decisions')
    op.drop_index(op.f('ix_decisions_contact_number_id'), table_name='decisions')
    op.drop_table('decisions')
    op.drop_table('counters')
    op.drop_table('contact_numbers')
    op.execute("DROP FUNCTION leadline_lead_search")
    op.execute("DROP SEQUENCE change_seq")
