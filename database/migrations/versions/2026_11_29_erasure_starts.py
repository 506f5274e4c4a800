"""How often the workflow of an erasure was started again since something of it was done last."""

import sqlalchemy as sa
from alembic import op

revision = "erasure_starts"
down_revision = "old_texts_indexes"


def upgrade() -> None:
    starts = sa.Column("starts", sa.Integer(), server_default=sa.text("0"), nullable=False)
    op.add_column("erasure", starts)


def downgrade() -> None:
    op.drop_column("erasure", "starts")
