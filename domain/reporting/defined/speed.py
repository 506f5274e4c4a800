"""How long things took."""

from domain.reporting.defined.ways import share, time
from domain.reporting.figures import Group
from domain.reporting.kinds import FactKind
from domain.reporting.sums import Part

SPEED = (
    time(
        "first_response_time",
        "First response time",
        "From the text that opened the conversation to the first message of an agent. It belongs "
        "to that agent. Conversations that we began have none.",
        Part(FactKind.first_response),
    ),
    time(
        "response_time",
        "Agent response time",
        "From the first of the consumer's unanswered texts to the agent's answer. Thanks and the "
        "like wait for no answer.",
        Part(FactKind.response),
    ),
    share(
        "in_time",
        "Answered in time",
        "Answers before their deadline, among the answers that had one.",
        Part(FactKind.deadline, ("kept",)),
        Part(FactKind.deadline),
        Group.speed,
    ),
    time(
        "assignment_wait",
        "Wait for an agent",
        "From entering a queue to the assignment. It belongs to the skill of the queue.",
        Part(FactKind.assignment_wait),
    ),
    time(
        "first_message_new",
        "Assignment to first message, new",
        "From the first assignment of a conversation to that agent's first message.",
        Part(FactKind.first_message, ("new",)),
    ),
    time(
        "first_message_transferred",
        "Assignment to first message, passed on",
        "The same for conversations that somebody had before.",
        Part(FactKind.first_message, ("transferred",)),
    ),
    time(
        "consumer_response_time",
        "Consumer response time",
        "From the first of an agent's unanswered messages to the consumer's answer.",
        Part(FactKind.consumer_response),
    ),
    time(
        "duration",
        "Duration",
        "From the opening to the close. It belongs to the last agent and skill.",
        Part(FactKind.duration),
    ),
)
