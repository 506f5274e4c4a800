"""Builds the one statement that writes a step of a conversation, once per kind of step.

To read it, run `python -m database.queries.journal_sql`, which prints the largest one for psql.
Data-modifying parts run in the order in which they refer to each other. The event lock counts their
rows, so it is taken after all of them (see `database.queries.events`).
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import cast

from sqlalchemy import Table

from database.queries.beginnings import NEWEST_HERE
from database.queries.priorities import minutes_sql
from database.tables import (
    Conversation,
    Mention,
    Message,
    Participation,
    QueueEntry,
    RoutingDecision,
)

CONVERSATION = cast(Table, Conversation.__table__)
SET_BY_PEOPLE = frozenset({"priority"})
"""Columns of a conversation that no step writes."""

NEW_TEXTS = "NOT EXISTS (SELECT FROM message WHERE id = ANY(%(texts)s))"
NEW_COMMANDS = """NOT EXISTS (
        SELECT FROM event WHERE conversation_id = %(id)s AND command_key = ANY(%(commands)s)
    )"""
"""No earlier step took this step's texts and commands. If one did, the step was decided before."""
STAYS_CLOSED = "(conversation.status <> 'closed' OR {new}.status = 'closed')"
"""A conversation that the system closed in a restored database is not reopened by its workflow."""

KEPT = """kept AS (
    INSERT INTO latest_step (conversation_id, sequence, state, policy)
    SELECT id, %(sequence)s, %(state)s::jsonb, %(policy)s::jsonb FROM step
    ON CONFLICT (conversation_id) DO UPDATE
    SET sequence = excluded.sequence, state = excluded.state, policy = excluded.policy
    RETURNING 1
)"""
KEPT_BEFORE = """kept AS (
    UPDATE latest_step
    SET sequence = %(sequence)s, state = %(state)s::jsonb,
        policy = coalesce(%(policy)s::jsonb, policy)
    FROM step WHERE conversation_id = step.id RETURNING 1
)"""
"""Stores the complete step. A workflow that decides it again adopts this one."""

MAYBE_LEFT = """(
    SELECT min(back_to) FROM restore WHERE restored_at > new.maybe_sent_since
)"""
"""Marks a text whose cause came before the database was restored: it may have left already.

The row brings the cause's time. Nearly always the table is empty.
"""

CARRIED_COLUMNS = (
    *("id", "account_id", "line_id", "consumer_id", "conversation_id", "position", "author"),
    *("text", "media", "is_truncated", "written_at", "sent_at", "status", "status_at"),
)
LEAVES_QUEUE = """left_queue AS (
    DELETE FROM queue_entry USING step WHERE conversation_id = step.id RETURNING 1
)"""
MOVES_DEADLINE = """moved AS (
    UPDATE queue_entry SET due_at = %(due_at)s FROM step
    WHERE conversation_id = step.id AND due_at IS DISTINCT FROM %(due_at)s RETURNING 1
)"""
"""Makes the queue serve a waiting conversation by its current response deadline."""
FORGETS_MISSED_OFFERS = """forgiven AS (
    UPDATE agent SET missed_offers = 0 FROM step
    WHERE agent.id = ANY(%(assigned)s) AND missed_offers > 0 RETURNING 1
)"""
CARRIED = f"""carried AS (
    INSERT INTO message ({", ".join(CARRIED_COLUMNS)})
    SELECT {", ".join(f"new.{name}" for name in CARRIED_COLUMNS)}
    FROM step, jsonb_populate_recordset(NULL::message, %(carried)s::jsonb) AS new
    ON CONFLICT (id) DO UPDATE
    SET conversation_id = excluded.conversation_id, position = excluded.position
    WHERE message.conversation_id = %(carried_from)s RETURNING 1
)"""  # noqa: S608 - names of our own columns
"""Moves a carried text, because a text is always one message. A restored database may lack it."""
INVITED = f"""invited AS (
    INSERT INTO message ({", ".join(CARRIED_COLUMNS)})
    SELECT {", ".join(f"new.{name}" for name in CARRIED_COLUMNS)}
    FROM step, jsonb_populate_recordset(NULL::message, %(invited)s::jsonb) AS new
    ON CONFLICT (id) DO UPDATE
    SET conversation_id = excluded.conversation_id, position = excluded.position,
        status = CASE WHEN message.status = 'queued' THEN excluded.status ELSE message.status END
    WHERE message.conversation_id IS NULL RETURNING 1
)"""  # noqa: S608 - names of our own columns
"""Moves the text that the consumer answers to the front of the transcript.

A restored database may lack it, or show it as queued although it left: it is not sent again.
"""
INVITED_BEFORE = """invited AS (
    UPDATE message SET conversation_id = step.id, position = 1
    FROM step WHERE message.id = %(invitation)s AND conversation_id IS NULL
      AND NOT EXISTS (SELECT FROM conversation WHERE conversation.id = %(id)s)
    RETURNING 1
)"""
"""The same in a database that has lost the conversation, where the text is not known here."""
ANSWERED = """answered AS (
    UPDATE invitation
    SET answered_at = coalesce(answered_at, %(answered_at)s), conversation_id = step.id
    FROM step WHERE message_id = %(invitation)s RETURNING 1
)"""
"""Marks the invitation that a conversation began with."""
ANSWERED_HERE = f"""answered_here AS (
    UPDATE invitation SET answered_at = %(answered_at)s, conversation_id = step.id
    FROM step, ({NEWEST_HERE}) AS newest
    WHERE invitation.message_id = newest.message_id AND newest.answered_at IS NULL
    RETURNING invitation.message_id, invitation.kind, invitation.origin_id
)"""  # noqa: S608 - our own statement
"""Marks the invitation that a text in an open conversation may answer: the last that left."""
ANSWER_TOLD = """
    UNION ALL SELECT step.id, NULL, %(answered_kind)s, jsonb_build_object(
        'message_id', message_id, 'origin', answered_here.kind, 'origin_id', origin_id
    ), NULL, %(answered_at)s, NULL::bigint
    FROM step, answered_here"""
CARRIED_OVER = """carried_over AS (
    UPDATE conversation SET texts_to_carry = 0 FROM step
    WHERE conversation.id = %(carried_from)s RETURNING 1
)"""
EVENTS = """locked AS MATERIALIZED (
    SELECT pg_advisory_xact_lock(hashtextextended(%(event_key)s, 0)) FROM {before}
), added AS (
    INSERT INTO event (account_id, conversation_id, agent_id, kind, data, command_key, at)
    SELECT %(account_id)s, conversation_id, agent_id, kind, data, command_key, at
    FROM locked, (
        SELECT * FROM ROWS FROM (
            jsonb_to_recordset(%(events)s::jsonb) AS (
                conversation_id uuid, agent_id text, kind text, data jsonb, command_key text,
                at timestamptz
            )
        ) WITH ORDINALITY {further}
    ) AS told
    ORDER BY ordinality RETURNING 1
)"""

Columns = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Shape:
    """The kind of a step. `rows`: the tables it adds rows to, with the columns it fills."""

    rows: Columns
    is_first: bool = False
    mends: bool = False
    """The previous steps are missing: the database was restored to an earlier time."""
    takes_texts: bool = False
    takes_commands: bool = False
    carries_texts: bool = False
    """It opens with texts of the previous conversation."""
    leaves_queue: bool = False
    moves_deadline: bool = False
    assigns: bool = False
    moves_work: bool = False
    """The router is notified."""
    begins_with_invitation: bool = False
    """Its transcript begins with the text that the consumer answers."""
    answers_invitation: bool = False
    """The invitation is marked as answered."""
    may_answer: bool = False
    """A text of the consumer in an open conversation may answer an invitation."""
    appends_events: bool = True
    """False when the caller locks agents afterwards, and appends the events itself at the end."""


@cache
def step_statement(shape: Shape) -> bytes:
    """Return the statement. It returns a row when the step was new, and else writes nothing."""
    changes = dict(_changes(shape))
    parts = [_step(shape), *changes.values()]
    last = "step"
    if shape.appends_events:
        counted = ["step", *(f"(SELECT count(*) FROM {name}) AS {name}_" for name in changes)]  # noqa: S608
        further = ANSWER_TOLD if "answered_here" in changes else ""
        parts.append(EVENTS.format(before=", ".join(counted), further=further))
        last = "step, (SELECT count(*) FROM added) AS appended"
    answer = ", ".join(["true", *_notified(shape)])
    return f"WITH {', '.join(parts)} SELECT {answer} FROM {last}".encode()  # noqa: S608


def for_psql(statement: bytes) -> str:
    """Return a statement with `:'name'` for each value, which psql fills in by `\\set name`."""
    return re.sub(r"%\((\w+)\)s", r":'\1'", statement.decode())


def _notified(shape: Shape) -> Iterator[str]:
    channels = {"event_channel": shape.appends_events, "work_channel": shape.moves_work}
    for channel, is_notified in channels.items():
        if is_notified:
            yield f"pg_notify(%({channel})s, %(account_id)s)"


def _step(shape: Shape) -> str:
    """Return the part that writes the conversation's row, if the previous step is stored."""
    names = [column.name for column in CONVERSATION.c if column.name not in SET_BY_PEOPLE]
    new = "jsonb_populate_record(NULL::conversation, %(conversation)s::jsonb) AS new"
    changes = {name: f"new.{name}" for name in names if name != "id"}
    # A step without a text of the consumer does not change it.
    changes["consumer_texted_at"] = (
        "coalesce(new.consumer_texted_at, conversation.consumer_texted_at)"
    )
    # One that was given after the end stays.
    changes["closing_reason_id"] = "coalesce(conversation.closing_reason_id, new.closing_reason_id)"
    if not (shape.is_first or shape.mends):
        conditions = [
            *("conversation.id = new.id", "conversation.sequence = new.sequence - 1"),
            STAYS_CLOSED.format(new="new"),
        ]
        return f"""step AS (
            UPDATE conversation SET {_set(changes)} FROM {new}
            WHERE {" AND ".join([*conditions, *_is_new(shape)])}
            RETURNING conversation.id, conversation.priority
        )"""  # noqa: S608 - names of our own tables
    instead = "DO NOTHING"
    if shape.mends:
        merged = {name: value.replace("new.", "excluded.") for name, value in changes.items()}
        instead = f"""(id) DO UPDATE SET {_set(merged)}
            WHERE conversation.sequence < excluded.sequence
            AND {STAYS_CLOSED.format(new="excluded")}"""
    return f"""step AS (
        INSERT INTO conversation ({", ".join(names)})
        SELECT {", ".join(f"new.{name}" for name in names)} FROM {new}
        WHERE {" AND ".join(["true", *_is_new(shape)])}
        ON CONFLICT {instead} RETURNING id, priority
    )"""  # noqa: S608 - names of our own tables


def _is_new(shape: Shape) -> Iterator[str]:
    if shape.takes_texts:
        yield NEW_TEXTS
    if shape.takes_commands:
        yield NEW_COMMANDS


def _changes(shape: Shape) -> Iterator[tuple[str, str]]:
    yield "kept", KEPT if shape.is_first or shape.mends else KEPT_BEFORE
    for table, columns in shape.rows:
        yield f"new_{table}", _added(table, columns)
    if shape.carries_texts:
        yield "carried", CARRIED
        yield "carried_over", CARRIED_OVER
    if shape.begins_with_invitation:
        yield "invited", INVITED
    elif shape.answers_invitation:
        yield "invited", INVITED_BEFORE
    if shape.answers_invitation:
        yield "answered", ANSWERED
    elif shape.may_answer and shape.appends_events:
        yield "answered_here", ANSWERED_HERE
    if shape.leaves_queue:
        yield "left_queue", LEAVES_QUEUE
    if shape.moves_deadline:
        yield "moved", MOVES_DEADLINE
    if shape.assigns:
        yield "forgiven", FORGETS_MISSED_OFFERS


def _added(table: str, columns: tuple[str, ...]) -> str:
    values = {name: f"new.{name}" for name in columns}
    if table == "message":
        values["maybe_sent_since"] = MAYBE_LEFT
    if table == "queue_entry":
        values["priority"] = f"new.priority + {minutes_sql('step.priority')}"
    return f"""new_{table} AS (
        INSERT INTO {table} ({", ".join(columns)})
        SELECT {", ".join(values.values())}
        FROM step, jsonb_populate_recordset(NULL::{table}, %({table})s::jsonb) AS new
        {_conflict(table, columns)} RETURNING 1
    )"""  # noqa: S608 - names of our own tables


def _conflict(table: str, columns: tuple[str, ...]) -> str:
    if table in ("participation", "mention"):
        return "ON CONFLICT DO NOTHING"
    if table != "queue_entry":
        return ""
    # A new ticket may go to any agent again. Within a ticket only the deadline may move.
    newer = "queue_entry.ticket < excluded.ticket"
    changes = {
        name: f"CASE WHEN {newer} THEN excluded.{name} ELSE queue_entry.{name} END"
        for name in columns
    }
    changes["due_at"] = "excluded.due_at"
    return f"""ON CONFLICT (conversation_id) DO UPDATE SET {_set(changes)}
        WHERE {newer} OR queue_entry.due_at IS DISTINCT FROM excluded.due_at"""


def _set(changes: dict[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in changes.items())


def largest_shape() -> Shape:
    """Return a step that does everything a later step of a conversation can do at once."""
    tables = (Message, Participation, Mention, QueueEntry, RoutingDecision)
    columns = [cast(Table, table.__table__).c for table in tables]
    return Shape(
        rows=tuple(
            (table.__tablename__, tuple(column.name for column in found if not column.computed))
            for table, found in zip(tables, columns, strict=True)
        ),
        takes_texts=True,
        takes_commands=True,
        carries_texts=True,
        leaves_queue=True,
        moves_deadline=True,
        assigns=True,
        moves_work=True,
        may_answer=True,
    )


if __name__ == "__main__":
    sys.stdout.write(for_psql(step_statement(largest_shape())) + ";\n")
