"""Exports: whole after every failure, each row once, bounded, and with the rights of now."""

import asyncio
import csv
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from activities.maintenance import forget_exported
from database.queries.exports import states
from database.tables import Agent, AuditEntry, Consumer, Conversation, Event, Export, StaleDay
from domain.conversation.kinds import EventKind, Status
from domain.errors import Conflict, Invalid, NotAllowed, NotFound
from domain.exporting.kinds import ExportFormat, ExportKind, ExportStatus
from domain.people.teams import Led
from media.keys import part_key
from media.store import MediaStore, StoreAway, folder
from services.caller import Caller
from services.errors import FileNotThere
from services.exporting import exports, making, sources
from services.exporting.inputs import NewExport
from services.exporting.making import ExportMaking
from services.exporting.rights import NOT_ANY_MORE
from services.history.filters import HistoryFilters
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
        found = b"".join([piece async for piece in file.read()])
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


async def test_every_kind_in_both_forms_and_formulas_are_defused(exporting: Exporting) -> None:
    recorder = exporting.recorder
    async with recorder.sessions.begin() as session:
        await session.execute(update(Consumer).values(name="=HYPERLINK()", email="a@b.example"))
        rated = {"survey_outcome": "completed", "survey_score": 4, "survey_scale": "one_to_five"}
        yes = {"question": "resolved", "value": 1, "text": "yes"}
        answers = [yes, {"question": "recommend", "value": 9}]
        await session.execute(
            update(Conversation)
            .where(Conversation.id == exporting.made[0])
            .values(**rated, survey_satisfied=True, survey_answers=answers)
        )
    await recorder.happens(exporting.made[0], EventKind.survey_answered)
    await recorder.following().read([recorder.brand.account_id])

    csv_of = await exporting.make(await exporting.ask(kind=ExportKind.conversations))
    rows = await exporting.rows(csv_of)
    assert (await exporting.text(csv_of)).startswith("\ufeffconversation_id,")
    assert len({row["conversation_id"] for row in rows}) == len(rows) == 7
    assert {row["consumer_name"] for row in rows} == {"'=HYPERLINK()"}
    assert datetime.fromisoformat(rows[0]["opened_at"]).tzinfo is not None
    said = [(row["survey_nps"], row["survey_resolved"]) for row in rows]
    assert sorted(said) == [*[("", "")] * 6, ("9", "true")]

    lines = await exporting.make(
        await exporting.ask(kind=ExportKind.survey_answers, format=ExportFormat.jsonl)
    )
    found = [(row["question"], row["score"], row["text"]) for row in await exporting.rows(lines)]
    assert found == [("rating", 4, None), ("resolved", 1, "yes"), ("recommend", 9, None)]

    told = await exporting.make(
        await exporting.ask(
            kind=ExportKind.events, format=ExportFormat.jsonl, columns=["kind", "conversation_id"]
        )
    )
    events = await exporting.rows(told)
    assert list(events[0]) == ["kind", "conversation_id"]
    assert sum(row["kind"] == "conversation_opened" for row in events) == 7

    today = datetime.now(UTC).date()
    days = {"first": today - timedelta(days=2), "last": today + timedelta(days=1)}
    report = {**days, "by": "total"}
    figures = await exporting.make(await exporting.ask(kind=ExportKind.figures, report=report))
    assert {"key", "opened", "first_response_time.median"} <= set(
        (await exporting.rows(figures))[0]
    )


async def test_figures_wait_for_days_that_are_counted_anew_and_after_a_while_say_so(
    exporting: Exporting,
) -> None:
    recorder, today = exporting.recorder, datetime.now(UTC).date()
    last = today - timedelta(days=1)
    days = {"first": str(last - timedelta(days=6)), "last": str(last)}
    report = {**days, "by": "total", "figures": ["opened"]}
    export = await exporting.ask(kind=ExportKind.figures, report=report)
    async with recorder.sessions.begin() as session:
        session.add(StaleDay(account_id=recorder.brand.account_id, day=last))
    with pytest.raises(sources.DaysUncounted):
        await exporting.make(export)
    assert (await exporting.now(export)).status == ExportStatus.running
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    async with recorder.sessions.begin() as session:
        await session.execute(update(Export).values(created_at=long_ago))
    assert await exporting.rows(await exporting.make(export)) == [
        {"key": "", "name": "", "opened": "0", "days_uncounted": "1"}
    ]
    async with recorder.sessions.begin() as session:
        await session.execute(delete(StaleDay))
    assert (await exporting.now(export)).failure == sources.DAYS_LACK
    counted = await exporting.make(await exporting.ask(kind=ExportKind.figures, report=report))
    assert {row["days_uncounted"] for row in await exporting.rows(counted)} == {"0"}


@pytest.mark.parametrize("by", ["day", "skill"])
async def test_figures_of_days_on_which_nothing_happened_are_a_file_without_rows(
    exporting: Exporting, by: str
) -> None:
    report = {"first": "2020-01-01", "last": "2020-01-07", "by": by, "figures": ["opened"]}
    made = await exporting.make(await exporting.ask(kind=ExportKind.figures, report=report))
    assert (made.status, await exporting.rows(made)) == (ExportStatus.done, [])


async def test_an_export_waits_for_conversations_without_a_record_and_after_a_while_says_so(
    exporting: Exporting,
) -> None:
    recorder = exporting.recorder
    late = await recorder.conversation(Status.closed, number="+15550100099")
    await recorder.says(late, "late")
    filters = HistoryFilters(number="+15550100099")
    waits, lacks = [
        await exporting.ask(kind=ExportKind.messages, filters=filters) for _ in range(2)
    ]
    with pytest.raises(sources.RecordsBehind):
        await exporting.make(waits)
    long_ago = timedelta(hours=1)
    async with recorder.sessions.begin() as session:
        its = Export.id == lacks.id
        await session.execute(update(Event).values(at=Event.at - long_ago))
        await session.execute(
            update(Export).where(its).values(created_at=Export.created_at - long_ago)
        )
    done = await exporting.make(lacks)
    assert (done.status, done.rows, done.failure) == (ExportStatus.done, 0, sources.MAY_LACK)

    await recorder.record()
    await recorder.happens(late, EventKind.message_added)  # after it was asked for
    done = await exporting.make(waits)
    assert [row["text"] for row in await exporting.rows(done)] == ["late"]
    assert done.failure is None


async def test_filters_and_rights_are_those_of_now_and_refusals_are_sentences(
    exporting: Exporting,
) -> None:
    recorder, ann = exporting.recorder, exporting.recorder.brand.ann
    account = recorder.brand.account_id
    with pytest.raises(NotAllowed, match="Only managers"):
        await exporting.ask(person(account, ann), kind=ExportKind.conversations)
    with pytest.raises(Invalid, match="no column"):
        await exporting.ask(kind=ExportKind.messages, columns=["colour"])
    now = datetime.now(UTC)
    reversed_: HistoryFilters = HistoryFilters(opened_from=now, opened_until=now - timedelta(1))
    with pytest.raises(Invalid, match="ends before it begins"):
        await exporting.ask(kind=ExportKind.messages, filters=reversed_)

    nothing = HistoryFilters(number="+15559999999")
    empty = await exporting.make(await exporting.ask(kind=ExportKind.messages, filters=nothing))
    assert (await exporting.rows(empty), empty.rows) == ([], 0)
    one = HistoryFilters(number="+15550100003", opened_days=3)
    few = await exporting.make(await exporting.ask(kind=ExportKind.messages, filters=one))
    assert few.rows == 4

    led = replace(exporting.mia, led=Led(frozenset(), frozenset({exporting.mia.id})))
    theirs = await exporting.ask(led, kind=ExportKind.conversations)
    async with recorder.sessions.begin() as session:
        its = Agent.id == exporting.mia.id
        await session.execute(update(Agent).where(its).values(role="agent"))
    done = await exporting.make(theirs)
    assert (done.status, done.failure) == (ExportStatus.failed, NOT_ANY_MORE)

    async with recorder.sessions() as session:
        entries = (
            await session.scalars(
                select(AuditEntry).where(AuditEntry.subject_id == str(few.id)).order_by("id")
            )
        ).all()
    asked, made = entries
    assert asked.after["filters"]["number"] == "•••"
    assert (made.after["rows"], made.actor) == (4, exporting.mia.id)


async def test_three_of_a_person_are_made_at_a_time_and_a_cancelled_one_makes_room(
    exporting: Exporting,
) -> None:
    asked = [await exporting.ask(kind=ExportKind.messages) for _ in range(3)]
    with pytest.raises(Conflict, match="3 of your exports"):
        await exporting.ask(kind=ExportKind.messages)
    await exporting.making().make_part(asked[0].id)
    sessions = exporting.recorder.sessions
    for _ in "ab":
        async with sessions.begin() as session:
            cancelled = await exports.cancel(exporting.mia, session, asked[0].id)
    assert cancelled.status == ExportStatus.cancelled
    assert not await exporting.making().make_part(asked[0].id)
    assert (await exporting.ask(kind=ExportKind.messages)).status == ExportStatus.waiting
    with pytest.raises(Conflict, match="still being made"):
        await exporting.text(asked[1])
    async with sessions.begin() as session:
        ben = replace(exporting.mia, id="other", person=None)
        with pytest.raises(NotFound):
            await exports.find(ben, session, asked[0].id)


@pytest.mark.parametrize("is_erased", [False, True])
async def test_an_export_that_is_ended_while_its_rows_are_counted_stays_ended(
    exporting: Exporting, monkeypatch: pytest.MonkeyPatch, is_erased: bool
) -> None:
    one = HistoryFilters(number="+15550100003")
    export = await exporting.ask(kind=ExportKind.messages, filters=one)
    account = exporting.recorder.brand.account_id

    async def ended_meanwhile(*_: Any) -> int:
        async with exporting.recorder.sessions.begin() as session:
            if is_erased:
                await states.take_back(session, account, datetime.now(UTC))
            else:
                await exports.cancel(exporting.mia, session, export.id)
        return 1

    monkeypatch.setattr(making, "_about", ended_meanwhile)
    assert not await exporting.making().make_part(export.id)
    now = await exporting.now(export)
    ended = ExportStatus.failed if is_erased else ExportStatus.cancelled
    assert (now.status, now.parts) == (ended, 0)


async def test_whom_an_export_asked_for_is_forgotten_a_week_after_its_end(
    exporting: Exporting,
) -> None:
    sessions = exporting.recorder.sessions
    asked = HistoryFilters(name="Jane Roe", q="bankruptcy", label=["refund"])
    done = await exporting.make(await exporting.ask(kind=ExportKind.messages, filters=asked))
    cancelled = await exporting.ask(kind=ExportKind.messages, filters=asked)
    async with sessions.begin() as session:
        await exports.cancel(exporting.mia, session, cancelled.id)
    for ended, kept in (
        (timedelta(days=6), {"name": "Jane Roe", "q": "bankruptcy", "label": ["refund"]}),
        (timedelta(days=8), {"label": ["refund"]}),
    ):
        async with sessions.begin() as session:
            await session.execute(update(Export).values(ended_at=datetime.now(UTC) - ended))
        await forget_exported(sessions, exporting.store)
        for one in (done, cancelled):
            assert (await exporting.now(one)).filters == kept


async def test_files_are_deleted_when_they_expire_and_when_something_is_erased(
    exporting: Exporting,
) -> None:
    sessions, account = exporting.recorder.sessions, exporting.recorder.brand.account_id
    old = await exporting.make(await exporting.ask(kind=ExportKind.messages))
    async with sessions.begin() as session:
        past = {"expires_at": datetime.now(UTC) - timedelta(minutes=1)}
        await session.execute(update(Export).where(Export.id == old.id).values(**past))
    await forget_exported(sessions, exporting.store)
    assert (await exporting.now(old)).status == ExportStatus.expired
    with pytest.raises(FileNotThere):
        await exporting.text(old)

    done = await exporting.make(await exporting.ask(kind=ExportKind.messages))
    under_way = await exporting.ask(kind=ExportKind.messages)
    await exporting.making().make_part(under_way.id)
    late = part_key(account, under_way.id, 9, "late")
    async with sessions.begin() as session:
        await states.announce_part(session, under_way.id, late)
    for _ in range(2):  # whoever took them back died before the files were deleted
        async with sessions.begin() as session:
            keys = await states.take_back(session, account, datetime.now(UTC))
    await exporting.store.put(late, b"stored by a worker that died at once")
    await exporting.store.delete([key for key in keys if key != late])
    async with sessions.begin() as session:
        await states.forget_deleted(session, keys)
    after = [await exporting.now(one) for one in (done, under_way)]
    assert [one.status for one in after] == [ExportStatus.expired, ExportStatus.failed]
    assert not await exporting.making().make_part(under_way.id)
    await forget_exported(sessions, exporting.store)
    later = datetime.now(UTC) + timedelta(days=1)
    assert [key async for keys in exporting.store.older_than(later) for key in keys] == []
    async with sessions() as session:
        assert await states.keys(session, [done.id, under_way.id, old.id]) == []
