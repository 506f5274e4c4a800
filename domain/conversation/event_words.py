"""Words for each event: in the transcript, and in the steps that operators read."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.conversation.kinds import EventKind


@dataclass(frozen=True)
class EventWords:
    """`step`: words for the Temporal UI, without names. `told`: words for the transcript, about a
    `{person}`.

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
    EventKind.language_set: EventWords("language set"),
    EventKind.survey_asked: EventWords("rating asked"),
    EventKind.survey_answered: EventWords("rated"),
    EventKind.survey_followed_up: EventWords(),
    EventKind.survey_ended: EventWords("rating ended"),
    EventKind.texts_carried_over: EventWords(),
    EventKind.opted_out: EventWords("opted out", "The consumer is opted out of texts"),
    EventKind.opted_in: EventWords("opted in", "The consumer opted in again"),
    EventKind.opt_out_wished: EventWords(told="The consumer seems to want no more texts"),
    EventKind.history_missing: EventWords("written again: the database had lost steps"),
    EventKind.agent_state: EventWords(),
}
