"""Surveys on the desk: policies made of designs, as they are when they come from the database."""

from domain.conversation.state import SurveyState
from domain.policy.policy import Policy
from domain.survey.design import SurveyDesign, policy_of
from tests.domain.desk import SUPPORT, Desk


def designed(*, after_auto_close: bool = False, **design: object) -> Policy:
    """Return Support's policy with a survey as set up on its page."""
    survey = policy_of(SurveyDesign.model_validate(design), after_auto_close=after_auto_close)
    return SUPPORT.model_copy(update={"survey": survey})


def survey_of(desk: Desk) -> SurveyState:
    survey = desk.state.survey
    assert survey is not None
    return survey


def takes(desk: Desk, text: str) -> bool:
    """Say whether a text would belong to the conversation, without sending it."""
    incoming = desk.incoming(text)
    return desk.core.takes(incoming, desk.hears(incoming))


def lets_go(desk: Desk, text: str) -> None:
    """Let the consumer send a text that opens the next conversation."""
    assert not takes(desk, text)
    desk.does(lambda core: core.let_go(desk.now))
