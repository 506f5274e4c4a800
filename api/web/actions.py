"""What agents do on the page: the JSON API's own commands, answered with what changed."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from api.idempotent import OnceDep
from api.parts import PartsDep, SessionDep
from api.schemas.conversations import NewConversation, NewNote, NewReply, Return, Transfer
from api.schemas.people import StateChange
from api.schemas.shared import Text
from api.v1 import agents, commands, opening
from api.v1.commands import Desk, DeskDep
from api.v1.conversations import View
from api.web import workspace
from api.web.rendering import Pages, PagesDep
from api.web.route import HOME, PageRoute, go
from api.web.workspace import STATES, Worker, WorkerDep
from domain.errors import Invalid

FRESH = 20
"""Entries of a transcript that an answer brings along."""

router = APIRouter(prefix="/workspace", route_class=PageRoute)
conversation = APIRouter(prefix="/workspace/{conversation_id}", route_class=PageRoute)

Body = Annotated[Text, Form()]


@router.post("/state")
async def set_state(
    state: Annotated[str, Form()], worker: WorkerDep, session: SessionDep, pages: PagesDep
) -> HTMLResponse:
    """Say whether one takes work now, or why not (`away:Lunch`)."""
    name, _, reason = state.partition(":")
    change = StateChange.model_validate({"state": name, "reason": reason or None})
    await agents.set_state(worker.person.agent_id, change, worker.caller, session)
    own = await workspace.own(session, worker)
    return pages.answer("updates/own.html", own=own, states=STATES, has_state=True)


@router.post("/conversations")
async def begin(
    request: Request,
    line: Annotated[str, Form()],
    number: Annotated[str, Form()],
    text: Body,
    worker: WorkerDep,
    parts: PartsDep,
    once: OnceDep,
) -> Response:
    """Text a number first, and go to the conversation."""
    new = NewConversation(line=line, number=number, text=_lines(text))
    done = await opening.open_conversation(new, parts, worker.caller, once)
    return go(request, f"{HOME}/{done.conversation_id}?view={View.mine}")


@dataclass(frozen=True)
class Acting:
    """Somebody who gives a conversation commands at its page."""

    desk: Desk
    worker: Worker
    pages: Pages

    async def changed(self) -> HTMLResponse:
        """Return the conversation as it stands now: whoever writes reads their own write."""
        conversation_id = self.desk.conversation_id
        async with self.desk.parts.sessions.begin() as session:
            setting = await workspace.setting(session, self.worker.caller.account_id)
            opened = await workspace.opened(
                session, self.worker, conversation_id, setting.names, entries=FRESH
            )
        shown = {"setting": setting, "conversation_id": conversation_id}
        html = self.pages.render("updates/conversation.html", opened=opened, **shown)
        html += self.pages.render("updates/entries.html", entries=opened.timeline.entries, **shown)
        return HTMLResponse(html)


def get_acting(desk: DeskDep, worker: WorkerDep, pages: PagesDep) -> Acting:
    return Acting(desk, worker, pages)


ActingDep = Annotated[Acting, Depends(get_acting)]


@conversation.post("/messages")
async def write(text: Body, kind: Annotated[str, Form()], acting: ActingDep) -> HTMLResponse:
    """Text the consumer, or write a private note."""
    if kind == "note":
        await commands.add_note(NewNote(text=_lines(text)), acting.desk)
    else:
        await commands.reply(NewReply(text=_lines(text)), acting.desk)
    return await acting.changed()


@conversation.post("/transfer")
async def transfer(to: Annotated[str, Form()], acting: ActingDep, note: Body = "") -> HTMLResponse:
    """Pass on to a skill (`skill:<id>`) or to an agent (`agent:<id>`)."""
    await commands.transfer(_target(to, _lines(note)), acting.desk)
    return await acting.changed()


@conversation.post("/return")
async def return_to_queue(acting: ActingDep, note: Body = "") -> HTMLResponse:
    """Give back to the skill's queue."""
    await commands.return_to_queue(Return(note=_lines(note)), acting.desk)
    return await acting.changed()


@conversation.post("/close")
async def close(acting: ActingDep) -> HTMLResponse:
    """Close; the consumer is asked to rate."""
    await commands.close(acting.desk)
    return await acting.changed()


def _target(to: str, note: str) -> Transfer:
    kind, _, row_id = to.partition(":")
    if kind == "skill":
        return Transfer(skill=row_id, note=note)
    if kind == "agent":
        return Transfer(agent=row_id, note=note)
    raise Invalid("Choose where to transfer to.")


def _lines(text: str) -> str:
    """Return a form's text with plain line ends: browsers send two characters for each."""
    return text.replace("\r\n", "\n")
