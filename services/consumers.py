"""Consumers: who they are, what is known of them, whether they can be texted, their language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import consumer_fields, consumer_merges, consumers, events, profiles
from database.queries.consumer_merges import MergeShown
from database.queries.events import NewEvent
from database.tables import Consumer
from domain.consumers.fields import Field, FieldValue, Given
from domain.consumers.profile import Profile, changed
from domain.consumers.words import email_of_consumer, name_of_consumer, note_about_consumer
from domain.conversation.kinds import EventKind
from domain.errors import ConsumerChanged, Invalid, NotAllowed
from domain.languages import check_language
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.caller import Caller
from services.changes import UNCHANGED, Unchanged
from services.clock import utc_now


@dataclass(frozen=True)
class NumberShown:
    """A number of a consumer, and what it alone opted out of: the whole account, or some lines.

    `opted_out_lines`: with the lines of those connectors. `merge`: since when it belongs to them.
    """

    consumer: Consumer
    is_opted_out: bool
    opted_out_lines: Sequence[str]
    merge: MergeShown | None


@dataclass(frozen=True)
class FieldShown:
    """A field of the account's own with a consumer's value."""

    field: Field
    value: FieldValue | None
    may_edit: bool


@dataclass(frozen=True)
class ConsumerShown:
    """A consumer by one of their numbers: what is known of them, and all their numbers."""

    asked: NumberShown
    numbers: Sequence[NumberShown]
    fields: Sequence[FieldShown]

    @property
    def consumer(self) -> Consumer:
        return self.asked.consumer

    @property
    def is_opted_out(self) -> bool:
        """Say whether the number asked for is opted out of the whole account."""
        return self.asked.is_opted_out


@dataclass(frozen=True)
class ProfileChange:
    """What to change of a consumer. Details that are left out stay; None empties one.

    `revision`: of the consumer as the caller read them. `fields`: by the ids of the fields.
    """

    revision: int
    name: str | Unchanged | None = UNCHANGED
    email: str | Unchanged | None = UNCHANGED
    note: str | Unchanged | None = UNCHANGED
    fields: Mapping[str, Given] = field(default_factory=dict)


async def find_consumer(caller: Caller, session: AsyncSession, consumer_id: UUID) -> ConsumerShown:
    """Return a consumer the caller has a conversation with. Raises `NotFound`."""
    caller.require(Role.agent)
    return await consumer_shown(
        session, caller, await consumers.find(session, caller.viewer, consumer_id)
    )


async def change(
    caller: Caller, session: AsyncSession, consumer_id: UUID, wanted: ProfileChange
) -> ConsumerShown:
    """Change what is known of a consumer, for all their numbers.

    Raises `NotFound`, `Invalid`, `NotAllowed` for a field that others edit, and `ConsumerChanged`
    if somebody changed something since, unless all is already as wanted.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.consumers_write)
    consumer = await consumers.find(session, caller.viewer, consumer_id)
    rows = await profiles.locked(session, consumer)
    before = profiles.profile_of(consumer)
    after = await _changed(caller, session, before, wanted)
    if after != before:
        if wanted.revision != consumer.revision:
            raise ConsumerChanged
        profiles.write(rows, after, consumer.revision + 1)
        await session.flush()
        told = {"consumer_id": str(consumer.id), "changed": ",".join(changed(before, after))}
        await tell(session, caller, rows, EventKind.consumer_changed, told)
    return await consumer_shown(session, caller, consumer)


async def set_language(
    caller: Caller, session: AsyncSession, consumer_id: UUID, language: str | None
) -> ConsumerShown:
    """Set a consumer's language, or forget it. Raises `NotFound`, `Invalid`.

    Open conversations follow at the consumer's next text.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.consumers_write)
    if language:
        check_language(language)
    consumer = await consumers.find(session, caller.viewer, consumer_id)
    await consumers.set_language(session, consumer, language, caller.language_source)
    return await consumer_shown(session, caller, consumer)


async def consumer_shown(
    session: AsyncSession, caller: Caller, consumer: Consumer
) -> ConsumerShown:
    """Return a consumer as the caller sees them. They must already be known to see them."""
    rows = await profiles.all_numbers(session, consumer)
    merged = await consumer_merges.told(session, [row.id for row in rows])
    numbers = [
        NumberShown(
            consumer=row,
            is_opted_out=await consumers.is_opted_out_of_all(session, row.id),
            opted_out_lines=await consumers.opted_out_lines(session, row),
            merge=merged.get(row.id),
        )
        for row in rows
    ]
    fields = await consumer_fields.in_use(session, caller.account_id, caller.roles)
    return ConsumerShown(
        asked=next(one for one in numbers if one.consumer.id == consumer.id),
        numbers=numbers,
        fields=[
            FieldShown(one, consumer.fields.get(one.id), caller.has(one.edited_by))
            for one in fields
        ],
    )


async def tell(
    session: AsyncSession,
    caller: Caller,
    numbers: Sequence[Consumer],
    kind: EventKind,
    data: Mapping[str, str],
) -> None:
    """Append an event to the consumer's conversations; without any, to the account's events."""
    now, by = utc_now(), caller.person.agent_id if caller.person else None
    found = await profiles.conversations_to_tell(session, [one.id for one in numbers])
    new = [NewEvent(str(kind), now, one, by, dict(data)) for one in found or (None,)]
    await events.append(session, caller.account_id, new)


async def _changed(
    caller: Caller, session: AsyncSession, profile: Profile, wanted: ProfileChange
) -> Profile:
    if wanted.name is not UNCHANGED:
        profile = profile.with_detail("name", name_of_consumer(wanted.name))
    if wanted.email is not UNCHANGED:
        profile = profile.with_detail("email", email_of_consumer(wanted.email))
    if wanted.note is not UNCHANGED:
        profile = profile.with_detail("note", note_about_consumer(wanted.note))
    if not wanted.fields:
        return profile
    known = {
        one.id: one
        for one in await consumer_fields.in_use(session, caller.account_id, caller.roles)
    }
    for field_id, given in wanted.fields.items():
        # A field that the caller does not see is none, so that nobody learns of it.
        if field_id not in known:
            raise Invalid("One of the fields is not known. GET /v1/consumer-fields has their ids.")
        if not caller.has(known[field_id].edited_by):
            raise NotAllowed(f"{known[field_id].name} is edited by {known[field_id].edited_by}s.")
        profile = profile.with_field(field_id, known[field_id].read(given))
    return profile
