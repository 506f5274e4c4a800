"""Lines: the brand's numbers, and where their texts go."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import (
    account_rows,
    accounts,
    exchanges,
    line_keywords,
    line_refusals,
    menus,
    paces,
)
from database.tables import Connector, Line, LineRefusal, Skill, WebhookRefusal
from domain.errors import Invalid
from domain.numbers.kinds import LineKind
from domain.numbers.line_addresses import ServiceAddress, line_address, phone_key
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.allowed import check_setting
from services.caller import Caller
from services.changes import UNCHANGED, Change, Unchanged
from services.clock import shared_now, utc_now
from services.configuring.connectors import KnownProviders

Keywords = Collection[tuple[str, str]]
"""Words as people write them, each with the skill of the conversations that begin with it."""


@dataclass(frozen=True)
class LineDetail:
    """A line with what is kept beside it.

    `keywords`: words with their skills. `misdirected`: texts that came to it for other lines.
    `refused`: webhooks without the provider's signature, for admins.
    """

    line: Line
    provider: str
    keywords: Mapping[str, str]
    misdirected: Sequence[LineRefusal]
    refused: WebhookRefusal | None = None


@dataclass(frozen=True)
class NewLine:
    """A number to put into service. Without an id, the name makes one; without a kind, the address.

    `priority` in minutes. `segments_per_second`: of all its texts; None: by its kind.
    """

    name: str
    connector: str
    address: str
    entry_skill: str
    kind: LineKind | None = None
    priority: int = 0
    language: str | None = None
    segments_per_second: float | None = None
    smart_encoding: bool = False
    keywords: Keywords = ()
    id: str | None = None


@dataclass(frozen=True)
class LineChange(Change):
    """Another address is another line."""

    name: str | Unchanged = UNCHANGED
    kind: LineKind | Unchanged = UNCHANGED
    entry_skill: str | Unchanged = UNCHANGED
    priority: int | Unchanged = UNCHANGED
    language: str | Unchanged | None = UNCHANGED
    segments_per_second: float | Unchanged | None = UNCHANGED
    smart_encoding: bool | Unchanged = UNCHANGED
    countries: Sequence[str] | Unchanged | None = UNCHANGED
    keywords: Keywords | Unchanged = UNCHANGED


async def listed(
    caller: Caller,
    session: AsyncSession,
    *,
    after: str | None = None,
    limit: int | None = None,
    retired: bool = False,
) -> list[LineDetail]:
    """Return the account's lines, after the id `after`."""
    caller.require(Role.agent)
    rows = await account_rows.listed(
        session, Line, caller.account_id, after=after, limit=limit, retired=retired
    )
    return await _details(session, caller, rows)


async def find(caller: Caller, session: AsyncSession, line_id: str) -> LineDetail:
    """Return a line, retired or not. Raises `NotFound`."""
    caller.require(Role.agent)
    line = await account_rows.find(session, Line, caller.account_id, line_id)
    return (await _details(session, caller, [line]))[0]


async def create(
    caller: Caller, session: AsyncSession, providers: KnownProviders, new: NewLine
) -> LineDetail:
    """Put a number into service.

    Raises `NumberInvalid`, and `Invalid` for an unfit address, keyword or id; `NotFound`,
    `Conflict` for a connector or a skill that does not exist or is retired, and for an address
    that another line has.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    check_setting("name", new.name)
    check_setting("priority", new.priority)
    check_setting("language", new.language)
    check_setting("segments_per_second", new.segments_per_second)
    connector = await account_rows.find_active(session, Connector, caller.account_id, new.connector)
    service = _service_address(providers, connector)
    address, kind = line_address(new.address, new.kind, service)
    if new.smart_encoding:
        _check_smart_encoding(providers, connector)
    await accounts.check_address_free(session, caller.account_id, address)
    keywords = line_keywords.folded(new.keywords)
    skill = await account_rows.find_active(session, Skill, caller.account_id, new.entry_skill)
    line = Line(
        id=await account_rows.new_id(session, Line, caller.account_id, new.name, new.id),
        account_id=caller.account_id,
        connector_id=connector.id,
        name=new.name,
        address=address,
        kind=str(kind),
        entry_skill_id=skill.id,
        priority=new.priority,
        language=new.language,
        segments_per_second=new.segments_per_second,
        smart_encoding=new.smart_encoding,
    )
    session.add(line)
    await session.flush()
    await line_keywords.save(session, line, keywords)
    return (await _details(session, caller, [line]))[0]


async def change(
    caller: Caller,
    session: AsyncSession,
    providers: KnownProviders,
    line_id: str,
    wanted: LineChange,
) -> LineDetail:
    """Change a line. Open conversations stay where they are. Raises what `create` raises.

    Texts that wait for their turn are given another by a changed pace.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    line = await account_rows.find_active(session, Line, caller.account_id, line_id)
    pace = (line.segments_per_second, line.kind)
    if wanted.entry_skill is not UNCHANGED:
        skill = await account_rows.find_active(
            session, Skill, caller.account_id, wanted.entry_skill
        )
        line.entry_skill_id = skill.id
    if wanted.kind is not UNCHANGED:
        connector = await account_rows.find(
            session, Connector, caller.account_id, line.connector_id
        )
        service = _service_address(providers, connector)
        line.kind = str(line_address(line.address, wanted.kind, service)[1])
    if wanted.smart_encoding is True:
        connector = await account_rows.find(
            session, Connector, caller.account_id, line.connector_id
        )
        _check_smart_encoding(providers, connector)
    if wanted.keywords is not UNCHANGED:
        await line_keywords.save(session, line, line_keywords.folded(wanted.keywords))
    wanted.apply(line, but=["entry_skill", "kind", "keywords"])
    if (line.segments_per_second, line.kind) != pace:
        await paces.change(session, line.id, await shared_now(session))
    return (await _details(session, caller, [line]))[0]


async def check_retirable(caller: Caller, session: AsyncSession, line_id: str) -> None:
    """Raise what `retire` would raise; a menu of its number alone may go along."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    line = await account_rows.find_active(session, Line, caller.account_id, line_id)
    own = await menus.of_line_alone(session, line.id, phone_key(line.address))
    await accounts.check_line_unused(session, line, own)


async def retire(caller: Caller, session: AsyncSession, line_id: str) -> None:
    """Retire a line: its texts are then refused.

    Raises `NotFound`, and `Conflict` while conversations are open on it.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    line = await account_rows.find_active(session, Line, caller.account_id, line_id)
    await accounts.check_line_unused(session, line)
    account_rows.retire(line, utc_now())


async def misdirected_texts(
    caller: Caller, session: AsyncSession
) -> Sequence[tuple[str, LineRefusal]]:
    """Return the misdirected texts of lines in service, each with the line's name."""
    caller.require(Role.agent)
    return await line_refusals.of_account(session, caller.account_id)


async def refused_webhooks(
    caller: Caller, session: AsyncSession
) -> Sequence[tuple[str, WebhookRefusal]]:
    """Return what lines in service refused for want of a signature, with the line's name."""
    caller.require(Role.admin)
    return await exchanges.refusals_of_account(session, caller.account_id)


def _service_address(providers: KnownProviders, connector: Connector) -> ServiceAddress | None:
    description = providers.descriptions.get(connector.provider)
    return description.service_address if description else None


def _check_smart_encoding(providers: KnownProviders, connector: Connector) -> None:
    """Raise `Invalid` if the provider cannot do it: the counts would be wrong."""
    description = providers.descriptions.get(connector.provider)
    if description is None or not description.capabilities.encodes_smartly:
        raise Invalid("The provider of this line has no Smart Encoding.")


async def _details(session: AsyncSession, caller: Caller, rows: Sequence[Line]) -> list[LineDetail]:
    ids = [row.id for row in rows]
    connectors = await account_rows.listed(session, Connector, caller.account_id, retired=True)
    providers = {row.id: row.provider for row in connectors}
    keywords = await line_keywords.of_lines(session, ids)
    others = await line_refusals.of_lines(session, ids)
    is_admin = caller.has(Role.admin)
    refused = await exchanges.refusals_of_lines(session, ids) if is_admin else {}
    return [
        LineDetail(
            row,
            providers[row.connector_id],
            keywords[row.id],
            others[row.id],
            refused.get(row.id),
        )
        for row in rows
    ]
