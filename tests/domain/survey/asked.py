"""Surveys in a scenario: policies made of designs, as they are when they come from the database."""

from domain.conversation.state import SurveyState
from domain.policy.policy import Policy
from domain.survey.design import SurveyDesign, policy_of
from tests.domain.scenario import SUPPORT, Scenario


def designed(*, after_auto_close: bool = False, **design: object) -> Policy:
    """Return Support's policy with a survey as set up on its page."""
    survey = policy_of(SurveyDesign.model_validate(design), after_auto_close=after_auto_close)
    return SUPPORT.model_copy(update={"survey": survey})


def survey_of(scenario: Scenario) -> SurveyState:
    survey = scenario.state.survey
    assert survey is not None
    return survey


def takes(scenario: Scenario, text: str) -> bool:
    """Say whether a text would belong to the conversation, without sending it."""
    incoming = scenario.incoming(text)
    return scenario.core.takes(incoming, scenario.hears(incoming))


def lets_go(scenario: Scenario, text: str) -> None:
    """Have the consumer send a text that opens the next conversation."""
    assert not takes(scenario, text)
    scenario.does(lambda core: core.survey_interrupted(scenario.now))
