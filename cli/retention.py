"""`switchboard retention`: forgets at once what accounts keep no longer, or counts it."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import OperationalError

from activities.retaining import forget_old
from cli.absence import sentence_for
from cli.configuration import borrow_environment
from database.engine import Sessions, opened
from database.patience import patience
from database.queries import retention as kept
from domain.errors import Unavailable
from media.opening import create_store
from runtime.configuration import load_settings
from settings import Settings

COUNTS_SECONDS = 600.0
"""For each kind of an account. Ours: millions of old rows are looked up one by one."""
WORDS: Mapping[str, str] = {
    "conversations": "conversations",
    "messages": "other texts",
    "batch_texts": "recipients of batches",
    "calls": "calls",
}


def retention(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only count what would go; forget nothing.")
    ] = False,
    data: Annotated[Path, typer.Option(help="Folder of `switchboard up`.")] = Path(".data"),
) -> None:
    """Forget the content of what is older than its account or skill keeps it.

    Workers do it by themselves every six hours. It may be stopped and begun again.
    """
    borrow_environment(data)
    try:
        asyncio.run(_forget(load_settings(), dry_run=dry_run))
    except OperationalError as error:
        typer.echo(sentence_for(error, "The database"), err=True)
        raise typer.Exit(2) from None
    except Unavailable as error:
        typer.echo(f"{error.detail} What was forgotten stays so.", err=True)
        raise typer.Exit(2) from None


async def _forget(settings: Settings, *, dry_run: bool) -> None:
    url = settings.database.url
    async with opened(url, pool_size=2, name="switchboard-retention") as sessions:
        for account_id, count in (await _old(sessions)).items():
            typer.echo(f"{account_id}: past their time are {_words(count)}")
        if dry_run:
            return
        store, forgotten = create_store(settings.media), Counter[str]()
        while (done := await forget_old(sessions, store)).total():
            forgotten += done
        typer.echo(f"Content is gone of {_words(forgotten)}.")


def _words(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[kind]} {words}" for kind, words in WORDS.items())


async def _old(sessions: Sessions) -> Mapping[str, Counter[str]]:
    now = datetime.now(UTC)
    async with sessions() as session, patience(session, COUNTS_SECONDS):
        accounts = await kept.accounts(session)
        return {
            one: await kept.count_old(session, one, days, now) for one, days in accounts.items()
        }
