"""Recording that a consumer wants no more texts."""

from uuid import UUID

from database.queries import consumers
from database.queries.consent import ConsentSource, Recorded, record_opt_out, still_open_with
from domain.people.roles import Role
from services.backends import Backends
from services.caller import Caller
from services.consumers import ConsumerShown, with_consent


async def opt_out(caller: Caller, backends: Backends, consumer_id: UUID) -> ConsumerShown:
    """Record that a consumer wants no more texts from any line; open conversations close.

    Holds from the answer on, and after `Unavailable` too: the same call finishes what is left.
    Raises `NotFound`.
    """
    caller.require(Role.agent)
    async with backends.sessions.begin() as session:
        consumer = await consumers.find(session, caller.viewer, consumer_id)
        await record_opt_out(session, consumer.account_id, consumer.id, _recorded(caller))
        recorded = await with_consent(session, consumer)
        still_open = await still_open_with(session, [consumer.id])
    for one in still_open:
        await backends.conversations.opted_out(one.workflow_id, str(one.conversation_id))
    return recorded


def _recorded(caller: Caller) -> Recorded:
    """Return who opts somebody out: a person, or a program, for whomever it acts."""
    is_program = caller.session_hash is None
    return Recorded(
        ConsentSource.agent if caller.person else ConsentSource.api,
        agent_id=caller.person.agent_id if caller.person else None,
        token_id=caller.id if is_program else None,
    )
