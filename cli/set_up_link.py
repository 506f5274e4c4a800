"""`switchboard set-up-link`: prints an address where somebody sets up a brand of their own."""

import asyncio

import typer

from database.engine import opened
from runtime.configuration import load_settings
from services import set_up_links
from services.installation import Installation


def set_up_link() -> None:
    """Print an address where one brand and its first admin are set up, within three days."""
    settings = load_settings()
    database, web = settings.database.url, settings.web
    typer.echo(asyncio.run(new_link(database, str(web.public_base_url))))


async def new_link(database_url: str, public_url: str) -> str:
    """Return a link that serves once. `public_url`: of our pages."""
    async with (
        opened(database_url, pool_size=2, name="switchboard-set-up-link") as sessions,
        sessions.begin() as session,
    ):
        token = await set_up_links.make(Installation(), session)
    return f"{public_url.rstrip('/')}/start?key={token}"
