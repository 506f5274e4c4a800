"""The routes that every application shares, collected once per process.

FastAPI inspects all parameters and answers again for each router that includes a route, and keeps
nothing of it when that router is included itself. For these that takes seconds: no router includes
them all, and applications share them.
"""

from starlette.routing import BaseRoute

from api import codec, export_links, file_links, health, reference
from api.v1.router import router as v1
from web import site

_ROUTERS = (
    health.router,
    v1,
    codec.router,
    file_links.router,
    export_links.router,
    reference.router,
)


def shared_routes() -> list[BaseRoute]:
    """Return the routes in the order in which they are matched."""
    return [*(route for router in _ROUTERS for route in router.routes), *site.page_routes()]
