"""A brand's whole configuration as one file."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse

from api.app_state import AppStateDep, SessionDep
from api.caller import AdminDep
from api.configuration import applying
from api.configuration.reading import FileInvalid
from api.problems import documented
from api.schemas.audit import AuditEntryOut, ConfigurationFile
from api.scopes import needs
from domain.errors import Conflict, NotAllowed
from domain.people.token_scopes import Area

router = APIRouter(
    prefix="/configuration",
    tags=["settings"],
    responses=documented(NotAllowed),
    dependencies=[needs(Area.settings)],
)


@router.get("", response_class=PlainTextResponse)
async def write_configuration(
    caller: AdminDep, app: AppStateDep, session: SessionDep
) -> PlainTextResponse:
    """Return the account's settings as a file in YAML. No secret is in it."""
    text = await applying.written(caller, session, app.known_providers)
    return PlainTextResponse(text, media_type="application/yaml; charset=utf-8")


@router.put("", responses=documented(Conflict, FileInvalid))
async def apply_configuration(
    given: ConfigurationFile,
    caller: AdminDep,
    app: AppStateDep,
    session: SessionDep,
    response: Response,
    plan: Annotated[bool, Query(description="Change nothing; say what would change.")] = False,
    seen: Annotated[
        int | None,
        Query(description="The `X-Position` of a plan: refused if settings have changed since."),
    ] = None,
) -> list[AuditEntryOut]:
    """Make the account's settings those of a file: all of it, or nothing.

    What is not in the file stays. Applied again, it changes nothing. `X-Position` in the answer of
    a plan is what to give as `seen`.
    """
    position = await applying.position(caller, session)
    async with session.begin_nested() as attempt:
        changes = await applying.apply(
            caller, session, app.known_providers, given.file.encode(), seen=seen
        )
        shown = [AuditEntryOut.of(one, {}) for one in changes]
        if plan:
            await attempt.rollback()
    response.headers["X-Position"] = str(position)
    return shown
