"""Events, routing decisions and received texts in partitions by month, with what is there already.

Partitions have no key in common but their own columns. What providers delivered therefore has a
table of its own, and nothing refers to received texts by a foreign key. Code that does not know
that table, as that of 0.1.0, cannot take a consumer's text any more.
"""

import sqlalchemy as sa
from alembic import op

from database.migrations.partitioning import divide, join
from database.partitions.catalogue import DECISIONS, EVENTS, INBOUND

revision = "partitions"
down_revision = "measurements"
oldest_code = "partitions"

REFERRING = (
    ("inbound_id", "fk_inbound_part_inbound_id_inbound"),
    ("late_id", "fk_inbound_part_late_id_inbound"),
)
UNIQUE = "uq_inbound_connector_id_provider_message_id"
KEY = ["connector_id", "provider_message_id"]


def upgrade() -> None:
    for table in (EVENTS, DECISIONS):
        divide(table)
    op.create_table(
        "inbound_key",
        sa.Column("connector_id", sa.Text, nullable=False),
        sa.Column("provider_message_id", sa.Text, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_part", sa.Boolean, nullable=False, server_default=sa.text("false")),
    )
    op.execute("""
        INSERT INTO inbound_key
        SELECT connector_id, provider_message_id, received_at, part_total IS NOT NULL FROM inbound
    """)
    op.create_primary_key("pk_inbound_key", "inbound_key", KEY)
    op.create_foreign_key(
        "fk_inbound_key_connector_id_connector",
        "inbound_key",
        "connector",
        ["connector_id"],
        ["id"],
    )
    for _, name in REFERRING:
        op.drop_constraint(name, "inbound_part")
    op.drop_constraint(UNIQUE, "inbound")
    divide(INBOUND)


def downgrade() -> None:
    join(INBOUND)
    op.create_unique_constraint(UNIQUE, "inbound", KEY)
    for column, name in REFERRING:
        op.create_foreign_key(name, "inbound_part", "inbound", [column], ["id"])
    op.drop_table("inbound_key")
    for table in (DECISIONS, EVENTS):
        join(table)
