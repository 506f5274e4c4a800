"""Query parameters that a route does not know are refused: a filter misspelt must not be none.

Webhooks and pages mind none: providers sign addresses with parameters of their own, and links to
pages may be followed with some. Nor do health checks and the codec, which other programs call.
"""

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.fields import FieldInfo

MOST_NAMED = 10
LONGEST_NAME = 80


def known_parameters(route: APIRoute) -> dict[str, bool]:
    """Return the query parameters a route reads by name, and whether its description has them."""
    return dict(_parameters(route.dependant))


async def refuse_unknown_parameters(request: Request) -> None:
    """Raise `RequestValidationError` that names each query parameter the route does not know."""
    if not request.query_params:
        return
    known = known_parameters(request.scope["route"])
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in known]
    if not unknown:
        return
    told = ", ".join(name for name, is_described in known.items() if is_described) or "none"
    raise RequestValidationError(
        [
            {
                "type": "extra_forbidden",
                "loc": ("query", name[:LONGEST_NAME]),
                "msg": f"This parameter is not known here. Known: {told}.",
            }
            for name in unknown[:MOST_NAMED]
        ]
    )


def _parameters(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    for field in dependant.query_params:
        yield from _names(field.alias, field.field_info)
    for part in dependant.dependencies:
        yield from _parameters(part)


def _names(alias: str, field: FieldInfo) -> Iterator[tuple[str, bool]]:
    """Return the names behind one parameter: a model's are its fields'."""
    model = field.annotation
    if isinstance(model, type) and issubclass(model, BaseModel):
        for name, part in model.model_fields.items():
            yield from _names(part.alias or name, part)
    else:
        yield alias, getattr(field, "include_in_schema", True)
