"""Language codes, what stands in for one, and names."""

import pytest

from domain.errors import Invalid
from domain.languages import (
    CODES,
    NAMES,
    SUPPORTED,
    check_language,
    name_of,
    nearest,
    stand_ins,
)


@pytest.mark.parametrize(
    "code", ["en", "nl", "pt-BR", "de-AT", "zh", "zh-Hant", "zh-Hant-TW", "es-419"]
)
def test_a_language_may_have_a_script_and_a_region(code: str) -> None:
    check_language(code)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "e",
        "EN",
        "xx",
        "deu",
        "pt_BR",
        "pt-br",
        "pt-BRA",
        "en\n",
        "zh-hant",
        "zh-TW-Hant",
        "es-41",
    ],
)
def test_what_is_no_language_code_is_refused(code: str) -> None:
    with pytest.raises(Invalid, match="is not a language code such as en, pt-BR or zh-Hant"):
        check_language(code)


def test_a_region_falls_back_to_its_language() -> None:
    assert stand_ins("pt-BR") == ("pt-BR", "pt")
    assert stand_ins("pt") == ("pt",)
    assert stand_ins("zh-Hant-TW") == ("zh-Hant-TW", "zh-Hant", "zh")


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        (("de",), "de"),
        (("de-AT", "en"), "de"),
        (("nl", "fr"), "fr"),
        (("nl", "pl"), "en"),
        ((), "en"),
    ],
)
def test_the_nearest_language_with_texts_of_ours(codes: tuple[str, ...], found: str) -> None:
    assert nearest(*codes) == found


def test_pages_name_languages_in_themselves() -> None:
    assert [name_of(code) for code in ("de", "pt-BR", "tn")] == ["Deutsch", "Português (BR)", "tn"]
    assert name_of("zh-Hant-TW") == "中文 (Hant-TW)"
    assert set(SUPPORTED) <= set(NAMES) <= CODES
