"""Opting a consumer out of texts."""

from dataclasses import replace
from uuid import UUID

from database.queries import consumers
from database.queries.consent import Recorded, record_opt_out, still_open_with
from domain.consent.sources import ConsentSource
from domain.errors import Invalid
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.backends import Backends
from services.caller import Caller
from services.consumers import ConsumerShown, consumer_shown

LONGEST_REASON = 500
"""Characters. Ours: a reason is a sentence or two."""


async def opt_out(
    caller: Caller, backends: Backends, consumer_id: UUID, reason: str | None = None
) -> ConsumerShown:
    """Opt a consumer out of texts from every line. Their open conversations close.

    It applies once this returns, and after `Unavailable` as well: the same call finishes the rest.
    `reason`: stands in the ledger of consent as evidence. Raises `NotFound`, `Invalid`.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.consumers_write)
    reason = (reason or "").strip() or None
    if reason and (len(reason) > LONGEST_REASON or "\0" in reason):
        raise Invalid(f"A reason has at most {LONGEST_REASON} characters.")
    evidence = replace(recorded_by(caller), evidence=reason)
    async with backends.sessions.begin() as session:
        consumer = await consumers.find(session, caller.viewer, consumer_id)
        await record_opt_out(session, consumer.account_id, consumer.id, evidence)
        recorded = await consumer_shown(session, caller, consumer)
        still_open = await still_open_with(session, [consumer.id])
    for one in still_open:
        await backends.conversations.opted_out(
            one.workflow_id, str(one.conversation_id), is_block=one.is_block
        )
    return recorded


def recorded_by(caller: Caller) -> Recorded:
    """Return who does it: a person, or a program with the person it acts for."""
    is_program = caller.session_hash is None
    return Recorded(
        ConsentSource.agent if caller.person else ConsentSource.api,
        agent_id=caller.person.agent_id if caller.person else None,
        token_id=caller.id if is_program else None,
    )
