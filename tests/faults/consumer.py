"""A consumer, what they and their agents did, and what became of it."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import text as sql

from tests.faults.installation import SUPPORT_LINE, Installation
from tests.faults.patience import eventually

CONVERSATIONS = sql("""
    SELECT conversation.id::text, status, agent_id, conversation.sequence, latest_step.sequence,
           survey_score, conversation.language, message_count, workflow_id
    FROM conversation JOIN consumer ON consumer.id = consumer_id
    LEFT JOIN latest_step ON latest_step.conversation_id = conversation.id
    WHERE consumer.number = :number ORDER BY conversation.number
""")
MESSAGES = sql("""
    SELECT message.id::text, author, automatic, message.text, message.status
    FROM message JOIN conversation ON conversation.id = conversation_id
    JOIN consumer ON consumer.id = message.consumer_id
    WHERE consumer.number = :number ORDER BY conversation.number, position
""")
EVENTS = sql("""
    SELECT kind, data ->> 'message_id' AS message_id, conversation_id::text, command_key,
           data ->> 'carried_from' AS carried_from
    FROM event JOIN conversation ON conversation.id = conversation_id
    JOIN consumer ON consumer.id = consumer_id
    WHERE consumer.number = :number ORDER BY event.id
""")
UNDER_WAY = ("queued", "sending")
NOT_ON_PHONES = ("failed", "unknown")


@dataclass(frozen=True)
class Row:
    """A conversation as the database has it."""

    id: str
    status: str
    agent_id: str | None
    sequence: int
    step: int | None
    survey_score: int | None
    language: str | None
    message_count: int
    workflow_id: str


@dataclass(frozen=True)
class Found:
    """All there is of a consumer: in the database, and on their phone."""

    conversations: Sequence[Row]
    messages: Sequence[Any]
    events: Sequence[Any]
    phone: Sequence[str]

    @property
    def newest(self) -> Row:
        return self.conversations[-1]

    def said_by(self, author: str) -> list[str]:
        return [one.text for one in self.messages if one.author == author and not one.automatic]

    def automatic(self, event: str) -> int:
        return sum(one.automatic == event for one in self.messages)

    @property
    def unknown(self) -> list[str]:
        """Return texts of which nobody knows whether they have left."""
        return [one.text for one in self.messages if one.status == "unknown"]

    def happened(self, kind: str) -> int:
        return sum(one.kind == kind for one in self.events)


@dataclass
class Consumer:
    """A phone, and the ledger of what was taken and answered."""

    installation: Installation
    name: str
    number: str = ""
    said: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    texting: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One text after the other."""

    def __post_init__(self) -> None:
        self.number = f"+1555014{next(self.installation.numbers):04d}"

    async def text(self, text: str) -> None:
        """Text the brand, which must take it."""
        url = f"{self.installation.phones_url}/phones/{self.number}/texts"
        async with self.texting:
            self.said.append(text)
            answer = await self.installation.http.post(url, json={"to": SUPPORT_LINE, "body": text})
        assert answer.json()["was_accepted"], answer.text

    async def reply(self, text: str) -> None:
        """Let whoever holds the conversation reply, until that is answered."""
        await self.command("POST", "replies", text=text)
        self.replies.append(text)

    async def note(self, text: str) -> None:
        await self.command("POST", "notes", text=text)
        self.notes.append(text)

    async def command(self, method: str, what: str, **body: str) -> None:
        """Let whoever holds the conversation do something, until that is answered."""
        row = (await self.rows())[-1]
        path = f"/v1/conversations/{row.id}/{what}"
        await self.installation.insist(row.agent_id or "acme-mia", method, path, body)

    async def open_by_agent(self, text: str) -> None:
        """Let Ann open a conversation, which is refused where the consumer's own text came first.

        A command that was lost with its worker before anything of it stood is given again then.
        """
        done = await self.installation.insist(
            "ann",
            "POST",
            "/v1/conversations",
            {"line": "acme-support", "number": self.number, "text": text},
            unless="conversation_already_open",
        )
        assert done or self.said
        if done:
            self.replies.append(text)

    async def when(self, *statuses: str) -> Row:
        """Wait until the newest conversation stands like this."""

        async def stands() -> Row | None:
            rows = await self.rows()
            return rows[-1] if rows and rows[-1].status in statuses else None

        try:
            row = await eventually(stands)
        except TimeoutError:
            pytest.fail(f"{self.name}: never {statuses}: {await self.found()}", pytrace=False)
        assert row is not None
        return row

    async def is_asked(self) -> None:
        """Wait until the question is on the phone, and known to be: before, nothing answers it."""

        async def has_left() -> bool:
            found = await self.found()
            asked = [one for one in found.messages if one.automatic == "survey_question"]
            return bool(asked) and all(one.status not in UNDER_WAY for one in asked)

        await eventually(has_left)

    async def heard(self) -> None:
        """Wait until all that was said stands in a transcript."""

        async def is_there() -> bool:
            return (await self.found()).said_by("consumer") == self.said

        try:
            await eventually(is_there)
        except TimeoutError:
            pytest.fail("\n".join(await self.wrong()), pytrace=False)

    async def rows(self) -> list[Row]:
        """Read the conversations, the newest last."""
        async with self.installation.sessions() as session:
            found = await session.execute(CONVERSATIONS, {"number": self.number})
            return [Row(*row) for row in found]

    async def found(self) -> Found:
        """Read everything there is."""
        url = f"{self.installation.phones_url}/phones/{self.number}/messages"
        phone = (await self.installation.http.get(url)).json()
        async with self.installation.sessions() as session:
            asked = {"number": self.number}
            conversations = (await session.execute(CONVERSATIONS, asked)).all()
            messages = (await session.execute(MESSAGES, asked)).all()
            events = (await session.execute(EVENTS, asked)).all()
        return Found(
            [Row(*row) for row in conversations],
            messages,
            events,
            [one["text"] for one in phone if one["author"] == "brand"],
        )

    async def wrong(self) -> list[str]:
        """Return what is not as it ought to be, in sentences; nothing when all is well."""
        found = await self.found()
        return [f"{self.name}: {what}" for what in _wrong(self, found)]


def _wrong(consumer: Consumer, found: Found) -> list[str]:
    left = [one for one in found.messages if one.author in ("agent", "system")]
    arrived = [one.text for one in left if one.status not in NOT_ON_PHONES]
    added = Counter(one.message_id for one in _messages_added(found))
    commands = Counter(
        (one.command_key, one.kind, one.message_id) for one in found.events if one.command_key
    )
    checks = {
        f"texts {found.said_by('consumer')}, not {consumer.said}": (
            found.said_by("consumer") == consumer.said
        ),
        f"replies {found.said_by('agent')}, not {consumer.replies}": (
            sorted(found.said_by("agent")) == sorted(consumer.replies)
        ),
        f"notes {found.said_by('note')}, not {consumer.notes}": (
            sorted(found.said_by("note")) == sorted(consumer.notes)
        ),
        f"{[(one.text, one.status) for one in left]} but on the phone {found.phone}": (
            arrived == found.phone and not any(one.status in UNDER_WAY for one in left)
        ),
        "messages and their events differ": (added == Counter(one.id for one in found.messages)),
        f"commands done twice: {commands}": all(times == 1 for times in commands.values()),
        f"rows and steps differ: {found.conversations}": (
            all(row.sequence == row.step for row in found.conversations)
        ),
        "messages are miscounted": (
            sum(row.message_count for row in found.conversations) == len(found.messages)
        ),
        "conversations were opened more or less than once": (
            found.happened("conversation_opened") == len(found.conversations)
        ),
    }
    return [what for what, is_well in checks.items() if not is_well]


def _messages_added(found: Found) -> list[Any]:
    added = [one for one in found.events if one.kind == "message_added"]
    return [one for one in added if one.carried_from is None]
