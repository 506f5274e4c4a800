"""Transfers: to another skill, to a named agent, or back to the queue."""

from datetime import datetime

from domain.automatic.kinds import Automatic
from domain.conversation import response_clock
from domain.conversation.inputs import Colleague, Person
from domain.conversation.kinds import EventKind, Status
from domain.conversation.permissions import check_handles
from domain.conversation.queueing import Queueing
from domain.conversation.step_context import StepContext
from domain.errors import TransferRefused
from domain.policy.policy import Policy
from domain.settings.kinds import TransferTargets
from domain.text.limits import check_outgoing

NOT_ALLOWED = "Conversations of this skill may not be transferred there."
IN_CIRCLES = (
    "This conversation was transferred {times} times and nobody has written. Answer it, or ask a "
    "manager to take it over."
)


class Transfers:
    """Carries out transfers by agents and managers, each with an optional private note."""

    def __init__(self, conversation: StepContext, queue: Queueing) -> None:
        self._conversation = conversation
        self._queue = queue

    def check_to_skill(self, person: Person, skill_id: str) -> None:
        """Raise the error that would refuse a transfer to a skill, and change nothing."""
        state = self._conversation.state
        self._check(person)
        if skill_id != state.skill_id:
            self._check_target(skill_id)
        elif state.requested_agent_id is None:
            raise TransferRefused("The conversation is already with this skill.")

    def transferred_to_skill(
        self, person: Person, policy: Policy, note: str | None, key: str, now: datetime
    ) -> None:
        """Transfer to another skill; its policy holds from now on, and its text is sent."""
        self.check_to_skill(person, policy.skill_id)
        self._note_along(person, note, now)
        self._adopt(policy, person)
        response_clock.stop(self._conversation.state)
        response_clock.expect_answer(self._conversation.state, policy, now)
        self._conversation.happened(
            EventKind.conversation_transferred,
            now,
            agent_id=person.agent_id,
            command_key=key,
            skill_id=policy.skill_id,
        )
        self._conversation.send_automatic(
            Automatic.transferred_to_skill, now, skill=policy.skill_name
        )
        self._pass_on(now)
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
        self._note_along(person, note, now)
        response_clock.expect_answer(conversation.state, conversation.policy, now)
        conversation.happened(
            EventKind.conversation_transferred,
            now,
            agent_id=person.agent_id,
            command_key=key,
            to_agent_id=target.agent_id,
        )
        conversation.send_automatic(Automatic.transferred_to_agent, now, agent=target.name)
        self._pass_on(now, target)

    def returned_to_queue(self, person: Person, note: str | None, key: str, now: datetime) -> None:
        """Return to the skill's queue, where other agents are tried first.

        Whoever wrote last, the consumer now waits for an answer of the next agent.
        """
        state = self._conversation.state
        check_handles(state, person)
        if state.status is not Status.assigned:
            raise TransferRefused("The conversation is already waiting in the queue.")
        self._note_along(person, note, now)
        self._conversation.happened(
            EventKind.conversation_returned, now, agent_id=person.agent_id, command_key=key
        )
        response_clock.expect_answer(state, self._conversation.policy, now)
        self._conversation.send_automatic(Automatic.returned_to_queue, now)
        self._queue.enter(now, avoided=state.agent_id)

    def _check(self, person: Person) -> None:
        state, policy = self._conversation.state, self._conversation.policy
        check_handles(state, person)
        allowed = policy.transfers_in_a_row
        if allowed is not None and state.transfers_in_a_row >= allowed:
            raise TransferRefused(IN_CIRCLES.format(times=state.transfers_in_a_row))

    def _check_target(self, skill_id: str) -> None:
        policy = self._conversation.policy
        match policy.transfer_targets:
            case TransferTargets.none:
                raise TransferRefused("Conversations of this skill may not be transferred.")
            case TransferTargets.listed if skill_id not in policy.allowed_targets:
                raise TransferRefused(NOT_ALLOWED)
            case _:
                return

    def _note_along(self, person: Person, note: str | None, now: datetime) -> None:
        if note and note.strip():
            check_outgoing(note)
            self._conversation.write_note(person.agent_id, person.name, note, None, now)

    def _adopt(self, policy: Policy, person: Person) -> None:
        state = self._conversation.state
        self._conversation.policy = policy
        state.skill_id = policy.skill_id
        state.skill_name = policy.skill_name
        state.skill_reason = f"{person.name} transferred it to {policy.skill_name}."
        state.priority = policy.priority

    def _pass_on(self, now: datetime, target: Colleague | None = None) -> None:
        self._conversation.state.transfers_in_a_row += 1
        self._queue.enter(now, requested=target)
