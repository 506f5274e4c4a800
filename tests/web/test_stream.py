"""The workspace's stream: what a page is told, what it is not, and what several are told once."""

import asyncio
import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import update

from database.queries import proofs, work_counts, workspace
from database.queries.visibility import Viewer
from database.tables import Agent
from domain.people.roles import Role
from services.caller import Caller, Proof
from services.looking.changed_texts import read_changed
from services.looking.transcripts import Entries, read_latest
from tests.api.conftest import Office
from tests.fixtures.centre import PATIENCE_SECONDS, Centre
from tests.fixtures.clocks import OFF, clock
from tests.web.conftest import PAGE, Browsing
from web.workspace.wire import MESSAGES
from workflows.conversation.commands import Close

Message = tuple[str, dict[str, Any]]


class PageStream:
    """The stream as the page reads it."""

    def __init__(self, answer: httpx2.Response) -> None:
        self._lines = answer.aiter_lines()
        self.last_id = ""
        self.told: list[Message] = []

    async def next(self) -> Message:
        kind, data = "", ""
        async with asyncio.timeout(PATIENCE_SECONDS):
            async for line in self._lines:
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    data = value
                elif name == "id":
                    self.last_id = value
                elif not line and data:
                    break
        assert data, "the stream has ended"
        MESSAGES[kind].model_validate_json(data)
        self.told.append((kind, json.loads(data)))
        return self.told[-1]

    async def until(self, kind: str, words: str = "") -> list[Message]:
        """Return all messages up to one of a kind that has these words."""
        before = len(self.told)
        while True:
            told, data = await self.next()
            if told == kind and words in json.dumps(data):
                return self.told[before:]


@pytest.fixture
async def held(office: Office, centre: Centre) -> str:
    """A conversation that Ann holds."""
    await centre.text("first words")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    return str((await centre.conversation()).id)


def kinds(told: list[Message]) -> list[str]:
    return [kind for kind, _ in told]


async def test_a_text_changes_row_transcript_and_counts_and_nothing_else(
    browsing: Browsing, office: Office, centre: Centre, held: str
) -> None:
    address = "/workspace/stream?view=mine"
    async with (
        browsing(office.brand.ann) as ann,
        ann.stream("GET", f"{address}&conversation={held}") as opened,
        ann.stream("GET", address) as listed,
    ):
        beside, elsewhere = PageStream(opened), PageStream(listed)
        for stream in (beside, elsewhere):
            assert (await stream.next())[0] == "beat"
        await centre.text("<i>second</i>")
        told = await beside.until("counts")
        assert kinds(told) == ["conversation", "entries", "counts"]
        (_, row), (_, part), (_, counts) = told
        assert row["conversation"]["last_text"] == "<i>second</i>"
        assert row["opened"] is None
        assert [one["kind"] for one in row["upcoming"]] == ["agent_silent"]
        assert [entry["message"]["text"] for entry in part["entries"]] == ["<i>second</i>"]
        assert (counts["mine"], counts["unanswered"], counts["waiting"]) == (1, 1, 0)
        assert beside.last_id == str((await centre.events())[-1].id)
        told = await elsewhere.until("counts")
        assert kinds(told) == ["conversation", "counts"]
        assert (told[0][1]["opened"], told[0][1]["upcoming"]) == (None, None)
        await centre.give(Close(key="c1", actor=office.brand.ann))
        _, closed = (await beside.until("conversation", '"survey"'))[-1]
        assert closed["opened"]["rights"]["may_reply"] is False
        await beside.until("entries", "Closed by")
        await centre.when("survey")
        await centre.text("5")
        told = await beside.until("notice")
        assert "own" in kinds(told)
        assert told[-1][1]["rating"]["words"] == "Rated 5 of 5"


async def test_a_reconnected_page_is_told_what_it_missed_and_then_what_happens(
    browsing: Browsing, office: Office, centre: Centre, held: str
) -> None:
    address = f"/workspace/stream?view=mine&conversation={held}&after="
    async with browsing(office.brand.ann) as ann:
        async with ann.stream("GET", f"{address}0") as answer:
            stream = PageStream(answer)
            before = await stream.until("counts")
        await centre.text("while nobody listened")
        async with ann.stream("GET", f"{address}{stream.last_id}") as answer:
            stream = PageStream(answer)
            after = await stream.until("entries", "while nobody listened")
            await centre.text("now")
            after += await stream.until("entries", "now")
    texts = [
        entry["message"]["text"]
        for kind, data in before + after
        if kind == "entries"
        for entry in data["entries"]
        if entry["message"] and entry["message"]["author"] == "consumer"
    ]
    assert texts == ["first words", "while nobody listened", "now"]


async def test_a_page_that_is_behind_a_restored_database_is_told_to_load_again(
    browsing: Browsing, office: Office
) -> None:
    async with (
        browsing(office.brand.mia) as mia,
        mia.stream("GET", "/workspace/stream?after=4711") as answer,
    ):
        assert (await PageStream(answer).next())[0] == "reload"


async def test_a_conversation_leaves_the_pages_of_those_who_may_not_see_it_any_more(
    browsing: Browsing, office: Office, centre: Centre
) -> None:
    await centre.text("a secret")
    waiting = await centre.when("waiting")
    address = f"/workspace/stream?view=waiting&conversation={waiting.id}"
    async with browsing(office.brand.ben) as ben, ben.stream("GET", address) as answer:
        stream = PageStream(answer)
        await stream.next()
        await centre.assign(office.brand.ann.agent_id, "Ann")
        told = await stream.until("gone")
    assert "a secret" not in json.dumps(told[1:])
    assert told[-1][1] == {"conversation_id": str(waiting.id)}


async def test_a_beat_tells_how_much_waits_to_pages_that_do_not_show_the_queue(
    browsing: Browsing, office: Office, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.following.following.BEAT_SECONDS", 0.05)
    monkeypatch.setattr("web.workspace.queue_counts.AGAIN_SECONDS", 0)
    async with browsing(office.brand.ben) as ben, ben.stream("GET", "/workspace/stream") as answer:
        stream = PageStream(answer)
        assert (await stream.until("beat", '"waiting": 0'))[-1]
        await centre.text("hello")
        told = await stream.until("beat", '"waiting": 1')
    assert set(kinds(told)) == {"beat"}


@pytest.mark.parametrize("off", [-OFF, OFF])
async def test_pages_count_down_by_the_time_of_all_processes_whatever_the_clock_of_their_api(
    browsing: Browsing,
    office: Office,
    held: str,
    monkeypatch: pytest.MonkeyPatch,
    off: timedelta,
) -> None:
    monkeypatch.setattr("services.following.following.BEAT_SECONDS", 0.05)
    now = datetime.now(UTC)
    async with browsing(office.brand.ann) as ann:
        with clock(off):
            boot = (await ann.get("/workspace/boot")).json()
            async with ann.stream("GET", "/workspace/stream") as answer:
                stream = PageStream(answer)
                beats = [(await stream.next())[1] for _ in range(3)]
    told = [datetime.fromisoformat(one["now"]) for one in (boot, *beats)]
    assert all(abs(at - now) < timedelta(seconds=60) for at in told)


async def test_a_page_loads_again_when_its_reader_has_other_rights(
    browsing: Browsing, office: Office
) -> None:
    async with (
        browsing(office.brand.mia) as mia,
        mia.stream("GET", "/workspace/stream?view=all") as answer,
    ):
        stream = PageStream(answer)
        await stream.next()
        async with office.sessions.begin() as session:
            demoted = update(Agent).where(Agent.id == office.brand.mia.agent_id)
            await session.execute(demoted.values(role="agent"))
            await proofs.changed(session, office.brand.account_id)
        await stream.until("reload")


async def test_texts_read_for_all_pages_are_what_a_transcript_shows(
    office: Office, centre: Centre, held: str
) -> None:
    async with office.person(office.brand.ann) as ann:
        path = f"/v1/conversations/{held}"
        await ann.post(f"{path}/replies", json={"text": "one"})
        await ann.post(f"{path}/notes", json={"text": "two"})
        later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        await ann.post(f"{path}/scheduled-texts", json={"text": "three", "at": later})
    await centre.give(Close(key="c1", actor=office.brand.ann))
    await centre.when("survey")
    await centre.text("5")
    await centre.when("closed")
    conversation_id = UUID(held)
    account_id, direct = office.brand.account_id, office.sessions.direct
    caller = Caller(
        account_id, "x", Role.manager, None, Proof(b"", is_program=False, acts_for=None)
    )
    async with office.sessions() as session:
        latest = await read_latest(caller, session, conversation_id, before=None, limit=100)
        apart = latest.entries
        every = {conversation_id: apart.events}
        together = (await read_changed(session, direct, account_id, every))[conversation_id]
    assert [one.id for one in together.added] == [one.id for one in apart.added]
    for name in (field.name for field in fields(Entries)):
        if name != "added":
            assert getattr(together, name) == getattr(apart, name), name


async def test_what_is_counted_for_all_pages_is_what_each_counts_for_itself(
    office: Office, centre: Centre
) -> None:
    brand = office.brand
    await centre.text("hello")
    one = await centre.when("waiting")
    callers = {
        brand.ann: {brand.support},
        brand.ben: {brand.support, brand.sales},
        brand.mia: set(),
    }

    async def compare() -> list[int]:
        waiting = await work_counts.waiting(office.sessions.direct, brand.account_id)
        for who, skills in callers.items():
            sees_all = who is brand.mia
            viewer = Viewer(brand.account_id, who.agent_id, sees_all=sees_all)
            async with office.sessions() as session:
                counted = await workspace.counts(session, viewer)
            theirs = waiting.together if sees_all else waiting.seen_by(who.agent_id, skills)
            held = (await work_counts.held(office.sessions.direct, [who.agent_id]))[who.agent_id]
            assert (held.mine, held.unanswered, theirs) == (
                counted.mine,
                counted.unanswered,
                counted.waiting,
            )
        return [waiting.seen_by(who.agent_id, skills) for who, skills in callers.items()]

    assert await compare() == [1, 1, 0]
    await centre.assign(brand.ann.agent_id, "Ann")
    assert await compare() == [0, 0, 0]
    path = f"/v1/conversations/{one.id}/transfers"
    async with office.person(brand.mia) as mia:
        await mia.post(path, json={"agent": brand.ben.agent_id})
        assert await compare() == [1, 1, 0], "Ann has taken part, and Ben is asked for"
        await mia.post(path, json={"skill": brand.sales})
        assert await compare() == [1, 1, 0]


async def test_a_draft_is_told_to_the_other_pages_of_its_writer_and_to_nobody_else(
    browsing: Browsing, office: Office, centre: Centre, held: str
) -> None:
    address, draft = "/workspace/stream?view=mine", f"/v1/conversations/{held}/drafts/note"
    async with (
        browsing(office.brand.ann) as ann,
        browsing(office.brand.mia) as mia,
        ann.stream("GET", address) as hers,
        mia.stream("GET", f"{address}&conversation={held}") as another,
    ):
        own, managers = PageStream(hers), PageStream(another)
        for stream in (own, managers):
            await stream.until("beat")
        await ann.put(draft, json={"text": "A secret", "revision": 0}, headers=PAGE)
        told = {"conversation_id": held, "surface": "note", "revision": 1}
        assert (await own.until("draft"))[-1][1] == told
        await ann.post(f"/v1/conversations/{held}/notes", json={"text": "A secret"}, headers=PAGE)
        assert (await own.until("draft"))[-1][1] == told | {"revision": 2}
        assert "draft" not in kinds(await managers.until("entries", "A secret"))
