"""The page's types of what the server sends: `python -m tests.scripts.wire_types` writes them.

They are made from `web.workspace.wire` and `web.board.wire`, and a test holds the file to them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from api.schemas.board import TargetsOut
from api.schemas.bulk import BulkCount, BulkItemOut, BulkJobOut
from api.schemas.consumer_fields import ConversationPanels
from api.schemas.consumers import ConsumerInList
from api.schemas.conversations import CommandAnswer, ConversationOut, DecisionOut
from api.schemas.people import LoggedIn
from api.schemas.searching import SearchOut
from api.schemas.shared import Answer
from api.schemas.views import ViewsOut
from api.schemas.writing import DraftOut, OfferedReplies, SavedReplyOut, SignatureOut, WritingOut
from web.board.wire import BOARD_MESSAGES, BoardBoot
from web.workspace import wire

FILE = Path(__file__).parent / "types" / "wire.d.ts"
ROOTS: list[type[Answer]] = [
    wire.Boot,
    wire.Listing,
    wire.EarlierPage,
    BoardBoot,
    BulkCount,
    BulkItemOut,
    BulkJobOut,
    CommandAnswer,
    ConsumerInList,
    ConversationOut,
    ConversationPanels,
    DecisionOut,
    DraftOut,
    LoggedIn,
    OfferedReplies,
    SavedReplyOut,
    SignatureOut,
    SearchOut,
    TargetsOut,
    ViewsOut,
    WritingOut,
    *wire.MESSAGES.values(),
    *BOARD_MESSAGES.values(),
]
TABLES: Mapping[str, Mapping[str, type[Answer]]] = {
    "Messages": wire.MESSAGES,
    "BoardMessages": BOARD_MESSAGES,
}
HEAD = "// What the server sends. Written by `python -m tests.scripts.wire_types`.\n"
PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}

Schema = Mapping[str, Any]


def written() -> str:
    """Return all types as TypeScript."""
    adapters = [(root, "serialization", TypeAdapter(root)) for root in dict.fromkeys(ROOTS)]
    _, schema = TypeAdapter.json_schemas(adapters)  # type: ignore[arg-type]
    found = (_declared(name, one) for name, one in sorted(schema["$defs"].items()))
    tables = (_table(name, messages) for name, messages in TABLES.items())
    return "\n".join((HEAD, *found, *tables))


def _table(name: str, messages: Mapping[str, type[Answer]]) -> str:
    lines = (f"  {name}: {kind.__name__};" for name, kind in messages.items())
    return "\n".join((f"export interface {name} {{", *lines, "}", ""))


def _declared(name: str, schema: Schema) -> str:
    if "properties" not in schema:
        return f"export type {_plain(name)} = {_type(schema)};\n"
    fields = (f"  {field}: {_type(one)};" for field, one in schema["properties"].items())
    return "\n".join((f"export interface {_plain(name)} {{", *fields, "}", ""))


def _plain(name: str) -> str:
    return "".join(letter for letter in name if letter.isalnum())


def _type(schema: Schema) -> str:
    if reference := schema.get("$ref"):
        return _plain(reference.rpartition("/")[2])
    if several := schema.get("anyOf") or schema.get("oneOf"):
        return " | ".join(dict.fromkeys(map(_type, several)))
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    if values:
        return " | ".join(map(_literal, values))
    return _plain_type(schema)


def _plain_type(schema: Schema) -> str:
    match schema.get("type"):
        case "array":
            return f"Array<{_type(schema.get('items', {}))}>"
        case "object":
            more = schema.get("additionalProperties")
            return f"Record<string, {_type(more) if isinstance(more, dict) else 'unknown'}>"
        case "null":
            return "null"
        case str(kind):
            return PLAIN[kind]
        case _:
            return "unknown"


def _literal(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


if __name__ == "__main__":
    FILE.write_text(written())
