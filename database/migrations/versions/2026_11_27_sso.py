"""Log-ins by an identity provider of the account's own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from database.auditing.tables import AUDITED
from database.auditing.trigger import audit, stop_auditing

revision = "sso"
down_revision = "bounds"


def upgrade() -> None:
    op.create_table(
        "identity_provider",
        sa.Column("account_id", sa.Text, sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("client_id", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("role_claim", sa.Text, nullable=False),
        sa.Column("roles", JSONB, nullable=False),
        sa.Column("adds_people", sa.Boolean, nullable=False),
    )
    audit("identity_provider", AUDITED["identity_provider"])


def downgrade() -> None:
    stop_auditing("identity_provider")
    op.drop_table("identity_provider")
