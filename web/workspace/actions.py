"""What agents do in the workspace. Each command is answered with what changed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import BackendsDep, SessionDep
from api.idempotent import KeyDep
from api.schemas.conversations import Transfer
from api.schemas.openings import NewConversation, OpenedAs
from api.schemas.people import StateChange
from domain.errors import Invalid, NotFound
from domain.origins import contexts
from services import agent_states, blocking, opening, opting_out
from services.commanding import transferring, writing
from services.looking import conversations as looking
from services.looking.conversations import View
from services.uploading import MOST_PICTURES
from web.forms import FormFieldsDep, parse
from web.page_context import STATES, PageUserDep, load_own_status
from web.rendering import PagesDep
from web.route import HOME, PageRoute, redirect
from web.workspace.command_form import CommandFormDep, MessageText, plain_lines
from web.workspace.scheduled_texts import ScheduleDep, schedule

router = APIRouter(prefix="/workspace", route_class=PageRoute)
conversation = APIRouter(prefix="/workspace/{conversation_id}", route_class=PageRoute)


@router.post("/state")
async def set_state(
    state: Annotated[str, Form()], user: PageUserDep, session: SessionDep, pages: PagesDep
) -> HTMLResponse:
    """Set the agent's own state, with a reason when away (`away:Lunch`)."""
    name, _, reason = state.partition(":")
    change = StateChange.model_validate({"state": name, "reason": reason or None})
    own_id = user.person.agent_id
    await agent_states.set_state(user.caller, session, own_id, change.state, change.reason)
    own = await load_own_status(session, user)
    return pages.answer("workspace/updates/own.html", own=own, states=STATES, has_state=True)


@router.post("/conversations")
async def start(
    request: Request,
    line: Annotated[str, Form()],
    number: Annotated[str, Form()],
    text: MessageText,
    user: PageUserDep,
    backends: BackendsDep,
    key: KeyDep,
    form: FormFieldsDep,
) -> Response:
    """Start a conversation with a number, and go to it."""
    about = {name: form.text(name) for name in contexts.LONGEST}
    plain = {"line": line, "number": number, "text": plain_lines(text), "context": about}
    origin = OpenedAs.follow_up if form.is_checked("origin") else OpenedAs.proactive
    new = parse(NewConversation, plain | {"origin": origin}, {})
    done = await opening.open_conversation(user.caller, backends, key, new.opening)
    return redirect(request, f"{HOME}/{done.conversation_id}?view={View.mine}")


@conversation.post("/resume")
async def resume(form: CommandFormDep, text: MessageText) -> Response:
    """Continue a closed conversation in a new one, and go to it."""
    done = await opening.resume(form.context, plain_lines(text))
    return redirect(form.request, f"{HOME}/{done.conversation_id}?view={View.mine}")


@conversation.post("/messages")
async def write(
    kind: Annotated[str, Form()],
    form: CommandFormDep,
    later: ScheduleDep,
    text: MessageText = "",
    picture: Annotated[list[UUID], Form(max_length=MOST_PICTURES)] = [],  # noqa: B006 - copied
) -> Response:
    """Text the consumer now, with pictures, or later; or add a private note."""
    if kind == "note":
        await writing.add_note(form.context, plain_lines(text))
    elif later and picture:
        raise Invalid("Pictures are sent at once. Remove them, or send this now.")
    elif later:
        await schedule(plain_lines(text), later, form)
    else:
        await writing.reply(form.context, plain_lines(text), picture)
    return await form.changed()


@conversation.post("/transfer")
async def transfer(
    to: Annotated[str, Form()], form: CommandFormDep, note: MessageText = ""
) -> Response:
    """Transfer to a skill (`skill:<id>`) or to an agent (`agent:<id>`)."""
    wanted = _target(to, plain_lines(note))
    if wanted.agent:
        await transferring.transfer_to_agent(form.context, wanted.agent, wanted.note)
    else:
        await transferring.transfer_to_skill(form.context, wanted.skill or "", wanted.note)
    return await form.changed()


@conversation.post("/return")
async def return_to_queue(form: CommandFormDep, note: MessageText = "") -> Response:
    """Return to the skill's queue."""
    await transferring.return_to_queue(form.context, plain_lines(note))
    return await form.changed()


@conversation.post("/opt-out")
async def opt_out(request: Request, form: CommandFormDep, session: SessionDep) -> Response:
    """Opt the consumer out; their open conversations close."""
    caller, context = form.user.caller, form.context
    shown = await looking.find_conversation(caller, session, context.conversation_id)
    await opting_out.opt_out(caller, context.backends, shown.consumer.id)
    try:
        return await form.changed()
    except NotFound:  # a waiting conversation closed: the agent no longer sees it
        return redirect(request, f"{HOME}?view={View.mine}")


@conversation.post("/block")
async def block(
    form: CommandFormDep, session: SessionDep, reason: Annotated[str, Form(max_length=600)]
) -> Response:
    """Block the consumer; their open conversations close."""
    caller, context = form.user.caller, form.context
    shown = await looking.find_conversation(caller, session, context.conversation_id)
    await blocking.block(caller, context.backends, shown.consumer.id, reason)
    return await form.changed()


@conversation.post("/unblock")
async def unblock(form: CommandFormDep, session: SessionDep) -> Response:
    """End the block of the consumer."""
    caller, context = form.user.caller, form.context
    shown = await looking.find_conversation(caller, session, context.conversation_id)
    await blocking.unblock(caller, context.backends, shown.consumer.id)
    return await form.changed()


def _target(to: str, note: str) -> Transfer:
    kind, _, row_id = to.partition(":")
    if kind == "skill":
        return Transfer(skill=row_id, note=note)
    if kind == "agent":
        return Transfer(agent=row_id, note=note)
    raise Invalid("Choose a skill or an agent.")
