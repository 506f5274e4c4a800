"""Rows that belong to one account: found, listed and named without ever looking at another's."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import exists, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Account, Agent, Connector, Line, Skill
from domain.errors import Conflict, Invalid, NotFound
from domain.ids import SLUG, slug

Owned = TypeVar("Owned", Agent, Connector, Line, Skill)

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
    """Return an account's row and lock it for a change. Raises `Conflict` when it is retired."""
    if not SLUG.fullmatch(row_id):
        raise NotFound
    row = await session.scalar(
        select(table)
        .where(table.id == row_id, table.account_id == account_id)
        # Not FOR UPDATE: the journal refers to rows like these and must not wait.
        .with_for_update(key_share=True)
    )
    if row is None:
        raise NotFound
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
    """Return an account's rows in the order of their ids, from behind `after`; all or some."""
    query = select(table).where(table.account_id == account_id).order_by(table.id).limit(limit)
    if after is not None:
        query = query.where(table.id > after)
    if not retired:
        query = query.where(table.retired_at.is_(None))
    return (await session.scalars(query)).all()


async def new_id(
    session: AsyncSession, table: type[Owned], account_id: str, name: str, given: str | None
) -> str:
    """Return the id of a row to be made: the given one, or one made from its name.

    Both begin with the account's id, and no account's id begins another's (`accounts.create`), so
    that no account takes another's, or learns of one. Raises `Conflict` when the given one is
    taken, `Invalid` when it has another form.
    """
    if given is not None:
        if not _has_form(account_id, given) or await _is_anothers(session, account_id, given):
            raise _no_id_of(account_id)
        if await session.get(table, given) is not None:
            raise Conflict(f"The id {given} is taken.")
        return given
    stem = f"{account_id}-{slug(name)}"[: LONGEST_ID - 4].rstrip("-")
    if await _is_anothers(session, account_id, stem):
        raise Invalid("This name makes no id here. Give an id, or another name.")
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
    """Say whether an id begins as those of an account whose id begins with this one's.

    None can be set up; a row that somebody wrote by hand is no reason to lose what it protects.
    """
    longer = Account.id.startswith(f"{account_id}-", autoescape=True)
    beginning = literal(f"{row_id}-").startswith(Account.id + "-")
    return bool(await session.scalar(select(exists().where(longer, beginning))))


def retire(row: Agent | Connector | Line | Skill, now: datetime) -> None:
    """Take a row out of use; what it did stays on record."""
    row.retired_at = now
