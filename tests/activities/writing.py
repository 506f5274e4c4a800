"""Plays conversations and journals their steps, as the workflow does."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import func, select
from temporalio.testing import ActivityEnvironment

from activities.contract import (
    Journalled,
    LoadedOpening,
    OpeningRequest,
    RecordedState,
    Step,
    ThreadInHand,
)
from activities.journal import Journal
from database.engine import Sessions
from database.tables import Event, Message, QueueEntry
from domain.conversation.conversation import Conversation as Core
from domain.conversation.effects import Effect, MessageWritten
from domain.conversation.inputs import Identity, Person, ReceivedText, begin
from domain.conversation.state import ConsumerFacts
from temporal.conversations import Thread

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Writer:
    """Plays a conversation and journals its steps as the workflow does."""

    def __init__(self, journal: Journal, thread: Thread, core: Core) -> None:
        self.journal = journal
        self.thread = thread
        self.core = core
        self.policy_is_known = False

    def step(self, *, mends: bool = False) -> Step:
        effects = self.core.take_effects()
        self.core.state.sequence += 1
        state = self.core.state.model_copy(deep=True)
        return Step(
            workflow_id=self.thread.workflow_id,
            conversation=state,
            policy=self.core.policy if state.sequence == 1 or mends else None,
            effects=effects,
            held=self.holding(effects),
            mends=mends,
        )

    def holding(self, effects: Sequence[Effect] = ()) -> ThreadInHand:
        texts = [one.message_id for one in effects if isinstance(one, MessageWritten)]
        return ThreadInHand(
            line_id=self.thread.line_id,
            consumer_id=self.thread.consumer_id,
            number=self.core.state.number,
            sequence=self.core.state.sequence,
            texts=tuple(texts),
            commands=tuple({one.command_key for one in effects if one.command_key}),
        )

    async def write(self, step: Step) -> Journalled:
        return await ActivityEnvironment().run(self.journal.journal, step)

    async def stands(self) -> RecordedState:
        return await ActivityEnvironment().run(self.journal.look, self.holding())

    def as_it_was(self) -> "Writer":
        """Return the same conversation as another worker has it that decides the step again."""
        state = self.core.state.model_copy(deep=True)
        return Writer(self.journal, self.thread, Core(state, self.core.policy))

    def texted(self, text: str) -> str:
        message_id = str(uuid4())
        self.core.caused_by(message_id)
        self.core.consumer_texted(ReceivedText(message_id, text, received_at=NOW), NOW)
        return message_id

    async def assigned(self, person: Person) -> None:
        self.core.caused_by("assigned")
        self.core.queue.agent_assigned(self.core.state.ticket, person.agent_id, person.name, NOW)
        await self.write(self.step())

    def replied(self, person: Person, text: str, key: str) -> str:
        self.core.caused_by(key)
        return self.core.agent_replied(person, text, key, NOW)


def nothing_held(thread: Thread) -> ThreadInHand:
    return ThreadInHand(line_id=thread.line_id, consumer_id=thread.consumer_id)


async def opening_of(journal: Journal, thread: Thread, **request: object) -> LoadedOpening:
    asked = OpeningRequest.model_validate(
        {"account_id": thread.account_id, "held": nothing_held(thread), **request}
    )
    return await ActivityEnvironment().run(journal.load_opening, asked)


async def opened(journal: Journal, thread: Thread) -> Writer:
    """Return a conversation whose first text was taken and not journalled yet."""
    terms = (await opening_of(journal, thread)).terms
    assert terms is not None
    ids = (thread.account_id, thread.line_id, thread.consumer_id)
    identity = Identity(str(uuid4()), *ids, number=terms.number)
    state = begin(identity, terms.policy, terms.consumer, "consumer", NOW)
    core = Core(state, terms.policy)
    core.opened_by_consumer(
        ReceivedText(str(uuid4()), "hello", received_at=NOW), ConsumerFacts(), NOW
    )
    return Writer(journal, thread, core)


async def count(sessions: Sessions, table: type[Event | Message | QueueEntry]) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def said(sessions: Sessions, author: str) -> list[str]:
    async with sessions() as session:
        query = select(Message.text).where(Message.author == author).order_by(Message.position)
        return list(await session.scalars(query))
