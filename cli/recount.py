"""`switchboard recount`: makes all figures anew from the events, and says which were wrong."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from cli.absence import sentence_for
from cli.configuration import borrow_environment
from database.away import state_of
from database.engine import Sessions, opened
from database.patience import patience
from database.queries.reports import summing
from database.tables import Account
from domain.reporting.kinds import Span
from reporting import recounting
from reporting.summing import Summing
from runtime.configuration import load_settings
from settings import Settings

WAITS_SECONDS = 600.0
"""For a worker that makes the same account anew, or sums a large day of it. Ours."""
PAUSE_SECONDS = 1.0
HELD_UP = frozenset({"55P03", "40P01"})
"""A lock was not free in time; a deadlock."""
MARKS_SECONDS = 600.0
"""How long looking through all sums may take. Ours."""


def recount(
    account: Annotated[
        str | None, typer.Argument(help="The id of an account; without one, all of them.")
    ] = None,
    data: Annotated[Path, typer.Option(help="Folder of `switchboard up`.")] = Path(".data"),
) -> None:
    """Make the figures of reports anew from the events, and say which days and months were wrong.

    It may run while everything works, waits for workers that count the same account, and may be
    stopped and begun again.
    """
    borrow_environment(data)
    settings = load_settings()
    try:
        found = asyncio.run(_recount(settings, account))
    except OperationalError as error:
        typer.secho(sentence_for(error, "The database"), fg="red", err=True)
        raise typer.Exit(2) from None
    if account and not found:
        typer.secho(f"There is no account {account}.", fg="red", err=True)
        raise typer.Exit(1)
    for account_id, days in found.items():
        wrong = ", ".join(sorted(days)) or "none"
        typer.echo(f"{account_id}: days and months whose figures changed: {wrong}")


async def _recount(settings: Settings, wanted: str | None) -> Mapping[str, set[str]]:
    found = {}
    async with opened(settings.database.url, name="switchboard-recount") as sessions:
        async with sessions() as session:
            query = select(Account.id, Account.time_zone).order_by(Account.id)
            zones = {row.id: row.time_zone for row in await session.execute(query)}
        for account_id, zone in zones.items():
            if wanted in (None, account_id):
                changed = await _changed(sessions, account_id)
                found[account_id] = {_named(*one, ZoneInfo(zone)) for one in changed}
    return found


async def _changed(sessions: Sessions, account_id: str) -> set[tuple[Span, datetime]]:
    """Make an account's figures anew. Returns the days and months that have others now, with when
    they begin. A month that was not summed yet had no wrong ones.
    """
    before = await _marks(sessions, account_id)
    summing_ = Summing(sessions)
    for step in (
        partial(recounting.begin, sessions),
        partial(recounting.go_on, sessions),
        summing_.count_consents,
        summing_.sum,
    ):
        await _patiently(step, account_id)
    after = await _marks(sessions, account_id)
    first = {one for one in after if one[0] is Span.month and one not in before}
    return {one for one in {*before, *after} - first if before.get(one) != after.get(one)}


async def _patiently(step: Callable[[str], Awaitable[None]], account_id: str) -> None:
    """Take a step, again and again while a worker writes or sums the same account."""
    until = time.monotonic() + WAITS_SECONDS
    while True:
        try:
            return await step(account_id)
        except OperationalError as error:
            if state_of(error) not in HELD_UP or time.monotonic() > until:
                raise
        await asyncio.sleep(PAUSE_SECONDS)


async def _marks(sessions: Sessions, account_id: str) -> Mapping[tuple[Span, datetime], str]:
    async with sessions() as session, patience(session, MARKS_SECONDS):
        return await summing.marks(session, account_id)


def _named(span: Span, begins_at: datetime, zone: ZoneInfo) -> str:
    """Return a day, or a month, by the account's clock."""
    day = begins_at.astimezone(zone).date().isoformat()
    return day if span is Span.day else day[: len("2026-11")]
