"""Who may do what with a conversation, for commands and for the controls on pages.

Each `check_...` raises the error that refuses. `rights` applies the same rules to every action at
once, so that a page offers what the conversation will allow and explains a refusal in its words.
"""

from dataclasses import dataclass

from domain.conversation.inputs import Person
from domain.conversation.kinds import EventKind, Status
from domain.conversation.state import ConversationState
from domain.conversation.transitions import is_possible
from domain.errors import (
    Conflict,
    ConsumerOptedOut,
    ConversationClosed,
    ConversationInSurvey,
    ConversationNotAssigned,
    DomainError,
    NotAllowed,
)

WAITS = "This conversation waits for an agent."
WITH_BOT = "A bot answers in this conversation. Take it to write yourself."
STILL_OPEN = "This conversation is still open. Its reason is given when it is closed."
HELD_BY_ANOTHER = "Another agent holds this conversation."


@dataclass(frozen=True)
class AgentRelation:
    """A person's relation to a conversation, which decides what they may do with it.

    `is_theirs`: they are its agent, or were when the survey began. `may_pick`: it waits for one
    of their skills, or they supervise.
    """

    status: Status
    is_theirs: bool = False
    supervises: bool = False
    has_joined: bool = False
    is_opted_out: bool = False
    may_pick: bool = False
    is_with_bot: bool = False
    is_mentioned: bool = False
    """A note names them."""

    @property
    def holds(self) -> bool:
        return self.status is Status.assigned and self.is_theirs


@dataclass(frozen=True)
class Rights:
    """What a person may do; `refusal` says why they cannot reply."""

    may_reply: bool
    may_note: bool
    may_handle: bool
    may_return: bool
    may_pick: bool
    may_join: bool
    may_leave: bool
    may_take_over: bool
    may_opt_out: bool
    may_resume: bool
    may_snooze: bool
    may_set_closing_reason: bool
    refusal: str | None = None


def rights(relation: AgentRelation) -> Rights:
    """Return what a person may do with a conversation."""
    may_handle = _refuses_handling(relation) is None
    supervises = _refuses_supervising(relation) is None and not relation.holds
    refusal = _refuses_reply(relation)
    if relation.status is Status.closed and relation.is_opted_out:
        refusal = ConsumerOptedOut()  # their next text opens nothing, either
    is_waiting = relation.status is Status.waiting
    return Rights(
        may_reply=refusal is None,
        may_note=_refuses_note(relation, may_be_closed=True) is None,
        may_handle=may_handle,
        may_return=may_handle and not is_waiting,
        may_pick=is_waiting and relation.may_pick,
        may_join=supervises and not relation.has_joined,
        may_leave=supervises and relation.has_joined,
        may_take_over=supervises and not is_waiting,
        may_opt_out=not relation.is_opted_out,
        may_resume=relation.status is Status.closed and not relation.is_opted_out,
        may_snooze=may_handle and relation.status is Status.assigned,
        may_set_closing_reason=_refuses_closing_reason(relation) is None,
        refusal=refusal.detail if refusal else None,
    )


def has_joined(state: ConversationState, person: Person) -> bool:
    """Say whether a manager has joined and writes alongside the agent."""
    return any(manager.agent_id == person.agent_id for manager in state.joined_managers)


def holds(state: ConversationState, person: Person) -> bool:
    return _relation(state, person).holds


def check_open(state: ConversationState) -> None:
    """Refuse if the conversation is closed or in its survey."""
    _raise(_refuses_anything(state.status))


def check_replies(state: ConversationState, person: Person) -> None:
    """Refuse people who neither hold nor joined it; refuse everybody after an opt-out."""
    _raise(_refuses_reply(_relation(state, person)))


def check_notes(state: ConversationState, person: Person) -> None:
    """Refuse people who may not write notes. During the survey notes are still allowed.

    Those whom a note mentions may answer it by another.
    """
    _raise(_refuses_note(_relation(state, person)))


def check_late_notes(state: ConversationState, person: Person) -> None:
    """Refuse people who may not write notes in it once it is closed."""
    _raise(_refuses_note(_relation(state, person), may_be_closed=True))


def check_closing_reason(relation: "AgentRelation") -> None:
    """Refuse people who may not give or change the reason for which it was closed."""
    _raise(_refuses_closing_reason(relation))


def check_handling(relation: "AgentRelation") -> None:
    """Refuse people who may not say how urgent it is: they could not transfer or close it."""
    _raise(_refuses_handling(relation))


def check_handles(state: ConversationState, person: Person) -> None:
    """Refuse people who may not transfer or close it."""
    _raise(_refuses_handling(_relation(state, person)))


def check_supervises(state: ConversationState, person: Person) -> None:
    """Refuse people who are not managers or admins."""
    _raise(_refuses_supervising(_relation(state, person)))


def _relation(state: ConversationState, person: Person) -> AgentRelation:
    return AgentRelation(
        status=state.status,
        is_theirs=state.agent_id == person.agent_id,
        supervises=person.supervises,
        has_joined=has_joined(state, person),
        is_opted_out=state.is_opted_out,
        is_with_bot=state.is_with_bot,
        is_mentioned=person.agent_id in state.mentioned,
    )


def _raise(refusal: DomainError | None) -> None:
    if refusal is not None:
        raise refusal


# The rules. Each returns the error that refuses, or None.


def _refuses_anything(status: Status) -> DomainError | None:
    if is_possible(status, EventKind.conversation_closed):
        return None
    return ConversationInSurvey() if status is Status.survey else ConversationClosed()


def _refuses_writing(relation: AgentRelation) -> DomainError | None:
    refusal = _refuses_anything(relation.status)
    if refusal or relation.holds or relation.has_joined:
        return refusal
    if relation.is_with_bot:
        return ConversationNotAssigned(WITH_BOT)
    is_waiting = relation.status is Status.waiting
    return ConversationNotAssigned(WAITS if is_waiting else HELD_BY_ANOTHER)


def _refuses_reply(relation: AgentRelation) -> DomainError | None:
    refusal = _refuses_writing(relation)
    return refusal or (ConsumerOptedOut() if relation.is_opted_out else None)


def _refuses_note(relation: AgentRelation, *, may_be_closed: bool = False) -> DomainError | None:
    """`may_be_closed`: notes after the end do not pass the conversation's workflow."""
    if relation.status is Status.closed and not may_be_closed:
        return ConversationClosed()
    return None if relation.is_mentioned else _refuses_outsiders(relation)


def _refuses_closing_reason(relation: AgentRelation) -> DomainError | None:
    if relation.status.is_open:
        return Conflict(STILL_OPEN)
    return _refuses_outsiders(relation)


def _refuses_handling(relation: AgentRelation) -> DomainError | None:
    return _refuses_anything(relation.status) or _refuses_outsiders(relation)


def _refuses_supervising(relation: AgentRelation) -> DomainError | None:
    refusal = _refuses_anything(relation.status)
    return refusal or (None if relation.supervises else NotAllowed())


def _refuses_outsiders(relation: AgentRelation) -> DomainError | None:
    is_insider = relation.is_theirs or relation.supervises
    return None if is_insider else ConversationNotAssigned()
