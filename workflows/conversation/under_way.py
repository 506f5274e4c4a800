"""The current conversation: decisions are journalled first, and texts are sent only after that.

All decisions are made on `core`. `commit` journals them, puts texts into the outbox, answers
commands, and then asks for what follows: an agent at once, and the language of the text.
"""

from collections import deque

from temporalio import workflow
from temporalio.exceptions import FailureError

from activities.contract import ChoiceRequest, RecordedState, TextToRecognise
from domain.conversation.bot_state import BotQuestion
from domain.conversation.conversation import Conversation
from domain.conversation.effects import MessageWritten
from domain.conversation.settings_refresh import LanguageChange
from domain.language_settings import LanguageSource
from workflows import search_attributes
from workflows.conversation import activities, describing
from workflows.conversation.inputs import chosen
from workflows.conversation.journalling import AlreadyDecided, JournalledStep, Journalling
from workflows.conversation.mailbox import Mailbox
from workflows.conversation.messages import ConversationSnapshot, ConversationStart


class CurrentConversation:
    """The core of the current conversation with its mailbox, journal and outbox."""

    def __init__(self, start: ConversationStart, snapshot: ConversationSnapshot) -> None:
        self._start = start
        self.mailbox = Mailbox(snapshot.mailbox, snapshot.seen, snapshot.answered)
        self.outbox = deque(snapshot.outbox)
        self.journal = Journalling(start, self.mailbox, snapshot.policy)
        self.awaits_choice = False
        """Whether texts wait, because an agent is being chosen or announced by the next step."""
        self.question: BotQuestion | None = None
        """The turn that a bot is to be asked about, once its step is journalled."""
        self.core: Conversation | None = None
        if snapshot.conversation and snapshot.policy:
            self.core = Conversation(snapshot.conversation, snapshot.policy)
            self.question = self.core.bots.question

    # Journalling a step

    async def commit(self, *, but_last: bool = False) -> None:
        """Journal what the core decided, and switch to the recognised language if it changed.

        `but_last`: the latest entry taken is not part of it. Raises `AlreadyDecided`,
        `ConsumerGone`.
        """
        # Entries may join the mailbox at each await here; the core changes only in this task.
        written = await self._journal_step()
        self.mailbox.settle(but_last=but_last)
        language = await self._follow(written) if written else None
        if language:
            # The step is journalled and answered. Entries that came since wait behind this one.
            await self._switch_language(language)
            await self._journal_step()

    async def commit_before(self) -> None:
        """Journal what was decided before the latest entry, which is decided afterwards."""
        # Further entries wait; the latest one stays at hand.
        await self.commit(but_last=True)

    async def _journal_step(self) -> JournalledStep | None:
        """Journal what the core decided and queue its texts. None: it decided nothing."""
        core = self.core
        if core is None:
            return None
        # Another worker may decide the same step meanwhile. The first one journalled is the step.
        written = await self.journal.write(core)
        if written is None:
            return None
        # Set before texts are queued, so that the agent's announcement is sent together with them.
        self.awaits_choice = self.awaits_choice or written.step.begins_wait
        self.question = core.bots.question
        cause = next(iter(written.step.causes), None)
        self.journal.cause = cause if written.step.begins_wait else None
        self.outbox.extend(
            effect.queued.model_copy(update={"cause": cause})
            for effect in written.step.effects
            if isinstance(effect, MessageWritten) and effect.is_to_send
        )
        if not written.step.begins_wait:
            self._describe(core)
        return written

    async def _follow(self, written: JournalledStep) -> str | None:
        """Ask for what follows from a journalled step. Returns a language to switch to.

        Nothing is lost if this is cut off: the router chooses an agent later, and the consumer's
        next text shows the language.
        """
        if written.step.begins_wait:
            # Entries that come meanwhile, even a text or a close, are taken before the choice. It
            # names the ticket of this wait and is ignored for another one.
            await self._choose(written)
        text = written.step.consumer_text
        if text is None:
            return None
        state = written.step.conversation
        # The core does not change meanwhile; entries wait in the mailbox.
        return await activities.recognise(
            TextToRecognise(
                account_id=state.account_id,
                consumer_id=state.consumer_id,
                text=text,
                language=state.language,
            )
        )

    async def _choose(self, written: JournalledStep) -> None:
        state = written.step.conversation
        request = ChoiceRequest(account_id=state.account_id, conversation_id=state.id)
        # As said where this is awaited: entries of the mailbox come before the choice.
        choice = await activities.choose(request)
        self.awaits_choice = choice is not None
        if choice:  # taken next, in this task, which then updates the search attributes
            self.mailbox.put(chosen(state.id, choice))
        if self.core:
            self._describe(self.core, is_searched=choice is None)

    async def _switch_language(self, language: str) -> None:
        """Switch the core to the language that was recognised in the consumer's text."""
        core = self.core
        if core is None or not core.is_open or language == core.state.language:
            return
        try:
            # Entries may come meanwhile and wait: only this task decides.
            policy = await activities.load_policy(self._start, core.policy.skill_id, language)
        except FailureError:  # the skill was removed
            return
        core.caused_by(f"language/{language}")
        change = LanguageChange(language, LanguageSource.recognised, policy)
        core.settings.language_recognised(change, workflow.now())

    # When the database has recorded something else

    async def look(self, *, for_unsent: bool = False) -> None:
        """Compare with what the database has recorded, and write there what it lost.

        Raises `AlreadyDecided` where the database holds more than this workflow knows;
        `for_unsent`: also where texts wait to be sent that it may not know of.
        """
        # The row may change after it was read: the next journalled step then adopts it.
        recorded, core = await self.journal.look(self.core), self.core
        if core is None:
            if recorded.conversation:
                raise AlreadyDecided(recorded)
        elif recorded.closes(core.state):
            raise AlreadyDecided(recorded)
        elif recorded.position < core.position:
            is_same = recorded.conversation and recorded.conversation.id == core.state.id
            # Another worker may mend it first: its decision is then adopted.
            await self.journal.mend(core, recorded.position[1] if is_same else 0)
        else:
            is_known = recorded.position == core.position and not (
                recorded.texts or recorded.commands
            )
            if not is_known or (for_unsent and recorded.unsent):
                raise AlreadyDecided(recorded)

    def adopt(self, recorded: RecordedState) -> None:
        """Continue from the decision that the database has recorded, whichever worker made it."""
        self.journal.cause = None
        self.awaits_choice = False  # a choice that waited in the mailbox is not put back
        core = self.journal.adopted(recorded)
        waiting = {text.message_id for text in self.outbox}
        self.outbox.extend(text for text in recorded.unsent if text.message_id not in waiting)
        if core:
            self.core = core
            self.question = core.bots.question
            self._describe(core)

    def give_up(self) -> None:
        """Give up the conversation, because the database no longer knows its consumer."""
        workflow.logger.error("consumer_unknown_to_database")
        self.core = self.question = None
        self.outbox.clear()
        self.mailbox.dismiss()

    def _describe(self, core: Conversation, *, is_searched: bool = True) -> None:
        if is_searched:
            search_attributes.follow(core.state)
        workflow.set_current_details(describing.details(core))
