"""Programmes, tips, footage requests, camera models; costs and tilts."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'

ADDED = {
    'cameras': (
        ('bearing_error_deg', sa.Float()),
        ('tilt_deg', sa.Float()),
        ('device_id', sa.Text()),
        ('model_id', sa.Text()),
        ('programme_id', sa.Text()),
        ('cost', sa.BigInteger()),
    ),
    'camera_states': (
        ('fault', sa.Text()),
        ('repair_cost', sa.BigInteger()),
    ),
    'sites': (
        ('n_heads', sa.Integer()),
        ('cost', sa.BigInteger()),
    ),
    'schools': (
        ('programme_id', sa.Text()),
    ),
}


def upgrade() -> None:
    op.create_table('camera_models',
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('row_key', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('superseded_by', sa.Integer(), nullable=True),
    sa.Column('file_row', sa.Integer(), nullable=True),
    sa.Column('model_id', sa.Text(), nullable=False),
    sa.Column('maker', sa.Text(), nullable=True),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('kind', sa.Text(), nullable=True),
    sa.Column('pixels_across', sa.Integer(), nullable=True),
    sa.Column('focal_mm', sa.Float(), nullable=True),
    sa.Column('fov_deg', sa.Float(), nullable=True),
    sa.Column('vertical_fov_deg', sa.Float(), nullable=True),
    sa.Column('detect_m', sa.Float(), nullable=True),
    sa.Column('observe_m', sa.Float(), nullable=True),
    sa.Column('recognise_m', sa.Float(), nullable=True),
    sa.Column('identify_m', sa.Float(), nullable=True),
    sa.Column('lamp_m', sa.Float(), nullable=True),
    sa.Column('cost', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.batch_id'], name=op.f('fk_camera_models_batch_id')),
    sa.ForeignKeyConstraint(['superseded_by'], ['batches.batch_id'], name=op.f('fk_camera_models_superseded_by')),
    sa.PrimaryKeyConstraint('row_id', name=op.f('pk_camera_models'))
    )
    for column in ('batch_id', 'row_key', 'superseded_by'):
        op.create_index(op.f(f'ix_camera_models_{column}'), 'camera_models', [column], unique=False)
    op.create_table('programmes',
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('row_key', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('superseded_by', sa.Integer(), nullable=True),
    sa.Column('file_row', sa.Integer(), nullable=True),
    sa.Column('programme_id', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('division', sa.Text(), nullable=True),
    sa.Column('ward_code', sa.Text(), nullable=True),
    sa.Column('started_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('n_members', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.batch_id'], name=op.f('fk_programmes_batch_id')),
    sa.ForeignKeyConstraint(['superseded_by'], ['batches.batch_id'], name=op.f('fk_programmes_superseded_by')),
    sa.PrimaryKeyConstraint('row_id', name=op.f('pk_programmes'))
    )
    for column in ('batch_id', 'row_key', 'superseded_by'):
        op.create_index(op.f(f'ix_programmes_{column}'), 'programmes', [column], unique=False)
    op.create_table('tips',
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('row_key', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('superseded_by', sa.Integer(), nullable=True),
    sa.Column('file_row', sa.Integer(), nullable=True),
    sa.Column('tip_id', sa.Text(), nullable=False),
    sa.Column('received_at', sa.DateTime(), nullable=False),
    sa.Column('received_from', sa.Text(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('place', sa.Text(), nullable=True),
    sa.Column('division', sa.Text(), nullable=True),
    sa.Column('ward_code', sa.Text(), nullable=True),
    sa.Column('category', sa.Text(), nullable=True),
    sa.Column('is_usable', sa.Boolean(), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=True),
    sa.Column('case_id', sa.Text(), nullable=True),
    sa.Column('programme_id', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.batch_id'], name=op.f('fk_tips_batch_id')),
    sa.ForeignKeyConstraint(['superseded_by'], ['batches.batch_id'], name=op.f('fk_tips_superseded_by')),
    sa.PrimaryKeyConstraint('row_id', name=op.f('pk_tips'))
    )
    for column in ('batch_id', 'row_key', 'superseded_by'):
        op.create_index(op.f(f'ix_tips_{column}'), 'tips', [column], unique=False)
    op.create_table('footage_requests',
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('row_key', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('superseded_by', sa.Integer(), nullable=True),
    sa.Column('file_row', sa.Integer(), nullable=True),
    sa.Column('request_id', sa.Text(), nullable=False),
    sa.Column('requested_at', sa.DateTime(), nullable=False),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('case_id', sa.Text(), nullable=True),
    sa.Column('category', sa.Text(), nullable=True),
    sa.Column('starts_at', sa.DateTime(), nullable=True),
    sa.Column('ends_at', sa.DateTime(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('place', sa.Text(), nullable=True),
    sa.Column('division', sa.Text(), nullable=True),
    sa.Column('ward_code', sa.Text(), nullable=True),
    sa.Column('camera_ids', sa.Text(), nullable=True),
    sa.Column('found_on', sa.Text(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('is_clarified', sa.Boolean(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.batch_id'], name=op.f('fk_footage_requests_batch_id')),
    sa.ForeignKeyConstraint(['superseded_by'], ['batches.batch_id'], name=op.f('fk_footage_requests_superseded_by')),
    sa.PrimaryKeyConstraint('row_id', name=op.f('pk_footage_requests'))
    )
    for column in ('batch_id', 'row_key', 'superseded_by'):
        op.create_index(op.f(f'ix_footage_requests_{column}'), 'footage_requests', [column], unique=False)
    for table, columns in ADDED.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.execute('ALTER TABLE incidents RENAME COLUMN damage_vnd TO damage')


def downgrade() -> None:
    op.execute('ALTER TABLE incidents RENAME COLUMN damage TO damage_vnd')
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch_op:
            for name, _ in columns:
                batch_op.drop_column(name)
    op.drop_table('footage_requests')
    op.drop_table('tips')
    op.drop_table('programmes')
    op.drop_table('camera_models')
