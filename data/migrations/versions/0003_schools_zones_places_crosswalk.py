"""schools, zones, places, crosswalk."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    op.create_table('places',
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('row_key', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('superseded_by', sa.Integer(), nullable=True),
    sa.Column('file_row', sa.Integer(), nullable=True),
    sa.Column('place_id', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=False),
    sa.Column('latitude', sa.Float(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.batch_id'], name=op.f('fk_places_batch_id')),
    sa.ForeignKeyConstraint(['superseded_by'], ['batches.batch_id'], name=op.f('fk_places_superseded_by')),
    sa.PrimaryKeyConstraint('row_id', name=op.f('pk_places'))
    )
    with op.batch_alter_table('places', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_places_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_places_row_key'), ['row_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_places_superseded_by'), ['superseded_by'], unique=False)

    op.create_table('schools',
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('row_key', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('superseded_by', sa.Integer(), nullable=True),
    sa.Column('file_row', sa.Integer(), nullable=True),
    sa.Column('school_id', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=False),
    sa.Column('latitude', sa.Float(), nullable=False),
    sa.Column('opens_at', sa.Text(), nullable=True),
    sa.Column('closes_at', sa.Text(), nullable=True),
    sa.Column('ward_code', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.batch_id'], name=op.f('fk_schools_batch_id')),
    sa.ForeignKeyConstraint(['superseded_by'], ['batches.batch_id'], name=op.f('fk_schools_superseded_by')),
    sa.PrimaryKeyConstraint('row_id', name=op.f('pk_schools'))
    )
    with op.batch_alter_table('schools', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_schools_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_schools_row_key'), ['row_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_schools_superseded_by'), ['superseded_by'], unique=False)

    op.create_table('ward_crosswalk',
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('row_key', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('superseded_by', sa.Integer(), nullable=True),
    sa.Column('file_row', sa.Integer(), nullable=True),
    sa.Column('from_division', sa.Text(), nullable=False),
    sa.Column('from_code', sa.Text(), nullable=False),
    sa.Column('to_division', sa.Text(), nullable=False),
    sa.Column('to_code', sa.Text(), nullable=False),
    sa.Column('share', sa.Float(), nullable=False),
    sa.Column('is_split', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.batch_id'], name=op.f('fk_ward_crosswalk_batch_id')),
    sa.ForeignKeyConstraint(['superseded_by'], ['batches.batch_id'], name=op.f('fk_ward_crosswalk_superseded_by')),
    sa.PrimaryKeyConstraint('row_id', name=op.f('pk_ward_crosswalk'))
    )
    with op.batch_alter_table('ward_crosswalk', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ward_crosswalk_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ward_crosswalk_row_key'), ['row_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_ward_crosswalk_superseded_by'), ['superseded_by'], unique=False)

    op.create_table('zones',
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('row_key', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('superseded_by', sa.Integer(), nullable=True),
    sa.Column('file_row', sa.Integer(), nullable=True),
    sa.Column('zone_id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('geometry', sa.LargeBinary(), nullable=False),
    sa.Column('west', sa.Float(), nullable=False),
    sa.Column('south', sa.Float(), nullable=False),
    sa.Column('east', sa.Float(), nullable=False),
    sa.Column('north', sa.Float(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.batch_id'], name=op.f('fk_zones_batch_id')),
    sa.ForeignKeyConstraint(['superseded_by'], ['batches.batch_id'], name=op.f('fk_zones_superseded_by')),
    sa.PrimaryKeyConstraint('row_id', name=op.f('pk_zones'))
    )
    with op.batch_alter_table('zones', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_zones_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_zones_row_key'), ['row_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_zones_superseded_by'), ['superseded_by'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('zones', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_zones_superseded_by'))
        batch_op.drop_index(batch_op.f('ix_zones_row_key'))
        batch_op.drop_index(batch_op.f('ix_zones_batch_id'))

    op.drop_table('zones')
    with op.batch_alter_table('ward_crosswalk', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ward_crosswalk_superseded_by'))
        batch_op.drop_index(batch_op.f('ix_ward_crosswalk_row_key'))
        batch_op.drop_index(batch_op.f('ix_ward_crosswalk_batch_id'))

    op.drop_table('ward_crosswalk')
    with op.batch_alter_table('schools', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_schools_superseded_by'))
        batch_op.drop_index(batch_op.f('ix_schools_row_key'))
        batch_op.drop_index(batch_op.f('ix_schools_batch_id'))

    op.drop_table('schools')
    with op.batch_alter_table('places', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_places_superseded_by'))
        batch_op.drop_index(batch_op.f('ix_places_row_key'))
        batch_op.drop_index(batch_op.f('ix_places_batch_id'))

    op.drop_table('places')
