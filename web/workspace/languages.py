"""A conversation's language as its page shows it: who set it, and what an agent may choose."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.conversations import ListedConversation
from domain.language_settings import LanguageSource
from domain.languages import name_of
from services.caller import Caller
from services.looking.languages import language_of
from web.words import Words, mark, said

SOURCES = Words(
    {
        LanguageSource.agent: "set by an agent",
        LanguageSource.api: "set by a program",
        LanguageSource.recognised: "recognised from their texts",
    }
)
ASSUMED = mark("from the settings")


@dataclass(frozen=True)
class ShownLanguage:
    """A conversation's language, and the choices as pairs of code and name."""

    code: str
    source: str
    choices: Sequence[tuple[str, str]]

    @property
    def name(self) -> str:
        return name_of(self.code)


async def load_language(
    session: AsyncSession, caller: Caller, shown: ListedConversation
) -> ShownLanguage:
    """Return the consumer's language where it is known, else the one the settings give."""
    found = await language_of(caller, session, shown)
    return ShownLanguage(
        code=found.code,
        source=SOURCES[found.source] if found.source else said(ASSUMED),
        choices=[(each, name_of(each)) for each in found.choices],
    )
