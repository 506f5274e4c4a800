"""Which keys a process has, so that nothing is encrypted with one that another lacks.

Rows of processes of before do not say.
"""

import sqlalchemy as sa
from alembic import op

revision = "keys_of_processes"
down_revision = "installation"

TABLE, COLUMN = "process", "key_marks"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column(COLUMN, sa.ARRAY(sa.Text), nullable=True))


def downgrade() -> None:
    op.drop_column(TABLE, COLUMN)
