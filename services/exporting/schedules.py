"""Exports that are made again and again, for admins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import account_rows, accounts
from database.queries.events import NewEvent, append
from database.queries.exports import schedules, states
from database.tables import Endpoint, Export, ExportSchedule
from domain.conversation.kinds import EventKind
from domain.errors import Conflict, Invalid
from domain.exporting.kinds import ExportFormat, ExportKind, ExportStatus
from domain.exporting.spans import Every, Span, span_of
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.reporting.kinds import SplitBy
from domain.reporting.local_time import LocalTime
from services.caller import Caller
from services.clock import utc_now
from services.exporting import making
from services.exporting.inputs import NewExport, ReportWanted, chosen
from services.history.filters import HistoryFilters
from services.inputs import Input, Slug, example

MOST_SCHEDULES = 20
"""Of an account. Ours: each is a file a day at most."""
DAY = timedelta(days=1)
NO_NUL = r"^[^\x00]*$"
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=NO_NUL),
]
ColumnName = Annotated[str, StringConstraints(max_length=100)]


class NewSchedule(Input):
    """An export of the days just past, made again and again.

    `every`: day is about yesterday, week (on Mondays) about the last one from Monday to Sunday, and
    month (on the first) about the last month, by the account's clock. `hour`: at which it begins.
    `filters`: others than when conversations were opened. `by`: of figures, what has a row each.
    `endpoint`: gets the event `export_ready` with a link; null: the file stands in the list only.
    """

    model_config = example(
        name="Texts of yesterday", kind="messages", format="csv", every="day", hour=5
    )

    name: Name
    kind: ExportKind
    format: ExportFormat = ExportFormat.csv
    every: Every
    hour: Annotated[int, Field(ge=0, le=23)] = 5
    filters: HistoryFilters = HistoryFilters()
    by: SplitBy = SplitBy.day
    columns: list[ColumnName] = Field(default=[], max_length=120)
    endpoint: Slug | None = None

    def of(self, span: Span, zone: ZoneInfo) -> NewExport:
        """Return the export of some days."""
        if self.kind is ExportKind.figures:
            report = ReportWanted(first=span.first, last=span.last, by=self.by)
            return NewExport(
                kind=self.kind, format=self.format, report=report, columns=self.columns
            )
        clock = LocalTime(zone)
        times = {
            "opened_from": clock.begins(span.first),
            "opened_until": clock.begins(span.last + DAY),
            "opened_days": None,
        }
        filters = self.filters.model_copy(update=times)
        return NewExport(kind=self.kind, format=self.format, filters=filters, columns=self.columns)

    @classmethod
    def kept(cls, row: ExportSchedule) -> "NewSchedule":
        """Return what a row keeps."""
        return cls(
            name=row.name,
            kind=ExportKind(row.kind),
            format=ExportFormat(row.format),
            every=Every(row.every),
            hour=row.hour,
            filters=HistoryFilters.model_validate(row.filters),
            by=SplitBy(row.split_by),
            columns=list(row.columns or ()),
            endpoint=row.endpoint_id,
        )


async def create(caller: Caller, session: AsyncSession, new: NewSchedule) -> ExportSchedule:
    """Add a schedule; a worker makes it one of Temporal's within a minute.

    Raises `NotAllowed`, `Invalid`, `NumberInvalid`, `NotFound` for an endpoint that there is not.
    """
    _check(caller, TokenScope.exports_write)
    filters = new.filters
    if filters.opened_from or filters.opened_until or filters.opened_days:
        raise Invalid("A schedule says itself which days it is about. Take these filters out.")
    await schedules.lock_account(session, caller.account_id)
    if len(await schedules.listed(session, caller.account_id)) >= MOST_SCHEDULES:
        raise Conflict(f"There are {MOST_SCHEDULES} schedules already. Retire one.")
    if new.endpoint is not None:
        await _check_endpoint(session, caller.account_id, new.endpoint)
    account = await accounts.find(session, caller.account_id)
    zone = ZoneInfo(account.time_zone)
    once = new.of(span_of(new.every, utc_now(), zone), zone)
    source = await making.source_of(caller, session, once, utc_now())
    chosen(list(source.names), new.columns)
    values: dict[str, Any] = {
        "id": uuid4(),
        "account_id": caller.account_id,
        "name": new.name,
        "kind": str(new.kind),
        "format": str(new.format),
        "filters": filters.model_dump(mode="json", exclude_defaults=True),
        "split_by": str(new.by),
        "columns": new.columns or None,
        "every": str(new.every),
        "hour": new.hour,
        "endpoint_id": new.endpoint,
    }
    return await schedules.add(session, values)


async def _check_endpoint(session: AsyncSession, account_id: str, endpoint_id: str) -> None:
    endpoint = await account_rows.find_active(session, Endpoint, account_id, endpoint_id)
    if endpoint.kinds is not None and EventKind.export_ready not in endpoint.kinds:
        raise Invalid(f"The endpoint {endpoint.name} does not get events of the kind export_ready.")


async def listed(caller: Caller, session: AsyncSession) -> Sequence[ExportSchedule]:
    """Return the account's schedules, the oldest first."""
    _check(caller, TokenScope.exports_read)
    return await schedules.listed(session, caller.account_id)


async def find(caller: Caller, session: AsyncSession, schedule_id: UUID) -> ExportSchedule:
    """Return a schedule. Raises `NotFound`."""
    _check(caller, TokenScope.exports_read)
    return await schedules.find(session, caller.account_id, schedule_id)


async def retire(caller: Caller, session: AsyncSession, schedule_id: UUID) -> None:
    """End a schedule, and what is being made for it; its files stay. Raises `NotFound`."""
    _check(caller, TokenScope.exports_write)
    row = await schedules.find(session, caller.account_id, schedule_id)
    row.retired_at = utc_now()
    await schedules.end_waiting(session, row.id, row.retired_at)


def _check(caller: Caller, scope: TokenScope) -> None:
    caller.require(Role.admin)
    caller.require_scope(scope)


@dataclass(frozen=True)
class ScheduledExports:
    """Begins and delivers the exports of schedules. Each step may run twice."""

    sessions: Sessions

    async def begin(self, schedule_id: UUID, due_at: datetime) -> UUID | None:
        """Begin the export of a run, once; None: the schedule is retired."""
        async with self.sessions.begin() as session:
            row = await schedules.in_use(session, schedule_id)
            if row is None:
                return None
            if (known := await schedules.run_of(session, schedule_id, due_at)) is not None:
                return known
            account = await accounts.find(session, row.account_id)
            zone = ZoneInfo(account.time_zone)
            new = NewSchedule.kept(row).of(span_of(Every(row.every), due_at, zone), zone)
            values = {
                **{"id": uuid4(), "account_id": row.account_id, "schedule_id": row.id},
                **{"due_at": due_at, "status": str(ExportStatus.waiting)},
            }
            return (await states.add(session, new.kept() | values)).id

    async def deliver(self, export_id: UUID) -> None:
        """Tell the schedule's endpoint of a file that is done, or the list why there is none."""
        async with self.sessions.begin() as session:
            export = await states.lock(session, export_id)
            if export is None or export.schedule_id is None or export.is_told:
                return
            row = await schedules.in_use(session, export.schedule_id)
            if row is None:
                return
            export.is_told = True
            row.ran_at, row.failure = export.ended_at, export.failure
            if export.status == ExportStatus.done and row.endpoint_id is not None:
                await append(session, export.account_id, [_ready(export, row)])


def _ready(export: Export, row: ExportSchedule) -> NewEvent:
    data = {
        "export_id": str(export.id),
        "schedule_id": str(row.id),
        "endpoint": row.endpoint_id,
        "kind": export.kind,
        "format": export.format,
        "rows": export.rows,
        "expires_at": export.expires_at.isoformat() if export.expires_at else None,
    }
    return NewEvent(EventKind.export_ready, utc_now(), data=data)
