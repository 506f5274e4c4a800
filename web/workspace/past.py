"""A consumer's other conversations, in short: of all their numbers, whatever became of each."""

from collections.abc import Iterable, Mapping

from api.list_cursors import read_position, written_position
from api.schemas.shared import write_cursor
from api.schemas.surveys import SurveyOut
from database.queries.conversations import ListedConversation
from database.tables import Label
from domain.conversation.kinds import Status
from domain.numbers.shown_numbers import shown_number
from services.configuring import closing_reasons, labels
from services.looking import conversations as looking
from web import scores
from web.transcripts.reading import Reader
from web.transcripts.wire import rating_of
from web.workspace import wire

AT_ONCE = 6
"""Other conversations shown at once."""


async def load_earlier(
    reader: Reader, opened: ListedConversation, before: str | None = None
) -> wire.EarlierPage:
    """Return the consumer's other conversations, newest first. Raises `Invalid`."""
    found = await looking.list_earlier(
        reader.caller, reader.session, opened, after=read_position(before), limit=AT_ONCE + 1
    )
    shown = found[:AT_ONCE]
    named = await _labels(reader, shown)
    reasons = await _reasons(reader, shown)
    return wire.EarlierPage(
        items=[_past(reader, opened, one, named, reasons) for one in shown],
        next=write_cursor(written_position(shown[-1])) if len(found) > AT_ONCE else None,
    )


def _past(
    reader: Reader,
    opened: ListedConversation,
    one: ListedConversation,
    named: Mapping[str, Label],
    reasons: Mapping[str, str],
) -> wire.Past:
    row, names = one.conversation, reader.names
    is_same = one.consumer.id == opened.consumer.id
    return wire.Past(
        id=row.id,
        status=Status(row.status),
        opened_at=row.opened_at,
        number=None if is_same else shown_number(one.consumer.number),
        line=names.lines.get(row.line_id, ""),
        skill=names.skills.get(row.skill_id or ""),
        agent=names.agents.get(row.agent_id or ""),
        closing_reason=reasons.get(row.closing_reason_id or ""),
        labels=[wire.PastLabel.model_validate(named[each]) for each in one.label_ids],
        rating=rating_of(scores.of_survey(SurveyOut.of(row), names.scales)),
        last_text=row.last_text,
    )


async def _labels(reader: Reader, shown: Iterable[ListedConversation]) -> Mapping[str, Label]:
    if not any(one.label_ids for one in shown):
        return {}
    found = await labels.listed(reader.caller, reader.session, retired=True)
    return {label.id: label for label in found}


async def _reasons(reader: Reader, shown: Iterable[ListedConversation]) -> Mapping[str, str]:
    if not any(one.conversation.closing_reason_id for one in shown):
        return {}
    found = await closing_reasons.listed(reader.caller, reader.session, retired=True)
    return {one.reason.id: one.reason.name for one in found}
