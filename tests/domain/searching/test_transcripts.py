"""What transcripts are found by, and how what was found is marked."""

import pytest

from domain.searching.excerpts import marked
from domain.searching.transcripts import asked_in, transcript_words


@pytest.mark.parametrize("query", ["été", "ete", "l'été", "L’ÉTÉ"])
def test_a_word_behind_an_elided_article_is_found_and_marked(query: str) -> None:
    text = "Je pars tout l'été dernier"
    asked = asked_in(query, ["fr"])
    stored = transcript_words([text], "fr").words
    assert all(one.word in stored for one, _ in asked.words)
    assert [part.text for part in marked(text, asked.finds) if part.is_found] == ["l'été"]


@pytest.mark.parametrize("phrase", ["tout l'été dernier", "été dernier", "l’été"])
def test_a_phrase_stands_as_it_was_quoted_with_or_without_its_article(phrase: str) -> None:
    stored = transcript_words(["Je pars tout l'été dernier"], "fr").words
    [words] = asked_in(f'"{phrase}"', ["fr"]).phrases
    first = stored[words[0].word]
    following = [[place + step for place in first] for step in range(len(words))]
    assert [stored[one.word] for one in words] == following
