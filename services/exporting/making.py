"""Makes exports part by part. It may stop at any line, and run twice: no row is in a file twice.

A part is stored under a key of its own, and counts from the transaction that moves the export on.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.auditing.acting import Acting
from database.engine import Sessions
from database.queries import accounts, audit
from database.queries.exports import contents, schedules, states
from database.queries.records import listing, reading
from database.queries.records.filters import ALWAYS, RecordFilters, Spell
from database.queries.records.places import Order, Wanted
from database.tables import Export, ExportSchedule
from domain.consumers.fields import Field
from domain.errors import DomainError, Unavailable
from domain.exporting.kinds import KEPT, UNDER_WAY, ExportFormat, ExportKind, ExportStatus
from domain.exporting.rows import Row, beginning, written
from domain.settings.auditing import Action
from domain.survey.kinds import SurveyOutcome
from media.keys import part_key
from media.store import MediaStore
from services.caller import Caller
from services.clock import shared_now, utc_now
from services.exporting import columns, sources
from services.exporting.inputs import NewExport, told
from services.exporting.places import Reached
from services.exporting.rights import standing
from services.exporting.sources import Source
from services.exporting.telling import tell_again
from services.history.looking import resolved

PART_SIZE = 4 * 1024 * 1024
"""Characters of a part. Ours: an upload of a second, and little is lost if a worker dies."""
PART_SECONDS = 10.0
COUNTED_WITHIN = timedelta(minutes=30)
"""For how long an export of figures waits for days that are being counted anew. Ours: all days of
an account whose time zone has changed mostly take some minutes.
"""
RECORDED_WITHIN = timedelta(minutes=30)
"""For how long an export waits for records of conversations. Ours: they are written within a
second, and after an outage within minutes.
"""
MOST_COUNTED = 100_000_000
COUNT_SECONDS = 20.0
"""Ours: it is only for the bar that shows how far it is."""

log = structlog.stdlib.get_logger()


def fixed(new: NewExport) -> NewExport:
    """Return an export whose filters mean the same however long it takes. Raises `Invalid`."""
    filters = new.filters
    if filters.opened_days is None:
        filters.plain()
        return new
    since = filters.plain().opened.since
    own = filters.model_copy(update={"opened_from": since, "opened_days": None})
    return new.model_copy(update={"filters": own})


async def source_of(
    caller: Caller, session: AsyncSession, new: NewExport, until: datetime, within: Spell = ALWAYS
) -> Source:
    """Return what an export reads: of conversations opened before a moment, the oldest first.

    The order is one that never changes, so each conversation comes once. `within`: only what
    happened then.
    """
    if new.report is not None:
        query = new.report.query()
        query.days.check()
        return sources.Figures(caller, new.report, until + COUNTED_WITHIN)
    known = await columns.known(caller, session)
    wanted = await _wanted(caller, session, new, known.fields, until)
    wanted = replace(wanted, filters=_happened(wanted, new.kind, within))
    match new.kind:
        case ExportKind.messages:
            return sources.messages(wanted, known, within)
        case ExportKind.events:
            return sources.events(wanted, known, within)
        case ExportKind.survey_answers:
            names: Sequence[str] = columns.SURVEY_ANSWERS
            return sources.Conversations(wanted, known, names, columns.survey_rows)
        case _:
            names = columns.conversation_names(known)
            return sources.Conversations(wanted, known, names, columns.conversation_rows)


async def _wanted(
    caller: Caller,
    session: AsyncSession,
    new: NewExport,
    fields: Sequence[Field],
    until: datetime,
) -> Wanted:
    filters = await resolved(session, caller.account_id, new.filters, fields)
    last = min(filters.opened.until or until, until)
    filters = replace(filters, opened=Spell(filters.opened.since, last))
    if new.kind is ExportKind.survey_answers and not filters.surveys:
        filters = replace(filters, surveys=tuple(str(one) for one in SurveyOutcome))
    return Wanted(caller.viewer, filters, Order(ascending=True), until)


def _happened(wanted: Wanted, kind: ExportKind, within: Spell) -> RecordFilters:
    """Return filters of the conversations in which something of a kind happened in a span.

    Conversations were closed in it, surveys ended.
    """
    filters, account_id = wanted.filters, wanted.viewer.account_id
    if within == ALWAYS:
        return filters
    if within.is_empty:
        return replace(filters, opened=within)
    match kind:
        case ExportKind.messages:
            # A text that was written before its conversation was opened comes with the opening:
            # with the next file, if that was later.
            opened = filters.opened.both(Spell(until=within.until))
            happened = contents.has_messages(account_id, within)
            return replace(filters, opened=opened, happened=happened)
        case ExportKind.events:
            return replace(filters, happened=contents.has_events(account_id, within))
        case ExportKind.survey_answers:
            return replace(filters, happened=contents.has_survey(account_id, within))
        case _:
            return replace(filters, closed=filters.closed.both(within))


@dataclass(frozen=True)
class Part:
    """A part that was gathered. `rows`: how many; `read`: conversations of them."""

    text: str
    rows: int
    read: int
    reached: Reached | None
    is_last: bool
    lacks: str | None = None


@dataclass(frozen=True)
class ExportMaking:
    """Makes exports. `part_size`: characters of a part, about."""

    sessions: Sessions
    store: MediaStore
    part_size: int = PART_SIZE

    async def make_part(self, export_id: UUID) -> bool:
        """Make the next part of an export; say whether there is more to do.

        What its filters are refused for, and a right that was taken away, ends it with a sentence.
        Raises `Unavailable` and `NOT_DONE`.
        """
        try:
            async with self.sessions.begin() as session:
                begun = await self._begin(session, export_id)
            if begun is None:
                return False
            export, source, zone = begun
            part = await self._gather(export, source, zone)
            return await self._store(export, part)
        except Unavailable:
            raise
        except DomainError as error:
            await self._fail(export_id, error.detail)
            return False

    async def _begin(
        self, session: AsyncSession, export_id: UUID
    ) -> tuple[Export, Source, ZoneInfo] | None:
        export = await session.get(Export, export_id)
        if export is None or export.status not in UNDER_WAY:
            return None
        # Rights are those of now: whoever lost them meanwhile gets no further part.
        caller = await standing(session, self.sessions.direct, export)
        within = Spell(export.since, export.until)
        of = (NewExport.of(export), export.created_at, within)
        source = await source_of(caller, session, *of)
        if export.status == ExportStatus.waiting:
            export = await _started(session, export, getattr(source, "wanted", None))
            if export is None:
                return None
        account = await accounts.find(session, export.account_id)
        return export, source, ZoneInfo(account.time_zone)

    async def _gather(self, export: Export, source: Source, zone: ZoneInfo) -> Part:
        """Read batches until they fill a part, in a transaction each."""
        names, form = list(source.names), ExportFormat(export.format)
        shown = [one for one in export.columns or names if one]
        ends_at = time.monotonic() + PART_SECONDS
        pieces = [beginning(form, shown)] if export.parts == 0 else []
        rows = read = 0
        reached = Reached.of(export.place)
        while True:
            async with self.sessions() as session:
                found = await source.read(session, reached)
            cells = _picked(found.rows, names, shown)
            pieces.append(written(form, shown, cells, zone))
            rows, read, reached = rows + len(cells), read + found.read, found.reached
            size = sum(map(len, pieces))
            if found.is_last or size >= self.part_size or time.monotonic() >= ends_at:
                of = (rows, read, reached, found.is_last, found.lacks)
                return Part("".join(pieces), *of)

    async def _store(self, export: Export, part: Part) -> bool:
        number, data = export.parts + 1, part.text.encode()
        key = part_key(export.account_id, export.id, number, uuid4().hex[:12])
        async with self.sessions.begin() as session:  # so that whoever deletes the file knows of it
            await states.announce_part(session, export.id, key)
        await self.store.put(key, data)
        async with self.sessions.begin() as session:
            now_is, row = await schedules.with_export(session, export.id)
            goes_on = now_is is not None and now_is.status in UNDER_WAY
            is_same = now_is is not None and now_is.created_at == export.created_at
            if now_is is not None and goes_on and is_same and now_is.parts == export.parts:
                await states.count_part(session, key, number, len(data))
                await _move_on(session, now_is, row, part, len(data))
                return not part.is_last
            await states.forget_part(session, key)
        # Another attempt was faster, somebody has cancelled it, or it begins anew without what was
        # erased.
        await self.store.delete([key])
        return goes_on

    async def _fail(self, export_id: UUID, sentence: str) -> None:
        async with self.sessions.begin() as session:
            export, row = await schedules.with_export(session, export_id)
            if export is not None and export.status in UNDER_WAY:
                export.status, export.failure = str(ExportStatus.failed), sentence
                export.ended_at = utc_now()
                await tell_again(session, export, row)
        log.info("export_failed", export_id=str(export_id))


async def _started(session: AsyncSession, export: Export, wanted: Wanted | None) -> Export | None:
    """Return an export that goes on from here; None: somebody has ended it. `wanted`: by records.

    Raises `RecordsBehind`.
    """
    asked_at = export.created_at
    lacks = wanted is not None and await reading.is_behind(session, export.account_id, asked_at)
    if lacks and await shared_now(session) < asked_at + RECORDED_WITHIN:
        raise sources.RecordsBehind
    about = await _about(session, wanted) if wanted else None
    # Counting takes a while, in which somebody may have cancelled it or taken it back. One that
    # begins anew is left to the next attempt.
    now_is = await states.lock(session, export.id)
    if now_is is None or now_is.status not in UNDER_WAY:
        return None
    if now_is.created_at != asked_at:
        raise sources.RecordsBehind
    now_is.about, now_is.status = about, str(ExportStatus.running)
    now_is.failure = sources.MAY_LACK if lacks else None
    return now_is


async def _about(session: AsyncSession, wanted: Wanted) -> int | None:
    return await listing.count(session, wanted, most=MOST_COUNTED, seconds=COUNT_SECONDS)


async def _move_on(
    session: AsyncSession, export: Export, row: ExportSchedule | None, part: Part, size: int
) -> None:
    now = utc_now()
    export.parts += 1
    export.rows += part.rows
    export.read += part.read
    export.size += size
    export.place = part.reached.kept() if part.reached else None
    export.looked_at = now
    export.failure = part.lacks or export.failure
    if not part.is_last:
        return
    export.status, export.ended_at = str(ExportStatus.done), now
    export.expires_at = export.expires_at or now + KEPT
    await tell_again(session, export, row)
    by = Acting(export.token_id or export.agent_id or str(export.schedule_id), export.agent_id)
    told_of = told(NewExport.of(export).kept()) | {"rows": export.rows}
    of = (session, export.account_id, Action.exported, "export", str(export.id))
    await audit.record(*of, told_of, by)
    log.info("export_done", export_id=str(export.id), rows=export.rows)


def _picked(rows: Sequence[Row], names: list[str], shown: list[str]) -> Sequence[Row]:
    """Return rows with some columns; one that was retired since is empty."""
    if shown == names:
        return rows
    at = [names.index(one) if one in names else None for one in shown]
    return [[None if place is None else row[place] for place in at] for row in rows]
