"""Consumers: who texts, and the opt-out an agent records for them."""

from fastapi import APIRouter

from api.app_state import AppStateDep, SessionDep
from api.caller import CallerDep
from api.problems import documented
from api.schemas.consumers import ConsumerDetail, ConsumerLanguage, ConsumerOut
from api.schemas.shared import UuidPath
from database.queries import consumers
from database.queries.consent import (
    ACCOUNT_SCOPE,
    Recorded,
    Source,
    record_opt_out,
    still_open_with,
)
from database.tables import Consumer
from domain.errors import NotFound, Unavailable
from domain.languages import check_language
from services.caller import Caller

router = APIRouter(
    prefix="/consumers/{consumer_id}", tags=["consumers"], responses=documented(NotFound)
)


@router.get("")
async def show_consumer(
    consumer_id: UuidPath, caller: CallerDep, session: SessionDep
) -> ConsumerDetail:
    """Show a consumer one has a conversation with, and whether they may be texted."""
    consumer = await consumers.find(session, caller.viewer, consumer_id)
    return await shown(session, consumer)


@router.put("/language")
async def set_language(
    consumer_id: UuidPath, wanted: ConsumerLanguage, caller: CallerDep, session: SessionDep
) -> ConsumerDetail:
    """Say what a consumer writes, or forget it.

    Open conversations follow with the consumer's next text; their own route changes one at once.
    """
    if wanted.language:
        check_language(wanted.language)
    consumer = await consumers.find(session, caller.viewer, consumer_id)
    await consumers.set_language(session, consumer, wanted.language, caller.language_source)
    return await shown(session, consumer)


@router.post("/opt-out", responses=documented(Unavailable))
async def opt_out(consumer_id: UuidPath, caller: CallerDep, parts: AppStateDep) -> ConsumerDetail:
    """Record that a consumer wants no more texts from any line; open conversations close.

    Holds from the answer on. Only the consumer can undo it, by texting START. After a 503 it
    holds too, and the same request finishes what is left.
    """
    async with parts.sessions.begin() as session:
        consumer = await consumers.find(session, caller.viewer, consumer_id)
        await record_opt_out(session, consumer.account_id, consumer.id, _recorded(caller))
        answer = await shown(session, consumer)
        still_open = await still_open_with(session, [consumer.id])
    for one in still_open:
        await parts.conversations.opted_out(one.workflow_id, str(one.conversation_id))
    return answer


def _recorded(caller: Caller) -> Recorded:
    """Return who opts somebody out: a person, or a program, for whomever it acts."""
    is_program = caller.session_hash is None
    return Recorded(
        Source.agent if caller.person else Source.api,
        agent_id=caller.person.agent_id if caller.person else None,
        token_id=caller.id if is_program else None,
    )


async def shown(session: SessionDep, consumer: Consumer) -> ConsumerDetail:
    """Return what a consumer's page shows."""
    scopes = await consumers.opted_out_scopes(session, consumer.id)
    return ConsumerDetail(
        **ConsumerOut.of(consumer).model_dump(),
        last_text_at=consumer.last_text_at,
        is_opted_out=ACCOUNT_SCOPE in scopes,
        opted_out_lines=[scope.removeprefix("line:") for scope in scopes if scope != ACCOUNT_SCOPE],
    )
