"""Asks bots, beside the conversation's loop: each turn once, and what came of it into the mailbox.

Conversations of earlier versions ask nothing: their policies name no bot.
"""

import asyncio
from collections.abc import Callable

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.contract import BotAsked
from domain.bots.answers import BotFailure
from domain.bots.kinds import BotProblem
from domain.conversation.bot_state import BotQuestion
from workflows.conversation import activities
from workflows.conversation.messages import BotAnswered
from workflows.conversation.under_way import CurrentConversation

NO_ANSWER = BotFailure(problem=BotProblem.late, why="The bot could not be asked in time.")


class BotAsking:
    """Asks the bot of the current conversation. `must_wait`: something else comes first."""

    def __init__(self, current: CurrentConversation, must_wait: Callable[[], bool]) -> None:
        self._current = current
        self._must_wait = must_wait
        self._asked: BotQuestion | None = None
        """The turn that was asked last in this run."""

    @property
    def is_due(self) -> bool:
        """Say whether a turn is to be asked now."""
        question = self._current.question
        return question is not None and question != self._asked

    async def run(self) -> None:
        """Ask about one turn after the other, until cancelled."""
        while True:
            # Steps meanwhile may begin a turn, or end it.
            await workflow.wait_condition(lambda: self.is_due and not self._must_wait())
            question = self._asked = self._current.question
            if question:
                # Steps meanwhile may end the turn.
                await self._ask(question)

    async def _ask(self, question: BotQuestion) -> None:
        asking = activities.ask_bot(question)
        # The turn may end meanwhile: at its deadline, by a person who takes over, by a close.
        await workflow.wait_condition(lambda: asking.done() or self._current.question != question)
        if not asking.done():
            asking.add_done_callback(_forget)
            asking.cancel()
            return
        try:
            asked = await asking  # it is done already
        except ActivityError:  # its worker died, or none runs
            asked = BotAsked(failure=NO_ANSWER)
        if asked.answer or asked.failure:
            self._current.mailbox.put(
                BotAnswered(
                    conversation_id=question.conversation_id,
                    turn=question.turn,
                    answer=asked.answer,
                    failure=asked.failure,
                )
            )


def _forget(asking: asyncio.Task[BotAsked]) -> None:
    """Take note of how a cancelled asking ended, so that nothing warns of it."""
    if not asking.cancelled():
        asking.exception()
