"""The step under way: its state and policy, and how rules write messages and record events."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from domain.automatic.kinds import Automatic
from domain.automatic.templates import compose, promises_time
from domain.conversation.bot_state import BotState
from domain.conversation.effects import Effect, Happened, MediaRef, MessageWritten
from domain.conversation.kinds import Author, EventKind
from domain.conversation.response_clock import promise
from domain.conversation.state import ConversationState, InvitationText
from domain.conversation.transitions import status_after
from domain.delivery.message_status import MessageStatus
from domain.ids import ConversationId, caused_message_id
from domain.policy.policy import Policy
from domain.text.limits import cut_outgoing, preview
from domain.text.segments import Segments, segments

MISSING = (
    "Part of this conversation is missing before this note: "
    "the database was restored to an earlier time."
)


class StepContext:
    """Holds state and policy of a conversation, and collects the effects of the current step."""

    def __init__(self, state: ConversationState, policy: Policy) -> None:
        self.state = state
        self.policy = policy
        self._effects: list[Effect] = []
        self.last_message_id: str | None = None
        """Id of the entry written last in this run."""
        self._cause = "opening"
        self._made = 0
        self.prompted_at: datetime | None = None
        """When the input came that is being handled, however long it took to get to it: the
        consumer's text, the deadline, or what a wait began with. None: it comes now.
        """

    def caused_by(self, cause: str) -> None:
        """Name the input now being handled; ids of new messages derive from it (`domain.ids`)."""
        self._cause, self._made, self.prompted_at = cause, 0, None

    def take_effects(self) -> list[Effect]:
        """Return the effects collected so far, in order, and start a new list."""
        effects, self._effects = self._effects, []
        return effects

    def happened(
        self,
        kind: EventKind,
        now: datetime,
        *,
        agent_id: str | None = None,
        command_key: str | None = None,
        **data: str | int | bool | None,
    ) -> None:
        """Record an event, and change the status if the event's transition says so."""
        self.state.status = status_after(self.state.status, kind)
        self._effects.append(
            Happened(kind=kind, at=now, agent_id=agent_id, command_key=command_key, data=data)
        )

    def write(
        self,
        author: Author,
        text: str,
        now: datetime,
        *,
        status: MessageStatus,
        message_id: str | None = None,
        agent_id: str | None = None,
        agent_name: str | None = None,
        automatic: Automatic | None = None,
        is_consent_reply: bool = False,
        is_truncated: bool = False,
        media: tuple[MediaRef, ...] = (),
        command_key: str | None = None,
        carried_from: str | None = None,
        sent_at: datetime | None = None,
    ) -> str:
        """Add an entry to the transcript and return its id. A `queued` entry is also sent."""
        size = self._counted(text) if status is MessageStatus.queued else None
        message = MessageWritten(
            message_id=message_id or self.next_message_id(),
            position=self._next_position(),
            author=author,
            text=text,
            written_at=now,
            sent_at=sent_at,
            status=status,
            agent_id=agent_id,
            agent_name=agent_name,
            automatic=automatic,
            is_consent_reply=is_consent_reply,
            is_truncated=is_truncated,
            segments=size.count if size else 0,
            encoding=size.encoding if size else None,
            media=media,
            command_key=command_key,
            carried_from=carried_from,
        )
        return self._add(message)

    def was_due(self, due_at: datetime | None) -> None:
        """Say of the answer that was written last by when it was due."""
        last = self._effects.pop()
        self._effects.append(last.model_copy(update={"due_at": due_at}))

    def repeats(self, message_id: str) -> None:
        """Say of the text that was written last whose words it sends again."""
        last = self._effects.pop()
        self._effects.append(last.model_copy(update={"sends_again": message_id}))

    def show_invitation(self, invitation: InvitationText) -> None:
        """Begin the transcript with the text that the consumer answers. It is not sent again."""
        self.state.last_sent_at = invitation.left_at
        self._add(
            MessageWritten(
                message_id=invitation.message_id,
                position=self._next_position(),
                author=Author.system,
                text=invitation.text,
                written_at=invitation.written_at,
                status=invitation.status,
                is_invitation=True,
            )
        )

    def write_as_bot(self, author: Author, text: str, now: datetime, bot: BotState) -> str:
        """Add a bot's text, which is also sent, or its note. Returns the id."""
        size = self._counted(text) if author is Author.bot else None
        message = MessageWritten(
            message_id=self.next_message_id(),
            position=self._next_position(),
            author=author,
            text=text,
            written_at=now,
            status=MessageStatus.queued if size else MessageStatus.written,
            bot_id=bot.id,
            bot_name=bot.name,
            segments=size.count if size else 0,
            encoding=size.encoding if size else None,
        )
        return self._add(message)

    def _next_position(self) -> int:
        self.state.message_count += 1
        return self.state.message_count

    def _counted(self, text: str) -> Segments:
        return segments(text, smart=self.policy.smart_encoding)

    def _add(self, message: MessageWritten) -> str:
        self.last_message_id = message.message_id
        if message.is_to_send:
            message = message.model_copy(update={"prompted_at": self.prompted_at})
            self.state.last_sent_at = message.written_at
        if message.author is not Author.note:
            self.state.last_message_at = message.written_at
        if message.author in (Author.consumer, Author.agent):
            # Lists show what a person wrote last, not an automatic message after it.
            self.state.last_text = preview(message.text) or _files_named(message.media)
        self._effects.append(message)
        return message.message_id

    def send_automatic(
        self, event: Automatic, now: datetime, *, is_consent_reply: bool = False, **values: str
    ) -> bool:
        """Send the automatic message of an event if it is on. Returns whether it was sent.

        A consumer who opted out, or whose phone answers by itself, gets only the reply to a
        keyword. A program and a blocked consumer get nothing. An automatic message must not stop a
        conversation: one that is too long when filled is cut at the limit, one that is empty when
        filled is not sent, and neither is one that names a response time when none is set or it is
        over.
        """
        template = self.policy.texts.get(event)
        if not template or self.state.is_program or self.state.is_blocked:
            return False
        is_unwanted = self.state.is_opted_out or self.state.answers_by_itself
        if is_unwanted and not is_consent_reply:
            return False
        language = self.policy.text_languages.get(event, self.policy.language)
        promised = promise(self.state, self.policy, now, language)
        if promised is None and promises_time(template):
            return False
        known = {"brand": self.policy.brand, "skill": self.state.skill_name or ""}
        known |= {"agent": self.state.agent_name or "", "response_time": str(promised or "")}
        text = compose(template, known | values, self.policy.prefix)
        if not text:
            return False
        self.write(
            Author.system,
            cut_outgoing(text),
            now,
            status=MessageStatus.queued,
            automatic=event,
            is_consent_reply=is_consent_reply,
        )
        return True

    def missing_marked(
        self, effects: Sequence[Effect], stands_at: int, now: datetime
    ) -> list[Effect]:
        """Return a step's effects behind a note that says what the restored database has lost.

        `stands_at`: number of the last step that the database still has; 0: none.
        """
        positions = [effect.position for effect in effects if isinstance(effect, MessageWritten)]
        first = min(positions, default=self.state.message_count + 1)
        self.state.message_count += 1
        self.happened(EventKind.history_missing, now, after=stands_at, before=self.state.sequence)
        marked: list[Effect] = [_missing(self.next_message_id(), first, now)]
        marked += self._effects
        self._effects = []
        return marked + [_one_further(effect) for effect in effects]

    def write_note(
        self, agent_id: str, agent_name: str, text: str, command_key: str | None, now: datetime
    ) -> str:
        """Add a note, which only colleagues read, and return its id."""
        return self.write(
            Author.note,
            text,
            now,
            status=MessageStatus.written,
            agent_id=agent_id,
            agent_name=agent_name,
            command_key=command_key,
        )

    def next_message_id(self) -> str:
        """Return the id of the next message this step writes."""
        self._made += 1
        return caused_message_id(ConversationId(self.state.id), self._cause, self._made)


def _files_named(media: Sequence[MediaRef]) -> str:
    """Return what lists show of a message that has files and no words."""
    if not media:
        return ""
    is_picture = all(one.content_type.startswith("image/") for one in media)
    return "Picture" if is_picture else "File"


def _one_further(effect: Effect) -> Effect:
    match effect:
        case Happened():
            return effect
        case MessageWritten():
            return effect.model_copy(update={"position": effect.position + 1})
        case _:
            assert_never(effect)


def _missing(message_id: str, position: int, now: datetime) -> MessageWritten:
    return MessageWritten(
        message_id=message_id,
        position=position,
        author=Author.note,
        text=MISSING,
        written_at=now,
        status=MessageStatus.written,
    )
