"""Examples in the OpenAPI document: made of one value for each field, so that they fit together.

A model with an example of its own keeps it. A field's value is looked up under `Model.field`, then
under `field`; a number, a switch, a moment or a choice without one gets a usual value. A text has
to be named here: `missing` says which are not, and a test asks.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from api.example_values import VALUES

Schemas = dict[str, Any]

UUID = "0b6f0c9e-4c1d-4d6f-9a53-2f7c1f0a8e11"
MOMENT = "2026-11-26T10:15:00Z"
USUAL: Mapping[str, Any] = {
    "date-time": MOMENT,
    "uuid": UUID,
    "date": "2026-12-24",
    "time": "09:00:00",
    "duration": "PT1H",
    "integer": 1,
    "number": 1.0,
    "boolean": False,
    "object": {},
}
DEEPEST = 8
"""How deep models stand in models. Ours: far more than there are."""


def add_examples(schemas: Schemas) -> None:
    """Give every model an example that has none."""
    for name, schema in schemas.items():
        if "properties" in schema and "examples" not in schema:
            schema["examples"] = [_made(schemas, name, 0)]


def missing(schemas: Schemas) -> Iterator[str]:
    """Yield the fields that need a value here, as `Model.field`."""
    for name, schema in schemas.items():
        if "properties" not in schema or schema["examples"] != [_made(schemas, name, 0)]:
            continue
        for field, part in schema["properties"].items():
            if _is_text(part) and not _is_named(name, field):
                yield f"{name}.{field}"


def _of_model(schemas: Schemas, name: str, depth: int) -> Any:
    schema = schemas[name]
    if "examples" in schema:
        return schema["examples"][0]
    if "properties" not in schema or depth > DEEPEST:
        return _of_part(schemas, name, schema, depth)
    return _made(schemas, name, depth)


def _made(schemas: Schemas, name: str, depth: int) -> Any:
    return {
        field: _of_field(schemas, name, field, part, depth)
        for field, part in schemas[name]["properties"].items()
    }


def _of_field(schemas: Schemas, model: str, field: str, part: Schemas, depth: int) -> Any:
    for key in (f"{model}.{field}", field):
        if key in VALUES:
            return VALUES[key]
    return _of_part(schemas, field, part, depth)


def _of_part(schemas: Schemas, field: str, part: Schemas, depth: int) -> Any:
    chosen = _choices(part)[0]
    if "$ref" in chosen:
        return _of_model(schemas, chosen["$ref"].rsplit("/", 1)[1], depth + 1)
    if chosen.get("type") == "array":
        return [_of_part(schemas, field, chosen["items"], depth + 1)]
    if "enum" in chosen or "const" in chosen:
        return chosen.get("const", chosen.get("enum", [None])[0])
    if "default" in chosen:
        return chosen["default"]
    return USUAL.get(_kind(chosen), field.replace("_", " ").capitalize())


def _choices(part: Schemas) -> list[Schemas]:
    """Return what a value may be, what says something before null."""
    every = part.get("anyOf") or part.get("oneOf") or part.get("allOf") or [part]
    return [one for one in every if one.get("type") != "null"] or every


def _kind(part: Schemas) -> str:
    if "enum" in part or "const" in part or "$ref" in part:
        return "choice"
    return str(part.get("format", part.get("type", "object")))


def _is_text(part: Schemas) -> bool:
    """Say whether a field holds texts that are not of a known form."""
    first = _choices(part)[0]
    return _is_text(first["items"]) if "items" in first else _kind(first) == "string"


def _is_named(model: str, field: str) -> bool:
    return f"{model}.{field}" in VALUES or field in VALUES
