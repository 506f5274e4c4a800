"""The disk of PostgreSQL is full, and has room again: everything goes on without a restart."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import httpx2
import psycopg
import pytest
from psycopg import sql

from embedded import postgres
from embedded.guard import Guard
from ingress.sweeper import Sweeper
from settings import Settings
from tests.api.conftest import Office
from tests.fixtures.centre import Centre, eventually
from tests.fixtures.plain_http import PLAIN
from tests.ingress.carrier import Pairs, signed, text

SMALL, LARGE = "size=96m", "size=256m"
LOGGED = "SELECT pg_logical_emit_message(false, 'test', repeat('x', 1000000))"
MOST_TEXTS = 2000
"""Far more than fit into what PostgreSQL has of its files already."""


def mounted(options: str) -> Iterator[Path]:
    """A disk of its own, of little room, that PostgreSQL's user may write to."""
    folder = Path(tempfile.mkdtemp(prefix="switchboard-disk-"))
    command = ["mount", "-t", "tmpfs", "-o", f"{options},mode=0711", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError:
        pytest.skip("needs mount")
    if done.returncode:
        folder.rmdir()
        pytest.skip("needs the right to mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
    folder.rmdir()


@pytest.fixture
def disk() -> Iterator[Path]:
    yield from mounted(SMALL)


@pytest.fixture
def disk_of_all() -> Iterator[Path]:
    yield from mounted(LARGE)


@pytest.fixture
def database_url(
    postgres_cluster: postgres.Cluster, migrated_template: str, disk: Path
) -> Iterator[str]:
    """A database whose tables are on that disk; PostgreSQL's own log of changes is elsewhere."""
    name, place = f"full_{uuid4().hex}", disk / "tables"
    place.mkdir()
    if user := postgres_cluster.directory.user:
        user.own(place)
    with psycopg.connect(postgres_cluster.url("postgres"), autocommit=True) as connection:
        words = {"name": sql.Identifier(name), "place": sql.Literal(str(place))}
        connection.execute(sql.SQL("CREATE TABLESPACE {name} LOCATION {place}").format(**words))
        words["template"] = sql.Identifier(migrated_template)
        made = "CREATE DATABASE {name} TEMPLATE {template} TABLESPACE {name} STRATEGY FILE_COPY"
        connection.execute(sql.SQL(made).format(**words))
        yield postgres_cluster.url(name)
        connection.execute(sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(**words))
        connection.execute(sql.SQL("DROP TABLESPACE {name}").format(**words))


def fill(disk: Path) -> Path:
    """Leave no room on a disk; returns the file whose removal makes room."""
    balloon = disk / "balloon"
    with balloon.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    return balloon


@pytest.mark.timeout(300)
async def test_texts_refused_for_lack_of_disk_come_later_and_no_process_is_restarted(
    office: Office, centre: Centre, settings: Settings, database_url: str, disk: Path
) -> None:
    path = f"/webhooks/twilio/{office.brand.line_id}/inbound"

    async def posted(pairs: Pairs) -> int:
        headers = signed(settings.web.public_base_url + path, pairs)
        content = urlencode(pairs)
        return (await twilio.post(path, content=content, headers=headers)).status_code

    sweeper = Sweeper(centre.sessions, centre.conversations, database_url)
    async with httpx2.AsyncClient(base_url=office.url, verify=PLAIN, timeout=60) as twilio:
        assert await posted(text("hello")) == 200
        await centre.when("waiting")
        balloon = fill(disk)
        taken: list[str] = []
        for number in range(MOST_TEXTS):
            words = f"text {number}"
            refused = text(words)
            answer = await posted(refused)
            if answer == 503:
                break
            assert answer == 200
            taken.append(words)
        assert answer == 503
        await centre.conversations.hand_over(centre.thread, [])  # it is asked, and cannot write
        balloon.unlink()
        assert await posted(refused) == 200, "as its provider does"

    async def is_all_there() -> bool:
        await sweeper.sweep([office.brand.account_id])
        said = [said for who, said in await centre.spoken() if who == "consumer"]
        return sorted(said) == sorted(["hello", *taken, words])

    await eventually(is_all_there)
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    async with office.person(office.brand.ann) as ann:
        conversation = (await centre.conversation()).id
        replied = await ann.post(f"/v1/conversations/{conversation}/replies", json={"text": "Hi"})
        assert replied.status_code == 201

    async def has_left() -> bool:
        return "Hi" in await centre.phone()

    await eventually(has_left)


@pytest.mark.timeout(300)
def test_a_server_that_ended_for_lack_of_disk_has_all_that_was_committed_once_started_again(
    disk_of_all: Path, guard: Guard
) -> None:
    """It ends itself when it cannot write its log of changes: its state is safe before that."""
    cluster = postgres.prepare(disk_of_all)
    log = disk_of_all.parent / f"{disk_of_all.name}.log"
    server = postgres.run(cluster, log)
    guard.watch(server)
    try:
        written = written_until_it_ends(cluster.url(), disk_of_all)
        (disk_of_all / "balloon").unlink()
        server.stop()
        server = postgres.run(postgres.prepare(disk_of_all), log)
        guard.watch(server)
        with psycopg.connect(cluster.url()) as connection:
            [(there,)] = connection.execute("SELECT count(*) FROM kept")
        assert there in (written, written + 1), "the last one may stand without its answer"
    finally:
        server.stop()
        log.unlink()


def written_until_it_ends(url: str, disk: Path) -> int:
    """Write to a full disk until nobody answers; returns how many were committed."""
    written = 0
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (words text)")
        fill(disk)
        while not connection.closed:
            with suppress(psycopg.OperationalError):
                connection.execute("INSERT INTO kept VALUES ('hello')")
                written += 1
            with suppress(psycopg.OperationalError):
                connection.execute(LOGGED)
    return written
