"""Transfers: to another skill, to a named agent, or back to the queue."""

from datetime import datetime

from domain.automatic.kinds import Automatic
from domain.conversation import response_clock
from domain.conversation.bots import Bots
from domain.conversation.inputs import Colleague, Person
from domain.conversation.kinds import EventKind, Status
from domain.conversation.permissions import check_handles
from domain.conversation.queueing import Queueing
from domain.conversation.step_context import StepContext
from domain.conversation.transfer_rules import (
    adopt,
    announce,
    check_circles,
    check_target,
    expect_of_skill,
)
from domain.errors import TransferRefused
from domain.policy.policy import Policy
from domain.text.limits import check_outgoing


class Transfers:
    """Carries out transfers by agents and managers, each with an optional private note."""

    def __init__(self, conversation: StepContext, queue: Queueing, bots: Bots) -> None:
        self._conversation = conversation
        self._queue = queue
        self._bots = bots

    def check_to_skill(self, person: Person, skill_id: str) -> None:
        """Raise the error that would refuse a transfer to a skill, and change nothing."""
        state = self._conversation.state
        self._check(person)
        if skill_id != state.skill_id:
            check_target(self._conversation.policy, skill_id)
        elif state.requested_agent_id is None:
            raise TransferRefused("The conversation is already with this skill.")

    def transferred_to_skill(
        self, person: Person, policy: Policy, note: str | None, key: str, now: datetime
    ) -> None:
        """Transfer to another skill; its policy holds from now on, and its text is sent."""
        self.check_to_skill(person, policy.skill_id)
        told = self._told(person, note, now)
        reason = f"{person.name} transferred it to {policy.skill_name}."
        adopt(self._conversation, policy, reason)
        expect_of_skill(self._conversation, now)
        self._conversation.happened(
            EventKind.conversation_transferred,
            now,
            agent_id=person.agent_id,
            command_key=key,
            skill_id=policy.skill_id,
            **told,
        )
        announce(self._conversation, now)
        self._conversation.state.transfers_in_a_row += 1
        self._bots.enter(now)
        self._conversation.state.may_fall_back = False

    def check_to_agent(self, person: Person, target_id: str) -> None:
        """Raise the error that would refuse a transfer to an agent, and change nothing."""
        state = self._conversation.state
        self._check(person)
        if target_id == state.agent_id and state.status is Status.assigned:
            raise TransferRefused("This agent already holds the conversation.")

    def transferred_to_agent(
        self, person: Person, target: Colleague, note: str | None, key: str, now: datetime
    ) -> None:
        """Transfer to a named agent; nobody else gets it until the fallback time has passed."""
        conversation = self._conversation
        self.check_to_agent(person, target.agent_id)
        told = self._told(person, note, now)
        response_clock.expect_answer(conversation.state, conversation.policy, now)
        conversation.happened(
            EventKind.conversation_transferred,
            now,
            agent_id=person.agent_id,
            command_key=key,
            to_agent_id=target.agent_id,
            **told,
        )
        conversation.send_automatic(Automatic.transferred_to_agent, now, agent=target.name)
        conversation.state.transfers_in_a_row += 1
        self._queue.enter(now, requested=target)

    def returned_to_queue(self, person: Person, note: str | None, key: str, now: datetime) -> None:
        """Return to the skill's queue, where other agents are tried first.

        Whoever wrote last, the consumer now waits for an answer of the next agent.
        """
        state = self._conversation.state
        check_handles(state, person)
        if state.status is not Status.assigned:
            raise TransferRefused("The conversation is already waiting in the queue.")
        told = self._told(person, note, now)
        self._conversation.happened(
            EventKind.conversation_returned, now, agent_id=person.agent_id, command_key=key, **told
        )
        response_clock.expect_answer(state, self._conversation.policy, now)
        self._conversation.send_automatic(Automatic.returned_to_queue, now)
        self._queue.enter(now, avoided=state.agent_id)

    def _check(self, person: Person) -> None:
        check_handles(self._conversation.state, person)
        check_circles(self._conversation.state, self._conversation.policy)

    def _told(self, person: Person, note: str | None, now: datetime) -> dict[str, str]:
        """Write the note that goes along; return what the event says of it, and whose it was."""
        state, told = self._conversation.state, {}
        if state.status is Status.assigned and state.agent_id:
            told["from_agent_id"] = state.agent_id
        if note and note.strip():
            check_outgoing(note)
            told["note_id"] = self._conversation.write_note(
                person.agent_id, person.name, note, None, now
            )
        return told
