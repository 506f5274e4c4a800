"""One search over what a caller may see: conversations, people, lines and skills."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, consumer_fields, conversations, searching
from database.queries.conversations import ListedConversation
from database.queries.records import listing, transcripts
from database.queries.records.filters import RecordFilters
from database.queries.records.places import Order, Wanted
from database.queries.records.transcripts import SaidText
from database.queries.searching import within
from database.queries.visibility import Viewer
from database.tables import Agent, Line, Skill
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.searching.excerpts import Part, answers, excerpt, written_words
from domain.searching.numbers import SoughtNumber, number_in
from domain.searching.transcripts import Asked
from domain.searching.words import Sought, folded, sought_in, words_of
from services import auditing
from services.caller import Caller
from services.clock import utc_now

MOST_NAMED = 10
"""People, lines and skills, each. Ours: the rest is found by another letter."""
STATEMENT_MS = 800
"""How long PostgreSQL takes for each statement of a search. Ours: people type on meanwhile."""

Named = TypeVar("Named", Agent, Line, Skill)


class FoundBy(StrEnum):
    """What of a conversation a search found."""

    id = "id"
    number = "number"
    name = "name"
    """Of its consumer, or what else is known of them."""
    words = "words"
    """Of its transcript."""


@dataclass(frozen=True)
class FoundConversation:
    """A conversation, what of it was found, and the text with the words, if it was these."""

    shown: ListedConversation
    by: FoundBy
    text: SaidText | None = None
    excerpt: Sequence[Part] = ()


@dataclass(frozen=True)
class Found:
    """What a search found, the likeliest first. `is_complete`: there was time for all of it."""

    conversations: Sequence[FoundConversation] = ()
    people: Sequence[Agent] = ()
    lines: Sequence[Line] = ()
    skills: Sequence[Skill] = ()
    is_complete: bool = True


@dataclass(frozen=True)
class _Asked:
    """What is looked for. `fields`: of the account's consumers, which the caller may see."""

    words: Sequence[Sought]
    number: SoughtNumber | None
    fields: Sequence[str]


@dataclass
class _Gathering:
    """Conversations found so far, each by what found it first."""

    limit: int
    by: dict[UUID, FoundBy] = field(default_factory=dict)
    texts: dict[UUID, SaidText] = field(default_factory=dict)
    is_complete: bool = True

    @property
    def has_room(self) -> bool:
        return len(self.by) < self.limit

    def add(self, ids: Iterable[UUID], by: FoundBy) -> None:
        for one in ids:
            self.by.setdefault(one, by)


async def search(caller: Caller, session: AsyncSession, query: str, *, limit: int) -> Found:
    """Find what a person types: numbers and their parts, names, words. Nothing is an error.

    A conversation is found by its consumer's number first, then by what is known of them, then by
    the words of its transcript; open ones before closed ones.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_read)
    sought, number = sought_in(query), number_in(query)
    gathered = _Gathering(limit)
    if (one := _id_in(query)) is not None:
        gathered.add([one], FoundBy.id)
    fields = await consumer_fields.in_use(session, caller.account_id, caller.roles)
    asked = _Asked(sought, number, [one.id for one in fields])
    async with within(session, STATEMENT_MS) as watch:
        await _gather(caller.viewer, session, asked, gathered)
    found = await _conversations(caller, session, gathered, sought, number)
    told = {one.shown.conversation.id: one.shown.conversation.agent_id for one in found if one.text}
    await auditing.note_looked_in(caller, session, told, auditing.EXCERPTS)
    return Found(
        conversations=found,
        people=await _people(caller, session, sought),
        lines=await _lines(caller, session, sought, number),
        skills=await _skills(caller, session, sought),
        is_complete=gathered.is_complete and not watch.ran_out,
    )


def _id_in(query: str) -> UUID | None:
    try:
        return UUID(query.strip())
    except ValueError:
        return None


async def _gather(
    viewer: Viewer, session: AsyncSession, asked: _Asked, gathered: _Gathering
) -> None:
    limit = gathered.limit
    if asked.number is not None:
        found = await searching.by_number(session, viewer, asked.number, limit=limit)
        gathered.add(found, FoundBy.number)
    if asked.words and gathered.has_room:
        found = await searching.by_consumer(
            session,
            viewer,
            asked.words,
            fields=asked.fields,
            with_numbers=asked.number is None,
            limit=limit,
        )
        gathered.add(found, FoundBy.name)
    if asked.words and gathered.has_room:
        await _by_words(viewer, session, asked.words, gathered)


async def _by_words(
    viewer: Viewer, session: AsyncSession, sought: Sequence[Sought], gathered: _Gathering
) -> None:
    """Find conversations by their transcripts, and in each the text with most of the words."""
    asked = Asked([(one, ()) for one in sought])
    wanted = Wanted(viewer, RecordFilters(asked=asked), Order(), utc_now())
    seconds = STATEMENT_MS / 1000
    page = await listing.listed(session, wanted, after=None, limit=gathered.limit, seconds=seconds)
    ids = [one.id for one in page.places]
    gathered.is_complete = page.is_complete
    gathered.add(ids, FoundBy.words)
    most: dict[UUID, int] = {}
    for text in await transcripts.texts_of(session, ids):  # the newest first
        count = sum(map(asked.finds, written_words(text.text)))
        if count > most.get(text.conversation_id, 0):
            most[text.conversation_id] = count
            gathered.texts[text.conversation_id] = text


async def _conversations(
    caller: Caller,
    session: AsyncSession,
    gathered: _Gathering,
    sought: Sequence[Sought],
    number: SoughtNumber | None,
) -> Sequence[FoundConversation]:
    shown = await conversations.with_ids(session, caller.viewer, list(gathered.by))
    found = [
        _found(shown[one], by, gathered.texts.get(one), sought)
        for one, by in gathered.by.items()
        if one in shown
    ]
    places = list(FoundBy)

    def rank(one: FoundConversation) -> tuple[int, int, bool]:
        phone = one.shown.consumer.phone
        near = number.rank(phone) if number and one.by is FoundBy.number else None
        return places.index(one.by), near or 0, one.shown.conversation.closed_at is not None

    return sorted(found, key=rank)[: gathered.limit]


def _found(
    shown: ListedConversation, by: FoundBy, text: SaidText | None, sought: Sequence[Sought]
) -> FoundConversation:
    if by is not FoundBy.words or text is None:
        return FoundConversation(shown, by)
    return FoundConversation(shown, by, text, excerpt(text.text, sought))


async def _people(
    caller: Caller, session: AsyncSession, sought: Sequence[Sought]
) -> Sequence[Agent]:
    if not caller.has_scope(TokenScope.agents_read):
        return []
    people = await account_rows.listed(session, Agent, caller.account_id)
    shows_address = caller.has(Role.manager)
    return _likeliest(
        (_place(f"{one.name} {one.email if shows_address else ''}", sought), one) for one in people
    )


async def _lines(
    caller: Caller, session: AsyncSession, sought: Sequence[Sought], number: SoughtNumber | None
) -> Sequence[Line]:
    if not caller.has_scope(TokenScope.settings_read):
        return []
    lines = await account_rows.listed(session, Line, caller.account_id)
    if number is not None:
        return _likeliest((number.rank(line.address), line) for line in lines)
    return _likeliest((_place(line.name, sought), line) for line in lines)


async def _skills(
    caller: Caller, session: AsyncSession, sought: Sequence[Sought]
) -> Sequence[Skill]:
    if not caller.has_scope(TokenScope.settings_read):
        return []
    skills = await account_rows.listed(session, Skill, caller.account_id)
    return _likeliest((_place(skill.name, sought), skill) for skill in skills)


def _place(name: str, sought: Sequence[Sought]) -> int | None:
    """Return how well a name answers, 0 the best: it begins so; None: it does not answer."""
    words = words_of(name)
    if not sought or not all(answers(words, one, any_length=True) for one in sought):
        return None
    return 0 if words[0].startswith(sought[0].word) else 1


def _likeliest(placed: Iterable[tuple[int | None, Named]]) -> list[Named]:
    """Return rows in the order of their places, those without one left out."""
    found = [(place, folded(row.name), row) for place, row in placed if place is not None]
    return [row for *_, row in sorted(found, key=lambda one: one[:2])][:MOST_NAMED]
