"""How much there was to do, and how it went."""

from collections.abc import Iterator

from domain.conversation.kinds import CloseReason
from domain.reporting.defined.ways import CLOSED, average, count, share
from domain.reporting.figures import Amount, Figure, Group, Unit
from domain.reporting.kinds import Beginning, FactKind
from domain.reporting.sums import Part

ACTIVE = Part(FactKind.active_consumer)
NEW = Part(FactKind.new_consumer)
CLOSED_BY = {
    CloseReason.agent: (
        "Closed by an agent",
        "Those that their agent closed.",
        "Closed by an agent, of closed",
    ),
    CloseReason.manager: (
        "Closed by a manager",
        "Those that a manager closed.",
        "Closed by a manager, of closed",
    ),
    CloseReason.bot: ("Closed by a bot", "Those that a bot closed.", "Closed by a bot, of closed"),
    CloseReason.auto_close: (
        "Closed by silence",
        "Those that closed after the consumer's silence.",
        "Closed by silence, of closed",
    ),
    CloseReason.opt_out: (
        "Closed by an opt-out",
        "Those whose consumer opted out.",
        "Closed by an opt-out, of closed",
    ),
    CloseReason.blocked: (
        "Closed by a block",
        "Those whose consumer was blocked.",
        "Closed by a block, of closed",
    ),
    CloseReason.system: (
        "Closed by the system",
        "Those that were ended by the system.",
        "Closed by the system, of closed",
    ),
}
"""Names and definitions of the counts, and the names of the shares."""


def _closed_by(reason: CloseReason, name: str, says: str, of_closed: str) -> Iterator[Figure]:
    part = Part(FactKind.closed, (reason,))
    is_rare = reason not in (CloseReason.agent, CloseReason.manager, CloseReason.auto_close)
    yield count(f"closed_by_{reason}", name, says, part, is_rare=is_rare)
    words = "The same as a share of all conversations that closed."
    yield share(f"closed_by_{reason}_rate", of_closed, words, part, CLOSED, is_rare=True)


VOLUME = (
    count(
        "opened",
        "Opened",
        "Conversations that began, whoever began them.",
        Part(FactKind.opened),
    ),
    count(
        "opened_by_consumer",
        "Opened by the consumer",
        "Those that a consumer's text began.",
        Part(FactKind.opened, (Beginning.consumer,)),
    ),
    count(
        "opened_by_agent",
        "Opened by an agent",
        "Those that an agent or a program began, also by resuming a closed one.",
        Part(FactKind.opened, (Beginning.agent,)),
    ),
    count(
        "opened_by_reply",
        "Opened by an answer",
        "Those that began with the answer to an automated text: a notification, a batch, a call.",
        Part(FactKind.opened, (Beginning.reply,)),
    ),
    count(
        "active_consumers",
        "Active consumers",
        "Consumers who wrote, or one of whose conversations was opened or closed. Each counts once "
        "in all of the time, so what days have does not add up.",
        ACTIVE,
    ),
    count(
        "new_consumers",
        "New consumers",
        "Consumers whose first conversation of all began, on whatever line.",
        NEW,
    ),
    Figure(
        "returning_consumers",
        "Returning consumers",
        "Active consumers who were known before the time began.",
        Group.volume,
        Unit.number,
        ACTIVE,
        amount=Amount.total,
    ),
    count("closed", "Closed", "Conversations that were closed, whoever closed them.", CLOSED),
    *(one for reason, says in CLOSED_BY.items() for one in _closed_by(reason, *says)),
    count(
        "handled",
        "Handled",
        "Conversations in which an agent wrote to the consumer, or that an agent began or closed. "
        "Each counts once, when that happened first; with an agent, a skill or a team, once for "
        "each of them.",
        Part(FactKind.handled, also=(FactKind.handled_again,)),
    ),
    count(
        "abandoned",
        "Abandoned",
        "Conversations that consumers began, that waited for an agent, and that closed before any "
        "agent wrote.",
        Part(FactKind.abandoned),
    ),
    share(
        "abandoned_rate",
        "Abandoned, of closed",
        "Abandoned conversations among all that closed.",
        Part(FactKind.abandoned),
        CLOSED,
    ),
    share(
        "interactive_rate",
        "Interactive, of closed",
        "Closed conversations whose consumer answered an agent once at least.",
        Part(FactKind.interactive),
        CLOSED,
    ),
    count(
        "transfers",
        "Transfers",
        "Transfers to a skill, to an agent, and back to the queue. They belong to whoever "
        "transferred and to the skill that was left.",
        Part(FactKind.transfer),
    ),
    count(
        "transfers_to_skill",
        "Transfers to a skill",
        "Transfers to another skill.",
        Part(FactKind.transfer, ("skill",)),
    ),
    count(
        "transfers_to_agent",
        "Transfers to an agent",
        "Transfers to an agent by name.",
        Part(FactKind.transfer, ("agent",)),
    ),
    count(
        "returned_to_queue",
        "Back to the queue",
        "Conversations that their agent returned to the queue.",
        Part(FactKind.transfer, ("queue",)),
    ),
    count(
        "agent_responses",
        "Responses of agents",
        "Runs of agents' messages that follow the consumer.",
        Part(FactKind.response),
        is_rare=True,
    ),
    count(
        "consumer_responses",
        "Responses of consumers",
        "Runs of a consumer's texts that follow an agent.",
        Part(FactKind.consumer_response),
        is_rare=True,
    ),
    Figure(
        "responses_per_closed",
        "Agent responses per closed conversation",
        "A response is a run of an agent's messages that follows the consumer.",
        Group.volume,
        Unit.ratio,
        Part(FactKind.response),
        CLOSED,
    ),
    average(
        "waiting",
        "Waiting at a time",
        "How many conversations waited in a queue, on average over all of the time.",
        Part(FactKind.queued),
        Amount.total,
    ),
    average(
        "waiting_in_hours",
        "Waiting in working hours",
        "How many conversations waited in the working hours of their skill, and could be worked, "
        "on average over all of the time.",
        Part(FactKind.queued),
        Amount.worked,
    ),
    average(
        "waiting_off_hours",
        "Waiting off hours",
        "How many conversations waited outside the working hours of their skill, on average over "
        "all of the time.",
        Part(FactKind.queued),
        Amount.off_hours,
    ),
)
