"""What the workspace's page reads: its JSON, and the messages of its stream.

This module is the one description of both. The page's own description is
`tests/scripts/types/wire.d.ts`; a test holds it to this one. Moments are UTC.

A stream (`GET /workspace/stream`) sends the messages of `MESSAGES`, each under its name as the
event's name and with one of these models as JSON. `id` is the id of the last event that was looked
at, wherever the position moves; what does not move it (`beat`, presence) has none. `as_of` says how
new a row is: the id of the newest event when it was read. An older row never replaces a newer one.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from api.schemas.consumers import ConsumerDetail
from api.schemas.conversations import ConversationOut
from api.schemas.notices import NoticesMessage, PresenceMessage
from api.schemas.people import AgentOut
from api.schemas.shared import Answer
from api.schemas.views import ReadingOut
from domain.conversation.kinds import DeadlineKind, Status
from domain.writing.drafts import Surface
from web.marks import LabelName, ReasonName, SkillEnd
from web.own import Own
from web.streams import BeatMessage, ReloadMessage
from web.transcripts.wire import Entries, Rating


class Wait(Answer):
    """A wait in the queue. `order`: the queue is sorted by it, then by `since`, then by id."""

    since: datetime
    order: datetime
    because: str | None
    """Why nobody has it yet."""


class Row(ConversationOut):
    """A conversation as one reader sees it in a list."""

    as_of: int
    rating: Rating | None
    wait: Wait | None
    """While it waits in the queue."""


class RightsOut(Answer):
    """What the reader may do; `refusal` says why they cannot reply."""

    may_reply: bool
    may_note: bool
    may_handle: bool
    may_return: bool
    may_pick: bool
    may_join: bool
    may_leave: bool
    may_take_over: bool
    may_opt_out: bool
    may_resume: bool
    may_snooze: bool
    may_set_closing_reason: bool
    may_block: bool
    refusal: str | None


class UpcomingOut(Answer):
    """A deadline as a sentence with gaps: `{when}` for `at`, `{since}` for `since`."""

    kind: DeadlineKind
    at: datetime
    since: datetime | None
    sentence: str


class ScheduledOut(Answer):
    """A scheduled text. `held_because`: why it waits longer than its author chose."""

    id: str
    text: str
    at: datetime
    unless_answered: bool
    is_own: bool
    """The reader wrote it."""
    agent_name: str | None
    """Who else did."""
    may_cancel: bool
    held_because: str | None


class BeganOut(Answer):
    """How a conversation began. `follows`: the conversation that it continues."""

    words: str
    reason: str
    reference: str
    note: str
    link: str
    follows: str | None


class Language(Answer):
    """A language by its code, such as `pt-BR`."""

    code: str
    name: str


class LanguageOut(Language):
    """A conversation's language, who set it, and what an agent may choose."""

    source: str
    choices: list[Language]


class PastLabel(Answer):
    """A label, retired or not. `colour`: its name, such as `teal`."""

    id: str
    name: str
    colour: str


class Past(Answer):
    """Another conversation of the consumer, in short. `number`: of theirs, if it is another one."""

    id: UUID
    status: Status
    opened_at: datetime
    number: str | None
    line: str
    skill: str | None
    agent: str | None
    closing_reason: str | None
    labels: list[PastLabel]
    rating: Rating | None
    last_text: str | None


class EarlierPage(Answer):
    """The consumer's other conversations, newest first. `next`: the cursor of more."""

    items: list[Past]
    next: str | None


class FollowedUp(Answer):
    """An answer to a question after the rating, in words."""

    question: str
    answer: str


class Opened(Answer):
    """An open conversation: all that its page shows besides its row and its transcript."""

    conversation_id: UUID
    as_of: int
    row: Row
    consumer: ConsumerDetail
    rights: RightsOut
    began: BeganOut | None
    upcoming: list[UpcomingOut]
    scheduled: list[ScheduledOut]
    language: LanguageOut
    followed_up: list[FollowedUp]
    earlier: EarlierPage
    may_send_pictures: bool
    smart_encoding: bool
    """Of its line: how the segments of a reply are counted."""


class Counts(Answer):
    """The reader's own conversations, the unanswered ones of them, those that wait, and the
    reader's own that are snoozed and not among the others.
    """

    mine: int
    unanswered: int
    waiting: int
    snoozed: int


class Listing(Answer):
    """A part of a list. `next`: the cursor of the next part."""

    view: Literal["mine", "snoozed", "waiting", "done", "mentions", "all"]
    as_of: int
    now: datetime
    conversations: list[Row]
    counts: Counts
    next: str | None


class LineName(Answer):
    """A line on which a conversation can begin."""

    id: str
    name: str
    address: str
    smart_encoding: bool


class Boot(Answer):
    """What the page needs before it shows anything. Names by id, retired ones included."""

    account: str
    time_zone: str
    now: datetime
    as_of: int
    own: Own
    counts: Counts
    offers: list[Row]
    """Conversations offered to the reader, the first to lapse first."""
    people: Mapping[str, str]
    colleagues: list[str]
    """The ids of those who are not retired: a note may mention them."""
    skills: Mapping[str, str]
    skill_ends: Mapping[str, SkillEnd]
    labels: Mapping[str, LabelName]
    closing_reasons: Mapping[str, ReasonName]
    lines: list[LineName]
    line_names: Mapping[str, str]
    supervises: bool
    administers: bool


class ConversationMessage(Answer):
    """A conversation changed. `opened`: only to a page that has it open, as is `upcoming`, which
    comes alone when nothing else of what is open has changed but its texts.
    """

    conversation: Row
    opened: Opened | None = None
    upcoming: list[UpcomingOut] | None = None


class GoneMessage(Answer):
    """The reader may not see a conversation any more."""

    conversation_id: UUID


class NoticeMessage(Answer):
    """Something the reader is told. `rated`: a consumer rated them."""

    kind: Literal["rated"]
    conversation_id: UUID
    consumer: str
    rating: Rating
    comment: str | None


class DraftMessage(Answer):
    """A draft of the reader has another revision. Only the pages of who wrote it are told."""

    conversation_id: UUID
    surface: Surface
    revision: int


class PeopleMessage(Answer):
    """An agent's state changed. Only to pages that show people."""

    agent: AgentOut


MESSAGES: Mapping[str, type[Answer]] = {
    "conversation": ConversationMessage,
    "entries": Entries,
    "gone": GoneMessage,
    "own": Own,
    "counts": Counts,
    "people": PeopleMessage,
    "notice": NoticeMessage,
    "draft": DraftMessage,
    "notices": NoticesMessage,
    "presence": PresenceMessage,
    "reading": ReadingOut,
    "reload": ReloadMessage,
    "beat": BeatMessage,
}
"""The messages of the stream by name."""
