"""What holds of every survey, whatever a consumer answers and when."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.automatic.kinds import Automatic
from domain.conversation.kinds import Author, EventKind, Status
from domain.policy.policy import Policy
from domain.survey.kinds import FollowUp, Meaning, QuestionSeen, SurveyOutcome
from tests.domain.scenario import ANN, SUPPORT, Scenario, answered, with_texts
from tests.domain.survey.asked import survey_of
from tests.domain.survey.designs import surveyed
from tests.examples import many

WORDS = "4|9|👍|👍|1|1|yes|no|no|hm|4 but slow|5 no 4|hello?|my parcel is broken|why?||STOP|help"
SPANS = (timedelta(minutes=20), timedelta(hours=1), timedelta(hours=23), timedelta(days=1))
COURSES = st.lists(
    st.one_of(st.sampled_from(WORDS.split("|")), st.sampled_from(SPANS)), max_size=12
)
TERSE = with_texts(SUPPORT, survey_expired="Never mind.", survey_resolved="")
FOLLOW_UPS = (Automatic.survey_resolved, Automatic.survey_recommend, Automatic.survey_comment)


def survives(
    scenario: Scenario,
    event: str | timedelta,
    *,
    seen: QuestionSeen = QuestionSeen.question,
    lost: set[str] | None = None,
) -> bool:
    """Let something happen; say whether the conversation still takes what comes.

    `lost`: where ids of texts are added that are of no use to the survey, so must not stay in it.
    """
    if isinstance(event, timedelta):
        scenario.passes(seconds=event.total_seconds())
        return True
    incoming = scenario.incoming(event)
    heard = scenario.hears(incoming, seen=seen)
    if not scenario.core.takes(incoming, heard):
        scenario.does(lambda core: core.survey_interrupted(scenario.now))
        return False
    survey = survey_of(scenario)
    is_used = (
        heard.meaning is Meaning.rating and not heard.has_request and seen is QuestionSeen.question
    )
    is_comment = survey.follow_up is FollowUp.comment and seen is not QuestionSeen.nothing
    is_idle = heard.meaning in (Meaning.acknowledgement, Meaning.attempt)
    if (
        lost is not None
        and scenario.core.question_for(incoming)
        and not (is_used or is_comment or is_idle)
    ):
        lost.add(incoming.message_id)
    scenario.does(lambda core: core.consumer_texted(incoming, scenario.now, heard))
    assert scenario.messages[0].message_id == incoming.message_id
    return True


def holds(scenario: Scenario) -> None:
    survey, policy = survey_of(scenario), scenario.core.policy.survey
    said = [message.automatic for message in scenario.transcript if message.automatic]
    questions = said.count(Automatic.survey_question) + said.count(Automatic.survey_retry)
    assert questions == survey.asked <= policy.questions
    assert all(said.count(event) <= 2 for event in FOLLOW_UPS)
    assert said.count(Automatic.survey_thanks) <= 1
    if survey.score is None:
        assert survey.outcome is not SurveyOutcome.completed
        assert Automatic.survey_thanks not in said
        return
    assert survey.score in policy.scale.values
    assert len(scenario.events(EventKind.survey_answered)) == 1
    assert {answer.question for answer in survey.answers} <= set(policy.follow_ups)


@settings(max_examples=many(100))
@given(surveyed([SUPPORT, SUPPORT, TERSE]), COURSES, st.data())
def test_every_course_of_a_survey(
    policy: Policy, course: list[str | timedelta], data: st.DataObject
) -> None:
    scenario = answered(policy)
    scenario.texts("one more thing")
    scenario.closes(ANN)
    if scenario.status is not Status.survey:
        return
    unused: set[str] = set()
    for event in course:
        seen = data.draw(
            st.sampled_from([QuestionSeen.question, QuestionSeen.question, QuestionSeen.nothing])
        )
        is_taken = survives(scenario, event, seen=seen, lost=unused)
        holds(scenario)
        if not is_taken:
            break
    scenario.passes(days=10)
    assert (scenario.status, scenario.core.next_deadline) == (Status.closed, None)
    assert survey_of(scenario).outcome is not None
    assert not scenario.core.awaits_late_answer
    carried = [text.message_id for text in scenario.state.carried]
    written = [message.message_id for message in scenario.transcript]
    assert sorted(carried, key=written.index) == carried
    assert survey_of(scenario).unused == []
    assert unused <= set(carried) or scenario.state.is_opted_out


@given(surveyed([SUPPORT, TERSE]), COURSES, COURSES)
def test_nothing_is_said_after_stop(
    policy: Policy, before: list[str | timedelta], after: list[str | timedelta]
) -> None:
    scenario = answered(policy)
    scenario.closes(ANN)
    for event in [*before, "STOP", *after]:
        if not survives(scenario, event):
            return
        if scenario.state.is_opted_out:
            told = [m for m in scenario.messages if m.author is Author.system]
            assert all(message.is_consent_reply for message in told)
