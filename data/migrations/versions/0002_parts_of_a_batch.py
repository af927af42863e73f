"""a batch can be part of another."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'


def upgrade() -> None:
    op.add_column('batches', sa.Column('part_of', sa.Integer(), nullable=True))
