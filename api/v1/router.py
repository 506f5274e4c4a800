"""All of the JSON API's first version."""

from fastapi import APIRouter

from api.problems import EVERYWHERE
from api.v1 import (
    account,
    agents,
    automatic_messages,
    commands,
    connectors,
    consumers,
    conversations,
    events,
    lines,
    log_ins,
    opening,
    skills,
    tokens,
)

router = APIRouter(prefix="/v1", responses=EVERYWHERE)
for part in (
    log_ins,
    tokens,
    account,
    agents,
    skills,
    lines,
    connectors,
    automatic_messages,
    conversations,
    opening,
    commands,
    consumers,
    events,
):
    router.include_router(part.router)
