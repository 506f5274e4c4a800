"""Buckets that scheduled exports go into, how far an upload is, and schedules that are paused."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from database.auditing.tables import AUDITED
from database.auditing.trigger import audit

revision = "export_buckets"
down_revision = "partitions"

MOMENT = sa.DateTime(timezone=True)
TEXTS = ("name", "region", "bucket", "prefix", "key_id", "secret")


def upgrade() -> None:
    op.create_table(
        "export_bucket",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("account_id", sa.Text, sa.ForeignKey("account.id"), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in TEXTS),
        sa.Column("endpoint", sa.Text),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.text("now()")),
        sa.Column("retired_at", MOMENT),
    )
    op.create_index("ix_export_bucket_account_id", "export_bucket", ["account_id"])
    audit("export_bucket", AUDITED["export_bucket"])
    to_bucket = sa.ForeignKey("export_bucket.id")
    op.add_column("export_schedule", sa.Column("bucket_id", sa.Uuid, to_bucket))
    op.add_column("export_schedule", sa.Column("paused_at", MOMENT))
    op.add_column("export", sa.Column("upload", JSONB))


def downgrade() -> None:
    op.drop_column("export", "upload")
    for column in ("paused_at", "bucket_id"):
        op.drop_column("export_schedule", column)
    op.drop_table("export_bucket")
