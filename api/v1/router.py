"""All of the JSON API's first version."""

from fastapi import APIRouter, Depends

from api.known_parameters import refuse_unknown_parameters
from api.problems import EVERYWHERE
from api.v1 import (
    account,
    agents,
    automatic_messages,
    away_reasons,
    commands,
    connectors,
    consumers,
    conversation_settings,
    conversations,
    effective,
    events,
    hours,
    keywords,
    lines,
    log_ins,
    opening,
    ownership,
    providers,
    routing,
    skills,
    surveys,
    timers,
    tokens,
)

router = APIRouter(
    prefix="/v1", responses=EVERYWHERE, dependencies=[Depends(refuse_unknown_parameters)]
)
for part in (
    log_ins,
    tokens,
    account,
    agents,
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
    commands,
    ownership,
    conversation_settings,
    consumers,
    events,
    hours,
    routing,
):
    router.include_router(part.router)
