"""Unknown and repeated query parameters are refused: a misspelt filter would filter nothing.

Webhooks and pages accept any: providers sign addresses with parameters of their own, and links to
pages may carry some. So do health checks and the codec endpoint, which other programs call.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args, get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.fields import FieldInfo

MOST_NAMED = 10
LONGEST_NAME = 80


@dataclass(frozen=True)
class KnownParameter:
    """A query parameter of a route: whether the reference shows it, and whether it may repeat."""

    is_described: bool
    is_list: bool


def known_parameters(route: APIRoute) -> dict[str, KnownParameter]:
    """Return the query parameters a route reads, by name."""
    return dict(_parameters(route.dependant))


async def refuse_unknown_parameters(request: Request) -> None:
    """Raise `RequestValidationError`, which names each unknown or repeated parameter."""
    if not request.query_params:
        return
    known = known_parameters(request.scope["route"])
    known_names = ", ".join(name for name, one in known.items() if one.is_described) or "none"
    sent = request.query_params
    refused = [
        _error(name, "extra_forbidden", f"Unknown parameter. Known ones: {known_names}.")
        for name in sent
        if name not in known
    ] + [
        _error(name, "too_long", "Give this parameter once.")
        for name in sent
        if name in known and not known[name].is_list and len(sent.getlist(name)) > 1
    ]
    if refused:
        raise RequestValidationError(refused[:MOST_NAMED])


def _error(name: str, kind: str, message: str) -> dict[str, object]:
    return {"type": kind, "loc": ("query", name[:LONGEST_NAME]), "msg": message}


def _parameters(dependant: Dependant) -> Iterator[tuple[str, KnownParameter]]:
    for field in dependant.query_params:
        yield from _names(field.alias, field.field_info)
    for part in dependant.dependencies:
        yield from _parameters(part)


def _names(alias: str, field: FieldInfo) -> Iterator[tuple[str, KnownParameter]]:
    """Return the names behind one parameter: a model's are its fields'."""
    model = field.annotation
    if isinstance(model, type) and issubclass(model, BaseModel):
        for name, part in model.model_fields.items():
            yield from _names(part.alias or name, part)
    else:
        is_list = any(get_origin(one) is list for one in (model, *get_args(model)))
        yield alias, KnownParameter(getattr(field, "include_in_schema", True), is_list)
