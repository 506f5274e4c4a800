"""A line's texts with one consumer, as their workflow is addressed and started."""

from database.tables import Consumer
from temporal.conversations import Thread


def thread_with(
    consumer: Consumer, line_id: str, skill_id: str | None, *, line_name: str | None = None
) -> Thread:
    """Return a consumer's thread on a line; `skill_id` is where it waits or will be held.

    Operators read its summary, with the line's name where that is known.
    """
    return Thread(
        account_id=consumer.account_id,
        line_id=line_id,
        consumer_id=str(consumer.id),
        summary=f"{consumer.number} on {line_name or line_id}",
        skill_id=skill_id,
    )
