"""Measures the cost of deadlines, and how exact they are.

It runs the scripted conversation of `cost` with every timed message on, and with none: only one
timer runs, however many deadlines there are. Then many consumers wait in a queue at the same time,
and each gets the waiting message after the shortest possible delay. Its lateness is the timers'.
"""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import text as sql
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from bench.actions import cost_of
from bench.cost import scripted
from bench.figures import Figure
from bench.installation import MeasuredInstallation
from bench.loops import as_fast_as_possible, until
from bench.percentiles import milliseconds, percentile
from bench.progress import ProgressSteps
from bench.sizes import Sizes
from bench.talking import at_work
from bench.texting import new_number, signed
from domain.automatic.catalogue import TIMED
from domain.automatic.kinds import Automatic
from domain.automatic.message_timers import SHORTEST

PATIENCE = 120.0
TOLD = "SELECT count(*) FROM message WHERE automatic = 'waiting_in_queue'"
LATE = sql("""
    SELECT extract(epoch FROM message.written_at - event.at)
    FROM message JOIN event ON event.conversation_id = message.conversation_id
    WHERE message.automatic = 'waiting_in_queue' AND event.kind = 'conversation_queued'
""")
CHANGES = {
    EventType.EVENT_TYPE_TIMER_STARTED: 1,
    EventType.EVENT_TYPE_TIMER_FIRED: -1,
    EventType.EVENT_TYPE_TIMER_CANCELED: -1,
}


async def measure(
    installation: MeasuredInstallation, sizes: Sizes, steps: ProgressSteps
) -> list[Figure]:
    """Return the cost of timers in a conversation, and their lateness in milliseconds."""
    async with at_work(installation) as desk:
        with steps.step("a scripted conversation with every timer"):
            with_timers, _ = await scripted(desk)
        await _switch_off(installation)
        with steps.step("the same with none"):
            without, _ = await scripted(desk)
    with steps.step("consumers who are told that they wait", sizes.told):
        late = await _lateness(installation, sizes)
    return [
        Figure(name="timers_running_at_most", value=_at_once(with_timers), at_most=1),
        _paired("timers_started", cost_of(with_timers).timers, cost_of(without).timers),
        _paired("actions_with_timers", cost_of(with_timers).actions, cost_of(without).actions),
        _paired("events_with_timers", len(with_timers), len(without)),
        Figure(name="timed_messages", value=len(late)),
        *(
            Figure(name=f"late_p{percent}_ms", value=milliseconds(percentile(late, percent)))
            for percent in (50, 99)
        ),
    ]


async def _switch_off(installation: MeasuredInstallation) -> None:
    for event in sorted(TIMED):
        silent = {"event": event.value, "text": "Nothing.", "enabled": False}
        await installation.set_up("automatic-messages", silent)


async def _lateness(installation: MeasuredInstallation, sizes: Sizes) -> list[float]:
    """Return by how many seconds each consumer's waiting message was late."""
    event = Automatic.waiting_in_queue.value
    timer = {"event": event, "delay_seconds": int(SHORTEST.total_seconds()), "repeats": 1}
    await installation.set_up("automatic-messages", {"event": event, "text": "Please wait."})
    await installation.set_up("automatic-messages/timers", timer)
    texts = [signed(installation, new_number()) for _ in range(sizes.told)]
    posts = [partial(text.post, installation) for text in texts]
    await as_fast_as_possible(posts, at_once=5)

    async def all_are_told() -> bool:
        return await installation.scalar(TOLD) >= sizes.told

    await until(all_are_told, seconds=PATIENCE)
    async with installation.sessions() as session:
        waited = await session.scalars(LATE)
    return [float(seconds) - SHORTEST.total_seconds() for seconds in waited]


def _at_once(events: Sequence[HistoryEvent]) -> int:
    running = most = 0
    for event in events:
        running += CHANGES.get(event.event_type, 0)
        most = max(most, running)
    return most


def _paired(name: str, value: float, without: float) -> Figure:
    return Figure(name=name, value=value, ceiling=without)
