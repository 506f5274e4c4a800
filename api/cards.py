"""Refuses numbers of payment cards in all that is written, where an account masks them.

It is asked where callers are proven, and looks at every value of a body in JSON or of a form,
whatever the route: a new field cannot be forgotten. Routes that mask such numbers, or leave out
what has one, say so with `MASKS_ITSELF`. So do the services that read files line by line. The key
of a request is looked at everywhere, because it is kept; ids in addresses name what is there.
"""

from collections.abc import Iterator
from typing import Any

from fastapi import Depends, Request

from api.body_limit import LARGEST_CONFIGURATION, takes_file
from api.content_types import is_json
from api.scopes import SAFE_METHODS
from database.engine import Sessions
from services.caller import Caller
from services.cards import check_no_card

SEALED = frozenset({"password", "current", "new", "again", "secret", "credentials"})
"""Fields of a body whose values nobody reads: they are hashed, or encrypted and never shown. Below
those, these are names like any other, of a brand's own fields for instance.
"""
KEY = "Idempotency-Key"


async def masks_itself() -> None:
    """Do nothing: `check` reads what stands beside the route."""


MASKS_ITSELF: Any = Depends(masks_itself)


async def check(request: Request, caller: Caller, sessions: Sessions) -> None:
    """Raise `Invalid` if a request holds a card number that would be kept."""
    if request.method in SAFE_METHODS:
        return
    values = [request.headers.get(KEY, "")]
    if not _masks_itself(request):
        values += [*request.query_params.values(), *await _written(request)]
    await check_no_card(caller, sessions, *values)


def _masks_itself(request: Request) -> bool:
    return takes_file(request.url.path) or any(
        one.call is masks_itself for one in request.scope["route"].dependant.dependencies
    )


async def _written(request: Request) -> list[str]:
    """Return the texts of a body, which is read once: the route gets what was looked at."""
    body = await request.body()
    if is_json(request):
        try:
            return list(_words(await request.json())) if body else []
        except (ValueError, RecursionError):
            return []  # refused when it is read
    form = await request.form(max_part_size=LARGEST_CONFIGURATION)
    # Where FastAPI closes the files of forms that it reads itself: the route reads them until then.
    request.scope["fastapi_middleware_astack"].push_async_callback(form.close)
    return [
        value for name, value in form.multi_items() if isinstance(value, str) and name not in SEALED
    ]


def _words(body: object) -> Iterator[str]:
    """Yield every text of a body, names of fields included, and every number without fractions."""
    left = [body]
    if isinstance(body, dict):
        yield from body
        left = [one for name, one in body.items() if name not in SEALED]
    while left:
        match left.pop():
            case str() as text:
                yield text
            case bool():
                pass
            case int() as number:
                yield str(number)
            case float() as number:
                yield f"{number:.0f}"
            case list() as values:
                left += values
            case dict() as named:
                yield from named
                left += named.values()
