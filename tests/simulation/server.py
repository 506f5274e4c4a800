"""A small model of Temporal's server: histories, buffered events, updates, timers, activities.

What a completed task recorded is durable, and so are signals. Updates live in memory until a
completed task accepts them. Workers poll and complete; completions that come late are refused.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from temporalio.api.common.v1 import Payload

from tests.simulation import instance
from tests.simulation.instance import Command, Job


class RunState(StrEnum):
    running = "running"
    completed = "completed"
    continued = "continued"
    terminated = "terminated"


@dataclass(frozen=True)
class Event:
    """What a run is told next. `is_durable`: not so an update that nobody accepted yet."""

    job: Job
    is_durable: bool = True


@dataclass(frozen=True)
class Activation:
    """What a worker applied, and the commands it answered with."""

    jobs: tuple[Job, ...]
    at: datetime
    events: int
    commands: tuple[Command, ...]


@dataclass(frozen=True)
class Task:
    """A completed workflow task: part of the history."""

    activations: tuple[Activation, ...]
    delivered: tuple[Event, ...]

    @property
    def commands(self) -> Iterator[Command]:
        return (command for one in self.activations for command in one.commands)


@dataclass(frozen=True)
class Asked:
    """An activity that was asked for; `at`: when its next attempt is due."""

    seq: int
    type: str
    argument: Payload
    at: datetime
    attempt: int = 1
    is_under_way: bool = False


@dataclass
class Run:
    """One run of a workflow. The first `taken` events are with the task under way, if any."""

    workflow_id: str
    run_id: str
    argument: Payload
    started_at: datetime
    state: RunState = RunState.running
    tasks: list[Task] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    timers: dict[int, datetime] = field(default_factory=dict)
    activities: dict[int, Asked] = field(default_factory=dict)
    outcomes: dict[str, "Outcome | None"] = field(default_factory=dict)
    """Of updates by their ids; None while they wait."""
    attempt: int = 1
    taken: int | None = None
    goes_on: bool = False
    """A task must follow at once: the last one ended with local activities under way."""

    @property
    def wants_task(self) -> bool:
        is_idle = self.state is RunState.running and self.taken is None
        return is_idle and (bool(self.events) or self.goes_on)

    @property
    def length(self) -> int:
        """Return about how many events the history has."""
        told = sum(len(task.delivered) + 3 + len(list(task.commands)) for task in self.tasks)
        return told + len(self.events)

    def copy(self) -> "Run":
        """Return what of it is on disk."""
        return replace(
            self,
            tasks=list(self.tasks),
            events=[event for event in self.events if event.is_durable],
            timers=dict(self.timers),
            activities={
                seq: replace(one, is_under_way=False) for seq, one in self.activities.items()
            },
            outcomes={key: done for key, done in self.outcomes.items() if done},
            attempt=self.attempt + 1000,
            taken=None,
        )


@dataclass(frozen=True)
class Outcome:
    """How an update ended: its result, or the code with which it was refused."""

    result: Payload | None = None
    code: str = ""


class Gone(Exception):
    """No run of this workflow is running."""


class Server:
    """All workflows: for each id its runs, the newest last."""

    def __init__(self) -> None:
        self.workflows: dict[str, list[Run]] = {}
        self.answers: deque[tuple[str, Outcome | None]] = deque()
        """Outcomes of updates for whoever waits; None: nobody will ever tell."""
        self._runs = 0

    # What clients ask

    def running(self, workflow_id: str) -> Run:
        """Return the run of a workflow that goes on. Raises `Gone`."""
        runs = self.workflows.get(workflow_id, [])
        if not runs or runs[-1].state is not RunState.running:
            raise Gone
        return runs[-1]

    def all_running(self) -> list[Run]:
        newest = (runs[-1] for runs in self.workflows.values())
        return [run for run in newest if run.state is RunState.running]

    def signal(self, workflow_id: str, job: Job) -> None:
        """Raises `Gone`."""
        self.running(workflow_id).events.append(Event(job))

    def signal_with_start(
        self, workflow_id: str, argument: Payload, job: Job, now: datetime
    ) -> None:
        self._running_or_new(workflow_id, argument, now).events.append(Event(job))

    def update(self, workflow_id: str, update_id: str, job: Job) -> None:
        """Admit an update. Raises `Gone`."""
        self._admit(self.running(workflow_id), update_id, job)

    def update_with_start(
        self, workflow_id: str, argument: Payload, update_id: str, job: Job, now: datetime
    ) -> None:
        self._admit(self._running_or_new(workflow_id, argument, now), update_id, job)

    def _running_or_new(self, workflow_id: str, argument: Payload, now: datetime) -> Run:
        try:
            return self.running(workflow_id)
        except Gone:
            return self._start(workflow_id, argument, now)

    def _start(self, workflow_id: str, argument: Payload, now: datetime) -> Run:
        self._runs += 1
        run = Run(workflow_id, f"run-{self._runs}", argument, now)
        job = instance.started(workflow_id, run.run_id, argument, now)
        run.events.append(Event(job))
        self.workflows.setdefault(workflow_id, []).append(run)
        return run

    def _admit(self, run: Run, update_id: str, job: Job) -> None:
        if update_id not in run.outcomes:
            run.outcomes[update_id] = None
            run.events.append(Event(job, is_durable=False))
        elif done := run.outcomes[update_id]:
            self.answers.append((update_id, done))

    # What workers ask

    def poll(self, run: Run) -> tuple[int, list[Event]]:
        """Begin a task; return its attempt and what is told with it."""
        run.taken = len(run.events)
        return run.attempt, list(run.events)

    def lose(self, run: Run) -> None:
        """Give a task up that timed out or failed: it begins again with all there is by then."""
        run.attempt += 1
        run.taken = None

    def complete(
        self,
        run: Run,
        attempt: int,
        task: Task,
        *,
        refused: Mapping[str, str],
        goes_on: bool = False,
    ) -> bool:
        """Take a task's completion; False: it is refused, and so all it decided is forgotten.

        `refused`: updates that their validators refused, with the codes; they leave nothing behind.
        """
        if run.state is not RunState.running or run.attempt != attempt or run.taken is None:
            return False
        later = run.events[run.taken :]
        if _closes(task) and any(event.is_durable for event in later):
            self.lose(run)
            return False
        run.events, run.taken = later, None
        run.attempt, run.goes_on = run.attempt + 1, goes_on
        if any(one.jobs or one.commands for one in task.activations):
            run.tasks.append(task)
        for update_id, code in refused.items():
            run.outcomes.pop(update_id, None)
            self.answers.append((update_id, Outcome(code=code)))
        for activation in task.activations:
            for command in activation.commands:
                self._apply(run, command, activation.at)
        return True

    def _apply(self, run: Run, command: Command, at: datetime) -> None:
        match command.WhichOneof("variant"):
            case "start_timer":
                wait = command.start_timer.start_to_fire_timeout.ToTimedelta()
                run.timers[command.start_timer.seq] = at + wait
            case "cancel_timer":
                seq = command.cancel_timer.seq
                run.timers.pop(seq, None)
                run.events = [one for one in run.events if one.job.fire_timer.seq != seq]
            case "schedule_activity":
                asked = command.schedule_activity
                run.activities[asked.seq] = Asked(
                    asked.seq, asked.activity_type, asked.arguments[0], at
                )
            case "request_cancel_activity":
                run.activities.pop(command.request_cancel_activity.seq, None)
            case "update_response":
                self._answer(run, command)
            case "complete_workflow_execution":
                self._end(run, RunState.completed)
            case "continue_as_new_workflow_execution":
                self._continue(run, command, at)
            case "fail_workflow_execution" | "cancel_workflow_execution":
                raise AssertionError(f"a conversation must not end like this: {command}")

    def _answer(self, run: Run, command: Command) -> None:
        said = command.update_response
        if said.HasField("accepted"):
            return
        outcome = Outcome(code=instance.refusal(command))
        if said.HasField("completed"):
            outcome = Outcome(result=said.completed)
        run.outcomes[said.protocol_instance_id] = outcome
        self.answers.append((said.protocol_instance_id, outcome))

    def _end(self, run: Run, state: RunState) -> list[Event]:
        """End a run; return the updates that nobody took."""
        run.state, run.taken = state, None
        left = [event for event in run.events if event.job.HasField("do_update")]
        run.events, run.timers, run.activities = [], {}, {}
        if state is not RunState.continued:
            for event in left:
                self.answers.append((event.job.do_update.id, Outcome(code="gone")))
            untaken = {event.job.do_update.id for event in left}
            for update_id, done in run.outcomes.items():
                if done is None and update_id not in untaken:  # accepted, and never done
                    self.answers.append((update_id, None))
        return left

    def _continue(self, run: Run, command: Command, at: datetime) -> None:
        left = self._end(run, RunState.continued)
        argument = command.continue_as_new_workflow_execution.arguments[0]
        new = self._start(run.workflow_id, argument, at)
        for event in left:  # their callers ask again by themselves
            self._admit(new, event.job.do_update.id, event.job)

    # Time and activities

    def fire_due(self, now: datetime) -> None:
        for run in self.all_running():
            for seq, due in sorted(run.timers.items()):
                if due <= now:
                    del run.timers[seq]
                    run.events.append(Event(instance.fired(seq)))

    def activity_done(self, run: Run, seq: int, result: object) -> None:
        """Take an activity's result, once."""
        if run.state is RunState.running and seq in run.activities:
            del run.activities[seq]
            run.events.append(Event(instance.resolved(seq, result, is_local=False)))

    # What operators do, and what befalls the server

    def terminate(self, workflow_id: str) -> None:
        """Raises `Gone`."""
        self._end(self.running(workflow_id), RunState.terminated)

    def reset(self, workflow_id: str, kept: int, now: datetime) -> None:
        """Begin a new run with the newest one's first `kept` tasks; what was told after them is
        told again.
        """
        runs = self.workflows[workflow_id]
        old = runs[-1]
        self._runs += 1
        new = Run(workflow_id, f"run-{self._runs}", old.argument, old.started_at)
        new.tasks = old.tasks[:kept]
        for task in new.tasks:
            for activation in task.activations:
                for command in activation.commands:
                    self._pend(new, command, activation.at)
            for event in task.delivered:
                _settle(new, event)
        later = [event for task in old.tasks[kept + 1 :] for event in task.delivered] + old.events
        first = old.tasks[kept].delivered if kept < len(old.tasks) else ()
        for event in first:
            _settle(new, event)
        new.events = list(first) + [event for event in later if _is_reapplied(event)]
        new.events = [_reopened(new, event) for event in new.events]
        new.goes_on = True
        if old.state is RunState.running:
            old.state, old.taken = RunState.terminated, None
        runs.append(new)

    def _pend(self, run: Run, command: Command, at: datetime) -> None:
        known = {"start_timer", "cancel_timer", "schedule_activity", "request_cancel_activity"}
        if command.WhichOneof("variant") in known:
            self._apply(run, command, at)

    def restart(self) -> None:
        """Die and come back: updates that nobody accepted are gone."""
        for runs in self.workflows.values():
            for run in runs:
                for update_id in [key for key, done in run.outcomes.items() if done is None]:
                    del run.outcomes[update_id]
                    self.answers.append((update_id, None))
                run.events = [event for event in run.events if event.is_durable]
                if run.taken is not None:
                    self.lose(run)

    def saved(self) -> dict[str, list[Run]]:
        """Return a backup."""
        return {key: [run.copy() for run in runs] for key, runs in self.workflows.items()}

    def restore(self, backup: dict[str, list[Run]]) -> None:
        """Go back to a backup; whoever waits for an answer gets none."""
        self.restart()
        self.workflows = {key: [run.copy() for run in runs] for key, runs in backup.items()}


def _closes(task: Task) -> bool:
    ends = {"complete_workflow_execution", "continue_as_new_workflow_execution"}
    return any(command.WhichOneof("variant") in ends for command in task.commands)


def _settle(run: Run, event: Event) -> None:
    """Remember that something a run asked for was told to it."""
    run.timers.pop(event.job.fire_timer.seq, None)
    if event.job.HasField("resolve_activity"):
        run.activities.pop(event.job.resolve_activity.seq, None)


def _is_reapplied(event: Event) -> bool:
    return event.job.HasField("signal_workflow") or event.job.HasField("do_update")


def _reopened(run: Run, event: Event) -> Event:
    """Return an event as a reset tells it again: an update waits once more, durably."""
    if not event.job.HasField("do_update"):
        return event
    run.outcomes[event.job.do_update.id] = None
    again = Job()
    again.CopyFrom(event.job)
    again.do_update.run_validator = True
    return Event(again)
