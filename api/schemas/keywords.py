"""Keywords: the words that opt out, opt in and ask for help, as they count for an account."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints

from api.schemas.shared import Answer, Request, example
from domain.consent import keyword_words as words
from domain.consent.keyword import Keyword
from domain.consent.keywords import OPTIONAL, OwnWords
from services.configuring import keywords

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Words = Annotated[list[Word], Field(max_length=50)]


class BuiltInKeyword(Answer):
    """A built-in keyword. `language`: null for the carriers' own words."""

    word: str
    means: Keyword
    language: str | None
    may_be_switched_off: bool
    is_on: bool


class KeywordsOut(Answer):
    """An account's own words, the built-in ones it switched off, and all that are built in."""

    stop: list[str]
    start: list[str]
    help: list[str]
    off: list[str]
    built_in: list[BuiltInKeyword]

    @classmethod
    def of(cls, own: OwnWords) -> Self:
        lists = {"stop": own.stop, "start": own.start, "help": own.help, "off": own.off}
        return cls.model_validate(
            {
                **{name: sorted(said) for name, said in lists.items()},
                "built_in": [
                    BuiltInKeyword(
                        word=word,
                        means=means,
                        language=language,
                        may_be_switched_off=word in OPTIONAL,
                        is_on=word not in own.off,
                    )
                    for means, language, said in _built_in()
                    for word in sorted(said)
                ],
            }
        )


class NewKeywords(Request):
    """Replaces the account's own words and what it switched off."""

    model_config = example(stop=["enough"], start=["iniciar"], help=[], off=["cancelar"])

    stop: Words = Field(default=[], description="A text that is one of these opts out.")
    start: Words = Field(default=[], description="A text that is one of these opts in again.")
    help: Words = Field(default=[], description="A text that is one of these gets the help text.")
    off: Words = Field(
        default=[], description="Built-in words that do not count. The carriers' own always count."
    )

    @property
    def words(self) -> keywords.NewKeywords:
        return keywords.NewKeywords(**self.model_dump())


def _built_in() -> list[tuple[Keyword, str | None, frozenset[str]]]:
    return [
        (Keyword.stop, None, words.CARRIERS_STOP),
        (Keyword.start, None, words.CARRIERS_START),
        (Keyword.help, None, words.CARRIERS_HELP),
        *((Keyword.stop, language, said) for language, said in words.STOP.items()),
        *((Keyword.help, language, said) for language, said in words.HELP.items()),
    ]
