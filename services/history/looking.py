"""Looking through all conversations that a caller may see: lists, counts, and where words stand."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import accounts, automatic_messages, consumer_fields
from database.queries.records import consumers, listing, transcripts
from database.queries.records.consumers import WantedConsumers
from database.queries.records.filters import RecordFilters
from database.queries.records.places import Place, Wanted
from database.queries.records.transcripts import SaidText
from database.queries.reports import names
from database.queries.searching import within
from database.tables import Consumer, Conversation, ConversationRecord
from domain.consumers.fields import Field, FieldValue, Given
from domain.consumers.kinds import FieldKind
from domain.errors import Invalid, NumberInvalid
from domain.languages import SUPPORTED
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.searching.excerpts import Part, excerpt_around, written_words
from domain.searching.numbers import FEWEST_DIGITS, SoughtNumber, number_in
from domain.searching.transcripts import Asked, asked_in
from domain.searching.words import sought_in
from services import auditing
from services.caller import Caller
from services.clock import utc_now
from services.history.columns import COLUMNS, ShownColumn
from services.history.filters import HistoryFilters
from services.looking.numbers import key_sought

MOST_COUNTED = 1_000
"""Conversations that are counted. Ours: from there on pages say `999+`."""
MOST_EXCERPTS = 2
"""Of one conversation. Ours: they show what it is about."""
CONSUMERS_MS = 1_000
YES_OR_NO = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True)
class Excerpt:
    """A text in which a search found its words."""

    message_id: UUID
    author: str
    written_at: datetime
    parts: Sequence[Part]


@dataclass(frozen=True)
class Hit:
    """A conversation that was found: its record, itself as it is now, its consumer."""

    record: ConversationRecord
    conversation: Conversation
    consumer: Consumer
    is_overdue: bool
    excerpts: Sequence[Excerpt] = ()


@dataclass(frozen=True)
class History:
    """A page. `following`: where the next one begins. `is_complete`: there was time for all."""

    hits: Sequence[Hit]
    following: Place | None
    is_complete: bool = True


async def listed(
    caller: Caller,
    session: AsyncSession,
    filters: HistoryFilters,
    *,
    after: Place | None,
    limit: int,
) -> History:
    """Return the conversations that the caller may see and that pass all filters, in their order.

    A search that takes too long ends, says so, and goes on with the next page. In whose texts words
    were found is in the audit log. Raises `Invalid` and `NumberInvalid`.
    """
    wanted = await _wanted(caller, session, filters)
    page = await listing.listed(session, wanted, after=after, limit=limit + 1)
    places = page.places[:limit]
    following = places[-1] if len(page.places) > limit else None
    if not page.is_complete:
        # Without progress, the next page would end as this one.
        following = page.reached or (places[-1] if places else None)
    hits = await _hits(caller, session, places, wanted)
    told = {hit.conversation.id: hit.conversation.agent_id for hit in hits if hit.excerpts}
    await auditing.note_looked_in(caller, session, told, auditing.EXCERPTS)
    return History(hits, following, page.is_complete)


async def count(caller: Caller, session: AsyncSession, filters: HistoryFilters) -> int | None:
    """Return how many conversations pass, `MOST_COUNTED` for so many or more.

    None: there was no time to count them. Raises `Invalid` and `NumberInvalid`.
    """
    wanted = await _wanted(caller, session, filters)
    return await listing.count(session, wanted, most=MOST_COUNTED)


def columns(caller: Caller) -> Sequence[ShownColumn]:
    """Return the columns that a page can show."""
    caller.require(Role.agent)
    return COLUMNS


async def check(caller: Caller, session: AsyncSession, filters: HistoryFilters) -> None:
    """Raise what looking for conversations by some filters would: `Invalid`, `NumberInvalid` and
    `NotAllowed`.
    """
    fields = await _fields(caller, session, filters)
    await _consumers(session, caller.account_id, filters, fields)
    filters.plain()


async def _fields(
    caller: Caller, session: AsyncSession, filters: HistoryFilters
) -> Sequence[Field]:
    """Return the fields of consumers that the caller may look for, and check the rest."""
    caller.require(Role.agent)
    if filters.team:
        caller.require(Role.manager, "Managers look for conversations by team.")
    return await consumer_fields.in_use(session, caller.account_id, caller.roles)


async def _wanted(caller: Caller, session: AsyncSession, filters: HistoryFilters) -> Wanted:
    caller.require_scope(TokenScope.conversations_read)
    fields = await _fields(caller, session, filters)
    found = await resolved(session, caller.account_id, filters, fields)
    return Wanted(caller.viewer, found, filters.order, utc_now())


async def resolved(
    session: AsyncSession, account_id: str, filters: HistoryFilters, fields: Sequence[Field]
) -> RecordFilters:
    """Return filters with what had to be looked up: consumers, people of teams, when conversations
    were opened, and the languages of words.

    `fields`: of consumers, which the caller may see. Raises `Invalid` and `NumberInvalid`.
    """
    found = await _with_consumers(session, account_id, filters, fields)
    if filters.team:
        found = replace(found, people=await _people_of(session, account_id, filters.team))
    if filters.conversation:
        named = await listing.opened_at(session, account_id, filters.conversation)
        found = replace(found, conversations=named)
    if filters.q is None or not filters.q.strip():
        return found
    asked = asked_in(filters.q, await languages_of(session, account_id))
    # Signs alone stand in no index.
    return replace(found, consumer_ids=()) if asked.is_empty else replace(found, asked=asked)


async def _people_of(
    session: AsyncSession, account_id: str, teams: Sequence[str]
) -> tuple[str, ...]:
    members = await names.members(session, account_id)
    return tuple(sorted({one for team in teams for one in members.get(team, ())}))


async def languages_of(session: AsyncSession, account_id: str) -> Sequence[str]:
    """Return the languages in which an account is texted: a word is looked for in each."""
    account = await accounts.find(session, account_id)
    in_use = await automatic_messages.languages(session, account_id)
    return tuple(dict.fromkeys((account.language, *SUPPORTED, *sorted(in_use))))


async def _with_consumers(
    session: AsyncSession, account_id: str, filters: HistoryFilters, fields: Sequence[Field]
) -> RecordFilters:
    wanted = await _consumers(session, account_id, filters, fields)
    async with within(session, CONSUMERS_MS):
        theirs = await consumers.find(session, account_id, wanted)
        return replace(filters.plain(), consumer_ids=theirs.ids, consumers=theirs.condition)
    raise Invalid("Too many consumers answer to that. Add a word or some digits.")


async def _consumers(
    session: AsyncSession, account_id: str, filters: HistoryFilters, fields: Sequence[Field]
) -> WantedConsumers:
    number = filters.number
    phone = await key_sought(session, account_id, number) if number else None
    return WantedConsumers(
        id=filters.consumer,
        phone=phone,
        number=_part(filters.number_part) if filters.number_part else None,
        words=sought_in(filters.name) if filters.name else None,
        searched=[field.id for field in fields],
        fields=_values(filters, fields),
    )


def _values(filters: HistoryFilters, fields: Sequence[Field]) -> Mapping[str, Sequence[FieldValue]]:
    """Return the values that are asked for of each field, by its id."""
    by_key = {field.key: field for field in fields}
    values: defaultdict[str, list[FieldValue]] = defaultdict(list)
    for written in filters.field:
        key, _, given = written.partition(":")
        if key not in by_key:
            raise Invalid(f"There is no field {key} of consumers that you may see.")
        value = by_key[key].read(_read(by_key[key].kind, given))
        if value is None:
            raise Invalid(f"Give the value of the field {key} after the colon.")
        values[by_key[key].id].append(value)
    return values


def _read(kind: FieldKind, given: str) -> Given:
    """Return a value as people write it; yes and no as fields of that kind take them."""
    return YES_OR_NO.get(given.strip().casefold(), given) if kind is FieldKind.yes_no else given


def _part(written: str) -> SoughtNumber:
    part = number_in(written)
    if part is None:
        raise NumberInvalid(f"Give {FEWEST_DIGITS} digits of the number at least.")
    return part


async def _hits(
    caller: Caller, session: AsyncSession, places: Sequence[Place], wanted: Wanted
) -> list[Hit]:
    records = await listing.rows(session, places)
    ids = [one.id for one in places]
    shown = await transcripts.shown(session, caller.account_id, ids)
    asked = wanted.filters.asked
    texts = await transcripts.texts_of(session, ids) if asked else ()
    excerpts = _excerpts(texts, asked) if asked else {}
    return [
        Hit(
            records[one],
            *shown[one],
            is_overdue=_is_overdue(shown[one][0], wanted.now),
            excerpts=excerpts.get(one, ()),
        )
        for one in ids
        if one in records and one in shown
    ]


def _is_overdue(row: Conversation, now: datetime) -> bool:
    return row.response_due_at is not None and row.response_due_at <= now


def _excerpts(texts: Sequence[SaidText], asked: Asked) -> Mapping[UUID, Sequence[Excerpt]]:
    """Return the texts with most of the words asked for, by conversation."""
    found: dict[UUID, list[tuple[int, SaidText]]] = defaultdict(list)
    for text in texts:
        if words := sum(map(asked.finds, written_words(text.text))):
            found[text.conversation_id].append((words, text))
    return {
        one: [
            Excerpt(
                text.message_id,
                text.author,
                text.written_at,
                excerpt_around(text.text, asked.finds),
            )
            for _, text in sorted(theirs, key=lambda pair: -pair[0])[:MOST_EXCERPTS]
        ]
        for one, theirs in found.items()
    }
