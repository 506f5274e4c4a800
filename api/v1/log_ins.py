"""Logging in and out, and who is logged in."""

from fastapi import APIRouter, Request, Response

from api.app_state import AppStateDep, SessionDep
from api.caller import COOKIE, CallerDep
from api.errors import CodesLocked, TooManyAttempts
from api.log_in_sessions import begin_session
from api.problems import documented
from api.schemas.people import AgentOut, LoggedIn, LogIn, Me, PasswordChange
from api.scopes import ANY_TOKEN
from domain.errors import Conflict, NotAllowed
from services import log_ins
from services.errors import SeveralAccounts, WrongLogIn

router = APIRouter(tags=["log-in"], dependencies=[ANY_TOKEN])


@router.post(
    "/sessions",
    status_code=201,
    responses=documented(WrongLogIn, SeveralAccounts, TooManyAttempts, CodesLocked),
)
async def log_in(
    log_in: LogIn, request: Request, response: Response, app: AppStateDep, session: SessionDep
) -> LoggedIn:
    """Log a person in. The answer also sets the cookie browsers use."""
    return await begin_session(log_in, request, response, app, session)


@router.delete("/sessions/current", status_code=204)
async def log_out(caller: CallerDep, session: SessionDep, response: Response) -> None:
    """End the log-in of this request. After their last one an agent is offline.

    Programs have no log-in to end.
    """
    response.delete_cookie(COOKIE)
    await log_ins.log_out(caller, session)


@router.get("/me")
async def show_me(caller: CallerDep, session: SessionDep) -> Me:
    """Show who you are and your role."""
    acting = await log_ins.who_am_i(caller, session)
    shown = AgentOut.of(acting) if acting else None
    return Me(account_id=caller.account_id, role=caller.role, agent=shown)


@router.put(
    "/me/password",
    status_code=204,
    responses=documented(WrongLogIn, NotAllowed, Conflict, TooManyAttempts),
)
async def change_own_password(change: PasswordChange, caller: CallerDep, app: AppStateDep) -> None:
    """Change your own password. All your other log-ins end."""
    current, new = change.current.get_secret_value(), change.new.get_secret_value()
    await log_ins.change_own_password(
        caller, app.sessions, app.passwords, app.attempts, current=current, new=new
    )
