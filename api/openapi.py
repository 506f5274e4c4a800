"""What the OpenAPI document says of all operations alike: names, scopes, errors, examples."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.encoders import jsonable_encoder
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from api.examples import add_examples
from api.problems import COMMON, MEDIA_TYPE, OF_BODIES, REFERENCE, Problem, example_of
from api.scopes import declared
from domain.errors import DomainError

Document = dict[str, Any]
Operation = dict[str, Any]

DESCRIBED = re.compile(r"`(\w+)`: (.+?)(?:; (?=`\w+`: )|$)")
"""An error in the description of an answer: its code, and what it says."""
STREAM = "text/event-stream"
LIMITS = {
    "RateLimit-Policy": "How many requests a caller has in how many seconds.",
    "RateLimit": "How many are left (r), and for how many seconds (t).",
}


def completed(document: Document, routes: list[BaseRoute]) -> Document:
    """Return an OpenAPI document with what FastAPI does not know of its operations."""
    for path, method, name, dependant in _routes(routes):
        operation = document["paths"].get(path, {}).get(method.lower())
        if operation is None:
            continue
        operation["operationId"] = name
        operation["summary"] = name.replace("_", " ").capitalize()
        _say_scope(operation, dependant, method)
        if path.startswith("/v1"):
            _say_errors(operation)
            _say_limits(operation)
        _say_media_type(operation)
        _say_items(operation)
    document["components"]["headers"] = {
        name: {"description": says, "schema": {"type": "string"}} for name, says in LIMITS.items()
    }
    document["components"]["schemas"] = _with_problem(document["components"]["schemas"])
    add_examples(document["components"]["schemas"])
    document["components"]["examples"] = dict(sorted(_problems(document).items()))
    return document


def _with_problem(schemas: dict[str, Any]) -> dict[str, Any]:
    """Return the schemas with that of errors, which FastAPI knows by its address only."""
    address = REFERENCE.removesuffix(Problem.__name__) + "{model}"
    generated = Problem.model_json_schema(ref_template=address, mode="serialization")
    problem = jsonable_encoder(generated, exclude_none=True)
    return dict(sorted({**schemas, **problem.pop("$defs"), Problem.__name__: problem}.items()))


def _problems(document: Document) -> dict[str, Any]:
    """Give each error of each operation its example; return all of them, by their codes."""
    found = {}
    for path in document["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                content = response.get("content", {}).get(MEDIA_TYPE)
                if content is None:
                    continue
                errors = dict(DESCRIBED.findall(response["description"]))
                content["examples"] = {
                    code: {"$ref": f"#/components/examples/{code}"} for code in errors
                }
                for code, says in errors.items():
                    found[code] = {"value": example_of(code, int(status), says)}
    return found


def _routes(routes: list[BaseRoute]) -> Iterator[tuple[str, str, str, Dependant]]:
    for route in iter_route_contexts(routes):
        dependant = getattr(route, "dependant", None)  # files of pages have none
        if route.path and route.name and isinstance(dependant, Dependant):
            for method in route.methods or ():
                yield route.path, method, route.name, dependant


def _say_scope(operation: Operation, dependant: Dependant, method: str) -> None:
    """Name the scopes of an operation, as OpenAPI 3.1 has them, and in words."""
    needed = declared(dependant)
    scopes = [str(one) for one in needed.scopes(method)] if needed else []
    if not scopes:
        return
    operation["security"] = [
        {scheme: scopes if scheme == "HTTPBearer" else [] for scheme in one}
        for one in operation["security"]
    ]
    named = ", ".join(f"`{one}`" for one in scopes)
    said = f"Scope: {named}." if len(scopes) == 1 else f"Scopes, all of them: {named}."
    operation["description"] = f"{operation.get('description', '')}\n\n{said}"


def _say_errors(operation: Operation) -> None:
    """Name every error an operation may answer with: a route's own replace the common ones."""
    is_json = "application/json" in operation.get("requestBody", {}).get("content", {})
    for error in (*COMMON, *(OF_BODIES if is_json else ())):
        _add(operation["responses"], error)


def _add(responses: dict[str, Any], error: type[DomainError]) -> None:
    schema = {"schema": {"$ref": REFERENCE}}
    empty = {"description": "", "content": {MEDIA_TYPE: schema}}
    response = responses.setdefault(str(error.status), empty)
    if f"`{error.code}`" not in response["description"]:
        said = f"`{error.code}`: {error.sentence}"
        response["description"] = "; ".join(filter(None, (response["description"], said)))


def _say_limits(operation: Operation) -> None:
    headers: dict[str, Any] = {name: {"$ref": f"#/components/headers/{name}"} for name in LIMITS}
    for status, response in operation["responses"].items():
        if int(status) < HTTPStatus.BAD_REQUEST:
            response["headers"] = headers
    waits = {"description": "Seconds.", "schema": {"type": "integer"}}
    operation["responses"]["429"]["headers"] = headers | {"Retry-After": waits}


def _say_items(operation: Operation) -> None:
    """Describe a stream by its messages, as OpenAPI 3.2 has it: FastAPI takes it for one string."""
    for response in operation["responses"].values():
        if content := response.get("content", {}).get(STREAM):
            content.pop("schema", None)
            content["itemSchema"] = {
                "type": "object",
                "properties": {
                    "event": {"type": "string"},
                    "id": {"type": "string"},
                    "data": {"type": "string", "contentMediaType": "application/json"},
                    "retry": {"type": "integer", "minimum": 0},
                },
            }


def _say_media_type(operation: Operation) -> None:
    """Name the media type of errors, which FastAPI takes for the route's."""
    for status, response in operation.get("responses", {}).items():
        if int(status) < HTTPStatus.BAD_REQUEST:
            continue
        described = list(response.get("content", {}).values())
        if {"schema": {"$ref": REFERENCE}} in described:
            response["content"] = {MEDIA_TYPE: {"schema": {"$ref": REFERENCE}}}
