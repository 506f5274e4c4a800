"""Which methods an address takes: several routes may share one, and the framework names one's."""

import re
from functools import lru_cache

from fastapi import FastAPI, Request
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path


def allowed(request: Request) -> str:
    """Return the methods that a request's address takes, for the `Allow` header."""
    path = request.url.path
    found = [methods for regex, methods in _routes(request.app) if regex.match(path)]
    return ", ".join(sorted(set().union(*found)))


@lru_cache(maxsize=8)
def _routes(app: FastAPI) -> list[tuple[re.Pattern[str], frozenset[str]]]:
    return [
        (compile_path(route.path)[0], frozenset(route.methods))
        for route in iter_route_contexts(app.router.routes)
        if route.path and route.methods
    ]
