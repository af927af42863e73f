"""what a person said that words for an offence mean, kept with the columns of the file."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column(
        "remembered_columns", sa.Column("offences", sa.JSON(none_as_null=True), nullable=True)
    )


def downgrade() -> None:
    with op.batch_alter_table("remembered_columns") as remembered:
        remembered.drop_column("offences")
