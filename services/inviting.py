"""Texting a consumer whose reply opens a conversation: until then there is none."""

from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.invitations import NewInvitation, invite
from database.queries.standalone import NewText
from domain.origins import look_back
from domain.origins.kinds import OriginKind
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.caller import Caller
from services.clock import shared_now
from services.errors import NobodyActs
from services.opening import Opening, checked_phone, prepare

TITLES = {OriginKind.proactive: "Our text", OriginKind.follow_up: "Our follow-up"}
"""What the agent reads of a text that has no reason."""


def check(caller: Caller) -> None:
    """Raise `NobodyActs` for a program that may not text without an agent."""
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_write)
    if not caller.has(Role.manager):
        raise NobodyActs


async def invite_by_text(caller: Caller, session: AsyncSession, opening: Opening) -> UUID:
    """Text a number; a reply within `opening.waits` opens a conversation with the skill.

    Returns the message's id. Raises what `services.opening.open_conversation` raises.
    """
    check(caller)
    phone = checked_phone(opening)
    prepared = await prepare(session, caller.account_id, opening, phone)
    message_id = uuid4()
    text = NewText(
        id=message_id,
        account_id=caller.account_id,
        line_id=opening.line_id,
        consumer_id=UUID(prepared.thread.consumer_id),
        text=prepared.text,
        written_at=await shared_now(session),
    )
    new = NewInvitation(
        text=text,
        kind=opening.kind,
        origin_id=str(message_id),
        title=opening.context.reason or TITLES[opening.kind],
        skill_id=prepared.skill_id,
        look_back=look_back.checked(opening.waits),
        context=opening.context,
    )
    await invite(session, new)
    return message_id
