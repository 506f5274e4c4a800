"""What the API's own document says of its operations, and the examples it gives."""

import fcntl
import json
import os
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from uuid import uuid4

from application.server import create_app
from settings import DatabaseSettings, Environment, SecuritySettings, Settings
from tests.fixtures.brand import ENCRYPTION_KEYS

Operation = tuple[str, str]

NUMBERED = ("message_id", "timer_id", "survey_id", "event_id")
"""Ids that are numbers."""
WORDS = {"move": "cancel", "what": "results", "surface": "note"}
"""Parts of addresses that are words, and no ids."""


def document() -> dict[str, Any]:
    settings = Settings(
        environment=Environment.development,
        database=DatabaseSettings.model_validate({"database_url": "postgresql://nowhere/x"}),
        security=SecuritySettings.model_validate({"encryption_keys": ENCRYPTION_KEYS}),
    )
    return create_app(settings).openapi()


def of_this_run() -> dict[str, Any]:
    """Return the document; the processes of one run make it once, as that takes seconds."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run is None:
        return document()
    path = Path(gettempdir()) / f"switchboard-api-{os.getuid()}.json"
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        written = file.read()
        if written.startswith(f"{run}\n"):
            return dict(json.loads(written.partition("\n")[2]))
        made = document()
        file.truncate(0)
        file.write(f"{run}\n{json.dumps(made)}")
        return made


DOCUMENT = of_this_run()
OPERATIONS: list[Operation] = [
    (method.upper(), path) for path, item in DOCUMENT["paths"].items() for method in item
]


def takes_json(method: str, path: str) -> bool:
    """Say whether an operation takes a body in JSON, not bytes of a picture or none."""
    body = DOCUMENT["paths"][path][method.lower()].get("requestBody")
    return body is not None and "application/json" in body["content"]


def example(method: str, path: str) -> Any:
    """Return the documented example of an operation's body, None when it takes none."""
    if not takes_json(method, path):
        return None
    operation = DOCUMENT["paths"][path][method.lower()]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    name = schema["$ref"].rsplit("/", 1)[1]
    return DOCUMENT["components"]["schemas"][name]["examples"][0]


def address(path: str) -> str:
    """Return an address of something that is not there."""
    ids = {name: str(uuid4()) for name in ("conversation_id", "consumer_id", "file_id", "call_id")}
    ids |= WORDS
    ids |= dict.fromkeys(NUMBERED, "1")
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", value)
    return path.replace("{", "").replace("}", "").replace("_", "-")
