"""The hours of agents are summed for whole months, too: months that lack them are summed again."""

import sqlalchemy as sa
from alembic import op

revision = "hours_of_agents"
down_revision = "keys_of_processes"

TABLE, COLUMN = "summed_month", "form"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column(COLUMN, sa.Integer, nullable=True))


def downgrade() -> None:
    op.drop_column(TABLE, COLUMN)
