"""The audit log: who changed, read or exported what. Admins read it; nobody changes it."""

import csv
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import audit
from database.queries.audit import AuditFilters
from database.tables import AuditEntry
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.auditing import Action
from domain.text.formulas import harmless
from services.caller import Caller
from services.clock import utc_now

PAGE = 500
CONVERSATION = "conversation"
EXCERPTS, COMMENTS, FILES = "excerpts", "comments", "files"
"""Parts of a conversation that are read without it, each under the conversation's id."""
READ_AGAIN = timedelta(hours=1)
"""Within this time of the last entry, reading the same again is none. Ours: one look is many
requests.
"""
COLUMNS = (
    *("at", "actor", "name_of_actor", "door", "address", "action", "subject", "subject_id"),
    *("name", "before", "after", "request_id"),
)


@dataclass(frozen=True)
class Shown:
    """Entries, and what people and tokens are called."""

    entries: Sequence[AuditEntry]
    names: Mapping[str, str]


async def listed(
    caller: Caller,
    session: AsyncSession,
    wanted: AuditFilters,
    *,
    before: int | None,
    limit: int,
) -> Shown:
    """Return the account's entries, the latest first."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.audit_read)
    found = await audit.listed(session, caller.account_id, wanted, before=before, limit=limit)
    return Shown(found, await audit.names(session, caller.account_id))


async def export(caller: Caller, sessions: Sessions, wanted: AuditFilters) -> AsyncIterator[str]:
    """Yield the entries as CSV, the latest first. That it was exported is in it, too."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.audit_read)
    async with sessions.begin() as session:
        await audit.record(session, caller.account_id, Action.exported, "audit_log", "")
        names = await audit.names(session, caller.account_id)
    yield _line(COLUMNS)
    before: int | None = None
    while True:
        async with sessions() as session:
            found = await audit.listed(
                session, caller.account_id, wanted, before=before, limit=PAGE
            )
        for one in found:
            yield _line(_cells(one, names))
        if len(found) < PAGE:
            return
        before = found[-1].id


async def note_read(caller: Caller, session: AsyncSession, subject: str, subject_id: str) -> None:
    """Keep that the caller read something that is not their own."""
    await audit.record(session, caller.account_id, Action.read, subject, subject_id)


async def note_looked_in(
    caller: Caller,
    session: AsyncSession,
    conversations: Mapping[UUID, str | None],
    subject: str = CONVERSATION,
) -> None:
    """Keep, once in an hour each, that somebody read conversations, or only a part of them.

    `conversations`: with the agents who have or had them. `subject`: what was read of them; whoever
    has read a conversation has read its parts. Agents read what is theirs to see, and whoever has a
    conversation reads it all day: neither is in the log. Managers, admins and programs are.
    """
    if not caller.has(Role.manager):
        return
    own = caller.person.agent_id if caller.person else None
    ids = [str(one) for one, by in conversations.items() if own is None or own != by]
    if ids:
        since = utc_now() - READ_AGAIN
        of = (session, caller.account_id, subject, ids)
        await audit.record_reads(*of, covered_by=[CONVERSATION], since=since)


async def note_export(
    caller: Caller,
    session: AsyncSession,
    subject: str,
    subject_id: str,
    told: Mapping[str, Any] | None = None,
) -> None:
    """Keep that the caller exported something. `told`: such as its filters."""
    await audit.record(session, caller.account_id, Action.exported, subject, subject_id, told)


def _cells(one: AuditEntry, names: Mapping[str, str]) -> Sequence[object]:
    return (
        *(one.at.isoformat(), one.actor or "system", names.get(one.actor or "", ""), one.door),
        *(one.address, one.action, one.subject, one.subject_id, one.name, one.before, one.after),
        one.request_id,
    )


def _line(cells: Sequence[object]) -> str:
    written = StringIO()
    csv.writer(written).writerow(harmless("" if one is None else str(one)) for one in cells)
    return written.getvalue()
