"""Reads events so that one which cannot be read holds up no other: it is set aside.

What it is about stays as it was, in records and figures. It is tried again after pauses that grow,
when a worker starts, and when all is counted again.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import TOO_LONG, is_away, is_cut_short, state_of
from database.engine import Sessions
from database.queries.records import reading, unread
from database.tables import Event
from domain.conversation.kinds import EventKind
from domain.ids import is_uuid
from reporting.writers import READERS, WRITERS, Writer

AT_ONCE = 20
"""Tried again in one transaction. Ours: it holds up the follower for a second at most."""

log = structlog.stdlib.get_logger()


async def read(
    session: AsyncSession, account_id: str, batch: Sequence[Event], writers: Sequence[Writer]
) -> None:
    """Write what events changed; those that cannot be read are set aside, with a conversation each.

    Raises what will pass (`_passes`), and that a batch of several took too long.
    """
    aside = await unread.conversations(session, account_id)
    whole = partial(_read, session, account_id, batch, writers, aside)
    if await _error_of(session, whole, may_take_long=len(batch) == 1) is None:
        return
    named = {one for writer in writers for one in concerned(batch, writer.passes_over)}
    await write(session, account_id, sorted(named - aside), writers)
    for event in batch:
        alone = partial(_tell, session, account_id, [event])
        if (error := await _error_of(session, alone)) is not None:
            await unread.add(session, account_id, event.id, event.conversation_id, error)
            log.error("event_not_read", event_id=event.id, error=error)


async def write(
    session: AsyncSession, account_id: str, ids: Collection[UUID], writers: Sequence[Writer]
) -> None:
    """Write conversations anew; one that cannot be written is set aside."""
    if await _error_of(session, partial(_write, session, account_id, ids, writers)) is None:
        return
    for one in ids:
        alone = partial(_write, session, account_id, [one], writers)
        if (error := await _error_of(session, alone)) is not None:
            newest = await unread.newest_of(session, one)
            await unread.add(session, account_id, newest, one, error)
            log.error("event_not_read", event_id=newest, error=error)


async def try_again(sessions: Sessions, writers: Sequence[Writer] = WRITERS) -> None:
    """Read the events whose time to be tried again has come. Raises what will pass."""
    now = await sessions.clock.now()
    async with sessions() as session:
        accounts = await unread.accounts_due(session, now)
    for account_id in accounts:
        async with sessions.begin() as session:
            if await reading.lead(session, account_id) is None:
                continue
            for row in await unread.due(session, account_id, now, AT_ONCE):
                ids = [row.conversation_id] if row.conversation_id else []
                event = await unread.event_of(session, row)
                again = partial(_again, session, account_id, ids, event, writers)
                if (error := await _error_of(session, again)) is None:
                    await unread.done(session, row)
                else:
                    await unread.failed(session, row, error, now)


async def _error_of(
    session: AsyncSession, work: Callable[[], Awaitable[None]], *, may_take_long: bool = True
) -> str | None:
    """Do something; if it fails, undo it and return the kind of its error. Raises what will pass.

    `may_take_long`: that it took too long is an error of its own, not one that will pass.
    """
    try:
        async with session.begin_nested():
            await work()
    except Exception as error:
        if _passes(error) and not (may_take_long and state_of(error) == TOO_LONG):
            raise
        return type(error).__name__
    return None


def _passes(error: Exception) -> bool:
    """Say whether an error is the database's, and not of what was to be written.

    A row that PostgreSQL has no room for is no trouble of the server, although the driver raises an
    `OperationalError` for both.
    """
    return is_away(error) or is_cut_short(error)


async def _read(
    session: AsyncSession,
    account_id: str,
    batch: Sequence[Event],
    writers: Sequence[Writer],
    aside: Collection[UUID],
) -> None:
    for writer in writers:
        if ids := [one for one in concerned(batch, writer.passes_over) if one not in aside]:
            await writer.write(session, account_id, ids)
    await _tell(session, account_id, batch)


async def _tell(session: AsyncSession, account_id: str, batch: Sequence[Event]) -> None:
    for one in READERS:
        await one(session, account_id, batch)


async def _write(
    session: AsyncSession, account_id: str, ids: Collection[UUID], writers: Sequence[Writer]
) -> None:
    for writer in writers:
        await writer.write(session, account_id, ids)


async def _again(
    session: AsyncSession,
    account_id: str,
    ids: Collection[UUID],
    event: Event | None,
    writers: Sequence[Writer],
) -> None:
    if ids:
        await _write(session, account_id, ids, writers)
    if event is not None:
        await _read(session, account_id, [event], writers, ids)


def first_of(batch: Sequence[Event], most: int) -> Sequence[Event]:
    """Return the first events, those that are about or name at most so many conversations, but one
    at least: a conversation is written once for all of its events.
    """
    named: set[UUID] = set()
    for place, event in enumerate(batch):
        named |= _named(event)
        if len(named) > most and place:
            return batch[:place]
    return batch


def concerned(batch: Sequence[Event], passes_over: frozenset[EventKind]) -> list[UUID]:
    """Return the conversations that events are about or name, each once, in a lasting order."""
    return sorted(
        {one for event in batch if event.kind not in passes_over for one in _named(event)}
    )


def _named(event: Event) -> set[UUID]:
    """Return an event's conversation, and the one that its text was carried over from."""
    before = str(event.data.get("carried_from"))
    its = (event.conversation_id, UUID(before) if is_uuid(before) else None)
    return {one for one in its if one is not None}
