"""What a command at a terminal needs: settings, database, Temporal, and sentences for failures."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import typer
from sqlalchemy.exc import OperationalError
from temporalio.service import RPCError

from cli.absence import sentence_for
from cli.configuration import borrow_environment
from database import away
from database.engine import Sessions, opened
from database.queries.ties import Tie
from domain.errors import Unavailable
from runtime.configuration import load_settings
from security.secrets import Keyring
from services.backends import Backends
from settings import Settings
from temporal.connection import connect_now
from temporal.conversations import ConversationClient
from temporal.ownership import require_own

T = TypeVar("T")
CONNECTIONS = 4


@dataclass(frozen=True)
class Tools:
    """What a command works with."""

    settings: Settings
    sessions: Sessions
    conversations: ConversationClient

    @property
    def backends(self) -> Backends:
        """Return the servers, for services."""
        return Backends(self.sessions, self.conversations)


def run_command(
    data: Path, name: str, act: Callable[[Tools], Awaitable[T]], *, anywhere: bool = False
) -> T:
    """Run a command; exits with 2 and a sentence when the database or Temporal is away.

    Raises `ForeignNamespace` where database and namespace do not belong together, unless it may
    run `anywhere`.
    """
    borrow_environment(data)
    settings = load_settings()

    async def run() -> T:
        async with _tools(settings, name) as tools:
            if not anywhere:
                await require_ours(tools.sessions, tools.conversations)
            return await act(tools)

    try:
        return asyncio.run(run())
    except (Unavailable, OperationalError, *away.NOT_DONE) as error:
        typer.echo(sentence_for(error), err=True)
        raise typer.Exit(2) from None


async def require_ours(
    sessions: Sessions, conversations: ConversationClient
) -> tuple[Tie | None, str | None]:
    """Return how database and namespace are tied. Raises `ForeignNamespace`, `Unavailable`."""
    try:
        return await require_own(sessions.direct, conversations.client)
    # The SDK has no error of its own for a server that does not answer.
    except (RPCError, RuntimeError) as error:
        raise Unavailable from error


@asynccontextmanager
async def _tools(settings: Settings, name: str) -> AsyncIterator[Tools]:
    keyring = Keyring.parse(settings.security.encryption_keys.get_secret_value())
    url = settings.database.url
    async with opened(url, pool_size=CONNECTIONS, name=f"switchboard-{name}") as sessions:
        client = ConversationClient(await connect_now(keyring.payload_cipher()))
        yield Tools(settings, sessions, client)
