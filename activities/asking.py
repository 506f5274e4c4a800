"""The activity that asks a bot about one turn of a conversation."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from temporalio import activity

from activities.contract import ASK_BOT, BotAsked, BotTurn
from database.engine import Sessions
from database.queries import accounts, bots
from database.queries.bots import Surroundings
from database.tables import Bot, BotRecord
from domain.bots.answers import BotAnswer, BotFailure
from domain.bots.health import BotHealth
from domain.bots.kinds import BotMode, BotProblem
from outgoing.bots import ENTRIES_BEFORE, NEW_ENTRIES, BotAsker, Turn, told

MARGIN = timedelta(milliseconds=300)
"""How much earlier than the turn a post ends, so that its answer still comes in time. Ours."""
BEAT = 1.0
"""Seconds between heartbeats: Temporal tries elsewhere when they stop (`workflows`)."""
GONE = BotAsked(failure=BotFailure(problem=BotProblem.gone, why="The bot was deleted."))
PAUSED = BotAsked(
    failure=BotFailure(
        problem=BotProblem.paused,
        why="The bot failed several times in a row and is not asked for now.",
    )
)


@dataclass(frozen=True)
class AskingBots:
    """The activity that asks bots."""

    sessions: Sessions
    asker: BotAsker

    @activity.defn(name=ASK_BOT)
    async def ask(self, turn: BotTurn) -> BotAsked:
        """Ask a bot. A bot that follows the stream is only looked up: it answers by the API."""
        async with _beating():
            return await self._asked(turn)

    async def _asked(self, turn: BotTurn) -> BotAsked:
        question, now = turn.question, await self.sessions.clock.now()
        async with self.sessions() as session:
            found = await bots.find(session, question.bot_id)
            if found is None:
                return GONE
            bot, record = found
            if _is_paused(record, now):
                return PAUSED
            if bot.mode == BotMode.stream:
                return BotAsked()
            account = await accounts.find(session, bot.account_id)
            conversation_id = UUID(question.conversation_id)
            around = await bots.surroundings(session, conversation_id)
            entries = await bots.entries(
                session,
                conversation_id,
                after=question.told,
                up_to=question.up_to,
                limit=NEW_ENTRIES,
            )
            before = await bots.entries(
                session, conversation_id, after=0, up_to=question.told, limit=ENTRIES_BEFORE
            )
        asking = Turn(
            id=f"{question.conversation_id}-{question.turn}",
            number=question.turn,
            ends_at=question.late_at - MARGIN,
            seconds=bot.deadline_seconds,
            new=[told(one) for one in entries],
            before=[told(one) for one in before],
            masks_cards=account.masks_cards,
        )
        return await self._post(bot, asking, around)

    async def _post(self, bot: Bot, turn: Turn, around: Surroundings | None) -> BotAsked:
        asked = await self.asker.ask(bot, turn, around, await self.sessions.clock.now())
        if isinstance(asked.read, BotAnswer):
            return BotAsked(answer=asked.read)
        return BotAsked(failure=asked.read)


def _is_paused(record: BotRecord | None, now: datetime) -> bool:
    health = BotHealth(record.failures, record.paused_until) if record else BotHealth()
    return health.is_paused(now)


@asynccontextmanager
async def _beating() -> AsyncIterator[None]:
    """Send heartbeats as long as the activity runs."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(BEAT)

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
