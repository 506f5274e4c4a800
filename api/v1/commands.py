"""What agents do to a conversation that is open: write, note, transfer, return, close.

Each answers when the conversation's journal holds it, so that whoever acts reads their own
write. Two answers say that there was none: `unavailable`, it was not done, and
`may_still_be_done`, which names the key to ask with.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from api.app_state import AppState, AppStateDep, SessionDep
from api.caller import CallerDep
from api.idempotent import KeyPath, Once, OnceDep, command_key
from api.problems import documented
from api.schemas.conversations import (
    CommandAnswer,
    CommandFound,
    CommandState,
    NewNote,
    NewReply,
    Return,
    Transfer,
)
from api.schemas.shared import UuidPath
from database.queries import account_rows, conversations, idempotency, skills
from database.queries.conversations import Shown
from database.tables import Agent, Skill
from domain.conversation.kinds import Status
from domain.errors import (
    Conflict,
    ConsumerOptedOut,
    ConversationClosed,
    ConversationInSurvey,
    ConversationNotAssigned,
    MayStillBeDone,
    MessageEmpty,
    MessageTooLong,
    NotFound,
    TransferRefused,
    Unavailable,
)
from domain.text.limits import check_outgoing
from services.caller import Caller
from services.errors import NobodyActs
from temporal.conversations import LineConsumer
from workflows.conversation.messages import (
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
Checked = Callable[[], Awaitable[Written]]
"""Refuses what the conversation itself does not, and returns how the command is made."""

UNANSWERED = (Unavailable, MayStillBeDone)
"""The two ways to get no answer: surely not done, and nobody knows yet."""

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
        *UNANSWERED,
    ),
)


@dataclass(frozen=True)
class CommandContext:
    """A conversation, and somebody who gives it a command."""

    parts: AppState
    caller: Caller
    once: Once
    conversation_id: UUID

    async def give(self, write: Written) -> CommandAnswer:
        """Give the command once and answer what it did."""

        async def checked() -> Written:
            return write

        return await self.give_checked(checked)

    async def give_checked(self, check: Checked) -> CommandAnswer:
        """Give a command that must be checked first, unless it was done already."""
        actor = self.caller.actor

        async def act() -> CommandAnswer:
            return await self._find() or await self._command((await check())(self.key, actor))

        return await self.once.act(self.parts, CommandAnswer, act, look=self._find)

    @property
    def key(self) -> str:
        return self.once.command_key

    async def check_visible(self) -> None:
        """Raise `NotFound` for a conversation that one may not see."""
        async with self.parts.sessions.begin() as session:
            await conversations.find(session, self.caller.viewer, self.conversation_id)

    async def _command(self, command: Command) -> CommandAnswer:
        async with self.parts.sessions.begin() as session:
            shown = await conversations.find(session, self.caller.viewer, self.conversation_id)
        row = shown.conversation
        if row.status == Status.closed:
            raise ConversationClosed
        done = await self.parts.conversations.command(
            thread_of(shown), str(row.id), command, row_sequence=row.sequence
        )
        return CommandAnswer.model_validate(done.model_dump())

    async def _find(self) -> CommandAnswer | None:
        # Asked by a key that only this caller can have: what they did is theirs to know, also
        # where they may not see the conversation any more.
        async with self.parts.sessions.begin() as session:
            done = await conversations.done_by(session, self.conversation_id, self.key)
        return CommandAnswer.model_validate(vars(done)) if done else None


def thread_of(shown: Shown) -> LineConsumer:
    """Return the thread of a conversation, as its workflow is started from where it is gone."""
    row, consumer = shown.conversation, shown.consumer
    return LineConsumer(
        account_id=row.account_id,
        line_id=row.line_id,
        consumer_id=str(row.consumer_id),
        summary=f"{consumer.number} on {row.line_id}",
        skill_id=row.skill_id,
    )


def get_command_context(
    conversation_id: UuidPath, parts: AppStateDep, caller: CallerDep, once: OnceDep
) -> CommandContext:
    return CommandContext(parts, caller, once, conversation_id)


CommandContextDep = Annotated[CommandContext, Depends(get_command_context)]


@router.post(
    "/replies",
    status_code=201,
    responses=documented(ConsumerOptedOut, ConversationClosed, ConversationInSurvey, Conflict)
    | documented(MessageTooLong, MessageEmpty),
)
async def reply(new: NewReply, desk: CommandContextDep) -> CommandAnswer:
    """Text the consumer: at most 1600 characters, refused beyond that and never cut."""
    check_outgoing(new.text)
    return await desk.give(lambda key, actor: Reply(key=key, actor=actor, text=new.text))


@router.post("/notes", status_code=201, responses=documented(MessageTooLong, MessageEmpty))
async def add_note(new: NewNote, desk: CommandContextDep) -> CommandAnswer:
    """Write a private note for colleagues; it changes nothing else."""
    check_outgoing(new.text)
    return await desk.give(lambda key, actor: AddNote(key=key, actor=actor, text=new.text))


@router.post(
    "/transfers",
    responses=documented(TransferRefused, ConversationClosed, ConversationInSurvey, Conflict),
)
async def transfer(wanted: Transfer, desk: CommandContextDep) -> CommandAnswer:
    """Pass on to another skill or to a named agent; a private note may go along.

    Refused to a skill that nobody holds, unless it is forced.
    """
    note = checked_note(wanted.note)

    async def to_skill() -> Written:
        skill = await _skill(desk, wanted.skill or "", even_unheld=wanted.force)
        return lambda key, actor: TransferToSkill(
            key=key, actor=actor, skill_id=skill.id, note=note
        )

    async def to_agent() -> Written:
        agent = await _agent(desk, wanted.agent or "")
        return lambda key, actor: TransferToAgent(
            key=key, actor=actor, agent_id=agent.id, agent_name=agent.name, note=note
        )

    return await desk.give_checked(to_skill if wanted.skill else to_agent)


@router.post("/return-to-queue")
async def return_to_queue(wanted: Return, desk: CommandContextDep) -> CommandAnswer:
    """Give back to the skill's queue; a different agent is tried first."""
    note = checked_note(wanted.note)
    return await desk.give(lambda key, actor: ReturnToQueue(key=key, actor=actor, note=note))


@router.post("/close")
async def close(desk: CommandContextDep) -> CommandAnswer:
    """Close; the consumer is asked to rate where there is something to rate."""
    return await desk.give(lambda key, actor: Close(key=key, actor=actor))


@router.get("/commands/{key}")
async def find_command(
    conversation_id: UuidPath, key: KeyPath, caller: CallerDep, session: SessionDep
) -> CommandFound:
    """Ask, without doing anything, what became of a command of one's own, by its key."""
    whole = command_key(caller, key)
    done = await conversations.done_by(session, conversation_id, whole)
    if done:
        return CommandFound(state=CommandState.done, done=CommandAnswer.model_validate(vars(done)))
    await conversations.find(session, caller.viewer, conversation_id)
    is_begun = await idempotency.is_claimed(session, caller.account_id, caller.id, key)
    return CommandFound(state=CommandState.may_still_be_done if is_begun else CommandState.unknown)


def checked_note(note: str | None) -> str | None:
    """Return a note that travels along, None when it is blank. Raises `MessageTooLong`."""
    if note is None or not note.strip():
        return None
    check_outgoing(note)
    return note


async def _skill(desk: CommandContext, skill_id: str, *, even_unheld: bool) -> Skill:
    async with desk.parts.sessions.begin() as session:
        skill = await account_rows.find_active(session, Skill, desk.caller.account_id, skill_id)
        if not even_unheld and not await skills.is_held(session, skill.id):
            raise TransferRefused(NOBODY_HOLDS.format(name=skill.name))
    return skill


async def _agent(desk: CommandContext, agent_id: str) -> Agent:
    async with desk.parts.sessions.begin() as session:
        return await account_rows.find_active(session, Agent, desk.caller.account_id, agent_id)
