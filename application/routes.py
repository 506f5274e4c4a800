"""The routes that every application shares, collected once per process.

FastAPI inspects all parameters and answers again for each router that includes a route. For these
that takes half a second, so applications share them.
"""

from fastapi import APIRouter
from starlette.routing import BaseRoute

from api import codec, file_links, health, reference
from api.v1.router import router as v1
from web import site

_all = APIRouter()
for part in (health.router, v1, codec.router, file_links.router, reference.router):
    _all.include_router(part)


def shared_routes() -> list[BaseRoute]:
    """Return the routes in the order in which they are matched."""
    return [*_all.routes, *site.page_routes()]
