"""The table of commands: for each, the rule that refuses it and the rule that carries it out.

The messages, with the names and descriptions of their updates, are in
`workflows.conversation.messages`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar, cast

from domain.conversation.conversation import Conversation
from domain.conversation.settings_refresh import LanguageChange
from domain.policy.policy import Policy
from workflows.conversation.inputs import person, target
from workflows.conversation.messages import (
    AcceptOffer,
    AddNote,
    AgentCommand,
    CancelScheduledText,
    Close,
    ConversationCommand,
    DeclineOffer,
    HoldAutoClose,
    JoinConversation,
    LeaveConversation,
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


@dataclass(frozen=True)
class NeededSettings:
    """The skill whose settings a command needs. `language`: None: the consumer's."""

    skill_id: str
    language: str | None = None


CommandT = TypeVar("CommandT", bound=AgentCommand)
Check = Callable[[Conversation, CommandT, datetime], None]
Apply = Callable[[Conversation, CommandT, datetime, Policy], str | None]


@dataclass(frozen=True)
class CommandRow(Generic[CommandT]):
    """How a command is refused and carried out.

    `check`: raises the error that refuses it, and changes nothing; the update's validator calls it
    too. `apply`: carries it out, and returns the id of the message it wrote, if any. `needs`: the
    settings that `apply` gets; without it, `apply` gets the conversation's policy.
    """

    check: Check[CommandT]
    apply: Apply[CommandT]
    needs: Callable[[Conversation, CommandT], NeededSettings] | None = None


def _row(
    command: type[CommandT],  # noqa: ARG001 - says which command the functions are of
    *,
    check: Check[CommandT],
    apply: Apply[CommandT],
    needs: Callable[[Conversation, CommandT], NeededSettings] | None = None,
) -> CommandRow[AgentCommand]:
    """Return a row whose functions are type-checked against its command."""
    return cast(CommandRow[AgentCommand], CommandRow(check, apply, needs))


def _language_change(command: SetLanguage, policy: Policy) -> LanguageChange:
    return LanguageChange(command.language, command.source, policy)


def _response_time(command: SetResponseTime) -> timedelta | None:
    return None if command.seconds is None else timedelta(seconds=command.seconds)


def _hold(core: Conversation, command: HoldAutoClose, now: datetime) -> None:
    hold = core.auto_close.held if command.held else core.auto_close.resumed
    hold(person(command.actor), command.key, now)


COMMANDS: dict[type[ConversationCommand], CommandRow[AgentCommand]] = {
    Reply: _row(
        Reply,
        check=lambda core, command, _: core.check_reply(
            person(command.actor), command.text, command.media
        ),
        apply=lambda core, command, now, _: core.agent_replied(
            person(command.actor), command.text, command.key, now, command.media
        ),
    ),
    AddNote: _row(
        AddNote,
        check=lambda core, command, _: core.check_note(person(command.actor), command.text),
        apply=lambda core, command, now, _: core.note_added(
            person(command.actor), command.text, command.key, now
        ),
    ),
    TransferToSkill: _row(
        TransferToSkill,
        check=lambda core, command, _: core.transfers.check_to_skill(
            person(command.actor), command.skill_id
        ),
        apply=lambda core, command, now, policy: core.transfers.transferred_to_skill(
            person(command.actor), policy, command.note, command.key, now
        ),
        needs=lambda _, command: NeededSettings(command.skill_id),
    ),
    TransferToAgent: _row(
        TransferToAgent,
        check=lambda core, command, _: core.transfers.check_to_agent(
            person(command.actor), command.agent_id
        ),
        apply=lambda core, command, now, _: core.transfers.transferred_to_agent(
            person(command.actor), target(command), command.note, command.key, now
        ),
    ),
    ReturnToQueue: _row(
        ReturnToQueue,
        check=lambda core, command, _: core.check_handle(person(command.actor)),
        apply=lambda core, command, now, _: core.transfers.returned_to_queue(
            person(command.actor), command.note, command.key, now
        ),
    ),
    Close: _row(
        Close,
        check=lambda core, command, _: core.check_handle(person(command.actor)),
        apply=lambda core, command, now, _: core.agent_closed(
            person(command.actor), command.key, now
        ),
    ),
    AcceptOffer: _row(
        AcceptOffer,
        check=lambda core, command, _: core.queue.check_offer(person(command.actor)),
        apply=lambda core, command, now, _: core.queue.offer_accepted(
            person(command.actor), command.key, now
        ),
    ),
    DeclineOffer: _row(
        DeclineOffer,
        check=lambda core, command, _: core.queue.check_offer(person(command.actor)),
        apply=lambda core, command, now, _: core.queue.offer_declined(
            person(command.actor), command.key, now
        ),
    ),
    PickUp: _row(
        PickUp,
        check=lambda core, command, _: core.queue.check_pick(person(command.actor)),
        apply=lambda core, command, now, _: core.queue.picked_up(
            person(command.actor), command.key, now
        ),
    ),
    SetResponseTime: _row(
        SetResponseTime,
        check=lambda core, command, _: core.check_handle(person(command.actor)),
        apply=lambda core, command, now, _: core.response_time_set(
            person(command.actor), _response_time(command), command.key, now
        ),
    ),
    HoldAutoClose: _row(
        HoldAutoClose,
        check=lambda core, command, _: core.auto_close.check_hold(person(command.actor)),
        apply=lambda core, command, now, _: _hold(core, command, now),
    ),
    ScheduleText: _row(
        ScheduleText,
        check=lambda core, command, now: core.scheduled_texts.check_schedule(
            person(command.actor), command.text, command.at, now
        ),
        apply=lambda core, command, now, _: core.scheduled_texts.text_scheduled(
            person(command.actor),
            command.text,
            command.at,
            command.key,
            now,
            unless_answered=command.unless_answered,
        ),
    ),
    CancelScheduledText: _row(
        CancelScheduledText,
        check=lambda core, command, _: core.scheduled_texts.check_cancel(
            person(command.actor), command.text_id
        ),
        apply=lambda core, command, now, _: core.scheduled_texts.text_cancelled(
            person(command.actor), command.text_id, command.key, now
        ),
    ),
    SetLanguage: _row(
        SetLanguage,
        check=lambda core, command, _: core.settings.check_language(person(command.actor)),
        apply=lambda core, command, now, policy: core.settings.language_set(
            person(command.actor), _language_change(command, policy), command.key, now
        ),
        needs=lambda core, command: NeededSettings(core.policy.skill_id, command.language),
    ),
    JoinConversation: _row(
        JoinConversation,
        check=lambda core, command, _: core.managers.check_join(person(command.actor)),
        apply=lambda core, command, now, _: core.managers.manager_joined(
            person(command.actor), command.key, now
        ),
    ),
    LeaveConversation: _row(
        LeaveConversation,
        check=lambda core, command, _: core.managers.check_leave(person(command.actor)),
        apply=lambda core, command, now, _: core.managers.manager_left(
            person(command.actor), command.key, now
        ),
    ),
    TakeOver: _row(
        TakeOver,
        check=lambda core, command, _: core.managers.check_take_over(person(command.actor)),
        apply=lambda core, command, now, _: core.managers.manager_took_over(
            person(command.actor), command.key, now
        ),
    ),
}
