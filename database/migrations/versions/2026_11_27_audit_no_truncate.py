"""The audit log cannot be emptied by TRUNCATE either, which fires no trigger of a row."""

from alembic import op

revision = "audit_no_truncate"
down_revision = "last_texts_indexes"


def upgrade() -> None:
    op.execute(
        "CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER no_truncate ON audit_entry")
