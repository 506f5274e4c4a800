"""Kinds and statuses of conversations, messages, events and deadlines; events with their words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Status of a conversation. `survey`: closed for agents, while the consumer may still rate."""

    waiting = "waiting"
    assigned = "assigned"
    survey = "survey"
    closed = "closed"

    @property
    def is_open(self) -> bool:
        """Say whether it waits for an agent or is assigned to one."""
        return self in (Status.waiting, Status.assigned)


class PendingSide(StrEnum):
    """Who is expected to write next."""

    agent = "agent"
    consumer = "consumer"


class CloseReason(StrEnum):
    agent = "agent"
    manager = "manager"
    bot = "bot"
    auto_close = "auto_close"
    opt_out = "opt_out"
    blocked = "blocked"
    system = "system"


class Author(StrEnum):
    """Author of a message. A `note` is an agent's or a bot's, and only colleagues read it."""

    consumer = "consumer"
    agent = "agent"
    bot = "bot"
    system = "system"
    note = "note"


class EventKind(StrEnum):
    """Kinds of events in the live stream, the transcript and the audit trail."""

    conversation_opened = "conversation_opened"
    conversation_queued = "conversation_queued"
    conversation_assigned = "conversation_assigned"
    conversation_transferred = "conversation_transferred"
    conversation_returned = "conversation_returned"
    conversation_closed = "conversation_closed"
    message_added = "message_added"
    mentioned = "mentioned"
    message_status = "message_status"
    file_changed = "file_changed"
    conversation_offered = "conversation_offered"
    offer_ended = "offer_ended"
    conversation_released = "conversation_released"
    agent_nudged = "agent_nudged"
    manager_joined = "manager_joined"
    manager_left = "manager_left"
    response_time_set = "response_time_set"
    auto_close_held = "auto_close_held"
    auto_close_resumed = "auto_close_resumed"
    text_scheduled = "text_scheduled"
    scheduled_text_cancelled = "scheduled_text_cancelled"
    text_held = "text_held"
    language_set = "language_set"
    survey_asked = "survey_asked"
    survey_answered = "survey_answered"
    survey_followed_up = "survey_followed_up"
    survey_ended = "survey_ended"
    texts_carried_over = "texts_carried_over"
    opted_out = "opted_out"
    opted_in = "opted_in"
    opt_out_wished = "opt_out_wished"
    phone_answers = "phone_answers"
    no_answer_owed = "no_answer_owed"
    opened_nothing = "opened_nothing"
    invitation_answered = "invitation_answered"
    opt_out_wish_dismissed = "opt_out_wish_dismissed"
    history_missing = "history_missing"
    agent_state = "agent_state"
    agent_capacity = "agent_capacity"
    alert_began = "alert_began"
    alert_ended = "alert_ended"
    bulk_ended = "bulk_ended"
    export_ready = "export_ready"
    connector_paused = "connector_paused"
    connector_resumed = "connector_resumed"
    endpoint_paused = "endpoint_paused"
    endpoint_resumed = "endpoint_resumed"
    given_to_bot = "given_to_bot"
    bot_asked = "bot_asked"
    bot_answered = "bot_answered"
    bot_answer_dropped = "bot_answer_dropped"
    bot_gave_up = "bot_gave_up"
    bot_paused = "bot_paused"
    bot_resumed = "bot_resumed"
    conversation_snoozed = "conversation_snoozed"
    snooze_ended = "snooze_ended"
    closing_reason_set = "closing_reason_set"
    label_added = "label_added"
    label_removed = "label_removed"
    priority_changed = "priority_changed"
    consumer_changed = "consumer_changed"
    consumers_merged = "consumers_merged"
    consumers_parted = "consumers_parted"


@dataclass(frozen=True)
class EventWords:
    """Words for an event. `step`: for the Temporal UI, without names. `told`: for the transcript,
    about a `{person}`.

    None: no step shows the event, or its words depend on more than the person.
    """

    step: str | None = None
    told: str | None = None


EVENTS: Mapping[EventKind, EventWords] = {
    EventKind.conversation_opened: EventWords("opened"),
    EventKind.conversation_queued: EventWords("waits for an agent"),
    EventKind.conversation_assigned: EventWords("assigned", "Assigned to {person}"),
    EventKind.conversation_transferred: EventWords("transferred"),
    EventKind.conversation_returned: EventWords(
        "returned to the queue", "{person} returned it to the queue"
    ),
    EventKind.conversation_closed: EventWords("closed"),
    EventKind.message_added: EventWords(),
    EventKind.mentioned: EventWords(),
    EventKind.message_status: EventWords(),
    EventKind.file_changed: EventWords(),
    EventKind.conversation_offered: EventWords("rings", "Rings at {person}"),
    EventKind.offer_ended: EventWords("stopped ringing"),
    EventKind.conversation_released: EventWords(
        "taken back into the queue", "Taken back from {person} into the queue"
    ),
    EventKind.agent_nudged: EventWords("agent reminded", "{person} was reminded to answer"),
    EventKind.manager_joined: EventWords("manager joined", "{person} joined"),
    EventKind.manager_left: EventWords("manager left", "{person} left"),
    EventKind.response_time_set: EventWords("response time set", "{person} set the response time"),
    EventKind.auto_close_held: EventWords(
        "auto-close held", "{person} holds it open: silence does not close it"
    ),
    EventKind.auto_close_resumed: EventWords("auto-close resumed", "{person} resumed auto-close"),
    EventKind.text_scheduled: EventWords("text scheduled", "{person} scheduled a text:"),
    EventKind.scheduled_text_cancelled: EventWords("text cancelled"),
    EventKind.text_held: EventWords("text held for quiet hours"),
    EventKind.language_set: EventWords("language set"),
    EventKind.survey_asked: EventWords("rating asked"),
    EventKind.survey_answered: EventWords("rated"),
    EventKind.survey_followed_up: EventWords(),
    EventKind.survey_ended: EventWords("rating ended"),
    EventKind.texts_carried_over: EventWords(),
    EventKind.opted_out: EventWords("opted out", "The consumer is opted out of texts"),
    EventKind.opted_in: EventWords("opted in", "The consumer opted in again"),
    EventKind.opt_out_wished: EventWords(told="The consumer seems to want no more texts"),
    EventKind.phone_answers: EventWords(
        "phone answers by itself",
        "The consumer's phone answers by itself: no automatic messages, no survey",
    ),
    EventKind.no_answer_owed: EventWords("no answer owed"),
    EventKind.opened_nothing: EventWords("opened nothing"),
    EventKind.invitation_answered: EventWords("answers an automated text"),
    EventKind.opt_out_wish_dismissed: EventWords(
        "no wish to opt out", "{person} says that this is no wish to opt out"
    ),
    EventKind.history_missing: EventWords("written again: the database had lost steps"),
    EventKind.agent_state: EventWords(),
    EventKind.agent_capacity: EventWords(),
    EventKind.alert_began: EventWords(),
    EventKind.alert_ended: EventWords(),
    EventKind.bulk_ended: EventWords(),
    EventKind.export_ready: EventWords(),
    EventKind.connector_paused: EventWords(),
    EventKind.connector_resumed: EventWords(),
    EventKind.endpoint_paused: EventWords(),
    EventKind.endpoint_resumed: EventWords(),
    EventKind.given_to_bot: EventWords("given to a bot"),
    EventKind.bot_asked: EventWords("bot asked"),
    EventKind.bot_answered: EventWords("bot answered"),
    EventKind.bot_answer_dropped: EventWords(
        "bot's answer dropped", "An answer of the bot came too late, or twice, and was dropped"
    ),
    EventKind.bot_gave_up: EventWords("passed from the bot to people"),
    EventKind.bot_paused: EventWords(),
    EventKind.bot_resumed: EventWords(),
    EventKind.conversation_snoozed: EventWords("snoozed"),
    EventKind.snooze_ended: EventWords("snooze ended"),
    EventKind.closing_reason_set: EventWords(),
    EventKind.label_added: EventWords(),
    EventKind.label_removed: EventWords(),
    EventKind.priority_changed: EventWords(),
    EventKind.consumer_changed: EventWords(),
    EventKind.consumers_merged: EventWords(told="{person} merged the consumer with another number"),
    EventKind.consumers_parted: EventWords(
        told="{person} separated the consumer from another number"
    ),
}
"""What each event is called. A kind without words of its own is told by what it carries."""


class DeadlineKind(StrEnum):
    """What happens to a conversation when a deadline passes."""

    bot_late = "bot_late"
    offer_lapses = "offer_lapses"
    agent_transfer_fallback = "agent_transfer_fallback"
    waiting_in_queue = "waiting_in_queue"
    agent_nudge = "agent_nudge"
    agent_silent = "agent_silent"
    agent_silent_reroute = "agent_silent_reroute"
    consumer_silent = "consumer_silent"
    auto_close_warning = "auto_close_warning"
    auto_close = "auto_close"
    scheduled_text = "scheduled_text"
    snooze_ends = "snooze_ends"
    survey_expires = "survey_expires"
    late_answers_end = "late_answers_end"
    hours_refresh = "hours_refresh"


class ResponseState(StrEnum):
    """State of a conversation relative to its response time."""

    overdue = "overdue"
    soon_overdue = "soon_overdue"
    idle = "idle"
    ongoing = "ongoing"
