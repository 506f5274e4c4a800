"""What happened to a conversation, in words for its transcript."""

from api.schemas.surveys import FollowUpOut
from database.queries.workspace import Names
from database.tables import Event
from domain.conversation.event_words import EVENTS
from domain.conversation.kinds import CloseReason, EventKind
from domain.languages import name_of
from domain.survey.kinds import FollowUp, SurveyGate, SurveyOutcome
from web import scores
from web.scores import Score

OFFER_ENDED = {"declined": "{person} declined", "lapsed": "{person} did not take it"}
CLOSED = {
    CloseReason.auto_close: "Closed after silence",
    CloseReason.opt_out: "Closed: the consumer is opted out",
    CloseReason.system: "Closed by the system",
}
ENDED = {
    SurveyOutcome.completed: "Survey completed",
    SurveyOutcome.ignored: "No rating: the consumer did not answer",
    SurveyOutcome.unrecognised: "No rating: the answer could not be read",
    SurveyOutcome.expired: "No rating in time",
    SurveyOutcome.interrupted: "The rating was broken off",
    SurveyOutcome.opted_out: "No rating: the consumer is opted out",
}
UNASKED = {
    SurveyGate.disabled: "surveys are off",
    SurveyGate.no_question: "its question is off",
    SurveyGate.program: "the texts came from a short code or a name",
    SurveyGate.no_skill: "it belongs to no skill",
    SurveyGate.never_assigned: "nobody ever held it",
    SurveyGate.nothing_written: "the consumer wrote nothing",
    SurveyGate.few_texts: "the consumer wrote too little",
    SurveyGate.asked_recently: "the consumer was asked lately",
    SurveyGate.not_sampled: "only some are asked",
}
"""Why nobody was asked to rate, where the reason of the closing does not say it."""
CANCELLED = {
    "answered": "the consumer answered",
    "closed": "the conversation was closed",
    "opted_out": "the consumer is opted out",
}


def words(event: Event, names: Names) -> str | None:
    """Return the words for an event, None for what a text beside it says already."""
    kind, data = EventKind(event.kind), event.data
    person = names.agents.get(event.agent_id or "", "Somebody")
    if told := EVENTS[kind].told:
        return told.format(person=person)
    match kind:
        case EventKind.conversation_opened:
            return _opening(event, person)
        case EventKind.conversation_transferred:
            skill = names.skills.get(data.get("skill_id") or "")
            agent = names.agents.get(data.get("to_agent_id") or "")
            return f"{person} transferred to {skill or agent or 'somebody else'}"
        case EventKind.offer_ended:
            ended = OFFER_ENDED.get(str(data.get("outcome")))
            return ended and ended.format(person=person)
        case EventKind.conversation_closed:
            return _closing(event, person)
        case EventKind.scheduled_text_cancelled:
            why = CANCELLED.get(str(data.get("reason")))
            return f"A text for later was cancelled: {why}" if why else f"{person} cancelled a text"
        case EventKind.language_set:
            return _language(event, person)
        case EventKind.survey_answered:
            rating = _rating(event, names)
            return f"{rating.words}, late" if rating.is_late else rating.words
        case EventKind.survey_followed_up:
            return _follow_up(event)
        case EventKind.survey_ended:
            return ENDED.get(SurveyOutcome(data["outcome"]))
        case EventKind.texts_carried_over:
            return _carried_over(int(data["count"]))
        case _:
            return None


def rating_of(event: Event, names: Names) -> Score | None:
    """Return the rating an event brought, None for other events."""
    return _rating(event, names) if event.kind == EventKind.survey_answered else None


def link_of(event: Event) -> str | None:
    """Return the id of the conversation that an event leads to, or comes from."""
    other = event.data.get("to_conversation_id") or event.data.get("continues")
    return str(other) if other else None


def _opening(event: Event, person: str) -> str:
    if event.data.get("continues"):
        return "Opened with what the consumer wrote in the previous conversation's survey"
    by_consumer = event.data.get("opened_by") == "consumer"
    return "The consumer opened this conversation" if by_consumer else f"Opened by {person}"


def _carried_over(count: int) -> str:
    if count == 1:
        return "A text that is not a rating moved to the next conversation"
    return f"{count} texts that are not ratings moved to the next conversation"


def _closing(event: Event, person: str) -> str:
    closed = CLOSED.get(CloseReason(event.data["reason"]), f"Closed by {person}")
    gate = event.data.get("survey_gate")
    why = UNASKED.get(SurveyGate(gate)) if gate else None
    return f"{closed}, without a survey: {why}" if why else closed


def _rating(event: Event, names: Names) -> Score:
    data = event.data
    return scores.score(
        data["score"], data.get("scale"), names.scales, is_late=bool(data.get("late"))
    )


def _follow_up(event: Event) -> str:
    question, value = FollowUp(event.data["question"]), event.data.get("value")
    return scores.follow_up(FollowUpOut(question=question, value=value, text=None))


def _language(event: Event, person: str) -> str:
    language = name_of(str(event.data.get("language")))
    if event.agent_id is None:
        return f"The consumer writes {language}"
    return f"{person} set the language: {language}"
