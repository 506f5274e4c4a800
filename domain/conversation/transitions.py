"""Where a conversation may go from where it stands: one table, which the core itself moves by.

Each row is an event of the transcript that moves it. What is in no row happens without moving it;
what would move it from elsewhere is a fault of ours, and raises.
"""

from domain.conversation.kinds import EventKind, Status

TRANSITIONS: dict[tuple[Status, EventKind], Status] = {
    # It waits from its opening on, also again after a transfer or when an agent is taken off.
    (Status.waiting, EventKind.conversation_queued): Status.waiting,
    (Status.assigned, EventKind.conversation_queued): Status.waiting,
    (Status.waiting, EventKind.conversation_assigned): Status.assigned,
    (Status.assigned, EventKind.conversation_assigned): Status.assigned,
    (Status.waiting, EventKind.conversation_closed): Status.closed,
    (Status.assigned, EventKind.conversation_closed): Status.closed,
    # The question follows its closing in the same step.
    (Status.closed, EventKind.survey_asked): Status.survey,
    (Status.survey, EventKind.survey_asked): Status.survey,
    (Status.survey, EventKind.survey_ended): Status.closed,
    # A late answer ends the survey once more, with its score.
    (Status.closed, EventKind.survey_ended): Status.closed,
}
MOVING = frozenset(kind for _, kind in TRANSITIONS)
"""Events that say where a conversation stands."""


class NoSuchTransition(Exception):
    """The rules would move a conversation from where it cannot be moved: a fault of ours."""


def status_after(status: Status, kind: EventKind) -> Status:
    """Return where a conversation stands after an event. Raises `NoSuchTransition`."""
    if kind not in MOVING:
        return status
    try:
        return TRANSITIONS[status, kind]
    except KeyError as error:
        raise NoSuchTransition(status.value, kind.value) from error


def is_possible(status: Status, kind: EventKind) -> bool:
    """Say whether an event may happen to a conversation that stands so."""
    return kind not in MOVING or (status, kind) in TRANSITIONS
