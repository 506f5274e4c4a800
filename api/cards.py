"""Refuses numbers of payment cards in all that is written, where an account masks them.

It is asked where callers are proven, and looks at every value of a body in JSON or of a form,
whatever the route: a new field cannot be forgotten. Routes that mask such numbers, or leave out
what has one, say so with `MASKS_ITSELF`. So do the services that read files line by line.
"""

import json
from collections.abc import Iterator
from typing import Any

from fastapi import Depends, Request

from api.body_limit import takes_file
from api.scopes import SAFE_METHODS
from database.engine import Sessions
from services.caller import Caller
from services.cards import check_no_card

SEALED = frozenset({"password", "current", "new", "secret", "credentials"})
"""Fields whose values nobody reads: they are hashed, or encrypted and never shown."""
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


async def masks_itself() -> None:
    """Do nothing: `check` reads what stands beside the route."""


MASKS_ITSELF: Any = Depends(masks_itself)


async def check(request: Request, caller: Caller, sessions: Sessions) -> None:
    """Raise `Invalid` if a request holds a card number that would be kept."""
    if request.method in SAFE_METHODS or takes_file(request.url.path):
        return
    if any(one.call is masks_itself for one in request.scope["route"].dependant.dependencies):
        return
    values = [*request.query_params.values(), *await _written(request)]
    await check_no_card(caller, sessions, *values)


async def _written(request: Request) -> list[str]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == FORM:
        form = (await request.form()).multi_items()
        return [value for name, value in form if isinstance(value, str) and name not in SEALED]
    if kind != JSON:
        return []
    try:
        return list(_words(json.loads(await request.body())))
    except (ValueError, RecursionError):
        return []  # refused when it is read


def _words(value: object) -> Iterator[str]:
    """Yield every text of a body, names of fields included, and every whole number."""
    left = [value]
    while left:
        match left.pop():
            case str() as text:
                yield text
            case bool():
                pass
            case int() as number:
                yield str(number)
            case list() as values:
                left += values
            case dict() as named:
                yield from named
                left += [one for name, one in named.items() if name not in SEALED]
