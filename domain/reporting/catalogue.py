"""All figures of reports, each with its one definition: pages, API and docs/reports.md say these.

Only what has ended counts in times. Automatic messages are nobody's answer. Days and hours are
those of the account's clock.
"""

from collections.abc import Mapping, Sequence

from domain.conversation.kinds import CloseReason
from domain.delivery.message_status import MessageStatus
from domain.people.roles import AgentState
from domain.reporting.figures import Amount, Figure, Group, Unit, Wanted
from domain.reporting.kinds import Beginning, FactKind
from domain.reporting.sums import Part

_K = FactKind


def _count(one: str, name: str, says: str, part: Part, group: Group = Group.volume) -> Figure:
    return Figure(one, name, says, group, Unit.number, part)


def _time(one: str, name: str, says: str, part: Part) -> Figure:
    return Figure(one, name, says, Group.speed, Unit.time, part)


def _share(
    one: str, name: str, says: str, part: Part, base: Part, group: Group = Group.volume
) -> Figure:
    return Figure(one, name, says, group, Unit.percent, part, base)


CLOSED = Part(_K.closed)
DELIVERIES = Part(
    _K.delivery,
    (
        *(MessageStatus.delivered, MessageStatus.undelivered, MessageStatus.failed),
        *(MessageStatus.sent, MessageStatus.unknown),
    ),
)
NOT_DELIVERED = (MessageStatus.undelivered, MessageStatus.failed)
RATED = Part(_K.rated)
ONLINE = Part(_K.state, (AgentState.online,))
AT_WORK = Part(_K.state, (AgentState.online, AgentState.back_soon, AgentState.away))
BY_PEOPLE = Part(_K.closed, (CloseReason.agent, CloseReason.manager))


def _closed_by(reason: CloseReason, name: str, says: str) -> Figure:
    return _count(f"closed_by_{reason}", name, says, Part(_K.closed, (reason,)))


def _hours(one: str, name: str, says: str, part: Part) -> Figure:
    return Figure(one, name, says, Group.people, Unit.hours, part, amount=Amount.hours)


def _an_hour(one: str, name: str, says: str, base: Part) -> Figure:
    of = (Group.people, Unit.ratio, BY_PEOPLE, base)
    return Figure(one, name, says, *of, base_amount=Amount.hours)


VOLUME = (
    _count(
        "opened",
        "Opened",
        "Conversations that began, whoever began them.",
        Part(_K.opened),
    ),
    _count(
        "opened_by_consumer",
        "Opened by the consumer",
        "Those that a consumer's text began.",
        Part(_K.opened, (Beginning.consumer,)),
    ),
    _count(
        "opened_by_agent",
        "Opened by an agent",
        "Those that an agent or a program began, also by resuming a closed one.",
        Part(_K.opened, (Beginning.agent,)),
    ),
    _count(
        "opened_by_reply",
        "Opened by an answer",
        "Those that began with the answer to an automated text: a notification, a batch, a call.",
        Part(_K.opened, (Beginning.reply,)),
    ),
    _count("closed", "Closed", "Conversations that were closed, whoever closed them.", CLOSED),
    _closed_by(CloseReason.agent, "Closed by an agent", "Those that their agent closed."),
    _closed_by(CloseReason.manager, "Closed by a manager", "Those that a manager closed."),
    _closed_by(CloseReason.bot, "Closed by a bot", "Those that a bot closed."),
    _closed_by(
        CloseReason.auto_close,
        "Closed by silence",
        "Those that closed after the consumer's silence.",
    ),
    _closed_by(CloseReason.opt_out, "Closed by an opt-out", "Those whose consumer opted out."),
    _closed_by(CloseReason.blocked, "Closed by a block", "Those whose consumer was blocked."),
    _closed_by(CloseReason.system, "Closed by the system", "Those that were ended by the system."),
    _count(
        "handled",
        "Handled",
        "Conversations in which an agent wrote to the consumer, or that an agent began or closed. "
        "Each counts once, when that happened first; with an agent, once for that agent.",
        Part(_K.handled),
    ),
    _count(
        "abandoned",
        "Abandoned",
        "Conversations that consumers began, that waited for an agent, and that closed before any "
        "agent wrote.",
        Part(_K.abandoned),
    ),
    _share(
        "abandoned_rate",
        "Abandoned, of closed",
        "Abandoned conversations among all that closed.",
        Part(_K.abandoned),
        CLOSED,
    ),
    _share(
        "interactive_rate",
        "Interactive, of closed",
        "Closed conversations whose consumer answered an agent once at least.",
        Part(_K.interactive),
        CLOSED,
    ),
    _count(
        "transfers",
        "Transfers",
        "Transfers to a skill, to an agent, and back to the queue. They belong to whoever "
        "transferred and to the skill that was left.",
        Part(_K.transfer),
    ),
    _count(
        "transfers_to_skill",
        "Transfers to a skill",
        "Transfers to another skill.",
        Part(_K.transfer, ("skill",)),
    ),
    _count(
        "transfers_to_agent",
        "Transfers to an agent",
        "Transfers to an agent by name.",
        Part(_K.transfer, ("agent",)),
    ),
    _count(
        "returned_to_queue",
        "Back to the queue",
        "Conversations that their agent returned to the queue.",
        Part(_K.transfer, ("queue",)),
    ),
    Figure(
        "responses_per_closed",
        "Agent responses per closed conversation",
        "A response is a run of an agent's messages that follows the consumer.",
        Group.volume,
        Unit.ratio,
        Part(_K.response),
        CLOSED,
    ),
    Figure(
        "waiting",
        "Waiting at a time",
        "How many conversations waited in a queue, on average over all of the time.",
        Group.volume,
        Unit.ratio,
        Part(_K.queued),
        amount=Amount.total,
    ),
)
SPEED = (
    _time(
        "first_response_time",
        "First response time",
        "From the text that opened the conversation to the first message of an agent. It belongs "
        "to that agent. Conversations that we began have none.",
        Part(_K.first_response),
    ),
    _time(
        "response_time",
        "Agent response time",
        "From the first of the consumer's unanswered texts to the agent's answer. Thanks and the "
        "like wait for no answer.",
        Part(_K.response),
    ),
    _share(
        "in_time",
        "Answered in time",
        "Answers before their deadline, among the answers that had one.",
        Part(_K.deadline, ("kept",)),
        Part(_K.deadline),
        Group.speed,
    ),
    _time(
        "assignment_wait",
        "Wait for an agent",
        "From entering a queue to the assignment. It belongs to the skill of the queue.",
        Part(_K.assignment_wait),
    ),
    _time(
        "first_message_new",
        "Assignment to first message, new",
        "From the first assignment of a conversation to that agent's first message.",
        Part(_K.first_message, ("new",)),
    ),
    _time(
        "first_message_transferred",
        "Assignment to first message, passed on",
        "The same for conversations that somebody had before.",
        Part(_K.first_message, ("transferred",)),
    ),
    _time(
        "consumer_response_time",
        "Consumer response time",
        "From the first of an agent's unanswered messages to the consumer's answer.",
        Part(_K.consumer_response),
    ),
    _time(
        "duration",
        "Duration",
        "From the opening to the close. It belongs to the last agent and skill.",
        Part(_K.duration),
    ),
)
SATISFACTION = (
    _share(
        "csat",
        "CSAT",
        "Ratings that are good on their scale, among all valid ones. They belong to the last agent "
        "and skill at the closing.",
        Part(_K.satisfied),
        RATED,
        Group.satisfaction,
    ),
    Figure(
        "mean_rating",
        "Mean rating",
        "The mean of the scores. Where scales differ, compare CSAT.",
        Group.satisfaction,
        Unit.ratio,
        RATED,
        RATED,
        amount=Amount.total,
    ),
    _count("rated", "Ratings", "Valid ratings that consumers gave.", RATED, Group.satisfaction),
    _share(
        "answer_rate",
        "Answer rate",
        "Ratings, among the consumers who were asked for one.",
        RATED,
        Part(_K.survey_asked),
        Group.satisfaction,
    ),
    Figure(
        "nps",
        "NPS",
        "The share of answers 9 and 10 less that of answers 0 to 6 to whether a consumer would "
        "recommend you.",
        Group.satisfaction,
        Unit.score,
        Part(_K.recommended, ("promoter",)),
        Part(_K.recommended),
        Part(_K.recommended, ("detractor",)),
    ),
    _share(
        "resolved",
        "Resolved",
        "Yes among the answers to whether the matter is resolved.",
        Part(_K.resolved, ("yes",)),
        Part(_K.resolved),
        Group.satisfaction,
    ),
)
TEXTS = (
    _count("texts_in", "Texts in", "Texts of consumers.", Part(_K.text_in), Group.texts),
    _count(
        "texts_out",
        "Texts of agents",
        "Messages that agents wrote to consumers.",
        Part(_K.text_out),
        Group.texts,
    ),
    _count(
        "texts_automatic",
        "Automatic messages",
        "Welcomes, reminders, questions of surveys and all other automatic messages.",
        Part(_K.automatic),
        Group.texts,
    ),
    _count(
        "texts_of_bots", "Texts of bots", "Texts that bots wrote.", Part(_K.bot_text), Group.texts
    ),
    _share(
        "delivered",
        "Delivered",
        "Texts of ours that arrived, among those that left or were refused.",
        Part(_K.delivery, (MessageStatus.delivered,)),
        DELIVERIES,
        Group.texts,
    ),
    _share(
        "not_delivered",
        "Not delivered",
        "Texts of ours that failed or did not arrive.",
        Part(_K.delivery, NOT_DELIVERED),
        DELIVERIES,
        Group.texts,
    ),
    _count(
        "opt_outs",
        "Opt-outs",
        "Consumers who opted out in a conversation.",
        Part(_K.opted_out),
        Group.texts,
    ),
    _count(
        "opt_ins",
        "Opt-ins",
        "Consumers who opted in again in a conversation.",
        Part(_K.opted_in),
        Group.texts,
    ),
)
PEOPLE = (
    _hours("online_hours", "Hours online", "How long agents were online.", ONLINE),
    _hours(
        "away_hours",
        "Hours away",
        "How long agents were away or back soon, whatever their reason.",
        Part(_K.state, (AgentState.back_soon, AgentState.away)),
    ),
    _an_hour(
        "closed_per_online_hour",
        "Closed per hour online",
        "Conversations that people closed, for each hour that agents were online.",
        ONLINE,
    ),
    _an_hour(
        "closed_per_hour",
        "Closed per hour at work",
        "The same for each hour that they were online, back soon or away.",
        AT_WORK,
    ),
)
FIGURES: Mapping[str, Figure] = {
    one.id: one for one in (*VOLUME, *SPEED, *SATISFACTION, *TEXTS, *PEOPLE)
}

BETTER: Mapping[str, Wanted] = {
    **dict.fromkeys(("abandoned", "abandoned_rate", "waiting"), Wanted.less),
    **dict.fromkeys((one.id for one in SPEED if one.unit is Unit.time), Wanted.less),
    **dict.fromkeys(("in_time", "interactive_rate", "delivered", "answer_rate"), Wanted.more),
    **dict.fromkeys(("csat", "mean_rating", "nps", "resolved"), Wanted.more),
    **dict.fromkeys(("not_delivered", "opt_outs"), Wanted.less),
    **dict.fromkeys(("closed_per_online_hour", "closed_per_hour"), Wanted.more),
}
"""Figures of which one way is better than the other."""


def figures_of(group: Group) -> Sequence[Figure]:
    """Return the figures of a group, in order."""
    return [one for one in FIGURES.values() if one.group is group]
