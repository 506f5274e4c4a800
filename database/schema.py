"""Whether a database's schema and this code fit each other, told by their newest migrations.

Each migration may say the oldest code that still works with it (`oldest_code`, a revision). Whoever
migrates notes it in the database, as the comment of Alembic's own table: so that older code, which
does not know the migration, reads there whether it may start.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg

from database.direct import Direct
from database.pooler import without_marks

VERSIONS = Path(__file__).parent / "migrations" / "versions"
MARK = "oldest code: "
NAMED = re.compile(r'^(revision|down_revision|oldest_code) = "(\w+)"', re.MULTILINE)
CONNECT_SECONDS = 5
LOOKING = "switchboard migration"
"""How whoever migrates, or reads the schema, is named in PostgreSQL's list of connections."""
READ = """
    SELECT (SELECT version_num FROM alembic_version),
        obj_description('alembic_version'::regclass, 'pg_class')
"""
REVISION = b"SELECT version_num FROM alembic_version"
IS_MADE = "SELECT to_regclass('alembic_version') IS NOT NULL"


class SchemaUnfit(Exception):
    """The database and this code do not fit. Its text says so, and what to do, in one sentence."""


@dataclass(frozen=True)
class Migration:
    """What a migration's file says about itself."""

    revision: str
    down_revision: str | None
    oldest_code: str | None
    """The newest revision that the oldest code which still works with it knows."""
    title: str


@dataclass(frozen=True)
class Schema:
    """What a database says about itself."""

    revision: str | None
    oldest_code: str | None


@cache
def migrations() -> Sequence[Migration]:
    """Return the migrations this code knows, the oldest first."""
    found = [_read(file) for file in VERSIONS.glob("[0-9]*.py")]
    after = {one.down_revision: one for one in found}
    ordered: list[Migration] = []
    following = after.get(None)
    while following:
        ordered.append(following)
        following = after.get(following.revision)
    return ordered


def _read(file: Path) -> Migration:
    code = file.read_text(encoding="utf-8")
    said = dict(NAMED.findall(code))
    title = code.removeprefix('"""').partition("\n")[0].rstrip('."')
    return Migration(
        said["revision"], said.get("down_revision"), said.get("oldest_code"), f"{title}."
    )


def revisions() -> list[str]:
    """Return the revisions this code knows, the oldest first."""
    return [one.revision for one in migrations()]


def known_revision() -> str:
    """Return the newest migration of this code."""
    return revisions()[-1]


async def revision_of(direct: Direct) -> str:
    """Return the migration that a database has; raises the errors of the database."""
    row = await direct.fetch_one(REVISION, {})
    return str(row[0]) if row and row[0] else ""


def oldest_code_at(revision: str | None) -> str | None:
    """Return the oldest code that works with a revision: the last word of it and those before."""
    oldest = None
    for one in migrations() if revision else ():
        oldest = one.oldest_code or oldest
        if one.revision == revision:
            break
    return oldest


def comment_at(revision: str | None) -> str | None:
    """Return what the database notes about a revision, for code that does not know it."""
    oldest = oldest_code_at(revision)
    return f"{MARK}{oldest}" if oldest else None


def read(database_url: str) -> Schema:
    """Return what a database says about itself. Raises `psycopg.OperationalError`."""
    with psycopg.connect(
        without_marks(database_url), connect_timeout=CONNECT_SECONDS, application_name=LOOKING
    ) as connection:
        made = connection.execute(IS_MADE).fetchone()
        if made != (True,):
            return Schema(None, None)
        revision, comment = connection.execute(READ).fetchone() or (None, None)
    oldest = comment.removeprefix(MARK) if comment and comment.startswith(MARK) else None
    return Schema(revision, oldest)


def check(found: Schema, known: Sequence[str] | None = None) -> None:
    """Raise `SchemaUnfit` unless this code works with what was found. `known`: for tests."""
    known = known or revisions()
    if found.revision is None:
        raise SchemaUnfit("The database has no tables yet: run `switchboard migrate`.")
    if found.revision == known[-1]:
        return
    if found.revision in known:
        raise SchemaUnfit(
            f"The database is older than this version of Switchboard (it is at "
            f"{found.revision}, which comes before {known[-1]}): run `switchboard migrate`."
        )
    if found.oldest_code and found.oldest_code not in known:
        raise SchemaUnfit(
            f"The database is newer than this version of Switchboard (it is at {found.revision}) "
            f"and works only with versions that know {found.oldest_code}: start a newer version, "
            f"or take the database back with the newer version's `switchboard migrate --to "
            f"{known[-1]}`."
        )
