"""Writes the file of an account, and applies one: the plan is what applying it would write."""

from collections.abc import Sequence

import yaml
from sqlalchemy.ext.asyncio import AsyncSession

from api.configuration.kinds import KINDS, LEFT_OUT
from api.configuration.reading import VERSION, ReadFile, read
from api.configuration.run import Run
from database.queries import audit
from database.queries.audit import AuditFilters
from database.tables import AuditEntry
from domain.errors import Conflict
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.caller import Caller
from services.configuring.connectors import KnownProviders

HEAD = """# The configuration of {brand}, as Switchboard writes it.
# Apply it with `switchboard apply FILE`, or on the page "Configuration". Names are keys: another
# name is another thing. What is not in the file stays as it is. In no file: {left_out}.
"""
MOST_CHANGES = 5000
CHANGED = "The settings have changed since the plan was made. Look at a new plan first."


async def written(caller: Caller, session: AsyncSession, known: KnownProviders) -> str:
    """Return the account's configuration as a file. For admins."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_read)
    run = Run(caller, session, known, ReadFile({}, {}))
    await run.learn()
    content = {name: await write(run) for name, (write, _) in KINDS.items()}
    kinds = sorted({one.replace("_", " ") for one, why in LEFT_OUT.items() if why != "of people"})
    head = HEAD.format(brand=content["account"]["brand"], left_out=", ".join(kinds))
    body = yaml.safe_dump(
        {"version": VERSION, **content}, sort_keys=False, allow_unicode=True, width=100
    )
    return f"{head}\n{body}"


async def position(caller: Caller, session: AsyncSession) -> int:
    """Return a number that grows with each change of the account's settings."""
    latest = await audit.listed(session, caller.account_id, AuditFilters(), before=None, limit=1)
    return latest[0].id if latest else 0


async def apply(
    caller: Caller,
    session: AsyncSession,
    known: KnownProviders,
    file: bytes,
    *,
    seen: int | None = None,
) -> Sequence[AuditEntry]:
    """Apply a file, and return what that changed, in its order. Undo it for a plan.

    `seen`: the position that a plan was made at. Raises `FileInvalid` with the line of what is
    wrong, and `Conflict` if settings have changed since then; nothing may be kept then.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    content = read(file)
    content.check_keys((), content.content, {"version", *KINDS})
    before = await position(caller, session)
    if seen is not None and seen != before:
        raise Conflict(CHANGED)
    run = Run(caller, session, known, content)
    await run.learn()
    for name, (_, act) in KINDS.items():
        if name in content.content:
            await act(run, content.content[name])
    await session.flush()
    changed = await audit.listed(
        session, caller.account_id, AuditFilters(), before=None, limit=MOST_CHANGES
    )
    return [one for one in reversed(changed) if one.id > before]
