"""Events and routing decisions in partitions by month, with what is there already."""

from database.migrations.partitioning import divide, join
from database.partitions.catalogue import DECISIONS, EVENTS

revision = "partitions"
down_revision = "exports"


def upgrade() -> None:
    for table in (EVENTS, DECISIONS):
        divide(table)


def downgrade() -> None:
    for table in (DECISIONS, EVENTS):
        join(table)
