"""Playing a call to a menu that may not be saved yet. Nothing is sent or kept."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows
from database.tables import Line
from domain.calls.kinds import WhyNot
from domain.calls.menu import Design
from domain.calls.playing import Played, play
from domain.errors import NotFound
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from ingress.call_texts import complete, texting
from services.caller import Caller


async def play_call(
    caller: Caller,
    session: AsyncSession,
    design: Design,
    why_not: WhyNot | None,
    acts: Sequence[str],
) -> Played:
    """Return a call to a menu, act by act, with the text that would leave at its end.

    `why_not`: what keeps the caller from being texted. Raises `NotFound` for an unknown line.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.calls_read)
    line = await account_rows.find(session, Line, caller.account_id, design.line)
    by = await texting(session, caller.account_id, design, line.name)
    if by is None:
        raise NotFound
    return play(by.speaker, why_not, acts, lambda text, language: complete(by, text, language))
