"""The conversation under way: what the core decides comes to stand, and only then leaves.

Whoever decides, decides on `core` here; `commit` journals it, hands texts to the outbox, answers
commands, and asks for what follows from the step: an agent at once, and the consumer's language.
"""

from collections import deque

from temporalio import workflow
from temporalio.exceptions import FailureError

from activities.contract import ChoiceRequest, RecordedState, TextToRecognise
from domain.conversation.conversation import Conversation
from domain.conversation.effects import MessageWritten
from domain.conversation.settings_refresh import LanguageChange
from domain.language_settings import LanguageSource
from workflows import search_attributes
from workflows.conversation import activities, describing
from workflows.conversation.inputs import chosen
from workflows.conversation.journalling import AlreadyDecided, Journalling, WrittenStep
from workflows.conversation.mailbox import Mailbox
from workflows.conversation.messages import ConversationSnapshot, ConversationStart


class UnderWay:
    """The core with its mailbox, its journal and its outbox."""

    def __init__(self, start: ConversationStart, snapshot: ConversationSnapshot) -> None:
        self._start = start
        self.mailbox = Mailbox(snapshot.mailbox, snapshot.seen, snapshot.answered)
        self.outbox = deque(snapshot.outbox)
        self.journal = Journalling(start, self.mailbox, snapshot.policy)
        self.awaits_choice = False
        """Who gets it is being asked, or known and said by the next step: texts wait for that."""
        self.core: Conversation | None = None
        if snapshot.conversation and snapshot.policy:
            self.core = Conversation(snapshot.conversation, snapshot.policy)

    # Bringing a step into the database

    async def commit(self, *, but_last: bool = False) -> None:
        """Journal what the core decided, and in which language it goes on.

        `but_last`: the entry in hand is no part of it. Raises `AlreadyDecided`, `ConsumerGone`.
        """
        written = await self._written()
        self.mailbox.settle(but_last=but_last)
        language = await self._follow(written) if written else None
        if language:
            # The step stands and is answered: what came in since waits behind this one.
            await self._go_on_in(language)
            await self._written()

    async def commit_before(self) -> None:
        """Journal what was decided before the entry in hand, which is decided after that."""
        await self.commit(but_last=True)

    async def _written(self) -> WrittenStep | None:
        """Journal what the core decided; only then may it leave. None: it decided nothing."""
        core = self.core
        if core is None:
            return None
        # Another worker may have decided the same step: the first that stands is the step.
        written = await self.journal.write(core)
        if written is None:
            return None
        # Before anything may leave: the agent's coming is said with what was said before it.
        self.awaits_choice = self.awaits_choice or written.step.begins_wait
        self.outbox.extend(
            effect.queued
            for effect in written.step.effects
            if isinstance(effect, MessageWritten) and effect.is_to_send
        )
        if not written.step.begins_wait:
            self._describe(core)
        return written

    async def _follow(self, written: WrittenStep) -> str | None:
        """Ask what follows from a step that stands. Returns a language to go on in.

        Nothing is lost where this is cut off: the router tells who gets it, and the next text of
        the consumer tells the language.
        """
        if written.step.begins_wait:
            # What comes in meanwhile, even a text or a close, is taken before the choice, which
            # is for this wait only: its ticket says so.
            await self._choose(written)
        text = written.step.consumer_text
        if text is None:
            return None
        state = written.step.conversation
        # The core stays as it is: whatever comes in waits in the mailbox.
        return await activities.recognise(
            TextToRecognise(
                account_id=state.account_id,
                consumer_id=state.consumer_id,
                text=text,
                language=state.language,
            )
        )

    async def _choose(self, written: WrittenStep) -> None:
        state = written.step.conversation
        request = ChoiceRequest(account_id=state.account_id, conversation_id=state.id)
        choice = await activities.choose(request)
        self.awaits_choice = choice is not None
        if choice:  # taken next, in this task: what operators search by follows then
            self.mailbox.put(chosen(state.id, choice))
        if self.core:
            self._describe(self.core, follow=choice is None)

    async def _go_on_in(self, language: str) -> None:
        """Let the core go on in the language its consumer turned out to write."""
        core = self.core
        if core is None or not core.is_open or language == core.state.language:
            return
        try:
            # Nothing decides meanwhile: the loop is here.
            policy = await activities.load_policy(self._start, core.policy.skill_id, language)
        except FailureError:  # the skill is gone
            return
        core.caused_by(f"language/{language}")
        change = LanguageChange(language, LanguageSource.recognised, policy)
        core.settings.language_recognised(change, workflow.now())

    # Where the database stands otherwise

    async def look(self, *, for_unsent: bool = False) -> None:
        """Go on from what stands in the database, or write there what it lost.

        Raises `AlreadyDecided` where the database holds more than this workflow knows;
        `for_unsent`: also where texts wait to be sent that it may not know of.
        """
        # The row may move on while it is read: whoever writes next is told so by the journal.
        recorded, core = await self.journal.look(self.core), self.core
        if core is None:
            if recorded.conversation:
                raise AlreadyDecided(recorded)
        elif recorded.closes(core.state):
            raise AlreadyDecided(recorded)
        elif recorded.position < core.position:
            is_same = recorded.conversation and recorded.conversation.id == core.state.id
            await self.journal.mend(core, recorded.position[1] if is_same else 0)
        else:
            is_known = recorded.position == core.position and not (
                recorded.texts or recorded.commands
            )
            if not is_known or (for_unsent and recorded.unsent):
                raise AlreadyDecided(recorded)

    def adopt(self, recorded: RecordedState) -> None:
        """Go on from the decision that stands in the database, whoever made it."""
        core = self.journal.adopted(recorded)
        waiting = {text.message_id for text in self.outbox}
        self.outbox.extend(text for text in recorded.unsent if text.message_id not in waiting)
        if core:
            self.core = core
            self._describe(core)

    def give_up(self) -> None:
        """End: the database knows nobody any more to whom this conversation could belong."""
        workflow.logger.error("consumer_unknown_to_database")
        self.core = None
        self.outbox.clear()
        self.mailbox.dismiss()

    def _describe(self, core: Conversation, *, follow: bool = True) -> None:
        if follow:
            search_attributes.follow(core.state)
        workflow.set_current_details(describing.details(core))
