"""What must hold once the world came to rest: one sentence for each rule that is broken."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from domain.conversation.kinds import Author, EventKind, Status
from domain.conversation.transitions import NoSuchTransition, status_after
from domain.courtesies.reading import courtesy_in
from domain.delivery.message_status import MessageStatus
from tests.simulation.people import PHONES_SEND, Call, People
from tests.simulation.server import Gone
from tests.simulation.tables import Row
from tests.simulation.world import World
from workflows.conversation.commands import HoldAutoClose, ScheduleText

UNSENT = ("opted_out", "conversation_ended", "unconfirmed", "provider_unavailable")
"""Codes with which a text may rightly not leave."""


def broken(world: World, people: People) -> list[str]:
    """Return every rule that does not hold."""
    return [
        *_texts(world, people),
        *_order(world, people),
        *_carried_over(world),
        *_opened_nothing(world),
        *_opted_out(world),
        *_commands(world, people),
        *_departures(world),
        *_departed_in_order(world),
        *_departed_in_turn(world),
        *_transcripts(world),
        *_moves(world),
        *_workflows(world),
        *_bots(world),
    ]


def is_behind(world: World) -> bool:
    """Say whether all that does not hold is that workflows have not heard of a later step."""
    found = list(_workflows(world))
    return bool(found) and all(one.startswith("a workflow is at") for one in found)


def _texts(world: World, people: People) -> Iterator[str]:
    tables = world.database.tables
    for taken in people.taken:
        row = tables.message.get(taken.message_id)
        if row is None:
            if taken.message_id in tables.inbound:
                yield f"text {taken.message_id[:4]} {taken.text!r} stands in no transcript"
            continue
        if tables.conversation[row["conversation_id"]]["consumer_id"] != taken.consumer_id:
            yield f"text {taken.message_id[:4]} stands with another consumer"


def _order(world: World, people: People) -> Iterator[str]:
    if world.cut_back:
        return
    tables = world.database.tables
    arrived = {taken.message_id: position for position, taken in enumerate(people.taken)}
    carried = _carried(world)
    for consumer_id in tables.consumer:
        positions = [
            arrived[row["id"]]
            for conversation in tables.of_thread("acme-line", consumer_id)
            for row in tables.messages_of(conversation["id"])
            if row["author"] == Author.consumer and row["id"] not in carried
        ]
        if positions != sorted(positions):
            yield f"texts of {consumer_id[:4]} stand out of order: {positions}"


def _moves(world: World) -> Iterator[str]:
    """Conversations moved along the table of transitions, to where their rows say."""
    if world.cut_back:
        return
    tables, stands = world.database.tables, dict[str, Status]()
    for event in tables.event:
        key = event.conversation_id
        try:
            stands[key] = status_after(stands.get(key, Status.waiting), EventKind(event.kind))
        except NoSuchTransition as wrong:
            yield f"conversation {key[:4]} went where the table does not lead: {wrong.args}"
            return
    for key, status in stands.items():
        row = tables.conversation.get(key)
        if row and row["status"] != status:
            yield f"conversation {key[:4]} is {row['status']}, its events say {status.value}"


def _carried(world: World) -> Counter[str]:
    """Return how often texts went on into a next conversation, by their ids."""
    return Counter(
        event.data["message_id"]
        for event in world.database.tables.event
        if event.kind == EventKind.message_added and event.data.get("carried_from")
    )


def _carried_over(world: World) -> Iterator[str]:
    """Texts a survey had no use for stand in a later conversation, in order."""
    tables = world.database.tables
    for key, row in tables.conversation.items():
        state = json.loads(tables.latest_step[key]["state"])
        is_last = tables.of_thread(row["line_id"], row["consumer_id"])[-1]["id"] == key
        if state["carried"] and is_last:
            yield f"conversation {key[:4]} ended and nothing opened with its texts"
        if "database" in world.cut_back:
            continue
        there = [tables.message[text["message_id"]] for text in state["carried"]]
        positions = [(one["conversation_id"], one["position"]) for one in there]
        if any(place[0] == key for place in positions) or positions != sorted(positions):
            yield f"texts of conversation {key[:4]} went on to {positions}"
        is_over = row["status"] == Status.closed
        if is_over and state["survey"] and state["survey"]["unused"]:
            yield f"conversation {key[:4]} keeps texts to itself"


def _opened_nothing(world: World) -> Iterator[str]:
    """Only texts that ask for nothing open nothing."""
    tables = world.database.tables
    for event in tables.event:
        if event.kind != EventKind.opened_nothing:
            continue
        text = tables.message[event.data["message_id"]]["text"]
        if courtesy_in(text) is None and text not in PHONES_SEND:
            yield f"{text!r} was swallowed"


def _opted_out(world: World) -> Iterator[str]:
    """Nothing is open with a consumer who opted out."""
    tables = world.database.tables
    for key, row in tables.conversation.items():
        is_opted_out = tables.consumer.get(row["consumer_id"], {}).get("is_opted_out")
        if is_opted_out and row["status"] != Status.closed:
            yield f"conversation {key[:4]} is {row['status']} after an opt-out"


def _commands(world: World, people: People) -> Iterator[str]:
    tables = world.database.tables
    steps: dict[str, set[tuple[str, int]]] = {}
    for event in tables.event:
        if event.command_key:
            steps.setdefault(event.command_key, set()).add((event.conversation_id, event.step))
    for key, call in people.calls.items():
        done = len(steps.get(key, ()))
        if call.said in ("waiting", "unavailable"):
            yield f"{key} ({_name(call)}) is never answered"
        elif done > 1:
            yield f"{key} ({_name(call)}) was done {done} times"
        elif "database" in world.cut_back:
            continue
        elif call.said == "done":
            yield from _answered(world, call, done)
        elif done and "history" not in world.cut_back:  # a reset gives refused commands again
            yield f"{key} ({_name(call)}) was refused with {call.said} and done"


def _answered(world: World, call: Call, done: int) -> Iterator[str]:
    name = f"{call.command.key} ({_name(call)})"
    changes_nothing = isinstance(call.command, HoldAutoClose)  # where it is held already
    if not done and not changes_nothing:
        yield f"{name} was answered and never done"
    message_id = call.done.message_id if call.done else None
    is_later = isinstance(call.command, ScheduleText)
    if message_id and not is_later and message_id not in world.database.tables.message:
        yield f"{name} was answered with a message that does not exist"


def _name(call: Call) -> str:
    return type(call.command).__name__


def _departures(world: World) -> Iterator[str]:
    tables = world.database.tables
    left = Counter(one.message_id for one in world.carrier.left)
    for key, times in left.items():
        if times > 1 and "database" not in world.cut_back:
            yield f"message {key[:4]} left {times} times"
        if key not in tables.message and "database" not in world.cut_back:
            yield f"message {key[:4]} left and stands in no transcript"
    for key, row in tables.message.items():
        if row["author"] not in (Author.agent, Author.bot, Author.system):
            continue
        if row["status"] in (MessageStatus.queued, MessageStatus.sending):
            yield f"message {key[:4]} {row['text'][:20]!r} is still {row['status']}"
        elif row["status"] in (MessageStatus.sent, MessageStatus.delivered):
            if key not in left:
                yield f"message {key[:4]} is said to be sent and never left"
        elif row.get("failure_code") not in UNSENT:
            yield f"message {key[:4]} is {row['status']}: {row.get('failure_code')}"


def _departed_in_order(world: World) -> Iterator[str]:
    if world.cut_back or world.sends_late:
        return
    tables, positions = world.database.tables, dict[str, list[tuple[int, int]]]()
    for one in world.carrier.left:
        row = tables.message[one.message_id]
        conversation = tables.conversation[row["conversation_id"]]
        position = (conversation["number"], row["position"])
        positions.setdefault(conversation["consumer_id"], []).append(position)
    for consumer_id, found in positions.items():
        if found != sorted(found):
            yield f"texts to {consumer_id[:4]} left out of order: {found}"


def _departed_in_turn(world: World) -> Iterator[str]:
    """Texts of a line with a pace have times of their own, and none leaves before its time."""
    pace = world.database.pace
    if pace is None or world.cut_back:
        return
    given = list[datetime]()
    for one in world.carrier.left:
        leaves_at = world.database.tables.message[one.message_id].get("leaves_at")
        if leaves_at is None or one.at < leaves_at:
            yield f"message {one.message_id[:4]} left before its turn at {leaves_at}"
            continue
        given.append(leaves_at)
    for before, after in pairwise(sorted(given)):
        if after - before < timedelta(seconds=1 / pace):
            yield f"texts were given the line together, at {before} and {after}"


def _transcripts(world: World) -> Iterator[str]:
    tables = world.database.tables
    told = Counter(
        event.data.get("message_id")
        for event in tables.event
        if event.kind == EventKind.message_added
    )
    carried = _carried(world)
    for key, conversation in tables.conversation.items():
        rows = tables.messages_of(key)
        for row in rows:
            # A restored database may have lost the text, and its event, where it stood before.
            fewest = 1 if "database" in world.cut_back else 1 + carried[row["id"]]
            if not fewest <= told[row["id"]] <= 1 + carried[row["id"]]:
                yield f"message {row['id'][:4]} stands in {told[row['id']]} events"
        gone = json.loads(tables.latest_step[key]["state"])["carried"]
        positions = [row["position"] for row in rows]
        missing = len(range(1, max(positions, default=0) + 1)) - len(positions)
        is_whole = len(set(positions)) == len(positions) and missing <= len(gone)
        if "database" in world.cut_back:
            continue
        if not is_whole:
            yield f"conversation {key[:4]} has positions {positions}"
        if conversation["message_count"] != len(rows):
            yield f"conversation {key[:4]} counts {conversation['message_count']} of {len(rows)}"


def _workflows(world: World) -> Iterator[str]:
    tables = world.database.tables
    for row in tables.conversation.values():
        if row["status"] == Status.closed:
            continue
        try:
            world.server.running(row["workflow_id"])
        except Gone:
            yield f"conversation {row['id'][:4]} is {row['status']} and has no workflow"
    for run in world.server.all_running():
        if run.workflow_id.rsplit("/", 1)[-1] not in tables.consumer:
            yield f"{run.workflow_id[-4:]} runs for a consumer whom nobody knows"
        live = world.worker.cache.get(run.run_id)
        if live is None:
            live = world.worker.replayed(run)
        if live.locals or run.events:
            yield f"{run.workflow_id[-4:]} is not at rest"
        state = live.running.state()
        rows = tables.of_thread("acme-line", run.workflow_id.rsplit("/", 1)[-1])
        yield from _same(world, state, rows)


def _bots(world: World) -> Iterator[str]:
    """No bot keeps a conversation waiting, and each turn was answered once."""
    tables = world.database.tables
    for key, row in tables.conversation.items():
        bot = json.loads(tables.latest_step[key]["state"])["bot"]
        if bot and bot["asked_at"] and row["status"] != Status.closed:
            yield f"conversation {key[:4]} waits for a bot"
    answered = Counter(
        (event.conversation_id, event.data["turn"])
        for event in tables.event
        if event.kind == EventKind.bot_answered
    )
    for (key, turn), times in answered.items():
        if times > 1 and not world.cut_back:
            yield f"turn {turn} of conversation {key[:4]} was answered {times} times"


def _same(world: World, state: Row | None, rows: list[Row]) -> Iterator[str]:
    if not rows:
        if state:
            yield f"a workflow has conversation {state['id'][:4]}, which stands nowhere"
        return
    newest = rows[-1]
    if state is None:
        if newest["status"] != Status.closed:
            yield f"a workflow knows nothing of conversation {newest['id'][:4]}"
        return
    if (state["number"], state["sequence"]) != (newest["number"], newest["sequence"]):
        yield (
            f"a workflow is at {state['number']}/{state['sequence']}, "
            f"its row at {newest['number']}/{newest['sequence']}"
        )
    elif state["status"] != newest["status"] or state["agent_id"] != newest["agent_id"]:
        yield f"conversation {newest['id'][:4]} is {state['status']}, its row {newest['status']}"
