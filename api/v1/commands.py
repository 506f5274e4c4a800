"""What agents do to a conversation that is open: write, note, transfer, return, close.

Each answers when the conversation's journal holds it, so that whoever acts reads their own
write. When no answer comes in time (503) the same request with the same key may be sent again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from api.caller import Caller, CallerDep
from api.errors import NobodyActs
from api.idempotent import Once, OnceDep
from api.parts import Parts, PartsDep
from api.problems import documented
from api.schemas.conversations import CommandAnswer, NewNote, NewReply, Return, Transfer
from api.schemas.shared import UuidPath
from database.queries import conversations, owned, skills
from database.queries.conversations import Done
from database.tables import Agent, Skill
from domain.errors import (
    Conflict,
    ConsumerOptedOut,
    ConversationClosed,
    ConversationInSurvey,
    ConversationNotAssigned,
    MessageEmpty,
    MessageTooLong,
    NotFound,
    TransferRefused,
    Unavailable,
)
from domain.limits import check_outgoing
from workflows.messages import (
    Actor,
    AddNote,
    Close,
    Command,
    Reply,
    ReturnToQueue,
    TransferToAgent,
    TransferToSkill,
)

Written = Callable[[str, Actor], Command]
"""Makes the command from its key and who gives it."""

NOBODY_HOLDS = "Nobody holds the skill {name}. Choose another one, or force it to wait there."

router = APIRouter(
    prefix="/conversations/{conversation_id}",
    tags=["conversations"],
    responses=documented(
        NotFound,
        NobodyActs,
        ConversationNotAssigned,
        ConversationClosed,
        ConversationInSurvey,
        Conflict,
        Unavailable,
    ),
)


@dataclass(frozen=True)
class Desk:
    """A conversation, and somebody who gives it a command."""

    parts: Parts
    caller: Caller
    once: Once
    conversation_id: UUID

    async def give(self, write: Written) -> CommandAnswer:
        """Give the command once and answer what it did."""
        command = write(self.once.command_key, self.caller.actor)

        async def act() -> CommandAnswer:
            return await self._act(command)

        return await self.once.act(self.parts, CommandAnswer, act)

    async def check_visible(self) -> None:
        """Raise `NotFound` for a conversation that one may not see."""
        async with self.parts.sessions.begin() as session:
            await conversations.find(session, self.caller.viewer, self.conversation_id)

    async def _act(self, command: Command) -> CommandAnswer:
        workflow_id, done = await self._look(command)
        if done is None:
            try:
                answer = await self.parts.conversations.command(
                    workflow_id, str(self.conversation_id), command
                )
                return CommandAnswer.model_validate(answer.model_dump())
            except ConversationClosed:
                # It may have been done just before, with the answer lost.
                _, done = await self._look(command)
                if done is None:
                    raise
        return CommandAnswer.model_validate(vars(done))

    async def _look(self, command: Command) -> tuple[str, Done | None]:
        async with self.parts.sessions.begin() as session:
            shown = await conversations.find(session, self.caller.viewer, self.conversation_id)
            done = await conversations.done_by(session, self.conversation_id, command.key)
            return shown.conversation.workflow_id, done


def get_desk(conversation_id: UuidPath, parts: PartsDep, caller: CallerDep, once: OnceDep) -> Desk:
    return Desk(parts, caller, once, conversation_id)


DeskDep = Annotated[Desk, Depends(get_desk)]


@router.post(
    "/replies",
    status_code=201,
    responses=documented(ConsumerOptedOut, ConversationClosed, ConversationInSurvey, Conflict)
    | documented(MessageTooLong, MessageEmpty),
)
async def reply(new: NewReply, desk: DeskDep) -> CommandAnswer:
    """Text the consumer: at most 1600 characters, refused beyond that and never cut."""
    check_outgoing(new.text)
    return await desk.give(lambda key, actor: Reply(key=key, actor=actor, text=new.text))


@router.post("/notes", status_code=201, responses=documented(MessageTooLong, MessageEmpty))
async def add_note(new: NewNote, desk: DeskDep) -> CommandAnswer:
    """Write a private note for colleagues; it changes nothing else."""
    check_outgoing(new.text)
    return await desk.give(lambda key, actor: AddNote(key=key, actor=actor, text=new.text))


@router.post(
    "/transfers",
    responses=documented(TransferRefused, ConversationClosed, ConversationInSurvey, Conflict),
)
async def transfer(wanted: Transfer, desk: DeskDep) -> CommandAnswer:
    """Pass on to another skill or to a named agent; a private note may go along.

    Refused to a skill that nobody holds, unless it is forced.
    """
    note = checked_note(wanted.note)
    if wanted.skill:
        skill = await _skill(desk, wanted.skill, even_unheld=wanted.force)
        return await desk.give(
            lambda key, actor: TransferToSkill(key=key, actor=actor, skill_id=skill.id, note=note)
        )
    agent = await _agent(desk, wanted.agent or "")
    return await desk.give(
        lambda key, actor: TransferToAgent(
            key=key, actor=actor, agent_id=agent.id, agent_name=agent.name, note=note
        )
    )


@router.post("/return-to-queue")
async def return_to_queue(wanted: Return, desk: DeskDep) -> CommandAnswer:
    """Give back to the skill's queue; a different agent is tried first."""
    note = checked_note(wanted.note)
    return await desk.give(lambda key, actor: ReturnToQueue(key=key, actor=actor, note=note))


@router.post("/close")
async def close(desk: DeskDep) -> CommandAnswer:
    """Close; the consumer is asked to rate where there is something to rate."""
    return await desk.give(lambda key, actor: Close(key=key, actor=actor))


def checked_note(note: str | None) -> str | None:
    """Return a note that travels along, None when it is blank. Raises `MessageTooLong`."""
    if note is None or not note.strip():
        return None
    check_outgoing(note)
    return note


async def _skill(desk: Desk, skill_id: str, *, even_unheld: bool) -> Skill:
    async with desk.parts.sessions.begin() as session:
        skill = await owned.find_active(session, Skill, desk.caller.account_id, skill_id)
        if not even_unheld and not await skills.is_held(session, skill.id):
            raise TransferRefused(NOBODY_HOLDS.format(name=skill.name))
    return skill


async def _agent(desk: Desk, agent_id: str) -> Agent:
    async with desk.parts.sessions.begin() as session:
        return await owned.find_active(session, Agent, desk.caller.account_id, agent_id)
