"""The hours of agents are summed for whole months, too: all months are summed again."""

from alembic import op

revision = "hours_of_agents"
down_revision = "keys_of_processes"


def upgrade() -> None:
    op.execute("DELETE FROM summed_month")


def downgrade() -> None:
    pass
