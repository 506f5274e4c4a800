"""What others hold on to: open conversations, workers and servers of the version before, programs.

`python -m tests.stable.names` writes it down, at a release, in `names.json`.
"""

import importlib
import json
import pkgutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from temporalio import activity, workflow

import activities
from domain.errors import DomainError
from tests.api.documented import DOCUMENT, OPERATIONS
from workflows.conversation.messages import CONVERSATIONS_QUEUE, bots_queue, sending_queue
from workflows.conversation.workflow import ConversationWorkflow
from workflows.endpoints.messages import endpoints_queue
from workflows.endpoints.workflow import EndpointWorkflow
from workflows.maintenance.messages import PLANS
from workflows.maintenance.workflow import MaintenanceWorkflow

RELEASED = Path(__file__).with_name("names.json")
Names = dict[str, list[str]]


def names() -> Names:
    """Return every name others use; a field as `Model.field`, `Model.field!` where it is needed."""
    schemas = DOCUMENT["components"]["schemas"]
    asked = _asked(schemas)
    found = {
        "workflow": sorted(_workflow()),
        "messages": sorted(_fields(_crossing(), needs=None)),
        "operations": sorted(" ".join(one) for one in OPERATIONS),
        "api": sorted(_fields(schemas, needs=asked)),
        "refusals": sorted(_codes(DomainError)),
    }
    return {kind: list(some) for kind, some in found.items()}


def broken(before: Mapping[str, Iterable[str]], now: Mapping[str, Iterable[str]]) -> list[str]:
    """Return what others miss, or must suddenly give."""
    found = []
    for kind, some in before.items():
        gone = {_plain(one) for one in some} - {_plain(one) for one in now[kind]}
        found += [f"{kind}: {one} is gone" for one in sorted(gone)]
        known = {_plain(one).split(".")[0] for one in some}
        needed = {one for one in now[kind] if one.endswith("!")} - set(some)
        of_known = [one for one in needed if one.split(".")[0] in known]
        found += [f"{kind}: {_plain(one)} is needed, and was not" for one in sorted(of_known)]
    return found


def _plain(name: str) -> str:
    return name.removesuffix("!")


WORKFLOWS = [
    workflow._Definition.must_from_class(kind)
    for kind in (ConversationWorkflow, EndpointWorkflow, MaintenanceWorkflow)
]


def _workflow() -> Iterable[str]:
    for one in WORKFLOWS:
        yield f"workflow {one.name}"
        yield from (f"signal {name}" for name in one.signals)
        yield from (f"update {name}" for name in one.updates)
        yield from (f"query {name}" for name in one.queries if name)
    yield from (f"activity {one.name}" for one in _activities())
    yield from (f"schedule {plan.schedule_id}" for plan in PLANS)
    queues = (sending_queue, bots_queue, endpoints_queue)
    for queue in (CONVERSATIONS_QUEUE, *(named(CONVERSATIONS_QUEUE) for named in queues)):
        yield f"queue {queue}"


def _activities() -> Iterable[activity._Definition]:
    for found in pkgutil.iter_modules(activities.__path__, "activities."):
        kinds = vars(importlib.import_module(found.name)).values()
        for kind in kinds:
            if isinstance(kind, type) and kind.__module__ == found.name:
                each = map(
                    activity._Definition.from_callable, filter(callable, vars(kind).values())
                )
                yield from filter(None, each)


def _crossing() -> dict[str, Any]:
    """Return the schemas of all that workflows are given and answer, and their activities."""
    schemas: dict[str, Any] = {}
    for kind in _types():
        schema = TypeAdapter(kind).json_schema(ref_template="{model}")
        schemas |= schema.pop("$defs", {})
        if "title" in schema:
            schemas[schema["title"]] = schema
    return schemas


def _types() -> Iterable[Any]:
    for one in WORKFLOWS:
        updates = one.updates.values()
        signals = (each.arg_types for each in one.signals.values())
        taken = (one.arg_types, *signals, *(each.arg_types for each in updates))
        yield from (kind for kinds in taken for kind in kinds or ())
        yield from filter(None, (one.ret_type, *(each.ret_type for each in updates)))
    for each in _activities():
        yield from each.arg_types or ()
        if each.ret_type:
            yield each.ret_type


def _fields(schemas: Mapping[str, Any], needs: frozenset[str] | None) -> Iterable[str]:
    """Yield fields and members. `needs`: the models whose needed fields others must give."""
    for model, schema in schemas.items():
        required = schema.get("required", []) if needs is None or model in needs else []
        for field in schema.get("properties", {}):
            yield f"{model}.{field}{'!' if field in required else ''}"
        yield from (f"{model}.{member}" for member in schema.get("enum", []))


def _asked(schemas: Mapping[str, Any]) -> frozenset[str]:
    """Return the models that requests are made of."""
    items = [one for path in DOCUMENT["paths"].values() for one in path.values()]
    waiting = _referred([one["requestBody"] for one in items if "requestBody" in one])
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting |= _referred(schemas[name])
    return frozenset(found)


def _referred(part: object) -> set[str]:
    match part:
        case {"$ref": str(where)}:
            return {where.rsplit("/", 1)[1]}
        case dict():
            return set().union(*map(_referred, part.values()))
        case list():
            return set().union(*map(_referred, part))
        case _:
            return set()


def _codes(kind: type[DomainError]) -> Iterable[str]:
    for one in kind.__subclasses__():
        yield one.code
        yield from _codes(one)


if __name__ == "__main__":
    RELEASED.write_text(json.dumps(names(), indent=1) + "\n")
