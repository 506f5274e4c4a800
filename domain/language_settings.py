"""Settings about languages: who decided a consumer's, and what comes first among texts."""

from enum import StrEnum


class LanguageSource(StrEnum):
    """Who decided which language a consumer writes."""

    agent = "agent"
    api = "api"
    recognised = "recognised"


class TextPrecedence(StrEnum):
    """What counts first when texts differ in both scope and language."""

    language = "language"
    scope = "scope"
