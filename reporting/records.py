"""Makes the records of conversations anew from what the database holds.

The same rows make the same record, so it may be written twice, late, or all of them again.
"""

from collections.abc import Collection, Iterator
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.records import sources, writing
from database.queries.records.facets import Facet, facet, facets
from database.queries.records.sources import Source
from database.queries.records.words import stored
from database.queries.records.writing import Row
from domain.conversation.kinds import Author, Status
from domain.languages import stand_ins
from domain.searching.transcripts import transcript_words
from domain.survey.follow_ups import Resolved, answered
from domain.survey.kinds import FollowUp


async def write(session: AsyncSession, account_id: str, ids: Collection[UUID]) -> None:
    """Write the records of some of an account's conversations; those of others stay."""
    found = await sources.read(session, account_id, ids)
    await writing.write(session, [_row(source) for source in found])
    await writing.forget(session, account_id, set(ids) - {one.conversation.id for one in found})


SAME = (
    *("opened_at", "account_id", "line_id", "consumer_id", "status", "skill_id", "agent_id"),
    *("opened_by", "origin", "origin_id", "priority", "closed_at", "close_reason"),
    *("closing_reason_id", "waiting_since", "response_due_at", "survey_outcome", "survey_score"),
    *("survey_satisfied", "survey_scale", "survey_agent_id", "message_count"),
)
"""What a record says as its conversation does."""
BY_CONSUMER = "consumer"
"""What stands for the consumer where an agent's id says who opened it."""


def _row(source: Source) -> Row:
    row = source.conversation
    late = "missed" in source.deadlines if source.deadlines else None
    written = [one for one in source.messages if not one.automatic]
    words = transcript_words((one.text for one in written), source.language)
    return {
        **{name: getattr(row, name) for name in SAME},
        "conversation_id": row.id,
        "language": source.language,
        "is_first": source.is_first,
        "last_message_at": row.last_message_at or row.opened_at,
        "duration_seconds": _seconds(row.closed_at - row.opened_at if row.closed_at else None),
        "first_response_seconds": source.first_response,
        "is_late": late,
        "texts_in": sum(one.author == Author.consumer for one in written),
        "texts_out": sum(one.author == Author.agent for one in written),
        "label_ids": source.labels,
        "took_part": source.took_part,
        "skill_ids": source.skills,
        "facets": sorted(_facets(source, late)),
        "words": stored(row.account_id, words),
    }


def _seconds(spell: timedelta | None) -> int | None:
    """Return whole seconds; clocks of two machines may differ by some."""
    return None if spell is None else max(int(spell.total_seconds()), 0)


def _facets(source: Source, late: bool | None) -> Iterator[str]:
    row, account_id = source.conversation, source.conversation.account_id
    single = {
        Facet.status: row.status,
        Facet.skill: row.skill_id,
        Facet.agent: row.agent_id,
        Facet.line: row.line_id,
        Facet.origin: row.origin,
        Facet.origin_id: row.origin_id,
        Facet.opened_by: row.opened_by,
        Facet.priority: row.priority,
        Facet.close_reason: row.close_reason,
        Facet.closing_reason: row.closing_reason_id,
        Facet.survey: row.survey_outcome or ("none" if row.survey_asked_at is None else None),
        Facet.score: row.survey_score,
        Facet.recommends: answered(row.survey_answers, FollowUp.recommend),
        Facet.first: "yes" if source.is_first else "no",
        Facet.rings_at: row.offered_agent_id,
    }
    for kind, value in single.items():
        if value is not None:
            yield facet(account_id, kind, value)
    yield from facets(
        account_id, Facet.language, stand_ins(source.language) if source.language else ()
    )
    yield from facets(account_id, Facet.was_in_skill, source.skills)
    yield from facets(account_id, Facet.took_part, source.took_part)
    yield from facets(account_id, Facet.began_or_closed, _began_or_closed(source))
    yield from facets(account_id, Facet.mentions, source.mentioned)
    yield from facets(account_id, Facet.label, source.labels)
    yield from facets(account_id, Facet.response, _responses(source, late))
    if row.survey_satisfied is not None:
        yield facet(account_id, Facet.satisfied, "yes" if row.survey_satisfied else "no")
    if (is_resolved := answered(row.survey_answers, FollowUp.resolved)) is not None:
        yield facet(account_id, Facet.resolved, Resolved.of(is_resolved))
    yield from _waits(source)


def _began_or_closed(source: Source) -> set[str]:
    """Return who began or closed it without having had a part in it otherwise."""
    row = source.conversation
    people = {one for one in (row.opened_by, row.closed_by) if one}
    return people - {BY_CONSUMER, *source.took_part}


def _responses(source: Source, late: bool | None) -> Iterator[str]:
    row = source.conversation
    if row.waiting_since is not None and row.status != Status.closed:
        yield "waits"
    if late is not None:
        yield "late" if late else "in_time"


def _waits(source: Source) -> Iterator[str]:
    """Yield for whom it waits: as `database.queries.visibility.visible` has it."""
    row = source.conversation
    if source.waits_for is not None:
        yield facet(row.account_id, Facet.waits_for, source.waits_for)
    elif row.status == Status.waiting and row.skill_id:
        yield facet(row.account_id, Facet.waits_in, row.skill_id)
