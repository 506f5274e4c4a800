"""What pages are told besides events: notices of their person, and who is in a conversation.

One LISTEN connection per process hears both. What concerns no page of this process costs nothing.
"""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import structlog

from api.schemas.notices import NoticeOut, NoticesMessage, PresenceMessage, PresentOut
from api.schemas.views import ReadingOut
from api.stream_messages import message
from database.away import NOT_DONE
from database.engine import Sessions
from database.listen import Notification, notifications
from database.queries import presence as said
from database.queries import pushes, stream
from database.queries.events import CHANNEL_READING
from database.queries.notice_writing import CHANNEL_NOTICES
from database.queries.presence import CHANNEL_PRESENCE
from runtime.tasks import running
from services import notices
from services.following.concerns import may_see
from services.following.followers import Follower
from services.following.following import Following
from services.following.gathering import rest_after
from services.looking.presence import Presences, Where
from services.notices import ToldNotices
from translations.reader import Reader, read_by

AGAIN_SECONDS = 15.0
"""How often a process says who has a page open here, also when nothing changed. Ours."""
BELIEVED_FOR = timedelta(seconds=40)
"""How long that counts. Ours: two times in a row may fail."""
LOOK_SECONDS = 1.0
"""How often a process looks who has a page open here. Ours: a page that is loaded again closes and
opens within it.
"""
GATHER_SECONDS = 0.02
"""How long notices gather, so that those of one step are told together. Ours."""
PASSES_SECONDS = 3.0
"""How often presence that was not said again is dropped. Ours."""

Page = Follower[bytes]
Told = Mapping[str, Collection[int]]
"""Notices that are new or changed, by their person."""

log = structlog.stdlib.get_logger()


class ToldHub:
    """Hands notices and presence to the pages of this process."""

    def __init__(self, sessions: Sessions, following: Following) -> None:
        self.presences = Presences()
        self.process_id = uuid4()
        self._sessions = sessions
        self._following = following
        self._notices: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self._moved: set[Where] = set()
        self._due = asyncio.Event()

    async def listen(self, database_url: str) -> None:
        """Take what PostgreSQL notifies, until cancelled."""
        channels = [CHANNEL_NOTICES, CHANNEL_PRESENCE, CHANNEL_READING]
        async for item in notifications(database_url, channels, name="switchboard api told"):
            if isinstance(item, Notification):
                self._hear(item)
            else:
                self._fall_behind()

    def _hear(self, item: Notification) -> None:
        if item.channel == CHANNEL_READING:
            self._tell_reading(item.payload)
            return
        if item.channel == CHANNEL_PRESENCE:
            self._moved.add(self.presences.hear(said.read(item.payload)))
        else:
            account_id, *told = json.loads(item.payload)
            for agent_id, notice_id in told:
                self._notices[account_id][agent_id].add(notice_id)
        self._due.set()

    def _tell_reading(self, payload: str) -> None:
        """Tell a person's pages how far they have read a conversation on another one."""
        told = json.loads(payload)
        written = message("reading", ReadingOut.model_validate(told).model_dump_json())
        for page in self._following.pages(told["account_id"], ("agent", told["agent_id"])):
            self._send(page, written)

    def _fall_behind(self) -> None:
        """Have all pages load their notices again: notifications may have been lost."""
        behind = message("notices", NoticesMessage(notices=[], unread=None).model_dump_json())
        for page in self._following.every_page():
            self._send(page, behind)

    async def deliver(self) -> None:
        """Tell the pages, until cancelled."""
        while True:
            await self._due.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._due.clear()
            began = time.monotonic()
            told, self._notices = self._notices, defaultdict(lambda: defaultdict(set))
            moved, self._moved = self._moved, set()
            try:
                for account_id, of_people in told.items():
                    await self._tell_notices(account_id, of_people)
                await self._tell_presence(moved)
            except NOT_DONE as error:
                log.warning("pages_not_told", error=type(error).__name__)
                self._fall_behind()
            await asyncio.sleep(rest_after(time.monotonic() - began))

    async def _tell_notices(self, account_id: str, told: Told) -> None:
        pages: dict[str, Sequence[Page]] = {}
        for agent_id in told:
            if open_ones := self._following.pages(account_id, ("agent", agent_id)):
                pages[agent_id] = open_ones
        if not pages:
            return
        readers = [open_ones[0].reader for open_ones in pages.values()]
        direct = self._following.sessions.direct
        theirs = await notices.tell_together(direct, account_id, told, readers)
        for agent_id, told_now in theirs.items():
            for page in pages[agent_id]:
                self._send(page, _written(told_now, page))

    async def _tell_presence(self, moved: Collection[Where]) -> None:
        opened: dict[str, dict[UUID, Sequence[Page]]] = defaultdict(dict)
        for account_id, conversation_id in moved:
            if pages := self._following.pages(account_id, ("conversation", conversation_id)):
                opened[account_id][conversation_id] = pages
        for account_id, pages_of in opened.items():
            places = await stream.places(self._following.sessions.direct, account_id, pages_of)
            for conversation_id, place in places.items():
                written = self._present(account_id, conversation_id)
                for page in pages_of[conversation_id]:
                    if may_see(place, page.reader):
                        self._send(page, written)

    def _present(self, account_id: str, conversation_id: UUID) -> bytes:
        present = self.presences.of((account_id, conversation_id))
        people = [PresentOut.model_validate(one) for one in present]
        told = PresenceMessage(conversation_id=conversation_id, people=people)
        return message("presence", told.model_dump_json())

    def _send(self, page: Page, written: bytes) -> None:
        self._following.send(page.reader.caller.account_id, page, [written])

    async def let_pass(self) -> None:
        """Drop presence that was not said again, and tell the pages, until cancelled."""
        while True:
            await asyncio.sleep(PASSES_SECONDS)
            if changed := self.presences.passed():
                self._moved.update(changed)
                self._due.set()

    async def keep_pages(self) -> None:
        """Note who has a page open here, at each change and every 15 s, until cancelled."""
        noted: Sequence[str] | None = None
        noted_at, clock = 0.0, asyncio.get_running_loop()
        while True:
            agent_ids = self._agent_ids()
            if agent_ids != noted or clock.time() - noted_at > AGAIN_SECONDS:
                try:
                    await self._note_pages(agent_ids)
                    noted, noted_at = agent_ids, clock.time()
                except NOT_DONE as error:
                    log.warning("open_pages_not_noted", error=type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    def _agent_ids(self) -> Sequence[str]:
        pages = self._following.every_page()
        return sorted({page.agent_id for page in pages if page.agent_id})

    async def _note_pages(self, agent_ids: Sequence[str]) -> None:
        now = await self._sessions.clock.now()
        async with self._sessions.begin() as session:
            await pushes.forget_pages(session, now - BELIEVED_FOR)
            until = now + BELIEVED_FOR
            await pushes.keep_open_pages(session, self.process_id, agent_ids, until)


def _written(told: ToldNotices, page: Page) -> bytes:
    with read_by(_reader_of(page)):
        shown = [NoticeOut.of(one) for one in told.shown]
    written = NoticesMessage(notices=shown, unread=told.unread).model_dump_json()
    return message("notices", written)


def _reader_of(page: Follower[Any]) -> Reader:
    shown_to = page.wanted.shown_to
    return shown_to if isinstance(shown_to, Reader) else Reader()


@asynccontextmanager
async def open_told_hub(
    sessions: Sessions, following: Following, database_url: str
) -> AsyncIterator[ToldHub]:
    """Run a hub for the length of a block."""
    hub = ToldHub(sessions, following)
    async with running(
        told_listens=partial(hub.listen, database_url),
        told_delivers=hub.deliver,
        presence_passes=hub.let_pass,
        pages_noted=hub.keep_pages,
    ):
        yield hub
