"""A person's notices: what they are told, whether they have read it, and how they want it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.queries import notice_writing, notices, told_notices
from database.queries.notice_writing import Written
from database.queries.notices import NoticePosition, ShownNotice
from database.queries.told_notices import PlacedNotice
from database.queries.visibility import Viewer
from domain.notices.kinds import (
    Channel,
    NoticeKind,
    Preferences,
    default_channels,
    kinds_for,
    preferences,
)
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.caller import Caller
from services.clock import utc_now
from services.following.concerns import may_see
from services.proving import Proven


async def list_notices(
    caller: Caller,
    session: AsyncSession,
    *,
    kind: NoticeKind | None = None,
    unread_only: bool = False,
    after: NoticePosition | None = None,
    limit: int,
) -> Sequence[ShownNotice]:
    """Return the caller's notices that their page shows, newest first, after `after`.

    Each has the words that the caller may see now. Raises `NobodyActs` for a program on its own.
    """
    caller.require(Role.agent)
    kinds = await _on_page(caller, session)
    wanted = kinds if kind is None else kinds & {kind}
    return await notices.listed(
        session, _viewer(caller), wanted, unread_only=unread_only, after=after, limit=limit
    )


@dataclass(frozen=True)
class ToldNotices:
    """What a person is told now, oldest first, and how many of their notices are unread."""

    shown: Sequence[ShownNotice]
    unread: int


async def tell_together(
    direct: Direct, account_id: str, told: Mapping[str, Collection[int]], readers: Sequence[Proven]
) -> Mapping[str, ToldNotices]:
    """Return what readers of one account are told of their notices, by their agent's id.

    `told`: notices by their people. All are read together; each has the words that its reader may
    see now. Raises `psycopg.Error`.
    """
    people = {one.caller.actor.agent_id: one for one in readers}
    ids = {notice_id for agent_id in people for notice_id in told[agent_id]}
    found = await told_notices.some(direct, account_id, ids)
    return {
        agent_id: ToldNotices([_as_seen(one, people[agent_id]) for one in theirs], _unread(theirs))
        for agent_id, theirs in found.items()
    }


def _as_seen(told: PlacedNotice, reader: Proven) -> ShownNotice:
    shown, place = told.shown, told.place
    is_seen = place is not None and may_see(place, reader)
    return shown if is_seen else ShownNotice(shown.notice, shown.by)


def _unread(told: Sequence[PlacedNotice]) -> int:
    on_page = _kinds_on_page(told[-1].chosen)
    return sum(count for kind, count in told[-1].unread.items() if kind in on_page)


async def count_unread(caller: Caller, session: AsyncSession) -> int:
    """Count the caller's unread notices that their page shows."""
    caller.require(Role.agent)
    kinds = await _on_page(caller, session)
    return await notices.count_unread(session, caller.actor.agent_id, kinds)


async def mark_read(
    caller: Caller,
    session: AsyncSession,
    *,
    ids: Collection[int] | None = None,
    conversation_id: UUID | None = None,
) -> int:
    """Mark notices as read: those named, those of a conversation, or all. Safe to repeat.

    Returns how many are unread now.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_write)
    agent_id, now = caller.actor.agent_id, utc_now()
    changed = await notices.read(
        session, agent_id, now, ids=ids, conversation_id=conversation_id, until=now
    )
    # Other pages of the person are told; of a notice they only need its id.
    told = [Written(one, agent_id, NoticeKind.text, now, is_settled=True) for one in changed]
    await notice_writing.announce(session, caller.account_id, told)
    return await count_unread(caller, session)


async def show_preferences(caller: Caller, session: AsyncSession) -> Preferences:
    """Return where each kind of notice that the caller can get reaches them."""
    caller.require(Role.agent)
    chosen = preferences(await notices.chosen(session, caller.actor.agent_id))
    return {kind: chosen[kind] for kind in kinds_for(caller.role)}


async def set_preferences(
    caller: Caller, session: AsyncSession, wanted: Mapping[NoticeKind, Mapping[Channel, bool]]
) -> Preferences:
    """Choose where notices reach the caller. What is not named stays as it is."""
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_write)
    agent_id = caller.actor.agent_id
    before = preferences(await notices.chosen(session, agent_id))
    after = {
        kind: {one: wanted.get(kind, {}).get(one, one in channels) for one in Channel}
        for kind, channels in before.items()
    }
    differs = {
        str(kind): {str(one): is_on for one, is_on in own.items() if is_on != _usual(kind, one)}
        for kind, own in after.items()
    }
    await notices.choose(session, agent_id, {kind: own for kind, own in differs.items() if own})
    return await show_preferences(caller, session)


def _usual(kind: NoticeKind, channel: Channel) -> bool:
    return channel in default_channels(kind)


async def _on_page(caller: Caller, session: AsyncSession) -> frozenset[NoticeKind]:
    return _kinds_on_page(await notices.chosen(session, caller.actor.agent_id))


def _kinds_on_page(chosen: Mapping[str, Mapping[str, bool]]) -> frozenset[NoticeKind]:
    channels = preferences(chosen)
    return frozenset(kind for kind, ways in channels.items() if Channel.page in ways)


def _viewer(caller: Caller) -> Viewer:
    """Return the person whose notices are read. Raises `NobodyActs`."""
    return replace(caller.viewer, agent_id=caller.actor.agent_id)
