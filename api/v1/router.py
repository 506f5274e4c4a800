"""All of the JSON API's first version."""

from fastapi import APIRouter, Depends

from api.known_parameters import refuse_unknown_parameters
from api.problems import EVERYWHERE
from api.v1 import (
    account,
    agent_states,
    agents,
    automatic_messages,
    away_reasons,
    connectors,
    consumers,
    conversation_settings,
    conversations,
    dry_run,
    effective,
    events,
    exchanges,
    finding,
    hours,
    keywords,
    lines,
    log_ins,
    opening,
    opting_out,
    ownership,
    providers,
    skills,
    surveys,
    timers,
    tokens,
    transferring,
    writing,
)

router = APIRouter(
    prefix="/v1", responses=EVERYWHERE, dependencies=[Depends(refuse_unknown_parameters)]
)
for part in (
    log_ins,
    tokens,
    account,
    agents,
    agent_states,
    skills,
    lines,
    connectors,
    providers,
    automatic_messages,
    timers,
    surveys,
    effective,
    away_reasons,
    keywords,
    conversations,
    opening,
    writing,
    transferring,
    finding,
    ownership,
    conversation_settings,
    consumers,
    opting_out,
    events,
    exchanges,
    hours,
    dry_run,
):
    router.include_router(part.router)
