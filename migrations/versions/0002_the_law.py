"""The law: the consent ledger's chain, probable opt-outs, do-not-call lists, caps, registrations, data requests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)

# Every column but the hash itself, in one fixed order and form: who has the rows can compute the hashes again.
_ROW_TEXT = """
CREATE FUNCTION consent_row_text(r consent_events) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_array(
        encode(r.prev_hash, 'hex'), r.id, r.contact_number_id, r.event, r.scope, r.channel, r.source,
        extract(epoch FROM r.occurred_at), extract(epoch FROM r.recorded_at), extract(epoch FROM r.expires_at),
        r.attested, r.actor_id, r.message_id, r.disclosure_id, r.note, r.details)::text
$$
"""

_ROW_HASH = """
CREATE FUNCTION consent_row_hash(r consent_events) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(convert_to(consent_row_text(r), 'UTF8'))
$$
"""

# The number's row is locked, so that two rows of one number never follow the same one; the id is given out under that
# lock, so that ids are in the chain's order.
_CHAIN = """
CREATE FUNCTION consent_events_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM contact_numbers WHERE id = NEW.contact_number_id FOR NO KEY UPDATE;
    NEW.id := nextval(pg_get_serial_sequence('consent_events', 'id'));
    NEW.prev_hash := (SELECT row_hash FROM consent_events WHERE contact_number_id = NEW.contact_number_id
                      ORDER BY id DESC LIMIT 1);
    NEW.row_hash := consent_row_hash(NEW);
    RETURN NEW;
END $$
"""

_APPEND_ONLY = """
CREATE FUNCTION consent_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: add a row that says what changed', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$
"""

# Rows from before the chain are chained in the order in which they were written.
_CHAIN_OLD_ROWS = """
DO $$
DECLARE r consent_events;
BEGIN
    FOR r IN SELECT * FROM consent_events ORDER BY id LOOP
        r.prev_hash := (SELECT row_hash FROM consent_events
                        WHERE contact_number_id = r.contact_number_id AND id < r.id ORDER BY id DESC LIMIT 1);
        UPDATE consent_events SET prev_hash = r.prev_hash, row_hash = consent_row_hash(r) WHERE id = r.id;
    END LOOP;
END $$
"""

_CHANNEL_OF_OLD_ROWS = """
CASE WHEN source IN ('keyword', 'natural') THEN 'keyword' WHEN source IN ('web_form', 'web form') THEN 'web'
     WHEN source IN ('in_person', 'phone_call') THEN 'verbal' WHEN source = 'paper_form' THEN 'paper'
     WHEN source = 'email' THEN 'email' WHEN source = 'import' THEN 'import' WHEN source = 'carrier' THEN 'carrier'
     ELSE 'other' END
"""

_UNSENT = "status IN ('held', 'queued', 'claimed', 'sending', 'unconfirmed')"
_CANCELABLE = "status IN ('held', 'queued', 'claimed')"
_UNASKED = 'consent_at IS NULL AND suppressed_at IS NULL'


def upgrade() -> None:
    _make_tables()
    _widen_bulk_operations()
    _widen_contact_numbers()
    _widen_messages()
    _chain_the_ledger()


def _make_tables() -> None:
    op.create_table('disclosures',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='0', nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('page', sa.Text(), server_default='', nullable=False),
    sa.Column('sha256', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', UTC, server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_disclosures_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosures')),
    sa.UniqueConstraint('kind', 'version', name='uq_disclosures_kind_version')
    )
    op.create_table('consent_seals',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('at', UTC, server_default=sa.text('now()'), nullable=False),
    sa.Column('up_to_id', sa.BigInteger(), nullable=False),
    sa.Column('rows', sa.BigInteger(), nullable=False),
    sa.Column('prev_hash', sa.LargeBinary(), nullable=True),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent_seals'))
    )
    op.create_table('dnc_lists',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('entries', sa.Integer(), server_default='0', nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('imported_at', UTC, server_default=sa.text('now()'), nullable=False),
    sa.Column('imported_by', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("kind IN ('national', 'state', 'litigator')", name=op.f('ck_dnc_lists_kind')),
    sa.ForeignKeyConstraint(['imported_by'], ['users.id'], name=op.f('fk_dnc_lists_imported_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dnc_lists'))
    )
    op.create_table('dnc_entries',
    sa.Column('e164', sa.Text(), nullable=False),
    sa.Column('list_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['list_id'], ['dnc_lists.id'], name=op.f('fk_dnc_entries_list_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('e164', 'list_id', name=op.f('pk_dnc_entries'))
    )
    op.create_index(op.f('ix_dnc_entries_list_id'), 'dnc_entries', ['list_id'], unique=False)
    op.create_table('sender_usage',
    sa.Column('phone_number_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('hour', UTC, nullable=False),
    sa.Column('texts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('segments', sa.Integer(), server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['phone_number_id'], ['phone_numbers.id'], name=op.f('fk_sender_usage_phone_number_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('phone_number_id', 'hour', name=op.f('pk_sender_usage'))
    )
    op.create_table('registrations',
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('answers', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('updated_at', UTC, server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_by', sa.BigInteger(), nullable=True),
    sa.Column('seen', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('seen_at', UTC, nullable=True),
    sa.CheckConstraint("kind IN ('10dlc', 'toll_free')", name=op.f('ck_registrations_kind')),
    sa.ForeignKeyConstraint(['updated_by'], ['users.id'], name=op.f('fk_registrations_updated_by')),
    sa.PrimaryKeyConstraint('kind', name=op.f('pk_registrations'))
    )
    op.create_table('privacy_requests',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('contact_number_id', sa.BigInteger(), nullable=False),
    sa.Column('received_at', UTC, nullable=False),
    sa.Column('due_at', UTC, nullable=False),
    sa.Column('received_by', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('actor_id', sa.BigInteger(), nullable=True),
    sa.Column('done_at', UTC, nullable=True),
    sa.Column('outcome', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.CheckConstraint("kind IN ('erasure', 'export')", name=op.f('ck_privacy_requests_kind')),
    sa.ForeignKeyConstraint(['contact_number_id'], ['contact_numbers.id'], name=op.f('fk_privacy_requests_contact_number_id')),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_privacy_requests_actor_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_privacy_requests'))
    )
    op.create_index(op.f('ix_privacy_requests_contact_number_id'), 'privacy_requests', ['contact_number_id'], unique=False)


def _widen_bulk_operations() -> None:
    op.add_column('bulk_operations', sa.Column('tally', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False))
    op.create_table('bulk_chunks',
    sa.Column('operation_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('first_row', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['operation_id'], ['bulk_operations.id'], name=op.f('fk_bulk_chunks_operation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('operation_id', 'first_row', name=op.f('pk_bulk_chunks'))
    )


_NUMBER_COLUMNS = {
    'consent_channel': sa.Text(),
    'consent_until': UTC,
    'pending_at': UTC,
    'doubt_at': UTC,
    'doubt_source': sa.Text(),
    'doubt_matched': sa.Text(),
    'doubt_message_id': sa.BigInteger(),
    'hmac': sa.LargeBinary(),
    'erased_at': UTC,
}


def _widen_contact_numbers() -> None:
    for name, kind in _NUMBER_COLUMNS.items():
        op.add_column('contact_numbers', sa.Column(name, kind, nullable=True))
    op.create_index('uq_contact_numbers_hmac', 'contact_numbers', ['hmac'], unique=True, postgresql_where=sa.text('hmac IS NOT NULL'))
    op.create_index('ix_contact_numbers_suppressed', 'contact_numbers', ['suppressed_at'], postgresql_where=sa.text('suppressed_at IS NOT NULL'))
    op.create_index('ix_contact_numbers_doubt', 'contact_numbers', ['doubt_at'], postgresql_where=sa.text('doubt_at IS NOT NULL'))
    op.create_index('ix_contact_numbers_agreed', 'contact_numbers', ['consent_at'], postgresql_where=sa.text('consent_at IS NOT NULL'))
    op.create_index('ix_contact_numbers_unasked', 'contact_numbers', ['id'], postgresql_where=sa.text(_UNASKED))
    op.create_index('ix_contact_numbers_last_four', 'contact_numbers', [sa.text('"right"(e164, 4)')])
    op.execute(f"""
        UPDATE contact_numbers n SET consent_channel = {_CHANNEL_OF_OLD_ROWS.replace("source", "consent_source")}
        WHERE consent_at IS NOT NULL
    """)


def _allow_origins(*origins: str) -> None:
    listed = ", ".join(f"'{origin}'" for origin in origins)
    op.drop_constraint(op.f('ck_sms_messages_origin'), 'sms_messages', type_='check')
    op.create_check_constraint(op.f('ck_sms_messages_origin'), 'sms_messages', f"origin IN ({listed})")


def _widen_messages() -> None:
    _allow_origins('contact', 'manual', 'api', 'campaign', 'confirmation', 'opt_in')
    op.add_column('sms_messages', sa.Column('solicitation', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('sms_messages', sa.Column('footer', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('sms_messages', sa.Column('body_removed_at', UTC, nullable=True))
    op.add_column('sms_messages', sa.Column('body_removed_why', sa.Text(), nullable=True))
    op.create_check_constraint(op.f('ck_sms_messages_body_removed_why'), 'sms_messages', "body_removed_why IN ('age', 'erasure')")
    op.create_index('ix_sms_messages_created_at', 'sms_messages', ['created_at'], postgresql_using='brin')
    op.drop_index('ix_sms_messages_cancelable', table_name='sms_messages', postgresql_where=sa.text(_CANCELABLE))
    op.create_index('ix_sms_messages_unsent', 'sms_messages', ['contact_number_id'], postgresql_where=sa.text(_UNSENT))
    op.create_index('ix_sms_messages_solicitations', 'sms_messages', ['contact_number_id', 'sent_at'], postgresql_where=sa.text('solicitation AND sent_at IS NOT NULL'))


def _chain_the_ledger() -> None:
    op.add_column('consent_events', sa.Column('scope', sa.Text(), server_default='all', nullable=False))
    op.add_column('consent_events', sa.Column('channel', sa.Text(), server_default='other', nullable=False))
    op.add_column('consent_events', sa.Column('expires_at', UTC, nullable=True))
    op.add_column('consent_events', sa.Column('disclosure_id', sa.BigInteger(), nullable=True))
    op.add_column('consent_events', sa.Column('prev_hash', sa.LargeBinary(), nullable=True))
    op.add_column('consent_events', sa.Column('row_hash', sa.LargeBinary(), nullable=True))
    op.create_foreign_key(op.f('fk_consent_events_disclosure_id'), 'consent_events', 'disclosures', ['disclosure_id'], ['id'])
    op.drop_constraint(op.f('ck_consent_events_event'), 'consent_events', type_='check')
    op.create_check_constraint(op.f('ck_consent_events_event'), 'consent_events', "event IN ('opt_in', 'opt_out', 'reconfirm')")
    op.drop_index(op.f('ix_consent_events_contact_number_id'), table_name='consent_events')
    op.create_index('ix_consent_events_number', 'consent_events', ['contact_number_id', 'id'])
    op.create_index('ix_consent_events_disclosure', 'consent_events', ['disclosure_id'], postgresql_where=sa.text('disclosure_id IS NOT NULL'))
    op.execute(f"UPDATE consent_events SET channel = {_CHANNEL_OF_OLD_ROWS}")
    op.execute(_ROW_TEXT)
    op.execute(_ROW_HASH)
    op.execute(_CHAIN_OLD_ROWS)
    op.alter_column('consent_events', 'row_hash', nullable=False)
    op.execute(_CHAIN)
    op.execute(_APPEND_ONLY)
    op.execute("CREATE TRIGGER consent_events_chain BEFORE INSERT ON consent_events"
               " FOR EACH ROW EXECUTE FUNCTION consent_events_chain()")
    for table in ("consent_events", "consent_seals"):
        op.execute(f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
                   " FOR EACH ROW EXECUTE FUNCTION consent_events_append_only()")


def downgrade() -> None:
    for table in ("consent_events", "consent_seals"):
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute("DROP TRIGGER consent_events_chain ON consent_events")
    for function in ("consent_events_append_only()", "consent_events_chain()", "consent_row_hash(consent_events)", "consent_row_text(consent_events)"):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DELETE FROM consent_events WHERE event = 'reconfirm'")
    op.drop_constraint(op.f('ck_consent_events_event'), 'consent_events', type_='check')
    op.create_check_constraint(op.f('ck_consent_events_event'), 'consent_events', "event IN ('opt_in', 'opt_out')")
    op.drop_index('ix_consent_events_disclosure', table_name='consent_events', postgresql_where=sa.text('disclosure_id IS NOT NULL'))
    op.drop_index('ix_consent_events_number', table_name='consent_events')
    op.create_index(op.f('ix_consent_events_contact_number_id'), 'consent_events', ['contact_number_id'], unique=False)
    op.drop_constraint(op.f('fk_consent_events_disclosure_id'), 'consent_events', type_='foreignkey')
    for name in ('row_hash', 'prev_hash', 'disclosure_id', 'expires_at', 'channel', 'scope'):
        op.drop_column('consent_events', name)
    op.drop_index('ix_sms_messages_solicitations', table_name='sms_messages', postgresql_where=sa.text('solicitation AND sent_at IS NOT NULL'))
    op.drop_index('ix_sms_messages_unsent', table_name='sms_messages', postgresql_where=sa.text(_UNSENT))
    op.create_index('ix_sms_messages_cancelable', 'sms_messages', ['contact_number_id'], postgresql_where=sa.text(_CANCELABLE))
    op.execute("UPDATE sms_messages SET origin = 'api' WHERE origin = 'opt_in'")
    _allow_origins('contact', 'manual', 'api', 'campaign', 'confirmation')
    op.drop_index('ix_sms_messages_created_at', table_name='sms_messages', postgresql_using='brin')
    op.drop_constraint(op.f('ck_sms_messages_body_removed_why'), 'sms_messages', type_='check')
    op.drop_column('sms_messages', 'body_removed_why')
    op.drop_column('sms_messages', 'body_removed_at')
    op.drop_column('sms_messages', 'footer')
    op.drop_column('sms_messages', 'solicitation')
    op.drop_index('ix_contact_numbers_last_four', table_name='contact_numbers')
    op.drop_index('ix_contact_numbers_unasked', table_name='contact_numbers', postgresql_where=sa.text(_UNASKED))
    op.drop_index('ix_contact_numbers_agreed', table_name='contact_numbers', postgresql_where=sa.text('consent_at IS NOT NULL'))
    op.drop_index('ix_contact_numbers_doubt', table_name='contact_numbers', postgresql_where=sa.text('doubt_at IS NOT NULL'))
    op.drop_index('ix_contact_numbers_suppressed', table_name='contact_numbers', postgresql_where=sa.text('suppressed_at IS NOT NULL'))
    op.drop_index('uq_contact_numbers_hmac', table_name='contact_numbers', postgresql_where=sa.text('hmac IS NOT NULL'))
    for name in reversed(_NUMBER_COLUMNS):
        op.drop_column('contact_numbers', name)
    op.drop_table('bulk_chunks')
    op.drop_column('bulk_operations', 'tally')
    op.drop_table('privacy_requests')
    op.drop_table('registrations')
    op.drop_table('sender_usage')
    op.drop_table('dnc_entries')
    op.drop_table('dnc_lists')
    op.drop_table('consent_seals')
    op.drop_table('disclosures')
