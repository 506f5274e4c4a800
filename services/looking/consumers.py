"""The list of consumers: everybody the caller has a conversation with, or all of the account's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import consumer_fields, consumer_lists
from database.queries.consumer_lists import ConsumerSearch, SeenPosition
from database.queries.profiles import kept_id
from database.tables import Consumer, Conversation
from domain.consumers.words import one_line
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.searching.numbers import number_in
from domain.searching.words import sought_in
from services.caller import Caller


@dataclass(frozen=True)
class ConsumerListed:
    """A consumer with all their numbers, the kept one first, and the caller's view of their work.

    `newest`: the newest conversation, `open`: the newest that waits or has an agent. `shows_texts`:
    whether the caller may read what was said in them.
    """

    consumer: Consumer
    seen_at: datetime
    numbers: Sequence[Consumer]
    newest: Conversation | None
    open: Conversation | None
    shows_texts: bool = True


async def list_consumers(
    caller: Caller,
    session: AsyncSession,
    wanted: str | None,
    *,
    after: SeenPosition | None,
    limit: int,
) -> list[ConsumerListed]:
    """Return consumers, those who texted last first, after `after`.

    `wanted`: a part of a name, an address, a number, or of a field the caller may see.
    """
    caller.require(Role.agent)
    search = await _search(caller, session, one_line(wanted or ""))
    found = await consumer_lists.listed(session, caller.viewer, search, after=after, limit=limit)
    kept = [kept_id(one.consumer) for one in found]
    numbers = await consumer_lists.numbers(session, kept)
    newest = await consumer_lists.newest(session, caller.viewer, kept)
    is_open = await consumer_lists.newest(session, caller.viewer, kept, is_open=True)
    return [
        ConsumerListed(
            one.consumer,
            one.seen_at,
            numbers[kept],
            newest.get(kept),
            is_open.get(kept),
            caller.has_scope(TokenScope.conversations_read),
        )
        for one, kept in zip(found, kept, strict=True)
    ]


async def _search(caller: Caller, session: AsyncSession, wanted: str) -> ConsumerSearch | None:
    if not wanted:
        return None
    fields = await consumer_fields.in_use(session, caller.account_id, caller.roles)
    number, words = number_in(wanted), sought_in(wanted)
    senders = tuple(one.word for one in words) if len(words) == 1 else ()
    return ConsumerSearch(
        words=words,
        numbers=number.digits if number else senders,
        is_end=number is not None and number.ends,
        field_ids=[one.id for one in fields],
    )
