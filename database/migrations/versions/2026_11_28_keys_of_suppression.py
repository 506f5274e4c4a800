"""Which key made the hash of an erased number's opt-out, so that a missing key can be told.

Rows of before do not say.
"""

import sqlalchemy as sa
from alembic import op

revision = "keys_of_suppression"
down_revision = "sums_of_two"

TABLE, COLUMN = "suppression", "key_mark"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column(COLUMN, sa.LargeBinary, nullable=True))


def downgrade() -> None:
    op.drop_column(TABLE, COLUMN)
