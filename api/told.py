"""What pages are told besides events: notices of their person, and who is in a conversation.

One LISTEN connection per process hears both, and hands each to the pages that it concerns.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TypeVar
from uuid import UUID, uuid4

import structlog

from api.clock import utc_now
from database.away import NOT_DONE
from database.engine import Sessions
from database.listen import Notification, notifications
from database.queries import presence as said
from database.queries import pushes
from database.queries.notice_writing import CHANNEL_NOTICES
from database.queries.presence import CHANNEL_PRESENCE
from runtime.tasks import running
from services.looking.presence import Presences, Present

AGAIN_SECONDS = 15.0
"""How often a process says who has a page open here. Ours."""
BELIEVED_FOR = timedelta(seconds=40)
"""How long that counts. Ours: two times in a row may fail."""
GATHER_SECONDS = 0.5
"""A page that is loaded again closes and opens at once. Ours."""
TIDY_SECONDS = 5.0
"""How often presence that was not said again is dropped. Ours."""

K = TypeVar("K")

log = structlog.stdlib.get_logger()


@dataclass(eq=False)
class Told:
    """What one open page has to be told. `wake` is set whenever there is something.

    `notices`: ids of those that are new or changed. `is_behind`: some may have been lost, so the
    page loads them again.
    """

    agent_id: str
    conversation_id: UUID | None
    wake: asyncio.Event
    notices: set[int] = field(default_factory=set)
    is_behind: bool = False
    present: Sequence[Present] = ()
    is_presence_new: bool = False

    def take_notices(self) -> tuple[frozenset[int], bool]:
        """Return the notices to tell, and whether the page must load all again; forgets them."""
        taken = frozenset(self.notices), self.is_behind
        self.notices.clear()
        self.is_behind = False
        return taken

    def take_presence(self) -> Sequence[Present] | None:
        """Return who is in the page's conversation, None when that was told already."""
        is_new, self.is_presence_new = self.is_presence_new, False
        return self.present if is_new else None


class ToldHub:
    """Hands notices and presence to the pages of this process."""

    def __init__(self) -> None:
        self.presences = Presences()
        self.process_id = uuid4()
        self._pages: dict[str, set[Told]] = defaultdict(set)
        self._looking: dict[UUID, set[Told]] = defaultdict(set)
        self._changed = asyncio.Event()

    @contextmanager
    def following(
        self, agent_id: str, conversation_id: UUID | None, wake: asyncio.Event
    ) -> Iterator[Told]:
        """Follow what a page of a person is told, while it is open."""
        page = Told(agent_id, conversation_id, wake)
        self._pages[agent_id].add(page)
        if conversation_id is not None:
            self._looking[conversation_id].add(page)
            self._show(page)
        self._changed.set()
        try:
            yield page
        finally:
            self._leave(page)

    def _leave(self, page: Told) -> None:
        _drop(self._pages, page.agent_id, page)
        if page.conversation_id is not None:
            _drop(self._looking, page.conversation_id, page)
        self._changed.set()

    @property
    def agent_ids(self) -> Sequence[str]:
        """The people who have a page open here."""
        return sorted(self._pages)

    def hear(self, item: Notification) -> None:
        """Take a notification."""
        if item.channel == CHANNEL_PRESENCE:
            heard = said.read(item.payload)
            self.presences.hear(heard)
            self._tell(heard.conversation_id)
            return
        _, *told = json.loads(item.payload)
        for agent_id, notice_id in told:
            for page in self._pages.get(agent_id, ()):
                page.notices.add(notice_id)
                page.wake.set()

    def fall_behind(self) -> None:
        """Have all pages load their notices again: notifications may have been lost."""
        for pages in self._pages.values():
            for page in pages:
                page.is_behind = True
                page.wake.set()

    async def listen(self, database_url: str) -> None:
        """Hand on what PostgreSQL notifies, until cancelled."""
        channels = [CHANNEL_NOTICES, CHANNEL_PRESENCE]
        async for item in notifications(database_url, channels, name="switchboard api told"):
            if isinstance(item, Notification):
                self.hear(item)
            else:
                self.fall_behind()

    async def tidy(self) -> None:
        """Drop presence that was not said again, and tell the pages, until cancelled."""
        while True:
            await asyncio.sleep(TIDY_SECONDS)
            self.presences.forget_old()
            for conversation_id in list(self._looking):
                self._tell(conversation_id)

    def _tell(self, conversation_id: UUID) -> None:
        for page in self._looking.get(conversation_id, ()):
            self._show(page)

    def _show(self, page: Told) -> None:
        if page.conversation_id is None:
            return
        now = self.presences.of(page.conversation_id, but=page.agent_id)
        if list(now) != list(page.present):
            page.present, page.is_presence_new = now, True
            page.wake.set()

    async def keep_pages(self, sessions: Sessions) -> None:
        """Note who has a page open here, at each change and every 15 s, until cancelled."""
        while True:
            try:
                async with asyncio.timeout(AGAIN_SECONDS):
                    await self._changed.wait()
                await asyncio.sleep(GATHER_SECONDS)
            except TimeoutError:
                pass
            self._changed.clear()
            try:
                await self._note_pages(sessions)
            except NOT_DONE as error:
                log.warning("open_pages_not_noted", error=type(error).__name__)

    async def _note_pages(self, sessions: Sessions) -> None:
        now = utc_now()
        async with sessions.begin() as session:
            await pushes.forget_pages(session, now - BELIEVED_FOR)
            until = now + BELIEVED_FOR
            await pushes.keep_open_pages(session, self.process_id, self.agent_ids, until)


def _drop(pages: dict[K, set[Told]], key: K, page: Told) -> None:
    pages[key].discard(page)
    if not pages[key]:
        del pages[key]


@asynccontextmanager
async def open_told_hub(sessions: Sessions, database_url: str) -> AsyncIterator[ToldHub]:
    """Run a hub for the length of a block."""
    hub = ToldHub()
    async with running(
        told_listens=partial(hub.listen, database_url),
        told_tidies=hub.tidy,
        pages_noted=partial(hub.keep_pages, sessions),
    ):
        yield hub
