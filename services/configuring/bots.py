"""Bots: programs that serve skills. Their secrets are shown once, and never again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, bots, skills
from database.tables import Bot, BotRecord, Skill
from domain.bots.disclosure import check_disclosures
from domain.bots.kinds import BotMode
from domain.bots.policy import DEADLINE_SECONDS, TEXTS, TURNS, TURNS_PER_MINUTE
from domain.endpoints.urls import receiver_url
from domain.errors import Conflict, Invalid
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.allowed import check_setting
from security.endpoint_secrets import new_signing_secret
from services.caller import Caller
from services.changes import UNCHANGED, Change, Unchanged
from services.clock import shared_now, utc_now
from services.configuring.endpoints import OVERLAP_HOURS, Signing

MOST = 50
"""Bots of an account. Ours: far above what anybody has skills for."""


@dataclass(frozen=True)
class NewBot:
    """A program that will serve skills. Without an id, the name makes one."""

    name: str
    fallback_skill: str
    mode: BotMode = BotMode.webhook
    url: str | None = None
    deadline_seconds: int = DEADLINE_SECONDS
    discloses: bool = True
    disclosures: Mapping[str, str] = field(default_factory=dict)
    tells_number: bool = False
    texts_most: int = TEXTS
    turns_most: int = TURNS
    turns_per_minute: int = TURNS_PER_MINUTE
    id: str | None = None


@dataclass(frozen=True)
class BotChange(Change):
    """Open conversations keep the old settings until they are transferred; the address counts at
    once.
    """

    name: str | Unchanged = UNCHANGED
    fallback_skill: str | Unchanged = UNCHANGED
    mode: BotMode | Unchanged = UNCHANGED
    url: str | Unchanged | None = UNCHANGED
    deadline_seconds: int | Unchanged = UNCHANGED
    discloses: bool | Unchanged = UNCHANGED
    disclosures: Mapping[str, str] | Unchanged = UNCHANGED
    tells_number: bool | Unchanged = UNCHANGED
    texts_most: int | Unchanged = UNCHANGED
    turns_most: int | Unchanged = UNCHANGED
    turns_per_minute: int | Unchanged = UNCHANGED


@dataclass(frozen=True)
class BotState:
    """A bot, the skills it serves, and how it does.

    `has_people`: any agent has its fallback skill. `conversations`: how many it has now.
    """

    bot: Bot
    skills: Sequence[str]
    record: BotRecord
    has_people: bool
    conversations: int


@dataclass(frozen=True)
class BotMade:
    """A bot, and its new secret, which is shown this once."""

    state: BotState
    secret: str = field(repr=False)


async def listed(
    caller: Caller, session: AsyncSession, *, after: str | None = None, limit: int | None = None
) -> list[BotState]:
    """Return the bots in use, after the id `after`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.bots_read)
    rows = await account_rows.listed(session, Bot, caller.account_id, after=after, limit=limit)
    return await _states(session, caller.account_id, rows)


async def find(caller: Caller, session: AsyncSession, bot_id: str) -> BotState:
    """Return a bot, deleted or not. Raises `NotFound`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.bots_read)
    return await _state(session, await account_rows.find(session, Bot, caller.account_id, bot_id))


async def create(caller: Caller, session: AsyncSession, signing: Signing, new: NewBot) -> BotMade:
    """Make a bot. It serves no skill yet.

    Raises `UrlRefused`, `Invalid` for unfit settings, `NotFound` for an unknown skill, `Conflict`
    for a taken id and when there are too many.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.bots_write)
    if len(await account_rows.listed(session, Bot, caller.account_id, limit=MOST)) >= MOST:
        raise Conflict(f"An account has at most {MOST} bots.")
    people = await account_rows.find_active(session, Skill, caller.account_id, new.fallback_skill)
    secret = new_signing_secret()
    row = Bot(
        id=await account_rows.new_id(session, Bot, caller.account_id, new.name, new.id),
        account_id=caller.account_id,
        fallback_skill_id=people.id,
        url=_url(signing, new.url),
        secret=signing.secrets.seal(secret),
        **_checked(new),
    )
    _check_address(row)
    session.add(row)
    await session.flush()
    await session.refresh(row)
    return BotMade(await _state(session, row), secret)


async def change(
    caller: Caller, session: AsyncSession, signing: Signing, bot_id: str, wanted: BotChange
) -> BotState:
    """Change a bot. Raises as `create` does, and `Conflict` for a deleted one."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.bots_write)
    row = await _active(caller, session, bot_id)
    if not isinstance(wanted.fallback_skill, Unchanged):
        people = await account_rows.find_active(
            session, Skill, caller.account_id, wanted.fallback_skill
        )
        row.fallback_skill_id = people.id
    if not isinstance(wanted.url, Unchanged):
        row.url = _url(signing, wanted.url)
    if not isinstance(wanted.disclosures, Unchanged):
        check_disclosures(wanted.disclosures)
    wanted.apply(row, but=["fallback_skill", "url"])
    _check_address(row)
    await session.flush()
    return await _state(session, row)


async def rotate_secret(
    caller: Caller, session: AsyncSession, signing: Signing, bot_id: str
) -> BotMade:
    """Make a new secret; the old one signs too for a day. Raises `NotFound`, `Conflict`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.bots_write)
    row = await _active(caller, session, bot_id)
    secret = new_signing_secret()
    row.previous_secret = row.secret
    row.previous_until = utc_now() + timedelta(hours=OVERLAP_HOURS)
    row.secret = signing.secrets.seal(secret)
    await session.flush()
    return BotMade(await _state(session, row), secret)


async def resume(caller: Caller, session: AsyncSession, bot_id: str) -> BotState:
    """Ask a bot again that was left out because it failed. Raises `NotFound`, `Conflict`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.bots_write)
    row = await _active(caller, session, bot_id)
    await bots.resume(session, row, await shared_now(session))
    return await _state(session, row)


async def retire(caller: Caller, session: AsyncSession, bot_id: str) -> None:
    """Delete a bot: people serve its skills, and get its conversations at the next text.

    Raises `NotFound`, `Conflict`.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.bots_write)
    row = await _active(caller, session, bot_id)
    await bots.forget(session, row)
    account_rows.retire(row, utc_now())


async def _active(caller: Caller, session: AsyncSession, bot_id: str) -> Bot:
    return await account_rows.find_active(session, Bot, caller.account_id, bot_id)


async def _state(session: AsyncSession, row: Bot) -> BotState:
    return (await _states(session, row.account_id, [row]))[0]


async def _states(session: AsyncSession, account_id: str, rows: Sequence[Bot]) -> list[BotState]:
    ids = [row.id for row in rows]
    records, served = await bots.records(session, ids), await bots.skills_of(session, ids)
    held = await bots.with_bots(session, account_id)
    return [
        BotState(
            bot=row,
            skills=served[row.id],
            record=records.get(row.id)
            or BotRecord(bot_id=row.id, answered=0, passed_on=0, failures=0),
            has_people=await skills.is_held(session, row.fallback_skill_id),
            conversations=held.get(row.id, 0),
        )
        for row in rows
    ]


def _checked(new: NewBot) -> dict[str, object]:
    """Return the settings of a new bot that are columns of its row. Raises `Invalid`."""
    check_disclosures(new.disclosures)
    names = (
        *("name", "mode", "deadline_seconds", "discloses", "disclosures", "tells_number"),
        *("texts_most", "turns_most", "turns_per_minute"),
    )
    values = {name: getattr(new, name) for name in names}
    for name, value in values.items():
        check_setting(name, value)
    return values


def _check_address(row: Bot) -> None:
    if row.mode == BotMode.webhook and not row.url:
        raise Invalid("A bot that is asked by webhook needs an address.")


def _url(signing: Signing, written: str | None) -> str | None:
    own = signing.has_own_networks
    return str(receiver_url(written, has_own_networks=own)) if written else None
