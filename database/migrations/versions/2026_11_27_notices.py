"""Notices, mentions, pushes to browsers, and who has a page open."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "notices"
down_revision = "consumers_indexes"

MOMENT = sa.DateTime(timezone=True)
UNREAD = "read_at IS NULL"


def upgrade() -> None:
    op.add_column(
        "account",
        sa.Column("push_shows_text", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    _notices()
    _mentions()
    _pushes()
    op.create_table(
        "open_pages",
        sa.Column("process_id", sa.Uuid, nullable=False),
        sa.Column("agent_ids", postgresql.ARRAY(sa.Text), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("process_id", name="pk_open_pages"),
    )


def downgrade() -> None:
    tables = (
        *("push", "push_subscription", "push_key", "open_pages", "mention"),
        *("notice_preference", "notice_reading", "notice"),
    )
    for table in tables:
        op.drop_table(table)
    op.drop_column("account", "push_shows_text")


def _key(
    table: str, column: str, other: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def _notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("agent_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Uuid),
        sa.Column("message_id", sa.Uuid),
        sa.Column("by_agent_id", sa.Text),
        sa.Column("why", sa.Text),
        sa.Column("data", postgresql.JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("times", sa.Integer, nullable=False, server_default=sa.text("1")),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("read_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        _key("notice", "account_id", "account"),
        _key("notice", "agent_id", "agent"),
    )
    op.create_index("ix_notice_agent_id_at", "notice", ["agent_id", "at", "id"])
    unread = sa.text(UNREAD)
    op.create_index("ix_notice_unread", "notice", ["agent_id"], postgresql_where=unread)
    op.create_index("ix_notice_to_settle", "notice", ["conversation_id"], postgresql_where=unread)
    for name, last, where in (
        ("uq_notice_merged", "kind", f"{UNREAD} AND kind IN ('text', 'note')"),
        ("uq_notice_overdue", "due_at", "kind = 'overdue'"),
    ):
        columns = ["agent_id", "conversation_id", last]
        op.create_index(name, "notice", columns, unique=True, postgresql_where=sa.text(where))
    op.create_table(
        "notice_reading",
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("last_event_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_notice_reading"),
        _key("notice_reading", "account_id", "account"),
    )
    # What happened before the upgrade is a notice for nobody.
    op.execute(
        "INSERT INTO notice_reading SELECT id, coalesce("
        "(SELECT max(event.id) FROM event WHERE event.account_id = account.id), 0) FROM account"
    )
    op.create_table(
        "notice_preference",
        sa.Column("agent_id", sa.Text, nullable=False),
        sa.Column("chosen", postgresql.JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.PrimaryKeyConstraint("agent_id", name="pk_notice_preference"),
        _key("notice_preference", "agent_id", "agent"),
    )


def _mentions() -> None:
    op.create_table(
        "mention",
        sa.Column("message_id", sa.Uuid, nullable=False),
        sa.Column("agent_id", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Uuid, nullable=False),
        sa.Column("at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("message_id", "agent_id", name="pk_mention"),
        _key("mention", "message_id", "message"),
        _key("mention", "agent_id", "agent"),
        _key("mention", "conversation_id", "conversation"),
    )
    op.create_index("ix_mention_conversation_id", "mention", ["conversation_id"])
    both = ["agent_id", "conversation_id"]
    op.create_index("ix_mention_agent_id_conversation_id", "mention", both)


def _pushes() -> None:
    op.create_table(
        "push_subscription",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("agent_id", sa.Text, nullable=False),
        sa.Column("session_hash", sa.LargeBinary, nullable=False),
        sa.Column("endpoint", sa.Text, nullable=False),
        sa.Column("p256dh", sa.Text, nullable=False),
        sa.Column("auth", sa.Text, nullable=False),
        sa.Column("browser", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("told_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_push_subscription"),
        sa.UniqueConstraint("endpoint", name="uq_push_subscription_endpoint"),
        _key("push_subscription", "account_id", "account"),
        _key("push_subscription", "agent_id", "agent"),
    )
    for column in ("agent_id", "session_hash"):
        op.create_index(f"ix_push_subscription_{column}", "push_subscription", [column])
    op.create_table(
        "push",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("notice_id", sa.BigInteger, nullable=False),
        sa.Column("subscription_id", sa.Uuid, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("times", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_push"),
        sa.UniqueConstraint(
            "notice_id", "subscription_id", name="uq_push_notice_id_subscription_id"
        ),
        _key("push", "notice_id", "notice", ondelete="CASCADE"),
        _key("push", "subscription_id", "push_subscription", ondelete="CASCADE"),
    )
    for column in ("subscription_id", "due_at"):
        op.create_index(f"ix_push_{column}", "push", [column])
    op.create_table(
        "push_key",
        sa.Column("id", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("private_key", sa.LargeBinary, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("id", name="pk_push_key"),
    )
