"""An account's consumers as a file, which can be imported again."""

from collections.abc import AsyncIterator, Sequence

from database.engine import Sessions
from database.queries import consumer_fields, consumer_imports
from database.tables import Consumer
from domain.consumers.fields import Field
from domain.people.token_scopes import TokenScope
from services import auditing
from services.caller import Caller

PAGE = 2000
"""Consumers that are read at once. Ours."""
OWN = ("number", "name", "email", "note", "language")

Cells = Sequence[str]


async def export(caller: Caller, sessions: Sessions) -> AsyncIterator[Sequence[Cells]]:
    """Return a heading and all numbers of the account, page by page, with the fields one sees."""
    caller.require_whole()
    caller.require_scope(TokenScope.consumers_read)
    async with sessions.begin() as session:
        fields = await consumer_fields.in_use(session, caller.account_id, caller.roles)
        await auditing.note_export(caller, session, "consumers", "")
    return _pages(caller.account_id, sessions, fields)


async def _pages(
    account_id: str, sessions: Sessions, fields: Sequence[Field]
) -> AsyncIterator[Sequence[Cells]]:
    yield [[*OWN, *(one.key for one in fields)]]
    after = ""
    while True:
        async with sessions.begin() as session:
            found = await consumer_imports.page(session, account_id, after, PAGE)
        if not found:
            return
        yield [_cells(one, fields) for one in found]
        after = found[-1].phone


def _cells(consumer: Consumer, fields: Sequence[Field]) -> Cells:
    values = [consumer.fields.get(one.id) for one in fields]
    return [
        *(getattr(consumer, name) or "" for name in OWN),
        *(("yes" if one else "no") if isinstance(one, bool) else one or "" for one in values),
    ]
