"""What thanks, reactions and automatic replies do: settings of accounts and skills."""

import sqlalchemy as sa
from alembic import op

revision = "courtesies"
down_revision = "media"

COLUMNS = (
    ("thanks_shown_seconds", sa.Integer, "172800"),
    ("thanks_need_answer", sa.Boolean, "false"),
    ("automatic_replies_seconds", sa.Integer, "30"),
)


def upgrade() -> None:
    for name, kind, default in COLUMNS:
        op.add_column("account", sa.Column(name, kind, nullable=False, server_default=default))
        op.add_column("skill", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for name, _, _ in COLUMNS:
        op.drop_column("skill", name)
        op.drop_column("account", name)
