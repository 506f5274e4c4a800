"""Bots in conversations: asked by signed posts, decided once, and never in anybody's way."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from activities.asking import PAUSED
from database.tables import Bot, BotRecord, QueueEntry
from outgoing.signed_posts import SignedPosts
from tests.fixtures.bots import SECRET, posting, says, served_by_bot
from tests.fixtures.centre import Centre, eventually, working
from tests.fixtures.file_host import answer
from tests.fixtures.receiver import DRIPPING, Receiver, receiver


@pytest.fixture
async def bot() -> AsyncIterator[Receiver]:
    async with receiver() as one:
        yield one


@pytest.fixture
async def posts() -> AsyncIterator[SignedPosts]:
    async with posting() as one:
        yield one


async def has_said(centre: Centre, author: str, text: str) -> None:
    async def is_there() -> bool:
        return (author, text) in await centre.spoken()

    await eventually(is_there)


async def in_queue(centre: Centre) -> QueueEntry | None:
    row = await centre.conversation()
    async with centre.sessions() as session:
        query = select(QueueEntry).where(QueueEntry.conversation_id == row.id)
        return await session.scalar(query)


async def with_people(centre: Centre) -> QueueEntry:
    async def queued() -> QueueEntry | None:
        return await in_queue(centre)

    entry = await eventually(queued)
    assert entry is not None
    return entry


async def test_a_bot_answers_and_passes_on_with_its_notes(
    idle_centre: Centre, bot: Receiver, posts: SignedPosts
) -> None:
    centre = idle_centre
    bot_id = await served_by_bot(centre.sessions, centre.brand, bot.url)
    bot.answers = [
        says(1, "We open at nine."),
        says(2, action={"kind": "person"}, notes="Wants to complain."),
    ]
    async with working(centre, posts=posts):
        await centre.text("When do you open?")
        await has_said(
            centre, "bot", "You are talking with our automated assistant.\nWe open at nine."
        )
        row = await centre.conversation()
        assert (row.status, row.bot_name, row.agent_id) == ("waiting", "Robo", None)
        assert await in_queue(centre) is None
        await centre.text("I want to complain.")
        entry = await with_people(centre)
    first, second = bot.posts
    first.verify(SECRET)
    assert first.json["new"][0]["text"] == "When do you open?"
    assert first.json["consumer"]["number"] is None
    assert [one["text"] for one in second.json["new"] if one["author"] == "consumer"] == [
        "I want to complain."
    ]
    assert "When do you open?" in [one["text"] for one in second.json["before"]]
    assert second.id != first.id
    row = await centre.conversation()
    assert (entry.skill_id, row.skill_id, row.bot_name) == (centre.brand.sales,) * 2 + (None,)
    assert ("note", "The bot asks for a person.\nWants to complain.") in await centre.spoken()
    async with centre.sessions() as session:
        record = await session.get_one(BotRecord, bot_id)
    assert (record.answered, record.passed_on, record.failures) == (2, 1, 0)


@pytest.mark.parametrize(
    ("wrong", "why", "deadline"),
    [
        (DRIPPING, "did not answer within 2 s", 2),
        (answer(302), "redirects", 30),
        (answer(200, b"<html>Hello</html>"), "not a JSON object", 30),
    ],
    ids=["slow for ever", "redirect", "HTML"],
)
async def test_people_get_what_a_bot_does_not_answer_rightly(
    idle_centre: Centre, bot: Receiver, posts: SignedPosts, wrong: bytes, why: str, deadline: int
) -> None:
    centre = idle_centre
    await served_by_bot(centre.sessions, centre.brand, bot.url, deadline_seconds=deadline)
    bot.usual = wrong
    async with working(centre, posts=posts):
        await centre.text("hello")
        await with_people(centre)
    notes = [text for author, text in await centre.spoken() if author == "note"]
    assert len(notes) == 1
    assert why in notes[0]


class Patient(Receiver):
    """Says the same for a turn however often it is asked."""

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        turn = self.posts[-1].json["turn"]
        self.usual = says(turn, "Once." if turn == 1 else "Twice.")
        await super()._answer(writer)


@pytest.fixture
async def patient() -> AsyncIterator[Receiver]:
    async with receiver(Patient()) as one:
        yield one


async def test_a_worker_killed_while_it_asks_leaves_one_answer_and_all_texts(
    idle_centre: Centre, patient: Receiver, posts: SignedPosts
) -> None:
    centre, bot = idle_centre, patient
    await served_by_bot(centre.sessions, centre.brand, bot.url)
    bot.answers = [DRIPPING]
    async with working(centre, posts=posts):
        await centre.text("hello")

        async def is_asked() -> bool:
            return bool(bot.posts)

        await eventually(is_asked)
    texted = await centre.texts(*(f"and {number}" for number in range(10)))
    async with working(centre, posts=posts):
        await has_said(centre, "bot", "Twice.")

        async def has_come() -> bool:
            return "Twice." in await centre.phone()

        await eventually(has_come)
    # A worker that a busy machine keeps from its heartbeats asks once more, under the same id.
    turns = [post.json["turn"] for post in bot.posts]
    assert turns == sorted(turns)
    assert turns[:2] == [1, 1]
    assert turns[-1] == 2
    assert len({post.id for post in bot.posts}) == 2
    assert [one["text"] for one in bot.posts[-1].json["new"] if one["author"] == "consumer"] == [
        f"and {number}" for number in range(10)
    ]
    transcript = await centre.transcript()
    bots = [one.text.rpartition("\n")[2] for one in transcript if one.author == "bot"]
    assert bots == ["Once.", "Twice."]
    assert set(texted) <= {str(one.id) for one in transcript}
    assert (await centre.phone()).count("Twice.") == 1


@pytest.mark.parametrize("state", ["deleted", "paused"])
async def test_people_get_the_conversations_of_a_bot_that_is_deleted_or_paused(
    idle_centre: Centre, bot: Receiver, posts: SignedPosts, state: str
) -> None:
    centre, now = idle_centre, datetime.now(UTC)
    bot_id = await served_by_bot(centre.sessions, centre.brand, bot.url)
    bot.answers = [says(1, "Hello!")]
    async with working(centre, posts=posts):
        await centre.text("hello")
        await has_said(centre, "bot", "You are talking with our automated assistant.\nHello!")

        async def is_counted() -> BotRecord | None:
            async with centre.sessions() as session:
                return await session.get(BotRecord, bot_id)

        await eventually(is_counted)
        async with centre.sessions.begin() as session:
            if state == "deleted":
                (await session.get_one(Bot, bot_id)).retired_at = now
            else:
                paused_until = now + timedelta(minutes=5)
                (await session.get_one(BotRecord, bot_id)).paused_until = paused_until
        await centre.text("and now?")
        await with_people(centre)
    notes = [text for author, text in await centre.spoken() if author == "note"]
    assert notes[0] in ("The bot was deleted.", PAUSED.failure and PAUSED.failure.why)
    assert len(bot.posts) == 1
