"""What programs know of the API, in short: its operations, what each asks and answers, its models.

`python -m tests.stable.api` writes it down, at a release, in `api.json`.
"""

import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from tests.api.documented import DOCUMENT

RELEASED = Path(__file__).with_name("api.json")
Short = dict[str, dict[str, Any]]


def short(document: dict[str, Any]) -> Short:
    """Return what programs rely on of an OpenAPI document. `!`: given or answered in any case."""
    operations = {
        f"{method.upper()} {path}": _operation(operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if path.startswith("/v1")
    }
    schemas = document["components"]["schemas"]
    models = {name: _model(schema) for name, schema in schemas.items() if _model(schema)}
    return {"operations": operations, "models": models}


def _operation(operation: dict[str, Any]) -> dict[str, str]:
    asked = {
        f"{one['in']} {one['name']}{'!' if one.get('required') else ''}": _shape(one["schema"])
        for one in operation.get("parameters", ())
    }
    body = operation.get("requestBody", {}).get("content", {})
    answers = {
        f"answer {status}": _content(one.get("content", {}))
        for status, one in operation["responses"].items()
        if int(status) < 400
    }
    return asked | answers | ({"body": _content(body)} if body else {})


def _content(content: dict[str, Any]) -> str:
    return ", ".join(
        f"{kind} {_shape(one['schema'])}" if "schema" in one else kind
        for kind, one in sorted(content.items())
    )


def _model(schema: dict[str, Any]) -> dict[str, str]:
    required = schema.get("required", ())
    fields = {
        f"{name}{'!' if name in required else ''}": _shape(one)
        for name, one in schema.get("properties", {}).items()
    }
    return fields | dict.fromkeys(map(str, schema.get("enum", ())), "choice")


def _shape(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[1])
    for union in ("anyOf", "oneOf", "allOf"):
        if union in schema:
            return " or ".join(sorted(map(_shape, schema[union])))
    if "items" in schema:
        return f"list of {_shape(schema['items'])}"
    return str(schema.get("format", schema.get("type", "anything")))


def breaking(before: Short, now: Short, asked: Collection[str]) -> Iterator[str]:
    """Yield what was removed, and what is asked for or answered otherwise, as `Model.field`.

    `asked`: the models that requests are made of.
    """
    for kind, joint in (("operations", " "), ("models", ".")):
        for name, old in before[kind].items():
            if name not in now[kind]:
                yield name
                continue
            for key in _of_one(old, now[kind][name], joint == " " or name in asked):
                yield f"{name}{joint}{key}"


def _of_one(old: dict[str, str], new: dict[str, str], is_asked: bool) -> Iterator[str]:
    plain = {key.removesuffix("!"): value for key, value in new.items()}
    for key, value in old.items():
        if plain.get(key.removesuffix("!")) != value:
            yield key.removesuffix("!")
    for key in new.keys() - old.keys():
        if key.endswith("!") and is_asked:
            yield key.removesuffix("!")


def added(before: Short, now: Short) -> set[str]:
    """Return the operations that are new."""
    return now["operations"].keys() - before["operations"].keys()


def named(page: str) -> set[str]:
    """Return everything that the unreleased part of the changelog names as code."""
    unreleased = page.partition("## Unreleased")[2].partition("\n## ")[0]
    return set(re.findall(r"`([^`]+)`", unreleased))


if __name__ == "__main__":
    RELEASED.write_text(json.dumps(short(DOCUMENT), indent=1, sort_keys=True) + "\n")
