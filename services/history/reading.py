"""Reading one conversation that a search has found: where its words stand."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import consumer_fields
from database.queries.records import transcripts
from database.queries.records.transcripts import SaidText
from database.queries.reports import names
from domain.consumers.fields import Field
from domain.people.roles import Role
from domain.reporting.kinds import SplitBy
from domain.searching.transcripts import Asked, asked_in
from domain.searching.words import words_of
from services.caller import Caller
from services.history.looking import languages_of
from services.looking.conversations import find_conversation


async def asked_for(caller: Caller, session: AsyncSession, words: str) -> Asked | None:
    """Return what a search asks of a transcript; None: no word at all."""
    if not words.strip():
        return None
    asked = asked_in(words, await languages_of(session, caller.account_id))
    return None if asked.is_empty else asked


async def first_found(
    caller: Caller, session: AsyncSession, conversation_id: UUID, asked: Asked
) -> SaidText | None:
    """Return the first of the texts with most of the words that were asked for.

    None: its texts have none of them. Raises `NotFound`.
    """
    await find_conversation(caller, session, conversation_id)
    best, most = None, 0
    for text in reversed(await transcripts.texts_of(session, [conversation_id])):
        found = sum(asked.finds(word) for word in words_of(text.text))
        if found > most:
            best, most = text, found
    return best


async def fields_of(caller: Caller, session: AsyncSession) -> Sequence[Field]:
    """Return the fields of consumers that the caller may see, and so look for."""
    caller.require(Role.agent)
    return await consumer_fields.in_use(session, caller.account_id, caller.roles)


async def teams_of(caller: Caller, session: AsyncSession) -> Mapping[str, str]:
    """Return the names of the teams that the caller may look for, by id, retired ones too."""
    caller.require(Role.agent)
    if not caller.has(Role.manager):
        return {}
    return await names.of(session, caller.account_id, SplitBy.team)
