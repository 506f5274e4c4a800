"""Who says which language a consumer reads, and whose texts come first."""

from enum import StrEnum


class LanguageSource(StrEnum):
    """Who says which language a consumer writes."""

    agent = "agent"
    api = "api"
    recognised = "recognised"


class TextsFirst(StrEnum):
    """What goes first where a text is set in one language here, in another there."""

    language = "language"
    scope = "scope"
