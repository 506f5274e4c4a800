"""Sources: ads, posters and pages, each with its line, its skill, and the text that it asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, sources
from database.tables import Line, Skill, Source
from domain.errors import Invalid
from domain.numbers.kinds import LineKind
from domain.origins.sources import folded_keyword, sms_link, whole_first_text, without_keyword
from domain.people.roles import Role
from domain.settings.allowed import check_setting
from domain.text.folding import fold
from services.caller import Caller
from services.changes import UNCHANGED, Unchanged
from services.clock import utc_now


@dataclass(frozen=True)
class SourceDetail:
    """A source, the address of its line, and how many conversations began with it."""

    source: Source
    address: str
    conversations: int

    @property
    def link(self) -> str:
        """Return the address that opens a phone's messages."""
        return sms_link(self.address, self.source.first_text)


@dataclass(frozen=True)
class NewSource:
    """An ad, a poster or a page. Without an id, the name makes one.

    `keyword`: in front of the first text; empty: the whole text is recognised.
    """

    name: str
    line: str
    skill: str
    keyword: str = ""
    first_text: str = ""
    id: str | None = None


@dataclass(frozen=True)
class SourceChange:
    """Another line is another source, because what is printed names the line."""

    name: str | Unchanged = UNCHANGED
    skill: str | Unchanged = UNCHANGED
    keyword: str | Unchanged = UNCHANGED
    first_text: str | Unchanged = UNCHANGED


async def listed(
    caller: Caller,
    session: AsyncSession,
    *,
    after: str | None = None,
    limit: int | None = None,
    retired: bool = False,
) -> list[SourceDetail]:
    """Return the account's sources, after the id `after`."""
    caller.require(Role.agent)
    rows = await account_rows.listed(
        session, Source, caller.account_id, after=after, limit=limit, retired=retired
    )
    return await _details(session, caller, rows)


async def find(caller: Caller, session: AsyncSession, source_id: str) -> SourceDetail:
    """Return a source, retired or not. Raises `NotFound`."""
    caller.require(Role.agent)
    row = await account_rows.find(session, Source, caller.account_id, source_id)
    return (await _details(session, caller, [row]))[0]


async def create(caller: Caller, session: AsyncSession, new: NewSource) -> SourceDetail:
    """Create a source.

    Raises `Invalid` for an unfit keyword, text or id, `NotFound` and `Conflict` for a line or skill
    that does not exist or is retired, and `Conflict` for words that count for something else.
    """
    caller.require(Role.admin)
    check_setting("name", new.name)
    line = await account_rows.find_active(session, Line, caller.account_id, new.line)
    if line.kind == LineKind.service:
        raise Invalid("A Messaging Service has no number of its own to text. Choose another line.")
    skill = await account_rows.find_active(session, Skill, caller.account_id, new.skill)
    source = Source(
        id=await account_rows.new_id(session, Source, caller.account_id, new.name, new.id),
        account_id=caller.account_id,
        line_id=line.id,
        skill_id=skill.id,
        name=new.name,
    )
    await _write(session, source, new.keyword, new.first_text)
    session.add(source)
    await session.flush()
    return SourceDetail(source, line.address, 0)


async def change(
    caller: Caller, session: AsyncSession, source_id: str, wanted: SourceChange
) -> SourceDetail:
    """Change a source. What is printed already goes on showing the old text.

    Raises what `create` raises.
    """
    caller.require(Role.admin)
    source = await account_rows.find_active(session, Source, caller.account_id, source_id)
    line = await account_rows.find_active(session, Line, caller.account_id, source.line_id)
    if wanted.name is not UNCHANGED:
        check_setting("name", wanted.name)
        source.name = wanted.name
    if wanted.skill is not UNCHANGED:
        skill = await account_rows.find_active(session, Skill, caller.account_id, wanted.skill)
        source.skill_id = skill.id
    if wanted.keyword is not UNCHANGED or wanted.first_text is not UNCHANGED:
        keyword = source.keyword or "" if wanted.keyword is UNCHANGED else wanted.keyword
        text = source.first_text if wanted.first_text is UNCHANGED else wanted.first_text
        await _write(session, source, keyword, text)
    await session.flush()
    return (await _details(session, caller, [source], {line.id: line.address}))[0]


async def retire(caller: Caller, session: AsyncSession, source_id: str) -> None:
    """Retire a source: its texts count for nothing any more. Its conversations keep it.

    Raises `NotFound` and `Conflict`.
    """
    caller.require(Role.admin)
    source = await account_rows.find_active(session, Source, caller.account_id, source_id)
    account_rows.retire(source, utc_now())


async def _write(session: AsyncSession, source: Source, keyword: str, first_text: str) -> None:
    """Set keyword and text, by turns for each line. Raises `Invalid` and `Conflict`."""
    keyword = keyword.strip()
    plain = without_keyword(source.keyword or "", first_text)
    source.keyword = folded_keyword(keyword) if keyword else None
    source.first_text = whole_first_text(keyword, plain)
    source.folded_text = fold(source.first_text)
    with session.no_autoflush:
        await sources.check_free(session, source)


async def _details(
    session: AsyncSession,
    caller: Caller,
    rows: Sequence[Source],
    addresses: dict[str, str] | None = None,
) -> list[SourceDetail]:
    counted = await sources.counts(session, caller.account_id, [row.id for row in rows])
    if addresses is None:
        lines = await account_rows.listed(session, Line, caller.account_id, retired=True)
        addresses = {line.id: line.address for line in lines}
    return [SourceDetail(row, addresses[row.line_id], counted[row.id]) for row in rows]
