"""Who a person is at the identity provider, and whether it proves addresses without saying so."""

import sqlalchemy as sa
from alembic import op

revision = "sign_on_subject"
down_revision = "audit_saved_replies"


def upgrade() -> None:
    op.add_column("agent", sa.Column("sign_on_issuer", sa.Text))
    op.add_column("agent", sa.Column("sign_on_subject", sa.Text))
    op.create_index(
        "uq_agent_sign_on",
        "agent",
        ["account_id", "sign_on_issuer", "sign_on_subject"],
        unique=True,
        postgresql_where=sa.text("sign_on_subject IS NOT NULL"),
    )
    op.add_column(
        "identity_provider",
        sa.Column("proves_addresses", sa.Boolean, nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("identity_provider", "proves_addresses")
    op.drop_index("uq_agent_sign_on", "agent")
    op.drop_column("agent", "sign_on_subject")
    op.drop_column("agent", "sign_on_issuer")
