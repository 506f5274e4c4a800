"""STOP, START and HELP: matched on the whole text, however it is written."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.consent import keyword_words as words
from domain.consent.keyword import Keyword
from domain.consent.keywords import (
    BUILT_IN_HELP,
    BUILT_IN_START,
    BUILT_IN_STOP,
    CARRIERS,
    LONGEST,
    OPTIONAL,
    OwnWords,
    keyword_in,
    language_of,
    said_in,
)
from domain.consent.wishes import wants_no_more
from domain.text.folding import fold

WORDS = sorted(BUILT_IN_STOP | BUILT_IN_START | BUILT_IN_HELP)
TEXTS = Path(__file__).parent / "consent_texts"


def texts_of(path: Path) -> list[tuple[str, str]]:
    """Return each text with what a person takes it for."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.split(": ", 1) for line in lines if line and not line.startswith("#"))
    return [(meant, text.replace("\\n", "\n")) for meant, text in pairs]


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.txt")), ids=lambda path: path.stem)
def test_texts_are_taken_as_a_person_takes_them(path: Path) -> None:
    taken = []
    for meant, text in texts_of(path):
        keyword = keyword_in(text, is_opted_out=False)
        read = str(keyword) if keyword else "wish" if wants_no_more(text) else "none"
        taken.append((text, read, meant))
    assert [one for one in taken if one[1] != one[2]] == []


@pytest.mark.parametrize(
    "text",
    [
        *("STOP", "stop", "Stop", " stop ", "stop.", "STOP!!!", "“Stop”", "*stop*", "\nstop\n"),
        *(
            "ＳＴＯＰ",
            "𝐒𝐓𝐎𝐏",
            "stóp",
            "STOP 🛑",
            "st\u200bop",
            "STOP\ufe0f",
            "S\u00a0T\u00a0O\u00a0P",
        ),
        *("OPT OUT", "opt-out", "Opt   Out", "opt\u00a0out"),
    ],
)
@pytest.mark.parametrize("is_opted_out", [True, False])
def test_stop(text: str, is_opted_out: bool) -> None:
    assert keyword_in(text, is_opted_out=is_opted_out) is Keyword.stop


@pytest.mark.parametrize("text", ["START", "start!", "UnStop", "ＳＴＡＲＴ", "start start"])
@pytest.mark.parametrize("is_opted_out", [True, False])
def test_start(text: str, is_opted_out: bool) -> None:
    assert keyword_in(text, is_opted_out=is_opted_out) is Keyword.start


@pytest.mark.parametrize("text", ["YES", "yes.", "Yes!", "Start please", "START, thank you"])
def test_yes_and_a_polite_start_opt_in_only_while_opted_out(text: str) -> None:
    assert keyword_in(text, is_opted_out=True) is Keyword.start
    assert keyword_in(text, is_opted_out=False) is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "write to me again",
            "yes please",
            "start now",
            "start over",
            "ALTA",
            "sí",
            "unstoppable",
        ),
        *("I want to start", "don't start", "restart", "ok start", "hello", "START?? no"),
    ],
)
def test_nothing_else_opts_in(text: str) -> None:
    assert keyword_in(text, is_opted_out=True) is None


@pytest.mark.parametrize(
    "text",
    ["", " ", "!", "🛑", "s top", "opt", "out", "Сtop", "s t", "\ud800", "please", "reply"],
)
@pytest.mark.parametrize("is_opted_out", [True, False])
def test_no_keyword(text: str, is_opted_out: bool) -> None:
    assert keyword_in(text, is_opted_out=is_opted_out) is None


def test_an_accounts_own_words_count_and_those_it_switched_off_do_not() -> None:
    own = OwnWords(
        stop=frozenset({"enough"}),
        start=frozenset({"iniciar"}),
        help=frozenset({"support"}),
        off=frozenset({"cancelar", "arreter", "ayuda"}),
    )
    said = {
        text: keyword_in(text, is_opted_out=False, own=own)
        for text in ("Enough!", "INICIAR", "support", "Cancelar", "ARRÊTER", "ayuda", "STOP")
    }
    assert said == {
        "Enough!": Keyword.stop,
        "INICIAR": Keyword.start,
        "support": Keyword.help,
        "Cancelar": None,
        "ARRÊTER": None,
        "ayuda": None,
        "STOP": Keyword.stop,
    }
    assert not wants_no_more("cancelar por favor", own)


def test_a_text_of_many_words_is_read_in_few_steps_and_a_longer_one_not_at_all() -> None:
    assert keyword_in("stop " * (LONGEST // 5), is_opted_out=False) is Keyword.stop
    assert keyword_in("stop " * LONGEST, is_opted_out=False) is None
    assert said_in("x" * (LONGEST + 1)) == ()


def test_no_word_means_two_things() -> None:
    lists = [BUILT_IN_STOP, BUILT_IN_START, words.START_WHILE_OPTED_OUT, BUILT_IN_HELP]
    assert sum(map(len, lists)) == len(frozenset().union(*lists))
    assert not OPTIONAL & CARRIERS
    assert words.OF_OTHER_THINGS <= BUILT_IN_STOP


def test_the_lists_hold_words_as_folding_leaves_them() -> None:
    around = words.POLITE | words.URGENT | words.AS_TOLD | words.SIGNATURES
    known = [*WORDS, *around, *words.SAME_AS, *words.SAME_AS.values()]
    assert [fold(word) for word in known] == known


@pytest.mark.parametrize(
    ("text", "language"),
    [("ALTO", "es"), ("arrêt", "fr"), ("Hilfe!", "de"), ("STOP", None), ("hola", None)],
)
def test_some_words_tell_their_language(text: str, language: str | None) -> None:
    assert language_of(text) == language


@given(st.sampled_from(WORDS), st.data())
def test_case_and_punctuation_never_hide_a_keyword(word: str, data: st.DataObject) -> None:
    cased = "".join(data.draw(st.sampled_from([c.upper(), c.lower()])) for c in word)
    around = data.draw(st.text(alphabet=" .,!?*_\"'()~\n\t", max_size=4))
    expected = keyword_in(word, is_opted_out=False)
    assert expected is not None
    assert keyword_in(around + cased + around, is_opted_out=False) is expected


@given(st.sampled_from(WORDS), st.from_regex(r"[a-z]{2,8}q", fullmatch=True))
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
