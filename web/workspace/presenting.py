"""What the workspace's pages are told of events: `web.workspace.wire` as messages of a stream.

One presenter serves all pages of all accounts. It loads each changed conversation once, and writes
what several pages get only once.
"""

import time
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.engine import Sessions
from database.queries import stream, work_counts
from database.queries.conversations import ListedConversation
from database.queries.drafts import Changed
from database.queries.stream import Batch, Place
from database.queries.workspace import Names, WorkCounts
from database.tables import Event
from domain.conversation.kinds import EventKind
from domain.delivery.statuses import NOT_DELIVERED
from domain.errors import NotFound
from services.following.concerns import OF_PEOPLE, may_see
from services.following.following import Following
from services.looking import workspace as looking
from services.looking.changed_texts import read_changed as read_texts
from services.looking.conversations import read_changed
from services.looking.transcripts import Entries
from translations.reader import read_by
from web.own import load_own
from web.page_context import PageUser, get_page_user
from web.streams import BeatMessage, Page, reader_of, writer
from web.transcripts.reading import Reader, answer
from web.workspace import wire
from web.workspace.opened import load_opened
from web.workspace.queue_counts import QueueCounts
from web.workspace.rows import rows
from web.workspace.upcoming import scheduled_lines, upcoming

TRANSCRIPT_ONLY = frozenset({EventKind.message_status, EventKind.file_changed})
"""Events that change the transcript and nothing else. A new text does more: it moves deadlines."""
TEXTS_ONLY = TRANSCRIPT_ONLY | {EventKind.message_added}
"""Events that change nothing of what is open but its row, its transcript and its deadlines."""
OF_OWN = OF_PEOPLE | {EventKind.survey_answered}
"""Events after which the reader's own state, capacity or ratings are others."""
NAMES_KEPT_SECONDS = 30.0
"""How long names are kept. One that is not known is looked up at once. Ours."""

Concerned = Mapping[Page, Sequence[Event]]
written = writer(wire.MESSAGES)


def tell_draft(following: Following, presenter: "WorkspacePresenter", payload: str) -> None:
    """Tell a person's pages that a draft of theirs has another revision."""
    draft = Changed.read(payload)
    told = wire.DraftMessage(
        conversation_id=draft.conversation_id, surface=draft.surface, revision=draft.revision
    )
    following.tell(draft.account_id, ("agent", draft.agent_id), presenter, [written(told)])


@dataclass
class _Kept:
    """What is kept of an account between batches, with when it was read (monotonic seconds)."""

    names: Names | None = None
    names_at: float = 0.0


@dataclass(eq=False)
class WorkspacePresenter:
    """Presents events to pages of the workspace."""

    _kept: dict[str, _Kept] = field(default_factory=lambda: defaultdict(_Kept))
    queues: QueueCounts = field(default_factory=QueueCounts)

    async def present(
        self, sessions: Sessions, batch: Batch, concerned: Concerned
    ) -> Mapping[Page, Sequence[bytes]]:
        """Return what each page is told. Raises `NOT_DONE`."""
        async with sessions.begin() as session:
            changes = _Changes(self, sessions.direct, session, batch, concerned)
            return await changes.told()

    async def beat(self, sessions: Sessions, page: Page, queue_version: int) -> Sequence[bytes]:
        """Return the beat, with how much waits for its reader. Raises `NOT_DONE`."""
        waiting = await self.queues.seen(sessions.direct, page.reader, queue_version)
        now = await sessions.clock.now()
        return [written(BeatMessage(now=now, waiting=waiting))]

    async def names(self, session: AsyncSession, user: PageUser, known: set[str | None]) -> Names:
        """Return the account's names, among them those of all that is `known` by its id."""
        kept, now = self._kept[user.caller.account_id], time.monotonic()
        names, is_fresh = kept.names, now - kept.names_at < NAMES_KEPT_SECONDS
        if names and is_fresh and known <= {None, *names.agents, *names.skills, *names.lines}:
            return names
        kept.names = (await looking.load_names(user.caller, session)).names
        kept.names_at = now
        return kept.names


@dataclass
class _Changes:
    """What one batch changes, and what was written of it for some page already."""

    presenter: WorkspacePresenter
    direct: Direct
    session: AsyncSession
    batch: Batch
    concerned: Concerned
    found: Mapping[UUID, ListedConversation] = field(default_factory=dict)
    texts: Mapping[UUID, Entries] = field(default_factory=dict)
    rows: dict[Hashable, Mapping[UUID, wire.Row]] = field(default_factory=dict)
    messages: dict[Hashable, bytes] = field(default_factory=dict)
    counts: Mapping[str, WorkCounts] = field(default_factory=dict)
    places: Mapping[UUID, Place] = field(default_factory=dict)

    async def told(self) -> Mapping[Page, Sequence[bytes]]:
        every, account_id = chain(*self.concerned.values()), self.batch.account_id
        ids = {one.conversation_id for one in every if one.conversation_id and _moves([one])}
        if ids:
            self.found = await read_changed(self.session, account_id, ids)
        if opened := self._opened_ones():
            self.texts = await read_texts(self.session, self.direct, account_id, opened)
        # What was read is newer than its event, and may be what only another agent sees by now: who
        # sees it is asked after it was read.
        self.places = await stream.places(self.direct, account_id, {*ids, *opened})
        moved = [page for page, events in self.concerned.items() if _moves(events)]
        agents = {page.agent_id for page in moved if page.agent_id}
        self.counts = await work_counts.held(self.direct, agents) if agents else {}
        told = {}
        for page, events in self.concerned.items():
            with read_by(reader_of(page)):
                told[page] = await self._for(page, events)
        return told

    def _opened_ones(self) -> Mapping[UUID, Sequence[Event]]:
        """Return what happened in conversations that somebody has open."""
        found: dict[UUID, dict[int, Event]] = defaultdict(dict)
        for page, events in self.concerned.items():
            for event in events:
                is_open = event.conversation_id == page.wanted.interest.conversation_id
                if is_open and event.conversation_id is not None:
                    found[event.conversation_id][event.id] = event
        return {one: list(events.values()) for one, events in found.items()}

    async def _rows(self, page: Page) -> Mapping[UUID, wire.Row]:
        """Return the conversations that change in lists, in the language of a page."""
        key = page.wanted.shown_to
        if key not in self.rows:
            reader, shown = await self._reader(page), list(self.found.values())
            read = await rows(self.session, reader.caller, shown, reader.names, reader.as_of)
            self.rows[key] = {row.id: row for row in read}
        return self.rows[key]

    async def _for(self, page: Page, events: Sequence[Event]) -> Sequence[bytes]:
        messages: list[bytes] = []
        for conversation_id, theirs in _by_conversation(events).items():
            messages += await self._conversation(page, conversation_id, theirs)
        messages += await self._own(page, events)
        if _moves(events) and page.agent_id:
            messages.append(written(await self._counts(page, page.agent_id)))
        return messages

    async def _conversation(
        self, page: Page, conversation_id: UUID, events: Sequence[Event]
    ) -> list[bytes]:
        place = self.places.get(conversation_id, self.batch.places.get(conversation_id))
        gone = [written(wire.GoneMessage(conversation_id=conversation_id))]
        if place is None or not may_see(place, page.reader):
            return gone
        if page.wanted.interest.conversation_id != conversation_id:
            return [await self._row(page, conversation_id)] if _moves(events) else []
        try:
            changed = [await self._opened(page, conversation_id, events)] if _moves(events) else []
            return [*changed, await self._entries(page, conversation_id)]
        except NotFound:
            return gone

    async def _row(self, page: Page, conversation_id: UUID) -> bytes:
        key = ("row", conversation_id, page.wanted.shown_to)
        if key not in self.messages:
            row = (await self._rows(page))[conversation_id]
            self.messages[key] = written(wire.ConversationMessage(conversation=row))
        return self.messages[key]

    async def _opened(self, page: Page, conversation_id: UUID, events: Sequence[Event]) -> bytes:
        """Return what is changed of an open conversation, besides its transcript."""
        user, reader = get_page_user(page.reader.caller), await self._reader(page)
        if {event.kind for event in events} <= TEXTS_ONLY:
            row = (await self._rows(page))[conversation_id]
            # Whether its reader may cancel them has not changed, and is not told again.
            texts = scheduled_lines(row, user.person, reader.names, may_handle=False)
            told = upcoming(row, texts, user.person)
            return written(wire.ConversationMessage(conversation=row, upcoming=told))
        opened = await load_opened(reader, user, conversation_id)
        return written(wire.ConversationMessage(conversation=opened.row, opened=opened))

    async def _entries(self, page: Page, conversation_id: UUID) -> bytes:
        key = ("entries", conversation_id, page.reader.caller.role, page.wanted.shown_to)
        if key not in self.messages:
            texts = answer(await self._reader(page), conversation_id, self.texts[conversation_id])
            self.messages[key] = written(texts)
        return self.messages[key]

    async def _own(self, page: Page, events: Sequence[Event]) -> list[bytes]:
        mine = [event for event in events if event.agent_id == page.agent_id]
        about = {event.kind for event in mine}
        if not about & OF_OWN:
            return []
        own = await load_own(self.session, get_page_user(page.reader.caller))
        changed = await self._rows(page)
        rated = {one.conversation_id for one in mine if one.kind == EventKind.survey_answered}
        notices = (_rated(changed[one]) for one in rated if one and one in changed)
        return [written(own), *(written(notice) for notice in notices if notice)]

    async def _counts(self, page: Page, agent_id: str) -> wire.Counts:
        held = self.counts[agent_id]
        waiting = await self.presenter.queues.seen(self.direct, page.reader)
        return wire.Counts(
            mine=held.mine,
            unanswered=held.unanswered,
            waiting=waiting,
            snoozed=held.snoozed,
        )

    async def _reader(self, page: Page) -> Reader:
        shown = [one.conversation for one in self.found.values()]
        known = {name for row in shown for name in (row.agent_id, row.skill_id, row.line_id)}
        user = get_page_user(page.reader.caller)
        names = await self.presenter.names(self.session, user, known)
        return Reader(user.caller, self.session, names, self.batch.last_id)


def _moves(events: Sequence[Event]) -> bool:
    """Say whether events change more than transcripts. Lists mark a text that did not arrive."""
    return any(event.kind not in TRANSCRIPT_ONLY or _fails(event) for event in events)


def _fails(event: Event) -> bool:
    return event.kind == EventKind.message_status and event.data["status"] in NOT_DELIVERED


def _by_conversation(events: Sequence[Event]) -> Mapping[UUID, list[Event]]:
    found: dict[UUID, list[Event]] = {}
    for event in events:
        if event.conversation_id:
            found.setdefault(event.conversation_id, []).append(event)
    return found


def _rated(row: wire.Row) -> wire.NoticeMessage | None:
    if row.rating is None:
        return None
    return wire.NoticeMessage(
        kind="rated",
        conversation_id=row.id,
        consumer=row.consumer.name or row.consumer.number_shown,
        rating=row.rating,
        comment=row.survey.comment if row.survey else None,
    )
