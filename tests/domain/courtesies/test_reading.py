"""Reading texts that ask for nothing: thanks, reactions, and what phones answer by themselves.

The texts stand in `texts/`: one a line, a tab, and what a person would say it is; `none` for a text
that somebody should read. A name behind thanks counts only where the conversation knows it.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.courtesies.kinds import Courtesy, CourtesyKind
from domain.courtesies.reading import courtesy_in
from tests.domain.survey.test_reading import judged as judged_answers

FILES = ("en", "de", "fr", "es", "pt", "it", "reactions")
NONE = "none"
REQUESTS = ("en", "de", "fr", "es", "pt", "it")


def judged(file: str) -> list[tuple[str, str]]:
    """Return texts with what a person says of them."""
    path = Path(__file__).parent / "texts" / f"{file}.txt"
    lines = path.read_text("utf8").splitlines()
    return [(text, said) for text, said in (line.split("\t") for line in lines)]


def read(text: str) -> str:
    found = courtesy_in(text)
    return NONE if found is None or found.name else found.kind.value


@pytest.mark.parametrize("file", FILES)
def test_of_what_somebody_should_read_nothing_is_swallowed(file: str) -> None:
    others = [text for text, said in judged(file) if said == NONE]
    assert {text: read(text) for text in others if read(text) != NONE} == {}


@pytest.mark.parametrize("file", FILES)
def test_what_asks_for_nothing_is_read_as_what_it_is(file: str) -> None:
    meant = {text: said for text, said in judged(file) if said != NONE}
    assert {text: read(text) for text in meant} == meant


@pytest.mark.parametrize("file", REQUESTS)
def test_no_request_in_answers_to_a_survey_is_swallowed(file: str) -> None:
    requests = [text for text, said in judged_answers(file).items() if said == "request"]
    assert [text for text in requests if courtesy_in(text)] == []


@pytest.mark.parametrize("text", ["Thanks Ann!", "thank you ann", "Danke Ann", "merci Ann 🙏"])
def test_a_name_behind_thanks_is_told_to_the_conversation(text: str) -> None:
    assert courtesy_in(text) == Courtesy(CourtesyKind.thanks, name="ann")


@pytest.mark.parametrize("file", FILES)
def test_a_request_behind_a_courtesy_is_never_swallowed(file: str) -> None:
    polite = [text for text, said in judged(file) if said in ("thanks", "reaction")]
    for more in (" but where is my order", ". Please call me back", "?", "\nmy parcel is lost"):
        assert [text for text in polite if courtesy_in(text + more)] == [], more


@given(st.text(max_size=400))
def test_every_text_can_be_read(text: str) -> None:
    assert courtesy_in(text) is None or text.strip()
