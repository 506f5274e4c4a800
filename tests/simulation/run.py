"""Playing a seed or a schedule from beginning to end, with its verdict."""

import traceback
from dataclasses import dataclass

from domain.conversation.kinds import Status
from tests.simulation import checks
from tests.simulation.people import CONSUMERS, People
from tests.simulation.schedule import Schedule, play, settle
from tests.simulation.world import World


@dataclass(frozen=True)
class Verdict:
    """What did not hold, and what happened. `broken` is empty when all is well."""

    broken: tuple[str, ...]
    trace: tuple[str, ...]


def judged(schedule: Schedule) -> Verdict:
    """Play a schedule, let the world come to rest, and check everything."""
    world = World()
    people = People(world)
    try:
        play(schedule, world, people)
        settle(world, people)
        found = checks.broken(world, people) or _gone_on(world, people)
    except Exception as error:
        found = [f"{type(error).__name__}: {error}"]
        world.trace.append(traceback.format_exc())
    world.worker.close()
    return Verdict(tuple(found), tuple(world.trace))


def _gone_on(world: World, people: People) -> list[str]:
    """See that every conversation can go on: a new text and a new command work."""
    world.worker.die()  # so that every history is replayed
    rows = list(world.database.tables.conversation.values())
    keys = [people.note(row) for row in rows if row["status"] in (Status.waiting, Status.assigned)]
    for who in range(len(CONSUMERS)):
        people.text(who, 0)
    settle(world, people)
    found = checks.broken(world, people)
    refused = [
        f"{key} was refused: {people.calls[key].said}"
        for key in keys
        if people.calls[key].said != "done"
    ]
    return [*found, *refused]
