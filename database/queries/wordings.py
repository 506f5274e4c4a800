"""What an account has set for a line with a skill: texts and timers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from database.tables import AutomaticMessage, AutomaticTimer, Line
from domain.automatic.kinds import Automatic, Timer
from domain.automatic.message_timers import TimerSetting
from domain.automatic.wordings import Wording


@dataclass(frozen=True)
class Setting:
    """Of which line and skill the settings are wanted."""

    account_id: str
    line_id: str
    connector_id: str
    skill_id: str

    @classmethod
    def of(cls, line: Line, skill_id: str) -> Self:
        return cls(line.account_id, line.id, line.connector_id, skill_id)


def wording(row: AutomaticMessage) -> Wording:
    """Return a row as the rules of resolution take it."""
    return Wording(
        event=Automatic(row.event),
        language=row.language,
        text=row.text,
        enabled=row.enabled,
        line_id=row.line_id,
        skill_id=row.skill_id,
        connector_id=row.connector_id,
    )


def timing(row: AutomaticTimer) -> TimerSetting:
    """Return a row as the rules of resolution take it."""
    return TimerSetting(
        event=Automatic(row.event),
        timer=Timer(delay=timedelta(seconds=row.delay_seconds), repeats=row.repeats),
        line_id=row.line_id,
        skill_id=row.skill_id,
    )


async def texts_for(session: AsyncSession, of: Setting) -> Sequence[AutomaticMessage]:
    """Return the texts set for a line, its connector, a skill, and the account."""
    table = AutomaticMessage
    query = select(table).where(
        table.account_id == of.account_id,
        _of(table.line_id, of.line_id),
        _of(table.skill_id, of.skill_id),
        _of(table.connector_id, of.connector_id),
    )
    return (await session.scalars(query)).all()


async def timers_for(session: AsyncSession, of: Setting) -> Sequence[AutomaticTimer]:
    """Return the timers set for a line, a skill, and the account."""
    table = AutomaticTimer
    query = select(table).where(
        table.account_id == of.account_id,
        _of(table.line_id, of.line_id),
        _of(table.skill_id, of.skill_id),
    )
    return (await session.scalars(query)).all()


def _of(column: InstrumentedAttribute[str | None], wanted: str) -> ColumnElement[bool]:
    return or_(column.is_(None), column == wanted)
