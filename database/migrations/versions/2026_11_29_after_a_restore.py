"""Since when texts may have left that a restored batch, or a restored call, has still to write."""

import sqlalchemy as sa
from alembic import op

revision = "after_a_restore"
down_revision = "erasure_starts"

TABLES = ("batch", "phone_call")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("maybe_sent_since", sa.DateTime(timezone=True)))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_column(table, "maybe_sent_since")
