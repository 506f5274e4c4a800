"""Ways to define a figure, and parts that several are made of."""

from collections.abc import Collection

from domain.delivery.message_status import MessageStatus
from domain.reporting.figures import Amount, Figure, Group, Unit
from domain.reporting.kinds import FactKind
from domain.reporting.sums import Part

CLOSED = Part(FactKind.closed)
NOT_DELIVERED = (MessageStatus.undelivered, MessageStatus.failed)
LEFT = (MessageStatus.delivered, *NOT_DELIVERED, MessageStatus.sent, MessageStatus.unknown)
"""What may become of a text that left, or that was refused."""


def count(
    one: str,
    name: str,
    says: str,
    part: Part,
    group: Group = Group.volume,
    *,
    is_rare: bool = False,
) -> Figure:
    """Return a figure that counts facts."""
    return Figure(one, name, says, group, Unit.number, part, is_rare=is_rare)


def time(one: str, name: str, says: str, part: Part) -> Figure:
    """Return a figure that measures times."""
    return Figure(one, name, says, Group.speed, Unit.time, part)


def share(
    one: str,
    name: str,
    says: str,
    part: Part,
    base: Part,
    group: Group = Group.volume,
    *,
    is_rare: bool = False,
) -> Figure:
    """Return a figure that is a share of other facts."""
    return Figure(one, name, says, group, Unit.percent, part, base, is_rare=is_rare)


def delivered(*statuses: MessageStatus, of: Collection[FactKind]) -> Part:
    """Return the texts of ours with some statuses."""
    first, *others = of
    return Part(first, statuses, tuple(others))


def average(one: str, name: str, says: str, part: Part, amount: Amount) -> Figure:
    """Return a figure that is so many on average over all of the time."""
    return Figure(
        one,
        name,
        says,
        Group.volume,
        Unit.ratio,
        part,
        amount=amount,
        is_rare=amount is not Amount.total,
    )
