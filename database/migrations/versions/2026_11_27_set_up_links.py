"""Links with which a brand sets itself up."""

import sqlalchemy as sa
from alembic import op

revision = "set_up_links"
down_revision = "priority"


def upgrade() -> None:
    op.create_table(
        "set_up_link",
        sa.Column("token_hash", sa.LargeBinary, primary_key=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.now(),
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("set_up_link")
