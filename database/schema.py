"""Which migration the code knows as its newest, and which one a database has."""

import ast
from functools import cache
from pathlib import Path

from database.direct import Direct

VERSIONS = Path(__file__).parent / "migrations" / "versions"
REVISION = b"SELECT string_agg(version_num, ',' ORDER BY version_num) FROM alembic_version"


@cache
def known_revision() -> str:
    """Return the newest migration of this code, read from the files without importing any."""
    found = [_revisions(one.read_text()) for one in VERSIONS.glob("*.py")]
    before = {one for _, downs in found for one in downs}
    return ",".join(
        sorted(revision for revision, _ in found if revision and revision not in before)
    )


async def revision_of(direct: Direct) -> str:
    """Return the migration that a database has; raises the errors of the database."""
    row = await direct.fetch_one(REVISION, {})
    return str(row[0]) if row and row[0] else ""


def _revisions(code: str) -> tuple[str, tuple[str, ...]]:
    named = {"revision": "", "down_revision": None}
    for line in code.splitlines():
        name, equals, value = line.partition(" = ")
        if equals and name in named:
            named[name] = ast.literal_eval(value)
    before = named["down_revision"]
    if isinstance(before, str):
        return str(named["revision"]), (before,)
    return str(named["revision"]), tuple(before or ())
