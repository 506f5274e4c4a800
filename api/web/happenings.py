"""What happened to a conversation, in words for its transcript."""

from database.queries.desk import Names
from database.tables import Event
from domain.words import CloseReason, EventKind, SurveyOutcome

OFFER_ENDED = {"declined": "{person} declined", "lapsed": "{person} did not take it"}
CLOSED = {
    CloseReason.auto_close: "Closed after silence",
    CloseReason.opt_out: "Closed: the consumer opted out",
    CloseReason.system: "Closed by the system",
}
UNRATED = {
    SurveyOutcome.ignored: "No rating: the consumer did not answer",
    SurveyOutcome.unrecognised: "No rating: the answer could not be read",
    SurveyOutcome.expired: "No rating in time",
    SurveyOutcome.interrupted: "The rating was broken off",
    SurveyOutcome.opted_out: "No rating: the consumer opted out",
}
BY_SOMEBODY = {
    EventKind.conversation_assigned: "Assigned to {person}",
    EventKind.conversation_returned: "{person} returned it to the queue",
    EventKind.conversation_offered: "Rings at {person}",
    EventKind.conversation_released: "Taken back from {person} into the queue",
    EventKind.agent_nudged: "{person} was reminded to answer",
    EventKind.manager_joined: "{person} joined",
    EventKind.manager_left: "{person} left",
    EventKind.response_time_set: "{person} set the response time",
}
CONSENT = {
    EventKind.opted_out: "The consumer opted out of texts",
    EventKind.opted_in: "The consumer opted in again",
}


def words(event: Event, names: Names) -> str | None:
    """Return the words for an event, None for what a text beside it says already."""
    kind, data = EventKind(event.kind), event.data
    person = names.agents.get(event.agent_id or "", "Somebody")
    if kind in BY_SOMEBODY:
        return BY_SOMEBODY[kind].format(person=person)
    match kind:
        case EventKind.conversation_opened:
            by_consumer = data.get("opened_by") == "consumer"
            return "The consumer opened this conversation" if by_consumer else f"Opened by {person}"
        case EventKind.conversation_transferred:
            skill = names.skills.get(data.get("skill_id") or "")
            agent = names.agents.get(data.get("to_agent_id") or "")
            return f"{person} transferred to {skill or agent or 'somebody else'}"
        case EventKind.offer_ended:
            ended = OFFER_ENDED.get(str(data.get("outcome")))
            return ended and ended.format(person=person)
        case EventKind.conversation_closed:
            return CLOSED.get(CloseReason(data["reason"]), f"Closed by {person}")
        case EventKind.survey_answered:
            return f"Rated {data['score']} of 5"
        case EventKind.survey_ended:
            return UNRATED.get(SurveyOutcome(data["outcome"]))
        case _:
            return CONSENT.get(kind)
