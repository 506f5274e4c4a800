"""Turns a table into one with partitions by month and back, with its rows, within a migration."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from database.partitions.catalogue import MONTHS_AHEAD, Partitioned
from database.partitions.months import months, months_from

YEARS = 5
"""Months before are not worth a partition each: what is older goes into the default one."""
BEFORE = "before"
INDEXES = sa.text("""
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = CAST(:name AS regclass) AND NOT EXISTS (
        SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u')
    )
    ORDER BY 1
""")
CONSTRAINTS = sa.text("""
    SELECT conname, contype::text, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = CAST(:name AS regclass) AND contype IN ('p', 'u', 'f', 'c')
    ORDER BY conname
""")
SEQUENCES = sa.text("""
    SELECT attname, pg_get_serial_sequence(:name, attname) FROM pg_attribute
    WHERE attrelid = CAST(:name AS regclass) AND attidentity <> ''
""")
OLDEST = "SELECT min({column}) FROM {table}"


def divide(of: Partitioned) -> None:
    """Give a table its partitions: every row goes to its month."""
    _anew(of, is_divided=True, key=["id", of.column])


def join(of: Partitioned) -> None:
    """Make a table with partitions whole again."""
    _anew(of, is_divided=False, key=["id"])


def _anew(of: Partitioned, *, is_divided: bool, key: Sequence[str]) -> None:
    name, before = of.table, f"{of.table}_{BEFORE}"
    bind = op.get_bind()
    indexes = bind.execute(INDEXES, {"name": name}).all()
    constraints = bind.execute(CONSTRAINTS, {"name": name}).all()
    sequences = bind.execute(SEQUENCES, {"name": name}).all()
    op.rename_table(name, before)
    for _, sequence in sequences:
        op.execute(f"ALTER SEQUENCE {sequence} RENAME TO {sequence.split('.')[-1]}_{BEFORE}")
    like = f"LIKE {before} INCLUDING DEFAULTS INCLUDING STORAGE INCLUDING IDENTITY"
    op.execute(f"CREATE TABLE {name} ({like}){_by_month(of) if is_divided else ''}")
    for statement in _partitions(of, before) if is_divided else ():
        op.execute(statement)
    op.execute(f"INSERT INTO {name} OVERRIDING SYSTEM VALUE SELECT * FROM {before}")  # noqa: S608
    for column, sequence in sequences:
        its = f"pg_get_serial_sequence('{name}', '{column}')"
        last = f"{sequence}_{BEFORE}"
        op.execute(f"SELECT setval({its}, last_value, is_called) FROM {last}")  # noqa: S608
    op.drop_table(before)
    op.create_primary_key(f"pk_{name}", name, list(key))
    for constraint, kind, definition in constraints:
        if kind != "p":
            op.execute(f"ALTER TABLE {name} ADD CONSTRAINT {constraint} {definition}")
    for _, definition in indexes:
        op.execute(definition.replace(" ON ONLY ", " ON "))


def _by_month(of: Partitioned) -> str:
    return f" PARTITION BY RANGE ({of.column})"


def _partitions(of: Partitioned, before: str) -> Iterator[str]:
    now = datetime.now(UTC)
    query = OLDEST.format(column=of.column, table=before)
    oldest = op.get_bind().scalar(sa.text(query)) or now
    yield from of.making_default()
    first = max(oldest, now.replace(year=now.year - YEARS, day=1))
    for month in months(min(first, now), months_from(now, MONTHS_AHEAD)[-1]):
        yield from of.making(month)
