"""Finds, lists and names rows of one account, without ever reading another account's rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import exists, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import (
    Account,
    Agent,
    Bot,
    ClosingReason,
    Connector,
    ConsumerField,
    Endpoint,
    Label,
    Line,
    Menu,
    Panel,
    Skill,
    Source,
    Team,
)
from domain.errors import Conflict, Invalid, NotFound
from domain.ids import SLUG, slug

Owned = TypeVar(
    "Owned",
    Agent,
    Bot,
    ClosingReason,
    Connector,
    ConsumerField,
    Endpoint,
    Label,
    Line,
    Menu,
    Panel,
    Skill,
    Source,
    Team,
)
Retired = (
    Agent
    | Bot
    | ClosingReason
    | Connector
    | ConsumerField
    | Endpoint
    | Label
    | Line
    | Menu
    | Panel
    | Skill
    | Source
    | Team
)

LONGEST_ID = 63


async def find(session: AsyncSession, table: type[Owned], account_id: str, row_id: str) -> Owned:
    """Return an account's row, retired or not. Raises `NotFound`, for another account's too."""
    if not SLUG.fullmatch(row_id):
        raise NotFound
    row = await session.scalar(
        select(table).where(table.id == row_id, table.account_id == account_id)
    )
    if row is None:
        raise NotFound
    return row


async def find_active(
    session: AsyncSession, table: type[Owned], account_id: str, row_id: str
) -> Owned:
    """Return an account's row and lock it for a change. Raises `Conflict` when it is retired.

    A request may name several rows, so `NotFound` says which kind of row is missing.
    """
    kind = table.__tablename__.replace("_", " ")
    missing = NotFound(f"There is no {kind} with this id.")
    if not SLUG.fullmatch(row_id):
        raise missing
    row = await session.scalar(
        select(table)
        .where(table.id == row_id, table.account_id == account_id)
        # Not FOR UPDATE: the journal references these rows and must not wait for the lock.
        .with_for_update(key_share=True)
    )
    if row is None:
        raise missing
    if row.retired_at is not None:
        raise Conflict(f"{row.name} is retired.")
    return row


async def listed(
    session: AsyncSession,
    table: type[Owned],
    account_id: str,
    *,
    after: str | None = None,
    limit: int | None = None,
    retired: bool = False,
) -> Sequence[Owned]:
    """Return an account's rows in the order of their ids, after `after`, at most `limit`."""
    query = select(table).where(table.account_id == account_id).order_by(table.id).limit(limit)
    if after is not None:
        query = query.where(table.id > after)
    if not retired:
        query = query.where(table.retired_at.is_(None))
    return (await session.scalars(query)).all()


async def named(
    session: AsyncSession, table: type[Retired], account_id: str
) -> Sequence[tuple[str, str]]:
    """Return the names and ids of an account's rows in use, in the order of their ids."""
    query = select(table.name, table.id).where(
        table.account_id == account_id, table.retired_at.is_(None)
    )
    return [(name, row_id) for name, row_id in await session.execute(query.order_by(table.id))]


async def new_id(
    session: AsyncSession, table: type[Owned], account_id: str, name: str, given: str | None
) -> str:
    """Return the id for a new row: the given one, or one made from the row's name.

    Both begin with the account's id, and no account's id is the beginning of another's
    (`accounts.create`). So no account can take another account's id, or learn that it exists.
    Raises `Conflict` when the given id is taken, `Invalid` when it is malformed.
    """
    if given is not None:
        if not _has_form(account_id, given) or await _is_anothers(session, account_id, given):
            raise _no_id_of(account_id)
        if await session.get(table, given) is not None:
            raise Conflict(f"The id {given} is taken.")
        return given
    stem = f"{account_id}-{slug(name)}"[: LONGEST_ID - 4].rstrip("-")
    if await _is_anothers(session, account_id, stem):
        raise Invalid("No id can be made from this name. Give an id, or another name.")
    alike = select(table.id).where(table.id.startswith(stem, autoescape=True))
    return _first_free(stem, set(await session.scalars(alike)))


def _first_free(stem: str, taken: set[str]) -> str:
    candidates = (stem, *(f"{stem}-{count}" for count in range(2, 1000)))
    return next(candidate for candidate in candidates if candidate not in taken)


def _has_form(account_id: str, given: str) -> bool:
    return SLUG.fullmatch(given) is not None and given.startswith(f"{account_id}-")


def _no_id_of(account_id: str) -> Invalid:
    return Invalid(
        f"An id begins with {account_id}- and has at most {LONGEST_ID} lower-case letters, "
        "digits and hyphens."
    )


async def _is_anothers(session: AsyncSession, account_id: str, row_id: str) -> bool:
    """Say whether an id belongs to another account whose id begins with this account's.

    Such an account cannot be set up, but somebody may have written its row by hand.
    """
    longer = Account.id.startswith(f"{account_id}-", autoescape=True)
    beginning = literal(f"{row_id}-").startswith(Account.id + "-")
    return bool(await session.scalar(select(exists().where(longer, beginning))))


def retire(row: Retired, now: datetime) -> None:
    """Take a row out of use; its history stays on record."""
    row.retired_at = now
