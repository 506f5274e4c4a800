"""The columns of exports, and the rows that stand in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import consumer_fields
from database.queries.records import listing, transcripts
from database.queries.records.places import Place, Wanted
from database.queries.reports import names
from database.tables import Consumer, Conversation, ConversationRecord, Event, Message
from domain.consumers.fields import Field
from domain.conversation.kinds import Author
from domain.erasure.kinds import ERASED
from domain.exporting.rows import Row
from domain.reporting.figures import Figure, Unit
from domain.reporting.kinds import SplitBy
from domain.reporting.sums import Measured
from domain.survey.follow_ups import answered, is_resolved
from domain.survey.kinds import FollowUp
from domain.text.segments import segments
from services.caller import Caller
from services.reporting.reports import ReportRow

FIELD = "field."
"""Before the keys of the account's own fields of consumers."""


@dataclass(frozen=True)
class Known:
    """What rows are made with: names by id, and the fields of consumers that may be seen."""

    agents: Mapping[str, str]
    skills: Mapping[str, str]
    lines: Mapping[str, str]
    fields: Sequence[Field]


@dataclass(frozen=True)
class Found:
    """A conversation with what is known of it."""

    record: ConversationRecord
    conversation: Conversation
    consumer: Consumer


async def known(caller: Caller, session: AsyncSession) -> Known:
    """Return what rows are made with."""
    account = caller.account_id
    agents, skills, lines = [
        await names.of(session, account, by) for by in (SplitBy.agent, SplitBy.skill, SplitBy.line)
    ]
    fields = await consumer_fields.in_use(session, account, caller.roles)
    return Known(agents, skills, lines, fields)


async def load(session: AsyncSession, wanted: Wanted, places: Sequence[Place]) -> list[Found]:
    """Return conversations in the order of their places."""
    records = await listing.rows(session, places)
    ids = [one.id for one in places]
    shown = await transcripts.shown(session, wanted.viewer.account_id, ids)
    return [Found(records[one], *shown[one]) for one in ids if one in records and one in shown]


OF_RECORD = (
    *("opened_at", "closed_at", "last_message_at", "status", "line_id", "skill_id", "agent_id"),
    *("opened_by", "origin", "origin_id", "priority", "language", "close_reason"),
    *("closing_reason_id", "duration_seconds", "first_response_seconds", "waiting_since"),
    *("response_due_at", "is_late", "survey_outcome", "survey_score", "survey_satisfied"),
    *("survey_scale", "survey_agent_id", "texts_in", "texts_out", "message_count", "label_ids"),
    *("took_part", "skill_ids", "is_first"),
)
OF_ANSWERS = ("survey_nps", "survey_resolved")
OF_CONSUMER = ("consumer_number", "consumer_name", "consumer_email", "consumer_note")


def conversation_names(known: Known) -> list[str]:
    """Return the columns of conversations."""
    own = [FIELD + one.key for one in known.fields]
    named = ("line_name", "skill_name", "agent_name")
    return ["conversation_id", *OF_RECORD, *OF_ANSWERS, *named, "consumer_id", *OF_CONSUMER, *own]


def conversation_rows(found: Found, known: Known) -> Sequence[Row]:
    """Return the one row of a conversation."""
    record, consumer = found.record, found.consumer
    answers = found.conversation.survey_answers
    return [
        (
            record.conversation_id,
            *(getattr(record, name) for name in OF_RECORD),
            *(answered(answers, FollowUp.recommend), is_resolved(answers)),
            known.lines.get(record.line_id),
            known.skills.get(record.skill_id or ""),
            known.agents.get(record.agent_id or ""),
            consumer.id,
            *(consumer.number, consumer.name, consumer.email, consumer.note),
            *(consumer.fields.get(one.id) for one in known.fields),
        )
    ]


SURVEY_ANSWERS = (
    *("conversation_id", "asked_at", "answered_at", "outcome", "question", "score", "scale"),
    *("satisfied", "text", "agent_id", "agent_name", "skill_id", "skill_name"),
    *("consumer_id", "consumer_number"),
)


def survey_rows(found: Found, known: Known) -> Sequence[Row]:
    """Return a row for each answer; for a survey without any, one that says so."""
    row = found.conversation
    if row.survey_outcome is None:
        return []
    begins = (row.id, row.survey_asked_at, row.survey_answered_at, row.survey_outcome)
    agent, skill = row.survey_agent_id, row.survey_skill_id
    of_agent, of_skill = known.agents.get(agent or ""), known.skills.get(skill or "")
    ends = (agent, of_agent, skill, of_skill, found.consumer.id, found.consumer.number)
    rating = (row.survey_score, row.survey_scale, row.survey_satisfied, row.survey_comment)
    others = [
        (*begins, one["question"], one.get("value"), None, None, one.get("text"), *ends)
        for one in row.survey_answers
    ]
    return [(*begins, "rating", *rating, *ends), *others]


MESSAGES = (
    *("conversation_id", "message_id", "position", "written_at", "author", "agent_id"),
    *("agent_name", "bot_name", "automatic", "text", "files", "segments", "status", "status_at"),
    *("failure_code", "failure_sentence", "line_id", "consumer_id"),
)


def message_row(row: Message, known: Known) -> Row:
    """Return the row of an entry of a transcript. `files`: ids of `GET /v1/media/{id}`."""
    files = [str(one["file_id"]) for one in row.media if one.get("file_id")]
    return (
        *(row.conversation_id, row.id, row.position, row.written_at, row.author, row.agent_id),
        *(known.agents.get(row.agent_id or ""), row.bot_name, row.automatic, row.text, files),
        *(_segments(row), row.status, row.status_at, row.failure_code, row.failure_sentence),
        *(row.line_id, row.consumer_id),
    )


def _segments(row: Message) -> int | None:
    """Return the segments of a text; None: it was erased before they were kept, as under 0.1."""
    if row.segments or row.author != Author.consumer or not row.text:
        return row.segments
    return None if row.text == ERASED else segments(row.text).count


EVENTS = ("conversation_id", "event_id", "at", "kind", "agent_id", "agent_name", "data")


def event_row(row: Event, known: Known) -> Row:
    """Return the row of an event."""
    agent = known.agents.get(row.agent_id or "")
    return (row.conversation_id, row.id, row.at, row.kind, row.agent_id, agent, row.data)


TIMES = ("", ".median", ".ninety", ".longest")


def figure_names(figures: Sequence[Figure]) -> list[str]:
    """Return the columns of a report: of a time, its mean, median, nine of ten and longest.

    Those of working hours end with `.worked`.
    """
    found = ["key", "name"]
    for one in figures:
        if one.unit is not Unit.time:
            found.append(one.id)
            continue
        found += [one.id + part for part in TIMES]
        found += [f"{one.id}.worked{part}" for part in TIMES] if one.has_hours else []
    return found


def figure_row(figures: Sequence[Figure], row: ReportRow, seconds: float) -> Row:
    """Return a row of a report. `seconds`: how long its time was."""
    found: list[Any] = [row.key, row.name]
    for one in figures:
        if one.unit is Unit.money:
            amounts = one.details(row.sums).items()
            found.append(", ".join(f"{amount} {currency}" for currency, amount in amounts))
            continue
        if one.unit is not Unit.time:
            found.append(one.value(row.sums, seconds=seconds))
            continue
        part = one.part.of(row.sums)
        found += _times(part.clock, part.times)
        found += _times(part.worked, part.times) if one.has_hours else []
    return found


def _times(measured: Measured, times: int) -> list[float | int | None]:
    if not times:
        return [None] * len(TIMES)
    mean = measured.total / times
    return [mean, measured.share(0.5), measured.share(0.9), measured.most]
