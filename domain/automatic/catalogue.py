"""The catalogue of automatic messages: one row for each, in the order of the settings pages.

A new message needs its word in `Automatic`, a row here, the rule that sends it, and its texts.
The default delays and switches are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from domain.automatic.kinds import Automatic
from domain.automatic.templates import PLACEHOLDERS
from domain.survey.kinds import FollowUp


class Group(StrEnum):
    """Group of messages, by its title on pages."""

    welcome = "Welcome"
    waiting = "Waiting"
    agent = "Agent"
    closing = "Closing"
    survey = "Survey"
    consent = "Consent"


@dataclass(frozen=True)
class Delay:
    """The delay of a timed message, unless an account sets another one.

    `counts_from` says what the delay counts from. `is_before`: the message is sent that long
    before the moment, not after it.
    """

    label: str
    counts_from: str
    default: timedelta
    in_working_hours: bool = False
    may_repeat: bool = True
    is_before: bool = False


@dataclass(frozen=True)
class CatalogueRow:
    """One automatic message.

    `title` names it in settings and `name` in a transcript; `when` says when it is sent.
    """

    group: Group
    title: str
    when: str
    name: str
    is_on: bool = True
    """Whether it is sent when an account has set nothing. Either way it has a starting text."""
    is_assigned: bool = True
    """Whether an agent may be assigned when it is sent; otherwise `{agent}` is empty."""
    is_question: bool = False
    """Whether it is a survey question, which must be short enough to read at a glance."""
    follow_up: FollowUp | None = None
    """The follow-up question it asks."""
    delay: Delay | None = None
    """Set for a timed message, which only the passing of time sends."""

    @property
    def is_of_survey(self) -> bool:
        """Say whether it belongs to the survey, and so is never set for a skill."""
        return self.group is Group.survey

    @property
    def placeholders(self) -> Mapping[str, str]:
        """Return its placeholders, each with what it stands for."""
        return {
            name: meaning
            for name, meaning in PLACEHOLDERS.items()
            if self.is_assigned or name != "agent"
        }


CATALOGUE: Mapping[Automatic, CatalogueRow] = {
    Automatic.first_welcome: CatalogueRow(
        Group.welcome,
        "First welcome",
        "A consumer's first conversation opens, in working hours.",
        "first welcome",
        is_assigned=False,
    ),
    Automatic.welcome: CatalogueRow(
        Group.welcome,
        "Welcome back",
        "A known consumer opens another conversation.",
        "welcome",
        is_assigned=False,
    ),
    Automatic.first_welcome_off_hours: CatalogueRow(
        Group.welcome,
        "First welcome, off hours",
        "A consumer's first conversation opens while you are closed.",
        "first welcome outside working hours",
        is_assigned=False,
    ),
    Automatic.welcome_off_hours: CatalogueRow(
        Group.welcome,
        "Welcome back, off hours",
        "A known consumer opens a conversation while you are closed.",
        "welcome outside working hours",
        is_assigned=False,
    ),
    Automatic.off_hours: CatalogueRow(
        Group.welcome,
        "Off hours",
        "The first text in an open conversation while you are closed, once until you open.",
        "outside working hours",
    ),
    Automatic.waiting_in_queue: CatalogueRow(
        Group.waiting,
        "Waiting in the queue",
        "No agent has taken the conversation, in working hours.",
        "still waiting in the queue",
        is_assigned=False,
        delay=Delay(
            "After waiting for",
            "the last entry into a queue; failed offers do not restart it",
            timedelta(minutes=15),
            in_working_hours=True,
        ),
    ),
    Automatic.returned_to_queue: CatalogueRow(
        Group.waiting,
        "Returned to the queue",
        "An agent gives the conversation back.",
        "back in the queue",
    ),
    Automatic.transferred_to_skill: CatalogueRow(
        Group.waiting,
        "Passed to another skill",
        "The conversation goes to a skill; the new skill's text is sent.",
        "passed on to another skill",
    ),
    Automatic.transferred_to_agent: CatalogueRow(
        Group.waiting,
        "Passed to an agent",
        "The conversation goes to an agent by name.",
        "passed on to an agent",
    ),
    Automatic.agent_joined: CatalogueRow(
        Group.agent,
        "Agent is assigned",
        "The conversation is assigned to an agent.",
        "an agent was assigned",
    ),
    Automatic.agent_silent: CatalogueRow(
        Group.agent,
        "Agent is silent",
        "The consumer waits for the agent's answer, in working hours.",
        "the answer takes longer",
        delay=Delay(
            "After silence of",
            "the assignment, or the first unanswered text where that is later",
            timedelta(minutes=10),
            in_working_hours=True,
        ),
    ),
    Automatic.response_time_changed: CatalogueRow(
        Group.agent,
        "Response time changes",
        "An agent sets a response time by hand.",
        "when to expect an answer",
    ),
    Automatic.manager_joined: CatalogueRow(
        Group.agent, "Manager joins", "A manager writes alongside.", "a manager joined"
    ),
    Automatic.manager_left: CatalogueRow(
        Group.agent, "Manager leaves", "A manager who wrote alongside leaves.", "a manager left"
    ),
    Automatic.consumer_silent: CatalogueRow(
        Group.closing,
        "Consumer is silent",
        "The agent has answered and the consumer is silent.",
        "a reminder to answer",
        delay=Delay(
            "After silence of",
            "the agents' last message; a transfer does not stop it, a text of the consumer does",
            timedelta(hours=24),
        ),
    ),
    Automatic.auto_close_warning: CatalogueRow(
        Group.closing,
        "Closes soon",
        "The conversation is about to be auto-closed.",
        "about to close",
        is_on=False,
        delay=Delay(
            "Before it closes",
            "the auto-close, once a silence; not sent where less is left from the start",
            timedelta(hours=1),
            may_repeat=False,
            is_before=True,
        ),
    ),
    Automatic.auto_closed: CatalogueRow(
        Group.closing,
        "Closed by itself",
        "The consumer was silent for too long.",
        "closed after silence",
        is_on=False,
    ),
    Automatic.closed_by_agent: CatalogueRow(
        Group.closing,
        "Closed by an agent",
        "An agent or a manager closes; the survey follows.",
        "closed",
    ),
    Automatic.survey_question: CatalogueRow(
        Group.survey, "Question", "The conversation is closed.", "the question", is_question=True
    ),
    Automatic.survey_retry: CatalogueRow(
        Group.survey,
        "Asked again",
        "What came back is not an answer.",
        "asked again",
        is_question=True,
    ),
    Automatic.survey_resolved: CatalogueRow(
        Group.survey,
        "Was it resolved?",
        "Follow-up with yes or no, where the survey asks it.",
        "was it resolved?",
        is_question=True,
        follow_up=FollowUp.resolved,
    ),
    Automatic.survey_recommend: CatalogueRow(
        Group.survey,
        "Would they recommend you?",
        "Follow-up from 0 to 10, where the survey asks it.",
        "would they recommend us?",
        is_question=True,
        follow_up=FollowUp.recommend,
    ),
    Automatic.survey_comment: CatalogueRow(
        Group.survey,
        "Anything to add?",
        "Follow-up in free words, where the survey asks it.",
        "a comment?",
        is_question=True,
        follow_up=FollowUp.comment,
    ),
    Automatic.survey_thanks: CatalogueRow(
        Group.survey, "Thanks", "The survey is answered.", "thanks"
    ),
    Automatic.survey_expired: CatalogueRow(
        Group.survey, "Expired", "No answer came in time.", "ended without an answer", is_on=False
    ),
    Automatic.survey_unrecognised: CatalogueRow(
        Group.survey,
        "Not understood",
        "The last answer could not be read; a person reads what was written.",
        "ended without a rating",
    ),
    Automatic.opted_out: CatalogueRow(
        Group.consent,
        "Opted out",
        "The consumer texts STOP, where the provider does not confirm it itself.",
        "opted out",
    ),
    Automatic.opted_in: CatalogueRow(
        Group.consent, "Opted in", "The consumer texts START.", "opted in"
    ),
    Automatic.help: CatalogueRow(Group.consent, "Help", "The consumer texts HELP.", "help"),
    Automatic.media_refused: CatalogueRow(
        Group.consent,
        "Not a picture",
        "An attachment arrives that is neither a picture nor a text. Agents can download it.",
        "an attachment that is not a picture",
    ),
}

DELAYS = {event: row.delay for event, row in CATALOGUE.items() if row.delay}
"""Delays of the timed messages."""
TIMED = frozenset(DELAYS)
OF_THE_SURVEY = frozenset(event for event, row in CATALOGUE.items() if row.is_of_survey)
FOLLOW_UPS = {row.follow_up: event for event, row in CATALOGUE.items() if row.follow_up}
"""The message that asks each follow-up question."""


def grouped() -> dict[Group, list[Automatic]]:
    """Return the messages of each group, in the order of pages."""
    return {
        group: [event for event, row in CATALOGUE.items() if row.group is group] for group in Group
    }
