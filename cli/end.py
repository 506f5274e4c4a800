"""`switchboard end CONVERSATION`: ends a conversation as an operator, without a survey."""

import asyncio
from pathlib import Path
from uuid import UUID

import typer
from sqlalchemy.exc import OperationalError

from cli.absence import sentence_for
from cli.configuration import borrow_environment
from cli.session import require_ours
from database import away
from database.engine import opened
from database.queries.system_close import close_by_system
from database.queries.watches import is_open, thread_of
from domain.errors import NotFound, Unavailable
from runtime.configuration import load_settings
from security.secrets import Keyring
from settings import Settings
from temporal.connection import connect_now
from temporal.conversations import ConversationClient, WorkflowGone

CLOSED = "The conversation was already closed."


def end(conversation: UUID, data: Path, *, now: bool) -> None:
    """End a conversation through its workflow or, with `now`, without a workflow that hangs."""
    borrow_environment(data)
    settings = load_settings()
    try:
        done = asyncio.run(_ended(settings, conversation, now=now))
    except (Unavailable, OperationalError, *away.NOT_DONE) as error:
        typer.echo(f"{sentence_for(error)} The conversation was not ended.", err=True)
        raise typer.Exit(2) from None
    except NotFound as error:
        typer.echo(error.detail, err=True)
        raise typer.Exit(2) from None
    typer.echo(done)


async def _ended(settings: Settings, conversation: UUID, *, now: bool) -> str:
    keyring = Keyring.parse(settings.security.encryption_keys.get_secret_value())
    url = settings.database.url
    async with opened(url, pool_size=2, name="switchboard-end") as sessions:
        thread = await thread_of(sessions.direct, conversation)
        if thread is None:
            raise NotFound("There is no such conversation.")
        # The workflow of a closed conversation may be running the same consumer's next one.
        if not await is_open(sessions.direct, conversation):
            return CLOSED
        conversations = ConversationClient(await connect_now(keyring.payload_cipher()))
        await require_ours(sessions, conversations)
        if now:
            await conversations.terminate(thread.workflow_id)
            closed = await close_by_system(sessions, conversation)
            return "Ended." if closed else CLOSED
        try:
            await conversations.end(thread.workflow_id, str(conversation))
        except WorkflowGone:
            raise NotFound("Its workflow does not run. End it with --now.") from None
        return "The conversation is being ended."
