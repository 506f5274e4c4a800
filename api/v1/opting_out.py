"""Opting a consumer out of texts."""

from fastapi import APIRouter

from api.app_state import BackendsDep
from api.caller import CallerDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.consumers import ConsumerDetail, OptOut
from api.schemas.shared import UuidPath
from api.scopes import needs
from domain.errors import Conflict, NotFound, Unavailable
from domain.people.token_scopes import Area
from services import opting_out

router = APIRouter(
    prefix="/consumers/{consumer_id}",
    tags=["consumers"],
    responses=documented(NotFound),
    dependencies=[needs(Area.consumers)],
)


UNSAID = OptOut()


@router.post("/opt-out", responses=documented(Unavailable, Conflict))
async def opt_out_consumer(
    consumer_id: UuidPath,
    caller: CallerDep,
    backends: BackendsDep,
    once: OnceDep,
    wanted: OptOut = UNSAID,
) -> ConsumerDetail:
    """Opt a consumer out of texts from every line. Their open conversations close.

    It applies once this is answered, and only the consumer can undo it, by texting START. After a
    503 it applies as well; the same request finishes what is left.
    """

    async def make() -> ConsumerDetail:
        return ConsumerDetail.shown(
            await opting_out.opt_out(caller, backends, consumer_id, wanted.reason)
        )

    return await once.do(backends.sessions, ConsumerDetail, make)
