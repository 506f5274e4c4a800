"""Sums by two dimensions together, so that a report with a filter reads sums as well.

All days are summed again, by the follower.
"""

import sqlalchemy as sa
from alembic import op

revision = "sums_of_two"
down_revision = "words_of_records"

TABLE, KEY = "report_sum", "pk_report_sum"
COLUMNS = ("account_id", "span", "dimension", "begins_at", "key")
LAST = ("kind", "detail")
AGAIN = """
    INSERT INTO stale_day (account_id, day)
    SELECT DISTINCT account.id, (begins_at AT TIME ZONE account.time_zone)::date
    FROM report_sum JOIN account ON account.id = report_sum.account_id WHERE span = 'day'
    ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    op.execute(AGAIN)
    op.execute("DELETE FROM summed_month")
    op.add_column(TABLE, sa.Column("also", sa.Text, nullable=False, server_default=sa.text("''")))
    _key("also")


def downgrade() -> None:
    op.execute("DELETE FROM report_sum WHERE also <> '' OR dimension LIKE '%+%'")
    op.execute("DELETE FROM report_sum WHERE dimension = 'agents_own'")
    _key()
    op.drop_column(TABLE, "also")


def _key(*second: str) -> None:
    op.execute("ALTER TABLE report_sum DROP CONSTRAINT " + KEY)
    op.create_primary_key(KEY, TABLE, [*COLUMNS, *second, *LAST])
