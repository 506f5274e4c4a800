"""A conversation's events, in words for its transcript."""

from collections.abc import Callable, Mapping

from api.schemas.surveys import FollowUpOut
from database.queries.workspace import Names
from database.tables import Event
from domain.conversation.kinds import EVENTS, CloseReason, EventKind
from domain.conversation.snoozing import SnoozeEnd
from domain.courtesies.kinds import CourtesyKind
from domain.languages import name_of
from domain.origins.kinds import OriginKind
from domain.settings.priorities import Priority
from domain.survey.kinds import FollowUp, SurveyGate, SurveyOutcome
from translations.catalogue import filled
from web import scores
from web.scores import Score
from web.transcripts.origins import OPENED
from web.words import Words, _, n, said

OFFER_ENDED = Words({"declined": "{person} declined", "lapsed": "{person} did not accept in time"})
CLOSED = Words(
    {
        CloseReason.auto_close: "Closed after silence",
        CloseReason.opt_out: "Closed: the consumer is opted out",
        CloseReason.bot: "Closed by the bot",
        CloseReason.blocked: "Closed: a manager blocked the consumer",
        CloseReason.system: "Closed by the system",
    }
)
ENDED = Words(
    {
        SurveyOutcome.completed: "Survey completed",
        SurveyOutcome.ignored: "No rating: the consumer did not answer",
        SurveyOutcome.unrecognised: "No rating: the answer was not understood",
        SurveyOutcome.expired: "No rating: the survey expired",
        SurveyOutcome.interrupted: "Survey interrupted by a new request",
        SurveyOutcome.opted_out: "No rating: the consumer is opted out",
    }
)
OPENED_NOTHING = Words(
    {
        CourtesyKind.thanks: "Closed conversation: thanks, nothing opened",
        CourtesyKind.reaction: "Closed conversation: a reaction, nothing opened",
        CourtesyKind.automatic: "Closed conversation: an automatic reply, nothing opened",
    }
)
UNOWED = Words(
    {
        CourtesyKind.thanks: "Thanks: no answer is owed",
        CourtesyKind.reaction: "A reaction: no answer is owed",
    }
)
UNASKED = Words(
    {
        SurveyGate.disabled: "surveys are off",
        SurveyGate.no_question: "its question is off",
        SurveyGate.program: "the texts came from a short code or a name",
        SurveyGate.answers_by_itself: "the phone answers by itself",
        SurveyGate.no_skill: "the conversation has no skill",
        SurveyGate.never_assigned: "no agent was ever assigned",
        SurveyGate.nothing_written: "the consumer wrote nothing",
        SurveyGate.few_texts: "the consumer wrote too little",
        SurveyGate.asked_recently: "the consumer was asked recently",
        SurveyGate.not_sampled: "it was not in the sample",
        SurveyGate.not_wanted: "whoever closed it did not ask for a rating",
    }
)
"""Why no survey was sent, where the reason for closing does not say so."""
INVITED = Words(
    {
        OriginKind.notification: (
            "The consumer's text may answer a notification that was sent before"
        ),
        OriginKind.call: (
            "The consumer's text may answer a text after the call that was sent before"
        ),
        OriginKind.proactive: "The consumer's text may answer a first text that was sent before",
        OriginKind.follow_up: "The consumer's text may answer a follow-up that was sent before",
    }
)
CANCELLED = Words(
    {
        "answered": "the consumer replied",
        "closed": "the conversation was closed",
        "opted_out": "the consumer is opted out",
    }
)

SNOOZE_ENDED = Words(
    {
        SnoozeEnd.time: "The snooze is over",
        SnoozeEnd.consumer: "The snooze is over: the consumer texted",
    }
)


def words(event: Event, names: Names) -> str | None:
    """Return an event in words, None where a text beside it says the same."""
    kind = EventKind(event.kind)
    person = names.agents.get(event.agent_id or "") or _("Somebody")
    if told := EVENTS[kind].told:
        return filled(said(told), {"person": person})
    if kind in FROM_DATA:
        return FROM_DATA[kind](event, names, person)
    return None


def rating_of(event: Event, names: Names) -> Score | None:
    """Return the rating an event brings, None for other events."""
    return _rating(event, names) if event.kind == EventKind.survey_answered else None


def link_of(event: Event) -> str | None:
    """Return the id of the conversation an event leads to or comes from."""
    data = event.data
    other = data.get("to_conversation_id") or data.get("continues")
    is_by_us = event.kind == EventKind.conversation_opened and data.get("opened_by") == "agent"
    other = other or (data.get("origin_id") if is_by_us else None)
    return str(other) if other else None


def _opening(event: Event, person: str) -> str:
    if event.data.get("continues"):
        return _("Opened with what the consumer wrote in the previous conversation's survey")
    origin = OriginKind(event.data.get("origin") or OriginKind.text)
    if event.data.get("opened_by") == "consumer":
        return OPENED.get(origin) or _("The consumer opened this conversation")
    if origin is OriginKind.follow_up:
        return _("Opened by {person} to follow up", person=person)
    return _("Opened by {person}", person=person)


def label_of(event: Event) -> str | None:
    """Return what a text is called that the consumer answered, None for other texts."""
    return _("sent before this conversation") if event.data.get("is_invitation") else None


def _invited(event: Event) -> str:
    origin = OriginKind(event.data["origin"])
    return INVITED.get(origin) or _("The consumer's text may answer a text that was sent before")


def _carried_over(count: int) -> str:
    return n(
        "A text that is not a rating moved to the next conversation",
        "{n} texts that are not ratings moved to the next conversation",
        count,
    )


def _closed_by(event: Event, person: str) -> str:
    reason = event.data.get("closing_reason")
    if reason is None:
        return _("Closed by {person}", person=person)
    return _("Closed by {person}: {reason}", person=person, reason=reason)


def _closing(event: Event, person: str) -> str:
    closed = CLOSED.get(CloseReason(event.data["reason"])) or _closed_by(event, person)
    gate = event.data.get("survey_gate")
    why = UNASKED.get(SurveyGate(gate)) if gate else None
    return _("{closed}, without a survey: {why}", closed=closed, why=why) if why else closed


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
        return _("The consumer writes {language}", language=language)
    return _("{person} set the language: {language}", person=person, language=language)


def _transferred(event: Event, names: Names, person: str) -> str:
    skill = names.skills.get(event.data.get("skill_id") or "")
    agent = names.agents.get(event.data.get("to_agent_id") or "")
    who = event.data.get("bot") or person
    target = skill or agent or _("somebody else")
    return _("{person} transferred to {target}", person=who, target=target)


def _given_to_bot(event: Event) -> str:
    return _("The bot {bot} answers", bot=event.data.get("bot"))


def _passed_to_people(event: Event, names: Names) -> str:
    skill = names.skills.get(event.data.get("skill_id") or "")
    bot, target = event.data.get("bot"), skill or _("the same skill")
    return _("The bot {bot} passed it to people: {skill}", bot=bot, skill=target)


def _offer_ended(event: Event, _names: Names, person: str) -> str | None:
    ended = OFFER_ENDED.get(str(event.data.get("outcome")))
    return ended and filled(ended, {"person": person})


def _text_cancelled(event: Event, _names: Names, person: str) -> str:
    why = CANCELLED.get(str(event.data.get("reason")))
    if why:
        return _("A scheduled text was cancelled: {why}", why=why)
    return _("{person} cancelled a scheduled text", person=person)


def _snoozed(event: Event, _names: Names, person: str) -> str:
    if event.data.get("until") is None:
        return _("{person} snoozed it until the consumer texts", person=person)
    return _("{person} snoozed it", person=person)


def _awake(event: Event, _names: Names, person: str) -> str:
    ended = SNOOZE_ENDED.get(SnoozeEnd(event.data["end"]))
    return ended or _("{person} ended the snooze", person=person)


def _closing_reason(event: Event, _names: Names, person: str) -> str:
    reason = event.data.get("closing_reason")
    return _("{person} set the closing reason: {reason}", person=person, reason=reason)


def _label_added(event: Event, _names: Names, person: str) -> str:
    return _("{person} added the label {label}", person=person, label=event.data.get("label"))


def _label_removed(event: Event, _names: Names, person: str) -> str:
    return _("{person} removed the label {label}", person=person, label=event.data.get("label"))


PRIORITIES = Words(
    {
        Priority.low: "{person} set the priority to low",
        Priority.normal: "{person} set the priority to normal",
        Priority.high: "{person} set the priority to high",
        Priority.urgent: "{person} set the priority to urgent",
    }
)


def _priority(event: Event, _names: Names, person: str) -> str | None:
    words = PRIORITIES.get(Priority(event.data["priority"]))
    return filled(words, {"person": person}) if words else None


def _held(event: Event) -> str:
    return _("A text is held: {why}", why=said(str(event.data.get("why"))))


def _courtesy(event: Event) -> CourtesyKind:
    return CourtesyKind(event.data["courtesy"])


def _answered(event: Event, names: Names, _person: str) -> str:
    rating = _rating(event, names)
    return _("{rating}, late", rating=rating.words) if rating.is_late else rating.words


FROM_DATA: Mapping[EventKind, Callable[[Event, Names, str], str | None]] = {
    EventKind.conversation_opened: lambda event, __, person: _opening(event, person),
    EventKind.conversation_transferred: _transferred,
    EventKind.offer_ended: _offer_ended,
    EventKind.conversation_closed: lambda event, __, person: _closing(event, person),
    EventKind.scheduled_text_cancelled: _text_cancelled,
    EventKind.text_held: lambda event, *__: _held(event),
    EventKind.language_set: lambda event, __, person: _language(event, person),
    EventKind.survey_answered: _answered,
    EventKind.survey_followed_up: lambda event, *__: _follow_up(event),
    EventKind.survey_ended: lambda event, *__: ENDED.get(SurveyOutcome(event.data["outcome"])),
    EventKind.no_answer_owed: lambda event, *__: UNOWED.get(_courtesy(event)),
    EventKind.invitation_answered: lambda event, *__: _invited(event),
    EventKind.opened_nothing: lambda event, *__: OPENED_NOTHING[_courtesy(event)],
    EventKind.given_to_bot: lambda event, *__: _given_to_bot(event),
    EventKind.bot_gave_up: lambda event, names, __: _passed_to_people(event, names),
    EventKind.conversation_snoozed: _snoozed,
    EventKind.snooze_ended: _awake,
    EventKind.closing_reason_set: _closing_reason,
    EventKind.label_added: _label_added,
    EventKind.label_removed: _label_removed,
    EventKind.priority_changed: _priority,
    EventKind.texts_carried_over: lambda event, *__: _carried_over(int(event.data["count"])),
}
"""Events whose words depend on their data."""
