"""What a command at a terminal needs: settings, database, Temporal, and sentences for failures."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import typer
from sqlalchemy.exc import OperationalError

from cli.absence import sentence_for
from cli.configuration import borrow_environment
from database import away
from database.engine import Sessions, opened
from domain.errors import Unavailable
from runtime.configuration import load_settings
from security.secrets import Keyring
from services.backends import Backends
from settings import Settings
from temporal.connection import connect_now
from temporal.conversations import ConversationClient

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


def run_command(data: Path, name: str, act: Callable[[Tools], Awaitable[T]]) -> T:
    """Run a command; exits with 2 and a sentence when the database or Temporal is away."""
    borrow_environment(data)
    settings = load_settings()

    async def run() -> T:
        async with _tools(settings, name) as tools:
            return await act(tools)

    try:
        return asyncio.run(run())
    except (Unavailable, OperationalError, *away.NOT_DONE) as error:
        typer.echo(sentence_for(error), err=True)
        raise typer.Exit(2) from None


@asynccontextmanager
async def _tools(settings: Settings, name: str) -> AsyncIterator[Tools]:
    keyring = Keyring.parse(settings.security.encryption_keys.get_secret_value())
    url = settings.database.url
    async with opened(url, pool_size=CONNECTIONS, name=f"switchboard-{name}") as sessions:
        client = ConversationClient(await connect_now(keyring.payload_cipher()))
        yield Tools(settings, sessions, client)
