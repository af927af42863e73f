"""plans that were adopted: the works they order."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'


def upgrade() -> None:
    op.create_table('adoptions',
    sa.Column('adoption_id', sa.Integer(), nullable=False),
    sa.Column('scenario_id', sa.Integer(), nullable=False),
    sa.Column('wave', sa.Text(), nullable=False),
    sa.Column('planned_on', sa.Date(), nullable=False),
    sa.Column('adopted_on', sa.Date(), nullable=False),
    sa.Column('adopted_at', sa.DateTime(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.Column('status', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.batch_id'], name=op.f('fk_adoptions_batch_id_batches')),
    sa.ForeignKeyConstraint(['scenario_id'], ['scenarios.scenario_id'], name=op.f('fk_adoptions_scenario_id_scenarios')),
    sa.PrimaryKeyConstraint('adoption_id', name=op.f('pk_adoptions'))
    )
    op.create_table('adopted_works',
    sa.Column('work_id', sa.Integer(), nullable=False),
    sa.Column('adoption_id', sa.Integer(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('camera_id', sa.Text(), nullable=False),
    sa.Column('site_id', sa.Text(), nullable=True),
    sa.Column('bearing_deg', sa.Float(), nullable=True),
    sa.Column('cost', sa.Float(), nullable=True),
    sa.ForeignKeyConstraint(['adoption_id'], ['adoptions.adoption_id'], name=op.f('fk_adopted_works_adoption_id_adoptions')),
    sa.PrimaryKeyConstraint('work_id', name=op.f('pk_adopted_works'))
    )
    op.create_index(op.f('ix_adopted_works_adoption_id'), 'adopted_works', ['adoption_id'])


def downgrade() -> None:
    op.drop_table('adopted_works')
    op.drop_table('adoptions')
