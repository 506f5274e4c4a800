"""Filters of lists of conversations, and the conditions that they stand for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, literal_column, or_, select
from sqlalchemy.sql.elements import ColumnElement

from database.queries import labels
from database.queries.consumers import same_as
from database.queries.failed_texts import has_failed_text
from database.queries.unread import is_unread_by
from database.queries.visibility import mentioning
from database.queries.words import has_number
from database.tables import Consumer, Conversation
from domain.conversation.kinds import Status
from domain.origins.kinds import OriginKind
from domain.searching.numbers import SoughtNumber
from domain.settings.priorities import Priority


@dataclass(frozen=True)
class ConversationFilters:
    """Filters of a list of conversations; None and empty mean all."""

    statuses: tuple[Status, ...] = ()
    of_view: tuple[Status, ...] = ()
    """Those of a view, which hold beside `statuses`."""
    agent_id: str | None = None
    held_by: str | None = None
    """Whose view it is, beside `agent_id`."""
    skill_id: str | None = None
    line_id: str | None = None
    consumer_id: UUID | None = None
    """Any number of a consumer's: those that were merged with it count as well."""
    phone: str | None = None
    """The key of a consumer's number."""
    origins: tuple[OriginKind, ...] = ()
    source_id: str | None = None
    origin_id: str | None = None
    mentions: str | None = None
    """The id of an agent whom a note mentions."""
    label_ids: tuple[str, ...] = ()
    """At least one of these."""
    priorities: tuple[Priority, ...] = ()
    is_snoozed: bool | None = None
    but: UUID | None = None
    """The id of a conversation to leave out."""
    number: SoughtNumber | None = None
    """A part of the consumer's number."""
    is_unanswered: bool = False
    waits_since: datetime | None = None
    """They wait for a reply since this moment or longer."""
    due_by: datetime | None = None
    """Their reply was due by this moment."""
    has_failed_text: bool = False
    """A text of ours did not arrive, and none after it is better off."""
    unread_by: str | None = None
    """An agent who has not read them."""
    is_answered: bool = False
    latest_written: bool = False
    """Lists that begin with what waits go on with what was written last, not opened last."""

    @property
    def asks_who_waits(self) -> bool:
        """Say whether all of them are unanswered."""
        return self.is_unanswered or self.waits_since is not None


EVERYTHING = ConversationFilters()
IS_OPEN: ColumnElement[bool] = literal_column("conversation.status <> 'closed'")
"""In so many words, so that PostgreSQL takes the index of open conversations."""
WAITS = (Conversation.waiting_since.is_not(None), IS_OPEN)


def conditions(filters: ConversationFilters) -> list[ColumnElement[bool]]:
    """Return the conditions on `Conversation` and its `Consumer`."""
    filtered = {
        Conversation.agent_id: filters.agent_id,
        Conversation.skill_id: filters.skill_id,
        Conversation.line_id: filters.line_id,
        Consumer.phone: filters.phone,
        Conversation.origin_id: filters.origin_id,
    }
    found = [column == value for column, value in filtered.items() if value is not None]
    if filters.consumer_id is not None:
        found.append(Conversation.consumer_id.in_(same_as(filters.consumer_id)))
    if filters.held_by is not None:
        found.append(Conversation.agent_id == filters.held_by)
    if filters.but is not None:
        found.append(Conversation.id != filters.but)
    if filters.mentions is not None:
        found.append(mentioning(filters.mentions))
    if filters.label_ids:
        found.append(labels.bears_any(filters.label_ids))
    if filters.is_snoozed is not None:
        found.append(Conversation.snoozed_at.is_not(None) == filters.is_snoozed)
    if filters.source_id is not None:
        found += [_began([OriginKind.source]), Conversation.origin_id == filters.source_id]
    if filters.origins:
        found.append(_began(filters.origins))
    return [*found, *_of_statuses(filters), *_of_reading(filters)]


def _of_statuses(filters: ConversationFilters) -> Iterator[ColumnElement[bool]]:
    for statuses in filter(None, (filters.of_view, filters.statuses)):
        yield Conversation.status.in_([str(status) for status in statuses])
        if Status.closed not in statuses:
            yield IS_OPEN


def _of_reading(filters: ConversationFilters) -> Iterator[ColumnElement[bool]]:
    if filters.priorities:
        yield Conversation.priority.in_([str(one) for one in filters.priorities])
    if filters.number is not None:
        yield _has_number(filters.number)
    if filters.asks_who_waits:
        yield from WAITS
    if filters.is_answered:
        yield Conversation.waiting_since.is_(None)
    if filters.waits_since is not None:
        yield Conversation.waiting_since <= filters.waits_since
    if filters.due_by is not None:
        yield Conversation.response_due_at <= filters.due_by
        yield Conversation.status.in_([str(Status.waiting), str(Status.assigned)])
        yield IS_OPEN
    if filters.has_failed_text:
        yield has_failed_text()
    if filters.unread_by is not None:
        yield is_unread_by(filters.unread_by)


def _has_number(sought: SoughtNumber) -> ColumnElement[bool]:
    theirs = or_(*(has_number(way, ends=sought.ends) for way in sought.digits))
    if not sought.is_rare:
        return theirs
    # Looked up first: PostgreSQL takes any fragment to be common, and would read all conversations.
    known = select(Consumer.id).where(theirs).correlate(None)
    return Conversation.consumer_id == func.any(func.array(known.scalar_subquery()))


def _began(origins: Sequence[OriginKind]) -> ColumnElement[bool]:
    began = Conversation.origin.in_([str(kind) for kind in origins])
    # The index of origins leaves plain texts out.
    is_told = Conversation.origin != str(OriginKind.text)
    return began if OriginKind.text in origins else began & is_told
