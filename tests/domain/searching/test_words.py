"""What texts are found by, whatever script they are in and however a search spells them."""

import pytest

from domain.searching.words import MOST_SOUGHT, Sought, folded, sought_in, words_of


def found(text: str, query: str) -> bool:
    """Say whether a search finds a text, as the index decides it."""
    stored = words_of(text)
    wanted = sought_in(query)
    return bool(wanted) and all(
        any(word.startswith(one.word) if one.begins else word == one.word for word in stored)
        for one in wanted
    )


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Müller zahlt die STRASSE nicht", "muller straße"),
        ("Where is my refund?", "REFU my"),
        ("I don't know", "dont"),
        ("İstanbul, Łódź, Ærø", "istanbul lodz aero"),
        ("注文した東京都庁の本", "東京都庁"),
        ("注文した東京都庁の本", "本"),
        ("がっこう", "がっこう"),
        ("안녕하세요", "녕하"),
        ("สวัสดีครับ", "ดีครับ"),
        ("نص عَرَبِيّ", "عربي"),
        ("ｏｒｄｅｒ ４７１１", "order 4711"),
        ("write to mia.o'neil@acme.example", "mia.oneil@acme"),
        ("Où est l'adresse d’un magasin ?", "adresse un"),
        ("Où est l'adresse ?", "l’adresse"),
        ("Lo stato 'dell'ordine' qual è", "ordine"),
        ("zero\u200bwidth\u202e here", "zerowidth"),
        ("Option 1️⃣ please", "1"),
        ("option 1 please", "1️⃣"),
        ("葛\U000e0100飾区", "葛飾区"),
    ],
)
def test_a_text_is_found_in_every_spelling(text: str, query: str) -> None:
    assert found(text, query)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Where is my refund?", "refunds"),
        ("aardvark", "a"),
        ("東京都庁", "京都府"),
        ("Mrs O'Brien can't come", "brien"),
        ("aujourd'hui", "hui"),
        ("がっこう", "かっこう"),
        ("anything", ""),
        ("100 % sure", "%"),
        ("anything", "\x00\x07\u202e 😀 *:&|!'"),
        ("I ❤️ it", "❤️"),
        ("© ™️", "✔️"),
    ],
)
def test_nothing_else_is_found(text: str, query: str) -> None:
    assert not found(text, query)


def test_a_search_of_a_thousand_words_asks_for_the_first_few_once_each() -> None:
    assert len(sought_in(" ".join(f"word{number}" for number in range(1000)))) == MOST_SOUGHT
    assert sought_in("refund " * 1000) == [Sought("refund", begins=True)]
    assert len(words_of("x" * 100_000)[0]) < 100


def test_words_hold_nothing_that_could_end_their_quotes() -> None:
    for word in words_of("it's \\ \"quoted\" 'a':*b & c | (d) <-> !e \n f"):
        assert word.isalnum()
    assert folded("Ǆ ﬁ ①") == "dz fi 1"
