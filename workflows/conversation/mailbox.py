"""The mailbox of a conversation: what arrived, in order, until the step that takes it stands.

An entry that was taken stays at hand until the step it belongs to is journalled. Where somebody
else's decision of the step stands in the database, what that one has not taken goes back.
"""

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from domain.conversation.inputs import ReceivedText
from domain.errors import ConversationClosed, DomainError
from workflows.conversation.messages import (
    AgentAssigned,
    AgentLeft,
    AgentOffered,
    Answered,
    Command,
    CommandDone,
    LookAgain,
    Signal,
)

SEEN_KEPT = 200
"""Texts remembered against being signalled twice. The sweeper repeats within minutes."""
ANSWERS_KEPT = 100
"""Answers remembered against a command being sent again after a roll-over."""


@dataclass
class PendingCommand:
    """A command in the mailbox, and what became of it. Settled after the journal entry."""

    command: Command
    answer: CommandDone | None = None
    refusal: DomainError | None = None
    is_settled: bool = False
    has_looked: bool = False
    """The database was asked what stands there, because the caller had seen more of it."""


Entry = Signal | PendingCommand

REPEATED_SIGNALS = (LookAgain, AgentAssigned, AgentOffered, AgentLeft)
"""What need not go back: it has looked, or it is told again for as long as its row says so."""


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
        """Append what was signalled, unless it is a text that came before.

        One that is handed over `again`, because it stands in no transcript, may have come before.
        """
        if isinstance(signal, ReceivedText):
            known = self.held_texts if signal.again else self._seen
            if signal.message_id in known:
                return
            self._seen.append(signal.message_id)
        self._entries.append(signal)

    def put_command(self, command: Command) -> PendingCommand:
        """Append a command, or return the one that already waits under its key."""
        for entry in (*self._taken, *self._entries):
            if isinstance(entry, PendingCommand) and entry.command.key == command.key:
                return entry
        pending = PendingCommand(command)
        self._entries.append(pending)
        return pending

    def take(self) -> Entry:
        """Take the oldest entry into the step under way."""
        self._taken.append(self._entries.popleft())
        return self._taken[-1]

    def settle(self, *, but_last: bool = False) -> None:
        """Answer and forget what the step took: it stands. `but_last`: save what came last."""
        kept = self._taken[-1:] if but_last else []
        settled = self._taken[: len(self._taken) - len(kept)]
        self._taken = kept
        for entry in settled:
            if isinstance(entry, PendingCommand):
                self._answer(entry)

    def put_back(self, texts: Collection[str], commands: Mapping[str, CommandDone]) -> None:
        """Put back what was taken, save the texts and commands that stand in the database.

        Such commands are answered with what they did there.
        """
        held = [*self._taken, *self._entries]
        self._taken = []
        left = (one for one in held if not self._is_done(one, texts, commands))
        self._entries = deque(_asked(one) for one in left)

    def dismiss(self) -> None:
        """Refuse and forget everything: there is no conversation it could be for."""
        for entry in (*self._taken, *self._entries):
            if isinstance(entry, PendingCommand):
                entry.refusal = ConversationClosed()
                entry.is_settled = True
        self._taken = []
        self._entries.clear()

    def answer_to(self, key: str) -> CommandDone | None:
        """Return the answer a command got, if it was done before."""
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
        """Return the ids of texts whose step does not stand yet."""
        held = (*self._taken, *self._entries)
        return [one.message_id for one in held if isinstance(one, ReceivedText)]

    @property
    def held_commands(self) -> list[str]:
        """Return the keys of commands whose step does not stand yet."""
        held = (*self._taken, *self._entries)
        return [one.command.key for one in held if isinstance(one, PendingCommand)]

    @property
    def waiting(self) -> list[Signal]:
        """Return what a roll-over carries along; commands are always worked off before."""
        return [entry for entry in self._entries if not isinstance(entry, PendingCommand)]

    @property
    def seen(self) -> list[str]:
        return list(self._seen)

    @property
    def answered(self) -> list[Answered]:
        return list(self._answers)


def _asked(entry: Entry) -> Entry:
    """Return what goes back as it is once the database was asked about it."""
    if isinstance(entry, ReceivedText) and entry.again:
        return replace(entry, again=False)
    return entry
