"""How far the team is with a lead, and who was put into a campaign beside another one on purpose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

STATUSES = ('new', 'contacted', 'interested', 'appointment', 'client', 'lost')


def upgrade() -> None:
    op.add_column('leads', sa.Column('status', sa.Text(), server_default='new', nullable=False))
    listed = ', '.join(f"'{status}'" for status in STATUSES)
    op.create_check_constraint(op.f('ck_leads_status'), 'leads', f'status IN ({listed})')
    op.add_column(
        'sms_campaign_enrollments',
        sa.Column('beside_others', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    )


def downgrade() -> None:
    op.drop_column('sms_campaign_enrollments', 'beside_others')
    op.drop_constraint(op.f('ck_leads_status'), 'leads')
    op.drop_column('leads', 'status')
