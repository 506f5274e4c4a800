"""Who looks at a conversation now and who types in it, kept in memory by each API process.

Pages say it again while it lasts, every process hears it from PostgreSQL, and what is not said
again ends by itself: nothing is stored.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import conversations, presence
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.caller import Caller

MOST_PAGES = 20
"""Pages of one person in one conversation. Ours: as many as a person can have streams."""


class Doing(StrEnum):
    """What a person does in a conversation."""

    looks = "looks"
    types = "types"
    left = "left"


LASTS = {Doing.looks: 100.0, Doing.types: 12.0}
"""Seconds for which it is believed. Ours: pages say every 45 s that somebody looks, and every 5 s
that somebody types.
"""


@dataclass(frozen=True)
class Present:
    """A person in a conversation."""

    agent_id: str
    name: str
    doing: Doing


Where = tuple[str, UUID]
"""An account and its conversation."""


@dataclass
class _Page:
    name: str
    looks_until: float
    types_until: float


class Presences:
    """Who is in which conversation, as this process has heard. `clock`: seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pages: dict[Where, dict[tuple[str, str], _Page]] = {}
        self._noticed: dict[Where, Sequence[Present]] = {}

    def hear(self, said: presence.Said) -> Where:
        """Take what a page says; returns where."""
        where = (said.account_id, said.conversation_id)
        pages = self._pages.setdefault(where, {})
        key, now = (said.agent_id, said.page), self._clock()
        if said.doing == Doing.left:
            pages.pop(key, None)
        elif key in pages or sum(who == said.agent_id for who, _ in pages) < MOST_PAGES:
            types = now + LASTS[Doing.types] if said.doing == Doing.types else 0.0
            pages[key] = _Page(said.name, now + LASTS[Doing.looks], types)
        self._note(where)
        return where

    def of(self, where: Where) -> Sequence[Present]:
        """Return who is in a conversation, by name."""
        now = self._clock()
        found: dict[str, Present] = {}
        for (agent_id, _), page in self._pages.get(where, {}).items():
            if page.looks_until <= now:
                continue
            doing = Doing.types if page.types_until > now else Doing.looks
            known = found.get(agent_id)
            if known is None or doing is Doing.types:
                found[agent_id] = Present(agent_id, page.name, doing)
        return sorted(found.values(), key=lambda one: (one.name, one.agent_id))

    def passed(self) -> Sequence[Where]:
        """Drop what was not said again; returns where that changed something."""
        now = self._clock()
        changed = [where for where, before in self._noticed.items() if self.of(where) != before]
        for where in changed:
            pages = self._pages[where]
            for key in [key for key, page in pages.items() if page.looks_until <= now]:
                del pages[key]
            self._note(where)
        return changed

    def _note(self, where: Where) -> None:
        if not self._pages[where]:
            del self._pages[where]
            self._noticed.pop(where, None)
        else:
            self._noticed[where] = self.of(where)

    def __len__(self) -> int:
        return sum(map(len, self._pages.values()))


async def set_presence(
    caller: Caller, session: AsyncSession, conversation_id: UUID, doing: Doing, page: str
) -> None:
    """Say what the caller does in a conversation. Raises `NotFound`, `NobodyActs`.

    It is believed for 100 s, typing for 12 s. `page`: which of the caller's pages says it.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_write)
    actor = caller.actor
    await conversations.check_visible(session, caller.viewer, conversation_id)
    said = presence.Said(
        caller.account_id, conversation_id, actor.agent_id, actor.name, page, str(doing)
    )
    await presence.say(session, said)


async def show_presence(
    caller: Caller, session: AsyncSession, presences: Presences, conversation_id: UUID
) -> Sequence[Present]:
    """Return who else is in a conversation. Raises `NotFound`."""
    caller.require(Role.agent)
    await conversations.check_visible(session, caller.viewer, conversation_id)
    own = caller.person.agent_id if caller.person else None
    present = presences.of((caller.account_id, conversation_id))
    return [one for one in present if one.agent_id != own]
