"""What the product asks the database, answered by the tables: one statement, one pause.

Around every statement the schedule may do something else, such as let the worker die: before it
ran, or after it was committed with the answer on its way.
"""

import json
from collections.abc import AsyncIterator, Callable, Generator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

import psycopg

from database.engine import Sessions
from database.queries import (
    inbound,
    languages,
    late_notes,
    opening,
    recorded,
    survey_questions,
    system_close,
    watches,
)
from database.queries.events import WRITING
from database.queries.journal import NewStep, written_step
from domain.conversation.kinds import EventKind, Status
from domain.delivery.message_status import MessageStatus
from domain.language_settings import LanguageSource
from tests.simulation import tables as rules
from tests.simulation.clock import Clock
from tests.simulation.tables import Row, Tables

Values = Mapping[str, Any]
NO_SOURCE, NO_INVITATION = (None,) * 5, (None,) * 12
UNDER_WAY = (MessageStatus.queued, MessageStatus.sending)


class Pause:
    """A moment at which something else may happen."""

    def __await__(self) -> Generator[None, None, None]:
        yield


@dataclass
class Database:
    """PostgreSQL, as conversations see it."""

    now: Callable[[], datetime]
    tables: Tables = field(default_factory=Tables)
    fails: list[str] = field(default_factory=list)
    """How the next statements fail: "before" they ran, or "after" they were committed."""
    pace: float | None = None  # segments a second

    # As `database.direct.Direct`

    async def fetch_one(self, statement: bytes, values: Values) -> tuple[Any, ...] | None:
        rows = await self.fetch_all(statement, values)
        return rows[0] if rows else None

    async def fetch_all(self, statement: bytes, values: Values) -> list[tuple[Any, ...]]:
        answer = ANSWERS[statement]
        rows: list[tuple[Any, ...]] = await self.within(lambda: answer(self, values))
        return rows

    async def within(self, statement: Callable[[], Any]) -> Any:
        """Run a statement, with pauses around it."""
        await Pause()
        how = self.fails.pop() if self.fails else None
        if how == "before":
            raise psycopg.OperationalError("no connection")
        answer = statement()
        await Pause()
        if how == "after":
            raise psycopg.OperationalError("connection lost")
        return answer

    @property
    def direct(self) -> "Database":
        return self

    @property
    def clock(self) -> Clock:
        return Clock(self.now)

    @property
    def sessions(self) -> Sessions:
        return cast(Sessions, self)

    def __call__(self) -> AbstractAsyncContextManager["Database"]:
        return self.begin()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["Database"]:
        """Begin a transaction: nothing else happens in it."""
        await Pause()
        yield self
        await Pause()

    async def apply_step(self, decided: NewStep) -> bool:
        """Do what `database.queries.journal.apply_step` does."""
        step = written_step(decided)
        is_new = await self.within(lambda: rules.apply(self.tables, step, self.now()))
        if not is_new:
            return False
        consumer = self.tables.consumer.get(decided.state.consumer_id, {})
        for effect in decided.effects:
            data = effect.data if effect.effect == "happened" else {}
            is_said = data.get("source") not in (None, LanguageSource.recognised)
            if effect.effect == "happened" and effect.kind is EventKind.language_set and is_said:
                said = {"language": data["language"], "language_source": data["source"]}
                self.tables.consumer[decided.state.consumer_id] = consumer | said
        return True


def _stands(db: Database, values: Values) -> list[tuple[Any, ...]]:
    tables, consumer = db.tables, str(values["consumer_id"])
    rows = tables.of_thread(values["line_id"], consumer)
    kept = tables.latest_step.get(rows[-1]["id"]) if rows else None
    state = json.loads(kept["state"]) if kept else None
    policy = json.loads(kept["policy"]) if kept else None
    texts = [text for text in dict.fromkeys(map(str, values["texts"])) if text in tables.message]
    ours = {row["id"] for row in rows}
    return [
        (
            state,
            policy,
            consumer in tables.consumer,
            texts,
            _commands(tables, ours, values["commands"]),
            _unsent(tables, rows),
        )
    ]


def _commands(tables: Tables, ours: set[str], keys: list[str]) -> list[Row]:
    found: dict[tuple[str, str], Row] = {}
    for event in tables.event:
        key = event.command_key
        if key is None or key not in keys or event.conversation_id not in ours:
            continue
        position = (key, event.conversation_id)
        row = found.setdefault(
            position, {"key": key, "conversation_id": event.conversation_id, "message_id": None}
        )
        if event.kind in WRITING:
            row["message_id"] = row["message_id"] or event.data.get("message_id")
    return list(found.values())


def _unsent(tables: Tables, rows: list[Row]) -> list[Row]:
    return [
        {"message_id": one["id"], "automatic": one["automatic"], "agent_name": one["agent_id"]}
        for row in rows
        for one in tables.messages_of(row["id"])
        if one["status"] == MessageStatus.queued
    ]


def _adopted(db: Database, values: Values) -> list[tuple[Any, ...]]:
    for row in db.tables.of_thread(values["line_id"], str(values["consumer_id"])):
        if row["number"] == values["number"]:
            kept = db.tables.latest_step[row["id"]]
            db.tables.latest_step[row["id"]] = kept | {"adoptions": kept["adoptions"] + 1}
    return []


def _opening(db: Database, values: Values) -> list[tuple[Any, ...]]:
    tables, consumer_id = db.tables, str(values["consumer_id"])
    consumer = tables.consumer.get(consumer_id)
    text = tables.inbound.get(str(values["message_id"]), {}).get("text")
    rows = tables.of_thread(values["line_id"], consumer_id)
    ours = {row["id"] for row in rows}
    key = values["command_key"]
    is_done = key is not None and any(
        one.command_key == key and one.conversation_id in ours for one in tables.event
    )
    newest = rows[-1] if rows else None
    stands = tables.message.get(str(values["message_id"]))
    is_taken = stands is not None and stands["conversation_id"] != str(values["carried_from"])
    reached = [row for row in rows if not row["closed_at_once"]]
    last = max(reached, key=lambda row: str(row["opened_at"]), default=None)
    asked = [row["survey_asked_at"] for row in rows if row["survey_asked_at"]]
    return [
        (
            *("mark", "support", None, None),
            *NO_SOURCE,
            *(consumer_id if consumer else None, (consumer or {}).get("number")),
            *((consumer or {}).get("language"), (consumer or {}).get("language_source"), text),
            is_taken or is_done,
            *(False, False),  # nobody is blocked, and the account queues no programs
            *NO_INVITATION,
            *(newest["number"] if newest else None, newest["sequence"] if newest else None),
            bool(newest and (_is_open(newest) or _late(db, newest["id"]))),
            *_closing(last),
            _time(max(asked, default=None)),
            bool((consumer or {}).get("is_opted_out")),
        )
    ]


def _closing(row: Row | None) -> tuple[Any, ...]:
    if row is None:
        return None, None, None
    return row["status"], row["close_reason"], _time(row["closed_at"])


def _late(db: Database, conversation_id: str) -> bool:
    state = json.loads(db.tables.latest_step[conversation_id]["state"])
    survey, answer = state["survey"], state["phone_answer"]
    times = [survey and _time(survey["late_until"]), answer and _time(answer["until"])]
    return any(until is not None and until > db.now() for until in times)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _known_language(db: Database, values: Values) -> list[tuple[Any, ...]]:
    row = db.tables.consumer.get(str(values["consumer"]))
    return [(row.get("language"), row.get("language_source"))] if row else []


def _keep_language(db: Database, values: Values) -> list[tuple[Any, ...]]:
    key = str(values["consumer"])
    row = db.tables.consumer.get(key)
    if row and row.get("language_source") in (None, values["recognised"]):
        recognised = {"language": values["language"], "language_source": values["recognised"]}
        db.tables.consumer[key] = row | recognised
    return []


def _step_of(db: Database, values: Values, *, is_closed: bool) -> list[tuple[Any, ...]]:
    row = db.tables.conversation.get(str(values["id"]))
    if row is None or (row["status"] == Status.closed) is not is_closed:
        return []
    kept = db.tables.latest_step[row["id"]]
    return [(row["workflow_id"], json.loads(kept["state"]), json.loads(kept["policy"]))]


def _earlier_open(db: Database, values: Values) -> list[tuple[Any, ...]]:
    rows = db.tables.of_thread(values["line_id"], str(values["consumer_id"]))
    return [
        (row["id"],)
        for row in rows
        if row["number"] < values["number"] and row["status"] != Status.closed
    ]


def _queued(db: Database, values: Values) -> list[tuple[Any, ...]]:
    rows = db.tables.messages_of(str(values["id"]))
    return [(row["id"],) for row in rows if row["status"] == MessageStatus.queued]


# IngressScenario


def _texts_of(db: Database, values: Values) -> list[tuple[Any, ...]]:
    thread = (values["line_id"], str(values["consumer_id"]))
    waiting = [
        row
        for row in db.tables.inbound.values()
        if (row["line_id"], row["consumer_id"]) == thread and row["handed_over_at"] is None
    ]
    return [
        (
            *(row["id"], row["text"], row["received_at"], row["keyword"], False, False),
            *(row["media"], row["wants_opt_out"], row["hand_overs"] > 0, None, False),
        )
        for row in sorted(waiting, key=lambda row: row["arrival"])[: values["limit"]]
    ]


def _mark(db: Database, values: Values) -> list[tuple[Any, ...]]:
    for key in map(str, values["ids"]):
        row = db.tables.inbound.get(key)
        if row and row["handed_over_at"] is None:
            handed = {"handed_over_at": db.now(), "hand_overs": row["hand_overs"] + 1}
            db.tables.inbound[key] = row | handed
    return []


# Watches


def _thread(row: Row) -> tuple[Any, ...]:
    names = ("id", "workflow_id", "account_id", "line_id", "consumer_id", "skill_id", "sequence")
    return (*(row[name] for name in names), "number on line")


def _is_open(row: Row) -> bool:
    return bool(row["status"] != Status.closed or row["texts_to_carry"] > 0)


def _open_threads(db: Database, _: Values) -> list[tuple[Any, ...]]:
    def is_last(row: Row) -> bool:
        rows = db.tables.of_thread(row["line_id"], row["consumer_id"])
        return bool(rows[-1]["number"] == row["number"])

    rows = db.tables.conversation.values()
    open_rows = [row for row in rows if row["status"] != Status.closed]
    return [_thread(row) for row in rows if row in open_rows or (_is_open(row) and is_last(row))]


def _left(db: Database, values: Values) -> list[tuple[Any, ...]]:
    found = [db.tables.message.get(str(key)) for key in values["ids"]]
    return [
        (
            *(row["id"], row["status"]),
            row["attempted_at"] if row["status"] != MessageStatus.queued else None,
            row["provider_message_id"] is not None or row["status"] not in UNDER_WAY,
        )
        for row in found
        if row
    ]


def _open_rows(db: Database) -> list[Row]:
    return [row for row in db.tables.conversation.values() if row["status"] != Status.closed]


def _overdue(db: Database, values: Values) -> list[tuple[Any, ...]]:
    def earliest(row: Row) -> datetime | None:
        return min((datetime.fromisoformat(at) for at in row["deadlines"].values()), default=None)

    before = db.now() - values["age"]
    return [_thread(row) for row in _open_rows(db) if (at := earliest(row)) and at < before]


def _threads_of(db: Database, values: Values) -> list[tuple[Any, ...]]:
    return [_thread(db.tables.conversation[str(one)]) for one in values["ids"]]


def _still_open(db: Database, values: Values) -> list[tuple[Any, ...]]:
    ids = {str(key) for key in values["ids"]}
    rows = db.tables.conversation.values()
    return [(row["id"],) for row in rows if str(row["id"]) in ids and _is_open(row)]


def _at_work(db: Database, values: Values) -> list[tuple[Any, ...]]:
    rows = [row for row in db.tables.conversation.values() if row["workflow_id"] in values["ids"]]
    return [
        (row["workflow_id"],)
        for row in rows
        if row["status"] != Status.closed
        or ((at := _time(row["closed_at"])) and at > db.now() - values["age"])
        or _late(db, row["id"])
        or any(_is_under_way(one) for one in db.tables.messages_of(row["id"]))
    ]


def _is_under_way(text: Row) -> bool:
    is_in_doubt = text["status"] == MessageStatus.unknown and text["look_up_at"] is not None
    is_unsent = text["status"] in UNDER_WAY or is_in_doubt
    return is_unsent and text["provider_message_id"] is None


def _give_back(db: Database, values: Values) -> list[tuple[Any, ...]]:
    lost = []
    for key, row in db.tables.inbound.items():
        at = row["handed_over_at"]
        if at is None or key in db.tables.message:
            continue
        age: timedelta = values["age"] * 2 ** (row["hand_overs"] - 1)
        if at < db.now() - age:
            lost.append(key)
    for key in lost:
        db.tables.inbound[key] = db.tables.inbound[key] | {"handed_over_at": None}
    return [(key,) for key in lost]


Answer = Callable[[Database, Values], list[tuple[Any, ...]]]
ANSWERS: dict[bytes, Answer] = {
    recorded.STANDING: _stands,
    recorded.COUNT_ADOPTED: _adopted,
    opening.OPENING: _opening,
    languages.KNOWN: _known_language,
    languages.KEEP: _keep_language,
    system_close.OPEN_STEP: partial(_step_of, is_closed=False),
    late_notes.CLOSED_STEP: partial(_step_of, is_closed=True),
    system_close.EARLIER_OPEN: _earlier_open,
    system_close.QUEUED: _queued,
    inbound.TEXTS_OF: _texts_of,
    inbound.MARK: _mark,
    watches.THREAD_OF.encode(): lambda db, values: [
        _thread(row) for key, row in db.tables.conversation.items() if key == str(values["id"])
    ],
    watches.OPEN_THREADS.encode(): _open_threads,
    survey_questions.LEFT: _left,
    watches.OVERDUE.encode(): _overdue,
    watches.THREADS_OF.encode(): _threads_of,
    watches.STILL_OPEN: _still_open,
    watches.AT_WORK.encode(): _at_work,
    watches.GIVE_BACK.encode(): _give_back,
}
"""The product's statements, and what they answer."""
