"""What the OpenAPI document says of all operations alike: scopes, names, and every error."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from api.problems import MEDIA_TYPE, REFERENCE
from api.scopes import declared

Document = dict[str, Any]


def completed(document: Document, routes: list[BaseRoute]) -> Document:
    """Return an OpenAPI document with what FastAPI does not know of its operations."""
    for operation, dependant, method in _operations(document, routes):
        _say_scope(operation, dependant, method)
        _say_problems(operation)
    return document


def _operations(
    document: Document, routes: list[BaseRoute]
) -> Iterator[tuple[dict[str, Any], Dependant, str]]:
    paths = document["paths"]
    for route in iter_route_contexts(routes):
        for method in sorted(route.methods or ()):
            operation = paths.get(route.path, {}).get(method.lower())
            if operation is not None and route.dependant is not None:
                yield operation, route.dependant, method


def _say_scope(operation: dict[str, Any], dependant: Dependant, method: str) -> None:
    """Name the scope of an operation, as OpenAPI 3.1 has it, and in words."""
    needed = declared(dependant)
    scope = needed.scope(method) if needed else None
    if scope is None:
        return
    operation["security"] = [
        {scheme: [scope] if scheme == "HTTPBearer" else [] for scheme in one}
        for one in operation["security"]
    ]
    operation["description"] = f"{operation.get('description', '')}\n\nScope: `{scope}`."


def _say_problems(operation: dict[str, Any]) -> None:
    """Name the media type of errors, which FastAPI takes for the route's."""
    for status, response in operation.get("responses", {}).items():
        if int(status) < HTTPStatus.BAD_REQUEST:
            continue
        described = list(response.get("content", {}).values())
        if {"schema": {"$ref": REFERENCE}} in described:
            response["content"] = {MEDIA_TYPE: {"schema": {"$ref": REFERENCE}}}
