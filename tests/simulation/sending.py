"""The workers that run the sends and ask bots: at least once, one statement at a time."""

from dataclasses import replace
from datetime import timedelta

from temporalio.exceptions import ApplicationError

from tests.simulation import instance
from tests.simulation.server import Asked, Run
from tests.simulation.world import Attempt, World


def step(world: World, position: int) -> bool:
    """Go on with a send, or begin one that is due; False where there is none."""
    if not world.attempts and not _begin(world, position):
        return False
    attempt = world.attempts[position % len(world.attempts)]
    if _advance(world, attempt):
        world.attempts.remove(attempt)
    return True


def step_late(world: World, position: int) -> None:
    """Let a worker that froze in the middle of a send go on: nobody takes its answer."""
    if world.late_attempts:
        attempt = world.late_attempts[position % len(world.late_attempts)]
        if _advance(world, attempt):
            world.late_attempts.remove(attempt)


def lose(world: World, position: int, *, frozen: bool) -> None:
    """Let a worker die, or freeze, in the middle of a send: it is tried again."""
    if not world.attempts:
        return
    attempt = world.attempts.pop(position % len(world.attempts))
    asked = attempt.run.activities.get(attempt.seq)
    if asked:
        attempt.run.activities[attempt.seq] = replace(
            asked, is_under_way=False, at=world.now, attempt=asked.attempt + 1
        )
    if frozen:
        world.sends_late = True
        world.late_attempts.append(attempt)
        return
    attempt.under_way.close()


def _begin(world: World, position: int) -> bool:
    due = [
        (run, asked)
        for run in world.server.all_running()
        for asked in run.activities.values()
        if not asked.is_under_way and asked.at <= world.now
    ]
    if not due:
        return False
    run, asked = due[position % len(due)]
    run.activities[asked.seq] = replace(asked, is_under_way=True)
    under_way = world.activities.begin(asked.type, _request(asked))
    world.attempts.append(Attempt(run, asked.seq, under_way))
    return True


def _request(asked: Asked) -> object:
    from tests.simulation.product import INPUTS

    return instance.value(asked.argument, INPUTS[asked.type])


def _advance(world: World, attempt: Attempt) -> bool:
    """Run the next statement of an attempt; say whether it ended."""
    is_late = attempt in world.late_attempts
    try:
        attempt.under_way.send(None)
    except StopIteration as done:
        if not is_late:
            world.server.activity_done(attempt.run, attempt.seq, done.value)
        return True
    except ApplicationError as error:
        wait = error.next_retry_delay or timedelta(seconds=1)
        _again(world, attempt.run, attempt.seq, wait, is_late=is_late)
        return True
    except Exception as error:
        world.note(f"a send failed: {error!r}")
        _again(world, attempt.run, attempt.seq, timedelta(seconds=1), is_late=is_late)
        return True
    return False


def _again(world: World, run: Run, seq: int, wait: timedelta, *, is_late: bool) -> None:
    asked = run.activities.get(seq)
    if asked and not is_late:
        run.activities[seq] = replace(
            asked, is_under_way=False, at=world.now + wait, attempt=asked.attempt + 1
        )
