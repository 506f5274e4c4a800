"""Every route that needs nothing of one application, put together once per process.

FastAPI reads all parameters and answers anew for each router that routes are included into, which
takes half a second for these: applications therefore share them.
"""

from fastapi import APIRouter
from starlette.routing import BaseRoute

from api import codec, health, reference
from api.v1.router import router as v1
from web import site

_all = APIRouter()
for part in (health.router, v1, codec.router, reference.router, site.router):
    _all.include_router(part)


def shared_routes() -> list[BaseRoute]:
    """Return the routes, in the order in which they are looked at."""
    return list(_all.routes)
