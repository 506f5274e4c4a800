"""What agents do on the page: the JSON API's own commands, answered with what changed."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import BackendsDep, SessionDep
from api.idempotent import KeyDep
from api.schemas.conversation_settings import ConversationLanguage
from api.schemas.conversations import NewConversation, Transfer
from api.schemas.people import StateChange
from domain.errors import Invalid, NotFound
from services import agent_states, opening, opting_out
from services.commanding import conversation_settings, transferring, writing
from services.looking import conversations as looking
from services.looking.conversations import View
from web.page_context import STATES, PageUserDep, load_own_status
from web.rendering import PagesDep
from web.route import HOME, PageRoute, go
from web.workspace.command_form import Body, CommandFormDep, lines
from web.workspace.scheduled_texts import LaterDep, schedule

router = APIRouter(prefix="/workspace", route_class=PageRoute)
conversation = APIRouter(prefix="/workspace/{conversation_id}", route_class=PageRoute)


@router.post("/state")
async def set_state(
    state: Annotated[str, Form()], user: PageUserDep, session: SessionDep, pages: PagesDep
) -> HTMLResponse:
    """Say whether one takes work now, or why not (`away:Lunch`)."""
    name, _, reason = state.partition(":")
    change = StateChange.model_validate({"state": name, "reason": reason or None})
    own_id = user.person.agent_id
    await agent_states.set_state(user.caller, session, own_id, change.state, change.reason)
    own = await load_own_status(session, user)
    return pages.answer("workspace/updates/own.html", own=own, states=STATES, has_state=True)


@router.post("/conversations")
async def begin(
    request: Request,
    line: Annotated[str, Form()],
    number: Annotated[str, Form()],
    text: Body,
    user: PageUserDep,
    backends: BackendsDep,
    key: KeyDep,
) -> Response:
    """Text a number first, and go to the conversation."""
    new = NewConversation(line=line, number=number, text=lines(text))
    wanted = opening.Opening(new.line, new.number, new.text)
    done = await opening.open_conversation(user.caller, backends, key, wanted)
    return go(request, f"{HOME}/{done.conversation_id}?view={View.mine}")


@conversation.post("/messages")
async def write(
    text: Body, kind: Annotated[str, Form()], acting: CommandFormDep, later: LaterDep
) -> Response:
    """Text the consumer, now or later, or write a private note."""
    if kind == "note":
        await writing.add_note(acting.context, lines(text))
    elif later:
        await schedule(lines(text), later, acting)
    else:
        await writing.reply(acting.context, lines(text))
    return await acting.changed()


@conversation.post("/language")
async def set_language(acting: CommandFormDep, language: Annotated[str, Form()]) -> Response:
    """Say in which language the consumer writes."""
    wanted = ConversationLanguage(language=language)
    await conversation_settings.set_language(acting.context, wanted.language)
    return await acting.changed()


@conversation.post("/transfer")
async def transfer(to: Annotated[str, Form()], acting: CommandFormDep, note: Body = "") -> Response:
    """Pass on to a skill (`skill:<id>`) or to an agent (`agent:<id>`)."""
    wanted = _target(to, lines(note))
    if wanted.agent:
        await transferring.transfer_to_agent(acting.context, wanted.agent, wanted.note)
    else:
        await transferring.transfer_to_skill(acting.context, wanted.skill or "", wanted.note)
    return await acting.changed()


@conversation.post("/return")
async def return_to_queue(acting: CommandFormDep, note: Body = "") -> Response:
    """Give back to the skill's queue."""
    await transferring.return_to_queue(acting.context, lines(note))
    return await acting.changed()


@conversation.post("/close")
async def close(acting: CommandFormDep) -> Response:
    """Close; the consumer is asked to rate."""
    await transferring.close(acting.context)
    return await acting.changed()


@conversation.post("/opt-out")
async def opt_out(request: Request, acting: CommandFormDep, session: SessionDep) -> Response:
    """Record that the consumer wants no more texts; what is open with them closes."""
    caller, context = acting.user.caller, acting.context
    shown = await looking.find_conversation(caller, session, context.conversation_id)
    await opting_out.opt_out(caller, context.backends, shown.consumer.id)
    try:
        return await acting.changed()
    except NotFound:  # it waited for somebody, and nobody waits any more
        return go(request, f"{HOME}?view={View.mine}")


def _target(to: str, note: str) -> Transfer:
    kind, _, row_id = to.partition(":")
    if kind == "skill":
        return Transfer(skill=row_id, note=note)
    if kind == "agent":
        return Transfer(agent=row_id, note=note)
    raise Invalid("Choose where to transfer to.")
