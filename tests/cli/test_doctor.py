"""`switchboard doctor`, `switchboard end` and `switchboard find`, against the real servers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlalchemy import func, insert, select, update
from temporalio.client import WorkflowExecutionStatus
from typer.testing import CliRunner, Result

from cli.main import app
from database.queries import measurements
from database.queries.operating.processes import ProcessKind
from database.tables import CatchUp, Conversation, Erasure, Inbound, Line, Message, Suppression
from domain.erasure.kinds import ErasureStatus
from embedded.keys import new_encryption_key
from routing.neglected import erasure_watch
from runtime.heartbeat import Heartbeat
from runtime.small_http import serve
from runtime.vitals import Vitals, health_of
from security.secrets import Keyring
from temporal.conversations import ConversationClient
from temporal.erasures import ErasureClient
from tests.cli.workers import knows_a_worker
from tests.erasing.test_late import asked_for
from tests.fixtures.brand import ENCRYPTION_KEYS, new_thread
from tests.fixtures.centre import Centre, eventually
from tests.fixtures.ports import own_port
from workflows.erasure.messages import workflow_id

Command = Callable[..., Result]


@pytest.fixture
async def api_url() -> AsyncIterator[str]:
    """An address that answers as a running API does."""
    port = own_port()
    serving = asyncio.create_task(serve(health_of(Vitals([]), lambda: True), "127.0.0.1", port))
    yield f"http://127.0.0.1:{port}"
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


@pytest.fixture
async def beating(centre: Centre) -> AsyncIterator[asyncio.Task[None]]:
    """What the centre's worker, at work, would write about itself; cancelled, it has stopped."""
    keyring = Keyring.parse(ENCRYPTION_KEYS)
    heartbeat = Heartbeat.create(centre.sessions, ProcessKind.worker, "centre", keyring)
    running = asyncio.create_task(heartbeat.run())
    await eventually(partial(knows_a_worker, centre))
    yield running
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def command(
    centre: Centre,
    beating: asyncio.Task[None],
    database_url: str,
    temporal_address: str,
    api_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Command:
    """Run a command with the settings of the centre's servers."""
    monkeypatch.setenv("SWITCHBOARD_PUBLIC_BASE_URL", api_url)
    monkeypatch.setenv("COLUMNS", "200")  # so that no sentence of a table stands in two lines
    # What a command starts is for the centre's workers, which are not alone on the server.
    on_queue = partial(ConversationClient, task_queue=centre.conversations.task_queue)
    monkeypatch.setattr("cli.session.ConversationClient", on_queue)
    monkeypatch.setattr("cli.doctor.ConversationClient", on_queue)
    monkeypatch.setenv("SWITCHBOARD_DATABASE_URL", database_url)
    monkeypatch.setenv("SWITCHBOARD_ENCRYPTION_KEYS", ENCRYPTION_KEYS)
    monkeypatch.setenv("SWITCHBOARD_ENVIRONMENT", "development")
    monkeypatch.setenv("TEMPORAL_ADDRESS", temporal_address)
    return lambda *words: CliRunner().invoke(app, list(words))


async def said(command: Command, *words: str) -> tuple[int, str]:
    done = await asyncio.to_thread(command, *words)
    return done.exit_code, done.output


async def test_an_open_conversation_without_a_workflow_is_counted_and_gets_one(
    centre: Centre, command: Command
) -> None:
    await centre.text("hello")
    await centre.when("waiting")
    await centre.client.get_workflow_handle(centre.thread.workflow_id).terminate()
    code, output = await said(command, "doctor")
    assert code == 1, output
    assert "Open conversations whose workflow does not run" in output
    code, output = await said(command, "doctor", "--heal")
    assert "are comparing themselves" in output
    assert await centre.conversations.is_running(centre.thread.workflow_id)


async def test_a_line_that_was_not_compared_with_its_provider_for_long_is_counted(
    centre: Centre, command: Command
) -> None:
    code, output = await said(command, "doctor")
    assert code == 0, output
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    async with centre.sessions.begin() as session:
        await session.execute(update(Line).values(created_at=hour_ago))
        session.add(CatchUp(line_id=centre.brand.line_id, complete_until=hour_ago, found=7))
    code, output = await said(command, "doctor")
    assert code == 1, output
    [behind] = [line for line in output.splitlines() if "were not compared" in line]
    [fetched] = [line for line in output.splitlines() if "no webhook brought" in line]
    assert (behind.split()[-1], fetched.split()[-1]) == ("1", "7")


async def test_a_conversation_is_ended_by_its_id(centre: Centre, command: Command) -> None:
    await centre.text("hello")
    row = await centre.when("waiting")
    assert await said(command, "end", str(row.id)) == (0, "The conversation is being ended.\n")
    closed = await centre.when("closed")
    assert closed.close_reason == "system"


async def test_a_conversation_whose_workflow_does_not_answer_is_ended_without_it(
    centre: Centre, command: Command
) -> None:
    await centre.text("hello")
    row = await centre.when("waiting")
    assert await said(command, "end", str(row.id), "--now") == (0, "Ended.\n")
    assert (await centre.when("closed")).close_reason == "system"
    code, output = await said(command, "end", str(row.id), "--now")
    assert (code, output) == (0, "The conversation was already closed.\n")


async def test_of_no_conversation_it_says_so(centre: Centre, command: Command) -> None:
    code, output = await said(command, "end", str(UUID(int=1)))
    assert (code, output) == (2, "There is no such conversation.\n")


async def test_a_conversation_that_cannot_be_ended_is_no_success(
    centre: Centre, command: Command
) -> None:
    await centre.text("hello")
    row = await centre.when("waiting")
    await centre.client.get_workflow_handle(centre.thread.workflow_id).terminate()
    answer = (2, "Its workflow does not run. End it with --now.\n")
    assert await said(command, "end", str(row.id)) == answer


@pytest.mark.parametrize("words", [(), ("--now",)])
async def test_ending_an_earlier_conversation_leaves_the_consumers_next_one_alone(
    centre: Centre, command: Command, words: tuple[str, ...]
) -> None:
    await centre.text("hello")
    earlier = await centre.when("waiting")
    await said(command, "end", str(earlier.id))
    await centre.when("closed")
    await centre.text("hello again")
    await centre.when("waiting")
    answer = (0, "The conversation was already closed.\n")
    assert await said(command, "end", str(earlier.id), *words) == answer
    assert await centre.conversations.is_running(centre.thread.workflow_id)


async def test_ids_are_found_whole_on_the_narrowest_terminal(
    centre: Centre, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    await centre.text("hello")
    row = await centre.when("waiting")
    code, output = await said(command, "find", "+15550123")
    assert code == 0
    assert str(row.id) in output
    assert row.workflow_id in output


async def test_a_consumer_is_found_by_any_spelling_of_their_number(
    centre: Centre, command: Command
) -> None:
    for sender, sought in (
        ("68849", ("68849",)),
        ("SUPPORT", ("SUPPORT", "support")),
        ("+5215512345678", ("+5215512345678", "+525512345678")),
    ):
        texting = centre.on(await new_thread(centre.sessions, centre.brand, sender))
        await texting.text("hello")
        row = await texting.conversation()
        for number in sought:
            code, output = await said(command, "find", number)
            assert code == 0
            assert str(row.id) in output
    assert await said(command, "find", "x" * 101) == (
        2,
        "This is not a phone number that can receive texts.\n",
    )


async def test_workers_that_have_just_stopped_are_told(
    centre: Centre, command: Command, beating: asyncio.Task[None]
) -> None:
    """As on the status page, although Temporal names them for minutes."""
    beating.cancel()
    await asyncio.gather(beating, return_exceptions=True)
    code, output = await said(command, "doctor")
    assert code == 1, output
    assert "Processes that run: No worker runs: texts are stored" in output
    assert "None of its workers runs" not in output


async def test_without_a_database_nothing_is_ended(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWITCHBOARD_DATABASE_URL", f"postgresql://a:b@127.0.0.1:{own_port()}/c")
    code, output = await said(command, "end", str(UUID(int=1)))
    assert code == 2
    assert output.startswith("The database cannot be reached: ")


async def test_without_temporal_nothing_is_ended(
    centre: Centre, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    await centre.text("hello")
    row = await centre.when("waiting")
    monkeypatch.setenv("TEMPORAL_ADDRESS", f"127.0.0.1:{own_port()}")
    code, output = await said(command, "end", str(row.id))
    assert (code, output.endswith("The conversation was not ended.\n")) == (2, True)


async def test_an_installation_whose_keys_clocks_and_address_are_wrong_is_told_so(
    centre: Centre, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, output = await said(command, "doctor")
    assert code == 0, output
    assert "up to date" in output
    monkeypatch.setenv("SWITCHBOARD_PUBLIC_BASE_URL", f"http://127.0.0.1:{own_port()}")
    monkeypatch.setenv("SWITCHBOARD_ENCRYPTION_KEYS", new_encryption_key())
    monkeypatch.setattr("cli.checks.MONTHS_FOR_EACH", 0.01)
    nobodys = partial(ConversationClient, task_queue="nobody-works-here")
    monkeypatch.setattr("cli.doctor.ConversationClient", nobodys)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=5), tick=True):
        code, output = await said(command, "doctor")
    assert code == 1
    assert "Current version of workers: None of its workers runs: start one." in output
    assert "Public address: Providers post to" in output
    assert "No key in SWITCHBOARD_ENCRYPTION_KEYS decrypts connector" in output
    assert "300 s apart" in output
    assert "set PostgreSQL's max_locks_per_transaction to" in output
    assert "Set the clocks of this machine and of PostgreSQL's" in output


async def test_opt_outs_of_erased_numbers_that_no_key_recognises_are_counted(
    centre: Centre, command: Command
) -> None:
    async with centre.sessions.begin() as session:
        made = {"account_id": centre.brand.account_id, "scope": "blocked", "since": func.now()}
        for hashed, mark in ((b"one", None), (b"two", b"of a key that was removed")):
            row = insert(Suppression).values(number_hash=hashed, key_mark=mark, **made)
            await session.execute(row)
    code, output = await said(command, "doctor")
    assert code == 1
    assert "1 of 2" in output
    assert "Opt-outs no key knows: 1 numbers that had opted out" in output


async def test_rows_and_workflows_that_differ_are_named_and_repaired(
    centre: Centre, command: Command
) -> None:
    await centre.text("hello")
    row = await centre.when("waiting")
    assert await said(command, "reconcile") == (0, "Rows and workflows agree.\n")
    assert await said(command, "stuck") == (0, "Nothing stands still.\n")
    handle = centre.client.get_workflow_handle(centre.thread.workflow_id)
    await handle.terminate()
    code, output = await said(command, "stuck")
    assert (code, output.count("switchboard reconcile --repair")) == (1, 1)
    code, output = await said(command, "reconcile")
    assert (code, output) == (1, f"{row.id} is open, and its workflow does not run.\n")
    code, output = await said(command, "reconcile", "--repair")
    assert code == 0, output
    async with centre.sessions.begin() as session:  # as a database of an earlier time has it
        earlier = update(Conversation).where(Conversation.id == row.id)
        await session.execute(earlier.values(sequence=row.sequence - 1))
    code, output = await said(command, "reconcile")
    assert code == 1
    assert f"at step {row.sequence - 1}, and its workflow at {row.sequence}" in output


async def test_texts_that_do_not_get_on_are_listed_with_what_frees_them(
    centre: Centre, command: Command
) -> None:
    await centre.text("hello")
    await centre.when("waiting")

    async def sent() -> list[Message]:
        return [one for one in await centre.transcript() if one.provider_message_id]

    [ours] = await eventually(sent)
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    standing = {"status": "queued", "written_at": hour_ago, "attempted_at": hour_ago}
    nothing = dict.fromkeys(("look_up_at", "leaves_at", "provider_message_id"))
    alone, hard = f"conversation {ours.conversation_id}", f"our text {ours.id}"
    for attempts, named, why in (
        (0, alone, "and no worker handles it"),
        (9, hard, "It was tried 9 times"),
    ):
        async with centre.sessions.begin() as session:
            change = update(Message).where(Message.id == ours.id)
            await session.execute(change.values(**standing, **nothing, attempts=attempts))
        code, output = await said(command, "stuck")
        assert code == 1
        assert named in output
        assert why in output
        code, output = await said(command, "doctor")
        assert code == 1, "they agree"


async def test_a_lost_text_stays_counted_while_it_is_handed_over_again_and_is_repaired(
    centre: Centre, command: Command
) -> None:
    """What is handed over for the second time is lost until a transcript has it."""
    await centre.text("hello")
    await centre.when("waiting")
    theirs = (await centre.transcript())[0]
    lost = uuid4()
    async with centre.sessions.begin() as session:
        connector_id = await session.scalar(
            select(Line.connector_id).where(Line.id == theirs.line_id)
        )
        session.add(
            Inbound(
                id=lost,
                account_id=theirs.account_id,
                connector_id=connector_id,
                line_id=theirs.line_id,
                consumer_id=theirs.consumer_id,
                provider_message_id=lost.hex,
                text="and another thing",
                media=[],
                raw={},
                received_at=datetime.now(UTC),
                handed_over_at=datetime.now(UTC),
                hand_overs=3,
            )
        )
    code, output = await said(command, "stuck")
    assert (code, f"consumer's text {lost}" in output) == (1, True)
    assert "switchboard reconcile --repair" in output
    assert (await measurements.count(centre.sessions.direct)).stuck_texts == 1
    code, output = await said(command, "reconcile")
    assert (code, f"{lost} was handed over" in output) == (1, True)
    await said(command, "reconcile", "--repair")
    async with centre.sessions() as session:
        again = await session.scalar(select(Inbound.handed_over_at).where(Inbound.id == lost))
    transcript = {one.id for one in await centre.transcript()}
    assert again is None or lost in transcript


async def test_a_late_erasure_is_healed_so_that_workers_start_it_again(
    centre: Centre, command: Command
) -> None:
    now = datetime.now(UTC)
    late = await asked_for(centre.sessions, centre.brand, now - timedelta(hours=2))
    async with centre.sessions.begin() as session:
        await session.execute(update(Erasure).values(due_at=now + timedelta(hours=1), starts=7))
    client = ErasureClient(centre.client, f"nobody-{uuid4().hex}")
    await client.start(late.account_id, late.consumer_id, late.id)
    code, output = await said(command, "doctor", "--heal")
    assert code == 1, output
    its = centre.client.get_workflow_handle(workflow_id(late.account_id, late.consumer_id))
    assert (await its.describe()).status is WorkflowExecutionStatus.TERMINATED
    client = ErasureClient(centre.client, centre.conversations.task_queue)
    await erasure_watch(centre.sessions, client).start_neglected()

    async def is_begun() -> bool:
        async with centre.sessions() as session:
            row = await session.get_one(Erasure, late.id)
        return row.status != ErasureStatus.closing or row.ended_at is not None

    await eventually(is_begun)
