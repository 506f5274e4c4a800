"""The commands of agents and managers: updates of the conversation workflow.

A validator refuses what the rules refuse before anything is written to history; the command then
waits in the mailbox like everything else.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable

from temporalio import workflow

from domain.conversation.conversation import Conversation
from workflows.conversation.inputs import person
from workflows.conversation.messages import (
    AcceptOffer,
    AddNote,
    CancelScheduledText,
    Close,
    Command,
    CommandDone,
    DeclineOffer,
    HoldAutoClose,
    JoinConversation,
    LeaveConversation,
    OpenByAgent,
    PickUp,
    Reply,
    ReturnToQueue,
    ScheduleText,
    SetLanguage,
    SetResponseTime,
    TakeOver,
    TransferToAgent,
    TransferToSkill,
)


class Commands(ABC):
    """The updates; the workflow says how one is checked and carried out."""

    @abstractmethod
    async def _carry_out(self, command: Command) -> CommandDone:
        """Put a command into the mailbox and wait for what became of it."""

    @abstractmethod
    def _refuse_early(self, command: Command, check: Callable[[Conversation], None]) -> None:
        """Raise what `check` raises, unless the command was carried out before."""

    @workflow.update
    async def reply(self, command: Reply) -> CommandDone:
        return await self._carry_out(command)

    @reply.validator
    def check_reply(self, command: Reply) -> None:
        self._refuse_early(
            command, lambda core: core.check_reply(person(command.actor), command.text)
        )

    @workflow.update
    async def note(self, command: AddNote) -> CommandDone:
        return await self._carry_out(command)

    @note.validator
    def check_note(self, command: AddNote) -> None:
        self._refuse_early(
            command, lambda core: core.check_note(person(command.actor), command.text)
        )

    @workflow.update
    async def transfer_to_skill(self, command: TransferToSkill) -> CommandDone:
        return await self._carry_out(command)

    @transfer_to_skill.validator
    def check_transfer_to_skill(self, command: TransferToSkill) -> None:
        self._refuse_early(
            command,
            lambda core: core.transfers.check_to_skill(person(command.actor), command.skill_id),
        )

    @workflow.update
    async def transfer_to_agent(self, command: TransferToAgent) -> CommandDone:
        return await self._carry_out(command)

    @transfer_to_agent.validator
    def check_transfer_to_agent(self, command: TransferToAgent) -> None:
        self._refuse_early(
            command,
            lambda core: core.transfers.check_to_agent(person(command.actor), command.agent_id),
        )

    @workflow.update
    async def return_to_queue(self, command: ReturnToQueue) -> CommandDone:
        return await self._carry_out(command)

    @return_to_queue.validator
    def check_return_to_queue(self, command: ReturnToQueue) -> None:
        self._refuse_early(command, lambda core: core.check_handle(person(command.actor)))

    @workflow.update
    async def close(self, command: Close) -> CommandDone:
        return await self._carry_out(command)

    @close.validator
    def check_close(self, command: Close) -> None:
        self._refuse_early(command, lambda core: core.check_handle(person(command.actor)))

    @workflow.update
    async def open_by_agent(self, command: OpenByAgent) -> CommandDone:
        return await self._carry_out(command)

    @workflow.update
    async def accept_offer(self, command: AcceptOffer) -> CommandDone:
        return await self._carry_out(command)

    @accept_offer.validator
    def check_accept_offer(self, command: AcceptOffer) -> None:
        self._refuse_early(command, lambda core: core.queue.check_offer(person(command.actor)))

    @workflow.update
    async def decline_offer(self, command: DeclineOffer) -> CommandDone:
        return await self._carry_out(command)

    @decline_offer.validator
    def check_decline_offer(self, command: DeclineOffer) -> None:
        self._refuse_early(command, lambda core: core.queue.check_offer(person(command.actor)))

    @workflow.update
    async def pick_up(self, command: PickUp) -> CommandDone:
        return await self._carry_out(command)

    @pick_up.validator
    def check_pick_up(self, command: PickUp) -> None:
        self._refuse_early(command, lambda core: core.queue.check_pick(person(command.actor)))

    @workflow.update
    async def set_response_time(self, command: SetResponseTime) -> CommandDone:
        return await self._carry_out(command)

    @set_response_time.validator
    def check_set_response_time(self, command: SetResponseTime) -> None:
        self._refuse_early(command, lambda core: core.check_handle(person(command.actor)))

    @workflow.update
    async def hold_auto_close(self, command: HoldAutoClose) -> CommandDone:
        return await self._carry_out(command)

    @hold_auto_close.validator
    def check_hold_auto_close(self, command: HoldAutoClose) -> None:
        self._refuse_early(command, lambda core: core.auto_close.check_hold(person(command.actor)))

    @workflow.update
    async def schedule_text(self, command: ScheduleText) -> CommandDone:
        return await self._carry_out(command)

    @schedule_text.validator
    def check_schedule_text(self, command: ScheduleText) -> None:
        who, text, at = person(command.actor), command.text, command.at
        self._refuse_early(
            command, lambda core: core.later.check_schedule(who, text, at, workflow.now())
        )

    @workflow.update
    async def cancel_scheduled_text(self, command: CancelScheduledText) -> CommandDone:
        return await self._carry_out(command)

    @cancel_scheduled_text.validator
    def check_cancel_scheduled_text(self, command: CancelScheduledText) -> None:
        self._refuse_early(
            command, lambda core: core.later.check_cancel(person(command.actor), command.text_id)
        )

    @workflow.update
    async def set_language(self, command: SetLanguage) -> CommandDone:
        return await self._carry_out(command)

    @set_language.validator
    def check_set_language(self, command: SetLanguage) -> None:
        self._refuse_early(
            command, lambda core: core.settings.check_language(person(command.actor))
        )

    @workflow.update
    async def join(self, command: JoinConversation) -> CommandDone:
        return await self._carry_out(command)

    @join.validator
    def check_join(self, command: JoinConversation) -> None:
        self._refuse_early(command, lambda core: core.managers.check_join(person(command.actor)))

    @workflow.update
    async def leave(self, command: LeaveConversation) -> CommandDone:
        return await self._carry_out(command)

    @leave.validator
    def check_leave(self, command: LeaveConversation) -> None:
        self._refuse_early(command, lambda core: core.managers.check_leave(person(command.actor)))

    @workflow.update
    async def take_over(self, command: TakeOver) -> CommandDone:
        return await self._carry_out(command)

    @take_over.validator
    def check_take_over(self, command: TakeOver) -> None:
        self._refuse_early(
            command, lambda core: core.managers.check_take_over(person(command.actor))
        )
