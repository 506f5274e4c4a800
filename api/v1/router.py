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
    blocking,
    bots,
    connectors,
    consent_ledger,
    consumers,
    conversation_settings,
    conversations,
    dry_run,
    effective,
    endpoints,
    events,
    exchanges,
    finding,
    hours,
    keywords,
    lines,
    log_ins,
    media,
    opening,
    opting_out,
    ownership,
    providers,
    skills,
    surveys,
    timers,
    tokens,
    transferring,
    uploading,
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
    endpoints,
    automatic_messages,
    timers,
    surveys,
    effective,
    away_reasons,
    keywords,
    consent_ledger,
    blocking,
    conversations,
    opening,
    writing,
    uploading,
    transferring,
    media,
    finding,
    ownership,
    conversation_settings,
    consumers,
    opting_out,
    events,
    exchanges,
    hours,
    dry_run,
    bots,
):
    router.include_router(part.router)
router.include_router(endpoints.types)
router.include_router(bots.answering)
