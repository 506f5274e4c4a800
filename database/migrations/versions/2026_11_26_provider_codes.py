"""The provider's own code of why a text failed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("message", sa.Column("provider_code", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("message", "provider_code")
