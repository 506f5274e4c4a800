"""The commands of agents and managers, each in one place.

A command is a message whose docstring describes its update. `check` calls the rule that refuses it,
`apply` the rule that carries it out. Fields may be added with a default. A field is never renamed
or removed while conversations are open. Nothing here imports Temporal, so services and tests can
use it.
"""

from datetime import datetime, timedelta

from domain.bots.answers import BotAnswer
from domain.conversation.conversation import Conversation
from domain.conversation.effects import MediaRef
from domain.conversation.inputs import Closure, Colleague
from domain.conversation.settings_refresh import LanguageChange
from domain.language_settings import LanguageSource
from domain.origins.kinds import OriginKind
from domain.origins.origin import Origin
from domain.policy.policy import Policy
from workflows.conversation.giving import AgentCommand, CommandWhenOpen, NeededSettings


class OpenByAgent(AgentCommand):
    """Open a conversation with a consumer and send the first text; the actor is its agent."""

    update = "open_by_agent"

    text: str
    skill_id: str
    origin: Origin = Origin(kind=OriginKind.proactive)


class Reply(CommandWhenOpen):
    """Reply to the consumer, as the assigned agent or a manager who has joined."""

    update = "reply"

    text: str
    media: tuple[MediaRef, ...] = ()
    """Pictures that go with it, which were uploaded before."""

    def check(self, core: Conversation, now: datetime) -> None:
        core.check_reply(self.person, self.text, self.media)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> str:
        return core.agent_replied(self.person, self.text, self.key, now, self.media)


class SendAgain(CommandWhenOpen):
    """Send a text again that surely did not leave; whether it did, the caller has checked."""

    update = "send_again"

    message_id: str
    text: str = ""
    media: tuple[MediaRef, ...] = ()

    def check(self, core: Conversation, now: datetime) -> None:
        core.sending_again.check(self.person, self.message_id, self.text, self.media)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> str:
        again = core.sending_again
        return again.sent(self.person, self.message_id, self.text, self.key, now, self.media)


class AddNote(CommandWhenOpen):
    """Write a private note, which only colleagues read."""

    update = "note"

    text: str
    mentions: tuple[str, ...] = ()
    """Ids of the colleagues whom it names."""

    def check(self, core: Conversation, now: datetime) -> None:
        core.notes.check(self.person, self.text)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> str:
        return core.notes.added(self.person, self.text, self.key, now, self.mentions)


class TransferToSkill(CommandWhenOpen):
    """Transfer the conversation to another skill, with an optional private note."""

    update = "transfer_to_skill"

    skill_id: str
    note: str | None = None

    def check(self, core: Conversation, now: datetime) -> None:
        core.transfers.check_to_skill(self.person, self.skill_id)

    def needed_settings(self, core: Conversation) -> NeededSettings:
        return NeededSettings(self.skill_id)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> None:
        core.transfers.transferred_to_skill(self.person, policy, self.note, self.key, now)


class TransferToAgent(CommandWhenOpen):
    """Transfer the conversation to a named agent, with an optional private note."""

    update = "transfer_to_agent"

    agent_id: str
    agent_name: str
    note: str | None = None

    def check(self, core: Conversation, now: datetime) -> None:
        core.transfers.check_to_agent(self.person, self.agent_id)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> None:
        target = Colleague(self.agent_id, self.agent_name)
        core.transfers.transferred_to_agent(self.person, target, self.note, self.key, now)


class ReturnToQueue(CommandWhenOpen):
    """Return the conversation to its skill's queue, with an optional private note."""

    update = "return_to_queue"

    note: str | None = None

    def check(self, core: Conversation, now: datetime) -> None:
        core.check_handle(self.person)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> None:
        core.transfers.returned_to_queue(self.person, self.note, self.key, now)


class Close(CommandWhenOpen):
    """Close the conversation; a survey follows unless a gate or the actor forbids it.

    The caller has checked the closing reason, and whether the skill allows to ask for no rating.
    """

    update = "close"

    closing_reason_id: str | None = None
    closing_reason: str | None = None
    """Its name."""
    asks_rating: bool = True

    def check(self, core: Conversation, now: datetime) -> None:
        core.check_handle(self.person)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> None:
        closure = Closure(self.closing_reason_id, self.closing_reason, self.asks_rating)
        core.agent_closed(self.person, self.key, now, closure)


class AcceptOffer(CommandWhenOpen):
    """Accept the conversation that is offered to the actor."""

    update = "accept_offer"

    def check(self, core: Conversation, now: datetime) -> None:
        core.queue.check_offer(self.person)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> None:
        core.queue.offer_accepted(self.person, self.key, now)


class DeclineOffer(CommandWhenOpen):
    """Decline the conversation that is offered to the actor; the next agent is asked at once."""

    update = "decline_offer"

    def check(self, core: Conversation, now: datetime) -> None:
        core.queue.check_offer(self.person)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> None:
        core.queue.offer_declined(self.person, self.key, now)


class PickUp(CommandWhenOpen):
    """Pick up a waiting conversation by hand. The caller has checked the actor's skills."""

    update = "pick_up"

    def check(self, core: Conversation, now: datetime) -> None:
        core.queue.check_pick(self.person)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> None:
        core.queue.picked_up(self.person, self.key, now)


class Snooze(CommandWhenOpen):
    """Put the conversation away until a time or the consumer's next text; None: until that text."""

    update = "snooze"

    until: datetime | None = None

    def check(self, core: Conversation, now: datetime) -> None:
        core.snoozing.check(self.person, self.until, now)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> None:
        core.snoozing.snoozed(self.person, self.until, self.key, now)


class EndSnooze(CommandWhenOpen):
    """Bring a snoozed conversation back."""

    update = "end_snooze"

    def check(self, core: Conversation, now: datetime) -> None:
        core.snoozing.check_end(self.person)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> None:
        core.snoozing.ended_by_agent(self.person, self.key, now)


class SetResponseTime(CommandWhenOpen):
    """Promise an answer within `seconds` of working time; None: go back to the settings."""

    update = "set_response_time"

    seconds: int | None = None

    def check(self, core: Conversation, now: datetime) -> None:
        core.promises.check(self.person)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> None:
        allowed = None if self.seconds is None else timedelta(seconds=self.seconds)
        core.promises.response_time_set(self.person, allowed, self.key, now)


class HoldAutoClose(CommandWhenOpen):
    """Hold auto-close, so that silence does not close the conversation; not `held`: resume it."""

    update = "hold_auto_close"

    held: bool = True

    def check(self, core: Conversation, now: datetime) -> None:
        core.auto_close.check_hold(self.person)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> None:
        hold = core.auto_close.held if self.held else core.auto_close.resumed
        hold(self.person, self.key, now)


class DismissWish(CommandWhenOpen):
    """Say that what the consumer wrote was no wish to opt out; the flag goes away."""

    update = "dismiss_wish"

    def check(self, core: Conversation, now: datetime) -> None:
        core.consent.check_dismiss(self.person)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> None:
        core.consent.wish_dismissed(self.person, self.key, now)


class ScheduleText(CommandWhenOpen):
    """Schedule a text as the actor's reply. The answer has the id of its message."""

    update = "schedule_text"

    text: str
    at: datetime
    unless_answered: bool = False
    """A text of the consumer cancels it."""

    def check(self, core: Conversation, now: datetime) -> None:
        core.scheduled_texts.check_schedule(self.person, self.text, self.at, now)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> str:
        return core.scheduled_texts.text_scheduled(
            self.person, self.text, self.at, self.key, now, unless_answered=self.unless_answered
        )


class CancelScheduledText(CommandWhenOpen):
    """Cancel a scheduled text."""

    update = "cancel_scheduled_text"

    text_id: str

    def check(self, core: Conversation, now: datetime) -> None:
        core.scheduled_texts.check_cancel(self.person, self.text_id)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> None:
        core.scheduled_texts.text_cancelled(self.person, self.text_id, self.key, now)


class SetLanguage(CommandWhenOpen):
    """Continue in another language, such as `fr`, with the settings in that language."""

    update = "set_language"

    language: str
    source: LanguageSource = LanguageSource.agent

    def check(self, core: Conversation, now: datetime) -> None:
        core.settings.check_language(self.person)

    def needed_settings(self, core: Conversation) -> NeededSettings:
        return NeededSettings(core.policy.skill_id, self.language)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> None:
        change = LanguageChange(self.language, self.source, policy)
        core.settings.language_set(self.person, change, self.key, now)


class JoinConversation(CommandWhenOpen):
    """Join as a manager and write alongside the agent."""

    update = "join"

    def check(self, core: Conversation, now: datetime) -> None:
        core.managers.check_join(self.person)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> None:
        core.managers.manager_joined(self.person, self.key, now)


class LeaveConversation(CommandWhenOpen):
    """Leave as a manager who had joined."""

    update = "leave"

    def check(self, core: Conversation, now: datetime) -> None:
        core.managers.check_leave(self.person)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> None:
        core.managers.manager_left(self.person, self.key, now)


class TakeOver(CommandWhenOpen):
    """Take over, as a manager, a conversation that waits or that another agent holds.

    The reason becomes a private note, which the one who loses it can read.
    """

    update = "take_over"

    reason: str | None = None
    """For its agent so far; kept as a note."""

    def check(self, core: Conversation, now: datetime) -> None:
        core.managers.check_take_over(self.person)

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> None:
        core.managers.manager_took_over(self.person, self.key, now, self.reason)


class AnswerAsBot(CommandWhenOpen):
    """Answer a turn, as the bot that has the conversation and follows the stream."""

    update = "bot_answer"

    answer: BotAnswer

    def check(self, core: Conversation, now: datetime) -> None:
        core.bots.check_answer(self.answer)

    def needed_settings(self, core: Conversation) -> NeededSettings | None:
        skill_id = core.bots.transfer_wanted(self.answer)
        return NeededSettings(skill_id) if skill_id else None

    def apply(self, core: Conversation, now: datetime, policy: Policy) -> None:
        self.check(core, now)
        core.bots.answered(self.answer, now, target=policy, key=self.key)


ConversationCommand = (
    Reply
    | SendAgain
    | AddNote
    | TransferToSkill
    | TransferToAgent
    | ReturnToQueue
    | Close
    | AcceptOffer
    | DeclineOffer
    | PickUp
    | Snooze
    | EndSnooze
    | SetResponseTime
    | HoldAutoClose
    | DismissWish
    | ScheduleText
    | CancelScheduledText
    | SetLanguage
    | JoinConversation
    | LeaveConversation
    | TakeOver
    | AnswerAsBot
)
"""Commands for a conversation that is open."""
Command = ConversationCommand | OpenByAgent
"""All commands. Every `match` over them ends with `assert_never`."""
