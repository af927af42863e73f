"""the first schema."""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None


def upgrade() -> None:
    op.create_table('audit',
    sa.Column('audit_id', sa.Integer(), nullable=False),
    sa.Column('happened_at', sa.DateTime(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('subject', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('audit_id', name=op.f('pk_audit'))
    )
    op.create_table('batches',
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('layer', sa.Text(), nullable=False),
    sa.Column('file_name', sa.Text(), nullable=False),
    sa.Column('file_sha256', sa.Text(), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('committed_at', sa.DateTime(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('n_rows', sa.Integer(), nullable=False),
    sa.Column('n_accepted', sa.Integer(), nullable=False),
    sa.Column('n_updated', sa.Integer(), nullable=False),
    sa.Column('n_duplicates', sa.Integer(), nullable=False),
    sa.Column('n_rejected', sa.Integer(), nullable=False),
    sa.Column('n_skipped', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('batch_id', name=op.f('pk_batches'))
    )
    op.create_table('divisions',
    sa.Column('division', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('division', name=op.f('pk_divisions'))
    )
    op.create_table('properties',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_properties'))
    )
    op.create_table('buildings',
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('row_key', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('superseded_by', sa.Integer(), nullable=True),
    sa.Column('file_row', sa.Integer(), nullable=True),
    sa.Column('height_m', sa.Float(), nullable=True),
    sa.Column('geometry', sa.LargeBinary(), nullable=False),
    sa.Column('west', sa.Float(), nullable=False),
    sa.Column('south', sa.Float(), nullable=False),
    sa.Column('east', sa.Float(), nullable=False),
    sa.Column('north', sa.Float(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.batch_id'], name=op.f('fk_buildings_batch_id')),
    sa.ForeignKeyConstraint(['superseded_by'], ['batches.batch_id'], name=op.f('fk_buildings_superseded_by')),
    sa.PrimaryKeyConstraint('row_id', name=op.f('pk_buildings'))
    )
    with op.batch_alter_table('buildings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_buildings_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_buildings_row_key'), ['row_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_buildings_superseded_by'), ['superseded_by'], unique=False)

    op.create_table('camera_states',
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('row_key', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('superseded_by', sa.Integer(), nullable=True),
    sa.Column('file_row', sa.Integer(), nullable=True),
    sa.Column('camera_id', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.batch_id'], name=op.f('fk_camera_states_batch_id')),
    sa.ForeignKeyConstraint(['superseded_by'], ['batches.batch_id'], name=op.f('fk_camera_states_superseded_by')),
    sa.PrimaryKeyConstraint('row_id', name=op.f('pk_camera_states'))
    )
    with op.batch_alter_table('camera_states', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_camera_states_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_camera_states_row_key'), ['row_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_camera_states_superseded_by'), ['superseded_by'], unique=False)

    op.create_table('cameras',
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('row_key', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('superseded_by', sa.Integer(), nullable=True),
    sa.Column('file_row', sa.Integer(), nullable=True),
    sa.Column('camera_id', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=False),
    sa.Column('latitude', sa.Float(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=True),
    sa.Column('bearing_deg', sa.Float(), nullable=True),
    sa.Column('fov_deg', sa.Float(), nullable=True),
    sa.Column('range_m', sa.Float(), nullable=True),
    sa.Column('height_m', sa.Float(), nullable=True),
    sa.Column('resolution_mp', sa.Float(), nullable=True),
    sa.Column('focal_mm', sa.Float(), nullable=True),
    sa.Column('owner', sa.Text(), nullable=True),
    sa.Column('funding', sa.Text(), nullable=True),
    sa.Column('wave', sa.Text(), nullable=True),
    sa.Column('ward_code', sa.Text(), nullable=True),
    sa.Column('installed_on', sa.Date(), nullable=True),
    sa.Column('removed_on', sa.Date(), nullable=True),
    sa.Column('retention_days', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.batch_id'], name=op.f('fk_cameras_batch_id')),
    sa.ForeignKeyConstraint(['superseded_by'], ['batches.batch_id'], name=op.f('fk_cameras_superseded_by')),
    sa.PrimaryKeyConstraint('row_id', name=op.f('pk_cameras'))
    )
    with op.batch_alter_table('cameras', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cameras_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cameras_row_key'), ['row_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_cameras_superseded_by'), ['superseded_by'], unique=False)

    op.create_table('incidents',
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('row_key', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('superseded_by', sa.Integer(), nullable=True),
    sa.Column('file_row', sa.Integer(), nullable=True),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('case_id', sa.Text(), nullable=True),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('article', sa.Text(), nullable=True),
    sa.Column('starts_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.Column('time_is_known', sa.Boolean(), nullable=False),
    sa.Column('reported_at', sa.DateTime(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('location_quality', sa.Text(), nullable=False),
    sa.Column('place', sa.Text(), nullable=True),
    sa.Column('division', sa.Text(), nullable=False),
    sa.Column('ward_code', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=True),
    sa.Column('is_cleared', sa.Boolean(), nullable=True),
    sa.Column('is_camera_used', sa.Boolean(), nullable=True),
    sa.Column('damage_vnd', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.batch_id'], name=op.f('fk_incidents_batch_id')),
    sa.ForeignKeyConstraint(['superseded_by'], ['batches.batch_id'], name=op.f('fk_incidents_superseded_by')),
    sa.PrimaryKeyConstraint('row_id', name=op.f('pk_incidents'))
    )
    with op.batch_alter_table('incidents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incidents_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_incidents_row_key'), ['row_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_incidents_starts_at'), ['starts_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_incidents_superseded_by'), ['superseded_by'], unique=False)

    op.create_table('land_cover',
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('row_key', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('superseded_by', sa.Integer(), nullable=True),
    sa.Column('file_row', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('geometry', sa.LargeBinary(), nullable=False),
    sa.Column('west', sa.Float(), nullable=False),
    sa.Column('south', sa.Float(), nullable=False),
    sa.Column('east', sa.Float(), nullable=False),
    sa.Column('north', sa.Float(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.batch_id'], name=op.f('fk_land_cover_batch_id')),
    sa.ForeignKeyConstraint(['superseded_by'], ['batches.batch_id'], name=op.f('fk_land_cover_superseded_by')),
    sa.PrimaryKeyConstraint('row_id', name=op.f('pk_land_cover'))
    )
    with op.batch_alter_table('land_cover', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_land_cover_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_land_cover_row_key'), ['row_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_land_cover_superseded_by'), ['superseded_by'], unique=False)

    op.create_table('rejected_rows',
    sa.Column('rejected_id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('file_row', sa.Integer(), nullable=False),
    sa.Column('column', sa.Text(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.batch_id'], name=op.f('fk_rejected_rows_batch_id')),
    sa.PrimaryKeyConstraint('rejected_id', name=op.f('pk_rejected_rows'))
    )
    with op.batch_alter_table('rejected_rows', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rejected_rows_batch_id'), ['batch_id'], unique=False)

    op.create_table('sites',
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('row_key', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('superseded_by', sa.Integer(), nullable=True),
    sa.Column('file_row', sa.Integer(), nullable=True),
    sa.Column('site_id', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=False),
    sa.Column('latitude', sa.Float(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=True),
    sa.Column('status', sa.Text(), nullable=True),
    sa.Column('has_power', sa.Boolean(), nullable=True),
    sa.Column('has_fibre', sa.Boolean(), nullable=True),
    sa.Column('ward_code', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.batch_id'], name=op.f('fk_sites_batch_id')),
    sa.ForeignKeyConstraint(['superseded_by'], ['batches.batch_id'], name=op.f('fk_sites_superseded_by')),
    sa.PrimaryKeyConstraint('row_id', name=op.f('pk_sites'))
    )
    with op.batch_alter_table('sites', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sites_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sites_row_key'), ['row_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_sites_superseded_by'), ['superseded_by'], unique=False)

    op.create_table('streets',
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('row_key', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('superseded_by', sa.Integer(), nullable=True),
    sa.Column('file_row', sa.Integer(), nullable=True),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('geometry', sa.LargeBinary(), nullable=False),
    sa.Column('west', sa.Float(), nullable=False),
    sa.Column('south', sa.Float(), nullable=False),
    sa.Column('east', sa.Float(), nullable=False),
    sa.Column('north', sa.Float(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.batch_id'], name=op.f('fk_streets_batch_id')),
    sa.ForeignKeyConstraint(['superseded_by'], ['batches.batch_id'], name=op.f('fk_streets_superseded_by')),
    sa.PrimaryKeyConstraint('row_id', name=op.f('pk_streets'))
    )
    with op.batch_alter_table('streets', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_streets_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_streets_row_key'), ['row_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_streets_superseded_by'), ['superseded_by'], unique=False)

    op.create_table('wards',
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('row_key', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('superseded_by', sa.Integer(), nullable=True),
    sa.Column('file_row', sa.Integer(), nullable=True),
    sa.Column('division', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('population', sa.Integer(), nullable=True),
    sa.Column('population_source', sa.Text(), nullable=True),
    sa.Column('geometry', sa.LargeBinary(), nullable=False),
    sa.Column('west', sa.Float(), nullable=False),
    sa.Column('south', sa.Float(), nullable=False),
    sa.Column('east', sa.Float(), nullable=False),
    sa.Column('north', sa.Float(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.batch_id'], name=op.f('fk_wards_batch_id')),
    sa.ForeignKeyConstraint(['division'], ['divisions.division'], name=op.f('fk_wards_division')),
    sa.ForeignKeyConstraint(['superseded_by'], ['batches.batch_id'], name=op.f('fk_wards_superseded_by')),
    sa.PrimaryKeyConstraint('row_id', name=op.f('pk_wards'))
    )
    with op.batch_alter_table('wards', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wards_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_wards_row_key'), ['row_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_wards_superseded_by'), ['superseded_by'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('wards', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_wards_superseded_by'))
        batch_op.drop_index(batch_op.f('ix_wards_row_key'))
        batch_op.drop_index(batch_op.f('ix_wards_batch_id'))

    op.drop_table('wards')
    with op.batch_alter_table('streets', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_streets_superseded_by'))
        batch_op.drop_index(batch_op.f('ix_streets_row_key'))
        batch_op.drop_index(batch_op.f('ix_streets_batch_id'))

    op.drop_table('streets')
    with op.batch_alter_table('sites', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sites_superseded_by'))
        batch_op.drop_index(batch_op.f('ix_sites_row_key'))
        batch_op.drop_index(batch_op.f('ix_sites_batch_id'))

    op.drop_table('sites')
    with op.batch_alter_table('rejected_rows', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rejected_rows_batch_id'))

    op.drop_table('rejected_rows')
    with op.batch_alter_table('land_cover', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_land_cover_superseded_by'))
        batch_op.drop_index(batch_op.f('ix_land_cover_row_key'))
        batch_op.drop_index(batch_op.f('ix_land_cover_batch_id'))

    op.drop_table('land_cover')
    with op.batch_alter_table('incidents', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_incidents_superseded_by'))
        batch_op.drop_index(batch_op.f('ix_incidents_starts_at'))
        batch_op.drop_index(batch_op.f('ix_incidents_row_key'))
        batch_op.drop_index(batch_op.f('ix_incidents_batch_id'))

    op.drop_table('incidents')
    with op.batch_alter_table('cameras', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cameras_superseded_by'))
        batch_op.drop_index(batch_op.f('ix_cameras_row_key'))
        batch_op.drop_index(batch_op.f('ix_cameras_batch_id'))

    op.drop_table('cameras')
    with op.batch_alter_table('camera_states', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_camera_states_superseded_by'))
        batch_op.drop_index(batch_op.f('ix_camera_states_row_key'))
        batch_op.drop_index(batch_op.f('ix_camera_states_batch_id'))

    op.drop_table('camera_states')
    with op.batch_alter_table('buildings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_buildings_superseded_by'))
        batch_op.drop_index(batch_op.f('ix_buildings_row_key'))
        batch_op.drop_index(batch_op.f('ix_buildings_batch_id'))

    op.drop_table('buildings')
    op.drop_table('properties')
    op.drop_table('divisions')
    op.drop_table('batches')
    op.drop_table('audit')
