"""Writing the transcript: what every rule of a conversation uses to say or record something."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from domain.automatic.kinds import Automatic
from domain.automatic.templates import compose, promises_time
from domain.conversation.effects import Effect, Happened, MediaRef, MessageWritten
from domain.conversation.kinds import Author, EventKind
from domain.conversation.response_clock import promise
from domain.conversation.state import ConversationState
from domain.conversation.transitions import status_after
from domain.delivery.message_status import MessageStatus
from domain.ids import ConversationId, caused_message_id
from domain.policy.policy import Policy
from domain.text.limits import cut_outgoing, preview
from domain.text.segments import segments

MISSING = (
    "Part of this conversation is missing before this note: "
    "the database was restored to an earlier time."
)


class StepContext:
    """State and policy of a conversation, and the effects of the step under way."""

    def __init__(self, state: ConversationState, policy: Policy) -> None:
        self.state = state
        self.policy = policy
        self._effects: list[Effect] = []
        self.last_message_id: str | None = None
        """Of the entry that was written last in this run."""
        self._cause = "opening"
        self._made = 0

    def caused_by(self, cause: str) -> None:
        """Begin with what came in next: messages are named after it, see `domain.ids.caused`."""
        self._cause, self._made = cause, 0

    def take_effects(self) -> list[Effect]:
        """Return what the step asks for, in order, and forget it."""
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
        """Record that something happened, and move the conversation where that says so."""
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
    ) -> str:
        """Add an entry to the transcript and return its id; `queued` ones are also sent."""
        self.state.message_count += 1
        size = segments(text) if status is MessageStatus.queued else None
        message = MessageWritten(
            message_id=message_id or self.next_message_id(),
            position=self.state.message_count,
            author=author,
            text=text,
            written_at=now,
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
        self._add(message)
        return message.message_id

    def _add(self, message: MessageWritten) -> None:
        self.last_message_id = message.message_id
        if message.author is not Author.note:
            self.state.last_message_at = message.written_at
        if message.author in (Author.consumer, Author.agent):
            # What the system says by itself does not hide what a person wrote.
            self.state.last_text = preview(message.text)
        self._effects.append(message)

    def send_automatic(
        self, event: Automatic, now: datetime, *, is_consent_reply: bool = False, **values: str
    ) -> bool:
        """Send the automatic message of an event, if it is on. Says whether it was sent.

        None goes to a consumer who opted out, save the reply to a keyword, and none at all to a
        program. A text that outgrows
        the limit when filled is cut there, and one that is empty then is not sent, nor one that
        names a response time when there is none or it is over: an automatic message must not stop
        a conversation.
        """
        template = self.policy.texts.get(event)
        if not template or self.state.is_program:
            return False
        if self.state.is_opted_out and not is_consent_reply:
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
        """Return a step's effects with a mark before them: what was journalled is gone.

        `stands_at`: the last step the database, restored to an earlier time, still knows; 0: none.
        """
        written = [one for one in effects if isinstance(one, MessageWritten)]
        index = min((one.position for one in written), default=self.state.message_count + 1)
        self.state.message_count += 1
        self.happened(EventKind.history_missing, now, after=stands_at, before=self.state.sequence)
        marked: list[Effect] = [_missing(self.next_message_id(), index, now)]
        marked += self._effects
        self._effects = []
        return marked + [_one_further(one) for one in effects]

    def write_note(
        self, agent_id: str, agent_name: str, text: str, command_key: str | None, now: datetime
    ) -> str:
        """Add what only colleagues read and return its id."""
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
        """Return the id of the next message of ours."""
        self._made += 1
        return caused_message_id(ConversationId(self.state.id), self._cause, self._made)


def _one_further(effect: Effect) -> Effect:
    match effect:
        case Happened():
            return effect
        case MessageWritten():
            return effect.model_copy(update={"position": effect.position + 1})
        case _:
            assert_never(effect)


def _missing(message_id: str, index: int, now: datetime) -> MessageWritten:
    return MessageWritten(
        message_id=message_id,
        position=index,
        author=Author.note,
        text=MISSING,
        written_at=now,
        status=MessageStatus.written,
    )
