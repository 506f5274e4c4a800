"""Journals a workflow's steps, or adopts another decision of a step that the database has.

A step whose workflow task is lost after its journal entry is decided again, maybe with more input.
The first decision that reaches the database is the step, and a later one adopts it (ADR 0006).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from temporalio import workflow

from activities.contract import Journalled, JournalOutcome, RecordedState, Step, ThreadInHand
from domain.conversation.conversation import Conversation
from domain.conversation.effects import Effect
from domain.policy.policy import Policy
from workflows.conversation import activities
from workflows.conversation.mailbox import Mailbox
from workflows.conversation.messages import CommandDone, ConversationStart

Effects = Sequence[Effect]


class AlreadyDecided(Exception):
    """The database holds another decision of the current step, or later steps."""

    def __init__(self, recorded: RecordedState) -> None:
        super().__init__("decided before")
        self.recorded = recorded


class ConsumerGone(Exception):
    """The database was restored to an earlier time and does not know the consumer."""


@dataclass(frozen=True)
class JournalledStep:
    """A step that was written to the database."""

    step: Step


class Journalling:
    """Writes steps of one thread and reads what the database has recorded of it."""

    def __init__(self, start: ConversationStart, mailbox: Mailbox, policy: Policy | None) -> None:
        self._start = start
        self._mailbox = mailbox
        self._policy = policy
        """The policy journalled last; it is written again only when it changes."""
        self.cause: str | None = None
        """The consumer's text that the wait began with for which an agent is being chosen."""

    def held(self, core: Conversation | None) -> ThreadInHand:
        """Return the position of this workflow, and the texts and commands not yet journalled."""
        return ThreadInHand(
            line_id=self._start.line_id,
            consumer_id=self._start.consumer_id,
            number=core.state.number if core else 0,
            sequence=core.state.sequence if core else 0,
            texts=tuple(self._mailbox.held_texts),
            commands=tuple(self._mailbox.held_commands),
        )

    async def write(self, core: Conversation) -> JournalledStep | None:
        """Journal what the core decided. None: it decided nothing.

        Raises `AlreadyDecided` if the database has another decision, and `ConsumerGone`.
        """
        effects = core.take_effects()
        if not effects:
            return None
        core.state.sequence += 1
        step = self._step(core, effects)
        # Texts, commands and deadlines may come meanwhile. They wait; this step keeps its input.
        done = await self._journalled(step, core)
        if done.outcome is JournalOutcome.behind:
            return await self._write_whole(core, effects, done.stands_at)
        return JournalledStep(step)

    async def mend(self, core: Conversation, stands_at: int) -> JournalledStep:
        """Write the whole conversation into a database that was restored to an earlier time.

        Raises `AlreadyDecided` and `ConsumerGone`, as `write` does.
        """
        effects = core.take_effects()
        core.state.sequence += 1
        return await self._write_whole(core, effects, stands_at)

    async def look(self, core: Conversation | None) -> RecordedState:
        """Read what the database has recorded of the thread. Raises `ConsumerGone`."""
        # The record may change right after: the next step is then refused and adopts it.
        recorded = await activities.look(self.held(core))
        if not recorded.is_consumer_known:
            raise ConsumerGone
        return recorded

    def adopted(self, recorded: RecordedState) -> Conversation | None:
        """Return the recorded conversation, and put back the entries that it did not take."""
        commands = {
            command.key: CommandDone(
                conversation_id=command.conversation_id, message_id=command.message_id
            )
            for command in recorded.commands
        }
        self._mailbox.put_back(recorded.texts, commands)
        if recorded.conversation is None or recorded.policy is None:
            return None
        self._policy = recorded.policy
        return Conversation(recorded.conversation, recorded.policy)

    async def _write_whole(
        self, core: Conversation, effects: Effects, stands_at: int
    ) -> JournalledStep:
        core.caused_by(f"missing/{core.state.sequence}")
        step = self._step(core, core.missing_marked(effects, stands_at, workflow.now()), mends=True)
        # As at any step. A workflow started before the restore may write first: it is adopted.
        await self._journalled(step, core)
        return JournalledStep(step)

    def _step(self, core: Conversation, effects: Effects, *, mends: bool = False) -> Step:
        is_known = core.policy is self._policy and not mends
        return Step(
            workflow_id=workflow.info().workflow_id,
            conversation=core.state,
            policy=None if is_known else core.policy,
            effects=list(effects),
            held=self.held(core),
            mends=mends,
            cause=self.cause,
        )

    async def _journalled(self, step: Step, core: Conversation) -> Journalled:
        """Journal a step. Raises `AlreadyDecided` for another decision, and `ConsumerGone`."""
        # Signals and commands may come meanwhile, and another worker may write the same step first.
        done = await activities.journal(step)
        if done.outcome is JournalOutcome.consumer_unknown:
            raise ConsumerGone
        if done.outcome is JournalOutcome.decided and done.recorded:
            raise AlreadyDecided(done.recorded)
        self._policy = core.policy
        return done
