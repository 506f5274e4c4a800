"""Schedules: what happens in which order, drawn from a seed and played on a world."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.simulation import checks, faults, product, sending
from tests.simulation.people import CONSUMERS, People
from tests.simulation.world import World

Act = Callable[[World, People, int, int], object]

MOST_ROUNDS = 14
"""Sweeps until everything must have been found and healed."""
ROUND = timedelta(minutes=3)
PACE = 0.5
"""Segments a second of a line that has a pace."""
PROGRAMS_WAIT = timedelta(hours=5)
"""A program is not reminded: its workflow hears of a later step at its next text, or so late."""
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 31, 61, 125, 241))


@dataclass(frozen=True)
class Step:
    """One thing that happens; `first` and `second` say to whom and how, whatever there is."""

    act: str
    first: int
    second: int

    def __str__(self) -> str:
        return f"{self.act}({self.first}, {self.second})"


@dataclass(frozen=True)
class Schedule:
    """`rolls_over_at`, `rings`, `chooses_at_once`: how the world is that it is played on."""

    steps: tuple[Step, ...]
    rolls_over_at: int | None = None
    rings: bool = False
    chooses_at_once: bool = False
    has_bot: bool = False
    """A bot serves the skill in which conversations open."""
    has_pace: bool = False
    """The line sends a text every two seconds."""


def drawn(seed: int) -> Schedule:
    """Draw the schedule of a seed: which faults happen, how often, and everything else."""
    chance = random.Random(seed)
    weights = dict(PEOPLE)
    for name in FAULTS:
        if chance.random() < 0.35:
            weights[name] = chance.choice((1, 2, 5))
    names, each = list(weights), list(weights.values())
    steps = tuple(
        Step(chance.choices(names, each)[0], chance.randrange(1000), chance.randrange(1000))
        for _ in range(chance.randint(10, 45))
    )
    return Schedule(
        steps,
        rolls_over_at=chance.choice((None, None, 15, 40)),
        rings=chance.random() < 0.3,
        chooses_at_once=chance.random() < 0.5,
        has_bot=chance.random() < 0.4,
        has_pace=chance.random() < 0.4,
    )


def play(schedule: Schedule, world: World, people: People) -> None:
    """Let the steps happen one after another."""
    world.worker.rolls_over_at = schedule.rolls_over_at
    world.router.rings = schedule.rings
    world.router.chooses_at_once = schedule.chooses_at_once
    world.database.pace = PACE if schedule.has_pace else None
    product.SERVED.clear()
    product.SERVED.update(("robots", "support") if schedule.has_bot else ("robots",))
    for step in schedule.steps:
        ACTS[step.act](world, people, step.first, step.second)
        people.hear()
        world.backups.append(("database", world.database.tables.copy()))
        world.backups.append(("server", world.server.saved()))


def work(world: World, people: People, first: int, second: int) -> None:
    """Let a worker do up to so many next things for a workflow."""
    runs = world.server.all_running()
    if runs:
        run = runs[first % len(runs)]
        for _ in range(1 + second % 9):
            if not world.worker.step(run):
                break


def work_off(world: World, people: People) -> None:
    """Let workers do everything there is to do, without a fault, and all hear of it."""
    for _ in range(2000):
        for live in list(world.worker.frozen):
            world.worker.step_frozen(live)
        while world.late_attempts:
            sending.step_late(world, 0)
        did = [world.worker.step(run) for run in world.server.all_running()]
        did.append(sending.step(world, 0))
        if not any(did) and not world.moment_passes():
            people.hear()
            return
    raise AssertionError("the workers never come to rest")


def settle(world: World, people: People) -> None:
    """Let the world come to rest: nothing fails, sweeps run, some time passes."""
    world.database.fails.clear()
    world.carrier.fails.clear()
    if world.cut_back:
        faults.heal(world)
    for done in range(MOST_ROUNDS):
        for who in range(len(CONSUMERS)):
            people.hand_over(who)
        work_off(world, people)
        people.repeat()
        world.router.route()
        work_off(world, people)
        if done > 1 and not checks.broken(world, people):
            return
        is_last = done == MOST_ROUNDS - 2
        world.passes(PROGRAMS_WAIT if is_last and checks.is_behind(world) else ROUND)
        faults.sweep(world, people, 0, 0)
        faults.ask(world, people, 0, 0)


PEOPLE: dict[str, int] = {
    "text": 6,
    "hand_over": 5,
    "text_and_hand_over": 6,
    "command": 8,
    "open": 1,
    "rate": 5,
    "work": 14,
    "work_all": 6,
    "send": 5,
    "route": 4,
    "pass": 2,
    "repeat": 1,
}
FAULTS = (
    *("lose_task", "freeze_task", "go_on_late", "heartbeat", "evict", "die", "time_out"),
    *("database_fails", "carrier_fails", "lose_send", "freeze_send", "unmarked", "sweep"),
    *("restart_server", "terminate", "reset", "restore_server", "restore_database", "left"),
    *("stop_elsewhere", "opt_out", "end", "cancel", "close_by_system", "ask_again", "ask"),
    "note_after_end",
)


def _text(world: World, people: People, first: int, second: int) -> None:
    people.text(first, second)


def _both(world: World, people: People, first: int, second: int) -> None:
    people.text(first, second)
    people.hand_over(first)


def _sends(world: World, people: People, first: int, second: int) -> None:
    for _ in range(1 + second % 9):
        sending.step(world, first)


def _all(world: World, people: People, first: int, second: int) -> None:
    for _ in range(300):
        did = [world.worker.step(run) for run in world.server.all_running()]
        if not any(did) and not world.moment_passes():
            break


ACTS: dict[str, Act] = {
    "text": _text,
    "hand_over": lambda world, people, a, b: people.hand_over(a),
    "text_and_hand_over": _both,
    "command": lambda world, people, a, b: people.command(a, b),
    "rate": lambda world, people, a, b: people.rate(a, b),
    "open": lambda world, people, a, b: people.open(a),
    "work": work,
    "work_all": _all,
    "send": _sends,
    "route": lambda world, people, a, b: world.router.route(),
    "pass": lambda world, people, a, b: world.passes(WAITS[a % len(WAITS)]),
    "repeat": lambda world, people, a, b: people.repeat(),
    **{name: getattr(faults, name) for name in FAULTS},
}
