"""A menu as data: what a caller hears, what keys do, and what becomes of those who wait."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from domain.calls.kinds import SENT, Wording
from domain.calls.texts.defaults import DEFAULTS
from domain.errors import DomainError
from domain.languages import nearest
from domain.origins.look_back import LONGEST_SECONDS, SHORTEST_SECONDS, USUAL_SECONDS
from domain.text.limits import check_outgoing

SPOKEN: Mapping[str, str] = {
    **{"en": "en-US", "en-US": "en-US", "en-GB": "en-GB", "en-AU": "en-AU", "en-IN": "en-IN"},
    **{"de": "de-DE", "de-DE": "de-DE"},
    **{"fr": "fr-FR", "fr-FR": "fr-FR", "fr-CA": "fr-CA"},
    **{"es": "es-ES", "es-ES": "es-ES", "es-MX": "es-MX", "es-US": "es-US"},
    **{"pt": "pt-BR", "pt-BR": "pt-BR", "pt-PT": "pt-PT"},
    **{"it": "it-IT", "it-IT": "it-IT"},
}
"""Languages that a menu may be spoken in, each with the accent it is spoken with."""
MOST_LANGUAGES = 6
"""Of one menu. Ours: the list of languages is read out to every caller."""
LONGEST_SPOKEN = 1000
"""Characters of a spoken text, about a minute. Ours."""
PLACEHOLDERS = ("brand", "number", "key")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
SIP = re.compile(r"sips?:[A-Za-z0-9._~+-]{1,64}@[A-Za-z0-9.-]{1,200}(:[0-9]{1,5})?")
PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
HTTPS = re.compile(r"https://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?(/[!-~]*)?")


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Dial(Part):
    """Who keeps waiting is connected to a number or a SIP address of the brand's phone system."""

    kind: Literal["dial"] = "dial"
    to: str = Field(description="A number in international form, or an address such as sip:a@b.")
    ring_seconds: int = Field(default=20, ge=5, le=120, description="Seconds until nobody answers.")

    @field_validator("to")
    @classmethod
    def _is_address(cls, to: str) -> str:
        if not (PHONE.fullmatch(to) or SIP.fullmatch(to)):
            raise ValueError("must be a number such as +12025550100, or sip:name@host")
        return to


class PassOn(Part):
    """Who keeps waiting is passed on to the instructions (TwiML) of the brand's phone system."""

    kind: Literal["pass_on"] = "pass_on"
    url: str = Field(max_length=1000)

    @field_validator("url")
    @classmethod
    def _is_https(cls, url: str) -> str:
        if not HTTPS.fullmatch(url):
            raise ValueError("must be an address that begins with https://")
        return url


class Queue(Part):
    """Who keeps waiting joins a queue of the provider, and hears the offer again and again."""

    kind: Literal["queue"] = "queue"
    name: str = Field(default="support", pattern=r"^[A-Za-z0-9_-]{1,64}$")
    offer_after_seconds: int = Field(
        default=60, ge=10, le=600, description="Seconds between two offers to text instead."
    )


KeepWaiting = Annotated[Dial | PassOn | Queue, Field(discriminator="kind")]
Texts = dict[str, dict[Wording, str]]


class Design(Part):
    """All that is versioned of a menu. `skill`: None for the line's entry skill."""

    line: str = Field(description="The line that texts the caller.")
    skill: str | None = Field(default=None, description="Where replies go; null: as the line says.")
    languages: tuple[str, ...] = Field(
        default=("en",),
        min_length=1,
        max_length=MOST_LANGUAGES,
        description="The first is spoken first.",
    )
    texts: Texts = Field(
        default_factory=dict, description="Own words by language; ours stand for all others."
    )
    keep_waiting: KeepWaiting = Field(default_factory=Queue)
    look_back_seconds: int = Field(
        default=USUAL_SECONDS,
        ge=SHORTEST_SECONDS,
        le=LONGEST_SECONDS,
        description="How long a reply belongs to the call: 1 hour to 30 days.",
    )
    texts_missed: bool = Field(
        default=False, description="Whether missed and abandoned calls are answered by a text."
    )

    @field_validator("languages")
    @classmethod
    def _are_spoken(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        for language in languages:
            if language not in SPOKEN:
                raise ValueError(f"{language} cannot be spoken. Known are {', '.join(SPOKEN)}")
        if len(set(languages)) < len(languages):
            raise ValueError("a language may be named only once")
        return languages

    @model_validator(mode="after")
    def _has_fit_texts(self) -> Self:
        for language, texts in self.texts.items():
            if language not in self.languages:
                raise ValueError(f"there are texts in {language}, which the menu does not speak")
            for wording, text in texts.items():
                check_text(wording, text)
        return self

    def words(self, wording: Wording, language: str) -> str:
        """Return the words of a text in one of the menu's languages, still with placeholders."""
        own = self.texts.get(language, {}).get(wording, "")
        return own.strip() or DEFAULTS[nearest(language)][wording]


def check_text(wording: Wording, text: str) -> None:
    """Raise `ValueError` for a text that cannot be spoken or sent. A blank one means ours."""
    unknown = sorted(set(PLACEHOLDER.findall(text)) - set(PLACEHOLDERS))
    if unknown:
        raise ValueError(f"unknown placeholder {{{unknown[0]}}} in {wording}")
    if not all(character.isprintable() or character == "\n" for character in text):
        raise ValueError(f"{wording} has characters that cannot be spoken")
    if wording not in SENT and len(text) > LONGEST_SPOKEN:
        raise ValueError(f"{wording} has more than {LONGEST_SPOKEN} characters")
    if wording in SENT and text.strip():
        try:
            check_outgoing(text)
        except DomainError as error:
            raise ValueError(error.detail) from error


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its placeholders filled; one without a value is empty."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], ""), text)
