"""A small model of workers: tasks, local activities one statement at a time, cache, late ones.

A task that is lost leaves what its statements did; one whose worker only froze goes on later,
beside the one that decides it again, and its completion is refused.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.exceptions import ApplicationError

from tests.simulation import instance
from tests.simulation.instance import Command, Job, Running
from tests.simulation.server import Activation, Event, Run, RunState, Server, Task

Activity = Coroutine[Any, None, object]
Activities = Callable[[str, Payload], Activity]
"""Begins an activity of a name with its argument."""


class NotDeterministic(Exception):
    """A replay led to other commands than those in the history."""


class Stuck(Exception):
    """A local activity fails again and again: its conversation stands still."""


MOST_ATTEMPTS = 25


@dataclass
class Local:
    """A local activity under way. `attempts`: that failed."""

    seq: int
    type: str
    argument: Payload
    under_way: Activity | None = None
    attempts: int = 0
    tries: int = 0
    """After so many failures its workflow is told; 0: it is tried for ever."""


@dataclass
class Live:
    """A run in a worker's memory, between tasks or within one."""

    run: Run
    running: Running
    locals: dict[int, Local] = field(default_factory=dict)
    attempt: int = 0
    delivered: list[Event] = field(default_factory=list)
    activations: list[Activation] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """Updates that their validators refused in this task, and the codes."""
    accepted: set[str] = field(default_factory=set)
    is_within_task: bool = False


class Worker:
    """All workers of conversations: who is alive, what they hold, and those that froze."""

    def __init__(self, server: Server, activities: Activities, now: Callable[[], datetime]) -> None:
        self._server = server
        self._activities = activities
        self._now = now
        self.cache: dict[str, Live] = {}
        self.frozen: list[Live] = []
        self.rolls_over_at: int | None = None
        """Length of a history from which on runs are told that it is long."""

    def step(self, run: Run) -> bool:
        """Do the next thing for a run; False when there is nothing to do.

        That is: begin a task, run a local activity's next statement, or complete the task.
        """
        live = self.cache.get(run.run_id)
        if live and live.is_within_task and (run.attempt != live.attempt or run.taken is None):
            self._forget(run)  # the server gave this task up
            live = None
        if live is None or not live.is_within_task:
            return self._begin(run)
        self._go_on(live)
        return True

    def step_frozen(self, live: Live) -> None:
        """Let a worker that froze do the next thing for the task it still believes to have."""
        if live.locals:
            self._run_local(live, next(iter(live.locals.values())))
            return
        self._complete(live)
        self.frozen.remove(live)

    def lose(self, run: Run, *, frozen: bool = False) -> None:
        """Let the worker that has a run die, or freeze in the middle of a task."""
        live = self.cache.pop(run.run_id, None)
        if live and live.is_within_task:
            self._server.lose(run)
            if frozen:
                self.frozen.append(live)
                return
        if live:
            _dismiss(live)

    def die(self) -> None:
        """Let all workers lose their memory."""
        for live in list(self.cache.values()):
            self.lose(live.run)

    def close(self) -> None:
        """Forget everything."""
        for live in (*self.cache.values(), *self.frozen):
            _dismiss(live)
        self.cache.clear()
        self.frozen.clear()

    def evict(self, run: Run) -> None:
        """Let a worker forget a run that waits."""
        live = self.cache.get(run.run_id)
        if live and not live.is_within_task and not live.locals:
            self._forget(run)

    def heartbeat(self, run: Run) -> bool:
        """Complete a task whose local activities take long, and go on with what came meanwhile."""
        live = self.cache.get(run.run_id)
        if live is None or not live.is_within_task or not live.locals:
            return False
        if self._complete(live, goes_on=True):
            return True
        self._forget(run)
        return False

    def _forget(self, run: Run) -> None:
        if live := self.cache.pop(run.run_id, None):
            _dismiss(live)

    def _begin(self, run: Run) -> bool:
        if not run.wants_task:
            return False
        live = self.cache.get(run.run_id) or self.replayed(run)
        self.cache[run.run_id] = live
        live.attempt, live.delivered = self._server.poll(run)
        live.is_within_task, live.refused = True, {}
        if live.delivered:
            self._activate(live, [event.job for event in live.delivered])
        return True

    def _go_on(self, live: Live) -> None:
        if live.locals:
            self._run_local(live, next(iter(live.locals.values())))
            return
        if not self._complete(live) and live.run.run_id in self.cache:
            self._forget(live.run)

    def replayed(self, run: Run) -> Live:
        """Return a run as its history makes it. Raises `NotDeterministic`."""
        live = Live(run, Running(run.workflow_id, run.run_id, run.started_at))
        for task in run.tasks:
            for one in task.activations:
                jobs = [*instance.patched(one.commands), *one.jobs]
                commands = live.running.activate(jobs, one.at, one.events, is_replaying=True)
                if _written(commands) != _written(one.commands):
                    raise NotDeterministic(run.workflow_id, one.commands, commands)
                self._note_locals(live, one.jobs, commands)
        return live

    def _activate(self, live: Live, jobs: list[Job]) -> None:
        length = live.run.length
        if self.rolls_over_at is not None and length >= self.rolls_over_at:
            length += 500
        now = self._now()
        commands = live.running.activate(jobs, now, length)
        refused = _refused_early(live, commands)
        live.refused |= refused
        kept = [instance.replayed(job) for job in jobs if job.do_update.id not in refused]
        done = [one for one in commands if not _is_about(one, refused)]
        live.activations.append(Activation(tuple(kept), now, length, tuple(done)))
        self._note_locals(live, jobs, commands)

    @staticmethod
    def _note_locals(live: Live, jobs: Any, commands: list[Command]) -> None:
        for job in jobs:
            if job.HasField("resolve_activity") and job.resolve_activity.is_local:
                live.locals.pop(job.resolve_activity.seq, None)
        for command in commands:
            if command.update_response.HasField("accepted"):
                live.accepted.add(command.update_response.protocol_instance_id)
            if command.HasField("schedule_local_activity"):
                asked = command.schedule_local_activity
                live.locals[asked.seq] = Local(
                    asked.seq,
                    asked.activity_type,
                    asked.arguments[0],
                    tries=asked.retry_policy.maximum_attempts,
                )

    def _run_local(self, live: Live, local: Local) -> None:
        if local.under_way is None:
            local.under_way = self._activities(local.type, local.argument)
        job = self._advanced(local, local.under_way)
        if job:
            self._activate(live, [job])

    def _advanced(self, local: Local, under_way: Activity) -> Job | None:
        """Run an activity's next statement; return what its workflow is told if it ended."""
        try:
            under_way.send(None)
        except StopIteration as done:
            return instance.resolved(local.seq, done.value, is_local=True)
        except ApplicationError as error:
            if error.non_retryable:
                return instance.failed(local.seq, error)
            return self._again(local, error)
        except Exception as error:
            return self._again(local, error)
        return None

    def _again(self, local: Local, error: Exception) -> Job | None:
        local.under_way = None
        local.attempts += 1
        if local.attempts == local.tries:
            return instance.failed(local.seq, error)
        if local.attempts > MOST_ATTEMPTS:
            raise Stuck(local.type, local.argument.data.decode()) from error
        return None

    def _complete(self, live: Live, *, goes_on: bool = False) -> bool:
        task = Task(tuple(live.activations), _kept(live))
        is_taken = self._server.complete(
            live.run, live.attempt, task, refused=live.refused, goes_on=goes_on
        )
        live.activations, live.is_within_task = [], False
        if is_taken and live.run.state is not RunState.running:
            self._forget(live.run)
        return is_taken


def _kept(live: Live) -> tuple[Event, ...]:
    return tuple(event for event in live.delivered if event.job.do_update.id not in live.refused)


def _refused_early(live: Live, commands: list[Command]) -> dict[str, str]:
    """Return the updates that their validators refused, and the codes."""
    told = [one for one in commands if one.HasField("update_response")]
    accepted = {
        one.update_response.protocol_instance_id
        for one in told
        if one.update_response.HasField("accepted")
    }
    return {
        one.update_response.protocol_instance_id: instance.refusal(one)
        for one in told
        if one.update_response.HasField("rejected")
        and one.update_response.protocol_instance_id not in accepted | live.accepted
    }


def _is_about(command: Command, updates: dict[str, str]) -> bool:
    is_answer = command.HasField("update_response")
    return is_answer and command.update_response.protocol_instance_id in updates


def _written(commands: Any) -> list[bytes]:
    return [command.SerializeToString(deterministic=True) for command in commands]


def _dismiss(live: Live) -> None:
    for local in live.locals.values():
        if local.under_way:
            local.under_way.close()
    live.running.evict()
