"""Logging in and out, and who one is."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from api.caller import COOKIE, CallerDep
from api.clock import utc_now
from api.errors import TooManyAttempts, WrongLogIn
from api.parts import Parts, PartsDep, SessionDep
from api.passwords import SESSION_PREFIX, digest, new_secret
from api.problems import documented
from api.schemas.people import AgentOut, LoggedIn, LogIn, Me, PasswordChange
from database.queries import agent_states, agents, owned, sessions
from database.tables import Agent, Session
from domain.errors import NotAllowed

router = APIRouter(tags=["log-in"])


@router.post("/sessions", status_code=201, responses=documented(WrongLogIn, TooManyAttempts))
async def log_in(
    log_in: LogIn, request: Request, response: Response, parts: PartsDep, session: SessionDep
) -> LoggedIn:
    """Log a person in; the answer also sets the cookie browsers use."""
    client = request.client.host if request.client else "unknown"
    await parts.attempts.count(client, log_in.email)
    agent = await check_password(parts, session, log_in)
    token, expires_at = new_secret(SESSION_PREFIX), utc_now() + lifetime(parts)
    session.add(Session(token_hash=digest(token), agent_id=agent.id, expires_at=expires_at))
    set_cookie(response, parts, token)
    shown = (await agents.working(session, [agent]))[0]
    return LoggedIn(token=token, expires_at=expires_at, agent=AgentOut.of(shown))


async def check_password(parts: Parts, session: SessionDep, log_in: LogIn) -> Agent:
    """Return who has this address and password. Raises `WrongLogIn`, after the same time."""
    known = "\0" not in log_in.email
    agent = await agents.by_email(session, log_in.email) if known else None
    password_hash = agent.password_hash if agent else None
    password = log_in.password.get_secret_value()
    checked = await parts.passwords.check(password, password_hash)
    if agent is None or not checked.is_right:
        raise WrongLogIn
    if checked.new_hash:
        agent.password_hash = checked.new_hash
    return agent


def lifetime(parts: Parts) -> timedelta:
    return timedelta(hours=parts.settings.web.session_hours)


def set_cookie(response: Response, parts: Parts, token: str) -> None:
    """Give a browser its log-in: out of reach of scripts and of other sites' forms."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(lifetime(parts).total_seconds()),
        httponly=True,
        samesite="lax",
        secure=parts.settings.web.is_public_https,
    )


@router.delete("/sessions/current", status_code=204)
async def log_out(caller: CallerDep, session: SessionDep, response: Response) -> None:
    """End the log-in this request was made with; with their last one an agent is offline.

    A program has none to end.
    """
    response.delete_cookie(COOKIE)
    if caller.session_hash is None or caller.person is None:
        return
    await sessions.log_out(session, caller.session_hash)
    await agent_states.log_out(session, caller.person.agent_id, utc_now())


@router.get("/me")
async def me(caller: CallerDep, session: SessionDep) -> Me:
    """Say who calls and what they may do."""
    shown = None
    if caller.person:
        agent = await owned.find(session, Agent, caller.account_id, caller.person.agent_id)
        shown = AgentOut.of((await agents.working(session, [agent]))[0])
    return Me(account_id=caller.account_id, role=caller.role, agent=shown)


@router.put(
    "/me/password", status_code=204, responses=documented(WrongLogIn, NotAllowed, TooManyAttempts)
)
async def change_own_password(
    change: PasswordChange, caller: CallerDep, parts: PartsDep, session: SessionDep
) -> None:
    """Change one's own password; all other log-ins of oneself end."""
    if caller.person is None or caller.session_hash is None:
        raise NotAllowed("Only people have passwords.")
    agent = await owned.find_active(session, Agent, caller.account_id, caller.person.agent_id)
    await parts.attempts.count("password", agent.email)
    current = change.current.get_secret_value()
    checked = await parts.passwords.check(current, agent.password_hash)
    if not checked.is_right:
        raise WrongLogIn("The current password is wrong.")
    agent.password_hash = await parts.passwords.hash(change.new.get_secret_value())
    await sessions.log_out_everywhere(session, agent.id, but=caller.session_hash)
