"""The tables that conversations stand in, and what the journal's one statement does to them.

Rows are never changed in position, so that a backup is a copy of the tables alone.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import psycopg

from database.queries.journal import WrittenStep
from domain.conversation.kinds import Status

Row = dict[str, Any]
NEW_MESSAGE: Row = {
    "attempts": 0,
    "attempted_at": None,
    "provider_message_id": None,
    "resent": False,
    "failure_code": None,
    "look_up_at": None,
    "look_ups": 0,
}
"""What the journal leaves to the columns' own defaults."""


@dataclass(frozen=True)
class StoredEvent:
    conversation_id: str
    kind: str
    data: Row
    command_key: str | None
    step: int
    """Of the conversation; 0: of no step."""


@dataclass
class Tables:
    """All rows by their keys. Times in rows are ISO texts where the journal wrote them."""

    consumer: dict[str, Row] = field(default_factory=dict)
    inbound: dict[str, Row] = field(default_factory=dict)
    conversation: dict[str, Row] = field(default_factory=dict)
    latest_step: dict[str, Row] = field(default_factory=dict)
    message: dict[str, Row] = field(default_factory=dict)
    queue_entry: dict[str, Row] = field(default_factory=dict)
    line_lane: dict[str, Row] = field(default_factory=dict)
    event: list[StoredEvent] = field(default_factory=list)

    def copy(self) -> "Tables":
        names = ("consumer", "inbound", "conversation", "latest_step", "message")
        copies = {name: dict(getattr(self, name)) for name in (*names, "queue_entry", "line_lane")}
        return replace(self, **copies, event=list(self.event))

    def messages_of(self, conversation_id: str) -> list[Row]:
        rows = [one for one in self.message.values() if one["conversation_id"] == conversation_id]
        return sorted(rows, key=lambda row: row["position"])

    def of_thread(self, line_id: str, consumer_id: str) -> list[Row]:
        """Return a thread's conversations by number."""
        rows = [
            row
            for row in self.conversation.values()
            if (row["line_id"], row["consumer_id"]) == (line_id, consumer_id)
        ]
        return sorted(rows, key=lambda row: row["number"])


def apply(tables: Tables, step: WrittenStep, at: datetime) -> bool:
    """Apply a step as the journal's statement does; say whether it was new.

    Raises `psycopg.IntegrityError` where PostgreSQL does.
    """
    shape, values = step.shape, step.values
    new = json.loads(str(values["conversation"]))
    if not _takes_new(tables, step, new["id"]) or not _follows(tables, step, new):
        return False
    messages = json.loads(str(values["message"]))
    carried = json.loads(str(values["carried"]))
    _check(tables, new, messages, carried)
    before = tables.conversation.get(new["id"], {})
    if new["consumer_texted_at"] is None:
        new["consumer_texted_at"] = before.get("consumer_texted_at")
    tables.conversation[new["id"]] = new
    kept = tables.latest_step.get(new["id"], {})
    policy = (
        values["policy"] if shape.is_first or shape.mends else values["policy"] or kept["policy"]
    )
    tables.latest_step[new["id"]] = {
        "state": values["state"],
        "policy": policy,
        "adoptions": kept.get("adoptions", 0),
    }
    for row in messages:
        tables.message[row["id"]] = row | NEW_MESSAGE | {"status_at": at}
    _carry(tables, carried, str(values["carried_from"]), at)
    _queue(tables, step, new["id"])
    for event in json.loads(str(values["events"])):
        tables.event.append(
            StoredEvent(
                conversation_id=event["conversation_id"],
                kind=event["kind"],
                data=event["data"],
                command_key=event["command_key"],
                step=new["sequence"],
            )
        )
    return True


def _carry(tables: Tables, carried: list[Row], origin: str, at: datetime) -> None:
    for row in carried:
        there = tables.message.get(row["id"])
        if there is None:
            tables.message[row["id"]] = row | NEW_MESSAGE | {"status_at": at}
        elif there["conversation_id"] == origin:
            position = {name: row[name] for name in ("conversation_id", "position")}
            tables.message[row["id"]] = there | position
    if carried and origin in tables.conversation:
        tables.conversation[origin] = tables.conversation[origin] | {"texts_to_carry": 0}


def _takes_new(tables: Tables, step: WrittenStep, conversation_id: str) -> bool:
    texts, keys = step.values["texts"], step.values["commands"]
    assert isinstance(texts, list)
    assert isinstance(keys, list)
    if step.shape.takes_texts and any(str(text) in tables.message for text in texts):
        return False
    return not step.shape.takes_commands or not any(
        one.conversation_id == conversation_id and one.command_key in keys for one in tables.event
    )


def _follows(tables: Tables, step: WrittenStep, new: Row) -> bool:
    """Say whether the step before stands, as far as the statement asks; not: nothing is written."""
    stands = tables.conversation.get(new["id"])
    if stands and stands["status"] == Status.closed != new["status"]:
        return False
    if step.shape.mends:
        return stands is None or stands["sequence"] < new["sequence"]
    if step.shape.is_first:
        return stands is None and not _clashes(tables, new)
    return stands is not None and stands["sequence"] == new["sequence"] - 1


def _clashes(tables: Tables, new: Row) -> bool:
    """Say whether a row breaks a rule between a thread's conversations."""
    others = tables.of_thread(new["line_id"], new["consumer_id"])
    is_open = new["status"] != Status.closed
    return any(
        one["number"] == new["number"] or (is_open and one["status"] != Status.closed)
        for one in others
        if one["id"] != new["id"]
    )


def _check(tables: Tables, new: Row, messages: list[Row], carried: list[Row]) -> None:
    taken = {row["position"] for row in tables.messages_of(new["id"])}
    if new["consumer_id"] not in tables.consumer:
        raise psycopg.IntegrityError("consumer")
    if _clashes(tables, new):
        raise psycopg.errors.UniqueViolation("conversation")
    positions = [row["position"] for row in (*messages, *carried)]
    if len(set(positions)) < len(positions) or taken & set(positions):
        raise psycopg.errors.UniqueViolation("message position")
    moved = [row["id"] for row in carried]
    if len(set(moved)) < len(moved):
        raise psycopg.errors.CardinalityViolation("a row is written twice")
    ids = [row["id"] for row in messages]
    if len(set(ids)) < len(ids) or any(one in tables.message for one in ids):
        raise psycopg.errors.UniqueViolation("message")


def _queue(tables: Tables, step: WrittenStep, conversation_id: str) -> None:
    entries: list[Row] = json.loads(str(step.values["queue_entry"]))
    for new in entries:
        old = tables.queue_entry.get(conversation_id)
        if old is None or old["ticket"] < new["ticket"]:
            tables.queue_entry[conversation_id] = new
        else:
            tables.queue_entry[conversation_id] = old | {"due_at": new["due_at"]}
    if step.shape.leaves_queue:
        tables.queue_entry.pop(conversation_id, None)
