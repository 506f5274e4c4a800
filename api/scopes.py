"""Which scope a token needs for each operation: declared once, beside the routes.

`APIRouter(prefix="/lines", dependencies=[needs(Area.settings)])` makes GET need `settings:read` and
every other method `settings:write`. A route that is asked by POST and changes nothing says so with
a `needs` of its own; so does one whose answer holds what routes of another area guard: it needs
their scopes as well. `check` is called where callers are proven: a route that declares nothing
refuses every token with scopes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant

from domain.people.token_scopes import Area, TokenScope
from services.caller import Caller
from services.errors import ScopeMissing

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Needs:
    """What routes need of a token. `verb`: of every method, None: by the method.

    `area`: None where any token will do. `also`: of the other areas that an answer tells of.
    """

    area: Area | None
    verb: str | None = None
    also: tuple[TokenScope, ...] = ()

    async def __call__(self) -> None:
        """Do nothing: `check` reads what stands beside the route."""

    def scopes(self, method: str) -> tuple[TokenScope, ...]:
        """Return all scopes that a request of this method needs, that of its own area first."""
        if self.area is None:
            return ()
        return TokenScope.to(self.verb or _verb(method), self.area), *self.also


def _verb(method: str) -> str:
    return "read" if method in SAFE_METHODS else "write"


def needs(area: Area, verb: str | None = None, also: Iterable[TokenScope] = ()) -> Any:
    """Declare the area of a router's or a route's operations, for its `dependencies`."""
    return Depends(Needs(area, verb, tuple(also)))


ANY_TOKEN: Any = Depends(Needs(None))
"""Declares that every token will do: what it reads is only about itself."""


def declared(dependant: Dependant) -> Needs | None:
    """Return what a route needs. A route's own word counts before its router's."""
    found = [one.call for one in dependant.dependencies if isinstance(one.call, Needs)]
    return found[-1] if found else None


def check(request: Request, caller: Caller) -> None:
    """Raise `ScopeMissing` for a token that is limited to other scopes than the route needs."""
    if caller.scopes is None:
        return
    found = declared(request.scope["route"].dependant)
    if found is None:
        raise ScopeMissing(None)
    for scope in found.scopes(request.method):
        caller.require_scope(scope)
