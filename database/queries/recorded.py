"""Reads what is recorded of a thread: the complete newest step of its newest conversation.

A workflow that decides a step again adopts the recorded one, and continues with the texts and
commands that it did not take.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from database.direct import Direct
from database.queries.events import WRITING

STANDING = b"""
    WITH newest AS (
        SELECT conversation.number, latest_step.state, latest_step.policy
        FROM conversation JOIN latest_step ON latest_step.conversation_id = conversation.id
        WHERE line_id = %(line_id)s AND consumer_id = %(consumer_id)s
        ORDER BY number DESC LIMIT 1
    )
    SELECT newest.state, newest.policy, EXISTS (
        SELECT FROM consumer WHERE id = %(consumer_id)s
    ) AS is_consumer_known, ARRAY(
        SELECT message.id::text FROM message WHERE message.id = ANY(%(texts)s)
    ) AS texts, ARRAY(
        SELECT jsonb_build_object(
            'key', command_key, 'conversation_id', conversation_id,
            'message_id', (array_agg(data ->> 'message_id' ORDER BY event.id)
                           FILTER (WHERE kind = ANY(%(writing)s)))[1]
        )
        FROM event WHERE command_key = ANY(%(commands)s) AND conversation_id IN (
            SELECT id FROM conversation
            WHERE line_id = %(line_id)s AND consumer_id = %(consumer_id)s
        )
        GROUP BY command_key, conversation_id
    ) AS commands, ARRAY(
        SELECT jsonb_build_object(
            'message_id', message.id, 'automatic', automatic, 'agent_name', agent.name
        )
        FROM message JOIN conversation ON conversation.id = message.conversation_id
        LEFT JOIN agent ON agent.id = message.agent_id
        WHERE message.line_id = %(line_id)s AND message.consumer_id = %(consumer_id)s
          AND message.status = 'queued'
        ORDER BY conversation.number, message.position
    ) AS unsent
    FROM (VALUES (true)) AS always LEFT JOIN newest ON true
"""

COUNT_ADOPTED = b"""
    UPDATE latest_step SET adoptions = adoptions + 1
    FROM conversation
    WHERE conversation.id = latest_step.conversation_id
      AND line_id = %(line_id)s AND consumer_id = %(consumer_id)s AND number = %(number)s
"""


@dataclass(frozen=True)
class PendingInput:
    """A thread, and the ids and keys of its texts and commands that no known step has taken."""

    line_id: str
    consumer_id: UUID
    texts: Sequence[UUID] = ()
    commands: Sequence[str] = ()


@dataclass(frozen=True)
class RecordedThread:
    """What is recorded of a thread.

    `state`, `policy`: of the newest conversation, as JSON values; None without a conversation.
    `texts`, `commands`: those of the pending ones that were taken. `unsent`: in sending order.
    """

    state: dict[str, Any] | None
    policy: dict[str, Any] | None
    is_consumer_known: bool
    texts: list[str]
    commands: list[dict[str, Any]]
    unsent: list[dict[str, Any]]


async def recorded_thread(direct: Direct, held: PendingInput) -> RecordedThread:
    """Read what is recorded of a thread at this moment."""
    row = await direct.fetch_one(STANDING, _values(held))
    if row is None:
        raise AssertionError("there is always one row")
    return RecordedThread(*row)


async def count_adopted(direct: Direct, held: PendingInput, number: int) -> None:
    """Count that a workflow adopted the newest step of a thread; `switchboard doctor` shows it."""
    await direct.fetch_one(COUNT_ADOPTED, {**_values(held), "number": number})


def _values(held: PendingInput) -> dict[str, object]:
    return {
        "line_id": held.line_id,
        "consumer_id": held.consumer_id,
        "texts": list(held.texts),
        "commands": list(held.commands),
        "writing": list(WRITING),
    }
