"""A step stands as it was decided first, whatever its worker dies of and whoever comes late.

Each fault is tried with all kinds of steps at once. For half of them more input comes before the
step is decided again, for the other half it does not; the next fault has it the other way round.
`FAULTS=all` tries every fault at every point with both.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import product

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from tests.faults.consumer import UNDER_WAY, Consumer
from tests.faults.installation import Installation
from tests.faults.kinds import ANSWER, KINDS, Kind
from tests.faults.patience import T, eventually
from tests.faults.points import Act, Fault, Point, Side
from tests.faults.workers import WorkerProcess
from workflows.conversation.workflow import ConversationWorkflow

LATE_SECONDS = 2
"""What a worker that wakes too late gets to do harm."""
ADDED = "And one thing more: please ring twice."

SOME = [
    [Fault(point=Point.journal, side=Side.after, act=Act.die)],
    [Fault(point=Point.journal, side=Side.after, act=Act.freeze)],
]
EVERY = [
    *([Fault(point=point, side=side, act=act)] for point, side, act in product(Point, Side, Act)),
    *(
        [
            Fault(point=Point.journal, side=Side.after, act=Act.die),
            Fault(point=Point.look, side=side, act=act),
        ]
        for side, act in product(Side, Act)
    ),
]
"""The last ones: the worker that decides again has a fault of its own."""
UNCERTAIN = {
    *((Point.claim, Side.after), (Point.send, Side.before)),
    # Texts of steps that do not come here leave meanwhile, or those of the step itself.
    *product((Point.choose, Point.recognise, Point.keep_language), Side),
}
"""Between claim and call: nobody can know whether the text has left, so it stays `unknown`."""


IS_EVERY = os.environ.get("FAULTS") == "all"
CHOSEN = EVERY if IS_EVERY else SOME


def _name(faults: list[Fault]) -> str:
    return "-then-".join(map(str, faults))


def _steps(faults: list[Fault]) -> list[tuple[str, bool]]:
    """Return the steps to try: a name in `KINDS`, and whether more comes before it is repeated."""
    if IS_EVERY:
        return list(product(KINDS, (False, True)))
    turn = CHOSEN.index(faults)
    return [(name, (number + turn) % 2 == 0) for number, name in enumerate(KINDS)]


@pytest.mark.timeout(900)  # so that what never comes ends by its own words
@pytest.mark.parametrize("faults", CHOSEN, ids=_name)
async def test_a_step_stands_as_it_was_decided_first(
    installation: Installation, faults: list[Fault]
) -> None:
    everybody, faulty = await _before_the_step(installation, faults)
    later = installation.worker()
    acting = [asyncio.ensure_future(kind.act(one)) for one, kind, _ in everybody]
    await _fail(faults, faulty)
    await asyncio.gather(*(one.text(ADDED) for one, _, is_more in everybody if is_more))
    later.begin()
    await asyncio.gather(*acting)
    await _all_well(everybody)

    if any(fault.act is Act.freeze for fault in faults):
        for worker in faulty:
            worker.wake()
        await asyncio.sleep(LATE_SECONDS)
        await _all_well(everybody)
    for worker in faulty:
        worker.kill()
    await asyncio.gather(*(_goes_on(one, kind) for one, kind, _ in everybody))
    await _all_well(everybody)
    if not any((fault.point, fault.side) in UNCERTAIN for fault in faults):
        assert [what for one, _, _ in everybody for what in (await one.found()).unknown] == []
    await _every_worker_decides_the_same(everybody)
    installation.at_work = later


Everybody = list[tuple[Consumer, Kind, bool]]


async def _before_the_step(
    installation: Installation, faults: list[Fault]
) -> tuple[Everybody, list[WorkerProcess]]:
    """Bring conversations of every kind to their step, with a worker that has no fault."""
    worker = installation.start_work()
    faulty = [installation.worker(fault) for fault in faults]
    await installation.is_online("ben", "offline")
    everybody = [
        (Consumer(installation, f"{name}{', and more' if is_more else ''}"), KINDS[name], is_more)
        for name, is_more in _steps(faults)
    ]
    timer = KINDS["timer"]
    await asyncio.gather(*(kind.before(one) for one, kind, _ in everybody if kind is not timer))
    await _all_has_left([one for one, kind, _ in everybody if kind is not timer])
    await asyncio.gather(*(kind.before(one) for one, kind, _ in everybody if kind is timer))
    await _all_has_left([one for one, kind, _ in everybody if kind is timer])
    worker.kill()
    await installation.is_online("ben")
    return everybody, faulty


async def _all_has_left(consumers: list[Consumer]) -> None:
    """Wait for texts that are on their way: a worker killed in the call leaves one `unknown`."""

    async def has_left(one: Consumer) -> bool:
        return not any(text.status in UNDER_WAY for text in (await one.found()).messages)

    async def have_left(left: list[Consumer]) -> list[Consumer]:
        done = await asyncio.gather(*map(has_left, left))
        return [one for one, is_done in zip(left, done, strict=True) if not is_done]

    await _until_none(consumers, have_left)


async def _fail(faults: list[Fault], faulty: list[WorkerProcess]) -> None:
    """Let workers fail, one after the other; one that only loses an answer goes on."""
    for fault, worker in zip(faults, faulty, strict=True):
        worker.begin()
        if fault.act is not Act.lose:
            await eventually(worker.fell)


async def _goes_on(consumer: Consumer, kind: Kind) -> None:
    if kind is KINDS["opt-out"]:
        await consumer.text("START")
    while True:
        await consumer.text("Are you still there?")
        await consumer.heard()
        if (await consumer.found()).newest.status != "survey":  # else it was about the rating
            break
    await consumer.when("assigned")
    await consumer.reply(ANSWER + " Here I am.")


async def _every_worker_decides_the_same(everybody: Everybody) -> None:
    """Replay what was decided live, or else no later worker can go on with it."""
    client = everybody[0][0].installation.client
    replayer = Replayer(
        workflows=[ConversationWorkflow],
        data_converter=client.data_converter,
        workflow_runner=UnsandboxedWorkflowRunner(),  # `tests/workflows` replays in the sandbox
    )

    async def histories() -> AsyncIterator[WorkflowHistory]:
        for one, _, _ in everybody:
            handle = client.get_workflow_handle((await one.found()).newest.workflow_id)
            yield await handle.fetch_history()

    await replayer.replay_workflows(histories())


async def _all_well(everybody: Everybody) -> None:
    """Wait until all is well with each of them, and look at all of them once more then."""
    wrong: list[str] = []

    async def unwell(some: Everybody) -> Everybody:
        found = await asyncio.gather(*(_wrong(one, kind) for one, kind, _ in some))
        wrong[:] = [what for each in found for what in each]
        return [case for case, what in zip(some, found, strict=True) if what]

    try:
        while True:
            await _until_none(everybody, unwell)
            if not await unwell(everybody):
                return
    except TimeoutError:
        pytest.fail("\n".join(wrong), pytrace=False)


async def _until_none(cases: list[T], left: Callable[[list[T]], Awaitable[list[T]]]) -> None:
    """Look again at those alone that were not done at the last look: each look costs queries."""
    waiting = list(cases)

    async def are_done() -> bool:
        waiting[:] = await left(waiting)
        return not waiting

    await eventually(are_done)


async def _wrong(consumer: Consumer, kind: Kind) -> list[str]:
    wrong = await consumer.wrong()
    found = await consumer.found()
    if not found.conversations or not kind.is_done(found):
        wrong.append(f"{consumer.name}: not done, or twice")
    return wrong
