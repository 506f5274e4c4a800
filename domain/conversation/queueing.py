"""The queue of a conversation: waiting for an agent, being offered to one, being assigned.

Each wait has a ticket, and the router's choice names the ticket it is for. When an offer fails,
the same wait gets a new ticket and keeps its age and the agents who declined it.
"""

from datetime import datetime

from domain.automatic.kinds import Automatic
from domain.conversation import response_clock
from domain.conversation.inputs import Colleague, Person
from domain.conversation.kinds import EventKind, Status
from domain.conversation.permissions import check_open
from domain.conversation.snoozing import wake
from domain.conversation.step_context import StepContext
from domain.errors import AlreadyTaken, ConversationNotAssigned, OfferOver

DECLINED = "declined"
LAPSED = "lapsed"
WITHDRAWN = "withdrawn"
AGENT_LEFT = "agent_left"


class Queueing:
    """Moves a conversation into the queue and out of it."""

    def __init__(self, conversation: StepContext) -> None:
        self._conversation = conversation
        self._state = conversation.state

    @property
    def falls_back_at(self) -> datetime | None:
        """Return when a transfer to a named agent becomes a transfer to the skill."""
        return self._state.agent_fallback_at

    @property
    def lapses_at(self) -> datetime | None:
        """Return when the offer lapses."""
        return self._state.offer_ends_at

    def offer_lapsed(self, now: datetime) -> None:
        """End an offer that nobody accepted in time; the next agent is asked at once."""
        self._offer_failed(LAPSED, now)

    # Signals of the router

    def agent_assigned(self, ticket: int, agent_id: str, agent_name: str, now: datetime) -> bool:
        """Assign the agent the router chose. Returns False for the ticket of another wait."""
        is_meant = self._state.status is Status.waiting and ticket == self._state.ticket
        if is_meant:
            self.assign_and_announce(agent_id, agent_name, now)
        return is_meant

    def agent_offered(self, ticket: int, agent_id: str, now: datetime) -> bool:
        """Offer the conversation to the agent the router chose.

        Returns False for the ticket of another wait, and while another offer is open.
        """
        state = self._state
        is_free = state.status is Status.waiting and state.offered_agent_id is None
        if not is_free or ticket != state.ticket:
            return False
        state.offered_agent_id = agent_id
        state.offer_ends_at = now + self._conversation.policy.ring_timeout
        self._conversation.happened(
            EventKind.conversation_offered,
            now,
            agent_id=agent_id,
            ends_at=state.offer_ends_at.isoformat(),
        )
        return True

    def agent_left(self, agent_id: str, now: datetime) -> bool:
        """Return this departed agent's conversation, or the offer to them, to the queue.

        Returns False when the agent had neither.
        """
        state = self._state
        if state.status is Status.waiting and state.offered_agent_id == agent_id:
            self._offer_failed(WITHDRAWN, now)
            return True
        is_held = state.status is Status.assigned and state.agent_id == agent_id
        if is_held:
            self.release(AGENT_LEFT, now)
        return is_held

    # Commands

    def check_offer(self, person: Person) -> None:
        """Raise the error that would refuse accepting or declining, and change nothing."""
        check_open(self._state)
        if self._state.offered_agent_id != person.agent_id:
            raise OfferOver

    def offer_accepted(self, person: Person, key: str, now: datetime) -> None:
        """Accept the offer: the conversation is assigned to this agent."""
        self.check_offer(person)
        self.assign_and_announce(person.agent_id, person.name, now, key, how="accepted")

    def offer_declined(self, person: Person, key: str, now: datetime) -> None:
        """Decline the offer; the next agent is asked at once."""
        self.check_offer(person)
        self._offer_failed(DECLINED, now, key)

    def check_pick(self, person: Person) -> None:
        """Raise the error that would refuse picking up, and change nothing."""
        state = self._state
        check_open(state)
        if state.status is not Status.waiting:
            raise AlreadyTaken
        is_for_another = state.requested_agent_id not in (None, person.agent_id)
        if is_for_another and not person.supervises:
            raise ConversationNotAssigned("This conversation waits for a particular agent.")

    def picked_up(self, person: Person, key: str, now: datetime) -> None:
        """Assign a waiting conversation to the person who picked it up, ending any open offer."""
        self.check_pick(person)
        self.assign_and_announce(person.agent_id, person.name, now, key, how="picked")

    # Used by the other rules

    def enter(
        self,
        now: datetime,
        *,
        requested: Colleague | None = None,
        avoided: str | None = None,
        keeps_age: bool = False,
        since: datetime | None = None,
    ) -> None:
        """Enter the queue of the skill, or wait for the `requested` agent alone.

        `keeps_age`: the wait counts from before, as when the agent did not answer. `since`: it
        counts from then, because the text arrived late.
        """
        self.leave_queue(now)
        self._end_bot(now)
        wake(self._conversation, now)
        state = self._state
        age_since = state.age_since or state.queued_at
        state.ticket += 1
        state.queued_at, state.wait_prompted_at = now, self._conversation.prompted_at
        state.age_since = age_since if keeps_age and age_since else since or now
        state.agent_id = state.agent_name = state.assigned_at = None
        state.avoided_agent_id = avoided
        if requested:
            state.requested_agent_id = requested.agent_id
            state.agent_fallback_at = now + self._conversation.policy.agent_transfer_fallback
        self._conversation.happened(
            EventKind.conversation_queued,
            now,
            skill_id=state.skill_id,
            requested_agent_id=state.requested_agent_id,
        )

    def stand_aside(self, now: datetime) -> None:
        """Leave the queue and the agent, because a bot serves the conversation now."""
        self.leave_queue(now)
        wake(self._conversation, now)
        state = self._state
        state.ticket += 1
        state.queued_at = state.age_since = state.wait_prompted_at = None
        state.agent_id = state.agent_name = state.assigned_at = None

    def release(self, reason: str, now: datetime, *, avoids_agent: bool = False) -> None:
        """Take the conversation from its agent and return it to the queue with its age.

        `avoids_agent`: the agent did not answer, so other agents are tried first.
        """
        agent_id = self._state.agent_id
        self._conversation.happened(
            EventKind.conversation_released, now, agent_id=agent_id, reason=reason
        )
        self.expect_answer(now)
        self.enter(now, avoided=agent_id if avoids_agent else None, keeps_age=True)
        self._state.avoided_was_silent = avoids_agent

    def expect_answer(self, now: datetime, *, again: bool = False) -> None:
        """Expect the agent to write next, because the last message may have been a promise.

        This changes nothing while the consumer has never written: nobody is waiting then. `again`:
        the clock starts as the present skill sets it.
        """
        if again:
            response_clock.stop(self._state)
        if self._state.consumer_texts:
            response_clock.expect_answer(self._state, self._conversation.policy, now)

    def assign(
        self,
        agent_id: str,
        agent_name: str,
        now: datetime,
        command_key: str | None = None,
        **data: str,
    ) -> None:
        """Assign the conversation to an agent, and say nothing to the consumer."""
        state = self._state
        if state.offered_agent_id == agent_id:
            self._forget_offer()
        self.leave_queue(now)
        self._end_bot(now)
        wake(self._conversation, now)
        state.agent_id = state.last_agent_id = agent_id
        state.agent_name = agent_name
        state.assigned_at = now
        state.joined_managers = [
            manager for manager in state.joined_managers if manager.agent_id != agent_id
        ]
        self._conversation.happened(
            EventKind.conversation_assigned, now, agent_id=agent_id, command_key=command_key, **data
        )

    def assign_and_announce(
        self,
        agent_id: str,
        agent_name: str,
        now: datetime,
        command_key: str | None = None,
        **data: str,
    ) -> None:
        """Assign the conversation to an agent and announce them to the consumer."""
        if self._state.status is Status.waiting:
            self._conversation.prompted_at = self._state.wait_prompted_at or self._state.queued_at
        self.assign(agent_id, agent_name, now, command_key, **data)
        self._conversation.send_automatic(Automatic.agent_joined, now, agent=agent_name)

    def _end_bot(self, now: datetime) -> None:
        """End a bot's part: whoever gets the conversation owes what the bot still owed."""
        known = self._state.bot
        if known is None or not known.is_talking:
            return
        known.end()
        if self._state.waiting_since is not None:
            self.expect_answer(now)

    def leave_queue(self, now: datetime) -> None:
        """End the wait and withdraw any open offer."""
        self._end_offer(WITHDRAWN, now)
        self._forget_requested_agent()
        self._state.avoided_agent_id, self._state.avoided_was_silent = None, False
        self._state.may_fall_back = True
        self._state.not_accepted_by = []

    def _offer_failed(self, outcome: str, now: datetime, command_key: str | None = None) -> None:
        """End an offer and give the wait a new ticket.

        A transfer to the agent who declined becomes a transfer to the skill.
        """
        state = self._state
        agent_id = state.offered_agent_id
        if agent_id and outcome != WITHDRAWN:
            state.not_accepted_by.append(agent_id)
            if state.requested_agent_id == agent_id:
                self._forget_requested_agent()
        self._end_offer(outcome, now, command_key)
        state.ticket += 1

    def _end_offer(self, outcome: str, now: datetime, command_key: str | None = None) -> None:
        agent_id = self._state.offered_agent_id
        if agent_id is None:
            return
        self._forget_offer()
        self._conversation.happened(
            EventKind.offer_ended, now, agent_id=agent_id, command_key=command_key, outcome=outcome
        )

    def _forget_offer(self) -> None:
        state = self._state
        state.offered_agent_id = state.offer_ends_at = None

    def _forget_requested_agent(self) -> None:
        state = self._state
        state.requested_agent_id = state.agent_fallback_at = None
