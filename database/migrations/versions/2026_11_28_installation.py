"""Which Temporal namespace the database belongs to, under an id that its namespace holds, too."""

import sqlalchemy as sa
from alembic import op

revision = "installation"
down_revision = "keys_of_suppression"


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("is_here", sa.Boolean, primary_key=True, server_default=sa.text("true")),
        sa.Column("id", sa.Uuid, nullable=False, server_default=sa.text("gen_random_uuid()")),
        sa.Column("namespace", sa.Text),
        sa.CheckConstraint("is_here", name="one_row"),
    )


def downgrade() -> None:
    op.drop_table("installation")
