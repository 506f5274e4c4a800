"""Erasing a number, and what is kept no longer, at the command line."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zipfile import ZipFile

import pytest
from sqlalchemy import func, insert, select, update
from typer.testing import CliRunner

from cli.erase import _name
from cli.main import app
from database.engine import Sessions
from database.tables import Account, AuditEntry, Consumer, Conversation, Erasure
from tests.fixtures.brand import ENCRYPTION_KEYS, Brand

Run = Callable[..., tuple[int, str]]
NUMBER = "+15550301901"


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("SWITCHBOARD_DATABASE_URL", database_url)
    monkeypatch.setenv("SWITCHBOARD_ENVIRONMENT", "development")
    monkeypatch.setenv("SWITCHBOARD_ENCRYPTION_KEYS", ENCRYPTION_KEYS)
    monkeypatch.setenv("SWITCHBOARD_MEDIA_FOLDER", str(tmp_path / "media"))
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")  # which is away

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, list(arguments))
        return result.exit_code, result.output

    return run


async def _talked(sessions: Sessions, brand: Brand) -> None:
    """Let a consumer of a brand have had a conversation, long ago."""
    consumer, long_ago = uuid4(), datetime.now(UTC) - timedelta(days=40)
    row = {
        **{"id": uuid4(), "account_id": brand.account_id, "line_id": brand.line_id},
        **{"consumer_id": consumer, "workflow_id": "w", "number": 1, "sequence": 1},
        **{"status": "closed", "pending_side": "none", "skill_id": brand.support},
        **{"opened_by": "consumer", "opened_at": long_ago, "closed_at": long_ago},
    }
    person = {"id": consumer, "account_id": brand.account_id, "number": NUMBER}
    async with sessions.begin() as session:
        await session.execute(insert(Consumer).values(person))
        await session.execute(insert(Conversation).values(row))


def _names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


async def test_a_number_is_exported_and_its_erasure_begun(
    run: Run, session_factory: Sessions, brand: Brand, tmp_path: Path
) -> None:
    await _talked(session_factory, brand)
    file = tmp_path / "everything.zip"
    told = await asyncio.to_thread(run, "erase", "+1 555 030 1902")
    assert told == (2, "Nothing is held about this number.\n")
    assert (await asyncio.to_thread(run, "erase", "12"))[0] == 2
    async with session_factory.begin() as session:
        await session.execute(insert(Account).values(id="other", name="O", brand="O"))
        twin = {"id": uuid4(), "account_id": "other", "number": NUMBER}
        await session.execute(insert(Consumer).values(twin))
    code, output = await asyncio.to_thread(run, "erase", NUMBER, "--yes")
    assert (code, "Several accounts hold it" in output) == (2, True)

    own = ("--account", brand.account_id, "--export", str(file), "--reason", "Case 4711")
    code, output = await asyncio.to_thread(run, "erase", NUMBER, *own)
    assert (code, "conversations: 1" in output, file.exists()) == (1, True, False)
    code, output = await asyncio.to_thread(run, "erase", NUMBER, *own, "--yes")
    assert (code, "It is being erased" in output) == (0, True), output
    everything = json.loads(ZipFile(file).read("everything.json"))
    assert everything["consumer"][0]["number"] == NUMBER
    assert file.stat().st_mode & 0o777 == 0o600
    assert _names(tmp_path) == ["everything.zip"]
    again = await asyncio.to_thread(run, "erase", NUMBER, *own, "--yes")
    assert (again[0], "is there already. Nothing was erased." in again[1]) == (2, True)
    async with session_factory() as session:
        [asked] = (await session.scalars(select(Erasure))).all()
        query = select(AuditEntry.actor, AuditEntry.action).order_by(AuditEntry.id)
        log = [tuple(row) for row in await session.execute(query)]
    assert (asked.account_id, asked.reason, asked.token_id) == (brand.account_id, "Case 4711", None)
    assert {("installation", "exported"), ("installation", "added")} <= set(log)


async def test_what_is_past_its_time_is_counted_and_forgotten(
    run: Run, session_factory: Sessions, brand: Brand
) -> None:
    await _talked(session_factory, brand)
    none = "0 conversations, 0 other texts, 0 recipients of batches, 0 calls"
    gone = f"Content is gone of {none}.\n"
    assert await asyncio.to_thread(run, "retention") == (0, gone)
    async with session_factory.begin() as session:
        await session.execute(update(Account).values(retention_days=30))
    one = none.replace("0", "1", 1)
    counted = f"{brand.account_id}: past their time are {one}\n"
    assert await asyncio.to_thread(run, "retention", "--dry-run") == (0, counted)
    assert (await asyncio.to_thread(run, "retention"))[1].endswith(f"Content is gone of {one}.\n")
    async with session_factory() as session:
        query = select(func.count()).where(Conversation.forgotten_at.is_not(None))
        assert await session.scalar(query) == 1


def test_two_exports_into_one_file_never_share_what_they_write(tmp_path: Path) -> None:
    file, (one, other) = tmp_path / "all.zip", (tmp_path / "one.part", tmp_path / "other.part")
    one.write_bytes(b"one")
    other.write_bytes(b"other")
    _name(one, file)
    with pytest.raises(FileExistsError):
        _name(other, file)
    assert file.read_bytes() == b"one"
