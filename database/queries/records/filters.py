"""Filters of records, and the conditions that they stand for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, cast, literal, or_, tuple_
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement

from database.queries.records.facets import Facet, facets
from database.queries.records.words import asks
from database.tables import ConversationRecord
from domain.conversation.kinds import CloseReason, Status
from domain.origins.kinds import OriginKind
from domain.searching.transcripts import Asked
from domain.settings.priorities import Priority
from domain.survey.follow_ups import Resolved

INSTANT = timedelta(microseconds=1)


class Response(StrEnum):
    """How a conversation is or was answered."""

    overdue = "overdue"
    """It waits for an answer whose deadline has passed."""
    waits = "waits"
    """It waits for an answer."""
    late = "late"
    """An agent answered after the deadline, once at least."""
    in_time = "in_time"
    """Agents answered with deadlines, and always in time."""


@dataclass(frozen=True)
class Spell:
    """A span of time: from the first moment to just before the last; None: without end."""

    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Say whether no moment is in it."""
        return self.since is not None and self.until is not None and self.since >= self.until

    def both(self, other: "Spell") -> "Spell":
        """Return what is in both."""
        sinces = [one for one in (self.since, other.since) if one is not None]
        untils = [one for one in (self.until, other.until) if one is not None]
        return Spell(max(sinces, default=None), min(untils, default=None))


@dataclass(frozen=True)
class Seconds:
    """A range of seconds, both ends included; None: without end."""

    least: int | None = None
    most: int | None = None


ALWAYS, ANY_LENGTH = Spell(), Seconds()


@dataclass(frozen=True)
class RecordFilters:
    """Filters of records, all of which hold; None and empty mean all.

    Where a filter has several values, one of them holds.
    """

    opened: Spell = ALWAYS
    closed: Spell = ALWAYS
    last_message: Spell = ALWAYS
    statuses: tuple[Status, ...] = ()
    skill_ids: tuple[str, ...] = ()
    """It is in, or was last."""
    agent_ids: tuple[str, ...] = ()
    """Who has it, or had it last."""
    took_part: tuple[str, ...] = ()
    people: tuple[str, ...] | None = None
    """One of whom had it, joined it, began or closed it; empty: nobody did."""
    line_ids: tuple[str, ...] = ()
    origins: tuple[OriginKind, ...] = ()
    source_ids: tuple[str, ...] = ()
    origin_ids: tuple[str, ...] = ()
    consumer_ids: tuple[UUID, ...] | None = None
    """Of these consumers; empty: of nobody."""
    conversations: tuple[tuple[datetime, UUID], ...] | None = None
    """These alone, each with when it was opened; empty: none."""
    consumers: ColumnElement[bool] | None = None
    """A condition on `Consumer` that many answer to, beside or instead of `consumer_ids`."""
    close_reasons: tuple[CloseReason, ...] = ()
    closing_reason_ids: tuple[str, ...] = ()
    surveys: tuple[str, ...] = ()
    """Their outcomes; `none`: without a survey."""
    scores: tuple[int, ...] = ()
    is_satisfied: bool | None = None
    recommends: tuple[int, ...] | None = None
    """How much the consumer would recommend; empty: nothing that is possible."""
    is_resolved: bool | None = None
    """What the consumer said of it."""
    is_first: bool | None = None
    """The consumer's first of all, or not."""
    label_ids: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    priorities: tuple[Priority, ...] = ()
    responses: tuple[Response, ...] = ()
    duration: Seconds = ANY_LENGTH
    first_response: Seconds = ANY_LENGTH
    asked: Asked | None = None
    """Words and phrases of its transcript."""
    happened: ColumnElement[bool] | None = None
    """A condition on what happened in it, as of `database.queries.exports.contents`."""

    @property
    def finds_nothing(self) -> bool:
        """Say whether no record can pass."""
        spells = (self.opened, self.closed, self.last_message)
        chosen = (self.consumer_ids, self.conversations, self.people, self.recommends)
        return any(one.is_empty for one in spells) or () in chosen

    @property
    def opened_within(self) -> Spell:
        """Return when all that passes was opened: before it was closed, for one."""
        untils = [self.opened.until, self.closed.until, self.last_message.until]
        known = [one for one in untils if one is not None]
        spell = Spell(self.opened.since, min(known, default=None))
        if not self.conversations:
            return spell
        moments = [opened_at for opened_at, _id in self.conversations]
        return spell.both(Spell(min(moments), max(moments) + INSTANT))


EVERYTHING = RecordFilters()


def conditions(account_id: str, filters: RecordFilters, now: datetime) -> list[ColumnElement[bool]]:
    """Return the conditions on `ConversationRecord`, but for when it was opened."""
    table = ConversationRecord
    return [
        *_of_facets(account_id, filters),
        *within_spell(table.closed_at, filters.closed),
        *within_spell(table.last_message_at, filters.last_message),
        *_long(table.duration_seconds, filters.duration),
        *_long(table.first_response_seconds, filters.first_response),
        *_of_consumers(filters),
        *_named(filters),
        *_of_people(account_id, filters),
        *_of_responses(account_id, filters.responses, now),
        *([table.words.bool_op("@@")(asks(account_id, filters.asked))] if filters.asked else []),
        *([] if filters.happened is None else [filters.happened]),
    ]


def has_any(values: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a record has one of some facets."""
    return ConversationRecord.facets.bool_op("&&")(
        cast(literal(list(values), ARRAY(Text)), ARRAY(Text))
    )


def _of_facets(account_id: str, filters: RecordFilters) -> Iterator[ColumnElement[bool]]:
    wanted: dict[Facet, Sequence[object]] = {
        Facet.status: filters.statuses,
        Facet.skill: filters.skill_ids,
        Facet.agent: filters.agent_ids,
        Facet.took_part: filters.took_part,
        Facet.line: filters.line_ids,
        Facet.origin: filters.origins,
        Facet.origin_id: filters.origin_ids,
        Facet.close_reason: filters.close_reasons,
        Facet.closing_reason: filters.closing_reason_ids,
        Facet.survey: filters.surveys,
        Facet.score: filters.scores,
        Facet.label: filters.label_ids,
        Facet.language: filters.languages,
        Facet.priority: filters.priorities,
    }
    if filters.is_satisfied is not None:
        wanted[Facet.satisfied] = ["yes" if filters.is_satisfied else "no"]
    if filters.recommends is not None:
        wanted[Facet.recommends] = filters.recommends
    if filters.is_resolved is not None:
        wanted[Facet.resolved] = [Resolved.yes if filters.is_resolved else Resolved.no]
    if filters.is_first is not None:
        wanted[Facet.first] = ["yes" if filters.is_first else "no"]
    for kind, values in (*wanted.items(), (Facet.origin_id, filters.source_ids)):
        if values:
            yield has_any(facets(account_id, kind, values))


def within_spell(column: InstrumentedAttribute[Any], spell: Spell) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that a moment is in a span of time."""
    if spell.since is not None:
        yield column >= spell.since
    if spell.until is not None:
        yield column < spell.until


def _long(
    column: InstrumentedAttribute[int | None], seconds: Seconds
) -> Iterator[ColumnElement[bool]]:
    if seconds.least is not None:
        yield column >= seconds.least
    if seconds.most is not None:
        yield column <= seconds.most


def _of_consumers(filters: RecordFilters) -> Iterator[ColumnElement[bool]]:
    table = ConversationRecord
    if filters.consumer_ids is not None:
        known = literal(list(filters.consumer_ids), ARRAY(Uuid))
        yield table.consumer_id == any_(known)
    if filters.consumers is not None:
        yield filters.consumers


def _named(filters: RecordFilters) -> Iterator[ColumnElement[bool]]:
    table = ConversationRecord
    if filters.conversations is not None:
        yield tuple_(table.opened_at, table.conversation_id).in_(filters.conversations)


def _of_people(account_id: str, filters: RecordFilters) -> Iterator[ColumnElement[bool]]:
    if filters.people is not None:
        ways = (Facet.took_part, Facet.began_or_closed)
        yield has_any([one for way in ways for one in facets(account_id, way, filters.people)])


def _of_responses(
    account_id: str, responses: Sequence[Response], now: datetime
) -> Iterator[ColumnElement[bool]]:
    if not responses:
        return
    plain = [one for one in responses if one is not Response.overdue]
    found = [has_any(facets(account_id, Facet.response, plain))] if plain else []
    if Response.overdue in responses:
        waits = has_any(facets(account_id, Facet.response, [Response.waits]))
        found.append(waits & (ConversationRecord.response_due_at <= now))
    yield or_(*found)
