"""Exports that are made again and again, for admins."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, accounts
from database.queries.exports import buckets, schedules
from database.queries.records.filters import Spell
from database.tables import Endpoint, ExportSchedule
from domain.errors import Conflict, Invalid
from domain.exporting.kinds import (
    NAMED_ERASED,
    TELLS_NOBODY,
    ExportFormat,
    ExportKind,
    why_deaf,
)
from domain.exporting.spans import Every, Moments, days_of, moments_of
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.reporting.kinds import SplitBy
from services.caller import Caller
from services.clock import utc_now
from services.exporting import making
from services.exporting.inputs import (
    NO_FILTERS,
    NewExport,
    ReportLimits,
    ReportWanted,
    check_columns,
)
from services.exporting.rights import check_may
from services.history.filters import HistoryFilters
from services.inputs import Input, Slug, example, left_out
from services.reporting.reports import MOST_DAYS

MOST_SCHEDULES = 20
"""Of an account. Ours: each is a file a day at most."""
NO_NUL = r"^[^\x00]*$"
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=NO_NUL),
]
ColumnName = Annotated[str, StringConstraints(max_length=100)]


class NewSchedule(Input):
    """An export of what happened in the days just past, made again and again.

    It holds messages written then, events of then, answers of surveys that ended then,
    conversations that were closed then, and figures of whole days. Each file goes on where the last
    one that arrived ended, also after a failure, a pause, or another zone or rhythm.

    `every`: day is about yesterday, week (on Mondays) about the last one from Monday to Sunday, and
    month (on the first) about the last month, by the account's clock. `hour`: at which it begins.
    `filters`: others than when conversations were opened; figures have none. `by`: of figures, what
    has a row each. `report`: what limits figures, and which of them.
    `endpoint`: gets the event `export_ready` with a link. `bucket`: the file is copied there.
    Without either, the file stands in the list only.
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
    report: ReportLimits = ReportLimits()
    columns: list[ColumnName] = Field(default=[], max_length=120)
    endpoint: Slug | None = None
    bucket: UUID | None = None

    def run(
        self, due_at: datetime, zone: ZoneInfo, reached_at: datetime | None
    ) -> tuple[NewExport, Moments]:
        """Return the export of a run, and the time that it is about.

        `reached_at`: where that of the last one ended.
        """
        of = (self.every, due_at, zone, reached_at)
        if self.kind is ExportKind.figures:
            most = MOST_DAYS if self.by is SplitBy.day else None
            days, moments = days_of(*of, most)
            limits = self.report.model_dump()
            report = ReportWanted(first=days.first, last=days.last, by=self.by, **limits)
            new = NewExport(kind=self.kind, format=self.format, report=report, columns=self.columns)
            return new, moments
        form = {"format": self.format, "filters": self.filters, "columns": self.columns}
        return NewExport(kind=self.kind, **form), moments_of(*of)

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
            report=ReportLimits.model_validate(row.report or {}),
            columns=list(row.columns or ()),
            endpoint=row.endpoint_id,
            bucket=row.bucket_id,
        )

    def columns_of_row(self) -> dict[str, Any]:
        """Return it as rows keep it."""
        return {
            "name": self.name,
            "kind": str(self.kind),
            "format": str(self.format),
            "filters": self.filters.model_dump(mode="json", exclude_defaults=True),
            "split_by": str(self.by),
            "report": self.report.model_dump(mode="json", exclude_defaults=True) or None,
            "columns": self.columns or None,
            "every": str(self.every),
            "hour": self.hour,
            "endpoint_id": self.endpoint,
            "bucket_id": self.bucket,
        }


class ScheduleChange(Input):
    """Fields that are left out stay as they are. What is being made is finished as it began.

    `is_paused`: nothing is made; the first file afterwards holds what happened meanwhile as well.
    """

    model_config = example(hour=6, is_paused=False)

    name: Name = left_out()
    kind: ExportKind = left_out()
    format: ExportFormat = left_out()
    every: Every = left_out()
    hour: Annotated[int, Field(ge=0, le=23)] = left_out()
    filters: HistoryFilters = left_out()
    by: SplitBy = left_out()
    report: ReportLimits = left_out()
    columns: list[ColumnName] = Field(default_factory=list, max_length=120)
    endpoint: Slug | None = left_out()
    bucket: UUID | None = left_out()
    is_paused: bool = left_out()


async def create(caller: Caller, session: AsyncSession, new: NewSchedule) -> ExportSchedule:
    """Add a schedule; a worker makes it one of Temporal's within a minute.

    Raises `NotAllowed`, `Invalid`, `NumberInvalid`, `NotFound` for an endpoint that there is not.
    """
    _check(caller, TokenScope.exports_write)
    await schedules.lock_account(session, caller.account_id)
    if len(await schedules.listed(session, caller.account_id)) >= MOST_SCHEDULES:
        raise Conflict(f"There are {MOST_SCHEDULES} schedules already. Retire one.")
    await _check_wanted(caller, session, new)
    own = {"id": uuid4(), "account_id": caller.account_id}
    return await schedules.add(session, own | new.columns_of_row())


async def change(
    caller: Caller, session: AsyncSession, schedule_id: UUID, wanted: ScheduleChange
) -> ExportSchedule:
    """Change a schedule, pause it or let it go on; a worker follows within a minute.

    Raises `NotAllowed`, `Invalid`, `NumberInvalid`, `NotFound`.
    """
    _check(caller, TokenScope.exports_write)
    row = await schedules.find(session, caller.account_id, schedule_id)
    given = {name: getattr(wanted, name) for name in wanted.model_fields_set - {"is_paused"}}
    if given:
        before = NewSchedule.kept(row)
        new = before.model_copy(update=given)
        await _check_wanted(caller, session, new, before)
        if new.endpoint != before.endpoint and row.failure in TELLS_NOBODY:
            row.failure = None
        for name, value in new.columns_of_row().items():
            setattr(row, name, value)
    if "is_paused" in wanted.model_fields_set and wanted.is_paused != (row.paused_at is not None):
        row.paused_at = utc_now() if wanted.is_paused else None
        if row.failure == NAMED_ERASED:  # somebody has looked at it
            row.failure = None
    await session.flush()
    return row


async def _check_wanted(
    caller: Caller, session: AsyncSession, new: NewSchedule, before: NewSchedule | None = None
) -> None:
    """Raise for what cannot be. `before`: what was set, of which may stay what is retired since."""
    check_may(caller, new.kind)
    filters = new.filters
    if filters.opened_from or filters.opened_until or filters.opened_days:
        raise Invalid("A schedule says itself which days it is about. Take these filters out.")
    if new.kind is ExportKind.figures and filters != HistoryFilters():
        raise Invalid(NO_FILTERS)
    if new.kind is not ExportKind.figures and new.report != ReportLimits():
        raise Invalid("Only figures have a report. Take it out, or export figures.")
    if new.endpoint is not None and not (before and before.endpoint == new.endpoint):
        await _check_endpoint(session, caller.account_id, new.endpoint)
    if new.bucket is not None:
        await buckets.find(session, caller.account_id, new.bucket)
    account = await accounts.find(session, caller.account_id)
    zone = ZoneInfo(account.time_zone)
    once, moments = new.run(utc_now(), zone, None)
    within = Spell(moments.since, moments.until)
    source = await making.source_of(caller, session, once, utc_now(), within)
    is_same_kind = before is not None and before.kind is new.kind
    if before is None or not is_same_kind or before.columns != new.columns:
        kept = before.columns if before and is_same_kind else ()
        check_columns(source.names, new.columns, kept)


async def _check_endpoint(session: AsyncSession, account_id: str, endpoint_id: str) -> None:
    endpoint = await account_rows.find_active(session, Endpoint, account_id, endpoint_id)
    if why_deaf(endpoint.kinds, is_retired=False):
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
    await schedules.retire(session, row, utc_now())


def _check(caller: Caller, scope: TokenScope) -> None:
    caller.require(Role.admin)
    caller.require_scope(scope)
