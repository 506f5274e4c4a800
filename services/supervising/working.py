"""Works off actions for many conversations: a task of every worker process.

A job belongs to whoever has moved its time on, for half a minute at a time; if that process dies,
another goes on. Each conversation's command has a key made of job and conversation, so whatever is
done twice is done once.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import NOT_DONE
from database.direct import Direct
from database.queries import (
    account_rows,
    bulk,
    consumers,
    conversations,
    labels,
    priorities,
    proofs,
)
from database.queries.conversations import ListedConversation
from database.tables import Agent, ApiToken, BulkItem, BulkJob
from domain.board.kinds import BulkKind, BulkStatus, ItemState
from domain.conversation.inputs import Person
from domain.conversation.kinds import Status
from domain.errors import (
    Conflict,
    DomainError,
    MayStillBeDone,
    TransferRefused,
    Unavailable,
)
from domain.people.roles import Role
from domain.people.token_scopes import understood
from domain.settings.priorities import Priority
from services import labelling, opting_out, prioritising
from services.backends import Backends
from services.caller import Caller, Proof
from services.clock import utc_now
from services.commanding import closing, transferring
from services.commanding.closing import Closing
from services.commanding.context import CommandContext
from services.once import Key, command_key_of
from services.supervising.bulk import check_may, end
from services.supervising.inputs import BulkAction

POLL_SECONDS = 1.0
LEASE = timedelta(seconds=30)
"""Ours: longer than a command waits for its answer, so that no other process goes on meanwhile."""
AGAIN_AFTER = timedelta(seconds=POLL_SECONDS)
"""When the database did not answer. Ours."""
AT_ONCE = 4
"""Conversations of a job at the same time. Ours: agents' own commands must not wait behind them."""
MOST_ATTEMPTS = 12
"""Without an answer. Ours: about ten minutes, as long as Temporal is rarely away."""
LONGEST_PAUSE = timedelta(minutes=1)
UNANSWERED = (Unavailable, MayStillBeDone, *NOT_DONE)
NO_ANSWER = ("no_answer", "There was no answer. Look at the conversation.")
FAILED = ("failed", "Something went wrong on our side. Look at the conversation.")
MOVED_ON = "It has been moved since."
SET_SINCE = "Its priority has been set since."

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class BulkWork:
    """Does what jobs are for. Any number of processes may run it at once."""

    backends: Backends

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                is_idle = not await self.work()
            except NOT_DONE as error:
                log.warning("bulk_job_waits", error=type(error).__name__)
                is_idle = True
            if is_idle:
                await asyncio.sleep(POLL_SECONDS)

    async def work(self) -> bool:
        """Go on with one job, if there is any; returns whether there was."""
        now = await self.backends.sessions.clock.now()
        async with self.backends.sessions.begin() as session:
            job_id = await bulk.claim(session, now, now + LEASE)
        if job_id is None:
            return False
        async with self.backends.sessions.begin() as session:
            job = await session.get_one(BulkJob, job_id)
            caller = await _caller(session, self.backends.sessions.direct, job)
            if caller is None:
                await bulk.stop(session, job_id, BulkStatus.stopped)
        try:
            await self._work_off(job, caller)
        except NOT_DONE:
            # Nothing of it is under way here any more, so that nobody has to wait for the lease.
            until = await self.backends.sessions.clock.now() + AGAIN_AFTER
            async with self.backends.sessions.begin() as session:
                await bulk.keep(session, job.id, until)
            raise
        return True

    async def _work_off(self, job: BulkJob, caller: Caller | None) -> None:
        """Do what is left of a job; once it was cancelled or stopped, only what was begun."""
        while True:
            now = await self.backends.sessions.clock.now()
            async with self.backends.sessions.begin() as session:
                status = await bulk.keep(session, job.id, now + LEASE)
                if status is None:
                    return
                begun_only = status is not BulkStatus.running
                items = await bulk.next_items(session, job.id, now, AT_ONCE, begun_only=begun_only)
                next_due = await bulk.next_due(session, job.id, begun_only=begun_only)
            if items:
                settling = (self._settle(job, caller, item) for item in items)
                for failed in await asyncio.gather(*settling, return_exceptions=True):
                    if failed is not None:
                        raise failed
                continue
            async with self.backends.sessions.begin() as session:
                if next_due is None:
                    await end(session, job)
                else:
                    await bulk.keep(session, job.id, next_due)
            return

    async def _settle(self, job: BulkJob, caller: Caller | None, item: BulkItem) -> None:
        """Do one conversation, and keep what became of it."""
        state = ItemState.done
        told: tuple[str | None, str | None] = (None, None)
        try:
            if caller is None:
                is_done = await self._was_done(job, item)
                state, told = (ItemState.done, told) if is_done else (ItemState.refused, NO_ANSWER)
            elif not await self._do(job, caller, item):
                return
        except UNANSWERED as error:
            if item.attempts < MOST_ATTEMPTS:
                await self._put_off(job, item, error)
                return
            state, told = ItemState.refused, NO_ANSWER
        except DomainError as error:
            state, told = ItemState.refused, (error.code, error.detail)
        except Exception as error:
            # A mistake of ours with one conversation must not stop the others for good.
            log.error("bulk_item_failed", error=type(error).__name__)
            state, told = ItemState.refused, FAILED
        code, sentence = told
        async with self.backends.sessions.begin() as session:
            await bulk.settle(session, item, state, utc_now(), code=code, sentence=sentence)

    async def _put_off(self, job: BulkJob, item: BulkItem, error: Exception) -> None:
        log.info("bulk_item_put_off", error=type(error).__name__, attempts=item.attempts)
        pause = min(timedelta(seconds=2**item.attempts), LONGEST_PAUSE)
        # An opt-out is recorded before its conversations are told, and may then find nobody.
        is_undone = isinstance(error, Unavailable) and job.kind != str(BulkKind.opt_out)
        now = await self.backends.sessions.clock.now()
        async with self.backends.sessions.begin() as session:
            await bulk.put_off(session, item, pause, now, is_undone=is_undone)

    async def _do(self, job: BulkJob, caller: Caller, item: BulkItem) -> bool:
        """Do what a job is for to one conversation; False: it is not to be done any more."""
        action = BulkAction.model_validate(job.input)
        if action.kind is BulkKind.label:
            return await self._label(caller, item, action, is_undo=job.undoes is not None)
        if action.kind is BulkKind.priority:
            return await self._prioritise(caller, item, action, is_undo=job.undoes is not None)
        async with self.backends.sessions.begin() as session:
            before = await _begun(session, caller, item)
        if before is None:
            return False
        context = CommandContext(caller, self.backends, item.conversation_id, _key(item))
        match action.kind:
            case BulkKind.transfer if job.undoes is None:
                await _transfer(context, action)
            case BulkKind.transfer:
                await _transfer_back(context, action, before)
            case BulkKind.close:
                await closing.close(context, _closing(action))
            case BulkKind.opt_out:
                await opting_out.opt_out(caller, self.backends, UUID(before["consumer_id"]))
        return True

    async def _label(
        self, caller: Caller, item: BulkItem, action: BulkAction, *, is_undo: bool
    ) -> bool:
        """Change labels and settle it in one transaction: nobody's change comes in between."""
        add, remove = set(action.add), set(action.remove)
        async with self.backends.sessions.begin() as session:
            await labels.taken_in_turn(session, item.conversation_id)
            before = await _begun(session, caller, item)
            if before is None:
                return False
            if is_undo:
                had = set(before.get("labels", ()))
                add, remove = remove & had, add - had
            await labelling.change_labels(
                caller, session, item.conversation_id, add=add, remove=remove
            )
            await bulk.settle(session, item, ItemState.done, utc_now())
        return True

    async def _prioritise(
        self, caller: Caller, item: BulkItem, action: BulkAction, *, is_undo: bool
    ) -> bool:
        """Set a priority, or put back the one before, and settle it in one transaction.

        Raises `Conflict` for one that somebody has set since.
        """
        wanted = action.priority
        async with self.backends.sessions.begin() as session:
            now = await priorities.taken_in_turn(session, item.conversation_id)
            before = await _begun(session, caller, item)
            if before is None:
                return False
            if is_undo:
                wanted = Priority(before.get("priority", Priority.normal))
                if now not in (action.priority, wanted):
                    raise Conflict(SET_SINCE)
            if wanted is not None:
                await prioritising.set_priority(caller, session, item.conversation_id, wanted)
            await bulk.settle(session, item, ItemState.done, utc_now())
        return True

    async def _was_done(self, job: BulkJob, item: BulkItem) -> bool:
        """Say whether what was begun was done, for somebody who may not do it any more."""
        async with self.backends.sessions.begin() as session:
            if job.kind == str(BulkKind.opt_out):
                consumer_id = UUID((item.before or {})["consumer_id"])
                return await consumers.is_opted_out_of_all(session, consumer_id)
            key = command_key_of(job.token_id or job.agent_id, _key(item).value)
            return await conversations.done_by(session, item.conversation_id, key) is not None


def _key(item: BulkItem) -> Key:
    return Key(f"bulk/{item.job_id}/{item.conversation_id}", is_given=False)


async def _begun(session: AsyncSession, caller: Caller, item: BulkItem) -> Mapping[str, Any] | None:
    """Begin with a conversation, and return how it was before; before what is undone, if that is.

    None: it is not to be done any more.
    """
    shown = await conversations.find(session, caller.viewer, item.conversation_id)
    on_it = await labels.on_conversation(session, item.conversation_id)
    return await bulk.begin(session, item, utc_now(), _as_it_is(shown, on_it))


async def _transfer(context: CommandContext, action: BulkAction) -> None:
    if action.skill is not None:
        await transferring.transfer_to_skill(context, action.skill, action.note, even_unheld=True)
    elif action.agent is not None:
        await transferring.transfer_to_agent(context, action.agent, action.note)


async def _transfer_back(
    context: CommandContext, action: BulkAction, before: Mapping[str, Any]
) -> None:
    """Transfer to where a conversation was: first to its skill, which a transfer to an agent keeps.

    Raises `Conflict` if it is somewhere else by now, or if its agent is retired.
    """
    agent_id = before.get("agent_id")
    async with context.backends.sessions.begin() as session:
        if agent_id:
            await account_rows.find_active(session, Agent, context.caller.account_id, agent_id)
        shown = await conversations.find(session, context.caller.viewer, context.conversation_id)
        done = await conversations.done_by(session, context.conversation_id, context.command_key)
        requested = await bulk.requested_agent(session, context.conversation_id)
    if done is None and not _is_where(shown, action, requested):
        raise Conflict(MOVED_ON)
    if action.skill is None and agent_id:
        await transferring.transfer_to_agent(context, agent_id, None)
        return
    await transferring.transfer_to_skill(context, before["skill_id"], None, even_unheld=True)
    if agent_id:
        await _to_agent_again(context, agent_id)


async def _to_agent_again(context: CommandContext, agent_id: str) -> None:
    """Transfer to the agent as well, unless the skill's queue has led to them at once."""
    second = replace(context, key=replace(context.key, value=f"{context.key.value}/agent"))
    try:
        await transferring.transfer_to_agent(second, agent_id, None)
    except TransferRefused:
        async with context.backends.sessions.begin() as session:
            shown = await conversations.find(
                session, context.caller.viewer, context.conversation_id
            )
        if shown.conversation.agent_id != agent_id:
            raise


def _is_where(shown: ListedConversation, action: BulkAction, requested: str | None) -> bool:
    """Say whether a conversation is where a transfer has put it."""
    row = shown.conversation
    if action.skill is not None:
        return row.skill_id == action.skill
    return action.agent in (row.agent_id, requested)


def _closing(action: BulkAction) -> Closing:
    return Closing(reason=action.reason, asks_rating=action.asks_rating)


def _as_it_is(shown: ListedConversation, on_it: Sequence[str]) -> Mapping[str, Any]:
    row = shown.conversation
    is_held = row.status == Status.assigned
    return {
        "skill_id": row.skill_id,
        "agent_id": row.agent_id if is_held else None,
        "labels": list(on_it),
        "priority": row.priority,
        "consumer_id": str(row.consumer_id),
    }


async def _caller(session: AsyncSession, direct: Direct, job: BulkJob) -> Caller | None:
    """Return who does a job, with the role they have now; None: they may not do it any more."""
    led = (await proofs.people(direct, [job.agent_id]))[job.agent_id].led
    agent = await account_rows.find(session, Agent, job.account_id, job.agent_id)
    if agent.retired_at is not None:
        return None
    token = await session.get(ApiToken, job.token_id) if job.token_id else None
    if token is not None and token.revoked_at is not None:
        return None
    role = Role(agent.role)
    caller = Caller(
        job.account_id,
        job.token_id or agent.id,
        role,
        Person(agent_id=agent.id, name=agent.name, role=role),
        Proof(b"bulk", is_program=token is not None, acts_for=agent.id),
        understood(token.scopes) if token else None,
        led=led,
    )
    try:
        check_may(caller, BulkKind(job.kind))
    except DomainError:
        return None
    return caller
