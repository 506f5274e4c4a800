"""When the database was restored, so that what came before is not answered twice."""

import sqlalchemy as sa
from alembic import op

revision = "restores"
down_revision = "steps"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "restore",
        sa.Column("restored_at", MOMENT, nullable=False),
        sa.Column("back_to", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("restored_at", name="pk_restore"),
    )


def downgrade() -> None:
    op.drop_table("restore")
