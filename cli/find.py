"""`switchboard find NUMBER`: lists a number's conversations, with links to their workflows."""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from cli.absence import sentence_for
from cli.configuration import borrow_environment
from database.engine import opened
from database.tables import Consumer, Conversation
from domain.errors import NumberInvalid
from domain.numbers.phone_numbers import key_of
from runtime.configuration import load_settings
from settings import Settings
from temporal.links import workflow_link

FOUND_AT_MOST = 50


@dataclass(frozen=True)
class FoundConversation:
    """A conversation of the number: ids, status and workflow."""

    conversation_id: str
    account_id: str
    line_id: str
    status: str
    opened_at: str
    workflow_id: str


def find(
    number: Annotated[
        str, typer.Argument(help="A number such as +15550123, a short code or a name.")
    ],
    data: Annotated[Path, typer.Option(help="Folder of `switchboard up`.")] = Path(".data"),
) -> None:
    """List a number's conversations with their workflow ids and links to the Temporal UI."""
    borrow_environment(data)
    settings = load_settings()
    try:
        found = asyncio.run(_conversations(settings, key_of(number)))
    except NumberInvalid as error:
        raise _refused(error.detail) from None
    except OperationalError as error:
        raise _refused(sentence_for(error, "The database")) from None
    if not found:
        typer.echo("This number has no conversation.")
        return
    _show(found, settings.temporal.temporal_ui_url)


async def _conversations(settings: Settings, phone: str) -> list[FoundConversation]:
    query = (
        select(Conversation)
        .join(Consumer, Consumer.id == Conversation.consumer_id)
        .where(Consumer.phone == phone)
        .order_by(Conversation.opened_at.desc())
        .limit(FOUND_AT_MOST + 1)
    )
    url = settings.database.url
    async with opened(url, pool_size=2, name="switchboard-find") as sessions, sessions() as session:
        return [_found(row) for row in await session.scalars(query)]


def _found(row: Conversation) -> FoundConversation:
    return FoundConversation(
        conversation_id=str(row.id),
        account_id=row.account_id,
        line_id=row.line_id,
        status=row.status,
        opened_at=f"{row.opened_at:%Y-%m-%d %H:%M:%S}",
        workflow_id=row.workflow_id,
    )


def _show(found: list[FoundConversation], ui: str) -> None:
    table = Table("Opened (UTC)", "Line", "Status", box=None)
    # Ids are copied into other commands, so they are never cut, even in a narrow terminal.
    table.add_column("Conversation", no_wrap=True, min_width=36)
    shown = found[:FOUND_AT_MOST]
    for one in shown:
        table.add_row(one.opened_at, one.line_id, one.status, one.conversation_id)
    console = Console()
    namespace = os.environ.get("TEMPORAL_NAMESPACE", "default")
    console.print(table)
    if len(found) > len(shown):
        console.print(f"The newest {len(shown)} are shown; there are more.")
    for workflow in dict.fromkeys(one.workflow_id for one in shown):
        link = workflow_link(ui, namespace, workflow)
        console.print(f"\n{workflow}\n{link}", soft_wrap=True, highlight=False)


def _refused(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(2)
