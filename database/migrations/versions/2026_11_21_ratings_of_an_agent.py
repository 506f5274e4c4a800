"""Find the ratings of an agent: their page shows those of the last hours."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_index(
        "ix_conversation_rated",
        "conversation",
        ["survey_agent_id", "survey_answered_at"],
        postgresql_where=sa.text("survey_score IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_conversation_rated",
        table_name="conversation",
        postgresql_where=sa.text("survey_score IS NOT NULL"),
    )
