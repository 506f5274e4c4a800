"""A caller who gives a conversation a command.

A command answers once the conversation's journal holds it, so that callers can read what they have
just done. Two errors say that there was no answer: `Unavailable` (it was not done) and
`MayStillBeDone`, which names the key to ask with.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from database.queries import conversations
from database.queries.conversations import CommandResult
from domain.conversation.kinds import Status
from domain.errors import ConversationClosed, Invalid
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.text.limits import check_outgoing
from services import bounding
from services.backends import Backends
from services.caller import Caller
from services.cards import check_no_card
from services.once import Key, Once, command_key
from services.threads import thread_with
from workflows.conversation.commands import AnswerAsBot, Command, Reply, ScheduleText, SendAgain
from workflows.conversation.messages import Actor, CommandDone

Checked = Callable[[], Awaitable[Command]]
"""Refuses what the conversation itself cannot check, and returns the command to give."""

ADDED = {"key", "actor", "conversation_id", "row_sequence"}
"""Fields of a command that are not part of the request."""


@dataclass(frozen=True)
class CommandContext:
    """Who gives a conversation a command, and under which key."""

    caller: Caller
    backends: Backends
    conversation_id: UUID
    key: Key

    @property
    def command_key(self) -> str:
        return command_key(self.caller, self.key.value)

    @property
    def actor(self) -> Actor:
        """Return who acts. Raises `NobodyActs`: only people write and act on conversations."""
        self.caller.require(Role.agent)
        return self.caller.actor

    async def give(self, command: Command) -> CommandResult:
        """Give the command once and return what it did."""

        async def checked() -> Command:
            return command

        return await self.give_checked(command, checked)

    async def give_checked(self, command: Command, check: Checked) -> CommandResult:
        """Give a command after a check, unless it was done already."""

        async def act() -> CommandResult:
            return await self.send(await check())

        return await self.once(command, act)

    async def once(
        self, command: Command, act: Callable[[], Awaitable[CommandResult]]
    ) -> CommandResult:
        """Do what a command says in some way, unless it was done already."""
        self.caller.require_scope(TokenScope.conversations_write)
        await check_no_card(self.caller, self.backends.sessions, *_words_in(command))

        async def unless_done() -> CommandResult:
            return await self._find() or await act()

        fields = command.model_dump_json(exclude=ADDED)
        what = f"{command.update} {self.conversation_id} {fields}"
        return await Once(self.caller, self.backends, self.key, what).do(
            unless_done, look=self._find
        )

    async def check_visible(self) -> None:
        """Raise `NotFound` for a conversation that the caller may not see."""
        async with self.backends.sessions.begin() as session:
            await conversations.find(session, self.caller.viewer, self.conversation_id)

    async def send(self, command: Command) -> CommandResult:
        """Have the conversation carry out a command. Raises what refuses it."""
        async with self.backends.sessions.begin() as session:
            shown = await conversations.find(session, self.caller.viewer, self.conversation_id)
        row = shown.conversation
        if row.status == Status.closed:
            raise ConversationClosed
        if texts := _texts_in(command):
            await bounding.count(self.caller, self.backends.sessions, row.line_id, texts)
        thread = thread_with(shown.consumer, row.line_id, row.skill_id)
        done = await self.backends.conversations.command(
            thread, str(row.id), command, row_sequence=row.sequence
        )
        return done_of(done)

    async def _find(self) -> CommandResult | None:
        # Only this caller can have the key. They may learn what they did even if they can no longer
        # see the conversation.
        async with self.backends.sessions.begin() as session:
            return await conversations.done_by(session, self.conversation_id, self.command_key)


def _texts_in(command: Command) -> int:
    """Return how many texts to the consumer a command asks for."""
    if isinstance(command, AnswerAsBot):
        return len(command.answer.texts)
    return int(isinstance(command, Reply | ScheduleText | SendAgain))


def _words_in(command: Command) -> list[str]:
    """Return what somebody wrote: a text, or a note."""
    return [str(getattr(command, name, None) or "") for name in ("text", "note", "reason")]


def done_of(done: CommandDone) -> CommandResult:
    """Return what a conversation says it did."""
    return CommandResult(UUID(done.conversation_id), done.message_id)


def check_text(text: str, *, has_files: bool = False) -> None:
    """Raise `MessageEmpty`, `MessageTooLong` or `Invalid` for an unfit text or note."""
    if "\0" in text:
        raise Invalid("A text may not contain the character NUL.")
    check_outgoing(text, has_files=has_files)


def checked_note(note: str | None) -> str | None:
    """Return the note of a transfer, None when it is blank. Raises `MessageTooLong`."""
    if note is None or not note.strip():
        return None
    check_text(note)
    return note
