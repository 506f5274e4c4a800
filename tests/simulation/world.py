"""The world of one schedule: servers, workers, people and the clock, and what they know."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from database.queries.routing import Assignment
from domain.conversation.inputs import ReceivedText
from domain.routing.kinds import AcceptMode
from routing.opt_outs import OptOuts
from routing.reviving import Reviving
from routing.watches import Watches
from temporal.conversations import ConversationClient, Thread
from tests.simulation import instance
from tests.simulation.carrier import Carrier
from tests.simulation.clock import Now
from tests.simulation.database import Database
from tests.simulation.product import INPUTS, Activities
from tests.simulation.server import Gone, Run, Server
from tests.simulation.worker import Worker
from workflows.conversation.messages import (
    AgentAssigned,
    AgentOffered,
    ConsumerTexts,
    LookAgain,
    OptOutReported,
)

TEN = datetime(2026, 3, 2, 10, tzinfo=UTC)
ACCOUNT, LINE = "acme", "acme-line"
LOOP = asyncio.new_event_loop()
"""For what gathers: everything on it ends before anything else happens."""


def together(under_way: Coroutine[Any, Any, Any]) -> Any:
    """Run something that does several things at once."""
    return LOOP.run_until_complete(under_way)


class Clients(ConversationClient):
    """How everybody reaches the workflows."""

    def __init__(self, server: Server, world: "World") -> None:
        self.server = server
        self.world = world

    async def hand_over(self, thread: Thread, texts: Sequence[ReceivedText]) -> None:
        signal: ReceivedText | ConsumerTexts = (
            texts[0] if len(texts) == 1 else ConsumerTexts(texts=tuple(texts))
        )
        self._signal_with_start(thread, signal)

    async def look_again(self, thread: Thread) -> None:
        self._signal_with_start(thread, LookAgain())

    async def look_if_running(self, workflow_id: str) -> None:
        try:
            self.server.signal(workflow_id, instance.signalled("look_again", LookAgain()))
        except Gone:
            return

    async def opted_out(
        self, workflow: str, conversation_id: str | None = None, *, is_block: bool = False
    ) -> bool:
        signal = OptOutReported(conversation_id=conversation_id, is_block=is_block)
        try:
            self.server.signal(workflow, instance.signalled(signal.kind, signal))
        except Gone:
            return False
        return True

    async def running(self) -> dict[str, datetime]:
        return {run.workflow_id: run.started_at for run in self.server.all_running()}

    def _signal_with_start(self, thread: Thread, signal: Any) -> None:
        self.server.signal_with_start(
            thread.workflow_id,
            instance.payload(thread.start),
            instance.signalled(signal.kind, signal),
            self.world.now,
        )


class Router:
    """Chooses agents: Ann, else Ben; it rings where the schedule wants it."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self.rings = False
        self.chooses_at_once = False

    async def choose_at_once(self, account_id: str, conversation_id: UUID) -> Assignment | None:
        if not self.chooses_at_once:
            return None
        key = str(conversation_id)
        found: Assignment | None = await self._world.database.within(lambda: self._choose(key))
        return found

    def route(self) -> None:
        """Choose for all who wait, and tell again whoever did not hear."""
        for key in list(self._world.database.tables.queue_entry):
            chosen = self._choose(key)
            if chosen:
                self._tell(chosen)

    def _choose(self, conversation_id: str) -> Assignment | None:
        queue = self._world.database.tables.queue_entry
        entry = queue.get(conversation_id)
        if entry is None:
            return None
        agent = entry["assigned_agent_id"] or self._free(entry)
        if agent is None:
            return None
        queue[conversation_id] = entry | {"assigned_agent_id": agent}
        return Assignment(
            conversation_id=UUID(conversation_id),
            workflow_id=entry["workflow_id"],
            ticket=entry["ticket"],
            agent_id=agent,
            agent_name=agent.title(),
            accept_mode=AcceptMode.ring if self.rings else AcceptMode.auto_accept,
        )

    @staticmethod
    def _free(entry: dict[str, Any]) -> str | None:
        if entry["requested_agent_id"]:
            return cast(str, entry["requested_agent_id"])
        free = [one for one in ("ann", "ben") if one not in entry["not_accepted_by"]]
        others = [one for one in free if one != entry["avoided_agent_id"]]
        return next(iter(others or free), None)

    def _tell(self, chosen: Assignment) -> None:
        is_offer = chosen.accept_mode is AcceptMode.ring
        signal = (AgentOffered if is_offer else AgentAssigned)(
            conversation_id=str(chosen.conversation_id),
            ticket=chosen.ticket,
            agent_id=chosen.agent_id,
            agent_name=chosen.agent_name,
        )
        try:
            job = instance.signalled(signal.kind, signal)
            self._world.server.signal(chosen.workflow_id, job)
        except Gone:
            self._world.undisturbed(self._world.reviving.revive(chosen.conversation_id))


@dataclass
class Attempt:
    """An attempt of an activity, which the server may have given up since."""

    run: Run
    seq: int
    under_way: Any


@dataclass
class World:
    """Everything there is. `trace`: what happened, for a reader."""

    now: datetime = TEN
    trace: list[str] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    late_attempts: list[Attempt] = field(default_factory=list)
    cut_back: set[str] = field(default_factory=set)
    """What was restored to an earlier time, or ended by force: it excuses some things."""
    sends_late: bool = False
    """A send went on beside the one that was begun in its position."""
    backups: list[tuple[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        Now.clock = lambda: self.now
        self.server = Server()
        self.database = Database(lambda: self.now)
        self.carrier = Carrier(lambda: self.now)
        self.router = Router(self)
        self.worker = Worker(self.server, self._begin, lambda: self.now)
        self.clients = Clients(self.server, self)
        self.activities = Activities(self.database, self.carrier, self.router, self.clients)
        sessions = self.database.sessions
        self.reviving = Reviving(sessions, self.clients)
        self.watches = Watches(sessions, self.clients, self.reviving)
        self.opt_outs = OptOuts(sessions, self.clients, self.reviving, "")

    def _begin(self, name: str, argument: Any) -> Any:
        return self.activities.begin(name, instance.value(argument, INPUTS[name]))

    def note(self, what: str) -> None:
        self.trace.append(f"{self.now:%H:%M} {what}")

    def undisturbed(self, under_way: Coroutine[Any, Any, Any]) -> Any:
        """Run something of the product from beginning to end, and let nothing of it fail."""
        fails, self.database.fails = self.database.fails, []
        while True:
            try:
                under_way.send(None)
            except StopIteration as done:
                self.database.fails = fails
                return done.value

    def passes(self, span: timedelta) -> None:
        self.now += span
        self.server.fire_due(self.now)

    def moment_passes(self) -> bool:
        """Let a second pass where a workflow waits for no more; says whether one does."""
        moment = self.now + timedelta(seconds=1)
        runs = self.server.all_running()
        is_waited_for = any(due <= moment for run in runs for due in run.timers.values())
        if is_waited_for:
            self.passes(timedelta(seconds=1))
        return is_waited_for

    def thread(self, consumer_id: str) -> Thread:
        return Thread(ACCOUNT, LINE, consumer_id)
