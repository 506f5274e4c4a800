"""Lines: the brand's numbers, and where their texts go."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from api.app_state import AppState, AppStateDep, SessionDep
from api.caller import AdminDep, CallerDep
from api.clock import utc_now
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.brand import KeywordRoute, LineChange, LineOut, MisdirectedTexts, NewLine
from api.schemas.shared import Cursor, Limit, Page, SlugPath, after_id, page_of, sent
from database.queries import account_rows, accounts, line_keywords, misdirected
from database.tables import Connector, Line, LineRefusal, Skill
from domain.errors import Conflict, NotAllowed, NotFound, NumberInvalid
from domain.numbers.kinds import LineKind
from domain.numbers.line_addresses import line_address
from providers.contract import webhook_path

router = APIRouter(prefix="/lines", tags=["lines"])


@router.get("")
async def list_lines(
    caller: CallerDep,
    parts: AppStateDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    retired: Annotated[bool, Query(description="Show retired ones too.")] = False,
) -> Page[LineOut]:
    """List the account's lines."""
    rows = await account_rows.listed(
        session,
        Line,
        caller.account_id,
        after=after_id(cursor),
        limit=limit + 1,
        retired=retired,
    )
    show = await _showing(session, parts, caller.account_id, [row.id for row in rows])
    return page_of(rows, limit, show, lambda row: [row.id])


@router.post(
    "", status_code=201, responses=documented(NotAllowed, NotFound, Conflict, NumberInvalid)
)
async def create_line(
    new: NewLine, caller: AdminDep, parts: AppStateDep, session: SessionDep, once: OnceDep
) -> LineOut:
    """Put a number into service; give its webhook address to the provider."""
    address, kind = line_address(new.address, new.kind)
    keywords = _keywords(new.keywords)

    async def make() -> LineOut:
        connector = await account_rows.find_active(
            session, Connector, caller.account_id, new.connector
        )
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
        )
        session.add(line)
        await session.flush()
        await line_keywords.save(session, line, keywords)
        return (await _showing(session, parts, caller.account_id, [line.id]))(line)

    return await once.create(session, LineOut, make)


@router.get("/{line_id}", responses=documented(NotFound))
async def show_line(
    line_id: SlugPath, caller: CallerDep, parts: AppStateDep, session: SessionDep
) -> LineOut:
    """Show a line, retired or not."""
    line = await account_rows.find(session, Line, caller.account_id, line_id)
    return (await _showing(session, parts, caller.account_id, [line.id]))(line)


@router.patch("/{line_id}", responses=documented(NotAllowed, NotFound, Conflict))
async def change_line(
    line_id: SlugPath, change: LineChange, caller: AdminDep, parts: AppStateDep, session: SessionDep
) -> LineOut:
    """Change a line; open conversations stay where they are."""
    line = await account_rows.find_active(session, Line, caller.account_id, line_id)
    values = sent(change)
    if "entry_skill" in values:
        wanted = values.pop("entry_skill")
        skill = await account_rows.find_active(session, Skill, caller.account_id, wanted)
        line.entry_skill_id = skill.id
    if "kind" in values:
        _, kind = line_address(line.address, change.kind)
        values["kind"] = str(kind)
    if values.pop("keywords", None) is not None:
        await line_keywords.save(session, line, _keywords(change.keywords))
    for name, value in values.items():
        setattr(line, name, value)
    return (await _showing(session, parts, caller.account_id, [line.id]))(line)


@router.delete("/{line_id}", status_code=204, responses=documented(NotAllowed, NotFound, Conflict))
async def retire_line(line_id: SlugPath, caller: AdminDep, session: SessionDep) -> None:
    """Retire a line: its texts are refused from now on. Refused while conversations are open."""
    line = await account_rows.find_active(session, Line, caller.account_id, line_id)
    await accounts.check_line_unused(session, line)
    account_rows.retire(line, utc_now())


def _keywords(routes: Sequence[KeywordRoute]) -> dict[str, str]:
    return line_keywords.folded([(route.keyword, route.skill) for route in routes])


async def _showing(
    session: SessionDep, parts: AppState, account_id: str, line_ids: Sequence[str]
) -> Callable[[Line], LineOut]:
    """Return how lines are shown: with what stands in other tables."""
    rows = await account_rows.listed(session, Connector, account_id, retired=True)
    providers = {row.id: row.provider for row in rows}
    keywords = await line_keywords.of_lines(session, line_ids)
    others = await misdirected.of_lines(session, line_ids)
    return lambda line: _shown(
        parts, providers[line.connector_id], keywords[line.id], others[line.id], line
    )


def _shown(
    parts: AppState,
    provider: str,
    keywords: Mapping[str, str],
    others: Sequence[LineRefusal],
    line: Line,
) -> LineOut:
    return LineOut(
        id=line.id,
        connector_id=line.connector_id,
        name=line.name,
        address=line.address,
        kind=LineKind(line.kind),
        entry_skill_id=line.entry_skill_id,
        priority=line.priority,
        language=line.language,
        keywords=[KeywordRoute(keyword=word, skill=skill) for word, skill in keywords.items()],
        inbound_webhook=_inbound_webhook(parts, provider, line.id),
        misdirected_texts=[MisdirectedTexts.model_validate(row) for row in others],
        retired_at=line.retired_at,
    )


def _inbound_webhook(parts: AppState, provider: str, line_id: str) -> str | None:
    adapter = parts.providers.get(provider)
    if adapter is None:  # a newer version connected it
        return None
    described = adapter.description
    path = webhook_path(described, line_id, described.texts_webhook)
    return parts.settings.web.public_base_url.rstrip("/") + path
