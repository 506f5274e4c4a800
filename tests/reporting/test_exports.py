"""Exports: whole after every failure, each row once, bounded, and with the rights of now."""

import asyncio
import csv
import json
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from database.tables import Export
from domain.conversation.kinds import Status
from domain.exporting.kinds import ExportFormat, ExportKind, ExportStatus
from media.store import MediaStore, StoreAway, folder
from services.caller import Caller
from services.exporting import exports, sources
from services.exporting.inputs import NewExport
from services.exporting.making import ExportMaking
from tests.reporting.recording import Recorder
from tests.services.callers import person


class Stop(Exception):
    """The worker dies here."""


@dataclass
class FailingStore:
    """A store at which a worker dies: before or after a part is stored."""

    store: MediaStore
    after: bool = False
    is_failing: bool = True

    async def put(self, key: str, data: bytes) -> None:
        if self.is_failing and not self.after:
            raise StoreAway
        await self.store.put(key, data)
        if self.is_failing:
            raise Stop

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


@dataclass
class Exporting:
    """A brand that exports."""

    recorder: Recorder
    store: MediaStore
    mia: Caller
    made: list[UUID]

    async def ask(self, caller: Caller | None = None, **wanted: Any) -> Export:
        async with self.recorder.sessions.begin() as session:
            return await exports.create(caller or self.mia, session, NewExport(**wanted))

    def making(self, store: Any = None, size: int = 1) -> ExportMaking:
        return ExportMaking(self.recorder.sessions, store or self.store, part_size=size)

    async def make(self, export: Export) -> Export:
        while await self.making().make_part(export.id):
            pass
        return await self.now(export)

    async def now(self, export: Export) -> Export:
        async with self.recorder.sessions() as session:
            return await session.get_one(Export, export.id)

    async def text(self, export: Export) -> str:
        async with self.recorder.sessions.begin() as session:
            file = await exports.open_file(self.mia, session, self.store, export.id)
        found = b"".join([piece async for piece in file.pieces])
        assert len(found) == file.size
        return found.decode()

    async def rows(self, export: Export) -> list[dict[str, Any]]:
        text = await self.text(export)
        if export.format == ExportFormat.csv:
            return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
async def exporting(
    recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Exporting:
    """Seven conversations of four texts; batches hold three conversations or five texts."""
    monkeypatch.setattr(sources, "AT_ONCE", 3)
    monkeypatch.setattr(sources, "ROWS_AT_ONCE", 5)
    made = []
    for place in range(7):
        one = await recorder.conversation(Status.closed, number=f"+1555010{place:04}")
        for number in range(4):
            await recorder.says(one, f"=text {place}.{number}")
        made.append(one)
    await recorder.following().read([recorder.brand.account_id])
    mia = person(recorder.brand.account_id, recorder.brand.mia)
    return Exporting(recorder, MediaStore(lambda: folder(tmp_path)), mia, made)


async def test_a_file_is_whole_and_each_row_once_whatever_fails_after_any_part(
    exporting: Exporting,
) -> None:
    export = await exporting.ask(kind=ExportKind.messages, format=ExportFormat.jsonl)
    goes_on = True
    while goes_on:
        for after in (False, True):
            failing: Any = FailingStore(exporting.store, after)
            with pytest.raises((StoreAway, Stop)):
                await exporting.making(failing).make_part(export.id)
        goes_on = (await asyncio.gather(*(exporting.making().make_part(export.id) for _ in "ab")))[
            0
        ]
        goes_on = (await exporting.now(export)).status == ExportStatus.running
    done = await exporting.now(export)
    texts = [row["text"] for row in await exporting.rows(export)]
    assert sorted(texts) == sorted(f"=text {place}.{n}" for place in range(7) for n in range(4))
    assert (done.rows, done.read, done.about) == (28, 7, 7)
    assert done.parts > 3
