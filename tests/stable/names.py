"""What others hold on to: open conversations, workers and servers of the version before, programs.

`python -m tests.stable.names` writes it down, at a release, in `names.json`.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from temporalio.workflow import _Definition

from activities import contract
from domain.conversation.survey_inputs import Heard
from domain.errors import DomainError
from domain.policy.policy import Policy
from tests.api.documented import DOCUMENT, OPERATIONS
from workflows.conversation import messages
from workflows.conversation.workflow import ConversationWorkflow
from workflows.maintenance.messages import PLANS, MaintenanceRequest
from workflows.maintenance.workflow import MaintenanceWorkflow

RELEASED = Path(__file__).with_name("names.json")
CROSSING: tuple[Any, ...] = (
    *(messages.ConversationStart, messages.ConversationEnded, messages.CommandDone),
    *(messages.Command, messages.Signal, messages.ConsumerTexts, MaintenanceRequest),
    *(contract.Step, contract.Journalled, contract.Held, contract.RecordedState),
    *(contract.OpeningRequest, contract.Opening, contract.PolicyRequest, Policy),
    *(contract.ChoiceRequest, contract.ChoiceMade, contract.AnswerRequest, Heard),
    *(contract.TextToRecognise, contract.Recognised, contract.SendRequest, contract.Sent),
)
"""All that workflows, activities and those who signal tell each other."""

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


def _workflow() -> Iterable[str]:
    conversation = _Definition.must_from_class(ConversationWorkflow)
    for one in (conversation, _Definition.must_from_class(MaintenanceWorkflow)):
        yield f"workflow {one.name}"
    yield from (f"signal {name}" for name in conversation.signals)
    yield from (f"update {name}" for name in conversation.updates)
    yield from (f"query {name}" for name in conversation.queries if name)
    constants = vars(contract).items()
    yield from (f"activity {name}" for key, name in constants if key.isupper())
    yield from (f"schedule {plan.schedule_id}" for plan in PLANS)
    queue = messages.CONVERSATIONS_QUEUE
    yield from (f"queue {name}" for name in (queue, messages.sending_queue(queue)))


def _crossing() -> dict[str, Any]:
    schemas: dict[str, Any] = {}
    for kind in CROSSING:
        schema = TypeAdapter(kind).json_schema(ref_template="{model}")
        schemas |= schema.pop("$defs", {})
        if "title" in schema:
            schemas[schema["title"]] = schema
    return schemas


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
