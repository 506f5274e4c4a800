"""Everything that goes wrong, and the sweeps that find it."""

from uuid import UUID

from database.away import NOT_DONE
from database.queries import late_notes, system_close
from database.queries.late_notes import LateNote
from tests.simulation import instance, sending
from tests.simulation.people import ACTORS, People
from tests.simulation.server import Event, Gone, Run
from tests.simulation.world import World, together
from workflows.conversation.messages import AgentLeft, EndedByOperator, LookAgain, OptOutReported


def _run(world: World, first: int) -> Run | None:
    runs = world.server.all_running()
    return runs[first % len(runs)] if runs else None


def lose_task(world: World, people: People, first: int, second: int) -> None:
    if run := _run(world, first):
        world.note(f"the worker of {run.run_id} dies")
        world.worker.lose(run)


def freeze_task(world: World, people: People, first: int, second: int) -> None:
    if run := _run(world, first):
        world.note(f"the worker of {run.run_id} freezes")
        world.worker.lose(run, frozen=True)


def go_on_late(world: World, people: People, first: int, second: int) -> None:
    """Let who froze go on for a while."""
    for _ in range(1 + second % 5):
        if world.worker.frozen:
            live = world.worker.frozen[first % len(world.worker.frozen)]
            world.note(f"who had {live.run.run_id} wakes up")
            world.worker.step_frozen(live)
    sending.step_late(world, first)


def heartbeat(world: World, people: People, first: int, second: int) -> None:
    if run := _run(world, first):
        world.worker.heartbeat(run)


def evict(world: World, people: People, first: int, second: int) -> None:
    if run := _run(world, first):
        world.worker.evict(run)


def die(world: World, people: People, first: int, second: int) -> None:
    world.note("all workers die")
    world.worker.die()
    while world.attempts:
        sending.lose(world, 0, frozen=False)


def time_out(world: World, people: People, first: int, second: int) -> None:
    people.time_out()


def database_fails(world: World, people: People, first: int, second: int) -> None:
    world.database.fails += ["before", "after"][: 1 + first % 2][:: 1 if second % 2 else -1]


def carrier_fails(world: World, people: People, first: int, second: int) -> None:
    world.carrier.fails.append(("busy", "lost", "unheard", "refused", "too fast")[first % 5])


def lose_send(world: World, people: People, first: int, second: int) -> None:
    sending.lose(world, first, frozen=False)


def freeze_send(world: World, people: People, first: int, second: int) -> None:
    sending.lose(world, first, frozen=True)


def unmarked(world: World, people: People, first: int, second: int) -> None:
    """Hand texts over, and do not get to remember it."""
    people.hand_over(first, unmarked=True)


def sweep(world: World, people: People, first: int, second: int) -> None:
    try:
        together(world.opt_outs.sweep())
        together(world.watches.repair())
    except NOT_DONE:
        return


def ask(world: World, people: People, first: int, second: int) -> None:
    """Ask the carrier about texts in doubt."""
    try:
        together(world.activities.lookups.ask_due())
    except NOT_DONE:
        return


def heal(world: World) -> None:
    """Have all workflows look what stands, as an operator does after a restore."""
    for run in world.server.all_running():
        world.server.signal(run.workflow_id, instance.signalled("look_again", LookAgain()))


def restart_server(world: World, people: People, first: int, second: int) -> None:
    world.note("Temporal dies and comes back")
    world.server.restart()


def terminate(world: World, people: People, first: int, second: int) -> None:
    if run := _run(world, first):
        world.note(f"{run.run_id} is terminated")
        world.server.terminate(run.workflow_id)
        world.cut_back.add("server")


def reset(world: World, people: People, first: int, second: int) -> None:
    """Reset a workflow to one of its tasks, whether it goes on or ended."""
    ids = list(world.server.workflows)
    if not ids:
        return
    workflow_id = ids[first % len(ids)]
    run = world.server.workflows[workflow_id][-1]
    if run.tasks:
        kept = second % len(run.tasks)
        world.note(f"{run.run_id} is reset to task {kept} of {len(run.tasks)}")
        world.server.reset(workflow_id, kept, world.now)
        world.cut_back |= {"server", "history"}


def restore_server(world: World, people: People, first: int, second: int) -> None:
    backups = [one for name, one in world.backups if name == "server"]
    if backups:
        back = 1 + first % min(len(backups), 15)
        world.note(f"Temporal is restored to {back} steps ago")
        world.worker.die()
        world.server.restore(backups[-back])
        world.attempts.clear()
        world.cut_back.add("server")


def restore_database(world: World, people: People, first: int, second: int) -> None:
    backups = [one for name, one in world.backups if name == "database"]
    if backups:
        back = 1 + first % min(len(backups), 15)
        world.note(f"PostgreSQL is restored to {back} steps ago")
        world.database.tables = backups[-back].copy()
        world.cut_back.add("database")


def left(world: World, people: People, first: int, second: int) -> None:
    """Tell a conversation that an agent has left, by a row that may be old by now."""
    rows = [one for one in world.database.tables.conversation.values() if one["agent_id"]]
    if not rows:
        return
    row, agent_id = rows[first % len(rows)], ("ann", "ben")[second % 2]
    _signal(world, row["workflow_id"], AgentLeft(agent_id=agent_id, conversation_id=row["id"]))


def opt_out(world: World, people: People, first: int, second: int) -> None:
    _tell(world, first, OptOutReported())


def stop_elsewhere(world: World, people: People, first: int, second: int) -> None:
    """Let a consumer opt out on another line: conversations hear of it when it is swept."""
    key = people.id_of(first)
    consumer = world.database.tables.consumer[key]
    world.note(f"{key[:4]} opts out elsewhere")
    world.database.tables.consumer[key] = consumer | {"is_opted_out": True}


def end(world: World, people: People, first: int, second: int) -> None:
    _tell(world, first, EndedByOperator())


def cancel(world: World, people: People, first: int, second: int) -> None:
    """Cancel a workflow, as an operator who wants its conversation to end."""
    if run := _run(world, first):
        world.note(f"{run.run_id} is cancelled")
        run.events.append(Event(instance.cancelled()))


def close_by_system(world: World, people: People, first: int, second: int) -> None:
    """Close a conversation whose workflow seems not to answer."""
    rows = [row for row in world.database.tables.conversation.values() if row["status"] != "closed"]
    if rows:
        key = rows[first % len(rows)]["id"]
        world.note(f"the system closes {key[:4]}")
        world.undisturbed(system_close.close_by_system(world.database.sessions, UUID(key)))


def note_after_end(world: World, people: People, first: int, second: int) -> None:
    """Let a manager write a note in a closed conversation, whatever its workflow does."""
    rows = [row for row in world.database.tables.conversation.values() if row["status"] == "closed"]
    if rows:
        key, mia = rows[first % len(rows)]["id"], ACTORS["mia"].person
        said = f"late-{len(world.database.tables.event)}"
        world.note(f"Mia notes something in {key[:4]}, which is closed")
        sessions = world.database.sessions
        world.undisturbed(late_notes.write(sessions, UUID(key), LateNote(mia, "looked up", said)))


def ask_again(world: World, people: People, first: int, second: int) -> None:
    people.ask_again(first)


def _tell(world: World, first: int, signal: OptOutReported | EndedByOperator) -> None:
    if run := _run(world, first):
        _signal(world, run.workflow_id, signal)


def _signal(
    world: World, workflow_id: str, signal: AgentLeft | OptOutReported | EndedByOperator
) -> None:
    world.note(f"{workflow_id} is told {signal.kind}")
    try:
        world.server.signal(workflow_id, instance.signalled(signal.kind, signal))
    except Gone:
        return
