"""Who has read something lately is found at once."""

import sqlalchemy as sa
from alembic import op

revision = "audit_reads"
down_revision = "audit_no_truncate"


def upgrade() -> None:
    op.create_index(
        "ix_audit_entry_read",
        "audit_entry",
        ["subject_id", "at"],
        postgresql_where=sa.text("action = 'read'"),
    )


def downgrade() -> None:
    op.drop_index("ix_audit_entry_read", "audit_entry")
