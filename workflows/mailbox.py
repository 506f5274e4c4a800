"""The mailbox of a conversation: what arrived and was not yet worked off, in order."""

from collections import deque
from dataclasses import dataclass

from domain.errors import DomainError
from workflows.messages import Answered, Command, CommandDone, ConsumerTexted, Signal

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


class Mailbox:
    """Signals and commands in order of arrival; each text and each command once."""

    def __init__(self, waiting: list[Signal], seen: list[str], answered: list[Answered]) -> None:
        self._entries: deque[Signal | PendingCommand] = deque(waiting)
        self._seen = deque(seen, maxlen=SEEN_KEPT)
        self._answers = deque(answered, maxlen=ANSWERS_KEPT)

    def __bool__(self) -> bool:
        return bool(self._entries)

    def put(self, signal: Signal) -> None:
        """Append what was signalled, unless it is a text that came before."""
        if isinstance(signal, ConsumerTexted):
            if signal.message_id in self._seen:
                return
            self._seen.append(signal.message_id)
        self._entries.append(signal)

    def put_command(self, command: Command) -> PendingCommand:
        """Append a command, or return the one that already waits under its key."""
        for entry in self._entries:
            if isinstance(entry, PendingCommand) and entry.command.key == command.key:
                return entry
        pending = PendingCommand(command)
        self._entries.append(pending)
        return pending

    def take(self) -> Signal | PendingCommand:
        """Remove and return the oldest entry."""
        return self._entries.popleft()

    def answer_to(self, key: str) -> CommandDone | None:
        """Return the answer a command got, if it was done before."""
        return next((known.answer for known in self._answers if known.key == key), None)

    def remember(self, key: str, answer: CommandDone) -> None:
        """Keep an answer for the command that is sent again."""
        self._answers.append(Answered(key=key, answer=answer))

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
