"""Measures the cost of a whole conversation in events, bytes and billable actions, by step.

The script: an opening text (welcome), Ann is assigned and joins, 4 more texts, 5 replies, a
transfer to billing where Ann joins again, the close with its question, and the rating with its
thanks. Each step waits until everything is at rest, so that each event belongs to one step. Any
step may start a timer of the conversation, so timers are counted separately and in the total.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from statistics import mean

from temporalio.api.history.v1 import HistoryEvent

from bench.actions import Cost, cost_of
from bench.figures import Figure
from bench.installation import MeasuredInstallation
from bench.loops import until
from bench.progress import ProgressStep, ProgressSteps
from bench.sizes import Sizes
from bench.talking import Talk, WorkingAgent, at_work

PATIENCE = 300.0
REST_SECONDS = 0.25
ASSIGNED = "SELECT count(*) FROM conversation WHERE status = 'assigned' AND id = :id"
UNSENT = """SELECT count(*) FROM message
    WHERE conversation_id = :id AND status IN ('queued', 'sending', 'unknown')"""
TALK = (
    *("reply", "text", "reply", "text", "transfer"),
    *("reply", "text", "reply", "text", "reply", "close", "rating"),
)


async def measure(
    installation: MeasuredInstallation, _sizes: Sizes, steps: ProgressSteps
) -> list[Figure]:
    """Return the total cost, and the mean of each kind of step."""
    async with at_work(installation) as desk:
        with steps.step("a scripted conversation", len(TALK)) as step:
            events, ends = await scripted(desk, step)
    return _figures(cost_of(events), _by_step(events, ends))


async def scripted(
    desk: WorkingAgent, step: ProgressStep | None = None
) -> tuple[Sequence[HistoryEvent], list[tuple[str, int]]]:
    """Run the conversation; return its history, and the position where each step ended."""
    (talk,) = await desk.talks(1)
    ends = [("opening", await _at_rest(talk))]
    async for ended in _told(talk):
        ends.append(ended)
        if step:
            step.advance()
    handle = desk.installation.temporal.get_workflow_handle(talk.workflow_id)
    return (await handle.fetch_history()).events, ends


async def _told(talk: Talk) -> AsyncIterator[tuple[str, int]]:
    for what in TALK:
        await _do(what, talk)
        if what == "transfer":
            await until(lambda: _is_assigned(talk), seconds=PATIENCE)
        yield what, await _at_rest(talk)


async def _do(what: str, talk: Talk) -> None:
    match what:
        case "text":
            await talk.text()
        case "reply":
            await talk.reply()
        case "transfer":
            await talk.command("transfers", {"skill": "acme-billing"})
        case "close":
            await talk.command("close", {})
        case "rating":
            await talk.text("5")


async def _is_assigned(talk: Talk) -> bool:
    return await talk.installation.scalar(ASSIGNED, id=talk.conversation_id) == 1


async def _at_rest(talk: Talk) -> int:
    """Return the number of events once no more are added."""
    handle = talk.installation.temporal.get_workflow_handle(talk.workflow_id)
    length = 0

    async def rests() -> bool:
        nonlocal length
        if await talk.installation.scalar(UNSENT, id=talk.conversation_id):
            return False
        before, length = length, (await handle.describe()).history_length
        return before == length

    await until(rests, seconds=PATIENCE, pause=REST_SECONDS)
    return length


def _by_step(
    events: Sequence[HistoryEvent], ends: Sequence[tuple[str, int]]
) -> dict[str, list[Cost]]:
    found: dict[str, list[Cost]] = defaultdict(list)
    begin = 0
    for what, end in ends:
        found[what].append(cost_of(events[begin:end]))
        begin = end
    return found


def _figures(whole: Cost, steps: dict[str, list[Cost]]) -> list[Figure]:
    actions = {
        what: mean(cost.actions - cost.timers for cost in costs) for what, costs in steps.items()
    }
    return [
        Figure(name="actions_whole", value=whole.actions, at_most=41),
        Figure(name="actions_per_consumer_text", value=actions["text"], at_most=2),
        Figure(name="actions_per_reply", value=actions["reply"], at_most=3),
        *(
            Figure(name=f"actions_per_{what}", value=actions[what])
            for what in ("opening", "transfer", "close", "rating")
        ),
        Figure(name="actions_of_timers", value=whole.timers),
        Figure(name="events_whole", value=whole.events),
        *(
            Figure(name=f"events_per_{what}", value=mean(cost.events for cost in costs))
            for what, costs in steps.items()
        ),
        Figure(name="history_kb_whole", value=round(whole.size / 1000, 1), unit="kB"),
    ]
