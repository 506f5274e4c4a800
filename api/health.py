"""Whether the process lives, and whether it can work."""

import asyncio
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from api.app_state import AppState, AppStateDep
from database.away import NOT_DONE
from database.direct import in_session
from database.server import takes_writes
from security.reach import LONGEST_NONCE, proof_of
from temporal.readiness import is_reachable

PATIENCE_SECONDS = 3.0

router = APIRouter(prefix="/health", tags=["health"])


class Health(StrEnum):
    up = "up"
    down = "down"


class Liveness(BaseModel):
    status: Health


class Readiness(BaseModel):
    """What the process depends on. It is ready when all of it is up.

    A database that takes no writes is down.
    """

    database: Health
    temporal: Health


@router.get("/live", responses={503: {"model": Liveness, "description": "Restart the process."}})
async def check_liveness(app: AppStateDep, response: Response) -> Liveness:
    """Say whether the process is alive. It answers 503 when only a restart can help.

    An unreachable database or Temporal is not such a case.
    """
    if app.vitals.are_well:
        return Liveness(status=Health.up)
    response.status_code = 503
    return Liveness(status=Health.down)


@router.get(
    "/ready",
    responses={
        503: {
            "model": Readiness,
            "description": "The database takes no writes, or it or Temporal is not reachable.",
        }
    },
)
async def check_readiness(app: AppStateDep, response: Response) -> Readiness:
    """Say whether the database takes writes and Temporal answers. It answers 503 otherwise."""
    database, temporal = await asyncio.gather(_database(app), _temporal(app))
    if Health.down in (database, temporal):
        response.status_code = 503
    return Readiness(database=database, temporal=temporal)


@router.get("/reached/{nonce}", response_class=PlainTextResponse, include_in_schema=False)
async def answer_nonce(
    app: AppStateDep, nonce: Annotated[str, Path(max_length=LONGEST_NONCE)]
) -> str:
    """Prove that a request which took the providers' way came to this installation."""
    return proof_of(app.signatures, nonce)


async def _database(app: AppState) -> Health:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), app.sessions() as session:
            is_up = await takes_writes(in_session(session))
    except (*NOT_DONE, TimeoutError):
        return Health.down
    return Health.up if is_up else Health.down


async def _temporal(app: AppState) -> Health:
    is_up = await is_reachable(app.conversations.client)
    return Health.up if is_up else Health.down
