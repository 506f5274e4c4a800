"""The mailbox of a conversation: signals and commands in order, until their step is journalled.

An entry that was taken is kept until its step is journalled. If the database has another decision
of the step, the entries which that decision did not take are put back.
"""

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from domain.conversation.inputs import ReceivedText
from domain.errors import ConversationClosed, DomainError
from workflows.conversation.commands import Command
from workflows.conversation.messages import (
    AgentAssigned,
    AgentLeft,
    AgentOffered,
    Answered,
    CommandDone,
    LookAgain,
    Signal,
)

SEEN_KEPT = 200
"""Ids of texts kept so that a text signalled twice counts once. Ours: the sweeper repeats a signal
within minutes, in which no consumer writes so many.
"""
ANSWERS_KEPT = 100
"""Answers kept for commands that are sent again after a roll-over. Ours: clients repeat a command
for minutes, in which no conversation gets so many.
"""


@dataclass
class PendingCommand:
    """A command in the mailbox with its answer or refusal, settled after its step is journalled."""

    command: Command
    answer: CommandDone | None = None
    refusal: DomainError | None = None
    is_settled: bool = False
    has_looked: bool = False
    """Whether the workflow has looked in the database because the caller had seen more."""


Entry = Signal | PendingCommand

REPEATED_SIGNALS = (LookAgain, AgentAssigned, AgentOffered, AgentLeft)
"""Signals that are not put back: their sender repeats them as long as the row needs it."""


class Mailbox:
    """Signals and commands in order of arrival; each text and each command once."""

    def __init__(self, waiting: list[Signal], seen: list[str], answered: list[Answered]) -> None:
        self._entries: deque[Entry] = deque(waiting)
        self._taken: list[Entry] = []
        self._seen = deque(seen, maxlen=SEEN_KEPT)
        self._answers = deque(answered, maxlen=ANSWERS_KEPT)

    def __bool__(self) -> bool:
        return bool(self._entries)

    def put(self, signal: Signal) -> None:
        """Append a signal, unless it is a text that came before.

        A text that is handed over `again`, because no transcript has it, may have come before.
        """
        if isinstance(signal, ReceivedText):
            known = self.held_texts if signal.again else self._seen
            if signal.message_id in known:
                return
            self._seen.append(signal.message_id)
        self._entries.append(signal)

    def put_command(self, command: Command) -> PendingCommand:
        """Append a command, or return the pending one with the same key."""
        for entry in (*self._taken, *self._entries):
            if isinstance(entry, PendingCommand) and entry.command.key == command.key:
                return entry
        pending = PendingCommand(command)
        self._entries.append(pending)
        return pending

    def take(self) -> Entry:
        """Take the oldest entry into the current step."""
        self._taken.append(self._entries.popleft())
        return self._taken[-1]

    def settle(self, *, but_last: bool = False) -> None:
        """Settle the entries of a journalled step. `but_last`: keep the latest entry."""
        kept = self._taken[-1:] if but_last else []
        settled = self._taken[: len(self._taken) - len(kept)]
        self._taken = kept
        for entry in settled:
            if isinstance(entry, PendingCommand):
                self._answer(entry)

    def put_back(self, texts: Collection[str], commands: Mapping[str, CommandDone]) -> None:
        """Put back the entries taken, except the texts and commands that the database has.

        Commands that the database has are answered with what they did there.
        """
        held = [*self._taken, *self._entries]
        self._taken = []
        left = (entry for entry in held if not self._is_done(entry, texts, commands))
        self._entries = deque(_looked_up(entry) for entry in left)

    def dismiss(self) -> None:
        """Refuse all commands and empty the mailbox: there is no conversation for them."""
        for entry in (*self._taken, *self._entries):
            if isinstance(entry, PendingCommand):
                entry.refusal = ConversationClosed()
                entry.is_settled = True
        self._taken = []
        self._entries.clear()

    def answer_to(self, key: str) -> CommandDone | None:
        """Return the answer of a command that was carried out before, if any."""
        return next((known.answer for known in self._answers if known.key == key), None)

    def _is_done(
        self, entry: Entry, texts: Collection[str], commands: Mapping[str, CommandDone]
    ) -> bool:
        if isinstance(entry, ReceivedText):
            return entry.message_id in texts
        if not isinstance(entry, PendingCommand):
            return isinstance(entry, REPEATED_SIGNALS)
        entry.answer, entry.refusal = commands.get(entry.command.key), None
        if entry.answer is None:
            return False
        self._answer(entry)
        return True

    def _answer(self, pending: PendingCommand) -> None:
        if pending.answer:
            self._answers.append(Answered(key=pending.command.key, answer=pending.answer))
        pending.is_settled = True

    @property
    def held_texts(self) -> list[str]:
        """Return the ids of texts whose step is not journalled yet."""
        held = (*self._taken, *self._entries)
        return [entry.message_id for entry in held if isinstance(entry, ReceivedText)]

    @property
    def held_commands(self) -> list[str]:
        """Return the keys of commands whose step is not journalled yet."""
        held = (*self._taken, *self._entries)
        return [entry.command.key for entry in held if isinstance(entry, PendingCommand)]

    @property
    def waiting(self) -> list[Signal]:
        """Return the signals a roll-over carries along; no command waits at a roll-over."""
        return [entry for entry in self._entries if not isinstance(entry, PendingCommand)]

    @property
    def seen(self) -> list[str]:
        return list(self._seen)

    @property
    def answered(self) -> list[Answered]:
        return list(self._answers)


def _looked_up(entry: Entry) -> Entry:
    """Return an entry as it is put back, after the database was read."""
    if isinstance(entry, ReceivedText) and entry.again:
        return replace(entry, again=False)
    return entry
