"""How a workflow's steps come to stand: decided here, journalled once, adopted where they stand.

A step whose workflow task is lost after its journal entry is decided again, maybe from more input.
The first decision that reached the database is the step: whoever decides it again takes that one.
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
    """The database holds another decision of the step under way, or of later ones."""

    def __init__(self, recorded: RecordedState) -> None:
        super().__init__("decided before")
        self.recorded = recorded


class ConsumerGone(Exception):
    """The database, restored to an earlier time, does not know whom the conversation is with."""


@dataclass(frozen=True)
class WrittenStep:
    """A step that stands, whole."""

    step: Step


class Journalling:
    """The journal as the workflow's loop sees it."""

    def __init__(self, start: ConversationStart, mailbox: Mailbox, policy: Policy | None) -> None:
        self._start = start
        self._mailbox = mailbox
        self._policy = policy
        """As journalled last: it is written again only where it changes."""

    def held(self, core: Conversation | None) -> ThreadInHand:
        """Return what this workflow has in hand."""
        return ThreadInHand(
            line_id=self._start.line_id,
            consumer_id=self._start.consumer_id,
            number=core.state.number if core else 0,
            sequence=core.state.sequence if core else 0,
            texts=tuple(self._mailbox.held_texts),
            commands=tuple(self._mailbox.held_commands),
        )

    async def write(self, core: Conversation) -> WrittenStep | None:
        """Journal what the core decided; None when it decided nothing.

        Raises `AlreadyDecided` where the step stands otherwise, and `ConsumerGone`.
        """
        effects = core.take_effects()
        if not effects:
            return None
        core.state.sequence += 1
        step = self._step(core, effects)
        # Texts, commands and deadlines may come in meanwhile: they wait in the mailbox.
        done = await self._journalled(step, core)
        if done.outcome is JournalOutcome.behind:
            return await self._write_whole(core, effects, done.stands_at)
        return WrittenStep(step)

    async def mend(self, core: Conversation, stands_at: int) -> WrittenStep:
        """Write the conversation whole into a database that was restored to an earlier time.

        Raises as `write` does.
        """
        effects = core.take_effects()
        core.state.sequence += 1
        return await self._write_whole(core, effects, stands_at)

    async def look(self, core: Conversation | None) -> RecordedState:
        """Ask what stands in the database. Raises `ConsumerGone`."""
        # What stands may change right after: a step that is written then is refused or adopted.
        recorded = await activities.look(self.held(core))
        if not recorded.is_consumer_known:
            raise ConsumerGone
        return recorded

    def adopted(self, recorded: RecordedState) -> Conversation | None:
        """Take the decision that stands, and go on with what it has not taken."""
        commands = {
            one.key: CommandDone(conversation_id=one.conversation_id, message_id=one.message_id)
            for one in recorded.commands
        }
        self._mailbox.put_back(recorded.texts, commands)
        if recorded.conversation is None or recorded.policy is None:
            return None
        self._policy = recorded.policy
        return Conversation(recorded.conversation, recorded.policy)

    async def _write_whole(
        self, core: Conversation, effects: Effects, stands_at: int
    ) -> WrittenStep:
        core.caused_by(f"missing/{core.state.sequence}")
        step = self._step(core, core.missing_marked(effects, stands_at, workflow.now()), mends=True)
        # As at any step; and a workflow of yesterday may write here first: then it is adopted.
        await self._journalled(step, core)
        return WrittenStep(step)

    def _step(self, core: Conversation, effects: Effects, *, mends: bool = False) -> Step:
        is_known = core.policy is self._policy and not mends
        return Step(
            workflow_id=workflow.info().workflow_id,
            conversation=core.state,
            policy=None if is_known else core.policy,
            effects=list(effects),
            held=self.held(core),
            mends=mends,
        )

    async def _journalled(self, step: Step, core: Conversation) -> Journalled:
        """Journal a step. Raises `AlreadyDecided` where it stands otherwise, and `ConsumerGone`."""
        done = await activities.journal(step)
        if done.outcome is JournalOutcome.consumer_unknown:
            raise ConsumerGone
        if done.outcome is JournalOutcome.decided and done.recorded:
            raise AlreadyDecided(done.recorded)
        self._policy = core.policy
        return done
