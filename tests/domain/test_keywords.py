"""STOP, START and HELP: matched on the whole text, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.folding import fold
from domain.keywords import HELP, START, START_WHILE_OPTED_OUT, STOP, keyword_in
from domain.words import Keyword

WORDS = sorted(STOP | START | HELP)


@pytest.mark.parametrize(
    "text",
    [
        *("STOP", "stop", "Stop", " stop ", "stop.", "STOP!!!", "“Stop”", "*stop*", "\nstop\n"),
        *("ＳＴＯＰ", "𝐒𝐓𝐎𝐏", "stóp", "STOP 🛑", "st\u200bop", "STOP\ufe0f"),
        *("STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"),
        *("OPT OUT", "opt-out", "Opt   Out", "opt\u00a0out"),
        *("ALTO", "¡ALTO!", "BAJA", "arrêt", "ARRET", "Désabonner", "sair", "STOPP", "ferma"),
    ],
)
@pytest.mark.parametrize("is_opted_out", [True, False])
def test_stop(text: str, is_opted_out: bool) -> None:
    assert keyword_in(text, is_opted_out=is_opted_out) is Keyword.stop


@pytest.mark.parametrize("text", ["START", "start!", "UnStop", "ＳＴＡＲＴ"])
@pytest.mark.parametrize("is_opted_out", [True, False])
def test_start(text: str, is_opted_out: bool) -> None:
    assert keyword_in(text, is_opted_out=is_opted_out) is Keyword.start


@pytest.mark.parametrize("text", ["YES", "yes.", "Yes!"])
def test_yes_is_start_only_while_opted_out(text: str) -> None:
    assert keyword_in(text, is_opted_out=True) is Keyword.start
    assert keyword_in(text, is_opted_out=False) is None


@pytest.mark.parametrize("text", ["HELP", "help?", "Info", "¡INFO!"])
def test_help(text: str) -> None:
    assert keyword_in(text, is_opted_out=False) is Keyword.help


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "!", "🛑", "stop it", "please stop", "stop stop", "nonstop", "stops", "s top"),
        *("cancel my appointment", "the end", "weekend", "help me", "information", "yes please"),
        *("start over", "opt", "out", "Сtop", "non, arrête"),
    ],
)
@pytest.mark.parametrize("is_opted_out", [True, False])
def test_no_keyword(text: str, is_opted_out: bool) -> None:
    assert keyword_in(text, is_opted_out=is_opted_out) is None


def test_no_word_means_two_things() -> None:
    lists = [STOP, START, START_WHILE_OPTED_OUT, HELP]
    assert sum(map(len, lists)) == len(frozenset().union(*lists))


def test_the_lists_hold_words_as_folding_leaves_them() -> None:
    assert [fold(word) for word in WORDS] == WORDS


@given(st.sampled_from(WORDS), st.data())
def test_case_and_punctuation_never_hide_a_keyword(word: str, data: st.DataObject) -> None:
    cased = "".join(data.draw(st.sampled_from([c.upper(), c.lower()])) for c in word)
    around = data.draw(st.text(alphabet=" .,!?*_\"'()~\n\t", max_size=4))
    expected = keyword_in(word, is_opted_out=False)
    assert expected is not None
    assert keyword_in(around + cased + around, is_opted_out=False) is expected


@given(st.sampled_from(WORDS), st.from_regex(r"[a-z]{2,8}", fullmatch=True))
def test_a_keyword_among_other_words_is_none(word: str, other: str) -> None:
    assert keyword_in(f"{word} {other} {word}", is_opted_out=False) is None


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("  Hello,   WORLD!  ", "hello world"),
        ("Çà et là", "ca et la"),
        ("Straße", "strasse"),
        ("don't", "dont"),
        ("don’t", "dont"),
        ("e-mail", "email"),
        ("½ price", "1 2 price"),
        ("ﬁne", "fine"),
        ("4️⃣", "4"),
        ("नहीं जी", "नह ज"),  # vowel signs are marks, which must not tear a word apart
        ("नमस्ते", "नमसत"),
        ("🛑", ""),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_what_is_folded_is_words_and_single_spaces(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert all(character.isalnum() or character == " " for character in folded)
