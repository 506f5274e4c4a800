"""Deadlines of a conversation: one row for each kind, the most urgent first.

A row says when the deadline is due, what happens then, which moment it counts from, and how agents
and operators read it. If several are due at once, the first row acts. The order is: the survey, an
agent's scheduled text, a late bot, auto-close, the end of a snooze, the wait in the queue, an
agent's silence, and then what only reminds the consumer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from domain.automatic.kinds import Automatic
from domain.conversation.agent_silence import AgentSilence, answer_owed_since
from domain.conversation.auto_close import AutoClose, silent_since
from domain.conversation.bots import Bots
from domain.conversation.closing import Closing
from domain.conversation.kinds import CloseReason, DeadlineKind
from domain.conversation.queueing import Queueing
from domain.conversation.reminders import Reminders
from domain.conversation.scheduled_texts import ScheduledTexts
from domain.conversation.settings_refresh import SettingsRefresh
from domain.conversation.snoozing import Snoozing
from domain.conversation.state import ConversationState
from domain.conversation.survey import Survey

CONSUMER_SILENT = "the consumer has been silent"
AGENT_SILENT = "the agent has not answered"


@dataclass(frozen=True)
class TimedParts:
    """The parts of a conversation that have deadlines."""

    survey: Survey
    closing: Closing
    auto_close: AutoClose
    snoozing: Snoozing
    scheduled_texts: ScheduledTexts
    queue: Queueing
    bots: Bots
    silence: AgentSilence
    reminders: Reminders
    settings: SettingsRefresh


def _no_moment(_: ConversationState) -> datetime | None:
    return None


@dataclass(frozen=True)
class Deadline:
    """One kind of deadline. `act`: what happens; None: the workflow acts, with fresh settings.

    `what`: begins the sentence for agents, with a gap for the time; None: agents are not told.
    `why`: ends that sentence. `operators`: what the running timer is for. `is_shown`: False if no
    step is journalled when it passes, because the row would go on showing it. `gives_way_to`: a
    deadline of that kind acts first if it was due earlier, however late both are.
    """

    kind: DeadlineKind
    due: Callable[[TimedParts], datetime | None]
    act: Callable[[TimedParts, datetime], None] | None
    operators: str
    what: str | None = None
    why: str = ""
    counts_from: Callable[[ConversationState], datetime | None] = _no_moment
    is_shown: bool = True
    gives_way_to: DeadlineKind | None = None


DEADLINES = (
    Deadline(
        DeadlineKind.survey_expires,
        due=lambda parts: parts.survey.expires_at,
        act=lambda parts, now: parts.survey.expired(now),
        operators="survey expires",
        what="stops asking for a rating {when}",
        why="the question has been unanswered",
        counts_from=lambda state: state.survey.last_asked_at if state.survey else None,
    ),
    Deadline(
        DeadlineKind.late_answers_end,
        due=lambda parts: parts.survey.late_until,
        act=lambda parts, _: parts.survey.stop_awaiting_answer(),
        operators="late answers end",
        what="stops accepting late ratings {when}",
        why="the survey has been over",
        is_shown=False,
    ),
    Deadline(
        DeadlineKind.scheduled_text,
        due=lambda parts: parts.scheduled_texts.sends_at,
        act=lambda parts, now: parts.scheduled_texts.send_next(now),
        operators="scheduled text is sent",
        what="sends a scheduled text {when}",
        why="it is scheduled for then or held until then",
        gives_way_to=DeadlineKind.auto_close,
    ),
    Deadline(
        DeadlineKind.bot_late,
        due=lambda parts: parts.bots.late_at,
        act=lambda parts, now: parts.bots.pass_to_people(now),
        operators="bot has not answered",
        what="goes to people {when}",
        why="the bot has not answered",
        counts_from=lambda state: state.bot.asked_at if state.bot else None,
    ),
    Deadline(
        DeadlineKind.auto_close,
        due=lambda parts: parts.auto_close.closes_at,
        act=lambda parts, now: parts.closing.close(CloseReason.auto_close, now),
        operators="auto-close",
        what="closes {when}",
        why=CONSUMER_SILENT,
        counts_from=silent_since,
    ),
    Deadline(
        DeadlineKind.snooze_ends,
        due=lambda parts: parts.snoozing.ends_at,
        act=lambda parts, now: parts.snoozing.time_over(now),
        operators="snooze ends",
        what="comes back {when}",
        why="it is snoozed",
        counts_from=lambda state: state.snooze.since if state.snooze else None,
    ),
    Deadline(
        DeadlineKind.agent_transfer_fallback,
        due=lambda parts: parts.queue.falls_back_at,
        act=lambda parts, now: parts.queue.enter(now, keeps_age=True),
        operators="agent did not take the transfer",
        what="goes to the skill's queue {when}",
        why="it has been waiting for one agent",
        counts_from=lambda state: state.queued_at,
    ),
    Deadline(
        DeadlineKind.offer_lapses,
        due=lambda parts: parts.queue.lapses_at,
        act=lambda parts, now: parts.queue.offer_lapsed(now),
        operators="offer lapses",
        what="stops ringing {when}",
        why="nobody has answered it",
    ),
    Deadline(
        DeadlineKind.agent_nudge,
        due=lambda parts: parts.silence.nudges_at,
        act=lambda parts, now: parts.silence.nudge(now),
        operators="agent is reminded",
        what="reminds the agent {when}",
        why=AGENT_SILENT,
        counts_from=answer_owed_since,
    ),
    Deadline(
        DeadlineKind.agent_silent,
        due=lambda parts: parts.silence.tells_at,
        act=lambda parts, now: parts.silence.tell(now),
        operators="consumer is told that it takes longer",
        what="tells the consumer {when} that the answer takes longer",
        why=AGENT_SILENT,
        counts_from=answer_owed_since,
    ),
    Deadline(
        DeadlineKind.agent_silent_reroute,
        due=lambda parts: parts.silence.reroutes_at,
        act=lambda parts, now: parts.silence.reroute(now),
        operators="agent did not answer",
        what="goes back to the queue {when}",
        why=AGENT_SILENT,
        counts_from=answer_owed_since,
    ),
    Deadline(
        DeadlineKind.waiting_in_queue,
        due=lambda parts: parts.reminders.next_at(Automatic.waiting_in_queue),
        act=lambda parts, now: parts.reminders.remind(Automatic.waiting_in_queue, now),
        operators="consumer is told that it takes longer in the queue",
        what="tells the consumer {when} that it takes longer",
        why="it has been waiting in the queue",
        counts_from=lambda state: state.queued_at,
    ),
    Deadline(
        DeadlineKind.consumer_silent,
        due=lambda parts: parts.reminders.next_at(Automatic.consumer_silent),
        act=lambda parts, now: parts.reminders.remind(Automatic.consumer_silent, now),
        operators="consumer is reminded",
        what="reminds the consumer {when}",
        why=CONSUMER_SILENT,
        counts_from=lambda state: state.agent_wrote_at,
    ),
    Deadline(
        DeadlineKind.auto_close_warning,
        due=lambda parts: parts.auto_close.warns_at,
        act=lambda parts, now: parts.auto_close.warn(now),
        operators="consumer is warned of the auto-close",
        what="warns the consumer {when} that it will close",
        why=CONSUMER_SILENT,
        counts_from=silent_since,
    ),
    Deadline(
        DeadlineKind.hours_refresh,
        due=lambda parts: parts.settings.hours_stale_at,
        act=None,
        operators="working hours are read again",
    ),
)
BY_KIND = {deadline.kind: deadline for deadline in DEADLINES}


def due_times(parts: TimedParts) -> dict[DeadlineKind, datetime]:
    """Return every pending deadline, the most urgent kind first."""
    possible = ((deadline.kind, deadline.due(parts)) for deadline in DEADLINES)
    return {kind: at for kind, at in possible if at is not None}


@dataclass(frozen=True)
class DueDeadline:
    """A deadline that passed at `at`."""

    at: datetime
    act: Callable[[TimedParts, datetime], None]


def most_urgent(parts: TimedParts, now: datetime) -> DueDeadline | None:
    """Return the most urgent deadline due at `now` that the core carries out; None: none is."""
    times = due_times(parts)
    for kind, at in times.items():
        deadline = BY_KIND[kind]
        other = times.get(deadline.gives_way_to) if deadline.gives_way_to else None
        if at > now or deadline.act is None or (other is not None and other < at):
            continue
        return DueDeadline(at, deadline.act)
    return None


def counted_from(state: ConversationState) -> dict[DeadlineKind, datetime]:
    """Return the moment each deadline counts from, if it has one that agents know."""
    moments = ((deadline.kind, deadline.counts_from(state)) for deadline in DEADLINES)
    return {kind: at for kind, at in moments if at is not None}
