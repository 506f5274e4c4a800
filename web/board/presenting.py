"""What boards are told: a board is read once for all pages whose readers see to the same, and each
gets what has changed since it was told last.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary, WeakValueDictionary

from database.engine import Sessions
from database.queries.figures import DayFigures
from database.queries.stream import Batch
from database.tables import Event
from domain.people.teams import Led
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
"""How often at most a board is read, for all its pages together. Ours."""
SHARE = 10
"""A board that took long to read is read again after this many times as long. Ours."""
TODAY_SECONDS = 30.0
"""How long figures of the day are kept: they need more reading than all else. Ours."""

Sight = tuple[str, Led | None]
"""What a board is of: an account, and there what its readers see to; None: all of it."""

written = writer(BOARD_MESSAGES)


@dataclass(eq=False)
class _Kept:
    """A board as it was read last, with when (monotonic seconds)."""

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


@dataclass(frozen=True)
class _Told:
    """What a page was told of: a board, its version, and what the page had lost by then."""

    board: _Kept
    version: int
    losses: int


@dataclass(eq=False)
class BoardPresenter:
    """Presents boards to all pages that show one."""

    _boards: WeakValueDictionary[Sight, _Kept] = field(default_factory=WeakValueDictionary)
    """Each as long as a page was told of it."""
    _told: WeakKeyDictionary[Page, _Told] = field(default_factory=WeakKeyDictionary)

    async def present(
        self, sessions: Sessions, _batch: Batch, concerned: Mapping[Page, Sequence[Event]]
    ) -> Mapping[Page, Sequence[bytes]]:
        """Return what each page is told. Raises `NOT_DONE`."""
        boards = await self._looked_at(sessions, concerned)
        own = {page: await _own(sessions, page, events) for page, events in concerned.items()}
        # Nothing waits from here on: what is told is noted as told, to who may see it now.
        return {page: [*self._news(boards, page), *own[page]] for page in concerned}

    async def beat(self, sessions: Sessions, page: Page, _queue_version: int) -> Sequence[bytes]:
        """Return what has changed, and the beat. Raises `NOT_DONE`."""
        boards = await self._looked_at(sessions, [page])
        now = await sessions.clock.now()
        return [*self._news(boards, page), written(BeatMessage(now=now))]

    async def _looked_at(self, sessions: Sessions, pages: Iterable[Page]) -> Mapping[Sight, _Kept]:
        """Return the boards that pages show, read a moment ago at most."""
        callers = {_sight(page): page.reader.caller for page in pages}
        boards = {sight: self._boards.setdefault(sight, _Kept()) for sight in callers}
        for sight, board in boards.items():
            await board.look(sessions, callers[sight])
        return boards

    def _news(self, boards: Mapping[Sight, _Kept], page: Page) -> Sequence[bytes]:
        """Return what has changed of what a page shows, all of it if it showed another board."""
        board = boards.get(_sight(page))
        if board is None:  # its reader got other rights while the boards were read
            return ()
        before = self._told.get(page)
        is_same = before and before.board is board and before.losses == page.losses
        self._told[page] = _Told(board, board.sheet.version, page.losses)
        return board.since(before.version if before and is_same else None, reader_of(page))


def _sight(page: Page) -> Sight:
    caller = page.reader.caller
    return caller.account_id, caller.led


async def _own(sessions: Sessions, page: Page, events: Sequence[Event]) -> Sequence[bytes]:
    """Return the reader's own state, if it is another one."""
    if not any(event.kind in OF_PEOPLE and event.agent_id == page.agent_id for event in events):
        return ()
    async with sessions.begin() as session:
        return [written(await load_own(session, get_page_user(page.reader.caller)))]
