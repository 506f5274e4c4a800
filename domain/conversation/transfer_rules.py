"""What every transfer to a skill obeys and does, whoever transfers: a person or a bot."""

from datetime import datetime

from domain.automatic.kinds import Automatic
from domain.conversation import response_clock
from domain.conversation.state import ConversationState
from domain.conversation.step_context import StepContext
from domain.errors import TransferRefused
from domain.policy.policy import Policy
from domain.settings.kinds import TransferTargets

NOT_ALLOWED = "Conversations of this skill may not be transferred there."
IN_CIRCLES = (
    "This conversation was transferred {times} times and nobody has written. Answer it, or ask a "
    "manager to take it over."
)


def check_circles(state: ConversationState, policy: Policy) -> None:
    """Raise `TransferRefused` where the loop guard allows no further transfer."""
    allowed = policy.transfers_in_a_row
    if allowed is not None and state.transfers_in_a_row >= allowed:
        raise TransferRefused(IN_CIRCLES.format(times=state.transfers_in_a_row))


def check_target(policy: Policy, skill_id: str) -> None:
    """Raise `TransferRefused` for a skill that is not among the allowed targets."""
    match policy.transfer_targets:
        case TransferTargets.none:
            raise TransferRefused("Conversations of this skill may not be transferred.")
        case TransferTargets.listed if skill_id not in policy.allowed_targets:
            raise TransferRefused(NOT_ALLOWED)
        case _:
            return


def adopt(conversation: StepContext, policy: Policy, reason: str) -> None:
    """Go on with another skill, whose policy holds from now on. `reason`: one sentence."""
    state = conversation.state
    conversation.policy = policy
    state.skill_id = policy.skill_id
    state.skill_name = policy.skill_name
    state.skill_reason = reason
    state.priority = policy.priority


def announce(conversation: StepContext, now: datetime) -> None:
    """Tell the consumer that the present skill goes on."""
    skill = conversation.policy.skill_name
    conversation.send_automatic(Automatic.transferred_to_skill, now, skill=skill)


def expect_of_skill(conversation: StepContext, now: datetime) -> None:
    """Start the clock again as the present skill sets it."""
    response_clock.stop(conversation.state)
    response_clock.expect_answer(conversation.state, conversation.policy, now)
