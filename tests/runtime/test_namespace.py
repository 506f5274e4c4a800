"""Database and Temporal's namespace belong together: who finds a foreign one refuses, and changes
nothing."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from typer.testing import CliRunner

from cli.checks import Found, of_namespace
from cli.main import app
from database.direct import Direct
from database.engine import opened
from database.queries import ties
from database.queries.operating import processes
from database.queries.operating.processes import ProcessKind, Self
from database.queries.ties import ForeignNamespace, Tie
from embedded import postgres
from embedded.machine import CHECKOUT
from temporal.marks import MARK, read_mark
from temporal.ownership import adopt, require_own, tie_together
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.fixtures.centre import encrypted, eventually
from tests.fixtures.ports import own_port

PATIENCE_SECONDS = 120.0
NewNamespace = Callable[[], Awaitable[Client]]


@pytest.fixture
def new_namespace(temporal: WorkflowEnvironment) -> NewNamespace:
    """Make a namespace of its own on the shared server."""

    async def made() -> Client:
        name, old = f"own-{uuid4().hex}", temporal.client
        await old.workflow_service.register_namespace(
            RegisterNamespaceRequest(
                namespace=name, workflow_execution_retention_period=Duration(seconds=86_400)
            )
        )
        config = encrypted(old).config()
        config["namespace"] = name
        client = Client(**config)

        async def is_known() -> bool:
            try:
                return await read_mark(client) is None
            except RPCError:  # each part of the server hears of it in its own time
                return False

        await eventually(is_known, seconds=PATIENCE_SECONDS)
        return client

    return made


@pytest.fixture
async def client(new_namespace: NewNamespace) -> Client:
    return await new_namespace()


@pytest.fixture
def urls(postgres_cluster: postgres.Cluster, migrated_template: str) -> Iterator[list[str]]:
    """The addresses of two databases, neither of which is tied."""
    names = [f"namespace_{uuid4().hex}" for _ in range(2)]
    for name in names:
        postgres.create_database(postgres_cluster, name, template=migrated_template)
    yield [postgres_cluster.url(name) for name in names]
    for name in names:
        postgres.drop_database(postgres_cluster, name)


@dataclass(frozen=True)
class Databases:
    """Two databases: ours, and another installation's."""

    ours: Direct
    other: Direct


@pytest.fixture
async def databases(urls: list[str]) -> AsyncIterator[Databases]:
    async with (
        opened(urls[0], pool_size=4, name="a") as a,
        opened(urls[1], pool_size=4, name="b") as b,
    ):
        yield Databases(a.direct, b.direct)


async def belongs(direct: Direct, client: Client) -> UUID:
    """Return the id that database and namespace share."""
    tie, found = await require_own(direct, client)
    assert tie is not None
    assert (tie.namespace, found) == (client.namespace, str(tie.id))
    return tie.id


async def test_two_workers_at_once_tie_database_and_namespace_and_agree(
    databases: Databases, client: Client
) -> None:
    assert await require_own(databases.ours, client) == (None, None)
    await asyncio.gather(*(tie_together(databases.ours, client) for _ in range(4)))
    own = await belongs(databases.ours, client)
    await tie_together(databases.ours, client)
    assert await belongs(databases.ours, client) == own


async def test_a_worker_that_looks_while_another_ties_both_finds_its_own(
    databases: Databases, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def late(client: Client) -> str | None:
        monkeypatch.setattr("temporal.ownership.read_mark", read_mark)
        await tie_together(databases.ours, client)
        return await read_mark(client)

    monkeypatch.setattr("temporal.ownership.read_mark", late)
    assert await belongs(databases.ours, client)


async def test_a_database_refuses_a_namespace_of_another_name_and_says_both(
    databases: Databases, client: Client, new_namespace: NewNamespace
) -> None:
    await tie_together(databases.ours, client)
    foreign = await new_namespace()
    with pytest.raises(ForeignNamespace) as refused:
        await tie_together(databases.ours, foreign)
    said = str(refused.value)
    assert client.namespace in said
    assert f"`switchboard adopt-namespace {foreign.namespace}`" in said
    assert await read_mark(foreign) is None
    await belongs(databases.ours, client)


async def test_a_database_refuses_a_namespace_that_another_installation_has_marked(
    databases: Databases, client: Client
) -> None:
    await tie_together(databases.ours, client)
    with pytest.raises(ForeignNamespace, match="belongs to another installation"):
        await tie_together(databases.other, client)
    assert await ties.read(databases.other) is None


async def test_one_of_two_installations_that_come_at_once_is_refused_and_stays_free(
    databases: Databases, client: Client, new_namespace: NewNamespace
) -> None:
    both = (databases.ours, databases.other)
    done = await asyncio.gather(
        *(tie_together(one, client) for one in both), return_exceptions=True
    )
    assert [type(one) for one in done if one] == [ForeignNamespace]
    loser = both[1] if done[1] else both[0]
    own = await new_namespace()
    await tie_together(loser, own)
    await belongs(loser, own)


async def test_a_namespace_of_the_same_name_that_was_made_anew_is_marked_again(
    databases: Databases, client: Client
) -> None:
    await tie_together(databases.ours, client)
    own = await belongs(databases.ours, client)
    await client.get_schedule_handle(MARK).delete()

    async def is_gone() -> bool:
        return await read_mark(client) is None

    await eventually(is_gone)
    await tie_together(databases.ours, client)
    assert await belongs(databases.ours, client) == own


async def test_who_died_between_mark_and_tie_finds_the_mark_as_its_own(
    databases: Databases, client: Client
) -> None:
    await tie_together(databases.ours, client)
    own = await belongs(databases.ours, client)
    await databases.ours.fetch_one(b"UPDATE installation SET namespace = NULL", {})
    await tie_together(databases.ours, client)
    assert await belongs(databases.ours, client) == own


async def test_a_mark_that_an_operator_resumed_or_paused_again_still_says_whose_it_is(
    databases: Databases, client: Client
) -> None:
    await tie_together(databases.ours, client)
    handle = client.get_schedule_handle(MARK)
    await handle.unpause(note="What is this?")
    await handle.pause(note="Better not.")
    await belongs(databases.ours, client)


async def test_a_move_gives_a_new_id_so_that_a_copy_cannot_enter_its_originals_namespace(
    databases: Databases, client: Client, new_namespace: NewNamespace
) -> None:
    await tie_together(databases.ours, client)
    own, elsewhere = await belongs(databases.ours, client), await new_namespace()
    await ties.moved(databases.other, Tie(own, client.namespace))  # as a copy of ours has it
    assert await adopt(databases.other, elsewhere)
    assert not await adopt(databases.other, elsewhere)
    assert await belongs(databases.other, elsewhere) != own
    for change in (adopt, tie_together):
        with pytest.raises(ForeignNamespace):
            await change(databases.other, client)
    assert await belongs(databases.ours, client) == own
    await belongs(databases.other, elsewhere)


def environment(url: str, temporal_address: str, namespace: str) -> Mapping[str, str]:
    return {
        **os.environ,
        "SWITCHBOARD_ENVIRONMENT": "development",
        "SWITCHBOARD_DATABASE_URL": url,
        "SWITCHBOARD_ENCRYPTION_KEYS": ENCRYPTION_KEYS,
        "SWITCHBOARD_API_PORT": str(own_port()),
        "TEMPORAL_ADDRESS": temporal_address,
        "TEMPORAL_NAMESPACE": namespace,
        "COLUMNS": "200",
    }


@asynccontextmanager
async def process(folder: Path, around: Mapping[str, str], command: str) -> AsyncIterator[Path]:
    """Run a process of ours meanwhile; yields what it logs."""
    log = folder / f"{command}.log"
    with log.open("w") as output:
        running = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cli.main", command),
            cwd=CHECKOUT,
            env=around,
            stdout=output,
            stderr=output,
        )
        try:
            yield log
        finally:
            if running.returncode is None:
                running.send_signal(signal.SIGKILL)
            await running.wait()


async def run(around: Mapping[str, str], *words: str) -> tuple[int, str]:
    """Run a process that ends by itself; returns its exit code and what it said."""

    def done() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "cli.main", *words],
            cwd=CHECKOUT,
            env=around,
            capture_output=True,
            text=True,
            timeout=2 * PATIENCE_SECONDS,
            check=False,
        )

    ended = await asyncio.to_thread(done)
    return ended.returncode, ended.stdout + ended.stderr


async def said(around: Mapping[str, str], *words: str) -> tuple[int, str]:
    """Run a command at a terminal; returns its exit code and what it said."""
    done = await asyncio.to_thread(CliRunner().invoke, app, list(words), env=around)
    return done.exit_code, done.output


async def schedules(client: Client) -> set[str]:
    return {one.id async for one in await client.list_schedules()}


@pytest.mark.timeout(600)
async def test_a_worker_ties_and_every_process_and_command_refuses_a_foreign_namespace(
    urls: list[str],
    databases: Databases,
    client: Client,
    new_namespace: NewNamespace,
    temporal_address: str,
    tmp_path: Path,
) -> None:
    ours = environment(urls[0], temporal_address, client.namespace)

    async def has_schedules() -> bool:
        return len(await schedules(client)) > 1

    async with process(tmp_path, ours, "worker"):
        await eventually(has_schedules, seconds=PATIENCE_SECONDS)
    await belongs(databases.ours, client)

    foreign = await new_namespace()
    wrong_name = environment(urls[0], temporal_address, foreign.namespace)
    answers = [await run(wrong_name, one) for one in ("worker", "api")]
    versions = [("make-current", "0.2.0"), ("roll-over", "--from", "0.1.0")]
    for words in (("doctor", "--heal"), ("reconcile", "--repair"), ("stuck",), *versions):
        answers.append(await said(wrong_name, *words))
    for code, output in answers:
        assert (code, len(output.splitlines())) == (2, 1), output
        assert "This database belongs to Temporal's namespace" in output
    other = environment(urls[1], temporal_address, client.namespace)
    before = await schedules(client)
    for code, output in (
        *[await run(other, one) for one in ("worker", "api")],
        *[await said(other, *words) for words in (("doctor",), *versions)],
    ):
        assert (code, len(output.splitlines())) == (2, 1), output
        assert "belongs to another installation" in output

    assert (await schedules(foreign), await schedules(client)) == (set(), before)
    assert [one async for one in foreign.list_workflows()] == []
    assert await ties.read(databases.other) is None


@pytest.mark.timeout(600)
async def test_an_api_that_started_before_the_first_worker_ends_when_another_namespace_is_tied(
    urls: list[str], databases: Databases, temporal_address: str, tmp_path: Path
) -> None:
    around = environment(urls[0], temporal_address, "wrong")
    async with process(tmp_path, around, "api") as log:

        async def logged(words: str) -> bool:
            return words in await asyncio.to_thread(log.read_text)

        await eventually(lambda: logged("startup complete"), seconds=PATIENCE_SECONDS)
        await ties.made(databases.ours)
        await ties.tied(databases.ours, "right")
        sentence = "This database belongs to Temporal's namespace right"
        await eventually(lambda: logged(sentence), seconds=PATIENCE_SECONDS)


@pytest.mark.timeout(600)
async def test_while_temporal_is_away_a_worker_waits_and_neither_ties_nor_refuses(
    urls: list[str], databases: Databases, tmp_path: Path
) -> None:
    around = environment(urls[0], f"127.0.0.1:{own_port()}", "default")
    async with process(tmp_path, around, "worker") as log:

        async def has_tried() -> bool:
            return (await asyncio.to_thread(log.read_text)).count("temporal_not_ready") > 1

        await eventually(has_tried, seconds=PATIENCE_SECONDS)
    assert await ties.read(databases.ours) is None


@pytest.mark.timeout(600)
async def test_an_operator_moves_a_stopped_installation_to_another_namespace(
    urls: list[str],
    databases: Databases,
    client: Client,
    new_namespace: NewNamespace,
    temporal_address: str,
) -> None:
    await tie_together(databases.ours, client)
    new = await new_namespace()
    around = environment(urls[0], temporal_address, new.namespace)
    now, began = datetime.now(UTC), time.monotonic()
    heard = Self(uuid4(), ProcessKind.worker, "blue", "1@blue", "1", None, "x", began, [])
    await processes.beat(databases.ours, heard, now)
    code, output = await said(around, "adopt-namespace", new.namespace)
    assert (code, "stop all of them first" in output) == (2, True), output
    await processes.end(databases.ours, heard.id)

    code, output = await said(around, "adopt-namespace", client.namespace)
    assert (code, "set it first" in output) == (2, True), output
    assert await read_mark(new) is None
    code, output = await said(around, "adopt-namespace", new.namespace)
    assert (code, f"belongs to {new.namespace} now" in output) == (0, True), output
    await belongs(databases.ours, new)
    code, output = await said(around, "adopt-namespace", new.namespace)
    assert (code, "belonged already" in output) == (0, True), output


def test_doctor_says_whether_database_and_namespace_are_tied_and_marked() -> None:
    own = Tie(uuid4(), "default")
    assert of_namespace("default", own, str(own.id)) == Found("default")
    untied = of_namespace("default", None, None)
    assert (untied.told, untied.trouble) == ("default, not tied to the database yet", None)
    lost = of_namespace("default", own, None)
    assert lost.trouble == "It was lost or restored: start a worker again, which marks it."
