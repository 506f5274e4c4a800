"""What boards are told: the account's board is read once for all of them, and each gets what has
changed since it was told last.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from api.clock import utc_now
from database.engine import Sessions
from database.queries.figures import DayFigures
from database.queries.stream import Batch
from database.tables import Event
from services.caller import Caller
from services.following.concerns import OF_PEOPLE
from services.looking.supervisor_board import read_board, read_today
from translations.reader import Reader, read_by
from web.board.sheet import Sheet
from web.board.wire import BOARD_MESSAGES
from web.own import load_own
from web.page_context import get_page_user
from web.streams import BeatMessage, Page, reader_of, writer

READ_AGAIN_SECONDS = 1.0
"""How often at most a board is read, for all pages of an account together. Ours."""
SHARE = 10
"""A board that took long to read is read again after this many times as long. Ours."""
TODAY_SECONDS = 30.0
"""How long figures of the day are kept: they need more reading than all else. Ours."""

written = writer(BOARD_MESSAGES)


@dataclass
class _Account:
    """An account's board as it was read last, with when (monotonic seconds)."""

    sheet: Sheet = field(default_factory=Sheet)
    today: DayFigures | None = None
    today_at: float = 0.0
    due_at: float = 0.0
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    _written: dict[tuple[int | None, Reader], Sequence[bytes]] = field(default_factory=dict)
    """What was written of this version for some page already."""

    async def look(self, sessions: Sessions, caller: Caller) -> None:
        """Read the board unless it was read a moment ago. Raises `NOT_DONE`."""
        async with self.reading:
            began = time.monotonic()
            if began < self.due_at:
                return
            async with sessions.begin() as session:
                if self.today is None or began - self.today_at >= TODAY_SECONDS:
                    self.today, self.today_at = await read_today(caller, session), began
                board = await read_board(caller, session, self.today)
            self.sheet.take(board)
            self._written.clear()
            now = time.monotonic()
            self.due_at = now + max(READ_AGAIN_SECONDS, SHARE * (now - began))

    def since(self, version: int | None, reader: Reader) -> Sequence[bytes]:
        """Return what tells a reader of all that has changed since a version."""
        key = version, reader
        if key not in self._written:
            with read_by(reader):
                told = self.sheet.since(version)
            self._written[key] = [written(told)] if told else ()
        return self._written[key]


@dataclass(eq=False)
class BoardPresenter:
    """Presents the board to all pages that show it."""

    _accounts: dict[str, _Account] = field(default_factory=lambda: defaultdict(_Account))
    _told: WeakKeyDictionary[Page, tuple[int, int]] = field(default_factory=WeakKeyDictionary)
    """The version each page was told of, and what it had lost by then."""

    async def present(
        self, sessions: Sessions, _batch: Batch, concerned: Mapping[Page, Sequence[Event]]
    ) -> Mapping[Page, Sequence[bytes]]:
        """Return what each page is told. Raises `NOT_DONE`."""
        account = await self._looked_at(sessions, next(iter(concerned)))
        own = {page: await _own(sessions, page, events) for page, events in concerned.items()}
        # Nothing waits from here on: what is told is noted as told.
        return {page: [*self._news(account, page), *own[page]] for page in concerned}

    async def beat(self, sessions: Sessions, page: Page, _queue_version: int) -> Sequence[bytes]:
        """Return what has changed, and the beat. Raises `NOT_DONE`."""
        account = await self._looked_at(sessions, page)
        return [*self._news(account, page), written(BeatMessage(now=utc_now()))]

    async def _looked_at(self, sessions: Sessions, page: Page) -> _Account:
        account = self._accounts[page.reader.caller.account_id]
        await account.look(sessions, page.reader.caller)
        return account

    def _news(self, account: _Account, page: Page) -> Sequence[bytes]:
        version, losses = self._told.get(page, (None, page.losses))
        since = version if losses == page.losses else None
        self._told[page] = account.sheet.version, page.losses
        return account.since(since, reader_of(page))


async def _own(sessions: Sessions, page: Page, events: Sequence[Event]) -> Sequence[bytes]:
    """Return the reader's own state, if it is another one."""
    if not any(event.kind in OF_PEOPLE and event.agent_id == page.agent_id for event in events):
        return ()
    async with sessions.begin() as session:
        return [written(await load_own(session, get_page_user(page.reader.caller)))]
