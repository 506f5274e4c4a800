"""Blocking consumers: they get nothing and take nobody's place, whatever they consent to."""

from uuid import UUID

from database.queries import blocks, consumers
from database.queries.consent import still_open_with
from domain.errors import Invalid
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.backends import Backends
from services.caller import Caller
from services.consumers import ConsumerShown, consumer_shown
from services.opting_out import LONGEST_REASON, recorded_by


async def block(
    caller: Caller, backends: Backends, consumer_id: UUID, reason: str
) -> ConsumerShown:
    """Block a consumer, with a reason for colleagues. Their open conversations close.

    It applies once this returns, and after `Unavailable` as well: the same call finishes the rest.
    Raises `NotFound`, `Invalid`.
    """
    caller.require(Role.manager)
    caller.require_scope(TokenScope.consumers_write)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or "\0" in reason:
        raise Invalid(f"Give a reason of at most {LONGEST_REASON} characters.")
    async with backends.sessions.begin() as session:
        consumer = await consumers.find(session, caller.viewer, consumer_id)
        await blocks.block(session, consumer, reason, recorded_by(caller))
        shown = await consumer_shown(session, caller, consumer)
        still_open = await still_open_with(session, [consumer.id])
    for one in still_open:
        await backends.conversations.opted_out(
            one.workflow_id, str(one.conversation_id), is_block=one.is_block
        )
    return shown


async def unblock(caller: Caller, backends: Backends, consumer_id: UUID) -> ConsumerShown:
    """End the block of a consumer. What they opted out of stays so. Raises `NotFound`."""
    caller.require(Role.manager)
    caller.require_scope(TokenScope.consumers_write)
    async with backends.sessions.begin() as session:
        consumer = await consumers.find(session, caller.viewer, consumer_id)
        await blocks.unblock(session, consumer, recorded_by(caller))
        return await consumer_shown(session, caller, consumer)
