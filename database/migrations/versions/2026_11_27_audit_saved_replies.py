"""Saved replies that all of an account share, in the audit log."""

from alembic import op

from database.auditing.tables import AUDITED
from database.auditing.trigger import FUNCTION, audit, stop_auditing

revision = "audit_saved_replies"
down_revision = "sso"


def upgrade() -> None:
    op.execute(FUNCTION)
    audit("saved_reply", AUDITED["saved_reply"])


def downgrade() -> None:
    stop_auditing("saved_reply")
