"""Which conversations of a job are under way, so that none is left out when it is cancelled."""

import sqlalchemy as sa
from alembic import op

revision = "bulk_begun"
down_revision = "board"


def upgrade() -> None:
    op.add_column("bulk_item", sa.Column("begun_at", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_bulk_job_under_way",
        "bulk_job",
        ["due_at"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_bulk_job_due_at", "bulk_job")


def downgrade() -> None:
    op.create_index(
        "ix_bulk_job_due_at",
        "bulk_job",
        ["due_at"],
        postgresql_where=sa.text("status = 'running'"),
    )
    op.drop_index("ix_bulk_job_under_way", "bulk_job")
    op.drop_column("bulk_item", "begun_at")
