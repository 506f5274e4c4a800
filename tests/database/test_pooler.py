"""Behind a real PgBouncer: each transaction may get another connection to PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text
from typer.testing import CliRunner

from cli.main import app
from database import listen
from database.connections import ROLE_SETTINGS
from database.engine import Sessions, opened
from database.erasing.suppression import SETTING, setting_of
from database.listen import Listening, notifications
from embedded.postgres import SUPERUSER, Cluster
from settings import DatabaseSettings
from tests.fixtures.database import SUPPRESSION_KEY
from tests.fixtures.pgbouncer import Pooler, pooled

KEYS = setting_of([SUPPRESSION_KEY])
ASK = "SELECT pg_backend_pid(), current_setting('switchboard.suppression_keys', true)"
LIMITS = "SELECT current_setting('statement_timeout'), current_setting('timezone')"
PREPARED = "SELECT count(*) FROM pg_prepared_statements"
AT_ONCE = 30


@pytest.fixture(scope="module")
def pooler(postgres_cluster: Cluster, open_folder: Path) -> Iterator[Pooler]:
    with pooled(postgres_cluster, open_folder) as pooler:
        yield pooler


@pytest.fixture
def url(pooler: Pooler, database_url: str) -> str:
    address = pooler.url(database_url)
    wanted = {"database_url": address, "database_pooler": True}
    return DatabaseSettings.model_validate(wanted).url


@pytest.fixture
async def sessions(url: str) -> AsyncIterator[Sessions]:
    async with opened(url, pool_size=20, name="switchboard test", suppression_keys=KEYS) as made:
        yield made


async def in_session(sessions: Sessions) -> tuple[object, ...]:
    async with sessions.begin() as session:
        return tuple((await session.execute(text(ASK))).one())


async def directly(sessions: Sessions) -> tuple[object, ...]:
    return tuple(await sessions.direct.fetch_one(ASK.encode(), {}) or ())


async def test_many_at_once_share_few_connections_and_each_brings_the_keys(
    sessions: Sessions, url: str
) -> None:
    for _ in range(4):  # the driver would prepare what it has seen five times
        asking = [ask(sessions) for _ in range(AT_ONCE // 2) for ask in (in_session, directly)]
        answers = await asyncio.gather(*asking)
        assert {keys for _, keys in answers} == {KEYS}
        assert len({connection for connection, _ in answers}) <= 8
    async with opened(url, name="switchboard test") as without:
        assert await without.direct.fetch_one(PREPARED.encode(), {}) == (0,)
        # A setting that was local to a transaction leaves an empty one behind.
        kept = await asyncio.gather(*(directly(without) for _ in range(AT_ONCE)))
        assert not any(keys for _, keys in kept), SETTING


def test_migrating_lets_the_role_bring_the_limits_and_goes_past_the_pooler(
    pooler: Pooler, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWITCHBOARD_DATABASE_URL", pooler.url(database_url))
    monkeypatch.setenv("SWITCHBOARD_DATABASE_POOLER", "true")
    refused = CliRunner().invoke(app, ["migrate"])
    assert refused.exit_code == 2
    assert "SWITCHBOARD_DATABASE_SESSION_URL" in refused.output

    monkeypatch.setenv("SWITCHBOARD_DATABASE_SESSION_URL", database_url)
    done = CliRunner().invoke(app, ["migrate"])
    assert done.exit_code == 0, done.output
    try:
        with psycopg.connect(database_url) as connection:
            assert connection.execute(LIMITS).fetchone() == ("8s", "UTC")
    finally:  # the database is another test's afterwards
        with psycopg.connect(database_url, autocommit=True) as connection:
            database = connection.info.dbname
            reset = sql.SQL("ALTER ROLE {} IN DATABASE {} RESET ALL")
            connection.execute(reset.format(sql.Identifier(SUPERUSER), sql.Identifier(database)))
    assert {"statement_timeout", "lock_timeout", "timezone"} <= ROLE_SETTINGS.keys()


async def test_whoever_would_listen_looks_again_and_again(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listen, "UNHEARD_SECONDS", 0.01)
    async with aclosing(notifications(url, ["somewhere"])) as received:
        assert [await anext(received) for _ in range(3)] == [Listening()] * 3
