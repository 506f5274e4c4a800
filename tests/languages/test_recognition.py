"""A language is recognised if it is clear, and never guessed."""

import asyncio
import lzma
from threading import Barrier, Thread

import pytest
from structlog.testing import capture_logs

from domain.languages import SUPPORTED, check_language
from domain.text.folding import fold
from languages import recognition
from languages.everyday import WORDS
from languages.recognition import OTHERS, Recogniser, load_model
from tests.fixtures.logs import events
from tests.languages.texts import CLEAR, MIXED, SHORT_AND_MISSED, UNCLEAR

ALL = [(language, text) for language, texts in CLEAR.items() for text in texts]


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser()


@pytest.mark.parametrize(("language", "text"), ALL)
def test_a_clear_text_is_recognised(recogniser: Recogniser, language: str, text: str) -> None:
    assert recogniser.language_of(text) == language


@pytest.mark.parametrize("text", UNCLEAR, ids=ascii)
def test_a_text_without_words_has_no_language(recogniser: Recogniser, text: str) -> None:
    assert recogniser.language_of(text) is None


@pytest.mark.parametrize(("language", "text"), SHORT_AND_MISSED)
def test_a_doubtful_text_is_not_guessed(recogniser: Recogniser, language: str, text: str) -> None:
    assert recogniser.language_of(text) in (None, language)


@pytest.mark.parametrize(("text", "language"), MIXED)
def test_the_larger_part_of_a_mixed_text_decides(
    recogniser: Recogniser, text: str, language: str
) -> None:
    assert recogniser.language_of(text) == language


def test_there_are_ten_texts_or_more_in_each_supported_language() -> None:
    assert all(len(CLEAR[language]) >= 10 for language in SUPPORTED)


@pytest.mark.parametrize("text", ["ciao", "gracias", "merci beaucoup", "4821", "great, thanks"])
def test_a_short_text_leaves_what_is_known(recogniser: Recogniser, text: str) -> None:
    assert recogniser.language_of(text, known="de") == "de"


def test_a_longer_text_without_doubt_changes_what_is_known(recogniser: Recogniser) -> None:
    french = "j'ai besoin d'aide pour ma facture"
    assert recogniser.language_of(french, known="de") == "fr"
    assert recogniser.language_of("donde está mi pedido?", known="pt") == "pt"


def test_a_known_region_stays(recogniser: Recogniser) -> None:
    text = "preciso de ajuda com a minha fatura"
    assert recogniser.language_of(text, known="pt-BR") == "pt-BR"


def test_a_text_of_any_length_is_taken(recogniser: Recogniser) -> None:
    assert recogniser.language_of("wo bleibt mein Paket? " * 250) == "de"


def test_it_answers_with_codes_that_may_be_saved() -> None:
    for code in (*SUPPORTED, *OTHERS):
        check_language(code)


def test_everyday_words_are_folded_and_of_one_language_each() -> None:
    words = [word for language in WORDS.values() for word in language]
    assert len(words) == len(set(words))
    assert [word for word in words if fold(word) != word] == []
    assert set(WORDS) == set(SUPPORTED)


def test_the_model_is_loaded_once_and_only_when_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    loads = []

    def counted() -> recognition.Model:
        loads.append(1)
        return load_model()

    monkeypatch.setattr(recognition, "load_model", counted)
    fresh = Recogniser()
    assert [fresh.language_of(text) for text in ("Danke", "5", "👍")] == ["de", None, None]
    assert loads == []
    found = _at_once(fresh, "wo bleibt mein Paket?", threads=4)
    assert (found, loads) == (["de"] * 4, [1])


def _at_once(recogniser: Recogniser, text: str, *, threads: int) -> list[str | None]:
    found: list[str | None] = []
    together = Barrier(threads)

    def ask() -> None:
        together.wait()
        found.append(recogniser.language_of(text))

    asking = [Thread(target=ask) for _ in range(threads)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    return found


async def test_a_text_that_settles_itself_does_not_wait_for_the_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recognition, "load_model", lambda: pytest.fail("nobody needs it"))
    fresh = Recogniser()
    asked = [("Danke", None), ("5", None), ("mais non", "de")]
    assert [await fresh.recognise(*text) for text in asked] == ["de", None, "de"]


async def test_it_is_asked_from_the_event_loop() -> None:
    fresh = Recogniser()
    texts = ["wo bleibt mein Paket?", "où est ma commande ?"]
    assert await asyncio.gather(*map(fresh.recognise, texts)) == ["de", "fr"]


@pytest.mark.parametrize(
    "error", [ImportError(), OSError(), ValueError(), MemoryError(), lzma.LZMAError()]
)
def test_without_its_model_it_knows_everyday_words_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails() -> recognition.Model:
        raise error

    monkeypatch.setattr(recognition, "load_model", fails)
    broken = Recogniser()
    with capture_logs() as logs:
        texts = ("gracias", "wo bleibt mein Paket?", "wo bleibt mein Paket?")
        assert [broken.language_of(text) for text in texts] == ["es", None, None]
    assert events("languages", logs) == ["languages_not_recognised"]
