"""What every command has: who gives it, under which key, and how it is refused and carried out."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.conversation.conversation import Conversation
from domain.conversation.inputs import Person
from domain.policy.policy import Policy
from workflows.conversation.messages import Actor, WorkflowMessage


@dataclass(frozen=True)
class NeededSettings:
    """The skill whose settings a command needs. `language`: None: the consumer's."""

    skill_id: str
    language: str | None = None


class AgentCommand(WorkflowMessage):
    """Fields of every command of an agent or manager. Its docstring describes the update.

    `key`: 1 to 80 characters; a command sent again with the same key is carried out once.
    """

    update: ClassVar[str]
    """Name of the update that takes it."""

    key: str
    actor: Actor
    conversation_id: str | None = None
    """The conversation it is for; the workflow may hold the next one by now."""
    row_sequence: int = 0
    """The last step in the conversation's row when the command was given. A workflow that knows
    fewer steps, after a reset or a restored server, reads the database first.
    """

    @property
    def person(self) -> Person:
        """Return who gives it."""
        return self.actor.person


class CommandWhenOpen(AgentCommand):
    """A command for a conversation that is open."""

    @abstractmethod
    def check(self, core: Conversation, now: datetime) -> None:
        """Raise the error that refuses it, and change nothing. The update's validator calls it."""

    @abstractmethod
    def apply(self, core: Conversation, now: datetime, policy: Policy) -> str | None:
        """Carry it out. Returns the id of the message that it wrote, if any.

        `policy`: made of the needed settings; if it needs none, the conversation's own.
        """

    def needed_settings(self, core: Conversation) -> NeededSettings | None:
        """Return the settings that `apply` needs besides the conversation's own."""
        return None
