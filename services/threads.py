"""Threads: how the workflow of a line and a consumer is addressed and started."""

from database.tables import Consumer
from temporal.conversations import Thread


def thread_with(
    consumer: Consumer, line_id: str, skill_id: str | None, *, line_name: str | None = None
) -> Thread:
    """Return a consumer's thread on a line; `skill_id`: the skill it waits for or belongs to.

    Operators see its summary, with the line's name if it is known.
    """
    return Thread(
        account_id=consumer.account_id,
        line_id=line_id,
        consumer_id=str(consumer.id),
        summary=f"{consumer.number} on {line_name or line_id}",
        skill_id=skill_id,
    )
