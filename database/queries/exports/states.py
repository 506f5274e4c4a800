"""How exports stand: added, moved on part by part, ended and forgotten."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.exports import contents
from database.queries.records.filters import ALWAYS, Spell
from database.tables import Export, ExportPart
from domain.errors import NotFound
from domain.exporting.kinds import NAMES_SOMEBODY, TAKEN_BACK, UNDER_WAY, ExportKind, ExportStatus

IS_UNDER_WAY = Export.status.in_([*UNDER_WAY])
USELESS = (ExportStatus.failed, ExportStatus.cancelled, ExportStatus.expired)
LOCK = "exports/"


@dataclass(frozen=True)
class UnderWay:
    """How many exports are made now, of an account and of whoever asks."""

    theirs: int
    all: int


async def count_under_way(
    session: AsyncSession, account_id: str, agent_id: str | None, token_id: str | None
) -> UnderWay:
    """Count exports that are being made. Nobody else adds one before the transaction ends."""
    lock = func.hashtextextended(LOCK + account_id, 0)
    await session.execute(select(func.pg_advisory_xact_lock(lock)))
    is_theirs = Export.agent_id == agent_id if agent_id else Export.token_id == token_id
    query = select(func.count().filter(is_theirs), func.count())
    # Those that are made anew after an erasure are told: nobody is to wait for a week of them.
    its = (Export.account_id == account_id, IS_UNDER_WAY, Export.is_told.is_(False))
    found = await session.execute(query.where(*its))
    theirs, all_ = found.one()
    return UnderWay(theirs, all_)


async def add(session: AsyncSession, values: dict[str, Any]) -> Export:
    """Add an export."""
    export = Export(**values)
    session.add(export)
    await session.flush()
    await session.refresh(export)
    return export


async def find(
    session: AsyncSession,
    account_id: str,
    export_id: UUID,
    agent_id: str | None,
    token_id: str | None,
) -> Export:
    """Return an export: of a person or program, or any if neither is given. Raises `NotFound`."""
    query = select(Export).where(Export.account_id == account_id, Export.id == export_id)
    found = await session.scalar(query.where(*_of(agent_id, token_id)))
    if found is None:
        raise NotFound
    return found


async def listed(
    session: AsyncSession,
    account_id: str,
    agent_id: str | None,
    token_id: str | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Export]:
    """Return exports, the newest first."""
    query = select(Export).where(Export.account_id == account_id, *_of(agent_id, token_id))
    if before is not None:
        query = query.where(tuple_(Export.created_at, Export.id) < before)
    query = query.order_by(Export.created_at.desc(), Export.id.desc()).limit(limit)
    return (await session.scalars(query)).all()


def _of(agent_id: str | None, token_id: str | None) -> list[Any]:
    if agent_id is not None:
        return [Export.agent_id == agent_id]
    return [] if token_id is None else [Export.token_id == token_id]


async def lock(session: AsyncSession, export_id: UUID) -> Export | None:
    """Return an export of any account as it is now; others wait until this is committed."""
    query = select(Export).where(Export.id == export_id).with_for_update()
    return await session.scalar(query, execution_options={"populate_existing": True})


async def announce_part(session: AsyncSession, export_id: UUID, key: str) -> None:
    """Keep that a part is about to be stored under a key."""
    session.add(ExportPart(key=key, export_id=export_id))
    await session.flush()


async def count_part(session: AsyncSession, key: str, number: int, size: int) -> None:
    """Make a stored part one of its file."""
    its = ExportPart.key == key
    await session.execute(update(ExportPart).where(its).values(number=number, size=size))


async def forget_part(session: AsyncSession, key: str) -> None:
    """Forget a part that is none of its file."""
    await session.execute(delete(ExportPart).where(ExportPart.key == key))


async def parts(session: AsyncSession, export_id: UUID) -> Sequence[ExportPart]:
    """Return the parts of a file in their order."""
    its = (ExportPart.export_id == export_id, ExportPart.number.is_not(None))
    query = select(ExportPart).where(*its)
    return (await session.scalars(query.order_by(ExportPart.number))).all()


async def keys(session: AsyncSession, ids: Collection[UUID]) -> Sequence[str]:
    """Return the keys of all that was stored for exports, attempts as well."""
    query = select(ExportPart.key).where(ExportPart.export_id.in_(ids))
    return (await session.scalars(query)).all()


async def known_among(session: AsyncSession, wanted: Collection[str]) -> Collection[str]:
    """Return which keys are of parts."""
    query = select(ExportPart.key).where(ExportPart.key.in_(wanted))
    return set(await session.scalars(query))


async def neglected(
    session: AsyncSession, before: datetime, now: datetime, limit: int
) -> Sequence[UUID]:
    """Return exports at which nobody has looked for a while, and keep that somebody does now."""
    query = select(Export.id).where(IS_UNDER_WAY, Export.looked_at < before)
    found = (await session.scalars(query.limit(limit).with_for_update(skip_locked=True))).all()
    await session.execute(update(Export).where(Export.id.in_(found)).values(looked_at=now))
    return found


async def over(session: AsyncSession, now: datetime, limit: int) -> Sequence[Export]:
    """Return exports whose files are to be deleted: old ones, and those that are of no use."""
    is_old = (Export.status == str(ExportStatus.done)) & (Export.expires_at <= now)
    is_useless = Export.status.in_(USELESS)
    has_parts = select(ExportPart).where(ExportPart.export_id == Export.id).exists()
    query = select(Export).where(is_old | (is_useless & has_parts))
    return (await session.scalars(query.limit(limit).with_for_update(skip_locked=True))).all()


async def forget_names(session: AsyncSession, before: datetime, limit: int) -> int:
    """Forget whom exports asked for that ended before a moment. Returns of how many."""
    names = array(sorted(NAMES_SOMEBODY))
    old = select(Export.id).where(Export.ended_at < before, Export.filters.has_any(names))
    free = old.limit(limit).with_for_update(skip_locked=True)
    change = update(Export).where(Export.id.in_(free))
    result = await session.execute(change.values(filters=Export.filters.op("-")(names)))
    return int(getattr(result, "rowcount", 0))


async def forget_parts(session: AsyncSession, ids: Collection[UUID]) -> None:
    """Forget the parts of exports, whose files are deleted."""
    await session.execute(delete(ExportPart).where(ExportPart.export_id.in_(ids)))


async def made_before(session: AsyncSession, account_id: str, moment: datetime) -> Sequence[Export]:
    """Return an account's exports that were begun before a moment and have or get a file.

    Figures are left out, which hold nobody. Several erasures lock the others in the same order.
    """
    query = select(Export).where(
        Export.account_id == account_id,
        Export.kind != ExportKind.figures,
        Export.created_at <= moment,
        Export.status.in_([*UNDER_WAY, ExportStatus.done]),
    )
    return (await session.scalars(query.order_by(Export.id).with_for_update())).all()


async def take_back(
    session: AsyncSession,
    account_id: str,
    moment: datetime,
    consumers: Collection[UUID] | None = None,
) -> Sequence[str]:
    """Take back an account's exports that were begun before a moment, and those under way.

    They hold what was erased since. Those of schedules are made anew without it, if they have not
    arrived yet or can still be downloaded. `consumers`: who was erased; schedules' files of days on
    which nothing happened in their conversations stay. None: anybody may have been.

    Returns the keys of all that is to be deleted from the media store once the transaction is
    committed, also of what was taken back before: then call `forget_deleted`.
    """
    times = [ALWAYS] if consumers is None else await contents.times_of(session, consumers)
    anew, kept = [], []
    for export in await made_before(session, account_id, moment):
        if not _may_hold(export, times):
            kept.append(export.id)
        elif _is_made_anew(export, moment):
            _begin_anew(export, moment)
            anew.append(export.id)
        else:
            _end(export, moment)
    await session.flush()
    # What stands in the store by now is none of their files, and deleted with the next one.
    theirs = ExportPart.export_id.in_(anew)
    await session.execute(update(ExportPart).where(theirs).values(number=None))
    others = Export.id.not_in([*anew, *kept])
    ended = (Export.account_id == account_id, Export.created_at <= moment, others)
    await session.execute(update(Export).where(*ended, Export.filters != {}).values(filters={}))
    its = select(Export.id).where(Export.account_id == account_id, Export.status.in_(USELESS))
    gone = ExportPart.export_id.in_(its) | theirs
    return (await session.scalars(select(ExportPart.key).where(gone))).all()


def _may_hold(export: Export, times: Collection[Spell]) -> bool:
    """Say whether a file may hold what happened at some times, by its days alone."""
    if export.schedule_id is None or NAMES_SOMEBODY & export.filters.keys():
        return True
    within = Spell(export.since, export.until)
    return any(not one.both(within).is_empty for one in times)


def _is_made_anew(export: Export, moment: datetime) -> bool:
    """Say whether a schedule's file is awaited or may be fetched yet, and names nobody.

    Whoever has the link would find nothing, and no later file is about that time.
    """
    is_there = export.expires_at is not None and export.expires_at > moment
    is_sought = export.schedule_id is not None and (not export.is_told or is_there)
    return is_sought and not NAMES_SOMEBODY & export.filters.keys()


def _end(export: Export, moment: datetime) -> None:
    was_made = export.status == ExportStatus.done
    export.status = str(ExportStatus.expired if was_made else ExportStatus.failed)
    export.failure = None if was_made else TAKEN_BACK
    export.filters, export.ended_at = {}, export.ended_at or moment


def _begin_anew(export: Export, moment: datetime) -> None:
    """Let an export be made from its beginning. Whoever makes it now sees it by `created_at`."""
    export.status, export.failure, export.created_at = str(ExportStatus.waiting), None, moment
    export.looked_at, export.ended_at = moment, None
    if not export.is_told:  # a link that is out is good until its time, and no longer
        export.expires_at = None
    export.parts = export.rows = export.read = export.size = 0
    export.place = export.about = None
    if export.upload:  # the bucket is to forget it first
        export.upload = export.upload | {"is_over": True}


async def begun_at(session: AsyncSession, account_id: str, moment: datetime) -> Sequence[UUID]:
    """Return the exports that `take_back` has had begin anew at a moment."""
    its = (Export.account_id == account_id, Export.created_at == moment)
    query = select(Export.id).where(*its, Export.status == ExportStatus.waiting)
    return (await session.scalars(query.order_by(Export.id))).all()


async def forget_deleted(session: AsyncSession, keys: Collection[str]) -> None:
    """Forget parts whose files are deleted.

    Those that were only announced stay: a worker may store one now, and die. Housekeeping deletes
    them within the hour.
    """
    its = (ExportPart.key.in_(keys), ExportPart.number.is_not(None))
    await session.execute(delete(ExportPart).where(*its))
