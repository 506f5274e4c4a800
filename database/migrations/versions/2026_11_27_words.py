"""The language of the interface that a person has chosen."""

import sqlalchemy as sa
from alembic import op

revision = "words"
down_revision = "writing"


def upgrade() -> None:
    op.add_column("agent", sa.Column("interface_language", sa.Text))


def downgrade() -> None:
    op.drop_column("agent", "interface_language")
