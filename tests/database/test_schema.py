"""Code and database tell each other whether they fit, and what an interrupted migration leaves is
mended."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from alembic.script import ScriptDirectory
from typer.testing import CliRunner

from cli.main import app
from database import migrate, schema
from database.migrate import configuration, downgrade, upgrade
from database.schema import Schema, SchemaUnfit, check, revisions
from embedded import postgres
from embedded.postgres import Cluster
from tests.database import migration_rules
from tests.database.migration_rules import broken_rules
from tests.database.test_migrations import MakeDatabase, empty_database
from tests.fixtures.brand import ENCRYPTION_KEYS

__all__ = ["empty_database"]

RULES_SINCE = "sums_of_two"
"""The newest migration of before the rules."""
CONTRACTED = "partitions"
"""The last migration that code of before does not work with."""
NEXT = '''"""{title}."""

from alembic import op

revision = "{revision}"
down_revision = "{after}"
{oldest}

def upgrade() -> None:
    op.execute("{sql}")


def downgrade() -> None:
    op.execute("SELECT 1")
'''
KNOWN = ["one", "two", "three"]
INVALID = "SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid WHERE NOT indisvalid"
AT_WORK = "SELECT pid FROM pg_stat_progress_create_index"


@pytest.fixture
def migrated(postgres_cluster: Cluster, migrated_template: str) -> Iterator[str]:
    """The address of a migrated database that no other test gets."""
    name = f"schema_{uuid4().hex}"
    postgres.create_database(postgres_cluster, name, template=migrated_template)
    yield postgres_cluster.url(name)
    postgres.drop_database(postgres_cluster, name)


@contextmanager
def next_version(folder: Path, sql: str, *, contracts: bool) -> Iterator[str]:
    """Let the code be a newer version with one more migration, whose revision this yields."""
    with pytest.MonkeyPatch.context() as patched:
        shutil.copytree(migrate.MIGRATIONS, folder / "migrations")
        versions = folder / "migrations" / "versions"
        oldest = 'oldest_code = "next"\n' if contracts else ""
        written = NEXT.format(
            title="The next", revision="next", after=revisions()[-1], oldest=oldest, sql=sql
        )
        (versions / "2999_01_01_next.py").write_text(written)
        patched.setattr(migrate, "MIGRATIONS", folder / "migrations")
        patched.setattr(schema, "VERSIONS", versions)
        schema.migrations.cache_clear()
        try:
            yield "next"
        finally:
            schema.migrations.cache_clear()
    schema.migrations.cache_clear()


def run(url: str, *words: str, answer: str = "") -> tuple[int, str]:
    settings = {
        "SWITCHBOARD_DATABASE_URL": url,
        "SWITCHBOARD_ENVIRONMENT": "development",
        "SWITCHBOARD_ENCRYPTION_KEYS": ENCRYPTION_KEYS,
    }
    done = CliRunner().invoke(app, list(words), env=settings, input=answer)
    return done.exit_code, done.output


def test_the_revisions_read_without_alembic_are_alembics() -> None:
    script = ScriptDirectory.from_config(configuration("postgresql://a:b@c/d"))
    assert revisions() == [one.revision for one in script.walk_revisions()][::-1]


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (Schema(None, None), "no tables yet: run `switchboard migrate`"),
        (Schema("two", None), "older than this version"),
        (Schema("four", "four"), "newer than this version"),
    ],
)
def test_what_does_not_fit_is_one_sentence(found: Schema, sentence: str) -> None:
    with pytest.raises(SchemaUnfit, match=sentence):
        check(found, KNOWN)


@pytest.mark.parametrize("found", [Schema("three", "four"), Schema("four", None), Schema("5", "2")])
def test_the_newest_and_what_was_only_added_to_fit(found: Schema) -> None:
    check(found, [*KNOWN, "2"] if found.oldest_code == "2" else KNOWN)


def test_processes_refuse_a_database_that_is_too_old_or_newer_and_contracted(
    empty_database: MakeDatabase, migrated: str, tmp_path: Path
) -> None:
    url = migrated
    for command in ("api", "worker"):
        code, output = run(empty_database(), command)
        assert (code, len(output.splitlines())) == (2, 1), output
        assert "run `switchboard migrate`" in output
    with next_version(tmp_path / "expands", "SELECT 1", contracts=False) as revision:
        upgrade(url)
        assert schema.read(url) == Schema(revision, CONTRACTED)
    check(schema.read(url))
    assert run(url, "migrate") == (
        0,
        "The database is newer than this version of Switchboard, which works with it.\n",
    )
    with next_version(tmp_path / "contracts", "SELECT 1", contracts=True) as revision:
        downgrade(url, "-1")
        code, output = run(url, "migrate", "--plan")
        assert (code, output) == (
            0,
            "run next: The next. Stop versions that do not know next first.\n",
        )
        upgrade(url)
        assert schema.read(url) == Schema(revision, revision)
    for command in ("api", "worker", "migrate"):
        code, output = run(url, command)
        assert (code, len(output.splitlines())) == (2, 1), output
        assert "works only with versions that know next" in output
    with next_version(tmp_path / "again", "SELECT 1", contracts=True):
        code, output = run(url, "migrate", "--to", revisions()[-2], answer="n\n")
        assert code == 1, output
        assert schema.read(url) == Schema(revision, revision)
        code, output = run(url, "migrate", "--to", revisions()[-2], "--yes")
        assert code == 0, output
    check(schema.read(url))
    assert schema.read(url) == Schema(revisions()[-1], CONTRACTED)


def test_processes_that_would_not_work_afterwards_must_be_stopped_before(migrated: str) -> None:
    url, before = migrated, revisions()[revisions().index(CONTRACTED) - 1]
    downgrade(url, before)
    with psycopg.connect(url):
        code, output = run(url, "migrate")
        assert (code, len(output.splitlines())) == (2, 1), output
        assert "stop all API and worker processes" in output
        assert schema.read(url) == Schema(before, None)
        assert run(url, "migrate", "--plan")[0] == 0
    code, output = run(url, "migrate")
    assert code == 0, output
    downgrade(url, CONTRACTED)  # what comes after it is only added
    with psycopg.connect(url):
        code, output = run(url, "migrate")
    assert code == 0, output
    assert schema.read(url) == Schema(revisions()[-1], CONTRACTED)


def test_what_would_run_is_shown_and_a_wrong_revision_is_refused(
    empty_database: MakeDatabase,
) -> None:
    url = empty_database()
    code, output = run(url, "migrate", "--plan")
    assert (code, len(output.splitlines())) == (0, len(revisions()))
    upgrade(url)
    assert run(url, "migrate", "--plan") == (0, "Nothing is to be done.\n")
    code, output = run(url, "migrate", "--to", "nothing")
    assert code == 2
    assert output.startswith("There is no revision nothing.")


def test_a_migration_killed_while_it_makes_an_index_is_mended_by_the_next(
    migrated: str,
) -> None:
    url = migrated
    downgrade(url, revisions()[revisions().index("erasure_indexes") - 1])
    with psycopg.connect(url) as busy, psycopg.connect(url, autocommit=True) as looking:
        busy.execute("LOCK TABLE inbound IN ROW EXCLUSIVE MODE")  # the index waits for its end
        migrating = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "migrate", "--all-stopped"],
            env={"SWITCHBOARD_DATABASE_URL": url, "PATH": ""},
        )
        while not (found := looking.execute(AT_WORK).fetchall()):
            assert migrating.poll() is None
            time.sleep(0.05)
        migrating.send_signal(signal.SIGKILL)
        migrating.wait()
        looking.execute("SELECT pg_terminate_backend(%s, 10000)", [found[0][0]])
        assert looking.execute(INVALID).fetchall() == [("ix_inbound_consumer_id",)]
        busy.rollback()
        upgrade(url)
        assert looking.execute(INVALID).fetchall() == []
    check(schema.read(url))


def test_migrations_keep_the_rules_for_those_that_run_meanwhile() -> None:
    known = schema.migrations()
    new = known[revisions().index(RULES_SINCE) + 1 :]
    files = {file: file.read_text() for file in schema.VERSIONS.glob("[0-9]*.py")}
    for one in new:
        [code] = [code for code in files.values() if f'\nrevision = "{one.revision}"' in code]
        assert broken_rules(code) == set(), one.revision
        assert one.oldest_code is None or one.oldest_code in revisions()


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ('op.drop_column("a", "b")', migration_rules.SAY_OLDEST),
        ('op.alter_column("a", "b", nullable=False)', migration_rules.SAY_OLDEST),
        ('op.execute("ALTER TABLE a DROP COLUMN b")', migration_rules.SAY_OLDEST),
        ('op.execute("UPDATE a SET b = 1")', migration_rules.NO_BACKFILL),
        ('op.create_index("i", "a", ["b"])', migration_rules.CONCURRENTLY),
        (
            'op.add_column("a", b)\nwith op.get_context().autocommit_block():\n'
            ' op.create_index("i", "a", ["b"], postgresql_concurrently=True, if_not_exists=True)',
            migration_rules.APART,
        ),
    ],
)
def test_a_migration_that_breaks_a_rule_is_found(code: str, rule: str) -> None:
    assert rule in broken_rules(code)


def test_a_migration_that_adds_breaks_none() -> None:
    code = 'op.create_table("a")\nop.create_index("i", "a", ["b"])\nop.add_column("c", d)'
    assert broken_rules(code) == set()
    index = 'op.create_index("i", "a", ["b"], postgresql_concurrently=True, if_not_exists=True)'
    assert broken_rules(f"with op.get_context().autocommit_block():\n {index}") == set()
