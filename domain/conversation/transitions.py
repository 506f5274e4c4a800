"""The status transitions of a conversation, in one table that the core itself follows.

Each row names a status and an event, and the status after it. An event in no row leaves the status
as it is. An event in a row for other statuses only is a fault of the rules, and raises.
"""

from domain.conversation.kinds import EventKind, Status

TRANSITIONS: dict[tuple[Status, EventKind], Status] = {
    # It waits from its opening, and again after a transfer, a return or a release.
    (Status.waiting, EventKind.conversation_queued): Status.waiting,
    (Status.assigned, EventKind.conversation_queued): Status.waiting,
    # With a bot it waits as well, in no queue.
    (Status.waiting, EventKind.given_to_bot): Status.waiting,
    (Status.assigned, EventKind.given_to_bot): Status.waiting,
    (Status.waiting, EventKind.conversation_assigned): Status.assigned,
    (Status.assigned, EventKind.conversation_assigned): Status.assigned,
    (Status.waiting, EventKind.conversation_closed): Status.closed,
    (Status.assigned, EventKind.conversation_closed): Status.closed,
    # The survey question follows the closing in the same step.
    (Status.closed, EventKind.survey_asked): Status.survey,
    (Status.survey, EventKind.survey_asked): Status.survey,
    (Status.survey, EventKind.survey_ended): Status.closed,
    # A late answer ends the survey once more, with its score.
    (Status.closed, EventKind.survey_ended): Status.closed,
}
MOVING = frozenset(kind for _, kind in TRANSITIONS)
"""Events that set the status of a conversation."""


class NoSuchTransition(Exception):
    """A rule recorded an event that its conversation's status does not allow: a fault of ours."""


def status_after(status: Status, kind: EventKind) -> Status:
    """Return the status after an event. Raises `NoSuchTransition`."""
    if kind not in MOVING:
        return status
    try:
        return TRANSITIONS[status, kind]
    except KeyError as error:
        raise NoSuchTransition(status.value, kind.value) from error


def is_possible(status: Status, kind: EventKind) -> bool:
    """Say whether an event may happen to a conversation with this status."""
    return kind not in MOVING or (status, kind) in TRANSITIONS
