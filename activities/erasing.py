"""The activity of an erasure: does what is left of it, and says how far it is.

Each piece is one transaction that locks the erasure's row, and finds what is left by itself. So it
may stop at any line, and run twice.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.beating import beating
from activities.erasing_files import erase_from
from database.away import NOT_DONE
from database.engine import Sessions
from database.erasing import rows
from database.erasing.rows import About
from database.erasing.tables import PERSONAL
from database.queries import erasures
from database.queries.exports import states as exports
from database.queries.system_close import close_by_system
from database.tables import Erasure
from domain.erasure.kinds import ErasureStatus
from domain.errors import Unavailable
from media.store import MediaStore
from temporal.conversations import ConversationClient, WorkflowGone
from temporal.erasures import Histories
from temporal.exports import ExportClient
from workflows.erasure.messages import ERASE, ErasureGoesOn, ErasureRun

AT_ONCE = 500
"""Rows of one transaction. Ours: some milliseconds, and texts of others wait no longer."""
WORKS_SECONDS = 60.0
"""Ours: then the activity returns, so that a pause or a stop of the worker is no loss."""
LOOKS_AGAIN = 1.0
"""Seconds until a conversation that is told to end has ended. Ours."""
DELETED_WITHIN = 5.0
"""Seconds until it is looked whether Temporal has deleted histories: it takes half a minute."""
PATIENCE = timedelta(minutes=5)
"""After this time a conversation is ended without its workflow, which does not answer. Ours."""
NEGLECTED = timedelta(minutes=5)
"""When a workflow is started again of which nothing was heard. Ours."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Erasing:
    """Erases consumers."""

    sessions: Sessions
    store: MediaStore
    conversations: ConversationClient

    @activity.defn(name=ERASE)
    async def erase(self, run: ErasureRun) -> ErasureGoesOn:
        """Go on with an erasure."""
        try:
            async with beating():
                return await self.go_on(run.erasure_id)
        except (Unavailable, *NOT_DONE) as error:
            kind = type(error).__name__
            log.warning("erasure_waits", erasure_id=str(run.erasure_id), error=kind)
            raise ApplicationError("Something did not answer.", type=kind) from None

    async def go_on(self, erasure_id: UUID) -> ErasureGoesOn:
        """Do what is next. Raises `Unavailable`, and the errors of the database."""
        now = await self.sessions.clock.now()
        async with self.sessions.begin() as session:
            erasure = await erasures.lock(session, erasure_id)
            if erasure is None or erasure.ended_at is not None:
                return ErasureGoesOn(status=ErasureStatus.done)
            erasure.due_at, erasure.starts = now + NEGLECTED, 0
        match ErasureStatus(erasure.status):
            case ErasureStatus.closing:
                return await self._close(erasure)
            case ErasureStatus.erasing:
                return await self._erase(erasure)
            case _:
                return await self._delete_histories(erasure)

    async def _close(self, erasure: Erasure) -> ErasureGoesOn:
        await self._end_conversations(erasure)
        now = await self.sessions.clock.now()
        async with self.sessions.begin() as session:
            locked = await erasures.lock(session, erasure.id)
            if locked is None or locked.status != ErasureStatus.closing:
                return ErasureGoesOn(status=ErasureStatus.erasing)
            if not await erasures.detach(session, locked, _consumers(erasure), now):
                return _waits(ErasureStatus.closing)
        return ErasureGoesOn(status=ErasureStatus.erasing)

    async def _end_conversations(self, erasure: Erasure) -> int:
        """Tell the open conversations to end, and return how many there are."""
        async with self.sessions() as session:
            threads = await erasures.open_threads(session, _consumers(erasure))
        is_late = erasure.asked_at < await self.sessions.clock.now() - PATIENCE
        for one in threads:
            try:
                if is_late:
                    await self.conversations.terminate(one.workflow_id)
                    raise WorkflowGone(one.workflow_id)
                await self.conversations.end(one.workflow_id, str(one.conversation_id))
            except WorkflowGone:
                await close_by_system(self.sessions, one.conversation_id)
        return len(threads)

    async def _erase(self, erasure: Erasure) -> ErasureGoesOn:
        """Erase rows and files until none is left, or it is time to return."""
        ends = time.monotonic() + WORKS_SECONDS
        about = await self._about(erasure)
        while time.monotonic() < ends:
            if not await self._erase_some(erasure.id, about):
                return await self._erased(erasure)
        return ErasureGoesOn(status=ErasureStatus.erasing)

    async def _about(self, erasure: Erasure) -> About:
        consumers = _consumers(erasure)
        async with self.sessions() as session:
            theirs = await erasures.conversations(session, consumers)
        sought = erasures.sought_of(erasure)
        return About(erasure.account_id, theirs, consumers, sought)

    async def _erase_some(self, erasure_id: UUID, about: About) -> int:
        """Erase some rows of the first table that has any. Returns how many."""
        for name, table in PERSONAL.items():
            async with self.sessions.begin() as session:
                erasure = await erasures.lock(session, erasure_id)
                gone = await erase_from(session, self.store, name, about, AT_ONCE)
                if gone and erasure:
                    erasures.add_counts(erasure, {table.kind: gone})
            if gone:
                return gone
        return 0

    async def _erased(self, erasure: Erasure) -> ErasureGoesOn:
        """Go on to what Temporal keeps, unless a late text has opened a conversation meanwhile."""
        if await self._end_conversations(erasure):
            return _waits(ErasureStatus.erasing)
        now = await self.sessions.clock.now()
        async with self.sessions.begin() as session:
            of = (erasure.account_id, now, _consumers(erasure))
            keys = await exports.take_back(session, *of)
        await self.store.delete(keys)
        async with self.sessions.begin() as session:
            await exports.forget_deleted(session, keys)
            begun = await exports.begun_at(session, erasure.account_id, now)
        await self._make_anew(begun)
        return await self._moved(erasure.id, ErasureStatus.histories)

    async def _make_anew(self, ids: Sequence[UUID]) -> None:
        """Have exports made again. What this does not start, a worker does within minutes."""
        client = ExportClient(self.conversations.client, self.conversations.task_queue)
        for one in ids:
            try:
                await client.start(one)
            except Unavailable:
                log.warning("export_not_started", export_id=str(one))
                return

    async def _delete_histories(self, erasure: Erasure) -> ErasureGoesOn:
        if await self._end_conversations(erasure):
            return await self._moved(erasure.id, ErasureStatus.erasing, wait=LOOKS_AGAIN)
        async with self.sessions() as session:
            workflows = await erasures.workflows(session, _consumers(erasure))
        histories = Histories(self.conversations.client)
        left = [await histories.delete(one) for one in workflows]
        if any(left):
            return ErasureGoesOn(status=ErasureStatus.histories, wait_seconds=DELETED_WITHIN)
        return await self._end(erasure)

    async def _end(self, erasure: Erasure) -> ErasureGoesOn:
        """End it if nothing came meanwhile: what a worker wrote that was under way goes as well."""
        about = await self._about(erasure)
        async with self.sessions() as session:
            left = [await rows.count(session, name, about) for name in PERSONAL]
        if any(left):
            return await self._moved(erasure.id, ErasureStatus.erasing)
        now = await self.sessions.clock.now()
        async with self.sessions.begin() as session:
            await erasures.end(session, erasure.id, now)
        log.info("erasure_done", erasure_id=str(erasure.id))
        return ErasureGoesOn(status=ErasureStatus.done)

    async def _moved(
        self, erasure_id: UUID, status: ErasureStatus, wait: float | None = None
    ) -> ErasureGoesOn:
        async with self.sessions.begin() as session:
            locked = await erasures.lock(session, erasure_id)
            if locked and locked.ended_at is None:
                locked.status = str(status)
        return ErasureGoesOn(status=status, wait_seconds=wait)


def _consumers(erasure: Erasure) -> Sequence[UUID]:
    return [UUID(one) for one in erasure.consumer_ids]


def _waits(status: ErasureStatus) -> ErasureGoesOn:
    return ErasureGoesOn(status=status, wait_seconds=LOOKS_AGAIN)
