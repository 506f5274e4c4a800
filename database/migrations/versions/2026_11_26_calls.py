"""Phone calls that are answered by a text, and menus."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "calls"
down_revision = "batches"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _menus()
    _numbers()
    _calls()


def downgrade() -> None:
    for table in ("phone_call", "menu_number", "menu_version", "menu"):
        op.drop_table(table)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def _menus() -> None:
    op.create_table(
        "menu",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("retired_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_menu"),
        _key("menu", "account_id", "account"),
    )
    op.create_index("ix_menu_account_id", "menu", ["account_id"])
    op.create_table(
        "menu_version",
        sa.Column("menu_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("design", JSONB, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("agent_id", sa.Text),
        sa.Column("token_id", sa.Text),
        sa.PrimaryKeyConstraint("menu_id", "version", name="pk_menu_version"),
        _key("menu_version", "menu_id", "menu"),
        _key("menu_version", "agent_id", "agent"),
        _key("menu_version", "token_id", "api_token"),
    )


def _numbers() -> None:
    op.create_table(
        "menu_number",
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("menu_id", sa.Text, nullable=False),
        sa.Column("replaced", JSONB),
        sa.Column("set_up_at", MOMENT),
        sa.PrimaryKeyConstraint("number", "account_id", name="pk_menu_number"),
        _key("menu_number", "account_id", "account"),
        _key("menu_number", "menu_id", "menu"),
    )
    op.create_index("ix_menu_number_menu_id", "menu_number", ["menu_id"])


def _calls() -> None:
    table = "phone_call"
    texts = ("provider_call_id", "menu_id", "ending", "why_not", "connector_id", "own_text")
    moments = ("ended_at", "connected_at", "passed_on_at", "asked_at", "text_due_at", "texted_at")
    op.create_table(
        table,
        sa.Column("id", sa.Uuid, nullable=False, server_default=sa.func.gen_random_uuid()),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("caller", sa.Text, nullable=False),
        sa.Column("called", sa.Text, nullable=False, server_default=""),
        sa.Column("consumer_id", sa.Uuid),
        sa.Column("menu_version", sa.Integer),
        sa.Column("line_id", sa.Text, nullable=False),
        sa.Column("skill_id", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("look_back_seconds", sa.Integer, nullable=False),
        sa.Column("began_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("asked", JSONB),
        sa.Column("message_id", sa.Uuid),
        *(sa.Column(name, sa.Text) for name in texts),
        *(sa.Column(name, MOMENT) for name in moments),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint(
            "connector_id", "provider_call_id", name=f"uq_{table}_connector_id_provider_call_id"
        ),
        *(
            _key(table, f"{other}_id", other)
            for other in ("account", "connector", "consumer", "menu", "line", "skill", "message")
        ),
        sa.ForeignKeyConstraint(
            ["menu_id", "menu_version"],
            ["menu_version.menu_id", "menu_version.version"],
            name=f"fk_{table}_menu_id_menu_version_menu_version",
        ),
    )
    _indexes(table)


def _indexes(table: str) -> None:
    op.create_index(f"ix_{table}_account_id_began_at", table, ["account_id", "began_at", "id"])
    for name, columns in (
        ("text_due_at", ["text_due_at"]),
        ("texted_at", ["consumer_id", "texted_at"]),
        ("message_id", ["message_id"]),
    ):
        op.create_index(
            f"ix_{table}_{'_'.join(columns)}",
            table,
            columns,
            postgresql_where=sa.text(f"{name} IS NOT NULL"),
        )
