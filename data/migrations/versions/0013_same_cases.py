"""which rows without a number a person said to be cases that are known by another key."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "same_cases",
        sa.Column("same_case_id", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("case_key", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.batch_id"], name=op.f("fk_same_cases_batch_id_batches")
        ),
        sa.PrimaryKeyConstraint("same_case_id", name=op.f("pk_same_cases")),
    )
    op.create_index(op.f("ix_same_cases_row_key"), "same_cases", ["row_key"])
    op.create_index(op.f("ix_same_cases_batch_id"), "same_cases", ["batch_id"])


def downgrade() -> None:
    op.drop_table("same_cases")
