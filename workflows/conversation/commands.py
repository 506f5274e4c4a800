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
        check=lambda core, it, _: core.check_reply(person(it.actor), it.text),
        apply=lambda core, it, now, _: core.agent_replied(person(it.actor), it.text, it.key, now),
    ),
    AddNote: _row(
        AddNote,
        check=lambda core, it, _: core.check_note(person(it.actor), it.text),
        apply=lambda core, it, now, _: core.note_added(person(it.actor), it.text, it.key, now),
    ),
    TransferToSkill: _row(
        TransferToSkill,
        check=lambda core, it, _: core.transfers.check_to_skill(person(it.actor), it.skill_id),
        apply=lambda core, it, now, policy: core.transfers.transferred_to_skill(
            person(it.actor), policy, it.note, it.key, now
        ),
        needs=lambda _, it: NeededSettings(it.skill_id),
    ),
    TransferToAgent: _row(
        TransferToAgent,
        check=lambda core, it, _: core.transfers.check_to_agent(person(it.actor), it.agent_id),
        apply=lambda core, it, now, _: core.transfers.transferred_to_agent(
            person(it.actor), target(it), it.note, it.key, now
        ),
    ),
    ReturnToQueue: _row(
        ReturnToQueue,
        check=lambda core, it, _: core.check_handle(person(it.actor)),
        apply=lambda core, it, now, _: core.transfers.returned_to_queue(
            person(it.actor), it.note, it.key, now
        ),
    ),
    Close: _row(
        Close,
        check=lambda core, it, _: core.check_handle(person(it.actor)),
        apply=lambda core, it, now, _: core.agent_closed(person(it.actor), it.key, now),
    ),
    AcceptOffer: _row(
        AcceptOffer,
        check=lambda core, it, _: core.queue.check_offer(person(it.actor)),
        apply=lambda core, it, now, _: core.queue.offer_accepted(person(it.actor), it.key, now),
    ),
    DeclineOffer: _row(
        DeclineOffer,
        check=lambda core, it, _: core.queue.check_offer(person(it.actor)),
        apply=lambda core, it, now, _: core.queue.offer_declined(person(it.actor), it.key, now),
    ),
    PickUp: _row(
        PickUp,
        check=lambda core, it, _: core.queue.check_pick(person(it.actor)),
        apply=lambda core, it, now, _: core.queue.picked_up(person(it.actor), it.key, now),
    ),
    SetResponseTime: _row(
        SetResponseTime,
        check=lambda core, it, _: core.check_handle(person(it.actor)),
        apply=lambda core, it, now, _: core.response_time_set(
            person(it.actor), _response_time(it), it.key, now
        ),
    ),
    HoldAutoClose: _row(
        HoldAutoClose,
        check=lambda core, it, _: core.auto_close.check_hold(person(it.actor)),
        apply=lambda core, it, now, _: _hold(core, it, now),
    ),
    ScheduleText: _row(
        ScheduleText,
        check=lambda core, it, now: core.scheduled_texts.check_schedule(
            person(it.actor), it.text, it.at, now
        ),
        apply=lambda core, it, now, _: core.scheduled_texts.text_scheduled(
            person(it.actor), it.text, it.at, it.key, now, unless_answered=it.unless_answered
        ),
    ),
    CancelScheduledText: _row(
        CancelScheduledText,
        check=lambda core, it, _: core.scheduled_texts.check_cancel(person(it.actor), it.text_id),
        apply=lambda core, it, now, _: core.scheduled_texts.text_cancelled(
            person(it.actor), it.text_id, it.key, now
        ),
    ),
    SetLanguage: _row(
        SetLanguage,
        check=lambda core, it, _: core.settings.check_language(person(it.actor)),
        apply=lambda core, it, now, policy: core.settings.language_set(
            person(it.actor), _language_change(it, policy), it.key, now
        ),
        needs=lambda core, it: NeededSettings(core.policy.skill_id, it.language),
    ),
    JoinConversation: _row(
        JoinConversation,
        check=lambda core, it, _: core.managers.check_join(person(it.actor)),
        apply=lambda core, it, now, _: core.managers.manager_joined(person(it.actor), it.key, now),
    ),
    LeaveConversation: _row(
        LeaveConversation,
        check=lambda core, it, _: core.managers.check_leave(person(it.actor)),
        apply=lambda core, it, now, _: core.managers.manager_left(person(it.actor), it.key, now),
    ),
    TakeOver: _row(
        TakeOver,
        check=lambda core, it, _: core.managers.check_take_over(person(it.actor)),
        apply=lambda core, it, now, _: core.managers.manager_took_over(
            person(it.actor), it.key, now
        ),
    ),
}
