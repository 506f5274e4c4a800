"""Know a phone by one key for all spellings of its number; keep what came to the wrong line."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

# Of numbers with two spellings the next text sets it right.
KEYS = "UPDATE consumer SET phone = number"
TOLL_FREE = r"""
    UPDATE line SET kind = 'toll_free'
    WHERE kind = 'long_code' AND address ~ '^\+18(00|33|44|55|66|77|88)\d{7}$'
"""


def upgrade() -> None:
    op.add_column("consumer", sa.Column("phone", sa.Text(), nullable=True))
    op.execute(KEYS)
    op.alter_column("consumer", "phone", nullable=False)
    op.drop_constraint(op.f("uq_consumer_account_id_number"), "consumer")
    op.create_unique_constraint(
        op.f("uq_consumer_account_id_phone"), "consumer", ["account_id", "phone"]
    )
    op.execute(TOLL_FREE)
    op.create_table(
        "line_refusal",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _moment("first_at"),
        _moment("last_at"),
        sa.Column("times", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["line.id"], name=op.f("fk_line_refusal_line_id_line")
        ),
        sa.PrimaryKeyConstraint("line_id", "reason", name=op.f("pk_line_refusal")),
    )


def _moment(name: str) -> sa.Column[object]:
    at = sa.DateTime(timezone=True)
    return sa.Column(name, at, server_default=sa.text("now()"), nullable=False)


def downgrade() -> None:
    op.drop_table("line_refusal")
    op.drop_constraint(op.f("uq_consumer_account_id_phone"), "consumer")
    op.create_unique_constraint(
        op.f("uq_consumer_account_id_number"), "consumer", ["account_id", "number"]
    )
    op.drop_column("consumer", "phone")
