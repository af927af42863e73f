"""evaluations fixed beforehand."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'


def upgrade() -> None:
    op.create_table('registrations',
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('registered_at', sa.DateTime(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('read_out_on', sa.Date(), nullable=False),
    sa.Column('installed_on', sa.Date(), nullable=False),
    sa.Column('installed_until', sa.Date(), nullable=False),
    sa.Column('request', sa.JSON(), nullable=False),
    sa.Column('treated', sa.LargeBinary(), nullable=False),
    sa.Column('unit_ids', sa.JSON(), nullable=False),
    sa.Column('scenario_id', sa.Integer(), nullable=True),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('registration_id', name=op.f('pk_registrations'))
    )


def downgrade() -> None:
    op.drop_table('registrations')
