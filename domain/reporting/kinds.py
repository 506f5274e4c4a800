"""Kinds of facts, and what figures are split by."""

from collections.abc import Collection, Iterable
from enum import StrEnum


class FactKind(StrEnum):
    """What one fact says. Those with seconds measure, the others count.

    `detail` in the notes below tells facts of a kind apart.
    """

    opened = "opened"
    """detail: `Beginning`."""
    new_consumer = "new_consumer"
    """The consumer's first conversation of all, on any line."""
    closed = "closed"
    """detail: `domain.conversation.kinds.CloseReason`."""
    handled = "handled"
    handled_again = "handled_again"
    """It was handled in another skill before: counts for its skill alone, and for nobody."""
    abandoned = "abandoned"
    interactive = "interactive"
    duration = "duration"
    response = "response"
    first_response = "first_response"
    deadline = "deadline"
    """An answer that had a deadline; detail: `kept` or `missed`."""
    assignment_wait = "assignment_wait"
    first_message = "first_message"
    """From an assignment to that agent's first message; detail: `new` or `transferred`."""
    consumer_response = "consumer_response"
    transfer = "transfer"
    """detail: `agent`, `skill` or `queue`."""
    queued = "queued"
    """Time in a queue, cut at full hours."""
    text_in = "text_in"
    text_out = "text_out"
    automatic = "automatic"
    bot_text = "bot_text"
    delivery = "delivery"
    """Texts of ours; detail: `domain.delivery.message_status.MessageStatus`."""
    text_alone = "text_alone"
    """Texts of ours without a conversation; detail: as of `delivery`."""
    cost = "cost"
    """What providers bill for texts; detail: the currency. Its value is in millionths."""
    opted_out = "opted_out"
    """detail: `domain.consent.sources.ConsentSource`."""
    opted_in = "opted_in"
    """The same."""
    survey_asked = "survey_asked"
    rated = "rated"
    """detail: the scale. Its value is the score."""
    satisfied = "satisfied"
    recommended = "recommended"
    """detail: `promoter`, `passive` or `detractor`."""
    resolved = "resolved"
    """detail: `yes` or `no`."""
    state = "state"
    """Time of an agent in a state, cut at full hours; detail: the state, `:` and a reason."""
    load = "load"
    """Weights of what online agents hold, each minute, in hundredths."""
    load_limit = "load_limit"
    """What they may hold at most, in hundredths."""
    load_share = "load_share"
    """The fullest minute of an hour: load in thousandths of what they may hold."""
    load_room = "load_room"
    """The emptiest minute of an hour: the room that was left, in thousandths."""
    active_consumer = "active_consumer"
    """Consumers of a day. No fact: sums alone have it, spread over their days before. Of a report
    the value is how many of them were known before.
    """


OF_SKILLS = frozenset({FactKind.handled_again})
"""What counts only among figures of skills: another fact says the same of the conversation."""


class Beginning(StrEnum):
    """Who began a conversation."""

    consumer = "consumer"
    agent = "agent"
    reply = "reply"
    """The consumer, in answer to an automated text."""


class Dimension(StrEnum):
    """What figures are split by, besides time."""

    account = "account"
    skill = "skill"
    agent = "agent"
    line = "line"
    source = "source"
    label = "label"


def counted(kinds: Iterable[FactKind], told: Collection[Dimension]) -> list[FactKind]:
    """Return the kinds of facts that count. `told`: what they are told apart by, or limited to."""
    return [one for one in kinds if one not in OF_SKILLS or Dimension.skill in told]


class Span(StrEnum):
    """Spans of time over which facts are summed, by the account's clock."""

    hour = "hour"
    day = "day"
    month = "month"
    hours_of_month = "hours_of_month"
    """The same hour of all days of a month; keys begin with it."""


class SplitBy(StrEnum):
    """What tells the rows of a report apart."""

    total = "total"
    skill = "skill"
    agent = "agent"
    team = "team"
    line = "line"
    source = "source"
    label = "label"
    day = "day"
    month = "month"
    weekday = "weekday"
    hour = "hour"

    @property
    def dimension(self) -> Dimension | None:
        """Return what it is besides time; None for times. People of a team are agents."""
        if self is SplitBy.team:
            return Dimension.agent
        return Dimension(self.value) if self.value in {*Dimension} else None
