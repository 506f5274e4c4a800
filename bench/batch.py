"""Measures a batch: a text to many phones at the simulated carrier; the worker is killed twice.

Uploading, checking and sending are timed. The carrier counts what it was given for each phone.
Billable actions are those of the batch's workflows; a send of a batch costs none.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from pydantic import TypeAdapter
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from bench import usage
from bench.actions import Cost, cost_of
from bench.figures import Figure
from bench.installation import CONNECTOR, LINE, MeasuredInstallation
from bench.progress import ProgressStep, ProgressSteps
from bench.sizes import Sizes
from workflows.batches.messages import workflow_id
from workflows.maintenance.messages import ALIVE_WITHIN

PATIENCE = 4 * 3600
LOOK_SECONDS = 1.0
KILLED_AT = (1 / 3, 2 / 3)
FASTEST = 1000
"""Segments a second: the fastest pace that a line can be set to."""
BEAT_SECONDS = ALIVE_WITHIN.total_seconds() * 0.8
"""The SDK tells Temporal of a heartbeat at most so often."""

FIGURES = TypeAdapter(dict[str, int | str | dict[str, int] | None])


@dataclass
class Run:
    """A batch that is measured. `worker_mb`: after the worker was started last, and at the end."""

    installation: MeasuredInstallation
    headers: dict[str, str]
    prefix: str
    numbers: Sequence[str]
    batch_id: UUID = field(init=False)
    killed: int = 0
    worker_mb: list[float] = field(default_factory=list)

    async def ask(self, method: str, path: str, **more: object) -> dict[str, object]:
        """Ask the API for something about batches."""
        url = f"{self.installation.api_url}/v1/batches{path}"
        answer = await self.installation.http.request(
            method,
            url,
            headers=self.headers,
            timeout=120,
            **more,  # type: ignore[arg-type]
        )
        return dict(answer.raise_for_status().json())

    async def figures(self) -> dict[str, int]:
        shown = await self.ask("GET", f"/{self.batch_id}")
        figures = FIGURES.validate_python(shown["figures"])
        return {name: number for name, number in figures.items() if isinstance(number, int)}


async def measure(
    installation: MeasuredInstallation, sizes: Sizes, steps: ProgressSteps
) -> list[Figure]:
    """Return whether each phone has its text once, rates, and what the workflows cost."""
    run = await _prepared(installation, sizes.batch_recipients)
    began = time.perf_counter()
    with steps.step("uploading"):
        await _upload(run)
    uploaded = time.perf_counter() - began
    began = time.perf_counter()
    check = await run.ask("GET", f"/{run.batch_id}/check")
    checked = time.perf_counter() - began
    before, began = usage.cpu_seconds(installation), time.perf_counter()
    with steps.step("sending", len(run.numbers)) as step:
        await run.ask("POST", f"/{run.batch_id}/start")
        await _watch(run, step)
    sent = time.perf_counter() - began
    used = usage.since(before, usage.cpu_seconds(installation))
    return [
        Figure(name="batch_recipients", value=len(run.numbers)),
        Figure(name="batch_workers_killed", value=run.killed),
        *await _once_each(run, int(str(check["gets_it"]))),
        *await _costs(run),
        Figure(name="batch_upload_per_s", value=round(len(run.numbers) / uploaded), unit="rows/s"),
        Figure(name="batch_check_s", value=round(checked, 2), unit="s"),
        Figure(name="batch_sent_per_s", value=round(len(run.numbers) / sent, 1), unit="texts/s"),
        *(
            Figure(
                name=f"batch_{name.lower()}_cpu_ms",
                value=round(max(seconds, 0) / len(run.numbers) * 1000, 2),
                unit="ms",
            )
            for name, seconds in used.items()
            if name != "Worker"  # it was killed, and its time with it
        ),
    ]


async def _prepared(installation: MeasuredInstallation, count: int) -> Run:
    """Make a batch in draft on a fast line, at an hour at which texts may leave."""
    headers = await installation.log_in("ada")
    for path, change in (
        (f"lines/{LINE}", {"segments_per_second": FASTEST}),
        ("account", {"holds_quiet_hours": False}),
        # What a killed worker had in hand is looked up, and sent again if the carrier lacks it.
        (f"connectors/{CONNECTOR}", {"resend_unconfirmed": True}),
    ):
        answer = await installation.http.patch(
            f"{installation.api_url}/v1/{path}", json=change, headers=headers
        )
        answer.raise_for_status()
    prefix = f"+1{random.randint(201, 989)}{random.randint(20, 99)}"
    numbers = [f"{prefix}{number:05}" for number in range(count)]
    run = Run(installation, headers, prefix, numbers)
    new = {"title": "Bench", "line": LINE, "text": "Hi {name}, it is ready. Reply STOP to opt out."}
    run.batch_id = UUID(str((await run.ask("POST", "", json=new))["id"]))
    return run


async def _upload(run: Run) -> None:
    """Upload all recipients, as often as it takes: a file is read for at most 45 s at a time."""
    content = "number,name\n" + "".join(f"{one},N{one[-3:]}\n" for one in run.numbers)
    while True:
        path = f"/{run.batch_id}/recipients/csv"
        read = await run.ask("POST", path, content=content.encode())
        if read["stopped_at"] is None:
            return


async def _watch(run: Run, step: ProgressStep) -> None:
    """Wait until every text has left, and kill the worker on the way."""
    at, shown = [round(share * len(run.numbers)) for share in KILLED_AT], 0
    async with asyncio.timeout(PATIENCE):
        while True:
            figures = await run.figures()
            left = figures["sent"] + figures["delivered"] + figures["failed"]
            for _ in range(left - shown):
                step.advance()
            shown = left
            if at and left >= at[0]:
                at.pop(0)
                await _kill(run)
            if left + figures["left_out"] >= len(run.numbers):
                run.worker_mb.append(usage.megabytes(run.installation, "Worker"))
                return
            await asyncio.sleep(LOOK_SECONDS)


async def _kill(run: Run) -> None:
    worker = run.installation.process("Worker")
    worker.kill()
    while run.installation.process_id("Worker") == worker.pid:  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.1)
    run.killed += 1
    await asyncio.sleep(5)
    run.worker_mb.append(usage.megabytes(run.installation, "Worker"))


async def _once_each(run: Run, expected: int) -> list[Figure]:
    """Return how many phones the carrier has no text for, and more than one."""
    url = f"{run.installation.simulator_url}/counts"
    answer = await run.installation.http.get(url, params={"prefix": run.prefix}, timeout=120)
    taken = {
        int(times): phones for times, phones in answer.raise_for_status().json()["messages"].items()
    }
    figures = await run.figures()
    wrong = abs(figures["recipients"] - len(run.numbers)) + figures["failed"] + figures["waiting"]
    return [
        Figure(name="batch_not_sent", value=expected - sum(taken.values()), at_most=0),
        Figure(
            name="batch_sent_twice",
            value=sum(phones for times, phones in taken.items() if times > 1),
            at_most=0,
        ),
        Figure(name="batch_progress_wrong", value=wrong, at_most=0),
    ]


async def _costs(run: Run) -> list[Figure]:
    """Return the histories of the batch's workflows, and what all of it costs."""
    costs, beats = [], 0
    async for events in _histories(run):
        costs.append(cost_of(events))
        beats += _beats(events)
    children = sum(1 for cost in costs if cost.events) - 1
    actions = sum(cost.actions for cost in costs) + beats + children
    grown = run.worker_mb[-1] - run.worker_mb[-2] if len(run.worker_mb) > 1 else 0.0
    return [
        Figure(
            name="batch_actions_per_recipient",
            value=round(actions / len(run.numbers), 4),
            at_most=1.2,
        ),
        Figure(name="batch_history_events_most", value=_most(costs), at_most=1000),
        Figure(name="batch_worker_mb", value=run.worker_mb[-1], unit="MB"),
        Figure(name="batch_worker_mb_grown", value=max(round(grown, 1), 0), unit="MB"),
    ]


def _most(costs: Sequence[Cost]) -> int:
    return max(cost.events for cost in costs)


def _beats(events: Sequence[HistoryEvent]) -> int:
    """Return the heartbeats of activities, which a history does not show."""
    seconds, started = 0.0, 0.0
    for event in events:
        at = event.event_time.ToMilliseconds() / 1000
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            started = at
        elif event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
            seconds += at - started
    return int(seconds / BEAT_SECONDS)


async def _histories(run: Run) -> AsyncIterator[Sequence[HistoryEvent]]:
    """Yield the events of every run of the batch's workflow, and of its slices."""
    root, client = workflow_id(run.batch_id), run.installation.temporal
    async for listed in client.list_workflows(f'WorkflowId STARTS_WITH "{root}"'):
        handle = client.get_workflow_handle(listed.id, run_id=listed.run_id)
        yield [event async for event in handle.fetch_history_events()]
