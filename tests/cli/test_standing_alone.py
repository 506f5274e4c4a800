"""`switchboard doctor`: each check stands alone, so what does not answer hides nothing else."""

import asyncio
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from cli.checks import CHECKS
from cli.counts import HEALED, TROUBLE
from database.server import READ_ONLY
from domain.errors import Unavailable
from media.store import StoreAway
from temporal.conversations import ConversationClient
from tests.cli.test_doctor import Command, api_url, beating, command, said
from tests.fixtures.brand import new_thread
from tests.fixtures.centre import Centre
from tests.fixtures.ports import own_port
from tests.fixtures.read_only import read_only

__all__ = ["api_url", "beating", "command"]

LISTS: tuple[Mapping[str, Any], ...] = (CHECKS, TROUBLE, HEALED)
NOT_EXAMINED = "not examined"


def told_of(output: str) -> dict[str, str]:
    """Return what the table says about each check."""
    names = [what for one in LISTS for what in one]
    return {
        what: row.removeprefix(f" {what}").strip()
        for what in names
        for row in output.splitlines()
        if row.startswith(f" {what}  ")
    }


@pytest.mark.timeout(240)
async def test_a_check_that_fails_is_told_and_all_others_are_made(
    centre: Centre, command: Command
) -> None:
    code, whole = await said(command, "doctor")
    assert code == 0, whole
    assert set(told_of(whole)) == {what for one in LISTS for what in one}

    async def fails(_: object) -> None:
        raise RuntimeError("Ann's number is +15550123")

    for checks in LISTS:
        for what in checks:
            with pytest.MonkeyPatch.context() as patched:
                patched.setitem(checks, what, fails)
                code, output = await said(command, "doctor")
            told = told_of(output)
            assert code == 2, output
            assert [one for one in told if told[one] == NOT_EXAMINED] == [what], output
            assert set(told) == set(told_of(whole)), output
            assert f"{what}: It failed with RuntimeError" in output
            assert "+15550123" not in output


async def test_a_check_that_never_answers_is_given_up(
    centre: Centre, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hangs(_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("cli.doctor.CHECK_SECONDS", 8)
    monkeypatch.setitem(CHECKS, "Public address", hangs)
    code, output = await said(command, "doctor")
    assert code == 2
    assert "Public address: There was no answer within 8 s." in output
    assert told_of(output)["Locks of PostgreSQL"] != NOT_EXAMINED


async def test_without_temporal_the_database_is_examined_and_nothing_healed(
    centre: Centre, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", f"127.0.0.1:{own_port()}")
    code, output = await said(command, "doctor", "--heal")
    told = told_of(output)
    assert code == 2
    assert told["Migrations"] == "up to date"
    assert told["Public address"] == "reached"
    assert told["Outgoing texts that were tried again and again"] == "0"
    assert "Workflows whose tasks keep failing or timing out: Temporal cannot be reached." in output
    assert "Not all was healed" in output


async def test_without_the_database_temporal_is_examined_and_nothing_healed(
    centre: Centre, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWITCHBOARD_DATABASE_URL", f"postgresql://a:b@127.0.0.1:{own_port()}/c")
    code, output = await said(command, "doctor", "--heal")
    told = told_of(output)
    assert code == 2
    assert told["Clock of Temporal"] == "the same"
    assert told["Workflows whose tasks keep failing or timing out"] == "0"
    assert "Migrations: The database cannot be reached: connection" in output
    assert "Not all was healed" in output


async def test_a_database_that_takes_no_writes_and_a_server_that_is_too_old_are_told(
    centre: Centre, command: Command, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("database.server.OLDEST", 99)  # there is no old server here
    with read_only(database_url):
        code, output = await said(command, "doctor")
    assert code == 1, output
    assert f"Writes to PostgreSQL: {READ_ONLY}" in output
    assert " is too old: use 99 or later." in output


async def test_a_database_that_never_answers_is_waited_for_once(
    centre: Centre, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: asked.append(writer), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setenv("SWITCHBOARD_DATABASE_URL", f"postgresql://a:b@127.0.0.1:{port}/c")
    async with server:
        code, output = await said(command, "doctor")
        for writer in asked:
            writer.close()
    assert code == 2
    assert told_of(output)["Migrations"] == NOT_EXAMINED
    assert told_of(output)["Clock of Temporal"] == "the same"
    assert len(asked) == 1


async def test_a_conversation_that_cannot_be_told_holds_up_no_other(
    centre: Centre, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = centre.on(await new_thread(centre.sessions, centre.brand, "+15550124"))
    for one in (centre, other):
        await one.text("hello")
        await one.when("waiting")
        await centre.client.get_workflow_handle(one.thread.workflow_id).terminate()
    usual = ConversationClient.look_again
    rows = sorted((centre, other), key=lambda one: one.thread.workflow_id)
    first, second = (one.thread.workflow_id for one in rows)

    async def look_again(self: ConversationClient, thread: Any) -> None:
        if thread.workflow_id == first:
            raise Unavailable
        await usual(self, thread)

    monkeypatch.setattr(ConversationClient, "look_again", look_again)
    code, output = await said(command, "doctor", "--heal")
    assert code == 2, output
    assert "1 conversations are comparing themselves" in output
    assert "Not all was healed" in output
    assert await centre.conversations.is_running(second)


async def test_what_can_be_healed_is_healed_while_the_media_store_is_away(
    centre: Centre, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    await centre.text("hello")
    await centre.when("waiting")
    await centre.client.get_workflow_handle(centre.thread.workflow_id).terminate()

    async def one_file(*_: object) -> list[SimpleNamespace]:
        return [SimpleNamespace(account_id=centre.brand.account_id, id=uuid4())]

    monkeypatch.setattr("cli.counts.media.newest_stored", one_file)
    monkeypatch.setattr("cli.counts.create_store", lambda _: _Away())
    code, output = await said(command, "doctor", "--heal")
    assert (code, "not examined" in output) == (2, True), output
    assert "The media store did not answer" in output
    assert await centre.conversations.is_running(centre.thread.workflow_id)


class _Away:
    async def has(self, _: object) -> bool:
        raise StoreAway
