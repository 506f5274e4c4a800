"""Which tables have partitions by month, by which column, and when a month of them may go."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from database.partitions.months import next_month

MONTHS_AHEAD = 3
"""Ours: housekeeping may fail for as long, and nothing is slower than it was."""
ASIDE = "gone"
"""The ending of a partition that was detached, and whose rows are to be dropped."""


@dataclass(frozen=True)
class Partitioned:
    """A table with partitions by the month of a moment, in UTC, and a default one for the rest.

    `settings`: how partitions are stored. `is_hot`: it is written with every text, so nobody may
    hold it up for long. `keeps`: the condition of rows, known as `one`, that hold their month;
    None: its months stay. It knows `:now`. `with_it`: statements that take away, some at a
    time, what belongs to a month's rows elsewhere, and return how many rows are done; they know
    `{partition}`, which is detached, and `:limit`.
    """

    table: str
    column: str
    settings: str = ""
    is_hot: bool = True
    keeps: str | None = None
    with_it: Sequence[str] = ()

    @property
    def default(self) -> str:
        """The partition of what has no month."""
        return f"{self.table}_other"

    def name_of(self, month: datetime) -> str:
        """Return the name of a month's partition."""
        return f"{self.table}_{month:%Y_%m}"

    def month_in(self, name: str) -> datetime | None:
        """Return the month of a partition; None for the default one."""
        found = re.fullmatch(rf"{self.table}_(\d{{4}})_(\d\d)", name)
        return datetime(int(found[1]), int(found[2]), 1, tzinfo=UTC) if found else None

    def within(self, month: datetime) -> str:
        """Return the condition of a month's rows."""
        first, after = month.isoformat(), next_month(month).isoformat()
        return f"{self.column} >= '{first}' AND {self.column} < '{after}'"

    def making_default(self) -> tuple[str, ...]:
        """Return the statements that make the default partition."""
        made = f"CREATE TABLE {self.default} PARTITION OF {self.table} DEFAULT"
        if not self.settings:
            return (made,)
        return (made, f"ALTER TABLE {self.default} SET ({self.settings})")

    def making(self, month: datetime) -> tuple[str, ...]:
        """Return the statements that make a month's partition, with what it has already.

        It is attached, because making it in its place would lock the whole table.
        """
        name, first, after = self.name_of(month), month.isoformat(), next_month(month).isoformat()
        its = self.within(month)
        stored = f" WITH ({self.settings})" if self.settings else ""
        like = "INCLUDING DEFAULTS INCLUDING STORAGE INCLUDING CONSTRAINTS"
        return (
            f"CREATE TABLE {name} (LIKE {self.table} {like}){stored}",
            f"LOCK TABLE {self.default} IN ACCESS EXCLUSIVE MODE",
            f"INSERT INTO {name} SELECT * FROM {self.default} WHERE {its}",  # noqa: S608
            f"DELETE FROM {self.default} WHERE {its}",  # noqa: S608 - names of ours
            f"ALTER TABLE {self.table} ATTACH PARTITION {name} "
            f"FOR VALUES FROM ('{first}') TO ('{after}')",
        )


RECORDS = Partitioned(
    "conversation_record",
    "opened_at",
    # Words are stored beside the row, so that reading rows by the thousand does not read them.
    settings="toast_tuple_target = 1024, autovacuum_vacuum_scale_factor = 0.05",
    is_hot=False,
)
DECISIONS = Partitioned("routing_decision", "at", keeps="true")
"""Retention deletes them: see `database.erasing.tables`."""
IS_FORGOTTEN = """EXISTS (
    SELECT FROM conversation
    WHERE conversation.id = one.conversation_id AND conversation.forgotten_at IS NOT NULL
)"""
IS_PAST = """EXISTS (
    SELECT FROM account
    WHERE account.id = one.account_id AND one.{column} < :now - make_interval(days => (
        SELECT max(greatest(account.retention_days, skill.retention_days))
        FROM (SELECT) AS always LEFT JOIN skill ON skill.account_id = account.id
        WHERE account.retention_days IS NOT NULL
    ))
)"""
"""Of no conversation, and older than the account keeps anything: see `database.queries.retention`.
"""
UNREAD = """EXISTS (
    SELECT FROM record_reading AS reader
    WHERE reader.account_id = one.account_id AND reader.last_event_id < one.id
    UNION ALL SELECT FROM notice_reading AS reader
    WHERE reader.account_id = one.account_id AND reader.last_event_id < one.id
    UNION ALL SELECT FROM endpoint AS reader
    WHERE reader.account_id = one.account_id AND reader.read_to < one.id
      AND reader.retired_at IS NULL
)"""
EVENTS = Partitioned(
    "event",
    "at",
    keeps=f"""{UNREAD} OR NOT CASE
        WHEN one.conversation_id IS NULL THEN {IS_PAST.format(column="at")} ELSE {IS_FORGOTTEN}
    END""",
)
"""Figures are made of them, and stay: see `database.queries.reports.facts`."""
IN_FORGOTTEN = """EXISTS (
    SELECT FROM message JOIN conversation ON conversation.id = message.conversation_id
    WHERE message.id = one.id AND conversation.forgotten_at IS NOT NULL
)"""
IN_NONE = "NOT EXISTS (SELECT FROM message WHERE message.id = one.id)"
TEXTS_ASIDE = """
    WITH taken AS (
        DELETE FROM {partition}
        WHERE ctid = ANY(ARRAY(SELECT ctid FROM {partition} LIMIT :limit))
        RETURNING id, connector_id, provider_message_id
    ), parts AS (
        DELETE FROM inbound_part USING taken WHERE inbound_part.inbound_id = taken.id
    ), keys AS (
        DELETE FROM inbound_key USING taken
        WHERE inbound_key.connector_id = taken.connector_id
          AND inbound_key.provider_message_id = taken.provider_message_id
    )
    SELECT count(*) FROM taken
"""
INBOUND = Partitioned(
    "inbound",
    "received_at",
    keeps=f"""one.handed_over_at IS NULL OR NOT (
        {IN_FORGOTTEN} OR ({IN_NONE} AND {IS_PAST.format(column="received_at")})
    )""",
    with_it=(TEXTS_ASIDE,),
)
"""Texts in no transcript (STOP, say) go with the month when their account keeps nothing so old."""

CATALOGUE = (EVENTS, DECISIONS, INBOUND, RECORDS)
