"""The language of an open conversation: its settings are read again in it."""

import pytest

from domain.conversation.kinds import EventKind
from domain.conversation.settings_refresh import LanguageChange
from domain.errors import ConversationInSurvey, ConversationNotAssigned
from domain.language_settings import LanguageSource
from tests.domain.scenario import ANN, BEN, MIA, SUPPORT, answered, in_survey, waiting, with_texts

FRENCH = with_texts(SUPPORT, agent_joined="Vous parlez avec {agent}.").model_copy(
    update={"language": "fr"}
)
RECOGNISED = LanguageChange("fr", LanguageSource.recognised, FRENCH)


def test_an_agent_sets_the_language_and_texts_are_said_in_it() -> None:
    held = answered()
    held.speaks(ANN, "fr", FRENCH)
    assert [e.data for e in held.events(EventKind.language_set)] == [
        {"language": "fr", "source": "agent"}
    ]
    held.returns(ANN)
    held.routes_to(BEN)
    assert held.messages[0].text == "Vous parlez avec Ben."
    assert held.state.language == "fr"


def test_it_changes_nobodys_turn_and_no_deadline() -> None:
    held = answered()
    before = held.core.deadlines
    held.passes(minutes=10)
    held.speaks(MIA, "fr", FRENCH)
    assert (held.core.deadlines, held.messages) == (before, [])


def test_only_the_holder_and_managers_set_it_and_only_while_it_is_open() -> None:
    with pytest.raises(ConversationNotAssigned):
        answered().speaks(BEN, "fr", FRENCH)
    with pytest.raises(ConversationInSurvey):
        in_survey().speaks(ANN, "fr", FRENCH)


def test_a_language_that_was_recognised_is_taken_once_and_only_while_it_is_open() -> None:
    held = waiting()
    for _ in range(2):
        held.does(lambda core: core.settings.language_recognised(RECOGNISED, held.now))
    assert [(e.agent_id, e.data) for e in held.events(EventKind.language_set)] == [
        (None, {"language": "fr", "source": "recognised"})
    ]
    rated = in_survey()
    rated.does(lambda core: core.settings.language_recognised(RECOGNISED, rated.now))
    assert (rated.step, rated.core.policy.language) == ([], "en")
