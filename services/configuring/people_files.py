"""Many people at once, from a CSV file: looked through first, then the good rows are added."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import agents as agent_rows
from domain.errors import DomainError, Invalid
from domain.people.log_in_names import log_in_name, shown_name
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.allowed import check_setting
from domain.text.formulas import as_written
from services.caller import Caller
from services.configuring import agents, skills
from services.configuring.agents import NewAgent
from services.configuring.passwords import PasswordHasher
from services.csv_files import heading_of, opened_csv, reader_of

MOST = 1000
"""Rows of a file. Ours: a centre has some hundred people."""
LARGEST = 1024 * 1024
"""Bytes of a file. Ours."""
COLUMNS = ("name", "email", "role", "skills", "capacity")
NEEDED = ("name", "email")
BETWEEN_SKILLS = "|"


@dataclass(frozen=True)
class Row:
    """A row of the file: what it would add, or why not. `line`: in the file, from 1."""

    line: int
    name: str
    email: str
    new: NewAgent | None = None
    problem: str = ""


async def read(caller: Caller, session: AsyncSession, file: bytes) -> list[Row]:
    """Return what a file would add, row by row. Adds nothing.

    Raises `Invalid` for a file that is none, is too large, or lacks a column.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.agents_write)
    if len(file) > LARGEST:
        raise Invalid("The file is larger than 1 MB. Split it.")
    known: dict[str, list[str]] = {}
    for one in await skills.listed(caller, session):
        known.setdefault(one.skill.name.casefold(), []).append(one.skill.id)
    taken: dict[str, int] = {}
    found = []
    for line, cells in _rows(file):
        row = _read(line, cells, known)
        found.append(await _checked(session, caller.account_id, row, taken))
    return found


async def add(
    caller: Caller, session: AsyncSession, passwords: PasswordHasher, file: bytes
) -> list[tuple[Row, str | None]]:
    """Add the good rows of a file; returns all rows, each with the id of who was added.

    Sent twice, it adds nobody twice: their addresses are taken then.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.agents_write)
    done: list[tuple[Row, str | None]] = []
    for row in await read(caller, session, file):
        if row.new is None:
            done.append((row, None))
            continue
        made = await agents.create(caller, session, passwords, row.new)
        done.append((row, made.agent.id))
    return done


def as_text(file: bytes) -> str:
    """Return what a file says, whatever its encoding. Raises `Invalid` for one that is no text."""
    with opened_csv(BytesIO(file)) as opened:
        return opened.text.read()


def _rows(file: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    with opened_csv(BytesIO(file)) as opened:
        lines: Any = reader_of(opened.text)
        heading = [one.strip().casefold() for one in heading_of(lines)]
        _check_heading(heading)
        count = 0
        try:
            for cells in islice(lines, MOST + 1):
                if not any(cell.strip() for cell in cells):
                    continue
                count += 1
                if count > MOST:
                    raise Invalid(f"The file has more than {MOST} rows. Split it.")
                values = (as_written(cell.strip()) for cell in cells)
                yield lines.line_num, dict(zip(heading, values, strict=False))
        except csv.Error as error:
            raise Invalid(f"Line {lines.line_num} is no line of CSV.") from error


def _check_heading(heading: Sequence[str]) -> None:
    missing = [one for one in NEEDED if one not in heading]
    if missing:
        raise Invalid(
            f"The first line must name the columns {', '.join(COLUMNS)}; "
            f"{' and '.join(missing)} must be among them."
        )
    named = [one for one in heading if one]
    if len(set(named)) < len(named):
        raise Invalid("A column is there twice.")
    if unknown := [one for one in named if one not in COLUMNS]:
        raise Invalid(
            f"There is no column {', '.join(unknown)}. The columns are {', '.join(COLUMNS)}."
        )


def _read(line: int, cells: Mapping[str, str], known: Mapping[str, Sequence[str]]) -> Row:
    name, email = cells.get("name", ""), cells.get("email", "")
    try:
        new = NewAgent(
            name=shown_name(name),
            email=log_in_name(email),
            role=_role(cells.get("role", "")),
            skills=_skills(cells.get("skills", ""), known),
            capacity=_capacity(cells.get("capacity", "")),
        )
    except DomainError as error:
        return Row(line, name, email, problem=error.detail)
    return Row(line, name, email, new)


async def _checked(session: AsyncSession, account_id: str, row: Row, taken: dict[str, int]) -> Row:
    """Refuse an address that somebody has, here or in an earlier row."""
    if row.new is None:
        return row
    if row.new.email in taken:
        told = f"Line {taken[row.new.email]} has the same address."
        return Row(row.line, row.name, row.email, problem=told)
    try:
        await agent_rows.check_email_free(session, account_id, row.new.email)
    except DomainError as error:
        return Row(row.line, row.name, row.email, problem=error.detail)
    taken[row.new.email] = row.line
    return row


def _role(written: str) -> Role:
    try:
        return Role(written.casefold() or Role.agent)
    except ValueError:
        raise Invalid(f"{written} is no role: write agent, manager or admin.") from None


def _skills(written: str, known: Mapping[str, Sequence[str]]) -> Sequence[str]:
    names = [one.strip() for one in written.split(BETWEEN_SKILLS) if one.strip()]
    unknown = [one for one in names if one.casefold() not in known]
    if unknown:
        raise Invalid(f"There is no skill {', '.join(unknown)}. Write names with | between them.")
    several = [one for one in names if len(known[one.casefold()]) > 1]
    if several:
        raise Invalid(
            f"There are several skills {', '.join(several)}. Give them other names first."
        )
    return list(dict.fromkeys(known[one.casefold()][0] for one in names))


def _capacity(written: str) -> int | None:
    if not written:
        return None
    if not written.isdecimal() or len(written) > 4:
        raise Invalid(f"{written} is no number of conversations at once.")
    check_setting("capacity", int(written))
    return int(written)
