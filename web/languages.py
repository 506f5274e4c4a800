"""Which language a conversation is in, who says so, and what an agent may choose instead."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.conversations import ListedConversation
from domain.language_settings import LanguageSource
from domain.languages import name_of
from services.caller import Caller
from services.looking.languages import language_of

SOURCES = {
    LanguageSource.agent: "set by an agent",
    LanguageSource.api: "set by a program",
    LanguageSource.recognised: "recognised from their texts",
}
ASSUMED = "as the settings say"


@dataclass(frozen=True)
class Spoken:
    """A conversation's language, and those to choose from as codes and names."""

    code: str
    source: str
    choices: Sequence[tuple[str, str]]

    @property
    def name(self) -> str:
        return name_of(self.code)


async def spoken(session: AsyncSession, caller: Caller, shown: ListedConversation) -> Spoken:
    """Return the language: the consumer's where it is known, else the one that is assumed."""
    found = await language_of(caller, session, shown)
    return Spoken(
        code=found.code,
        source=SOURCES[found.source] if found.source else ASSUMED,
        choices=[(each, name_of(each)) for each in found.choices],
    )
