"""Exports: asked for, listed, cancelled and downloaded by those who may."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import audit
from database.queries.exports import states
from database.tables import Export, ExportPart
from domain.errors import Conflict, NotFound, Unavailable
from domain.exporting.kinds import (
    MOST_OF_ACCOUNT,
    MOST_OF_PERSON,
    UNDER_WAY,
    ExportFormat,
    ExportKind,
    ExportStatus,
)
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.auditing import Action
from media.store import FileMissing, MediaStore
from services import auditing
from services.backends import Backends
from services.caller import Caller
from services.clock import utc_now
from services.errors import FileNotThere
from services.exporting import making
from services.exporting.inputs import NewExport, check_columns, told
from services.exporting.parts import read
from services.exporting.rights import check_may
from temporal.exports import ExportClient

SUBJECT = "export"
GONE = "The file was deleted: its time is over, or something in it was erased."
Before = tuple[datetime, UUID] | None

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class ExportFile:
    """The file of an export, to be streamed. `size`: in bytes. `tag`: of these bytes (ETag)."""

    name: str
    content_type: str
    size: int
    tag: str
    store: MediaStore
    parts: Sequence[ExportPart]

    async def read(self, begins: int = 0, ends: int | None = None) -> AsyncIterator[bytes]:
        """Yield its bytes, from one place to before another. Raises `FileNotThere`."""
        try:
            async for piece in read(self.store, self.parts, begins, ends):
                yield piece
        except FileMissing as error:
            raise FileNotThere(GONE) from error


async def create(caller: Caller, session: AsyncSession, new: NewExport) -> Export:
    """Keep an export that somebody asks for; `start` has it made.

    Raises `NotAllowed`, `Conflict` while too many are made, `Invalid` and `NumberInvalid` for
    filters, days or columns that there are not.
    """
    _check(caller, TokenScope.exports_write)
    check_may(caller, new.kind)
    new = making.fixed(new)
    source = await making.source_of(caller, session, new, utc_now())
    check_columns(source.names, new.columns)
    agent_id, token_id = _asker(caller)
    await _check_room(session, caller.account_id, agent_id, token_id)
    kept = new.kept()
    values = {"id": uuid4(), "account_id": caller.account_id, "status": str(ExportStatus.waiting)}
    by = {"agent_id": agent_id, "token_id": caller.id if caller.session_hash is None else None}
    export = await states.add(session, {**kept, **values, **by})
    await auditing.note_export(caller, session, SUBJECT, str(export.id), told(kept))
    return export


async def _check_room(
    session: AsyncSession, account_id: str, agent_id: str | None, token_id: str | None
) -> None:
    under_way = await states.count_under_way(session, account_id, agent_id, token_id)
    if under_way.theirs >= MOST_OF_PERSON:
        raise Conflict(
            f"{MOST_OF_PERSON} of your exports are being made. Wait for one, or cancel one."
        )
    if under_way.all >= MOST_OF_ACCOUNT:
        raise Conflict(
            f"{MOST_OF_ACCOUNT} exports of the account are being made. Try again in some minutes."
        )


async def start(backends: Backends, export_id: UUID) -> None:
    """Have an export made. If Temporal cannot be reached, a worker does so within minutes."""
    conversations = backends.conversations
    try:
        await ExportClient(conversations.client, conversations.task_queue).start(export_id)
    except Unavailable:
        log.warning("export_not_started", export_id=str(export_id))


async def listed(
    caller: Caller, session: AsyncSession, before: Before, limit: int
) -> Sequence[Export]:
    """Return exports, the newest first: a manager's own, or all of the account for admins."""
    _check(caller, TokenScope.exports_read)
    theirs = _limit(caller)
    return await states.listed(session, caller.account_id, *theirs, before, limit)


async def find(caller: Caller, session: AsyncSession, export_id: UUID) -> Export:
    """Return an export. Raises `NotFound`."""
    _check(caller, TokenScope.exports_read)
    return await states.find(session, caller.account_id, export_id, *_limit(caller))


async def cancel(caller: Caller, session: AsyncSession, export_id: UUID) -> Export:
    """End an export that is being made; done again, it changes nothing.

    Raises `NotFound`, and `Conflict` for one that has ended otherwise.
    """
    _check(caller, TokenScope.exports_write)
    await states.find(session, caller.account_id, export_id, *_limit(caller))
    export = await states.lock(session, export_id)
    if export is None or export.status == ExportStatus.cancelled:
        return await states.find(session, caller.account_id, export_id, *_limit(caller))
    if export.status not in UNDER_WAY:
        raise Conflict("This export has ended already.")
    export.status, export.ended_at = str(ExportStatus.cancelled), utc_now()
    await session.flush()
    return export


async def open_file(
    caller: Caller, session: AsyncSession, store: MediaStore, export_id: UUID
) -> ExportFile:
    """Return an export's file, and keep that it was downloaded. Hold no transaction meanwhile.

    Raises `NotFound`, `Conflict` while it is being made, `FileNotThere` once it is deleted.
    """
    export = await find(caller, session, export_id)
    check_may(caller, ExportKind(export.kind))
    file = await opened(session, store, export)
    told_of = {"rows": export.rows, "size": export.size}
    await auditing.note_export(caller, session, "export_file", str(export.id), told_of)
    return file


async def open_linked(session: AsyncSession, store: MediaStore, export_id: UUID) -> ExportFile:
    """Return the file of a signed link, and keep that it was downloaded. Its link was checked.

    Raises `NotFound`, `Conflict`, `FileNotThere`.
    """
    export = await states.lock(session, export_id)
    if export is None:
        raise NotFound
    file = await opened(session, store, export)
    told_of = {"rows": export.rows, "size": export.size, "by": "link"}
    of = (session, export.account_id, Action.exported, "export_file", str(export.id))
    await audit.record(*of, told_of)
    return file


async def opened(session: AsyncSession, store: MediaStore, export: Export) -> ExportFile:
    """Return the file of an export for whoever may have it. Raises `Conflict`, `FileNotThere`."""
    if export.status in UNDER_WAY:
        raise Conflict("This export is still being made.")
    is_over = export.expires_at is None or export.expires_at <= utc_now()
    if export.status != ExportStatus.done or is_over:
        raise FileNotThere(GONE)
    form = ExportFormat(export.format)
    parts = await states.parts(session, export.id)
    # Parts of an export that is done stay as they are, until it is deleted or begun anew.
    tag = f'"{export.id}-{export.created_at.timestamp()}"'
    return ExportFile(file_name(export), form.content_type, export.size, tag, store, parts)


def file_name(export: Export) -> str:
    """Return what a file is called: what it holds, and when it was asked for (UTC)."""
    return f"{export.kind}-{export.created_at:%Y-%m-%d-%H%M}.{export.format}"


def _check(caller: Caller, scope: TokenScope) -> None:
    caller.require(Role.manager, "Only managers and admins may export.")
    caller.require_scope(scope)


def _asker(caller: Caller) -> tuple[str | None, str | None]:
    """Return the person, or else the program."""
    return (caller.person.agent_id, None) if caller.person else (None, caller.id)


def _limit(caller: Caller) -> tuple[str | None, str | None]:
    return (None, None) if caller.has(Role.admin) else _asker(caller)
