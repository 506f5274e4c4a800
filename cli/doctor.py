"""`switchboard doctor`: checks an installation, and counts and repairs inconsistencies."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import OperationalError

from cli.absence import sentence_for
from cli.checks import Check, Checks, check_of_namespace
from cli.configuration import borrow_environment
from cli.session import require_ours
from database import away
from database.engine import Sessions, opened
from database.queries import catching_up, media, watches
from database.queries.catching_up import BEHIND_AFTER
from database.queries.records import unread
from database.queries.unsent_texts import count_left_alone
from database.schema import SchemaUnfit
from domain.errors import Unavailable
from media.keys import key_of
from media.opening import create_store
from media.store import MediaStore, StoreAway
from routing.reconciling import Reconciling
from runtime.configuration import load_settings
from security.secrets import Keyring
from services.backends import Backends
from services.installation import Installation
from services.operating import stuck
from services.operating.lags import providers_that_list
from services.operating.stuck import Trouble
from settings import Settings
from temporal.connection import connect_now
from temporal.conversations import ConversationClient

FILES_LOOKED_AT = 200
"""The latest files that are looked for in the media store. Ours."""

WORDS = {
    "texts_lost": "Texts handed over more than a minute ago that are in no transcript",
    "texts_unsent": "Outgoing texts that no worker has handled for more than a minute",
    "texts_hard_to_send": "Outgoing texts that were tried again and again",
    "rows_without_workflow": "Open conversations whose workflow does not run",
    "workflows_without_row": "Workflows that run without an open conversation",
    "workflows_stuck": "Workflows whose tasks keep failing or timing out",
    "files_missing": "Files that the media store has lost, or that another machine's folder holds",
    "lines_behind": "Lines whose texts were not compared with their provider's list for 35 minutes",
    "events_unread": "Events that could not be read into records and figures",
    "texts_fetched": "Texts that no webhook brought and that were fetched (ever)",
    "steps_adopted": "Steps decided twice, of which the recorded one was adopted (ever)",
    "gaps_marked": "Conversations written again to a database that had lost steps (ever)",
}
SIGNS = ("texts_lost", "texts_unsent", "texts_hard_to_send", "rows_without_workflow")
TROUBLE = (
    *(*SIGNS, "workflows_without_row", "workflows_stuck"),
    *("lines_behind", "files_missing", "events_unread"),
)
"""The findings that are 0 in normal operation. The others count what was healed."""


@dataclass(frozen=True)
class Findings:
    """The counts, by the names in `WORDS`."""

    texts_lost: int
    texts_unsent: int
    texts_hard_to_send: int
    lines_behind: int
    events_unread: int
    texts_fetched: int
    steps_adopted: int
    gaps_marked: int
    rows_without_workflow: int
    workflows_without_row: int
    workflows_stuck: int
    files_missing: int | None
    """None: the media store did not answer."""


def doctor(data: Path, *, heal: bool) -> None:
    """Count inconsistencies. Exits with 1 if there are any, with 2 if it cannot count them."""
    borrow_environment(data)
    settings = load_settings()
    try:
        checks, findings, signalled = asyncio.run(_examine(settings, heal=heal))
    except SchemaUnfit as error:
        raise _ended(str(error), heal=heal) from None
    except (Unavailable, OperationalError, *away.NOT_DONE) as error:
        raise _ended(sentence_for(error), heal=heal) from None
    _show(checks, asdict(findings))
    if heal:
        typer.echo(f"{signalled} conversations are comparing themselves with the database.")
    if findings.files_missing is None:
        typer.echo(StoreAway().detail, err=True)
        raise typer.Exit(2)
    if any(check.trouble for check in checks) or any(getattr(findings, name) for name in TROUBLE):
        raise typer.Exit(1)


def _ended(sentence: str, *, heal: bool) -> typer.Exit:
    typer.echo(f"{sentence} Not all was healed." if heal else sentence, err=True)
    return typer.Exit(2)


async def _examine(settings: Settings, *, heal: bool) -> tuple[list[Check], Findings, int]:
    keyring = Keyring.parse(settings.security.encryption_keys.get_secret_value())
    url = settings.database.url
    hashing = keyring.suppression_setting()
    async with opened(
        url, pool_size=4, name="switchboard-doctor", suppression_keys=hashing
    ) as sessions:
        conversations = ConversationClient(await connect_now(keyring.payload_cipher()))
        tied = check_of_namespace(
            conversations.client.namespace, *await require_ours(sessions, conversations)
        )
        store = create_store(settings.media)
        checking = Checks(settings, sessions.direct, conversations.client, conversations.task_queue)
        checks = [tied, *[check async for check in checking.all()]]
        findings = await _found(sessions, conversations, store)
        return checks, findings, await Reconciling(sessions, conversations).heal() if heal else 0


async def _found(
    sessions: Sessions, conversations: ConversationClient, store: MediaStore
) -> Findings:
    found = await stuck.find(Installation(), Backends(sessions, conversations))
    async with sessions() as session:
        now, listing = datetime.now(UTC), providers_that_list()
        unsent = await count_left_alone(session, now)
        behind = await catching_up.count_behind(session, listing, now - BEHIND_AFTER)
        fetched = await catching_up.count_found(session)
        aside = await unread.count(session)
    return Findings(
        **asdict(await watches.healed(sessions.direct)),
        texts_lost=found.counts[Trouble.text_lost],
        texts_unsent=unsent,
        texts_hard_to_send=found.counts[Trouble.hard_to_send],
        lines_behind=behind,
        events_unread=aside,
        texts_fetched=fetched,
        rows_without_workflow=found.counts[Trouble.no_workflow],
        workflows_without_row=found.counts[Trouble.nothing_open],
        workflows_stuck=found.counts[Trouble.failing],
        files_missing=await _files_missing(sessions, store),
    )


async def _files_missing(sessions: Sessions, store: MediaStore) -> int | None:
    """Count those of the latest files that the store lacks; None while it does not answer.

    A folder on each machine holds only what that machine stored: several machines need a bucket.
    """
    async with sessions() as session:
        latest = await media.newest_stored(session, FILES_LOOKED_AT)
    try:
        there = [await store.has(key_of(file.account_id, file.id)) for file in latest]
    except StoreAway:  # the rest is examined, and healed, without it
        return None
    return there.count(False)


def _show(checks: Sequence[Check], found: dict[str, int | None]) -> None:
    table = Table("What", "Found", box=None)
    for check in checks:
        table.add_row(check.what, check.told)
    for name, words in WORDS.items():
        table.add_row(words, "not examined" if found[name] is None else str(found[name]))
    console = Console()
    console.print(table)
    for check in checks:
        if check.trouble:
            console.print(f"{check.what}: {check.trouble}", soft_wrap=True, highlight=False)
