"""Accounts, and the checks before a part of one is retired."""

import re
from dataclasses import dataclass
from secrets import token_hex

from sqlalchemy import exists, func, literal, select, true
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from database.queries import zones
from database.tables import (
    Account,
    Bot,
    Connector,
    Conversation,
    Line,
    LineKeyword,
    Menu,
    MenuVersion,
    QueueEntry,
    Skill,
    Source,
)
from domain.conversation.kinds import Status
from domain.errors import Conflict, Invalid, NotFound
from domain.ids import slug

ACCOUNT_ID = re.compile(r"(?=.{1,40}\Z)[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_STEM = 32
"""Characters of an account's name in its id, which leaves room for random digits."""
RANDOM_BYTES = 4
"""Of an id whose name is taken: of two accounts of one name, neither meets the other's id."""
SETTING_UP = 0x5B0A
"""An arbitrary number for PostgreSQL's advisory lock. Ours."""


BY_TURNS = sql("SELECT pg_advisory_xact_lock(hashtextextended('settings ' || :account_id, 0))")


@dataclass(frozen=True)
class NewAccount:
    """An account to set up. Consumers read `brand`; without an id, one is made from the name."""

    name: str
    brand: str
    language: str = "en"
    time_zone: str = "UTC"
    id: str | None = None


async def create(session: AsyncSession, new: NewAccount) -> Account:
    """Set up an account. Raises `Conflict` when its id is taken, `Invalid` when it is malformed or
    `zones.check` refuses its time zone.
    """
    account_id = new.id or slug(new.name)
    await _check_id(session, account_id)
    await zones.check(session, new.time_zone)
    account = Account(
        id=account_id,
        name=new.name,
        brand=new.brand,
        language=new.language,
        time_zone=new.time_zone,
    )
    session.add(account)
    await session.flush()
    # The database supplies the defaults.
    await session.refresh(account)
    return account


async def free_id(session: AsyncSession, name: str) -> str:
    """Return an id for an account of this name: the name itself, or with digits if that is taken.

    It tells whoever sets up an account that another has the name, and nothing else of it.
    """
    stem = slug(name)[:LONGEST_STEM].strip("-") if re.search("[a-zA-Z0-9]", name) else "brand"
    try:
        await _check_id(session, stem)
    except Conflict:
        return f"{stem}{token_hex(RANDOM_BYTES)}"
    return stem


async def only_one(session: AsyncSession, account_id: str | None) -> str:
    """Return the id of the account that is named, or of the only one. Raises `Invalid`."""
    query = select(Account.id).order_by(Account.id)
    if account_id is not None:
        query = query.where(Account.id == account_id)
    found = (await session.scalars(query.limit(2))).all()
    if len(found) == 1:
        return found[0]
    if found:
        raise Invalid("There is more than one account. Name one with --account.")
    raise Invalid(f"There is no account {account_id}." if account_id else "There is no account.")


async def take_turn(session: AsyncSession, account_id: str) -> None:
    """Wait for others who take turns with an account, and read all rows again after them."""
    await session.execute(BY_TURNS, {"account_id": account_id})
    session.expire_all()


async def _check_id(session: AsyncSession, account_id: str) -> None:
    """Refuse an id that is the beginning of another account's id, or begins with one.

    The ids of an account's agents, skills, lines and connectors begin with the account's id. So no
    account can take or guess another account's ids, whichever was set up first.
    """
    if not ACCOUNT_ID.fullmatch(account_id):
        raise Invalid(
            "An account's id has at most 40 lower-case letters and digits, with hyphens between."
        )
    # Two accounts that are set up at the same time must see each other.
    await session.execute(select(func.pg_advisory_xact_lock(SETTING_UP)))
    other = await session.scalar(
        select(Account.id)
        .where(
            (Account.id == account_id)
            | Account.id.startswith(f"{account_id}-")
            | literal(account_id).startswith(Account.id + "-")
        )
        .limit(1)
    )
    if other == account_id:
        raise Conflict(f"There is already an account {account_id}.")
    if other is not None:
        raise Conflict(
            f"The id {account_id} is too close to the account {other}: one id begins with the "
            "other. Give another id."
        )


async def find(session: AsyncSession, account_id: str) -> Account:
    """Return an account. Raises `NotFound`."""
    account = await session.get(Account, account_id)
    if account is None:
        raise NotFound
    return account


async def check_connector_unused(session: AsyncSession, connector: Connector) -> None:
    """Raise `Conflict` while a line in use belongs to a connector."""
    await _refuse(
        session,
        exists().where(Line.connector_id == connector.id, Line.retired_at.is_(None)),
        f"{connector.name} still has lines. Retire them first.",
    )


async def check_address_free(session: AsyncSession, account_id: str, address: str) -> None:
    """Raise `Conflict` while a line of the account has an address, on whichever connector.

    Consumers see one sender, so its texts and reports must have one line.
    """
    has_it = func.lower(Line.address) == address.lower()
    query = select(Line.name).where(
        Line.account_id == account_id, Line.retired_at.is_(None), has_it
    )
    name = await session.scalar(query)
    if name is not None:
        raise Conflict(f"The line {name} already has this address. Retire that line first.")


async def check_line_unused(
    session: AsyncSession, line: Line, but_for_menu: str | None = None
) -> None:
    """Raise `Conflict` while a conversation on a line is open, or a menu but one names it."""
    await _refuse(
        session,
        exists().where(Conversation.line_id == line.id, Conversation.status != str(Status.closed)),
        f"{line.name} still has open conversations. Close them first.",
    )
    await _refuse(
        session,
        _in_a_menu("line", line.id, but_for_menu),
        f"{line.name} texts the callers of a menu. Change or retire the menu first.",
    )


def _in_a_menu(name: str, row_id: str, but_for: str | None = None) -> ColumnElement[bool]:
    """Return whether the present version of a menu, but for one, names a line or a skill."""
    present = (MenuVersion.menu_id == Menu.id) & (MenuVersion.version == Menu.version)
    names_it = MenuVersion.design[name].astext == row_id
    is_another = Menu.id != but_for if but_for else true()
    return exists().where(present, names_it, is_another, Menu.retired_at.is_(None))


async def check_skill_unused(session: AsyncSession, skill: Skill) -> None:
    """Raise `Conflict` while texts or conversations would be stranded without a skill."""
    for stranded, sentence in _ways_in(skill):
        await _refuse(session, stranded, sentence)
    await _refuse(
        session,
        exists().where(QueueEntry.skill_id == skill.id)
        | exists().where(
            Conversation.skill_id == skill.id, Conversation.status != str(Status.closed)
        ),
        f"{skill.name} still has open conversations. Transfer or close them first.",
    )


def _ways_in(skill: Skill) -> list[tuple[ColumnElement[bool], str]]:
    """Return the conditions under which conversations still reach a skill, with their refusals."""
    other, name = aliased(Skill), skill.name
    return [
        (
            exists().where(Line.entry_skill_id == skill.id, Line.retired_at.is_(None)),
            f"{name} is the entry skill of a line. Give the line another one first.",
        ),
        (
            exists()
            .where(LineKeyword.skill_id == skill.id)
            .where(Line.id == LineKeyword.line_id, Line.retired_at.is_(None)),
            f"{name} is the skill of a line's keyword. Give the keyword another one first.",
        ),
        (
            exists().where(Source.skill_id == skill.id, Source.retired_at.is_(None)),
            f"{name} is the skill of a source. Give the source another one first.",
        ),
        (
            exists().where(Account.default_skill_id == skill.id),
            f"{name} is the account's default skill. Choose another one first.",
        ),
        (
            _in_a_menu("skill", skill.id),
            f"{name} is the skill of a phone menu. Give the menu another one first.",
        ),
        (
            exists().where(other.fallback_skill_id == skill.id, other.retired_at.is_(None)),
            f"{name} is another skill's fallback. Give that skill another one first.",
        ),
        (
            exists().where(Bot.fallback_skill_id == skill.id, Bot.retired_at.is_(None)),
            f"{name} is the skill of the people behind a bot. Give the bot another one first.",
        ),
    ]


async def _refuse(session: AsyncSession, stranded: ColumnElement[bool], sentence: str) -> None:
    if await session.scalar(select(func.coalesce(stranded, False))):
        raise Conflict(sentence)
