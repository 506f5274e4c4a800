"""What automatic messages are called on pages, by matter: the moment at which each is sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.automatic.kinds import Automatic


@dataclass(frozen=True)
class Occasion:
    """An event's title in settings, when its text is sent, and its name in a transcript."""

    title: str
    when: str
    name: str


@dataclass(frozen=True)
class Matter:
    """Events that belong together."""

    title: str
    occasions: Mapping[Automatic, Occasion]


WELCOME = Matter(
    "Welcome",
    {
        Automatic.first_welcome: Occasion(
            "First welcome",
            "A consumer's first conversation opens, in working hours.",
            "first welcome",
        ),
        Automatic.welcome: Occasion(
            "Welcome back",
            "A consumer who has been here before opens another conversation.",
            "welcome",
        ),
        Automatic.first_welcome_off_hours: Occasion(
            "First welcome, off hours",
            "A consumer's first conversation opens while you are closed.",
            "first welcome outside working hours",
        ),
        Automatic.welcome_off_hours: Occasion(
            "Welcome back, off hours",
            "A known consumer opens a conversation while you are closed.",
            "welcome outside working hours",
        ),
        Automatic.off_hours: Occasion(
            "Off hours",
            "The first text in an open conversation while you are closed, once until you open.",
            "outside working hours",
        ),
    },
)
WAITING = Matter(
    "Waiting",
    {
        Automatic.waiting_in_queue: Occasion(
            "Waiting in the queue",
            "Nobody has taken the conversation, in working hours.",
            "still waiting in the queue",
        ),
        Automatic.returned_to_queue: Occasion(
            "Returned to the queue", "An agent gives the conversation back.", "back in the queue"
        ),
        Automatic.transferred_to_skill: Occasion(
            "Passed to another skill",
            "The conversation goes to a skill; the new skill's text is sent.",
            "passed on to another skill",
        ),
        Automatic.transferred_to_agent: Occasion(
            "Passed to an agent",
            "The conversation goes to an agent by name.",
            "passed on to an agent",
        ),
    },
)
AGENT = Matter(
    "Agent",
    {
        Automatic.agent_joined: Occasion(
            "Agent joins", "An agent has got the conversation.", "an agent took over"
        ),
        Automatic.agent_silent: Occasion(
            "Agent is silent",
            "The consumer waits for the agent's answer, in working hours.",
            "the answer takes longer",
        ),
        Automatic.response_time_changed: Occasion(
            "Response time changes",
            "An agent sets a response time by hand.",
            "when to expect an answer",
        ),
        Automatic.manager_joined: Occasion(
            "Manager joins", "A manager writes alongside.", "a manager joined"
        ),
        Automatic.manager_left: Occasion(
            "Manager leaves", "A manager who wrote alongside leaves.", "a manager left"
        ),
    },
)
CLOSING = Matter(
    "Closing",
    {
        Automatic.consumer_silent: Occasion(
            "Consumer is silent",
            "The agent has answered and the consumer writes no more.",
            "a reminder to answer",
        ),
        Automatic.auto_close_warning: Occasion(
            "Closes soon", "The conversation is about to close by itself.", "about to close"
        ),
        Automatic.auto_closed: Occasion(
            "Closed by itself", "The consumer was silent for too long.", "closed after silence"
        ),
        Automatic.closed_by_agent: Occasion(
            "Closed by an agent", "An agent or a manager closes; the survey follows.", "closed"
        ),
    },
)
SURVEY = Matter(
    "Survey",
    {
        Automatic.survey_question: Occasion(
            "Question", "The conversation is closed.", "the question"
        ),
        Automatic.survey_retry: Occasion(
            "Asked again", "What came back is not an answer.", "asked again"
        ),
        Automatic.survey_resolved: Occasion(
            "Was it resolved?",
            "Follow-up with yes or no, where the survey asks it.",
            "was it resolved?",
        ),
        Automatic.survey_recommend: Occasion(
            "Would they recommend you?",
            "Follow-up from 0 to 10, where the survey asks it.",
            "would they recommend us?",
        ),
        Automatic.survey_comment: Occasion(
            "Anything to add?", "Follow-up in free words, where the survey asks it.", "a comment?"
        ),
        Automatic.survey_thanks: Occasion("Thanks", "The survey is answered.", "thanks"),
        Automatic.survey_expired: Occasion(
            "Expired", "No answer came in time.", "ended without an answer"
        ),
        Automatic.survey_unrecognised: Occasion(
            "Not understood",
            "The last answer could not be read; a person reads what was written.",
            "ended without a rating",
        ),
    },
)
CONSENT = Matter(
    "Consent",
    {
        Automatic.opted_out: Occasion(
            "Opted out",
            "The consumer texts STOP, where the provider does not confirm it itself.",
            "opted out",
        ),
        Automatic.opted_in: Occasion("Opted in", "The consumer texts START.", "opted in"),
        Automatic.help: Occasion("Help", "The consumer texts HELP.", "help"),
        Automatic.media_refused: Occasion(
            "Not a picture",
            "An attachment arrives that is not a picture; only texts and pictures are accepted.",
            "an attachment that is not a picture",
        ),
    },
)
MATTERS = (WELCOME, WAITING, AGENT, CLOSING, SURVEY, CONSENT)
OCCASIONS = {event: said for matter in MATTERS for event, said in matter.occasions.items()}
