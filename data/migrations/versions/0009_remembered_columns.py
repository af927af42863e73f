"""columns as a person confirmed them, for the next file of the same shape; cells set right."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "remembered_columns",
        sa.Column("remembered_id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("headings_sha256", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("conventions", sa.JSON(), nullable=False),
        sa.Column("crs", sa.Text(), nullable=True),
        sa.Column("remembered_at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("remembered_id", name=op.f("pk_remembered_columns")),
    )
    op.create_index(
        op.f("ix_remembered_columns_headings_sha256"), "remembered_columns", ["headings_sha256"]
    )
    op.create_table(
        "corrected_cells",
        sa.Column("corrected_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("file_row", sa.Integer(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.batch_id"], name=op.f("fk_corrected_cells_batch_id_batches")
        ),
        sa.PrimaryKeyConstraint("corrected_id", name=op.f("pk_corrected_cells")),
    )
    op.create_index(op.f("ix_corrected_cells_batch_id"), "corrected_cells", ["batch_id"])


def downgrade() -> None:
    op.drop_table("corrected_cells")
    op.drop_table("remembered_columns")
