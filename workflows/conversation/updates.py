"""The updates of the conversation workflow, one for each command.

A validator refuses what the rules refuse, before anything is written to history. An accepted
command waits in the mailbox with the signals.
"""

from abc import ABC, abstractmethod
from inspect import cleandoc
from typing import get_args

from temporalio import workflow

from workflows.conversation.commands import Command, ConversationCommand, OpenByAgent
from workflows.conversation.messages import CommandDone


class Updates(ABC):
    """The updates of a workflow, which says how a command is refused early and carried out."""

    @abstractmethod
    async def _carry_out(self, command: Command) -> CommandDone:
        """Put a command into the mailbox and wait for its answer or refusal."""

    @abstractmethod
    def _refuse_early(self, command: ConversationCommand) -> None:
        """Raise the error that refuses a command, unless it was carried out before."""

    @workflow.update(description=cleandoc(OpenByAgent.__doc__ or ""))
    async def open_by_agent(self, command: OpenByAgent) -> CommandDone:
        """Open a conversation with the agent's text."""
        # It waits in the mailbox; everything that came before it is taken first.
        return await self._carry_out(command)


def _add(kind: type[ConversationCommand]) -> None:
    """Add the update of a command, with its name, description and validator."""

    async def carry_out(self: Updates, command: ConversationCommand) -> CommandDone:
        # It waits in the mailbox; everything that came before it is taken first.
        return await self._carry_out(command)

    def refuse(self: Updates, command: ConversationCommand) -> None:
        self._refuse_early(command)

    # Temporal reads the type of the payload from the signature.
    carry_out.__annotations__ = {"command": kind, "return": CommandDone}
    refuse.__annotations__ = {"command": kind, "return": None}
    handler = workflow.update(name=kind.update, description=cleandoc(kind.__doc__ or ""))(carry_out)
    handler.validator(refuse)
    setattr(Updates, kind.update, handler)


for _kind in get_args(ConversationCommand):
    _add(_kind)
