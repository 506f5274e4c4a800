"""Consumers who text and agents who reply, and the answers they got."""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import uuid4

import httpx2

from torture.whole import LINE_NUMBER, Whole

NEW_SHARE = 0.03
"""The fraction of texts that come from a new consumer."""
CLOSE_SHARE = 0.02
"""The fraction of agents' commands that close the conversation."""
PATIENCE_SECONDS = 240
"""Seconds for which an agent repeats an unanswered command."""
AGAIN_SECONDS = 0.5
FIRST_CONSUMERS = 30


@dataclass
class ConsumerText:
    """A consumer's text. `is_taken`: the brand accepted it from the carrier."""

    words: str
    is_taken: bool = False


@dataclass
class AgentReply:
    """An agent's reply, which the API carried out or refused; neither if it never answered."""

    words: str
    is_done: bool = False
    is_refused: bool = False


@dataclass
class Consumer:
    """A phone with its texts and replies. It does one thing after the other."""

    number: str
    texts: list[ConsumerText] = field(default_factory=list)
    replies: list[AgentReply] = field(default_factory=list)
    texting: asyncio.Lock = field(default_factory=asyncio.Lock)
    answering: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass
class ConsumerLoad:
    """Sends texts and replies at a rate per second, for random consumers."""

    whole: Whole
    random: Random
    consumers: list[Consumer] = field(default_factory=list)
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def go_on(self, until: float, texts: float, replies: float) -> None:
        """Text and reply up to `until` (`time.monotonic`), and wait for all answers."""
        while len(self.consumers) < FIRST_CONSUMERS:
            self._somebody_new()
        await asyncio.gather(
            self._often(until, texts, self._text), self._often(until, replies, self._answer)
        )
        await asyncio.gather(*self._under_way)

    async def _often(self, until: float, a_second: float, act: Any) -> None:
        while time.monotonic() < until:
            self._begin(act())
            await asyncio.sleep(self.random.expovariate(a_second))

    def _begin(self, act: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(act)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def _somebody_new(self) -> Consumer:
        self.consumers.append(Consumer(f"+1555017{len(self.consumers) + 2:04d}"))
        return self.consumers[-1]

    async def _text(self) -> None:
        is_new = self.random.random() < NEW_SHARE
        consumer = self._somebody_new() if is_new else self.random.choice(self.consumers)
        async with consumer.texting:
            text = ConsumerText(f"Text {len(consumer.texts) + 1}: where is my parcel?")
            consumer.texts.append(text)
            url = f"{self.whole.carrier_url}/phones/{consumer.number}/texts"
            new = {"to": LINE_NUMBER, "body": text.words}
            answer = await self.whole.http.post(url, json=new, timeout=90)
            text.is_taken = bool(answer.raise_for_status().json()["was_accepted"])

    async def _answer(self) -> None:
        consumer = self.random.choice(self.consumers)
        is_close = self.random.random() < CLOSE_SHARE
        if consumer.answering.locked():
            return
        async with consumer.answering:
            held = await self._held(consumer)
            if held is None:
                return
            conversation_id, agent = held
            path = f"/conversations/{conversation_id}"
            if is_close:
                await self._insist(agent, f"{path}/close", None)
                return
            reply = AgentReply(f"Reply {len(consumer.replies) + 1}: it is on its way.")
            consumer.replies.append(reply)
            status = await self._insist(agent, f"{path}/replies", {"text": reply.words})
            reply.is_done = 200 <= status < 300
            reply.is_refused = 400 <= status < 500

    async def _held(self, consumer: Consumer) -> tuple[str, str] | None:
        """Return the consumer's conversation and its agent."""
        path = f"/conversations?number=%2B{consumer.number[1:]}"
        try:
            answer = await self.whole.ask("mia", "GET", path)
        except httpx2.HTTPError:
            return None
        items = answer.json()["items"] if answer.is_success else []
        if not items or items[0]["status"] != "assigned":
            return None
        return items[0]["id"], items[0]["agent_id"]

    async def _insist(self, agent: str, path: str, body: object) -> int:
        """Repeat a command with the same key until it is answered; return its last status or 0."""
        key, status = uuid4().hex, 0
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                status = (await self.whole.ask(agent, "POST", path, body, key)).status_code
            except httpx2.HTTPError:
                status = 0
            if 200 <= status < 500 and status != 429:
                break
            await asyncio.sleep(AGAIN_SECONDS)
        return status
