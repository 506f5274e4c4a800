"""Log-in names per account, and operators' tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

INDEX = "uq_agent_email_account_id"


def upgrade() -> None:
    op.drop_constraint(op.f("uq_agent_email"), "agent")
    op.create_index(
        INDEX,
        "agent",
        ["email", "account_id"],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "operator",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_operator")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_operator_token_hash")),
    )


def downgrade() -> None:
    op.drop_table("operator")
    op.drop_index(INDEX, "agent")
    # Who had a shared address first keeps it; the others get one made of their id.
    op.execute("""
        UPDATE agent SET email = id || '@' || split_part(email, '@', 2) FROM (
            SELECT id AS later, row_number() OVER (
                PARTITION BY email ORDER BY retired_at IS NOT NULL, created_at, id
            ) AS place FROM agent
        ) AS counted WHERE id = later AND place > 1
    """)
    op.create_unique_constraint(op.f("uq_agent_email"), "agent", ["email"])
